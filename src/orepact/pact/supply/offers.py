"""What sites could sell in a year: their capacity less what contracts promise, as ``matching`` takes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from orepact.pact.dates.days import Span, happened
from orepact.pact.projects.contracts import Committed, Contract, committed
from orepact.pact.projects.project import ENDED, Project
from orepact.pact.supply.matching import Offer, firmness

if TYPE_CHECKING:
    from orepact.pact.records.register import Register
    from orepact.pact.supply.cascade import Chain, Plant

NOTHING = Committed("", 0.0, 0.0, (), ())
#: Milestones from which goods can be had, the surer first.
SELLING = ("product", "start")


def offers(
    chain: Chain,
    register: Register,
    commodity: str,
    year: int,
    on: date,
    *,
    passes: Mapping[str, Mapping[str, bool | None]] | None = None,
    carbon: Mapping[str, float] | None = None,
    grades: Mapping[str, frozenset[str]] | None = None,
) -> tuple[Offer, ...]:
    """Every site whose main output is a commodity, with what it could sell in a year as known on a day.

    ``passes`` (by site and rule), ``carbon`` (kg CO2e per kg, by site) and ``grades`` (by site) come from elsewhere; where they
    are silent it is not known. Contracts whose conditions are open count as promised all the same.
    """
    sold = _Sold.of(chain, register, year, on)
    rules, footprint, made = passes or {}, carbon or {}, grades or {}
    found = []
    for plant in sorted(chain.plants.values(), key=lambda one: one.site):
        if chain.makes(plant) == commodity:
            site, offer = plant.site, sold.offer(plant, commodity)
            found.append(replace(offer, grades=made.get(site), passes=rules.get(site, {}), carbon=footprint.get(site)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Sold:
    """What the register says of sites in a year, as known on a day: contracts, states of projects, their starts."""

    contracts: Sequence[Contract]
    traced: frozenset[tuple[str | None, str | None]]
    firm: Mapping[str, float | None]
    projects: Mapping[str, Project]
    year: int
    on: date

    @classmethod
    def of(cls, chain: Chain, register: Register, year: int, on: date) -> _Sold:
        contracts = register.all(Contract)
        traced = frozenset((contract.site, contract.commodity) for contract in contracts if contract.version(on))
        firm = {status: firmness(register, status) for status in {plant.status for plant in chain.plants.values()}}
        return cls(contracts, traced, firm, {one.site: one for one in register.all(Project) if one.site}, year, on)

    def offer(self, plant: Plant, commodity: str) -> Offer:
        """What a plant could sell of the commodity that it makes."""
        sold = committed(self.contracts, plant.site, self.year, self.on, output=plant.capacity, output_unit=plant.unit)
        told = sold.get(commodity, NOTHING)
        return Offer(
            plant.site, plant.name, commodity, plant.status, plant.capacity, plant.unit, told.promised_in(plant.unit),
            told.doubtful_in(plant.unit), (plant.site, commodity) in self.traced, _start(self.projects.get(plant.site), self.on),
            self.firm[plant.status],
        )  # fmt: skip


def _start(project: Project | None, on: date) -> str | None:
    """The date for which goods were last planned, as known on a day."""
    if project is None or project.standing(on).status in ENDED:
        return None
    for milestone in SELLING:
        said = [plan for plan in reversed(project.plans) if plan.milestone == milestone and happened(plan.said_on, on)]
        if said:
            return max(said, key=lambda plan: Span.of(plan.said_on).last).planned_for
    return None


def doubly_sold(chain: Chain, register: Register, year: int, on: date) -> Iterator[tuple[str, str, float, float]]:
    """Site, commodity, promised and capacity a year where contracts promise more than a site can make."""
    contracts = register.all(Contract)
    for site in sorted({contract.site for contract in contracts if contract.site}):
        plant = chain.plants.get(site)
        if plant is None or plant.capacity is None:
            continue
        for commodity, told in committed(contracts, site, year, on, output=plant.capacity, output_unit=plant.unit).items():
            promised = told.promised_in(plant.unit)
            if promised > plant.capacity and chain.makes(plant) == commodity:
                yield site, commodity, promised, plant.capacity
