"""Which cells the cars of each place carry: the LFP share, and how nickel-based batteries split."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from orepact.chain.reference.amounts import ByPlace, spread
from orepact.chain.reference.car_market import WORLD, CarMarket
from orepact.chain.reference.evidence import PROVINCES, Evidence

LFP = "cell_lfp"
NICKEL_CELLS = ("cell_nmc622", "cell_nmc811", "cell_nca")


@dataclass(frozen=True, eq=False)
class Chemistry:
    """Shares of car battery energy by cell, taken as shares of cars."""

    evidence: Evidence
    market: CarMarket

    @cached_property
    def shares(self) -> dict[str, ByPlace]:
        """Share of car battery energy by place and cell commodity in the base year, summing to 1 in each place."""
        by_year: dict[str, dict[int, ByPlace]] = {}
        for fact in self.evidence.facts("chemistry_share"):
            by_year.setdefault(fact.place, {}).setdefault(fact.year or 0, {})[fact.thing] = fact.value
        found = {place: years[self.evidence.nearest(years)] for place, years in by_year.items()}
        for province in self.evidence.provinces if PROVINCES in found else ():
            found.setdefault(province, found[PROVINCES])
        return {place: spread(1.0, shares) for place, shares in found.items() if any(shares.values())}

    @cached_property
    def world_lfp(self) -> float:
        """LFP share of the world; the mean of places where no claim for the world stands."""
        if WORLD in self.shares:
            return self.shares[WORLD].get(LFP, 0.0)
        return sum(shares.get(LFP, 0.0) for shares in self.shares.values()) / max(len(self.shares), 1)

    def lfp_share(self, place: str, year: int) -> float:
        """Share of the cars sold in a place that have an LFP battery.

        ``min(share of the base year + yearly shift x years since, maximum)``; the world's share where a place has none.
        """
        if place not in self.shares:
            return self.world_lfp
        settings = self.market.settings
        shift = settings.lfp_share_shift_per_year * max(year - self.evidence.base_year, 0)
        return min(max(self.shares[place].get(LFP, 0.0) + shift, 0.0), settings.lfp_share_maximum)

    @cached_property
    def nickel_mix(self) -> dict[str, float]:
        """How nickel-based car batteries of the world split by cell, weighted by the cars sold, summing to 1."""
        sold = self.market.sold(self.evidence.base_year)
        weights = {
            cell: sum(cars * self.shares.get(place, {}).get(cell, 0.0) for place, cars in sold.items()) for cell in NICKEL_CELLS
        }
        return spread(1.0, weights)
