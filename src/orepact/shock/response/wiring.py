"""``Wiring``: the index arrays that a week-by-week run of a case needs, made once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from orepact.shock.case.stores import released_only

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

    from orepact.shock.case.case import ShockCase
    from orepact.shock.events.disruption import Disruption


@dataclass(frozen=True, eq=False)
class Wiring:
    """Who takes from which node, and what arrives where.

    Lanes are the routes, then the detours. ``takes`` and ``gives`` (nodes x sites) are the two halves of ``S``; ``input_node``
    lists the input nodes site by site, ``input_first`` where each of ``input_site`` begins in it.
    """

    nodes: int
    takes: sparse.csc_array
    gives: sparse.csc_array
    input_node: NDArray[np.int64]
    input_first: NDArray[np.int64]
    input_site: NDArray[np.int64]
    lane_route: NDArray[np.int64]
    lane_start: NDArray[np.int64]
    lane_end: NDArray[np.int64]
    lane_lag: NDArray[np.int64]
    lane_left: NDArray[np.float64]
    want_node: NDArray[np.int64]
    store_node: NDArray[np.int64]
    drawn: NDArray[np.bool_]
    filled: NDArray[np.bool_]

    @classmethod
    def of(cls, case: ShockCase, disruption: Disruption) -> Wiring:
        """The wiring of a case with the second ways of a disruption."""
        network, stores = case.network, case.stores
        takes, gives = -network.S.minimum(0).tocsc(), network.S.maximum(0).tocsc()
        takes.eliminate_zeros()
        input_site = np.flatnonzero(np.diff(takes.indptr))
        turned = disruption.detours["route"].to_numpy(dtype=np.int64)
        route = np.concatenate([np.arange(len(case.flow)), turned])
        start, end = network.route_nodes
        commercial = (stores["kind"] == "warehouse").to_numpy()
        return cls(
            nodes=len(network.nodes),
            takes=takes,
            gives=gives,
            input_node=takes.indices.astype(np.int64),
            input_first=takes.indptr[input_site].astype(np.int64),
            input_site=input_site,
            lane_route=route,
            lane_start=start[route],
            lane_end=end[route],
            lane_lag=np.concatenate([case.lag_weeks, disruption.detours["lag_weeks"].to_numpy(dtype=np.int64)]),
            lane_left=1.0 - network.values("routes", "loss")[route],
            want_node=case.wants["node"].to_numpy(dtype=np.int64),
            store_node=stores["node"].to_numpy(dtype=np.int64),
            drawn=commercial,
            filled=commercial & ~released_only(case),
        )

    def sum_at(self, node: NDArray[np.int64], quantity: NDArray[np.float64]) -> NDArray[np.float64]:
        """Quantities added up at their nodes."""
        return np.bincount(node, quantity, minlength=self.nodes).astype(float)

    def scarcest(self, ration: NDArray[np.float64]) -> NDArray[np.float64]:
        """The smallest ration among the inputs of each site (Leontief); 1 where it needs none."""
        least = np.ones(self.takes.shape[1])
        if len(self.input_site):
            least[self.input_site] = np.minimum.reduceat(ration[self.input_node], self.input_first)
        return least
