"""Who made what stands in a pool, and what it costs there: the makers behind re-exports, by site, in one year."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import sparse

from orepact.measure.costing.unit_cost import CostBasis, UnitCosts, site_costs
from orepact.measure.tracing.propagation import Propagation, unfed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.chain import Network
    from orepact.measure.tracing.transfers import Transfers

#: Site of goods whose maker the flows do not tell (out of a stock, or from nowhere).
NOBODY = -1
#: Shares of makers below this are dust.
LEAST = 1e-4


@dataclass(frozen=True, eq=False)
class Supply:
    """The pools of one year with their makers and prices.

    ``country`` gives the country of a place; ``delivery`` the cost of transport and tariff (USD a unit of a commodity, from
    a place to a place, at a price), None where no way leads there.
    """

    transfers: Transfers
    basis: CostBasis
    country: Callable[[str], str]
    delivery: Callable[[str, str, str, float], float | None]

    @property
    def network(self) -> Network:
        """The network of the flows."""
        return self.transfers.network

    @cached_property
    def _moves(self) -> Propagation:
        """(I - M) of routes alone: M[n, m] is the part of pool n that arrived from pool m; without what moves in closed rings."""
        moved, size = self.transfers.moved, len(self.transfers.nodes)
        target, source = moved["target"].to_numpy(), moved["source"].to_numpy()
        part = np.where(self._makerless[target], 0.0, moved["arrived"].to_numpy() / self.transfers.supply[target])
        return Propagation(sparse.coo_array((part, (target, source)), shape=(size, size)).tocsc())

    @cached_property
    def _makerless(self) -> NDArray[np.bool_]:
        """Pools that only a ring of re-exports fills: no maker and no stock stands behind it."""
        moved, begun = self.transfers.moved, self.transfers.amount("made") + self.transfers.amount("drawn") > 0
        return unfed(len(begun), moved["target"], moved["source"], moved["arrived"], begun)

    def makers(self, weights: NDArray[np.float64]) -> dict[int, float]:
        """Share of each site (position; ``NOBODY`` for unknown) in a basket of pools, followed back through every re-export.

        ``weights``: units of each pool in the basket. Shares sum to 1; an empty basket has no makers.
        """
        total = float(weights.sum())
        if not total > 0:
            return {}
        passing = self._moves.solve_transposed(weights / total)
        held = self.transfers.supply
        per_unit = np.divide(passing, held, out=np.zeros(len(held)), where=held > 0)
        found: dict[int, float] = {}
        made, drawn = self.transfers.made, self.transfers.drawn
        for site, share in zip(made["site"], per_unit[made["node"]] * made["quantity"].to_numpy(), strict=True):
            found[int(site)] = found.get(int(site), 0.0) + float(share)
        found[NOBODY] = float((per_unit[drawn["node"].to_numpy(dtype=np.int64)] * drawn["quantity"].to_numpy()).sum())
        found[NOBODY] += float(passing[self._makerless].sum())
        kept = {site: share for site, share in found.items() if share > LEAST}
        whole = sum(kept.values())
        return {site: share / whole for site, share in kept.items()}

    def pool(self, commodity: str, places: Any) -> NDArray[np.float64]:
        """Weights of the pools of a commodity in some places: what entered each in the year."""
        transfers = self.transfers
        inside = (transfers.commodity == commodity) & np.isin(transfers.place, list(places))
        return np.where(inside, transfers.supply, 0.0)

    def exported(self, commodity: str, destination: str) -> NDArray[np.float64]:
        """Weights of the pools of a commodity by what they sent abroad, where a way leads from them to the destination."""
        transfers, weights = self.transfers, np.zeros(len(self.transfers.nodes))
        ends = transfers.moved[["source", "target"]].to_numpy()
        country = np.array([self.country(place) for place in transfers.place], dtype=object)
        abroad = country[ends[:, 0]] != country[ends[:, 1]]
        chosen = abroad & (transfers.commodity[ends[:, 0]] == commodity)
        np.add.at(weights, ends[chosen, 0], transfers.moved["sent"].to_numpy()[chosen])
        return np.where(self._reaches(commodity, destination), weights, 0.0)

    def produced(self, commodity: str, destination: str) -> NDArray[np.float64]:
        """Weights of the pools of a commodity by what was made there, where it can reach the destination."""
        return np.where(self._reaches(commodity, destination), self._made_of(commodity), 0.0)

    def _made_of(self, commodity: str) -> NDArray[np.float64]:
        return np.where(self.transfers.commodity == commodity, self.transfers.amount("made"), 0.0)

    def _reaches(self, commodity: str, destination: str) -> NDArray[np.bool_]:
        makes = self.transfers.place[self._made_of(commodity) > 0]
        return np.isin(self.transfers.place, [place for place in makes if self.has_way(commodity, str(place), destination)])

    # Prices --------------------------------------------------------------------------------------

    @cached_property
    def prices(self) -> dict[str, float]:
        """Listed prices, USD per unit."""
        listed = self.network.commodities["price_usd_per_unit"].dropna()
        return {str(name): float(price) for name, price in listed.items()}

    @cached_property
    def site_costs(self) -> pd.DataFrame:
        """Own cost of each site, USD per unit of main output, by component."""
        return site_costs(self.network, self.basis)

    @cached_property
    def _made_cost(self) -> pd.Series:
        """What a unit costs where it is made; inputs with a listed price are bought at it."""
        moved = self.transfers.moved["route"].to_numpy()
        costs = pd.DataFrame(
            {"transport": self.network.values("routes", "cost_usd")[moved], "tariff": self.network.route_tariff_usd[moved]}
        )
        return UnitCosts.of(self.transfers, self.site_costs, costs, self.prices).made_total

    @cached_property
    def mean_cost(self) -> pd.Series:
        """Mean cost of a commodity over all that is made of it."""
        weight = pd.Series(self.transfers.amount("made"), index=self.transfers.nodes)
        cost = self._made_cost
        known = cost.notna() & (weight > 0)
        paid = (cost * weight)[known].groupby(level=0).sum()
        return paid / weight[known].groupby(level=0).sum()

    def price(self, commodity: str, place: str) -> float:
        """USD per unit at the maker: the listed price, else the cost of making it there, else its mean cost; NaN for none."""
        if commodity in self.prices:
            return self.prices[commodity]
        cost = float(self._made_cost.get((commodity, place), float("nan")))
        return float(self.mean_cost.get(commodity, math.nan)) if math.isnan(cost) else cost

    def freight(self, commodity: str, origin: str, destination: str) -> float:
        """Transport and tariff, USD per unit; nothing at home, NaN where no way leads there."""
        key = (commodity, origin, destination)
        if origin == destination:
            return 0.0
        if key not in self._freights:
            found = self.delivery(*key, self.price(commodity, origin))
            self._freights[key] = float("nan") if found is None else found
        return self._freights[key]

    @cached_property
    def _freights(self) -> dict[tuple[str, str, str], float]:
        return {}

    def has_way(self, commodity: str, origin: str, destination: str) -> bool:
        """Whether goods can go straight from one place to the other."""
        cost = self.freight(commodity, origin, destination)
        return not math.isnan(cost)
