"""Days, months and half-years as documents give them, and clocks that run in months.

A date may be a year, a half-year, a month or a day; it stands for all of its days. Two dates contradict each other only where
no day of the one fits any day of the other.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from orepact.facts.dates import period
from orepact.pact.records.fields import Takes

_HALF = re.compile(r"(\d{4})-H([12])")
#: First and last year that a record may name.
YEARS = (1500, 2500)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The days that a date stands for.

    >>> Span.of("2026-H2")
    Span(first=datetime.date(2026, 7, 1), last=datetime.date(2026, 12, 31))
    """

    first: date
    last: date

    @classmethod
    @lru_cache(maxsize=16_384)  # the same dates come back in a hundred thousand records
    def of(cls, text: str) -> Span:
        """The days of ``YYYY``, ``YYYY-H1``, ``YYYY-MM`` or ``YYYY-MM-DD``; raises ``ValueError`` for anything else."""
        half = _HALF.fullmatch(text)
        if half:
            year, second = int(half[1]), half[2] == "2"
            return cls(date(year, 7 if second else 1, 1), date(year, 12, 31) if second else date(year, 6, 30))
        found = period(text)
        if found is None:
            raise ValueError(f"{text!r} is no date: write YYYY-MM-DD, YYYY-MM, YYYY-H1 or YYYY")
        return cls(*(date(number // 10_000, number // 100 % 100, number % 100) for number in found))

    @property
    def exact(self) -> bool:
        """Whether it is one day."""
        return self.first == self.last

    def surely_before(self, other: Span) -> bool:
        """Whether every day of this one lies before every day of the other.

        >>> Span.of("2024-06").surely_before(Span.of("2024-06-30")), Span.of("2023").surely_before(Span.of("2024-01"))
        (False, True)
        """
        return self.last < other.first


def _year(value: object) -> object:
    """A year without quotes, which files give as a number, as the text that it is."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


@lru_cache(maxsize=16_384)
def _date(text: str) -> str:
    try:
        span = Span.of(text)
    except ValueError:  # told as what was expected, as the checker of types does
        raise ValueError("a date as YYYY-MM-DD, YYYY-MM, YYYY-H1 or YYYY") from None
    _near(span.first)
    return text


def _near(day: date) -> date:
    """Clocks run past a date, and no calendar goes past the year 9999: "never" is no date."""
    if not YEARS[0] <= day.year <= YEARS[1]:
        raise ValueError(f"a year from {YEARS[0]} to {YEARS[1]}")
    return day


#: A date as a document gives it: a day, a month, a half-year or a year.
DateText = Annotated[str, BeforeValidator(_year), AfterValidator(_date), Takes("a date (YYYY-MM-DD, YYYY-MM, YYYY-H1 or YYYY)")]
#: A day of which nobody doubts, such as that of a notice.
Day = Annotated[date, AfterValidator(_near)]


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later (earlier when negative), or the last day of a shorter month.

    >>> months_after(date(2026, 11, 30), 3), months_after(date(2024, 2, 29), 12)
    (datetime.date(2027, 2, 28), datetime.date(2025, 2, 28))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def so_many_days(number: int) -> str:
    """A number of days in words.

    >>> so_many_days(1), so_many_days(0), so_many_days(15)
    ('1 day', '0 days', '15 days')
    """
    return f"{number} day" if number == 1 else f"{number} days"


@lru_cache(maxsize=65_536)
def happened(text: str, on: date) -> bool:
    """Whether a dated thing lies surely not after a day: a month counts once it is over. Boards ask it ten thousand times."""
    return Span.of(text).last <= on
