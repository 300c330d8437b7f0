"""The routes of the reference network: only arcs that a plan may reasonably use, each with its freight cost.

An importing place may draw on its cheapest suppliers, on the world's largest, and on those it buys from in the trade
statistics; within Canada and from Canada to Korea, Japan and the United States every pair stays open.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
import pandas as pd

from orepact.chain.distance import Distances
from orepact.chain.reference.base_year import BaseYear
from orepact.chain.reference.evidence import Evidence
from orepact.chain.reference.recipes import RecipeBook
from orepact.chain.reference_settings import ReferenceSettings
from orepact.chain.routing import Freight, cheapest_ways

LARGEST_SUPPLIERS = 3
SERIOUS_SHARE = 0.002
OBSERVED_SHARE = 0.05
CORRIDOR_BUYERS = ("KOR", "JPN", "USA")


@dataclass(frozen=True, eq=False)
class RouteTable:
    """Builds the ``routes`` frame of the reference network."""

    evidence: Evidence
    recipes: RecipeBook
    settings: ReferenceSettings
    restrictions: tuple[str, ...]

    @cached_property
    def ways(self) -> pd.DataFrame:
        """Cheapest way of each ordered pair of places: usd_per_t, days, kg_co2e_per_t, indexed by (origin, destination)."""
        rate = self.evidence.thing_value("freight_cost", ["sea", "land"])
        handling = self.evidence.thing_value("handling_cost", ["sea", "land"])
        freight = Freight(float(rate["sea"]), float(rate["land"]), float(handling.get("sea", handling.iloc[0])))
        found = cheapest_ways(Distances.from_ledger(self.evidence.ledger), freight, self.restrictions)
        return found.set_index(["origin", "destination"])

    @cached_property
    def shipping_mass(self) -> pd.Series:
        """Tonnes that one unit of a commodity weighs: 1 for what is counted in tonnes."""
        claimed = self.evidence.thing_value("shipping_mass", list(self.evidence.codes.commodities))
        return pd.Series({name: claimed.get(name, 1.0) for name in self.evidence.codes.commodities})

    def table(self, sites: pd.DataFrame, demand: pd.DataFrame, base: BaseYear) -> pd.DataFrame:
        """Routes with columns commodity, origin, destination, cost_usd, kg_co2e, days."""
        sold, wanted = self._ends(sites, demand)
        fixed = {rule for rule, values in base.rules.items() if values.get("moves") is False}
        still = {str(self.recipes.outputs[process]) for process in fixed} | {"cell_scrap"}
        parts = [self._of(c, sold[c], wanted[c], base) for c in sorted(set(sold) & set(wanted)) if c not in still]
        routes = pd.concat([part for part in parts if len(part)], ignore_index=True)
        return self._priced(routes)

    def _ends(self, sites: pd.DataFrame, demand: pd.DataFrame) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
        """Places that may sell and places that may use each commodity."""
        sold: dict[str, set[str]] = {}
        wanted: dict[str, set[str]] = {str(c): set(part["place"]) for c, part in demand.groupby("commodity")}
        for code, places in sites.groupby("process")["place"]:
            process, _, place = str(code).partition("@")
            for commodity, amount in self.recipes.at(process, place).items():
                side = sold if amount > 0 else wanted
                side.setdefault(str(commodity), set()).update(places)
        return sold, wanted

    def _of(self, commodity: str, origins: set[str], destinations: set[str], base: BaseYear) -> pd.DataFrame:
        output = self._output(commodity, base)
        serious = [p for p in output.index if p in origins and output[p] >= SERIOUS_SHARE * output.sum()]
        pairs = self._suppliers(sorted(destinations), serious)
        pairs |= self._observed(commodity, origins, destinations) | self._canadian(origins, destinations)
        known = sorted(p for p in pairs if p[0] != p[1] and p in self._joined)
        return pd.DataFrame(known, columns=["origin", "destination"]).assign(commodity=commodity)

    def _output(self, commodity: str, base: BaseYear) -> pd.Series:
        """Base-year output by place, largest first; co-products count where their process runs."""
        total = pd.Series(dtype=float)
        for process, quantity in base.output.items():
            amount = float(self.recipes.default[process].get(commodity, 0.0))
            if amount > 0:
                total = total.add(quantity * amount, fill_value=0.0)
        return total.sort_values(ascending=False)

    def _suppliers(self, destinations: list[str], serious: list[str]) -> set[tuple[str, str]]:
        """The cheapest suppliers of each destination by freight, and the largest ones (``serious`` runs from the largest)."""
        freight = self._freight.reindex(index=serious, columns=destinations).to_numpy()
        order = np.argsort(np.where(np.isnan(freight), np.inf, freight), axis=0, kind="stable")
        near = order[: self.settings.routes_per_destination + 1]
        pairs = {(serious[row], destinations[column]) for column in range(len(destinations)) for row in near[:, column]}
        return pairs | set(product(serious[: LARGEST_SUPPLIERS + 1], destinations))

    @cached_property
    def _freight(self) -> pd.DataFrame:
        """Freight in USD per tonne, origins x destinations; 0 from a place to itself."""
        matrix = self.ways["usd_per_t"].unstack()
        for place in matrix.index.intersection(matrix.columns):
            matrix.loc[place, place] = 0.0
        return matrix

    @cached_property
    def _joined(self) -> frozenset[tuple[str, str]]:
        return frozenset(self.ways.index)

    def _observed(self, commodity: str, origins: set[str], destinations: set[str]) -> set[tuple[str, str]]:
        members = self.evidence.codes.members
        pairs = {(o, d) for a, b in self._trade.get(commodity, []) for o, d in product(members(a), members(b))}
        return {(o, d) for o, d in pairs if o in origins and d in destinations}

    @cached_property
    def _trade(self) -> dict[str, list[tuple[str, str]]]:
        """Pairs of places by commodity in which the seller holds a visible part of the buyer's imports in the base year."""
        claims = self.evidence.ledger.trade(year=self.evidence.base_year, attribute="trade_quantity")
        imports = claims.groupby(["partner", "thing", "source"])["number"].transform("sum")
        kept = claims[claims["number"] >= OBSERVED_SHARE * imports].drop_duplicates(["thing", "place", "partner"])
        groups = kept.groupby("thing")
        return {str(thing): list(zip(part["place"], part["partner"], strict=True)) for thing, part in groups}

    def _canadian(self, origins: set[str], destinations: set[str]) -> set[tuple[str, str]]:
        provinces = set(self.evidence.codes.members("CAN"))
        home = origins & provinces
        return set(product(home, destinations & (provinces | set(CORRIDOR_BUYERS))))

    def _priced(self, routes: pd.DataFrame) -> pd.DataFrame:
        ways = self.ways.reindex(pd.MultiIndex.from_frame(routes[["origin", "destination"]]))
        mass = routes["commodity"].map(self.shipping_mass).to_numpy(dtype=float)
        return pd.DataFrame(
            {
                "commodity": routes["commodity"], "origin": routes["origin"], "destination": routes["destination"],
                "cost_usd": ways["usd_per_t"].to_numpy() * mass, "kg_co2e": ways["kg_co2e_per_t"].to_numpy() * mass, "days": ways["days"].to_numpy(),
            }
        )  # fmt: skip
