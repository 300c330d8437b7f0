"""The shock engine: what breaks, for how long stocks last, what each response loses, and what help is worth.

Names are imported when they are first used: ``shock.case_of(flows)`` is the usual week of a year.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "CaseRules": "case.rules",
    "ShockCase": "case.case",
    "case_of": "case.building",
}

__all__ = [*sorted(_HOME)]  # noqa: PLE0604  the names of the table above


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
