"""The unknowns of a baseline as one vector, and the balance they obey.

``v = (x, f, d, m, u)``: activity of each site, flow on each route, final demand, stock released (negative: taken in) and
surplus of co-products. ``balance @ v = 0`` is ``S x + N f - d + m - u = 0`` at every node.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.chain.network import Network

#: Blocks of the vector, in order.
BLOCKS = ("activity", "route", "demand", "stock", "surplus")


@dataclass(frozen=True, eq=False)
class Unknowns:
    """Layout of the vector for one year of a network.

    ``demand_nodes`` and ``surplus_nodes`` are rows of ``network.nodes``; activities, routes and stocks follow the sites,
    routes and nodes of the network. ``stocks`` tells whether stocks may change at all.
    """

    network: Network
    year: int
    demand_nodes: NDArray[np.int64]
    surplus_nodes: NDArray[np.int64]
    stocks: bool

    @classmethod
    def of(cls, network: Network, year: int, *, stocks: bool, surplus: bool) -> Unknowns:
        """The unknowns of a year: demand wherever the network or an observation speaks of it."""
        told = network.demand[(network.demand["year"] == year) & (network.demand["quantity"] > 0)]
        seen = network.observations
        seen = seen[(seen["kind"] == "demand") & (seen["year"] == year)]
        pairs = [(good, place) for good, at in zip(seen["commodity"], seen["place"], strict=True) for place in network.groups[at]]
        goods = [*told["commodity"], *(good for good, _ in pairs)]
        rows = network.positions(
            np.array(goods, dtype=str), np.array([*told["place"], *(place for _, place in pairs)], dtype=str)
        )
        feeds = np.flatnonzero(network.co_product_nodes) if surplus else np.zeros(0, dtype=np.int64)
        return cls(network, year, np.unique(rows[rows >= 0]), feeds, stocks)

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Number of unknowns of each block."""
        network = self.network
        counts = (len(network.sites), len(network.routes), len(self.demand_nodes), len(network.nodes) * self.stocks)
        return dict(zip(BLOCKS, (*counts, len(self.surplus_nodes)), strict=True))

    @cached_property
    def blocks(self) -> dict[str, slice]:
        """Where each block stands in the vector."""
        ends = np.cumsum(list(self.sizes.values()))
        return {name: slice(int(end) - size, int(end)) for (name, size), end in zip(self.sizes.items(), ends, strict=True)}

    def __len__(self) -> int:
        return sum(self.sizes.values())

    @cached_property
    def balance(self) -> sparse.csc_array:
        """Nodes x unknowns: what one unit of each unknown adds to each node."""
        network, rows = self.network, len(self.network.nodes)
        parts = [network.S, network.N, -_picked(rows, self.demand_nodes)]
        if self.stocks:
            parts.append(sparse.eye_array(rows, format="csc"))
        parts.append(-_picked(rows, self.surplus_nodes))
        return sparse.csc_array(sparse.hstack(parts, format="csc"))

    @cached_property
    def upper(self) -> NDArray[np.float64]:
        """Most that each unknown can be: capacities, 0 where nothing can ever come from; stocks are bounded by the prior."""
        network = self.network
        top = np.full(len(self), np.inf)
        top[self.blocks["activity"]] = np.where(self.fed_sites, network.site_capacity(self.year), 0.0)
        top[self.blocks["route"]] = np.where(self.fed_routes, network.values("routes", "capacity_per_year"), 0.0)
        return top

    @cached_property
    def fed(self) -> NDArray[np.bool_]:
        """Nodes that some chain of sites, routes and stockpiles can feed."""
        from orepact.chain.reach import reachable_nodes

        return np.array(reachable_nodes(self.network), dtype=np.bool_)

    @property
    def fed_sites(self) -> NDArray[np.bool_]:
        """Sites all of whose inputs can be fed."""
        takes = sparse.csc_array(self.network.S < 0).astype(float)
        return np.asarray(takes.T @ (~self.fed).astype(float) == 0, dtype=np.bool_)

    @property
    def fed_routes(self) -> NDArray[np.bool_]:
        """Routes whose origin can be fed."""
        return np.asarray(self.fed[self.network.route_nodes[0]], dtype=np.bool_)


def _picked(rows: int, nodes: NDArray[np.int64]) -> sparse.csc_array:
    """Nodes x picked nodes, a 1 in each column."""
    picks = np.arange(len(nodes))
    return sparse.coo_array((np.ones(len(nodes)), (nodes, picks)), shape=(rows, len(nodes))).tocsc()
