"""When the breaks of events begin and end, counted in weeks from the first day of the disruption."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from orepact.shock.events.event import Break, Event

if TYPE_CHECKING:
    from numpy.typing import NDArray

DAYS = 7.0


@dataclass(frozen=True, slots=True)
class Span:
    """From ``first`` to before ``last``, in weeks from the first day of the disruption; ``last`` is ``inf`` without an end."""

    first: float
    last: float

    def overlaps(self, other: Span) -> bool:
        """Whether both share some time."""
        return self.first < other.last and other.first < self.last

    def parts(self, weeks: int) -> NDArray[np.float64]:
        """Part of each week that lies inside, 0 to 1.

        >>> Span(0.5, 2.0).parts(3).tolist()
        [0.5, 1.0, 0.0]
        """
        edges = np.arange(weeks, dtype=float)
        return np.asarray(np.clip(np.minimum(edges + 1.0, self.last) - np.maximum(edges, self.first), 0.0, 1.0))

    def mean(self, inside: float, weeks: int) -> NDArray[np.float64]:
        """Mean of each week of what is ``inside`` within the span and 1 outside: ``inside x part + 1 - part``.

        >>> Span(0.5, 2.0).mean(0.2, 3).tolist()
        [0.6, 0.2, 1.0]
        """
        parts = self.parts(weeks)
        return np.asarray(inside * parts + (1.0 - parts))

    def touched(self, weeks: int) -> NDArray[np.bool_]:
        """Weeks of which at least half lies inside; a shorter span keeps the week that holds most of it.

        >>> Span(0.2, 2.4).touched(4).tolist()
        [True, True, False, False]
        """
        parts = self.parts(weeks)
        inside: NDArray[np.bool_] = parts >= 0.5
        if not inside.any() and parts.max(initial=0.0) > 0:
            inside[int(parts.argmax())] = True
        return inside


def days_of(event: Event, item: Break) -> tuple[date, date | None]:
    """First day of a break and first day on which it is over (None: no end is known); its own times before the event's."""
    start = item.start or event.start
    if item.until is not None:
        return start, item.until
    if item.weeks is not None:
        return start, after(start, item.weeks)
    return start, end_of(event)


def end_of(event: Event) -> date | None:
    """First day on which an event is over; None where that is not known."""
    if event.until is not None:
        return event.until
    return after(event.start, event.weeks) if isinstance(event.weeks, float) else None


def after(start: date, weeks: float) -> date:
    """The day so many weeks later, at least one day, at the latest the last day of the calendar.

    >>> after(date(2025, 2, 22), 2)
    datetime.date(2025, 3, 8)
    """
    days = min(max(round(weeks * DAYS), 1), (date.max - start).days)
    return start + timedelta(days=days)


def week_of(day: date, start: date) -> float:
    """Weeks from ``start`` to a day, negative before it."""
    return (day - start).days / DAYS


def span_of(event: Event, item: Break, start: date) -> Span:
    """The time of a break in weeks from ``start``; what began before has a negative ``first``."""
    first, last = days_of(event, item)
    return Span(week_of(first, start), math.inf if last is None else week_of(last, start))


def first_day(events: Sequence[Event]) -> date:
    """Day on which the first break of any event begins."""
    return min(days_of(event, item)[0] for event in events for item in event.breaks)


def end_week(spans: Sequence[Span], weeks: int) -> int:
    """First week in which everything is back; ``weeks`` when that is not within them."""
    last = max((span.last for span in spans), default=0.0)
    return weeks if math.isinf(last) else int(min(max(math.ceil(last - 1e-9), 0), weeks))


def known_week(event: Event, spans: Sequence[Span], start: date, weeks: int) -> int:
    """Week from which actors know the end of an event: 0 where it is announced, else the day it became known, else the end."""
    end = end_week(spans, weeks)
    if event.end_announced:
        return 0
    if event.end_known_from is None:
        return end
    return int(min(max(math.ceil(week_of(event.end_known_from, start) - 1e-9), 0), end))
