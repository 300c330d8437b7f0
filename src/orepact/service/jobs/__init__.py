"""Long work, asked for now and done by a worker: runs wait in the database of the register, and what they find is kept there."""

from __future__ import annotations

from orepact._lazy import lazy

_HOME = {
    "Times": "worker",
    "Worker": "worker",
    "assessments_under_way": "runs",
    "cancel_run": "runs",
    "find_run": "finding",
    "follow_run": "runs",
    "list_asked": "runs",
    "list_run_kinds": "runs",
    "list_runs": "runs",
    "run_table": "runs",
    "show_run": "runs",
    "submit_assessment": "runs",
    "submit_run": "runs",
}

__all__ = [*sorted(_HOME)]  # noqa: PLE0604  the names of the table above

__getattr__ = lazy(__name__, _HOME)
