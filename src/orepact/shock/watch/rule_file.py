"""Reading a file of watch rules: one laid over the other, every problem at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from orepact.facts.typed_yaml import read_model

if TYPE_CHECKING:
    from orepact.shock.watch.rules import WatchRules


def load_rules(shipped: Path, over: Path | None = None) -> WatchRules:
    """The rules of ``shipped`` with those of ``over`` laid over them key by key; lists are replaced whole.

    Raises ``BadInput`` with every problem of the file.
    """
    from orepact.shock.watch.rules import WatchRules

    return read_model(shipped, WatchRules, over)
