"""The shock engine: what breaks, for how long stocks last, what each response loses, and what help is worth.

Names are imported when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "ShockCase": "case.case",
    "CaseRules": "case.rules",
    "case_of": "case.building",
    "Event": "events.event",
    "Disruption": "events.disruption",
    "Outcome": "response.outcome",
    "Aggregate": "exposure.aggregate",
    "expose": "exposure.exposing",
    "read_recovery": "exposure.recovery_file",
    "respond": "response.responding",
    "aid_options": "response.aid",
    "value_of_cooperation": "response.compare",
}

__all__ = [*sorted(_HOME)]  # noqa: PLE0604  the names of the table above


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
