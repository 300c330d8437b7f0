"""What ``--network`` rules out: options about the facts, which a package does not use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from orepact.errors import BadInput, Problem


def refuse_facts_options(network: Path | None, **given: Any) -> None:
    """Refuse options that only make sense with the facts when a package is asked about, all of them at once.

    ``given``: by name of the option; what is None, False or empty was not given. Raises ``BadInput``.
    """
    if network is None:
        return
    asked = [f"--{name.replace('_', '-')}" for name, value in given.items() if value not in (None, False, ())]
    expected = "with --network, what stands in the package"
    found = "an option about the shipped facts, which a package does not use"
    if asked:
        raise BadInput([Problem(name, expected, found, "leave it out") for name in asked])
