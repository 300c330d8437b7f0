"""Customs tables of the facts, read once for every party: who bought what from whom in a year and the year before."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from orepact.shock.watch.imports import NAN, Imports
from orepact.shock.watch.signals import weakest

if TYPE_CHECKING:
    from orepact.facts import Ledger

QUANTITY = "trade_quantity"


@dataclass(frozen=True, eq=False)
class Customs:
    """Trade of one commodity in one table: ``rows`` with ``seller, buyer`` (countries), ``year, quantity, confidence``.

    A change is only read within one source, since two tables of one year differ by more than most changes. ``before`` says
    whether the source holds the year before; ``late``: who has not reported all of the year yet (``watch.reports``).
    """

    commodity: str
    year: int
    before: bool
    rows: pd.DataFrame
    source: str
    late: frozenset[str] = frozenset()

    def imports_of(self, place: str, inside: frozenset[str], titles: Mapping[str, str]) -> Imports:
        """Imports of the countries ``inside`` from all others; what they send each other is none."""
        earlier = self._bought(self.year - 1, inside) if self.before else None
        return Imports(
            place,
            self.commodity,
            self.year,
            self._bought(self.year, inside),
            earlier,
            exports=self._sold(self.year, inside),
            world=self._world(self.year),
            world_before=self._world(self.year - 1) if self.before else NAN,
            sources=(self.source,),
            confidence=weakest(name for buyer in inside for name in self._confidences.get(buyer, ())) or "reported",
            titles=titles,
            provisional=bool(inside & self.late),
        )

    @cached_property
    def countries(self) -> frozenset[str]:
        """Everybody who buys or sells in the table."""
        return frozenset(self.rows["seller"]) | frozenset(self.rows["buyer"])

    def _bought(self, year: int, inside: frozenset[str]) -> dict[str, float]:
        """Quantity by seller."""
        found: dict[str, float] = {}
        for buyer in sorted(inside):
            for seller, quantity in self._arrivals.get((year, buyer), {}).items():
                if seller not in inside:
                    found[seller] = found.get(seller, 0.0) + quantity
        return dict(sorted(found.items()))

    def _sold(self, year: int, inside: frozenset[str]) -> float:
        arrived = (sellers for (when, buyer), sellers in self._arrivals.items() if when == year and buyer not in inside)
        return math.fsum(sellers.get(name, 0.0) for sellers in arrived for name in inside)

    def _world(self, year: int) -> float:
        return math.fsum(
            quantity for (when, _), sellers in self._arrivals.items() if when == year for quantity in sellers.values()
        )

    @cached_property
    def _arrivals(self) -> dict[tuple[int, str], dict[str, float]]:
        """Quantity by year and buyer, then seller."""
        found: dict[tuple[int, str], dict[str, float]] = {}
        totals = self.rows.groupby(["year", "buyer", "seller"], sort=True)["quantity"].sum()
        for year, buyer, seller, quantity in totals.reset_index().itertuples(index=False):
            found.setdefault((int(year), str(buyer)), {})[str(seller)] = float(quantity)
        return found

    @cached_property
    def _confidences(self) -> dict[str, tuple[str, ...]]:
        """Kinds of claims behind the imports of each buyer in both years."""
        kinds = self.rows.groupby("buyer")["confidence"].unique()
        return {str(buyer): tuple(str(name) for name in names) for buyer, names in kinds.items()}


def no_customs(place: str, commodity: str, titles: Mapping[str, str], why: str = "") -> Imports:
    """What stands in the place of imports where no customs table holds the commodity, or the place; ``why`` says which."""
    return Imports(place, commodity, 0, {}, None, counted=False, silence=why, titles=titles)


def customs_of(ledger: Ledger, commodities: Iterable[str], year: int | None = None) -> dict[str, Customs]:
    """The table of each commodity that has one, for a year or the latest one; the one source that tells most.

    Of several sources the one that holds the year before too is taken, then the one with more rows, then the first by id.
    """
    claims = ledger.trade(list(commodities), attribute=QUANTITY)
    claims = claims[claims["number"].notna()]
    found = {}
    for name, rows in claims.groupby("thing", sort=True):
        latest = year if year is not None else int(rows["year"].astype(int).max())
        chosen = _one_source(_tidied(ledger, rows[rows["year"].isin([str(latest), str(latest - 1)])]), latest)
        if chosen is not None:
            source, before, kept = chosen
            found[str(name)] = Customs(str(name), latest, before, kept, source)
    return found


def _one_source(rows: pd.DataFrame, year: int) -> tuple[str, bool, pd.DataFrame] | None:
    ranked = []
    for source, own in rows.groupby("source", sort=True):
        years = set(own["year"])
        if year in years:
            ranked.append((-int(year - 1 in years), -len(own), str(source), own))
    if not ranked:
        return None
    best = min(ranked, key=lambda entry: entry[:3])
    return best[2], bool(best[0]), best[3]


def _tidied(ledger: Ledger, claims: pd.DataFrame) -> pd.DataFrame:
    """Sellers and buyers as countries, years as numbers, quantities in tonnes."""
    codes = ledger.codes
    country = {name: codes.country(name) if name in codes.places else name for name in {*claims["place"], *claims["partner"]}}
    factor = {str(unit): codes.units.factor(str(unit), "t") for unit in claims["unit"].unique()}
    return pd.DataFrame(
        {
            "seller": claims["place"].map(country).astype(str),
            "buyer": claims["partner"].map(country).astype(str),
            "year": claims["year"].astype(int),
            "quantity": claims["number"].astype(float) * claims["unit"].map(factor).astype(float),
            "confidence": claims["confidence"].astype(str),
            "source": claims["source"].astype(str),
        }
    )


def world_shares(amounts: Mapping[str, float]) -> dict[str, float]:
    """Quantities by place as shares of their sum; empty when there is nothing.

    >>> world_shares({"COD": 3.0, "IDN": 1.0})
    {'COD': 0.75, 'IDN': 0.25}
    """
    total = math.fsum(amounts.values())
    return {place: quantity / total for place, quantity in amounts.items()} if total > 0 else {}
