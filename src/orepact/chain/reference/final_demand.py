"""What the chain serves at its end: vehicles, storage, electronics and the uses outside batteries, by place and year.

Quantities are in the unit of the commodity a year. docs/why/demand.md tells where each part comes from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from orepact.chain.reference.amounts import ByPlace, plus, positive, spread, times
from orepact.chain.reference.car_market import WORLD, CarMarket
from orepact.chain.reference.chemistry import Chemistry
from orepact.chain.reference.evidence import Evidence
from orepact.chain.reference.recipes import RecipeBook
from orepact.chain.reference.rules import FinalUses, final_uses
from orepact.chain.reference_settings import ReferenceSettings

LEAST = 1e-6
"""Demand below this is rounding and left out."""
#: Bounds of what vans, buses and trucks of a place may grow by, against the base year.
LEAST_HEAVY, MOST_HEAVY = 0.5, 20.0
STORAGE_CELLS = {"lithium": "cell_lfp", "nickel": "cell_nmc622"}


@dataclass(frozen=True, eq=False)
class FinalDemand:
    """Final demand of the reference network under one set of settings."""

    evidence: Evidence
    recipes: RecipeBook
    settings: ReferenceSettings
    _points: dict[tuple[str, str], tuple[list[int], list[float]]] = field(default_factory=dict, repr=False)

    @property
    def rules(self) -> FinalUses:
        """Which commodity each use draws on, and how world totals spread."""
        return final_uses()

    @cached_property
    def market(self) -> CarMarket:
        """Cars sold by place and year."""
        return CarMarket(self.evidence, self.settings)

    @cached_property
    def chemistry(self) -> Chemistry:
        """Cells by place."""
        return Chemistry(self.evidence, self.market)

    def year(self, year: int) -> dict[str, ByPlace]:
        """Demand of one year by commodity and place."""
        found: dict[str, ByPlace] = {}
        for commodity, quantity in self._pieces(year):
            found[commodity] = plus(found.get(commodity, {}), quantity)
        return {commodity: positive(quantity, LEAST) for commodity, quantity in found.items()}

    def _pieces(self, year: int) -> Iterator[tuple[str, ByPlace]]:
        yield from self._cars(year)
        heavy = self._heavy(year)
        with_lfp = {place: energy * self.rules.heavy_lfp(place) for place, energy in heavy.items()}
        yield "pack_ev_lfp", with_lfp
        yield "pack_ev_nickel", {place: energy - with_lfp[place] for place, energy in heavy.items()}
        yield "stationary_storage", spread(self.storage(year), self.weights(self.rules.storage_spread_by))
        yield "cell_lco", spread(self.electronics(year), self.weights(self.rules.spread_by))
        yield from self._outside(year)

    # Vehicles --------------------------------------------------------------------------------------

    def _cars(self, year: int) -> Iterator[tuple[str, ByPlace]]:
        sold = self.market.sold(year)
        share = {place: self.chemistry.lfp_share(place, year) for place in sold}
        yield "ev_car_lfp", {place: cars * share[place] for place, cars in sold.items()}
        yield "ev_car_nickel", {place: cars * (1.0 - share[place]) for place, cars in sold.items()}

    def _heavy(self, year: int) -> ByPlace:
        """Packs of vans, buses and trucks in MWh: those sold in the base year x battery size, growing as cars do."""
        base, now = self.market.sold(self.evidence.base_year), self.market.sold(year)

        def growth(place: str) -> float:
            cars = base.get(place, 0.0)
            return min(max(now.get(place, 0.0) / cars, LEAST_HEAVY), MOST_HEAVY) if cars else 1.0

        return {place: energy * growth(place) for place, energy in self._heavy_base.items()}

    @cached_property
    def _heavy_base(self) -> ByPlace:
        size = {fact.thing: fact.value for fact in self.evidence.facts("battery_size") if fact.place == WORLD}  # kWh, latest last
        parts = [
            times(self.market.leaves(self.evidence.by_place("sales", vehicle)), size[vehicle] / 1000.0)
            for vehicle in self.rules.heavy_vehicles
            if vehicle in size
        ]
        return plus(*parts)

    # Storage and electronics -------------------------------------------------------------------------

    def storage(self, year: int) -> float:
        """World's new stationary storage in MWh: the energy that the nickel and lithium of grid batteries stand for.

        ``nmc = nickel / nickel per MWh of NMC622`` and
        ``lfp = (lithium - nmc x lithium per MWh of NMC622) / lithium per MWh of LFP``
        """
        lfp, nmc = (self.contents[cell] for cell in STORAGE_CELLS.values())
        with_nickel = self.use("use_grid_storage", "nickel", year) / nmc["nickel"]
        lithium = self.use("use_grid_storage", "lithium", year) - with_nickel * nmc["lithium"]
        return with_nickel + max(lithium, 0.0) / lfp["lithium"]

    def electronics(self, year: int) -> float:
        """World's cells for consumer electronics in MWh."""
        growth = (1.0 + self.settings.consumer_electronics_growth_per_year) ** (year - self.evidence.base_year)
        return self.evidence.recent("electronics_battery_demand", "cell_lco").get(WORLD, 0.0) * growth

    # Outside batteries -------------------------------------------------------------------------------

    def _outside(self, year: int) -> Iterator[tuple[str, ByPlace]]:
        """Uses outside batteries by element, less what consumer electronics take, at the commodity where each draws."""
        weights = self.weights(self.rules.spread_by)
        for element, draws in self.rules.outside_batteries.items():
            tonnes = self.use("use_outside_batteries", element, year)
            tonnes -= self.electronics(year) * self.contents["cell_lco"].get(element, 0.0)
            for draw in draws:
                per_unit = self.contents[draw.counted_at][element] * self.recipes.requirement(draw.commodity, draw.counted_at)
                yield draw.commodity, spread(max(tonnes, 0.0) * draw.part / per_unit, weights)

    def use(self, attribute: str, element: str, year: int) -> float:
        """World use of an element in tonnes, on straight lines between the base year and the projection's years."""
        key = (attribute, element)
        if key not in self._points:
            later = self.evidence.series(f"{attribute}_{self.settings.use_projection}")
            known = {**later, **self.evidence.series(attribute)}
            points = sorted((at, values[WORLD]) for (thing, at), values in known.items() if thing == element and WORLD in values)
            self._points[key] = [at for at, _ in points], [value for _, value in points]
        years, values = self._points[key]
        return float(np.interp(year, years, values))

    def remainder(self, totals: Mapping[str, float], year: int) -> dict[str, ByPlace]:
        """Uses that no projection covers, from world totals of the base year by commodity: growing, spread by electricity."""
        growth = (1.0 + self.settings.bulk_use_growth_per_year) ** (year - self.evidence.base_year)
        weights = self.weights(self.rules.spread_by)
        return {commodity: spread(quantity * growth, weights) for commodity, quantity in totals.items()}

    def weights(self, attribute: str) -> ByPlace:
        """Leaf places weighted by a claim such as ``electricity_generation``, the rest of the world included."""
        return self.market.leaves(self.evidence.recent(attribute))

    @cached_property
    def contents(self) -> dict[str, dict[str, float]]:
        """Tonnes of element per unit of commodity: the code list, then what recipes put in."""
        return self.recipes.contents(self.evidence.contents)

    @cached_property
    def worth(self) -> dict[str, float]:
        """USD per unit of commodity: price claims of the base year, estimates of the rules where there is none."""
        return {**self.rules.price_usd, **self.evidence.prices}

    def shortage_cost(self, commodity: str) -> float:
        """USD that a missing unit of final demand costs."""
        return self.worth[commodity] * self.settings.shortage_cost_multiple
