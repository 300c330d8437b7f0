"""What the ledger knows, in the shape the builder asks for: numbers by place in base units, with their confidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from orepact.chain.reference.amounts import ByPlace, only, plus, spread, times, total

if TYPE_CHECKING:
    from orepact.facts.codes import Codes
    from orepact.facts.ledger import Ledger

PROVINCES = "CAN"
#: Years before the base year in which a statistic still counts, where it is not the usual one.
RECENT_YEARS = {"installed_capacity": 2, "sales": 0}
#: What hardly moves: the claim of the year nearest to the base year counts (of two equally near ones, the earlier).
SLOW = frozenset({
    "base_year_utilisation", "brine_share", "chemistry_share", "cost_level", "electronics_battery_demand",
    "population_share", "supply_share",
})  # fmt: skip
#: Attributes that the builder asks for, resolved together.
USED_ATTRIBUTES = frozenset({
    "background_emissions", "battery_size", "capacity_owner_share", "capital_cost", "direct_emissions", "electricity_generation",
    "electricity_use", "fixed_cost", "freight_cost", "freight_emissions", "grid_intensity", "handling_cost",
    "installed_capacity", "lead_time", "lifetime", "mine_owner_share", "mine_production", "price", "production",
    "recipe_amount", "refinery_owner_share", "refinery_production", "sales", "sales_projection_cps",
    "sales_projection_icct", "sales_projection_steps", "shipping_mass", "use_grid_storage", "use_grid_storage_aps",
    "use_grid_storage_nze", "use_grid_storage_steps", "use_outside_batteries", "use_outside_batteries_aps",
    "use_outside_batteries_nze", "use_outside_batteries_steps", "utilisation", "variable_cost",
    "wind_solar_generation",
}) | SLOW  # fmt: skip
#: Statistics of output that may be carried from the nearest year, and what scales them where it is not the mines of the thing.
CARRIED = frozenset({"production", "refinery_production"})
SCALED_WITH = {
    ("production", "alumina"): ("production", "bauxite"),
    ("production", "aluminium_ingot"): ("production", "bauxite"),
}
COLUMNS = ("attribute", "place", "partner", "thing", "process", "year", "unit", "number")


class Fact(NamedTuple):
    """One winning claim: ``value`` in the base unit of its dimension, ``year`` None where the claim has none."""

    place: str
    partner: str
    thing: str
    process: str
    year: int | None
    value: float


@dataclass(frozen=True, eq=False)
class Evidence:
    """Resolved claims of one ledger around one base year.

    ``carry``: a statistic of output that has no figure around the base year follows that of the nearest year (``carried``).
    """

    ledger: Ledger
    base_year: int
    carry: bool = False
    _by_place: dict[str, dict[tuple[str, int], ByPlace]] = field(default_factory=dict, repr=False)
    _recent: dict[tuple[str, str], ByPlace] = field(default_factory=dict, repr=False)

    @property
    def codes(self) -> Codes:
        """The code lists of the ledger."""
        return self.ledger.codes

    @cached_property
    def factors(self) -> dict[str, float]:
        """Factor of each unit to the base unit of its dimension."""
        return {name: float(unit.factor) for name, unit in self.codes.units.items()}

    @cached_property
    def _facts(self) -> dict[str, list[Fact]]:
        """Winners by attribute; the ledger is asked once for everything."""
        frame = self.ledger.resolve(sorted(USED_ATTRIBUTES & set(self.codes.attributes)))
        columns = {name: frame[name].to_numpy(dtype=object) for name in COLUMNS}
        values = frame["number"].to_numpy(dtype=float) * np.array([self.factors.get(unit, 1.0) for unit in columns["unit"]])
        found: dict[str, list[Fact]] = {name: [] for name in USED_ATTRIBUTES}
        names = ("attribute", "place", "partner", "thing", "process", "year")
        for *words, year, value in zip(*(columns[name] for name in names), values.tolist(), strict=True):
            attribute, place, partner, thing, process = words
            found[attribute].append(Fact(place, partner, thing, process, int(year) if year else None, value))
        return found

    def facts(self, attribute: str) -> list[Fact]:
        """Winning claims of one attribute, sorted by subject and year."""
        return self._facts[attribute]

    # By place ----------------------------------------------------------------------------------

    def series(self, attribute: str) -> dict[tuple[str, int], ByPlace]:
        """Values by place of an attribute, by thing ("" for none) and year."""
        if attribute not in self._by_place:
            found: dict[tuple[str, int], ByPlace] = {}
            for fact in self.facts(attribute):
                if fact.year is not None:
                    found.setdefault((fact.thing, fact.year), {})[fact.place] = fact.value
            self._by_place[attribute] = found
        return self._by_place[attribute]

    def yearly(self, attribute: str, thing: str = "") -> dict[int, ByPlace]:
        """Values by place of one attribute and thing, by year from the earliest."""
        found = {year: values for (name, year), values in self.series(attribute).items() if name == thing}
        return dict(sorted(found.items()))

    def by_place(self, attribute: str, thing: str = "", year: int | None = None) -> ByPlace:
        """Value by place of one attribute (and thing) in one year, default the base year; groups keep their own id."""
        return self.series(attribute).get((thing, self.base_year if year is None else year), {})

    def recent(self, attribute: str, thing: str = "") -> ByPlace:
        """``by_place`` in the base year, or where a place has nothing then, in one of the years that still count."""
        key = (attribute, thing)
        if key not in self._recent:
            self._recent[key] = self._find_recent(attribute, thing)
        return self._recent[key]

    def _find_recent(self, attribute: str, thing: str) -> ByPlace:
        yearly = self.yearly(attribute, thing)
        if attribute in SLOW:
            years = sorted(yearly, key=self._distance)
        else:
            years = [self.base_year - back for back in range(RECENT_YEARS.get(attribute, 1) + 1)]
        found: ByPlace = {}
        for year in reversed(years):
            found |= yearly.get(year, {})
        if not found and self.carry and attribute in CARRIED:
            found = self.carried(attribute, thing)[0]
        return found

    def carried(self, attribute: str, thing: str) -> tuple[ByPlace, int]:
        """Values by place of the nearest year with a figure, scaled to the base year by the world's mines; and that year.

        ``value = value of the nearest year x world output of SCALED_WITH in the base year / in the nearest year``, the ratio
        1 where either is not known. Nothing and year 0 where no year has a figure.
        """
        yearly = self.yearly(attribute, thing)
        if not yearly:
            return {}, 0
        year = self.nearest(yearly)
        measure = SCALED_WITH.get((attribute, thing), ("mine_production", thing))
        now, then = (_sum_of(self.yearly(*measure).get(at, {})) for at in (self.base_year, year))
        ratio = now / then if now > 0 and then > 0 else 1.0
        return times(yearly[year], ratio), year

    def nearest(self, years: Iterable[int]) -> int:
        """The year nearest to the base year; of two equally near ones the earlier."""
        return min(years, key=self._distance)

    def _distance(self, year: int) -> tuple[int, int]:
        return abs(year - self.base_year), year

    def leaves(self, attribute: str, thing: str = "", *, weights: Mapping[str, float] | None = None) -> ByPlace:
        """``recent`` with Canada spread over provinces and aggregates (world, Europe) left out."""
        return self.spread_canada(self.recent(attribute, thing), weights)

    def spread_canada(self, values: Mapping[str, float], weights: Mapping[str, float] | None = None) -> ByPlace:
        """Canada's value split over provinces by ``weights`` (default: population); leaf places pass through.

        What single provinces claim stays with them; only the rest of the country's value is spread.
        """
        leaf = only(values, self.codes.places)
        if PROVINCES not in values:
            return leaf
        rest = values[PROVINCES] - total(only(leaf, self.provinces))
        return leaf if rest <= 0 else plus(leaf, spread(rest, weights or self.population))

    @cached_property
    def provinces(self) -> tuple[str, ...]:
        """Leaf places of Canada."""
        return self.codes.members(PROVINCES) if PROVINCES in self.codes.groups else ()

    @cached_property
    def population(self) -> ByPlace:
        """Share of each province in Canada's population, summing to 1; equal parts where no claim stands."""
        return spread(1.0, self.recent("population_share") or dict.fromkeys(self.provinces, 1.0))

    @cached_property
    def cost_level(self) -> ByPlace:
        """Capital and fixed cost of places relative to Europe and North America, where one is claimed."""
        return self.recent("cost_level")

    # By thing or process -------------------------------------------------------------------------

    def latest(self, attribute: str) -> dict[str, float]:
        """Value of the latest year by process or thing, of claims that hold everywhere."""
        found: dict[str, tuple[int, float]] = {}
        for fact in self.facts(attribute):
            name, year = fact.process or fact.thing, fact.year or 0
            if not fact.place and year >= found.get(name, (0, 0.0))[0]:
                found[name] = (year, fact.value)
        return {name: value for name, (_, value) in found.items()}

    def at_places(self, attribute: str) -> dict[tuple[str, str], float]:
        """Value of the latest year by process and place, of claims on ``process@PLACE``."""
        rows = sorted((fact for fact in self.facts(attribute) if fact.process and fact.place), key=lambda fact: fact.year or 0)
        return {(fact.process, fact.place): fact.value for fact in rows}

    @cached_property
    def prices(self) -> dict[str, float]:
        """Price in USD per unit by commodity in the base year."""
        facts = self.facts("price")
        return {f.thing: f.value for f in reversed(facts) if f.year == self.base_year and f.thing in self.codes.commodities}

    @cached_property
    def contents(self) -> dict[str, dict[str, float]]:
        """Tonnes of element per unit of commodity of the code list."""
        return {name: dict(item.contents) for name, item in self.codes.commodities.items()}


def _sum_of(values: Mapping[str, float]) -> float:
    """The world's figure where one is given, else the sum of places."""
    return values.get("world", total(values))


def contents_frame(contents: Mapping[str, Mapping[str, float]], names: Iterable[str]) -> pd.DataFrame:
    """Contents of some commodities as the table of a network: commodity, element, t_per_unit."""
    rows = [(name, element, share) for name in names for element, share in contents.get(name, {}).items()]
    return pd.DataFrame(rows, columns=["commodity", "element", "t_per_unit"])
