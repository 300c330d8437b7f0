"""How the database stands, for who operates it: how long the log is, what waits in line and for how long. Whole numbers of all
that is there, closed or open: never told to readers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Column, ColumnElement, Connection, func, select

from orepact.store import queue
from orepact.store.chain import read_head
from orepact.store.notices_out import outbox
from orepact.store.work import job


@dataclass(frozen=True, slots=True)
class Waiting:
    """``number`` of things in a line, and for how long the first of them waits, in seconds (0 when nothing does)."""

    number: int = 0
    oldest_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """``entries`` of the audit log, the moment of the last ("" for none); ``runs`` by state; those that no worker has taken; the
    messages of webhooks that did not arrive yet, since the change that each tells of.
    """

    entries: int
    last_at: str
    runs: dict[str, int] = field(default_factory=dict)
    untaken: Waiting = Waiting()
    messages: Waiting = Waiting()


def standing_of(connection: Connection) -> Standing:
    """How it stands now, by the clock of the database."""
    head = read_head(connection)
    runs = dict.fromkeys(queue.STATES, 0)
    for state, number in connection.execute(select(job.c.state, func.count()).group_by(job.c.state)):
        runs[state] = number
    now = queue.clock_of(connection)
    untaken = _waiting(connection, now, job.c.created_at, job.c.state == queue.QUEUED)
    return Standing(head.seq, head.at, runs, untaken, _waiting(connection, now, outbox.c.at))


def _waiting(connection: Connection, now: datetime, since: Column[str], *which: ColumnElement[bool]) -> Waiting:
    number, first = connection.execute(select(func.count(), func.min(since)).where(*which)).one()
    return Waiting(number, max((now - datetime.fromisoformat(first)).total_seconds(), 0.0) if first else 0.0)
