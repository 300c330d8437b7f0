"""When more is told of records by itself: at the hours of their scripts."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from orepact.pact.records.kinds import kinds
from orepact.store.canonical import instant
from orepact.store.derived import read_content
from orepact.store.tables import NO_END, record, revision

if TYPE_CHECKING:
    from datetime import datetime

#: The state of what is under way.
RUNNING = "running"


@cache
def scripted() -> tuple[str, ...]:
    """Kinds of records that follow a script."""
    return tuple(sorted(name for name, kind in kinds().items() if kind.script))


def next_hour(connection: Connection, moment: datetime) -> str:
    """The first moment after this one at which more has come of any script, told to nobody; that of ``NO_END`` for none."""
    place = (revision.c.kind == record.c.kind) & (revision.c.id == record.c.id) & (revision.c.version == record.c.version)
    query = select(revision.c.kind, revision.c.id, revision.c.content).join(record, place)
    rows = connection.execute(query.where(record.c.kind.in_(scripted()), record.c.state == RUNNING))
    hours = (read_content(*row).next_hour(moment) for row in rows)
    return min((instant(hour) for hour in hours if hour is not None), default=NO_END)
