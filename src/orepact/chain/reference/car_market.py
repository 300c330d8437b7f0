"""Electric cars sold by place: as reported, then on the way to a projection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from orepact.chain.reference.amounts import ByPlace, chosen, only, plus, spread, times, total, without
from orepact.chain.reference.evidence import Evidence
from orepact.chain.reference_settings import ReferenceSettings

WORLD, REST = "world", "ROW"
PROJECTED_YEAR = 2035
#: Bounds of the growth that the roadmap may give one place between two years.
LEAST_GROWTH, MOST_GROWTH = 0.5, 5.0


@dataclass(frozen=True, eq=False)
class CarMarket:
    """Sales of electric cars (battery, plug-in hybrid, fuel cell) by leaf place and year, in vehicles a year."""

    evidence: Evidence
    settings: ReferenceSettings
    _sold: dict[int, ByPlace] = field(default_factory=dict, repr=False)

    def sold(self, year: int) -> ByPlace:
        """Cars sold in a year: reported to the last year, then on a straight line to the IEA totals of 2035.

        Beyond 2035, and always under ``ev_projection: icct``, a place grows as the ICCT roadmap lets it grow.
        """
        if year not in self._sold:
            self._sold[year] = self._sales(year)
        return self._sold[year]

    def _sales(self, year: int) -> ByPlace:
        last = self.last_year
        if year <= last:
            return self.history[max((known for known in self.history if known <= year), default=min(self.history))]
        if self.settings.ev_projection == "icct":
            return self._grown(self.history[last], last, year)
        if year <= PROJECTED_YEAR:
            return between(self.history[last], self.projected, (year - last) / (PROJECTED_YEAR - last))
        return self._grown(self.projected, PROJECTED_YEAR, year)

    @cached_property
    def history(self) -> dict[int, ByPlace]:
        """Reported sales by leaf place, from the year before the base year on."""
        yearly = self.evidence.yearly("sales", "ev_car")
        return {year: self.leaves(values) for year, values in yearly.items() if year >= self.evidence.base_year - 1}

    @property
    def last_year(self) -> int:
        """The last year with reported sales."""
        return max(self.history)

    def leaves(self, values: Mapping[str, float]) -> ByPlace:
        """Values by leaf place: Canada by province, what the world has beyond the named places in the rest of the world."""
        leaves = self.evidence.spread_canada(values)
        rest = values.get(WORLD, 0.0) - total(leaves)
        return plus(leaves, {REST: rest}) if rest > 0 else leaves

    # Projection ------------------------------------------------------------------------------------

    @cached_property
    def roadmap(self) -> dict[int, ByPlace]:
        """Sales of the ICCT roadmap by leaf place and year."""
        return {year: self.leaves(values) for year, values in self.evidence.yearly("sales_projection_icct", "ev_car").items()}

    def _grown(self, start: ByPlace, first: int, year: int) -> ByPlace:
        earlier, later = self.roadmap[max(first, min(self.roadmap))], self.roadmap[min(year, max(self.roadmap))]
        world = total(later) / total(earlier)
        return {place: value * _growth(earlier.get(place, 0.0), later.get(place, 0.0), world) for place, value in start.items()}

    @cached_property
    def projected(self) -> ByPlace:
        """IEA regional totals of 2035 spread over places by the ICCT roadmap; the rest of the world takes what is left."""
        regions = self.evidence.by_place(f"sales_projection_{self.settings.ev_projection}", "ev_car", PROJECTED_YEAR)
        covered: set[str] = set()
        found: ByPlace = {}
        for region, cars in without(regions, {WORLD}).items():  # single places stand before groups, in capitals
            placed = total(only(found, self.evidence.codes.members(region)))
            members = [place for place in self.evidence.codes.members(region) if place not in covered]
            covered |= set(members)
            found = plus(found, spread(max(cars - placed, 0.0), self._weights(members)))
        left = [place for place in self.history[self.last_year] if place not in covered]
        return plus(found, spread(max(regions.get(WORLD, 0.0) - total(found), 0.0), self._weights(left)))

    def _weights(self, members: list[str]) -> ByPlace:
        """The roadmap's sales of some places, today's where the roadmap is silent."""
        return chosen({**self.history[self.last_year], **self.roadmap[PROJECTED_YEAR]}, members)


def between(start: Mapping[str, float], end: Mapping[str, float], step: float) -> ByPlace:
    """Values a part ``step`` of the way from start to end.

    >>> between({"KOR": 10.0}, {"KOR": 20.0, "JPN": 8.0}, 0.25)
    {'KOR': 12.5, 'JPN': 2.0}
    """
    return plus(times(start, 1.0 - step), times(end, step))


def _growth(earlier: float, later: float, world: float) -> float:
    return min(max(later / earlier, LEAST_GROWTH), MOST_GROWTH) if earlier > 0 else world
