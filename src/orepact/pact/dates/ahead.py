"""``ahead``: what records say was done (``Record.done_at``) while it lies after the moment at which they are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from orepact.errors import Problem
from orepact.pact.dates.days import Span
from orepact.pact.dates.moments import iso

if TYPE_CHECKING:
    from orepact.pact.records.record import Record
    from orepact.pact.records.register import Register

#: The place whose day begins first is so far ahead of UTC.
_FIRST_DAY = timedelta(hours=14)


def ahead(before: Register, records: Iterable[Record], now: datetime) -> Iterator[Problem]:
    """A problem for each thing that these records say was done after the moment of writing, beyond what stands in ``before``.

    A date counts as reached once it, or the month or year that it names, has begun somewhere on earth.
    """
    for record in records:
        late = [one for one in record.done_at() if _later(one[1], now)]
        present = before.records.get((record.kind, record.id)) if late else None
        known = {*present.done_at()} if present else set()
        for where, when in (one for one in late if one not in known):
            yield too_early(f"{record.kind} {record.id}, {where}", when, now)


def too_early(where: str, when: datetime | str, now: datetime) -> Problem:
    """The problem of a moment or date that lies ahead."""
    told = iso(when) if isinstance(when, datetime) else when
    mend = "write it down once it is done; or mend the year, or what the hour is ahead of UTC"
    return Problem(where, f"nothing later than now, {iso(now)}", told, mend)


def _later(when: datetime | str, now: datetime) -> bool:
    return when > now if isinstance(when, datetime) else Span.of(when).first > (now + _FIRST_DAY).date()
