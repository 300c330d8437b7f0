"""Geopolitical supply risk (GeoPolRisk) for a place of the chain, from our own facts.

World production comes from mine statistics (of a commodity, from its own production where known), imports from trade by
customs code in contained tonnes, instability from the political stability estimates of the World Bank.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from orepact.errors import BadInput, NotFound, Problem
from orepact.measure.risk.geopolrisk import GeopoliticalRisk, geopolitical_risk, instability, production_hhi
from orepact.measure.supply.amounts import REST, Amounts, national, places_under, statistic
from orepact.measure.supply.dependence import trade_of
from orepact.service.opening import manifest_of, sources_used, weak_claims
from orepact.service.result import Result
from orepact.service.risk.buying import Buyer, element_of, year_for

if TYPE_CHECKING:
    from orepact.facts import Codes, Ledger

#: The first corridor: whom a question without a place is about.
CORRIDOR = ("CAN", "JPN", "KOR")
STABILITY = "governance_political_stability"
REFERENCE = "copper"


@dataclass(frozen=True, eq=False)
class Score:
    """The risk of one buyer, the price it paid, what each seller adds, and the stability claims behind the weights."""

    buyer: Buyer
    risk: GeopoliticalRisk
    price: float
    sellers: tuple[dict[str, Any], ...]
    stability: pd.DataFrame

    @property
    def midpoint(self) -> float:
        """Score times price, USD per tonne."""
        return self.risk.midpoint(self.price)


@dataclass(eq=False)
class Market:
    """What the facts say of world production, trade and stability; everything is read once."""

    ledger: Ledger
    scores: dict[tuple[str, str, int | None], Score | None] = field(default_factory=dict)
    worlds: dict[tuple[str, str, int], Amounts] = field(default_factory=dict)
    stabilities: dict[int, pd.DataFrame] = field(default_factory=dict)

    def score(self, place: str, thing: str, year: int | None) -> Score | None:
        """The score of one place and thing; None without world production or without any supply of the place."""
        key = (place, thing, year)
        if key not in self.scores:
            buyer = self._buyer(place, thing, year)
            self.scores[key] = None if buyer is None else self._scored(buyer)
        return self.scores[key]

    def _buyer(self, place: str, thing: str, year: int | None) -> Buyer | None:
        ledger = self.ledger
        attribute, subject = _statistic(ledger, thing, year)
        chosen = year_for(ledger, attribute, subject, year)
        if chosen is None:
            return None
        world, trade = self._world(attribute, subject, chosen), trade_of(ledger, place, thing, chosen)
        home = set(places_under(ledger.codes, place)) | {ledger.codes.country(place)}
        domestic = float(world.by_place[world.by_place.index.isin(home)].sum())
        notes = list(trade.warnings)
        if subject != thing:
            domestic = 0.0
            words = f"world production of {thing} is not in these facts: that of mined {subject} counts"
            notes.append(f"{words}, and none is made at home")
        if trade.rows.empty or not trade.total("imports") + domestic > 0:
            return None
        return Buyer(place, thing, chosen, world, trade, domestic, tuple(notes))

    def _world(self, attribute: str, subject: str, year: int) -> Amounts:
        key = (attribute, subject, year)
        if key not in self.worlds:
            self.worlds[key] = statistic(self.ledger, *key)
        return self.worlds[key]

    def _stability(self, year: int) -> pd.DataFrame:
        """Political stability claims by ``country`` of the latest year up to ``year`` (else the first)."""
        if year not in self.stabilities:
            claims = self.ledger.resolve(STABILITY)
            years = sorted({int(known) for known in claims["year"] if known})
            chosen = max((known for known in years if known <= year), default=years[0] if years else year)
            self.stabilities[year] = national(self.ledger.codes, claims[claims["year"] == str(chosen)])
        return self.stabilities[year]

    def _scored(self, buyer: Buyer) -> Score:
        claims, sellers = self._stability(buyer.year), buyer.trade.sellers
        estimates = dict(zip(claims["country"], claims["number"], strict=True))
        weights = np.array([instability(estimates.get(place, float("nan"))) for place in sellers.index])
        risk = geopolitical_risk(_hhi(buyer.world), sellers.to_numpy(dtype=float), weights, buyer.domestic)
        supply = risk.imports + risk.domestic
        rows = tuple(
            {"buyer": buyer.place, "commodity": buyer.thing, "place": str(place), "share": quantity / supply,
             "governance": weight, "adds": quantity / supply * weight}
            for place, quantity, weight in zip(sellers.index, sellers, weights, strict=True)
        )  # fmt: skip
        return Score(buyer, risk, _price(self.ledger, buyer), rows, claims[claims["country"].isin(sellers.index)])


def _hhi(world: Amounts) -> float:
    """HHI of world production; the rest of the world counts in the total, never as one producer."""
    amounts = world.by_place
    rest = float(amounts.get(REST, 0.0)) / float(amounts.sum())
    return production_hhi(amounts.to_numpy(dtype=float)) - rest**2


def geopolitical_risks(ledger: Ledger, commodity: str | None, place: str | None, year: int | None) -> Result:
    """GeoPolRisk score of an element or commodity for a place, one row each, highest first.

    ``data``: ``place, commodity, year, hhi, import_risk, score, imports, domestic_production, import_share, unit,
    price_usd_per_t, midpoint_usd_per_t, factor_kg_copper_eq``. Without a commodity all elements with mine statistics count,
    without a place the corridor. Raises ``NotFound``, or ``BadInput`` where a single question has no answer.
    """
    codes = ledger.codes
    places = [place] if place is not None else list(CORRIDOR)
    for name in places:
        codes.place(name)
    things = [_thing(codes, commodity)] if commodity is not None else list(codes.elements)
    market = Market(ledger)
    found = [item for name in places for thing in things if (item := market.score(name, thing, year)) is not None]
    if not found:
        what = f"imports of {', '.join(things)} to {', '.join(places)} and its world production"
        raise BadInput([Problem("year", f"a year with {what}", str(year or "any"), "ask for another year, place or commodity")])
    rows = [_row(item, market.score(item.buyer.place, REFERENCE, item.buyer.year)) for item in found]
    data = pd.DataFrame(rows).sort_values("score", ascending=False, na_position="last", kind="stable")
    claims = [frame for item in found for frame in (*item.buyer.claims, item.stability)]
    meta: dict[str, Any] = {
        "title": f"Geopolitical supply risk (GeoPolRisk) for {', '.join(places)}",
        "method": "geopolrisk",
        **({name: rows[0][name] for name in ("hhi", "import_risk", "score")} if len(rows) == 1 else {}),
        "suppliers": [entry for item in found for entry in item.sellers],
        "scale": "hhi, import_risk and score 0 to 1; factor in kg copper equivalent per kg, same place and year",
        "manifest": manifest_of(ledger),
        "units": {"imports": "t", "domestic_production": "t", "price_usd_per_t": "USD_per_t", "midpoint_usd_per_t": "USD_per_t"},
        "sources": sources_used(ledger, *claims),
        "warnings": [
            *dict.fromkeys(note for item in found for note in (*item.buyer.world.warnings, *item.buyer.notes)),
            *weak_claims(claims),
        ],
    }
    return Result(data.reset_index(drop=True), meta)


def _row(item: Score, reference: Score | None) -> dict[str, Any]:
    """One place and thing; the factor counts in copper of the same place and year."""
    risk, midpoint = item.risk, item.midpoint
    base = reference.midpoint if reference is not None else float("nan")
    return {
        "place": item.buyer.place, "commodity": item.buyer.thing, "year": item.buyer.year,
        "hhi": risk.hhi, "import_risk": risk.import_risk, "score": risk.score,
        "imports": risk.imports, "domestic_production": risk.domestic, "import_share": risk.import_share, "unit": "t",
        "price_usd_per_t": item.price, "midpoint_usd_per_t": midpoint,
        "factor_kg_copper_eq": midpoint / base if base else float("nan"),
    }  # fmt: skip


def _thing(codes: Codes, name: str) -> str:
    """An element or commodity by its id in any case, or the element of a material."""
    wanted = "_".join(name.casefold().split()).replace("-", "_")
    if wanted in codes.elements or wanted in codes.commodities:
        return wanted
    element = element_of(codes, wanted)
    if not element:
        raise NotFound("element or commodity", name, [*codes.elements, *codes.commodities])
    return element


def _statistic(ledger: Ledger, thing: str, year: int | None) -> tuple[str, str]:
    """Which statistic tells world production of a thing: its own, or that of the mined element."""
    if thing in ledger.codes.elements:
        return "mine_production", thing
    if year_for(ledger, "production", thing, year) is not None and len(statistic_places(ledger, thing, year)) > 1:
        return "production", thing
    return "mine_production", element_of(ledger.codes, thing)


def statistic_places(ledger: Ledger, thing: str, year: int | None) -> set[str]:
    """Places with a claim of the production of a commodity."""
    claims = ledger.select("production", thing=thing, year=year)
    return set(claims["place"]) - {"world", REST}


def _price(ledger: Ledger, item: Buyer) -> float:
    """USD per tonne (contained, for an element) that the place paid for forms of it; NaN without values.

    Forms that hold the element as a by-product do not count.
    """
    inside, rows = places_under(ledger.codes, item.place), item.trade.rows
    element = element_of(ledger.codes, item.thing)
    names = [name for name in sorted(set(rows["commodity"])) if ledger.codes.commodities[name].element == element]
    quantity = float(rows.loc[(rows["direction"] == "imports") & rows["commodity"].isin(names), "quantity"].sum())
    if not quantity > 0:
        return float("nan")
    claims = ledger.trade(names, item.year, attribute="trade_value", partner=inside, resolved=True)
    bought = claims[~claims["place"].isin(inside)]
    factors = {name: ledger.codes.units.factor(str(name), "USD") for name in bought["unit"].unique()}
    value = float((bought["number"] * bought["unit"].map(factors)).sum())
    return value / quantity if value > 0 else float("nan")
