"""Moments, the places whose clock counts, and clocks that run in days.

A moment is kept in UTC. A clock of days counts whole days of the calendar of one place, so that a day of 23 or 25 hours is one
day there. The day of receipt is day 0, the day after it day 1, and the last day counts until its midnight, weekend or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, PlainSerializer

ClockState = Literal["running", "kept", "late", "missed", "not_started"]


def _stated(value: Any) -> Any:
    """Numbers are no moments, and a day without an hour is none either."""
    if isinstance(value, datetime) or (isinstance(value, str) and len(value) > len("2026-02-18")):
        return value
    raise ValueError(f"{value!r} is no moment: write a day, an hour and what it is ahead of UTC, as in 2026-02-18T09:00-05:00")


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError) as error:  # a folder of the list of zones is no zone
        raise ValueError("a place of the list of time zones, such as UTC, Asia/Tokyo or America/Toronto") from error
    return text


def iso(moment: datetime) -> str:
    """A moment as text, in UTC.

    >>> iso(datetime.fromisoformat("2026-02-18T09:00-05:00"))
    '2026-02-18T14:00:00Z'
    """
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


#: A point in time with what it is ahead of UTC; kept in UTC.
Moment = Annotated[
    AwareDatetime, BeforeValidator(_stated), AfterValidator(_utc), PlainSerializer(iso, return_type=str, when_used="json")
]
#: The place whose calendar counts days, as in the list of time zones.
Zone = Annotated[str, AfterValidator(_zone)]


def local_day(moment: datetime, zone: str) -> date:
    """The day of a moment by the clock of a place.

    >>> local_day(datetime.fromisoformat("2023-05-16T23:30-04:00"), "Asia/Seoul")
    datetime.date(2023, 5, 17)
    """
    return moment.astimezone(ZoneInfo(zone)).date()


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock of days as it stands on a day: ``last`` is the last day in time, ``done`` the day on which it was met.

    ``left``: days from the day asked about to the last one, negative once it is past; None where it runs no more.
    """

    state: ClockState
    first: date | None = None
    last: date | None = None
    done: date | None = None
    left: int | None = None


def clock(received: date | None, days: int | None, *, on: date, done: date | None = None) -> Clock:
    """A clock of ``days`` that starts the day after receipt; what lies after ``on`` is not known yet.

    >>> clock(date(2026, 2, 18), 15, on=date(2026, 3, 1))
    Clock(state='running', first=datetime.date(2026, 2, 19), last=datetime.date(2026, 3, 5), done=None, left=4)
    >>> clock(date(2026, 2, 18), 15, on=date(2026, 3, 31), done=date(2026, 3, 6)).state
    'late'
    """
    if received is None or days is None or received > on:
        return Clock("not_started")
    first, last = received + timedelta(days=1), received + timedelta(days=days)
    if done is not None and done <= on:
        return Clock("kept" if done <= last else "late", first, last, done)
    left = (last - on).days
    return Clock("running" if left >= 0 else "missed", first, last, None, left)
