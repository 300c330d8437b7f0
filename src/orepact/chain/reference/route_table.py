"""The routes of the reference network: only arcs that a plan may reasonably use, each with its freight cost.

An importing place may draw on its cheapest suppliers, on the world's largest, and on those it buys from in the trade
statistics; within Canada and from Canada to Korea, Japan and the United States every pair stays open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
import pandas as pd

from orepact.chain.distance import LAND, LEG, Distances, sea_attributes
from orepact.chain.reference.amounts import ByPlace, total
from orepact.chain.reference.base_year import BaseYear
from orepact.chain.reference.evidence import Evidence
from orepact.chain.reference.recipes import RecipeBook
from orepact.chain.reference_settings import ReferenceSettings
from orepact.chain.routing import Freight, priced_ways

LARGEST_SUPPLIERS = 4
SERIOUS_SHARE = 0.002
OBSERVED_SHARE = 0.05
CORRIDOR_BUYERS = frozenset({"KOR", "JPN", "USA"})
STILL = frozenset({"cell_scrap"})
Pairs = set[tuple[str, str]]


@dataclass(frozen=True, eq=False)
class RouteTable:
    """Builds the ``routes`` frame of the reference network."""

    evidence: Evidence
    recipes: RecipeBook
    settings: ReferenceSettings
    restrictions: tuple[str, ...]

    @cached_property
    def freight(self) -> dict[str, float]:
        """USD per tonne and km at sea by commodity, and under ``sea`` and ``land`` for what has no rate of its own."""
        return self.evidence.latest("freight_cost")

    @cached_property
    def freight_emissions(self) -> dict[str, float]:
        """Kg CO2e per tonne and km at sea by commodity, and under ``sea`` and ``land`` for what has no factor of its own."""
        return self.evidence.latest("freight_emissions")

    @cached_property
    def ways(self) -> pd.DataFrame:
        """Every way by sea and land between two places: mode, sea_km, land_km, usd_per_t, days."""
        handling = self.evidence.latest("handling_cost")
        freight = Freight(self.freight["sea"], self.freight["land"], handling["sea"])
        claims = self.evidence.ledger.resolve([*sea_attributes(), LAND, LEG])
        return priced_ways(Distances.from_claims(claims), freight, self.restrictions)

    def table(
        self, sites: pd.DataFrame, demand: pd.DataFrame, base: BaseYear, more: Mapping[str, Pairs] | None = None
    ) -> pd.DataFrame:
        """Routes with columns commodity, origin, destination, cost_usd, kg_co2e, days; ``more`` pairs by commodity on top."""
        sold, wanted = self.ends(sites, demand)
        pairs: dict[str, Pairs] = {name: set(listed) for name, listed in (more or {}).items()}
        for commodity in set(sold) & set(wanted) - self.still(base):
            here = pairs.setdefault(commodity, set())
            here |= set(self._pairs(commodity, sold[commodity], wanted[commodity], base))
        rows = [(name, *pair) for name in sorted(pairs) for pair in sorted(pairs[name])]
        return self._priced(pd.DataFrame(rows, columns=["commodity", "origin", "destination"]))

    @cached_property
    def joined(self) -> frozenset[tuple[str, str]]:
        """Pairs of places that some way joins."""
        return frozenset(self._rows)

    def between(self, wanted: pd.DataFrame) -> pd.DataFrame:
        """Cost, emissions and days of any commodity between any two places (columns commodity, origin, destination).

        Pairs that no way joins are left out.
        """
        joined = [pair in self._rows for pair in zip(wanted["origin"], wanted["destination"], strict=True)]
        return self._priced(wanted.loc[joined, ["commodity", "origin", "destination"]].reset_index(drop=True))

    def still(self, base: BaseYear) -> set[str]:
        """Commodities that never leave their place."""
        return {*STILL} | {self.recipes.outputs[process] for process, rule in base.rules.items() if not rule.moves}

    def ends(self, sites: pd.DataFrame, demand: pd.DataFrame) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
        """Places that may sell and places that may use each commodity."""
        sold: dict[str, set[str]] = {}
        wanted: dict[str, set[str]] = {}
        for commodity, place in set(zip(demand["commodity"], demand["place"], strict=True)):
            wanted.setdefault(commodity, set()).add(place)
        for code, place in set(zip(sites["process"], sites["place"], strict=True)):
            for commodity, amount in self.recipes.at(code.partition("@")[0], place).items():
                (sold if amount > 0 else wanted).setdefault(commodity, set()).add(place)
        return sold, wanted

    def _pairs(self, commodity: str, origins: set[str], destinations: set[str], base: BaseYear) -> list[tuple[str, str]]:
        output = base.shares(commodity)
        pairs = self._suppliers(sorted(destinations), _serious(output, origins))
        pairs |= self._observed(commodity, origins, destinations) | self._canadian(origins, destinations)
        return sorted(pair for pair in pairs if pair[0] != pair[1] and pair in self._rows)

    def _suppliers(self, destinations: Sequence[str], serious: Sequence[str]) -> Pairs:
        """The cheapest suppliers of each destination by freight, and the largest ones (``serious`` runs from the largest)."""
        if not serious:
            return set()
        places = self._places
        freight = self._freight[np.ix_([places[place] for place in serious], [places[place] for place in destinations])]
        near = np.argsort(freight, axis=0, kind="stable")[: self.settings.routes_per_destination + 1]
        pairs = {(serious[row], place) for place, column in zip(destinations, near.T, strict=True) for row in column}
        return pairs | set(product(serious[:LARGEST_SUPPLIERS], destinations))

    @cached_property
    def _places(self) -> dict[str, int]:
        return {place: row for row, place in enumerate(self.evidence.codes.places)}

    @cached_property
    def _freight(self) -> np.ndarray:
        """Cheapest freight in USD per tonne, origins x destinations; 0 from a place to itself, infinite where no way leads."""
        matrix = np.full((len(self._places), len(self._places)), np.inf)
        np.fill_diagonal(matrix, 0.0)
        usd = self.ways["usd_per_t"].to_numpy(dtype=float)
        for (origin, destination), rows in self._rows.items():
            if origin in self._places and destination in self._places:
                matrix[self._places[origin], self._places[destination]] = usd[[row for row in rows if row >= 0]].min()
        return matrix

    @cached_property
    def _rows(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Rows in ``ways`` of each pair that some way joins: by sea and over land, -1 where there is none."""
        found: dict[tuple[str, str], tuple[int, int]] = {}
        names = (self.ways[name].tolist() for name in ("origin", "destination", "mode"))
        for row, (origin, destination, mode) in enumerate(zip(*names, strict=True)):
            sea, land = found.get((origin, destination), (-1, -1))
            found[origin, destination] = (row, land) if mode == "sea" else (sea, row)
        return found

    def _observed(self, commodity: str, origins: set[str], destinations: set[str]) -> Pairs:
        members = self.evidence.codes.members
        pairs = {(o, d) for a, b in self._trade.get(commodity, []) for o, d in product(members(a), members(b))}
        return {(o, d) for o, d in pairs if o in origins and d in destinations}

    @cached_property
    def _trade(self) -> dict[str, list[tuple[str, str]]]:
        """Pairs of places by commodity in which the seller holds a visible part of the buyer's imports in the base year."""
        claims = self.evidence.ledger.trade(year=self.evidence.base_year, attribute="trade_quantity")
        imports = claims.groupby(["partner", "thing", "source"])["number"].transform("sum")
        kept = claims[claims["number"] >= OBSERVED_SHARE * imports]
        found: dict[str, list[tuple[str, str]]] = {}
        for thing, *pair in set(zip(kept["thing"], kept["place"], kept["partner"], strict=True)):
            found.setdefault(thing, []).append((pair[0], pair[1]))
        return found

    def _canadian(self, origins: set[str], destinations: set[str]) -> Pairs:
        provinces = set(self.evidence.provinces)
        return set(product(origins & provinces, destinations & (provinces | CORRIDOR_BUYERS)))

    def _priced(self, routes: pd.DataFrame) -> pd.DataFrame:
        """Cost, emissions and days of each route by its cheaper way, sea or land (land wins a tie).

        ``cost = mass of a unit on the way x (cost of a tonne + km x (sea freight of the commodity - that of a box))``; the
        mass is 1 where tonnes are counted. What a ship charges for room or danger, trains and trucks charge too.
        """
        pairs = zip(routes["origin"], routes["destination"], strict=True)
        rows = np.array([self._rows[pair] for pair in pairs], dtype=np.int64).reshape(-1, 2)
        usual = self.freight["sea"]
        dearer = routes["commodity"].map(self.freight).astype(float).fillna(usual).to_numpy() - usual
        usd, sea_km, land_km = (self.ways[name].to_numpy(dtype=float)[rows] for name in ("usd_per_t", "sea_km", "land_km"))
        cost = np.where(rows < 0, np.inf, usd + (sea_km + land_km) * dearer[:, None])
        by_land = cost[:, 1] <= cost[:, 0]
        row = np.where(by_land, rows[:, 1], rows[:, 0])
        mass = routes["commodity"].map(self.evidence.latest("shipping_mass")).astype(float).fillna(1.0).to_numpy()
        days = self.ways["days"].to_numpy(dtype=float)[row]
        way = (self.ways[name].to_numpy(dtype=float)[row] for name in ("sea_km", "land_km"))
        carbon = self._emitted(routes["commodity"], *way)
        return routes.assign(cost_usd=mass * cost.min(axis=1), kg_co2e=carbon * mass, days=days)

    def _emitted(self, commodities: pd.Series, sea_km: np.ndarray, land_km: np.ndarray) -> np.ndarray:
        """Kg CO2e of moving a tonne: ``sea_km x factor of the commodity at sea + land_km x factor of land``."""
        factor = self.freight_emissions
        usual, land = factor.get("sea", np.nan), factor.get("land", np.nan)
        at_sea = commodities.map(factor).astype(float).fillna(usual).to_numpy()
        carbon: np.ndarray = np.where(sea_km > 0, sea_km * at_sea, 0.0) + land_km * land
        return carbon


def _serious(output: ByPlace, origins: set[str]) -> list[str]:
    """Places of supply that count, from the largest."""
    least = SERIOUS_SHARE * total(output)
    return [place for place, quantity in output.items() if place in origins and quantity >= least]
