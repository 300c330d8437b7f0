"""What a landed cost is computed from: the flows, what plants, ways and borders cost, by the facts or by a network package."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.measure.costing.tariffs import BASE, TariffMeasure, TariffOption, TariffPart
from orepact.measure.costing.tax_credits import TaxCredit, credits_for
from orepact.measure.costing.unit_cost import CostBasis
from orepact.measure.landed_cost import Ride, weakest
from orepact.service.naming import country_in

if TYPE_CHECKING:
    from orepact.chain import Flows, Network
    from orepact.chain.reference.evidence import Evidence
    from orepact.chain.reference.route_table import RouteTable
    from orepact.facts import Ledger
    from orepact.measure.costing.tariffs import TariffTable

#: Claims that costs rest on.
COST_CLAIMS = (
    "variable_cost",
    "fixed_cost",
    "capital_cost",
    "lifetime",
    "utilisation",
    "cost_level",
    "freight_cost",
    "handling_cost",
    "shipping_mass",
    "recipe_amount",
    "site_variable_cost",
    "price",
)
#: Stages whose running cost follows the cost level of a place; mines and refineries pay world prices for reagents and energy.
BY_LEVEL = ("precursor", "active_material", "component", "cell", "pack")
NETWORK_RULES = "network"
Options = Callable[[str, str, str], tuple[TariffOption, ...]]


@dataclass(frozen=True, eq=False)
class Case:
    """Flows of one year, the basis of cost, and how to ask for ways, duties and credits.

    ``tariffs`` is None where the routes of the network carry their own rates. ``day`` is ``yyyymmdd``.
    """

    flows: Flows
    year: int
    day: int
    basis: CostBasis
    levels: Mapping[str, float]
    tariffs: TariffTable | None
    ride: Callable[[str, str, str], Ride | None]
    options: Options
    credits: Callable[[str, str], tuple[TaxCredit, ...]]
    confidence: str
    prices: Mapping[str, float]
    ledger: Ledger | None = None
    claims: pd.DataFrame | None = None
    tariff_sources: Mapping[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def network(self) -> Network:
        """The network of the flows."""
        return self.flows.network


def case_of_package(flows: Flows, year: int, rate: float) -> Case:
    """A case from a network package: its own costs, routes and tariff rates."""
    network = flows.network
    routes = {
        (str(row.commodity), str(row.origin), str(row.destination)): row
        for row in network.routes.fillna(0.0).itertuples(index=False)
    }

    def ride(commodity: str, origin: str, buyer: str) -> Ride | None:
        if origin == buyer:
            return Ride(0.0, 0.0)
        row = routes.get((commodity, origin, buyer))
        return None if row is None else Ride(float(row.cost_usd), float(row.days))  # type: ignore[arg-type]  # numbers by the schema

    said = weakest(network.sites["confidence"])

    def options(commodity: str, origin: str, buyer: str) -> tuple[TariffOption, ...]:
        row = routes.get((commodity, origin, buyer))
        charged = 0.0 if row is None else float(row.tariff_rate)  # type: ignore[arg-type]  # a number by the schema
        measure = TariffMeasure("tariff_rate", BASE, buyer, origin, charged, confidence=said)
        return (TariffOption(NETWORK_RULES, (TariffPart(measure, charged),)),)

    day = year * 10_000 + 1231
    known = network.commodities["price_usd_per_unit"].dropna()
    prices = {str(name): float(price) for name, price in known.items() if price > 0}
    return Case(flows, year, day, CostBasis(rate), {}, None, ride, options, lambda _commodity, _place: (), said, prices)


def case_of_facts(
    ledger: Ledger, flows: Flows, year: int, day: int, rate: float, *, tariffs: Path | None, scenario: str | Path | None
) -> Case:
    """A case from the facts: costs by process at the cost level of the place, freight between any two places, dated duties."""
    from orepact.chain import Scenario
    from orepact.chain.reference.evidence import Evidence
    from orepact.measure.costing.tariff_files import known_by, read_tariffs

    chosen = Scenario.load(scenario or "reference")
    evidence = Evidence(ledger, min(year, chosen.reference.base_year))
    codes, unverified = ledger.codes, ledger.view.include_unverified
    headings = {name: codes_listed[0] for name, item in codes.commodities.items() for codes_listed in _latest(item.hs)}
    places = [*codes.places, *codes.groups]
    read, sources = read_tariffs(tariffs, headings=headings, country=country_in(codes), places=places)
    table = known_by(read, sources, ledger.view.day)

    def options(commodity: str, origin: str, buyer: str) -> tuple[TariffOption, ...]:
        return table.options(origin, buyer, commodity, day, include_unverified=unverified)

    network = flows.network
    claims = ledger.resolve([name for name in COST_CLAIMS if name in codes.attributes])
    claims = claims[_concerns(claims, network)]
    return Case(
        flows,
        year,
        day,
        _basis(evidence, network, rate),
        evidence.cost_level,
        table,
        _rides(network, evidence, chosen),
        options,
        _credits(network, table, day, include_unverified=unverified),
        weakest(claims["confidence"]),
        evidence.prices,
        ledger,
        claims,
        sources,
    )


def _basis(evidence: Evidence, network: Network, rate: float) -> CostBasis:
    """Costs of the facts: capital of every plant by its process and place, and running costs at the place's level."""
    level = evidence.cost_level
    capital, usual = evidence.latest("capital_cost"), evidence.latest("variable_cost")
    stages = network.commodities["stage"].reindex(network.site_output).to_numpy()
    invest, running = {}, {}
    rows = zip(network.sites.index, network.sites["process"], network.sites["place"], stages, strict=True)
    spent = network.values("sites", "variable_cost_usd")
    for at, (site, code, place, stage) in enumerate(rows):
        process = code.partition("@")[0]
        here = level.get(place, 1.0)
        if process in capital:
            invest[str(site)] = capital[process] * here
        if stage in BY_LEVEL and spent[at] == usual.get(process):
            running[str(site)] = here
    return CostBasis(rate, evidence.latest("utilisation"), invest, running)


def _rides(network: Network, evidence: Evidence, scenario: Any) -> Callable[[str, str, str], Ride | None]:
    """Ways of the network, and where it has none, the cheapest way of the distance table."""
    from orepact.chain.reference.recipes import RecipeBook
    from orepact.chain.reference.route_table import RouteTable

    ways = network.routes.fillna({"cost_usd": 0.0, "days": 0.0})
    ends = zip(ways["commodity"], ways["origin"], ways["destination"], strict=True)
    routes = dict(zip(ends, zip(ways["cost_usd"], ways["days"], strict=True), strict=True))
    table = RouteTable(evidence, RecipeBook.from_evidence(evidence), scenario.reference, scenario.restrictions)

    def ride(commodity: str, origin: str, buyer: str) -> Ride | None:
        if origin == buyer:
            return Ride(0.0, 0.0)
        key = (commodity, origin, buyer)
        if key in routes:
            cost, days = routes[key]
            return Ride(float(cost), float(days), confidence="estimated")
        return _hypothetical(table, key)

    return ride


def _hypothetical(table: RouteTable, key: tuple[str, str, str]) -> Ride | None:
    found = table.between(pd.DataFrame([key], columns=["commodity", "origin", "destination"]))
    if not len(found):
        return None
    return Ride(float(found["cost_usd"].iloc[0]), float(found["days"].iloc[0]), hypothetical=True, confidence="estimated")


def _credits(
    network: Network, table: TariffTable, day: int, *, include_unverified: bool
) -> Callable[[str, str], tuple[TaxCredit, ...]]:
    from orepact.facts.rules import RuleBook
    from orepact.measure.costing.tariff_files import shipped

    rules = RuleBook.shipped()
    when = date(day // 10_000, day // 100 % 100, day % 100)

    def found(commodity: str, place: str) -> tuple[TaxCredit, ...]:
        row = network.commodities.loc[commodity]
        return credits_for(
            shipped()["credits"],
            rules,
            commodity=commodity,
            stage=str(row["stage"]),
            unit=str(row["unit"]),
            names=table.names(place),
            day=when,
            include_unverified=include_unverified,
        )

    return found


def _latest(hs: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """The customs codes of the latest edition that lists any."""
    listed = [list(hs[edition]) for edition in sorted(hs) if hs[edition]]
    return listed[-1:]


def _concerns(claims: pd.DataFrame, network: Network) -> pd.Series:
    """Claims about processes, goods, places and sites of the network."""
    processes = set(network.sites["process"].str.partition("@")[0])
    things = {*network.commodities.index, "sea", "land"}
    of_thing = claims["thing"].isin(things) & (claims["kind"] != "site")
    process = claims["subject"].str.partition("/")[0].str.partition("@")[0]
    sites = {f"site:{name}" for name in network.sites.index}
    return process.isin(processes) | of_thing | (claims["attribute"] == "cost_level") | claims["subject"].isin(sites)
