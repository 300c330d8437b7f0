"""Use cases of the shock engine: one function each, explicit arguments in, a ``Result`` out.

Names are imported when they are first used: ``service.shock.respond_to(...)``.
"""

from __future__ import annotations

from orepact._lazy import lazy, listing

_HOME = {
    "Question": "question",
    "case_for": "cases",
    "case_of_package": "cases",
    "check_event": "events",
    "disruption_for": "events",
    "demand_exposure_target": "exposure_files",
    "ensemble": "ensembling",
    "exposure": "exposing",
    "list_events": "events",
    "show_event": "events",
    "respond_to": "responding",
    "watch": "watching",
    "write_exposure": "exposure_files",
}

__all__ = [*sorted(_HOME)]  # noqa: PLE0604  the names of the table above

__getattr__ = lazy(__name__, _HOME)
__dir__ = listing(__all__)
