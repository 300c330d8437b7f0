"""``repeat``: changes that were asked for with a key of their own, so that the same asked again changes nothing.

The row is written in the transaction of the change: there is no moment in which the one is kept without the other. What was
answered is added afterwards; when that was lost, the versions that were written are still known.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Column, Connection, Index, Integer, Table, delete, insert, select, update

from orepact.errors import Conflict
from orepact.store.canonical import instant
from orepact.store.columns import TEXT, metadata

if TYPE_CHECKING:
    from orepact.store.store import Store
    from orepact.store.writing import Beside, Unit

#: So long a key is remembered.
LASTS = timedelta(hours=24)

repeat = Table(
    "repeat",
    metadata,
    Column("account", TEXT, primary_key=True),
    Column("key", TEXT, primary_key=True),
    Column("request", TEXT, nullable=False),
    Column("status", Integer, nullable=False),
    Column("answer", TEXT, nullable=False),
    Column("versions", TEXT, nullable=False),
    Column("at", TEXT, nullable=False),
    Index("repeat_by_time", "at"),
)
#: What begins anew in a restored register.
PASSING = (repeat,)


@dataclass(frozen=True, slots=True)
class Told:
    """A change that was kept: the hash of its request, what was answered (status 0 when that was lost), what it wrote."""

    request: str
    status: int
    answer: str
    versions: tuple[tuple[str, str, int], ...]


def told(store: Store, account: str, key: str) -> Told | None:
    """What an account was told for a key within the time for which keys are remembered."""
    since = instant(store.clock() - LASTS)
    query = select(repeat).where(repeat.c.account == account, repeat.c.key == key, repeat.c.at > since)
    with store.database.reading() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return Told(
        row.request, row.status, row.answer, tuple((kind, name, version) for kind, name, version in json.loads(row.versions))
    )


def noting(account: str, key: str, request: str, now: datetime) -> Beside:
    """What writes down, in one with a change, for which key it was; it raises ``Conflict`` when the key was used meanwhile."""

    def note(connection: Connection, unit: Unit) -> None:
        connection.execute(delete(repeat).where(repeat.c.at <= instant(now - LASTS)))
        mine = (repeat.c.account == account) & (repeat.c.key == key)
        if connection.execute(select(repeat.c.at).where(mine)).first() is not None:
            raise Conflict(["this Idempotency-Key: a change with it is under way, or is done; ask again"])
        versions = [(kind, name, version) for (kind, name), version in sorted(unit.versions.items())]
        own = {"account": account, "key": key, "request": request, "status": 0, "answer": "", "at": instant(now)}
        connection.execute(insert(repeat), {**own, "versions": json.dumps(versions)})

    return note


def claimed(store: Store, account: str, key: str, request: str) -> bool:
    """Write down that something is about to be done for a key; False where it was before. For what changes no record, and is told
    once: who sends it again does it no second time, even if the first was cut off.
    """
    now = store.clock()
    with store.database.writing() as connection:
        connection.execute(delete(repeat).where(repeat.c.at <= instant(now - LASTS)))
        mine = (repeat.c.account == account) & (repeat.c.key == key)
        if connection.execute(select(repeat.c.at).where(mine)).first() is not None:
            return False
        own = {"account": account, "key": key, "request": request, "status": 0, "answer": "", "at": instant(now)}
        connection.execute(insert(repeat), {**own, "versions": "[]"})
    return True


def answered(store: Store, account: str, key: str, status: int, answer: str) -> None:
    """Add what was answered."""
    with store.database.writing() as connection:
        mine = (repeat.c.account == account) & (repeat.c.key == key)
        connection.execute(update(repeat).where(mine).values(status=status, answer=answer))
