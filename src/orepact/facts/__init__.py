"""Facts: claims with their sources, the code lists they speak in, and the ledger that answers from them.

Names are imported on first use, so that ``import orepact.facts`` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orepact.facts.codes import Codes as Codes

_HOMES = {
    "Codes": "codes",
}

__all__ = ["Codes"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
