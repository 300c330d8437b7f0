"""Amounts of money as they are announced: up to, between, in one currency, and never added to another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import Field

from orepact.errors import Problem
from orepact.pact.records.record import Part, Text


class Money(Part):
    """An amount in millions of a currency, from ``low`` to ``high``: either is None where it is not stated.

    "Up to 30" is a high of 30 without a low. ``currency`` is a code such as CAD, or "" where a source leaves it open.
    """

    low: float | None = Field(default=None, ge=0)
    high: float | None = Field(default=None, ge=0)
    currency: Text = Field(default="", pattern=r"^([A-Z]{3})?$")
    text: Text = ""

    @classmethod
    def of(cls, amount: float, currency: str) -> Money:
        """An amount that is known."""
        return cls(low=amount, high=amount, currency=currency)


@dataclass(frozen=True, slots=True)
class Sum:
    """A total in millions of a currency, from ``low`` (stated at least) to ``high``; ``open`` amounts have no upper end."""

    currency: str
    low: float = 0.0
    high: float = 0.0
    open: int = 0

    def plus(self, money: Money) -> Sum:
        """With another amount of the same currency; an amount without an upper end counts with its lower one."""
        low = money.low or 0.0
        unstated = money.high is None
        high = low if money.high is None else money.high
        return Sum(self.currency, self.low + low, self.high + high, self.open + unstated)


def sums(amounts: Iterable[Money]) -> dict[str, Sum]:
    """Totals by currency."""
    found: dict[str, Sum] = {}
    for money in amounts:
        found[money.currency] = found.get(money.currency, Sum(money.currency)).plus(money)
    return found


def money_problems(where: str, money: Money) -> Iterator[Problem]:
    """A range that runs backwards, an amount without currency that says no more."""
    if money.low is not None and money.high is not None and money.high < money.low:
        yield Problem(where, f"an upper end of at least {money.low:g}", f"{money.high:g}", "swap the two")
    if money.currency == "" and (money.low is not None or money.high is not None) and not money.text:
        yield Problem(f"{where}, currency", "a currency such as CAD", "nothing", "name it, or say in text why it is open")
