"""The register in a database: SQLite by default, PostgreSQL by address.

Nothing is deleted and nothing overwritten: a change is a new revision, and every change is an entry of an audit log that can be
checked (``Store.verify``). What was acknowledged is on the disk.
"""

from __future__ import annotations

from orepact._lazy import lazy

_HOME = {
    "Change": "store",
    "Count": "listing",
    "Filter": "listing",
    "Head": "chain",
    "Line": "listing",
    "Page": "listing",
    "Store": "store",
    "Unit": "writing",
    "Verified": "verifying",
    "open_store": "store",
    "restore_store": "store",
    "upgrade_store": "store",
}

__all__ = [*sorted(_HOME)]  # noqa: PLE0604  the names of the table above

__getattr__ = lazy(__name__, _HOME)
