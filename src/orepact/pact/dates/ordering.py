"""Dates of one record that must follow each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations

from orepact.errors import Problem
from orepact.pact.dates.days import Span


def span_of(day: date | str) -> Span:
    """A day or a dated text as its days."""
    return Span(day, day) if isinstance(day, date) else Span.of(day)


def in_order(where: str, **dates: date | str | None) -> Iterator[Problem]:
    """A problem for each date that surely lies before one given ahead of it; a date that is None is left out.

    >>> print(*in_order("notice a", sent="2024-05", answered=None, closed="2024-04-30"))
    notice a, closed: expected a date not before sent (2024-05), found 2024-04-30; mend one of the two dates
    """
    given = [(name, day) for name, day in dates.items() if day is not None]
    for (name, day), (later, after) in combinations(given, 2):
        if span_of(after).surely_before(span_of(day)):
            expected = f"a date not before {name} ({day})"
            yield Problem(f"{where}, {later}", expected, str(after), "mend one of the two dates")
