"""How use cases of the register tell what they found: rows as a table, and an empty answer as a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from orepact.service.result import Rows

if TYPE_CHECKING:
    from orepact.pact.projects.money import Money


def table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Rows:
    """Rows with these columns, also where there is none; what a row does not say is None."""
    return Rows(columns, [[row.get(name) for name in columns] for row in rows], plainly=True)


def titled(number: int, one: str, many: str, rest: str) -> str:
    """A heading that says how many there are, or that there is nothing.

    >>> titled(1, "late milestone", "late milestones", "on 2026-03-01"), titled(0, "slip", "slips", "of abc")
    ('1 late milestone on 2026-03-01', 'no slip is on record of abc')
    """
    return f"no {one} is on record {rest}" if number == 0 else f"{number} {one if number == 1 else many} {rest}"


def told_end(end: str | None, on: date) -> str:
    """The end of what lasts, as told on a day: "" while nobody knew of it then, which of an end that has come since is so.

    >>> told_end("2025-05-12", date(2024, 7, 9)), told_end("2025-05-12", date(2025, 5, 12)), told_end(None, date(2024, 7, 9))
    ('', '2025-05-12', '')
    """
    from orepact.pact.dates.days import Span, happened
    from orepact.service.rules import day_of

    hidden = end is not None and Span.of(end).first > on and happened(end, day_of(None))
    return "" if end is None or hidden else end


def amount(money: Money | None) -> str:
    """An amount of money in words, in millions; "" where nothing is stated.

    >>> from orepact.pact.projects.money import Money
    >>> amount(Money(high=30, currency="CAD")), amount(Money.of(204.5, "CAD")), amount(Money(low=1, high=2, currency="USD"))
    ('up to CAD 30M', 'CAD 204.5M', 'USD 1M to 2M')
    """
    if money is None:
        return ""
    low, high, unit = money.low, money.high, f"{money.currency} " if money.currency else ""
    if low is None and high is None:
        return money.text or "not stated"
    if low is None:
        return f"up to {unit}{high:,g}M"
    if high is None:
        return f"{unit}{low:,g}M or more"
    return f"{unit}{low:,g}M" if low == high else f"{unit}{low:,g}M to {high:,g}M"
