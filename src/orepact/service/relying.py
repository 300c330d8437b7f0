"""Use case: how much of what a place uses comes from abroad."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import BadInput, Problem
from orepact.measure.reliance import Reliance, as_row, contained, reliance_of
from orepact.service.amounts import base_unit, in_unit, national, places_under
from orepact.service.capacities import capacity_amounts, chosen_commodities, reference_network, standing_capacity
from orepact.service.opening import manifest_of, sources_used, weak_claims
from orepact.service.result import Result

if TYPE_CHECKING:
    from orepact.facts import Ledger

#: Reported consumption may differ from the computed one by this much before a warning.
AGREEMENT = 0.10
#: Statistics of a place and an element or commodity that reliance is made of.
STATISTICS = (
    "production",
    "mine_production",
    "secondary_production",
    "import_total",
    "export_total",
    "apparent_consumption",
    "stock_total",
)


@dataclass(frozen=True, eq=False)
class Trade:
    """Imports and exports of one place in a year by commodity, the claims behind them, and what no trade table holds."""

    rows: pd.DataFrame
    claims: pd.DataFrame
    warnings: tuple[str, ...]

    def total(self, direction: str) -> float:
        """Sum of one direction."""
        return float(self.rows.loc[self.rows["direction"] == direction, "quantity"].sum())


@dataclass(frozen=True, eq=False)
class Figures:
    """What is known of a place and thing in a year: numbers by name (missing ones left out) and the claims."""

    numbers: dict[str, float]
    claims: pd.DataFrame
    unit: str


def measure_reliance(ledger: Ledger, place: str, thing: str, *, year: int | None = None) -> Result:
    """Apparent consumption, import reliance and net import reliance of a place for an element or a commodity.

    ``data`` is one row: ``place, commodity, year, unit, production, imports, exports, stock_decrease, apparent_consumption,
    import_reliance, net_import_reliance, net_import_reliance_low, net_import_reliance_high``; ``meta`` repeats the figures,
    says on what they rest (``basis``), and lists trade by commodity (``trade``).

    An element counts by contained tonnes in every traded form. Reported totals of imports and exports win over the sum of
    product trade. Withheld production follows from reported consumption, else it is bounded by the capacity at work.
    Raises ``NotFound`` for unknown names, ``BadInput`` for a year without any figure.
    """
    codes = ledger.codes
    codes.place(place), codes.thing(thing)
    year = year if year is not None else _latest_year(ledger, place, thing)
    figures = _figures(ledger, place, thing, year)
    trade = _trade(ledger, place, thing, year)
    if figures.claims.empty and trade.claims.empty:
        raise BadInput([Problem("year", f"a year with figures for {thing} in {place}", str(year), "ask for another year")])
    found, notes = _reliance(ledger, (place, thing, year), figures, trade)
    row = {"place": place, "commodity": thing, "year": year, "unit": figures.unit} | as_row(found)
    used = [frame for frame in (figures.claims, trade.claims) if len(frame)]
    reported = figures.numbers.get("apparent_consumption")
    meta: dict[str, Any] = {
        "title": f"{thing} in {place}, {year}: reliance on imports",
        **{
            name: row[name]
            for name in ("net_import_reliance", "import_reliance", "apparent_consumption", "net_import_reliance_low")
        },
        "net_import_reliance_high": row["net_import_reliance_high"],
        "net_exporter": found.net_exporter,
        "reported_apparent_consumption": reported,
        "basis": found.basis,
        "trade": trade.rows.to_dict("records"),
        "manifest": manifest_of(ledger),
        "units": dict.fromkeys(("production", "imports", "exports", "apparent_consumption"), figures.unit)
        | {"net_import_reliance": "1"},
        "sources": sources_used(ledger, *used),
        "warnings": [*notes, *found.warnings, *_disagreement(found, reported), *weak_claims(used)],
    }
    return Result(pd.DataFrame([row]), meta)


def _latest_year(ledger: Ledger, place: str, thing: str) -> int:
    """The latest year with trade or imports; raises ``BadInput`` when nothing is known."""
    members = _members(ledger, place)
    totals = ledger.select(["import_total", "mine_production", "production"], thing=thing, place=members)
    years = set(pd.to_numeric(totals["year"], errors="coerce").dropna().astype(int))
    trade = ledger.trade(_commodities(ledger, thing), attribute="trade_quantity", partner=members)
    years |= set(pd.to_numeric(trade["year"], errors="coerce").dropna().astype(int))
    if not years:
        raise BadInput([Problem("commodity", f"a thing with figures for {place}", thing, "try another commodity or place")])
    return max(years)


def _members(ledger: Ledger, place: str) -> list[str]:
    return places_under(ledger.codes, place)


def _commodities(ledger: Ledger, thing: str) -> list[str]:
    """The commodity itself, or those that hold the element."""
    codes = ledger.codes
    return [thing] if thing in codes.commodities else list(codes.commodities_of(thing))


def _figures(ledger: Ledger, place: str, thing: str, year: int) -> Figures:
    codes = ledger.codes
    claims = ledger.resolve(list(STATISTICS), thing=thing, place=_members(ledger, place), year=[year, year - 1])
    unit = codes.commodities[thing].unit if thing in codes.commodities else "t"
    claims = claims.assign(quantity=in_unit(codes, claims, unit) if len(claims) else 0.0)
    stocks = claims[claims["attribute"] == "stock_total"]
    now = national(codes, claims[(claims["year"] == str(year)) & (claims["attribute"] != "stock_total")])
    numbers = {str(name): float(value) for name, value in now.groupby("attribute")["quantity"].sum().items()}
    by_year = stocks.groupby("year")["quantity"].sum()
    if {str(year), str(year - 1)} <= set(by_year.index):
        numbers["stock_decrease"] = float(by_year[str(year - 1)] - by_year[str(year)])
        now = pd.concat([now, stocks])
    return Figures(numbers, now, base_unit(codes, unit) if unit == "t" else unit)


def _trade(ledger: Ledger, place: str, thing: str, year: int) -> Trade:
    """Product trade of the place with the rest of the world; an element by its contained tonnes."""
    names, inside = _commodities(ledger, thing), _members(ledger, place)
    world = ledger.trade(names, year, attribute="trade_quantity", resolved=True)
    claims = world[world["place"].isin(inside) != world["partner"].isin(inside)]
    arrives = claims["partner"].isin(inside)
    quantity = in_unit(ledger.codes, claims, "t") if len(claims) else claims["number"]
    flows = pd.DataFrame(
        {"commodity": claims["thing"], "direction": arrives.map({True: "imports", False: "exports"}), "quantity": quantity}
    )
    if thing in ledger.codes.elements:
        held = {name: ledger.codes.commodities[name].contents[thing] for name in names}
        flows = contained(flows, held)
        flows = flows.assign(quantity=flows["contained_t"])
    rows = flows.groupby(["commodity", "direction"])["quantity"].sum().reset_index()
    return Trade(rows, claims, tuple(_absent(ledger, set(names) - set(world["thing"]), year)))


def _absent(ledger: Ledger, names: set[str], year: int) -> list[str]:
    """In words, the forms whose trade is not counted: those without a table, and those without a customs code of their own."""
    coded = sorted(name for name in names if ledger.codes.commodities[name].hs)
    bare = sorted(names - set(coded))
    out = [f"no trade of {year} is in these facts for {', '.join(coded)}"] if coded else []
    return out + ([f"no customs code of its own, so no trade, for {', '.join(bare)}"] if bare else [])


def _reliance(ledger: Ledger, key: tuple[str, str, int], figures: Figures, trade: Trade) -> tuple[Reliance, list[str]]:
    known, notes = figures.numbers, []
    reported = "import_total" in known and "export_total" in known
    if not reported:
        notes = [*trade.warnings]
    mined, recovered = known.get("mine_production", known.get("production")), known.get("secondary_production", 0.0)
    production = None if mined is None else mined + recovered
    asked = known.get("apparent_consumption")
    bounds = _capacity_bounds(ledger, key) if production is None and asked is None else None
    if bounds == (0.0, 0.0):
        production, bounds = 0.0, None
        notes.append("no source gives production and no capacity is at work: taken as none")
    elif bounds is not None:
        notes.append("no source gives production: it lies between 0 and the capacity at work")
    found = reliance_of(
        imports=known["import_total"] if reported else trade.total("imports"),
        exports=known["export_total"] if reported else trade.total("exports"),
        production=production,
        production_range=bounds,
        reported_consumption=asked,
        stock_decrease=known.get("stock_decrease", 0.0),
    )
    notes.append("imports and exports are reported totals" if reported else "imports and exports are the sum of product trade")
    return found, notes


def _capacity_bounds(ledger: Ledger, key: tuple[str, str, int]) -> tuple[float, float] | None:
    """0 and the capacity at work in the place, or None when the network cannot tell."""
    place, thing, year = key
    network = reference_network(ledger)
    try:
        names = chosen_commodities(network, thing, "mine", ledger.codes)
    except BadInput:
        return None
    amounts, _ = capacity_amounts(network, standing_capacity(network, year), names, thing=thing, by="place", codes=ledger.codes)
    inside = set(_members(ledger, place))
    return 0.0, float(amounts[amounts.index.isin(inside)].sum())


def _disagreement(found: Reliance, reported: float | None) -> list[str]:
    computed = found.apparent_consumption
    if reported is None or abs(computed - reported) <= AGREEMENT * abs(reported):
        return []
    words = f"apparent consumption is {computed:,.0f} here and {reported:,.0f} as reported"
    return [f"{words} (other definitions of stocks, scrap or forms)"]
