"""Geopolitical supply risk (GeoPolRisk) for a place of the chain, from our own facts.

World production comes from mine statistics (of a commodity, from its own production where known), imports from trade by
customs code in contained tonnes, instability from the political stability estimates of the World Bank.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from orepact.errors import BadInput, NotFound, Problem
from orepact.measure.amounts import REST, national, places_under, statistic
from orepact.measure.dependence import trade_of
from orepact.measure.geopolrisk import GeopoliticalRisk, geopolitical_risk, instability, production_hhi
from orepact.service.buying import Buyer, element_of, year_for
from orepact.service.opening import manifest_of, sources_used, weak_claims
from orepact.service.result import Result

if TYPE_CHECKING:
    from orepact.facts import Codes, Ledger

#: The first corridor: whom a question without a place is about.
CORRIDOR = ("CAN", "JPN", "KOR")
STABILITY = "governance_political_stability"
REFERENCE = "copper"


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
    found = [item for name in places for thing in things if (item := _buyer(ledger, name, thing, year)) is not None]
    if not found:
        what = f"imports of {', '.join(things)} to {', '.join(places)} and its world production"
        raise BadInput([Problem("year", f"a year with {what}", str(year or "any"), "ask for another year, place or commodity")])
    scored = [_scored(ledger, item) for item in found]
    data = pd.DataFrame([row for row, _, _ in scored]).sort_values("score", ascending=False, na_position="last", kind="stable")
    claims = [frame for item in found for frame in item.claims] + [stability for _, stability, _ in scored]
    single = scored[0][0] if len(scored) == 1 else {}
    meta: dict[str, Any] = {
        "title": f"Geopolitical supply risk (GeoPolRisk) for {', '.join(places)}",
        "method": "geopolrisk",
        **{name: single[name] for name in ("hhi", "import_risk", "score") if name in single},
        "suppliers": [entry for _, _, entries in scored for entry in entries],
        "scale": "hhi, import_risk and score 0 to 1; factor in kg copper equivalent per kg, same place and year",
        "manifest": manifest_of(ledger),
        "units": {"imports": "t", "domestic_production": "t", "price_usd_per_t": "USD_per_t", "midpoint_usd_per_t": "USD_per_t"},
        "sources": sources_used(ledger, *claims),
        "warnings": [
            *dict.fromkeys(note for item in found for note in (*item.world.warnings, *item.notes)),
            *weak_claims(claims),
        ],
    }
    return Result(data.reset_index(drop=True), meta)


def _thing(codes: Codes, name: str) -> str:
    """An element or commodity by its id in any case, or the element of a material."""
    wanted = "_".join(name.casefold().split()).replace("-", "_")
    if wanted in codes.elements or wanted in codes.commodities:
        return wanted
    element = element_of(codes, wanted)
    if not element:
        raise NotFound("element or commodity", name, [*codes.elements, *codes.commodities])
    return element


def _buyer(ledger: Ledger, place: str, thing: str, year: int | None) -> Buyer | None:
    """The figures of one place and thing; None without world production or imports."""
    attribute, subject = _statistic(ledger, thing, year)
    chosen = year_for(ledger, attribute, subject, year)
    if chosen is None:
        return None
    world, trade = statistic(ledger, attribute, subject, chosen), trade_of(ledger, place, thing, chosen)
    home = set(places_under(ledger.codes, place)) | {ledger.codes.country(place)}
    domestic = float(world.by_place[world.by_place.index.isin(home)].sum())
    notes = list(trade.warnings)
    if subject != thing:
        domestic = 0.0
        notes.append(
            f"world production of {thing} is not in these facts: that of mined {subject} counts, and none is made at home"
        )
    if trade.rows.empty or not trade.total("imports") + domestic > 0:
        return None
    return Buyer(place, thing, chosen, world, trade, domestic, tuple(notes))


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


def _scored(ledger: Ledger, item: Buyer) -> tuple[dict[str, Any], pd.DataFrame, list[dict[str, Any]]]:
    """The row of one place and thing, the stability claims used, and what each supplier adds."""
    found, stability, rows = _risk(ledger, item)
    price = _price(ledger, item)
    reference = item if item.thing == REFERENCE else _buyer(ledger, item.place, REFERENCE, item.year)
    midpoint = found.midpoint(price)
    base = _risk(ledger, reference)[0].midpoint(_price(ledger, reference)) if reference is not None else float("nan")
    row = {
        "place": item.place, "commodity": item.thing, "year": item.year,
        "hhi": found.hhi, "import_risk": found.import_risk, "score": found.score,
        "imports": found.imports, "domestic_production": found.domestic, "import_share": found.import_share, "unit": "t",
        "price_usd_per_t": price, "midpoint_usd_per_t": midpoint,
        "factor_kg_copper_eq": midpoint / base if base else float("nan"),
    }  # fmt: skip
    return row, stability, rows


def _risk(ledger: Ledger, item: Buyer) -> tuple[GeopoliticalRisk, pd.DataFrame, list[dict[str, Any]]]:
    named = item.world.by_place.drop(REST, errors="ignore")
    total = float(item.world.by_place.sum())
    hhi = production_hhi(item.world.by_place.to_numpy(dtype=float))
    hhi -= (float(item.world.by_place.get(REST, 0.0)) / total) ** 2 if len(named) < len(item.world.by_place) else 0.0
    estimates, claims = _stability(ledger, item.year)
    sellers = item.trade.sellers
    weights = np.array([instability(estimates.get(str(place), float("nan"))) for place in sellers.index])
    found = geopolitical_risk(hhi, sellers.to_numpy(dtype=float), weights, item.domestic)
    supply = found.imports + found.domestic
    rows = [
        {"buyer": item.place, "commodity": item.thing, "place": str(place), "share": quantity / supply, "governance": weight,
         "adds": quantity / supply * weight}
        for place, quantity, weight in zip(sellers.index, sellers, weights, strict=True)
    ]  # fmt: skip
    return found, claims[claims["country"].isin(sellers.index)], rows


def _stability(ledger: Ledger, year: int) -> tuple[Mapping[str, float], pd.DataFrame]:
    """Political stability estimates by country of the latest year up to ``year``, and the claims."""
    claims = ledger.resolve(STABILITY)
    years = sorted({int(known) for known in claims["year"] if known})
    chosen = max((known for known in years if known <= year), default=years[0] if years else year)
    used = national(ledger.codes, claims[claims["year"] == str(chosen)])
    return {str(place): float(value) for place, value in zip(used["country"], used["number"], strict=True)}, used


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
    claims = ledger.trade(names, item.year, attribute="trade_value", resolved=True)
    bought = claims[claims["partner"].isin(inside) & ~claims["place"].isin(inside)]
    factors = {name: ledger.codes.units.factor(str(name), "USD") for name in bought["unit"].unique()}
    value = float((bought["number"] * bought["unit"].map(factors)).sum())
    return value / quantity if value > 0 else float("nan")
