"""The audit log: one entry for each change, each holding the hash of the one before, so that none can be altered or left out
without all that follow.

An entry says who did what to which record and when, and a *salted* hash of what was written. The salt stands beside the content,
not in the log: whoever sees the log alone cannot guess a short text from its hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert, select, update

from orepact.errors import ChainBroken
from orepact.store.canonical import canonical, digest
from orepact.store.tables import audit, audit_head

if TYPE_CHECKING:
    from orepact.store.engine import Database

#: What the first entry names as the one before it.
NOTHING = "0" * 64
#: What is said where the row is gone that every change moves on.
NO_HEAD = "the end: where the log ends is not noted any more (the row of audit_head is gone): restore a backup"
_HEAD = select(audit_head.c.seq, audit_head.c.hash, audit_head.c.at)


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log ends: the number of its entries, the hash of the last and its moment."""

    seq: int = 0
    hash: str = NOTHING
    at: str = ""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change: ``action`` is ``add`` or ``change``, ``at`` a moment in UTC."""

    seq: int
    at: str
    actor: str
    action: str
    kind: str
    id: str
    version: int
    content_hash: str
    previous: str
    hash: str

    def computed(self) -> str:
        """The hash that this entry must have."""
        return entry_hash(
            self.previous, self.seq, self.at, self.actor, self.action, self.kind, self.id, self.version, self.content_hash
        )


def entry_hash(*values: str | int) -> str:
    """The hash of an entry: of its values in the order of ``AuditEntry``, the one before first."""
    return digest(canonical(values))


def content_hash(salt: str, *values: str | int) -> str:
    """The hash of a revision as its entry keeps it: of its kind, id, version, reason and content."""
    return digest(canonical([salt, *values]))


def noted_head(connection: Connection) -> Head | None:
    """Where the log is noted to end; None when that is not noted, or more than once."""
    rows = connection.execute(_HEAD).all()
    return Head(*rows[0]) if len(rows) == 1 else None


def read_head(connection: Connection) -> Head:
    """Where the log ends; raises ``ChainBroken`` when that is not noted."""
    return _the_one(noted_head(connection))


def locked_head(connection: Connection, database: Database) -> Head:
    """Where the log ends, held until the transaction does: writers go one after the other."""
    # SQLite has locked all of the file by now
    rows = connection.execute(_HEAD if database.sqlite else _HEAD.with_for_update()).all()
    return _the_one(Head(*rows[0]) if len(rows) == 1 else None)


def _the_one(head: Head | None) -> Head:
    if head is None:
        raise ChainBroken([NO_HEAD])
    return head


def append(connection: Connection, head: Head, changes: list[dict[str, Any]]) -> Head:
    """Add an entry for each change (keys of ``revision``, and ``action``) and move the head; each change gains its ``seq``."""
    entries = []
    for change in changes:
        entry = _entry(head, change)
        entries.append(entry)
        change["seq"] = entry["seq"]
        head = Head(entry["seq"], entry["hash"], entry["at"])
    connection.execute(insert(audit), entries)
    connection.execute(update(audit_head), {"seq": head.seq, "hash": head.hash, "at": head.at})
    return head


def _entry(head: Head, change: dict[str, Any]) -> dict[str, Any]:
    told = {name: change[name] for name in ("at", "actor", "action", "kind", "id", "version")}
    written = content_hash(*(change[name] for name in ("salt", "kind", "id", "version", "reason", "content")))
    seq = head.seq + 1
    own = entry_hash(head.hash, seq, *told.values(), written)
    return {"seq": seq, **told, "content_hash": written, "previous": head.hash, "hash": own}
