"""Bills of materials of products at a place, from the flows of a year: on the reference network or on a network package."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput, NotFound, Problem
from orepact.measure.costing.tariffs import cheapest
from orepact.measure.eligibility.elements import Elements
from orepact.measure.eligibility.of_flows import Workshop
from orepact.measure.eligibility.supply import Supply
from orepact.measure.tracing.transfers import Transfers
from orepact.service.cost.landed_cost_case import Case, case_of_facts, case_of_package
from orepact.service.law.makers import Makers, makers_of, planned_makers
from orepact.service.naming import commodities_named, country_in
from orepact.service.opening import manifest_of, sources_used

if TYPE_CHECKING:
    from orepact.chain import Flows, Network
    from orepact.facts import Ledger
    from orepact.measure.carbon import Carbon
    from orepact.measure.eligibility.bill import Bill, Offer

RATE = 0.05


@dataclass(frozen=True, eq=False)
class Shop:
    """The flows of one year, and the workshop that makes bills of them. ``ledger`` is None for a network package."""

    flows: Flows
    year: int
    workshop: Workshop
    case: Case
    ledger: Ledger | None

    @property
    def network(self) -> Network:
        """The network of the flows."""
        return self.flows.network

    def bills(
        self, product: str, place: str, stages: Sequence[str] = (), *, with_carbon: bool = False
    ) -> list[tuple[Bill, Mapping[str, Sequence[Offer]]]]:
        """The bill of each product that the name stands for, and the other sources of its materials.

        Of a stage (``CELL``) those that are made at the place; where none is, those that named plants of the place would make;
        where there are none of these, all that the world makes. Raises ``NotFound`` for unknown names and ``BadInput`` for a
        product of other stages than ``stages``.
        """
        spot = _place_named(self.network, place)
        named = _spoken_of(self.network, commodities_named(self.network, product), stages, product)
        found = [self._bill(name, spot) for name in self.workshop.chosen(named, spot)]
        if not with_carbon:
            return found
        return [(replace(bill, carbon_kg_co2e_per_kwh=self._carbon_of(bill)), offers) for bill, offers in found]

    def _bill(self, product: str, place: str) -> tuple[Bill, Mapping[str, Sequence[Offer]]]:
        if (product, place) not in self._known:
            bill = self.workshop.bill(product, place)
            self._known[product, place] = bill, self.workshop.offers(bill)
        return self._known[product, place]

    @cached_property
    def _known(self) -> dict[tuple[str, str], tuple[Bill, Mapping[str, Sequence[Offer]]]]:
        return {}

    @cached_property
    def _carbon(self) -> Carbon:
        from orepact.measure.carbon import Carbon
        from orepact.measure.emissions.emission_factors import ATTRIBUTES, factors_of_claims, factors_of_network

        if self.ledger is None:
            return Carbon(self.workshop.supply.transfers, factors_of_network(self.network))
        claims = self.ledger.resolve(list(ATTRIBUTES))
        factors = factors_of_claims(self.network, claims, self.year, self.ledger.codes.country)
        return Carbon(self.workshop.supply.transfers, factors)

    def _carbon_of(self, bill: Bill) -> float | None:
        """Footprint of what is made at the place, kg CO2e per kWh; None where it is not known."""
        basket = self._carbon.basket([bill.product], [bill.place], basis="production")
        return float(basket.kg_per_kwh) if basket.kg_per_kwh == basket.kg_per_kwh else None

    def provenance(self, bills: Sequence[Bill]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """The manifest of the flows, and the sources of the claims about the products and their direct materials."""
        made = {key: value for key, value in self.flows.manifest.as_dict().items() if key != "created"}
        if self.ledger is None:
            return made, []
        names = {name for bill in bills for name in (bill.product, *bill.materials)}
        claims = self.ledger.claims
        owned = claims["attribute"].isin(["owner_share", "owner_country"])
        used = claims[claims["thing"].isin(names) | (owned & claims["subject"].isin(self._sites(bills)))]
        return {**made, **manifest_of(self.ledger)}, sources_used(self.ledger, used)

    def estimated(self, bill: Bill) -> float:
        """Part of the arriving direct materials, by cost, whose flows nobody measured; NaN where that is not said."""
        quality, frame = self.flows.quality, self.flows.frame
        if quality is None or bill.hypothetical:
            return float("nan")
        price = {part.material: part.price_usd for part in bill.parts}
        into = (frame["kind"] == "route") & (frame["destination"] == bill.place) & frame["commodity"].isin(list(price))
        value = frame.loc[into, "quantity"] * frame.loc[into, "commodity"].map(price)
        weak = (quality["confidence"].to_numpy() == "estimated")[into.to_numpy()]
        return float(value[weak].sum() / value.sum()) if value.sum() > 0 else float("nan")

    def _sites(self, bills: Sequence[Bill]) -> list[str]:
        makers = [part.maker for bill in bills for part in bill.parts] + [maker for bill in bills for maker, _ in bill.makers]
        return [f"site:{maker.site}" for maker in makers if maker.site]


def shop_of_facts(
    ledger: Ledger, flows: Flows, year: int, day: date, *, owners: Path | None = None, scenario: str | Path | None = None
) -> Shop:
    """The shop of flows on the reference network; duties are those of ``day``."""
    when = day.year * 10_000 + day.month * 100 + day.day
    case = case_of_facts(ledger, flows, year, when, RATE, tariffs=None, scenario=scenario)
    makers = makers_of(ledger, country_in(ledger.codes), owners)
    return _shop(flows, case, ledger, makers, _plants(ledger, scenario, flows.network))


def shop_of_package(flows: Flows, year: int, *, owners: Path | None = None) -> Shop:
    """The shop of flows on a network package: its own costs, routes, tariffs and owners."""
    return _shop(flows, case_of_package(flows, year, RATE), None, makers_of(None, str, owners), flows.network)


def _shop(flows: Flows, case: Case, ledger: Ledger | None, makers: Makers, plants: Network) -> Shop:
    transfers = Transfers.of(flows, case.year)
    supply = Supply(transfers, case.basis, makers.country, _delivery(case))
    workshop = Workshop(supply, Elements(flows, transfers), makers.of_network(flows.network), planned_makers(plants, makers))
    return Shop(flows, case.year, workshop, case, ledger)


def _plants(ledger: Ledger, scenario: str | Path | None, chain: Network) -> Network:
    """The network with every named plant of the facts, those that begin after the year of the flows too."""
    from orepact.chain import Network, Scenario

    chosen = Scenario.load(scenario or "reference")
    return chain if set(chain.years) == set(chosen.years) else Network.from_facts(ledger, chosen)


def _place_named(network: Network, place: str) -> str:
    if place in network.places.index:
        return place
    if place in network.groups:
        inside = ", ".join(network.members(place))
        raise BadInput([Problem("place", "one place, where the product is made", f"the group {place}", f"name one of {inside}")])
    raise NotFound("place", place, network.places.index)


def _spoken_of(network: Network, names: Sequence[str], stages: Sequence[str], asked: str) -> tuple[str, ...]:
    """The products of the stages that a rule set speaks of."""
    stage = network.commodities["stage"]
    kept = tuple(name for name in names if not stages or stage[name] in stages or not stage[name])
    if not kept:
        expected = f"a product of the stages {', '.join(stages)}, of which the rules speak"
        raise BadInput([Problem("product", expected, asked, "ask for another product or rule set")])
    return kept


def _delivery(case: Case) -> Callable[[str, str, str, float], float | None]:
    """Transport and the cheapest duty on the price of what arrives; None where no way leads there."""

    def delivery(commodity: str, origin: str, destination: str, price: float) -> float | None:
        ride = case.ride(commodity, origin, destination)
        if ride is None:
            return None
        rate = cheapest(case.options(commodity, origin, destination)).rate
        duty = 0.0 if math.isnan(rate * price) else rate * price
        return ride.usd + duty

    return delivery
