"""Clocks that run in days of the calendar of one place, so that a day of 23 or 25 hours is one day there.

The day of receipt is day 0, the day after it day 1, and the last day counts until its midnight, weekend or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

ClockState = Literal["running", "kept", "late", "missed", "not_started"]


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
