"""What a place produces, buys, sells and uses of a thing in a year, put together from the facts: the figures behind reliance.

Reported totals of imports and exports win over the sum of product trade. An element counts by contained tonnes in every form
that has a customs code. Withheld production follows from reported consumption, else it lies between 0 and the capacity
at work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from orepact.errors import BadInput, Problem
from orepact.measure.reliance import Reliance, contained, reliance_of
from orepact.measure.supply.amounts import base_unit, in_unit, national, places_under
from orepact.measure.supply.capacities import capacity_amounts, chosen_commodities, reference_network, standing_capacity

if TYPE_CHECKING:
    from orepact.chain import Network
    from orepact.facts import Codes, Ledger

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
    """Imports and exports of one place in a year, the claims behind them, and what no trade table holds.

    ``rows`` has ``commodity, direction, country`` (of the other side) and ``quantity``, in contained tonnes for an element.
    """

    rows: pd.DataFrame
    claims: pd.DataFrame
    warnings: tuple[str, ...]

    def total(self, direction: str) -> float:
        """Sum of one direction, ``imports`` or ``exports``."""
        return float(self.rows.loc[self.rows["direction"] == direction, "quantity"].sum())

    def by(self, *columns: str) -> pd.DataFrame:
        """Quantities summed over everything but the named columns."""
        return self.rows.groupby(list(columns))["quantity"].sum().reset_index()

    @property
    def sellers(self) -> pd.Series:
        """Imports by country of the seller, largest first."""
        bought = self.rows[self.rows["direction"] == "imports"]
        by_country: pd.Series = bought.groupby("country")["quantity"].sum()
        return by_country.sort_values(ascending=False, kind="stable")


@dataclass(frozen=True, eq=False)
class Figures:
    """What is known of a place and thing in a year: numbers by name (missing ones left out) and the claims."""

    numbers: dict[str, float]
    claims: pd.DataFrame
    unit: str


@dataclass(frozen=True, eq=False)
class Dependence:
    """Reliance of a place on imports of a thing in a year, with what it rests on; ``notes`` say what was taken for granted."""

    place: str
    thing: str
    year: int
    figures: Figures
    trade: Trade
    reliance: Reliance
    notes: tuple[str, ...]

    @property
    def largest(self) -> str:
        """The country that sells most of the traded imports; "" when no trade table has any."""
        return str(self.trade.sellers.index[0]) if self.trade.total("imports") > 0 else ""

    @property
    def largest_share(self) -> float:
        """Its part of the traded imports; NaN without any."""
        bought = self.trade.total("imports")
        return float(self.trade.sellers.iloc[0]) / bought if bought > 0 else float("nan")

    @property
    def claims(self) -> list[pd.DataFrame]:
        """The claims that were used."""
        return [frame for frame in (self.figures.claims, self.trade.claims) if len(frame)]


def dependence_of(ledger: Ledger, place: str, thing: str, year: int, *, network: Network | None = None) -> Dependence | None:
    """Reliance of a place on imports of an element or commodity in a year; None when no source gives any figure.

    ``network`` tells the capacity at work where production is not known (default: the reference network of the facts).
    Raises ``NotFound`` for unknown names.
    """
    codes = ledger.codes
    codes.place(place), codes.thing(thing)
    figures, trade = figures_of(ledger, place, thing, year), trade_of(ledger, place, thing, year)
    if figures.claims.empty and trade.claims.empty:
        return None
    reliance, notes = _reliance(ledger, (place, thing, year), figures, trade, network)
    return Dependence(place, thing, year, figures, trade, reliance, tuple(notes))


def latest_year(ledger: Ledger, place: str, thing: str) -> int:
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


def figures_of(ledger: Ledger, place: str, thing: str, year: int) -> Figures:
    """The reported statistics of a place and thing in a year; provinces count where there is no national claim."""
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


def trade_of(ledger: Ledger, place: str, thing: str, year: int) -> Trade:
    """Product trade of the place with the rest of the world; an element by its contained tonnes."""
    codes = ledger.codes
    names, inside = _commodities(ledger, thing), _members(ledger, place)
    claims = foreign_trade(ledger, names, year, inside, "trade_quantity")
    arrives = claims["partner"].isin(inside)
    other = claims["place"].where(arrives, claims["partner"])
    flows = pd.DataFrame(
        {
            "commodity": claims["thing"],
            "direction": arrives.map({True: "imports", False: "exports"}),
            "country": other.map({name: _country(codes, str(name)) for name in other.unique()}),
            "quantity": in_unit(codes, claims, "t") if len(claims) else claims["number"],
        }
    )
    if thing in codes.elements:
        held = {name: codes.commodities[name].contents[thing] for name in names}
        flows = contained(flows, held)
        flows = flows.assign(quantity=flows["contained_t"])
    seen = set(ledger.trade(names, year, attribute="trade_quantity")["thing"])
    return Trade(flows, claims, tuple(_absent(ledger, set(names) - seen, year)))


def foreign_trade(ledger: Ledger, names: list[str], year: int, inside: list[str], attribute: str) -> pd.DataFrame:
    """The winning claims of one attribute of trade between some places and everybody else."""
    bought = ledger.trade(names, year, attribute=attribute, partner=inside, resolved=True)
    sold = ledger.trade(names, year, attribute=attribute, place=inside, resolved=True)
    return pd.concat([bought[~bought["place"].isin(inside)], sold[~sold["partner"].isin(inside)]], ignore_index=True)


def _country(codes: Codes, place: str) -> str:
    return codes.country(place) if place in codes.places else place


def _absent(ledger: Ledger, names: set[str], year: int) -> list[str]:
    """In words, the forms whose trade is not counted: those without a table, and those without a customs code of their own."""
    coded = sorted(name for name in names if ledger.codes.commodities[name].hs)
    bare = sorted(names - set(coded))
    out = [f"no trade of {year} is in these facts for {', '.join(coded)}"] if coded else []
    return out + ([f"no customs code of its own, so no trade, for {', '.join(bare)}"] if bare else [])


def _reliance(
    ledger: Ledger, key: tuple[str, str, int], figures: Figures, trade: Trade, network: Network | None
) -> tuple[Reliance, list[str]]:
    known, notes = figures.numbers, []
    reported = "import_total" in known and "export_total" in known
    if not reported:
        notes = [*trade.warnings]
    mined, recovered = known.get("mine_production", known.get("production")), known.get("secondary_production", 0.0)
    production = None if mined is None else mined + recovered
    asked = known.get("apparent_consumption")
    bounds = _capacity_bounds(ledger, key, network) if production is None and asked is None else None
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
    notes += _behind_production(figures)
    notes.append("imports and exports are reported totals" if reported else "imports and exports are the sum of product trade")
    return found, notes


def _behind_production(figures: Figures) -> list[str]:
    """How output was told where no source reports it: the notes of its claims, such as a figure that a survey withholds."""
    made = figures.claims[figures.claims["attribute"].isin(["mine_production", "production"])]
    told = made[(made["confidence"] != "reported") & (made["note"] != "")].drop_duplicates("note")
    return [f"production is {row.confidence}: {row.note}" for row in told.itertuples(index=False)]


def _capacity_bounds(ledger: Ledger, key: tuple[str, str, int], network: Network | None) -> tuple[float, float] | None:
    """0 and the capacity at work in the place, or None when the network cannot tell."""
    place, thing, year = key
    network = network or reference_network(ledger)
    try:
        names = chosen_commodities(network, thing, "mine", ledger.codes)
    except BadInput:
        return None
    amounts, _ = capacity_amounts(network, standing_capacity(network, year), names, thing=thing, by="place", codes=ledger.codes)
    inside = set(_members(ledger, place))
    return 0.0, float(amounts[amounts.index.isin(inside)].sum())
