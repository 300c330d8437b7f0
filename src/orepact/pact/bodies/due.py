"""``next_due``: by when a body must meet, and which dates it missed, by its rule and the meetings that were held.

A text that says "once a year" does not say how to count. The rule of the body names a reading, ``readings`` gives all of them.
A missed date is what follows from a reading, never a fact by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from orepact.pact.bodies.body import COUNTINGS, Body, Counting, Meets
from orepact.pact.bodies.known import own_days
from orepact.pact.bodies.meetings import Meeting, held_by, planned_by
from orepact.pact.dates.days import Span, happened, months_after
from orepact.pact.instruments.ending import end_of
from orepact.pact.instruments.instrument import Instrument
from orepact.pact.instruments.operation import start

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from orepact.pact.records.register import Register

WORDS: Mapping[Counting, str] = {
    "from_last_meeting": "within {n} months of the last meeting",
    "calendar_year": "one meeting in each {n} months of the calendar",
    "from_operation": "one meeting in each {n} months since the instrument started",
}


@dataclass(frozen=True, slots=True)
class Missed:
    """A due date by which no meeting was held; ``held`` is the day on which one came late, None while there is none."""

    due: date
    held: date | None = None


@dataclass(frozen=True, slots=True)
class Over:
    """Why no meeting is owed any more: the body ended on ``day``, or the ``instrument`` did under which it met."""

    day: str
    reason: str = ""
    instrument: str = ""

    @property
    def words(self) -> str:
        """That in words."""
        return f"ended with {self.instrument} on {self.day}" if self.instrument else f"ended {self.day}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Due:
    """The day by which the next meeting is due as known on a day; None where nothing is stated or nothing to count from is known.

    ``missed``: every due date before that day without a meeting in time; ``rule``: the reading in words. ``over``: why nothing is
    owed any more; ``set_up``: the day on which the body was set up, where the date is counted from it.
    """

    day: date | None
    rule: str
    missed: tuple[Missed, ...] = ()
    last: Meeting | None = None
    planned: Meeting | None = None
    over: Over | None = None
    set_up: date | None = None

    def overdue(self, on: date) -> bool:
        """Whether the next meeting is owed since a day before."""
        return self.day is not None and self.day < on


def next_due(body: str, register: Register, on: date, counted: Counting | None = None) -> Due:
    """By when a body must next meet, as known on a day, counted as its rule says or as ``counted`` says.

    Raises ``NotFound`` for a body that is not there.
    """
    found = register.get(Body, body)
    held = held_by(body, register, on)
    last, planned = (held[-1] if held else None), next(iter(planned_by(body, register, on)), None)
    if found.meets is None:
        return Due(None, "not stated", (), last, planned)
    over = _over(found, register, on)
    if over is not None:
        return Due(None, over.words, (), last, planned, over)
    days = [Span.of(str(meeting.held)).last for meeting in held]
    begun = _begun(found, found.meets, register, on)
    reading = counted or found.meets.counted
    day, missed = _reckoned(reading, found.meets.every_months, begun, days, on)
    from_start = found.announced is not None and not (days and reading == "from_last_meeting")
    set_up = begun if from_start and begun == Span.of(str(found.announced)).last else None
    return Due(day, _rule(found.meets, counted) + _since(day, set_up), missed, last, planned, None, set_up)


def readings(body: str, register: Register, on: date) -> dict[Counting, Due]:
    """What each way to count gives."""
    return {counted: next_due(body, register, on, counted) for counted in COUNTINGS}


def _rule(meets: Meets, counted: Counting | None) -> str:
    words = WORDS[counted or meets.counted].format(n=meets.every_months)
    if counted not in (None, meets.counted):
        return f"{words} (asked for)"
    return f"{words} (our reading; the text does not say how to count)" if meets.counted_inferred else words


def _since(day: date | None, set_up: date | None) -> str:
    """What a date is counted from, where that is not the start of the instrument."""
    if day is None:
        return "; there is no meeting and no start to count from"
    return f"; counted from {set_up}, when it was set up" if set_up else ""


def _over(body: Body, register: Register, on: date) -> Over | None:
    """The end of the body or of its instrument, if it has come by a day: nothing is owed under what is over."""
    if body.ended is not None and happened(body.ended, on):
        return Over(body.ended, body.end_reason)
    found = register.records.get((Instrument.kind, body.instrument or ""))
    end = end_of(found, register, on) if isinstance(found, Instrument) else None
    return Over(end.isoformat(), instrument=str(body.instrument)) if end is not None and end <= on else None


def _begun(body: Body, meets: Meets, register: Register, on: date) -> date | None:
    """The day from which the duty runs, as known on a day; None where nobody can say.

    That is the start of the instrument where one of its articles says how often the body meets, unless the body was set up later;
    else the first day that is known of the body itself, under an instrument not before it works.
    """
    own = [day for day in own_days(body, register) if day <= on][:1]
    found = register.records.get((Instrument.kind, body.instrument or ""))
    if not isinstance(found, Instrument):
        return own[0] if own else None
    begun = start(found, on)
    if not (begun.day and begun.begun(on)):
        return None
    works = Span.of(begun.day).last
    if body.announced is None and meets.article is not None:
        return works
    return max(works, own[0]) if own else None


Reckoned = tuple[date | None, tuple[Missed, ...]]


def _reckoned(counted: Counting, months: int, begun: date | None, held: Sequence[date], on: date) -> Reckoned:
    if counted == "from_last_meeting":
        return _from_last(months, begun, held, on)
    if begun is None:
        return None, ()
    if counted == "calendar_year":
        return _in_periods(_calendar(months, begun), held, on)
    return _in_periods(_from_start(months, begun), held, on)


def _from_last(months: int, begun: date | None, held: Sequence[date], on: date) -> Reckoned:
    """Each meeting sets the next date; where none comes, the date stays due and later ones are missed as well."""
    missed: list[Missed] = []
    clock = begun
    for day in held:
        if clock is not None:
            missed += [Missed(due, day) for due in _dates(clock, months, day)]
        clock = day
    if clock is None:
        return None, ()
    return months_after(clock, months), (*missed, *(Missed(due) for due in _dates(clock, months, on)))


def _dates(clock: date, months: int, before: date) -> list[date]:
    """Due dates from a day, each so many months after it, that lie before another day."""
    found: list[date] = []
    while (due := months_after(clock, months * (len(found) + 1))) < before:
        found.append(due)
    return found


def _in_periods(periods: Iterator[Span], held: Sequence[date], on: date) -> Reckoned:
    """Each period wants a meeting; the first one without that is not over, or owed since the last meeting, is due next."""
    missed: list[Missed] = []
    for period in periods:
        met = any(period.first <= day <= period.last for day in held)
        if met:
            continue
        if period.last >= on:
            owed = [miss.due for miss in missed if not held or miss.due > held[-1]]
            return (owed[0] if owed else period.last), tuple(missed)
        missed.append(Missed(period.last))
    return None, ()


def _calendar(months: int, begun: date) -> Iterator[Span]:
    """Parts of the calendar of so many months, from the January after the start."""
    first = date(begun.year + 1, 1, 1)
    while True:
        following = months_after(first, months)
        yield Span(first, following - timedelta(days=1))
        first = following


def _from_start(months: int, begun: date) -> Iterator[Span]:
    """Parts of so many months since the start; each ends on the day of the month on which it started."""
    number = 0
    while True:
        after = timedelta(days=1 if number else 0)
        yield Span(months_after(begun, months * number) + after, months_after(begun, months * (number + 1)))
        number += 1
