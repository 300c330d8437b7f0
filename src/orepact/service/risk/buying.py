"""What a question about a buyer needs: the figures of one place, thing and year, the element behind a name, the year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from orepact.measure.supply.amounts import Amounts, years_of
from orepact.measure.supply.dependence import Trade

if TYPE_CHECKING:
    from orepact.facts import Codes, Ledger


@dataclass(frozen=True, eq=False)
class Buyer:
    """One place, thing and year: world production, trade, own production, and the claims behind them."""

    place: str
    thing: str
    year: int
    world: Amounts
    trade: Trade
    domestic: float
    notes: tuple[str, ...] = ()

    @property
    def claims(self) -> list[pd.DataFrame]:
        """The claims behind the figures."""
        return [self.world.claims, self.trade.claims]


def element_of(codes: Codes, name: str) -> str:
    """The element that a commodity or material belongs to; the element itself; "" for none."""
    if name in codes.elements:
        return name
    if name in codes.commodities:
        return codes.commodities[name].element
    return codes.materials[name].element if name in codes.materials else ""


def year_for(ledger: Ledger, attribute: str, thing: str, year: int | None) -> int | None:
    """The asked year where the statistic has it; the latest that trade has too when none is asked."""
    years = years_of(ledger, attribute, thing)
    if year is not None:
        return year if year in years else None
    traded = set(pd.to_numeric(ledger.trade()["year"], errors="coerce").dropna().astype(int))
    return max((known for known in years if known in traded), default=None)
