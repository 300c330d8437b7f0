"""Bills of materials of products at a place, from the flows of a year: on the reference network or on a network package."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from orepact.errors import BadInput, NotFound, Problem
from orepact.measure.eligibility.elements import Elements
from orepact.measure.eligibility.of_flows import Workshop
from orepact.measure.eligibility.supply import Supply
from orepact.measure.tariffs import cheapest
from orepact.measure.transfers import Transfers
from orepact.service.flowing import Report, flows_for, flows_of_package
from orepact.service.landed_cost_case import Case, case_of_facts, case_of_package
from orepact.service.makers import makers_of, planned_makers
from orepact.service.naming import commodities_named

if TYPE_CHECKING:
    from orepact.chain import Network
    from orepact.facts import Ledger
    from orepact.measure.eligibility.bill import Bill, Offer

RATE = 0.05


def bills_of(
    ledger: Ledger,
    product: str,
    place: str,
    *,
    owners: Path | None,
    stages: Sequence[str],
    day: date,
    year: int | None = None,
    scenario: str | Path | None = None,
    network: Path | None = None,
    flows: Path | None = None,
    report: Report | None = None,
) -> list[tuple[Bill, Mapping[str, Sequence[Offer]]]]:
    """The bill of each product that the name stands for, and the other sources of its materials.

    Of a stage (``CELL``) those that are made at the place; where none is, those that named plants of the place would make;
    where there are none of these, all that the world makes. Raises ``NotFound`` for unknown names.
    """
    if network is not None:
        found = flows_of_package(network, year=year, flows=flows, report=report)
    else:
        found = flows_for(ledger, year=year, scenario=scenario, flows=flows, report=report)
    asked = year if year is not None else found.years[0]
    if network is not None:
        case = case_of_package(found, asked, RATE)
    else:
        when = day.year * 10_000 + day.month * 100 + day.day
        case = case_of_facts(ledger, found, asked, when, RATE, tariffs=None, scenario=scenario)
    chain = found.network
    spot = _place_named(chain, place)
    country = _countries(None if network is not None else ledger)
    makers = makers_of(None if network is not None else ledger, country, owners)
    transfers = Transfers.of(found, asked)
    supply = Supply(transfers, case.basis, country, _delivery(case))
    plants = chain if network is not None else _plants(ledger, scenario, chain)
    workshop = Workshop(supply, Elements(found, transfers), makers.of_network(chain), planned_makers(plants, makers))
    products = workshop.chosen(_spoken_of(chain, commodities_named(chain, product), stages, product), spot)
    bills = [workshop.bill(name, spot) for name in products]
    return [(bill, workshop.offers(bill)) for bill in bills]


def _plants(ledger: Ledger, scenario: str | Path | None, chain: Network) -> Network:
    """The network with every named plant of the facts, those that begin after the year of the flows too."""
    from orepact.chain import Network, Scenario

    chosen = Scenario.load(scenario or "reference")
    return chain if set(chain.years) == set(chosen.years) else Network.from_facts(ledger, chosen)


def _place_named(network: Network, place: str) -> str:
    if place not in network.places.index:
        if place in network.groups:
            inside = ", ".join(network.members(place))
            raise BadInput(
                [Problem("place", "one place, where the product is made", f"the group {place}", f"name one of {inside}")]
            )
        raise NotFound("place", place, network.places.index)
    return place


def _spoken_of(network: Network, names: Sequence[str], stages: Sequence[str], asked: str) -> tuple[str, ...]:
    """The products of the stages that a rule set speaks of."""
    stage = network.commodities["stage"]
    kept = tuple(name for name in names if not stages or stage[name] in stages or not stage[name])
    if not kept:
        expected = f"a product of the stages {', '.join(stages)}, of which the rules speak"
        raise BadInput([Problem("product", expected, asked, "ask for another product or rule set")])
    return kept


def _countries(ledger: Ledger | None) -> Callable[[str], str]:
    """The country of a place: by the code list, or the place itself in a package."""
    if ledger is None:
        return lambda place: place
    codes = ledger.codes
    return lambda place: codes.country(place) if place in codes.places or place in codes.groups else place


def _delivery(case: Case) -> Callable[[str, str, str, float], float | None]:
    """Transport and the cheapest duty on the price of what arrives; None where no way leads there."""

    def delivery(commodity: str, origin: str, destination: str, price: float) -> float | None:
        ride = case.ride(commodity, origin, destination)
        if ride is None:
            return None
        rate = cheapest(case.options(commodity, origin, destination)).rate
        duty = rate * price if rate == rate and price == price else 0.0  # noqa: PLR0124  NaN
        return ride.usd + duty

    return delivery
