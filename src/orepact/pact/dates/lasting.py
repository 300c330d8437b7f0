"""``Lasting``: what holds from a date to a date, such as a name, a holding or a term of office."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations
from typing import TypeVar

from pydantic import ValidationInfo, field_validator

from orepact.pact.dates.days import DateText, Span
from orepact.pact.records.record import Part

AnyLasting = TypeVar("AnyLasting", bound="Lasting")


class Lasting(Part):
    """A part of a record with a first and a last day; None where no end is stated.

    A date of a month or a year is read widely: from its first day, to its last day.
    """

    valid_from: DateText | None = None
    valid_to: DateText | None = None

    @field_validator("valid_to")
    @classmethod
    def _after_start(cls, text: str | None, info: ValidationInfo) -> str | None:
        start = info.data.get("valid_from")
        if text is not None and start is not None and Span.of(text).surely_before(Span.of(start)):
            raise ValueError(f"a date not before valid_from ({start})")
        return text

    @property
    def span(self) -> Span:
        """The days on which it holds."""
        first = Span.of(self.valid_from).first if self.valid_from else date.min
        return Span(first, Span.of(self.valid_to).last if self.valid_to else date.max)

    def holds_on(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.span.first <= day <= self.span.last


def holding(parts: Iterable[AnyLasting], day: date) -> list[AnyLasting]:
    """The parts that hold on a day, those that began last first."""
    found = [part for part in parts if part.holds_on(day)]
    return sorted(found, key=lambda part: part.span.first, reverse=True)


def shared(one: Span, other: Span) -> Span | None:
    """The days that two spans have in common.

    >>> shared(Span.of("2024"), Span.of("2024-06"))
    Span(first=datetime.date(2024, 6, 1), last=datetime.date(2024, 6, 30))
    """
    found = Span(max(one.first, other.first), min(one.last, other.last))
    return found if found.first <= found.last else None


def at_once(parts: Iterable[AnyLasting]) -> Iterator[tuple[AnyLasting, AnyLasting]]:
    """Pairs of parts that hold on one day."""
    return ((one, other) for one, other in combinations(parts, 2) if shared(one.span, other.span))
