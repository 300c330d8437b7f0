"""The two programs of the aggregate form, each kept warm: what is lost in a time, and how long nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from orepact.errors import SolverFailed
from orepact.linear import LinearProgram, WarmProgram
from orepact.linear.warm import Bounds
from orepact.shock.exposure.hit import UNTOUCHED, Hit
from orepact.shock.exposure.scaling import node_sizes, route_sizes, site_sizes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.shock.exposure.aggregate import Aggregate

#: Below this share of what is wanted of a commodity, nothing is missing and nothing is used.
NOTHING = 1e-9
#: A demand below this share of what is wanted of the commodity in all is too small to be told from rounding: nobody asks for it.
LEAST = 1e-7
SETTINGS = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10, "small_matrix_value": 1e-12}
#: Weight of a lost unit beside its worth, as a fraction of the smallest worth: of equal losses the one with fewer units.
TIE = 1e-6


@dataclass(frozen=True, eq=False)
class Columns:
    """Sizes, matrices and limits of one aggregate, all in sizes of the commodities (``scaling``)."""

    aggregate: Aggregate
    node_size: NDArray[np.float64]
    site_size: NDArray[np.float64]
    route_size: NDArray[np.float64]

    @classmethod
    def of(cls, aggregate: Aggregate) -> Columns:
        """The scaled columns of an aggregate."""
        return cls(aggregate, node_sizes(aggregate), site_sizes(aggregate), route_sizes(aggregate))

    @property
    def sites(self) -> int:
        """How many columns are sites; those of routes follow."""
        return len(self.site_size)

    @property
    def moving(self) -> int:
        """How many columns are sites or routes."""
        return len(self.site_size) + len(self.route_size)

    @property
    def size(self) -> NDArray[np.float64]:
        """Size of each site and route."""
        return np.concatenate([self.site_size, self.route_size])

    @property
    def capacity(self) -> NDArray[np.float64]:
        """Capacity of each site and route, scaled."""
        return np.concatenate([self.aggregate.site_capacity, self.aggregate.route_capacity]) / self.size

    def matrix(self) -> Any:
        """Nodes x (sites, routes): the recipes and routes, scaled."""
        network = self.aggregate.network
        joined = sparse.hstack([network.S, network.N], format="csc")
        return sparse.diags_array(1.0 / self.node_size) @ joined @ sparse.diags_array(self.size)

    def at_nodes(self, node: NDArray[np.int64]) -> Any:
        """Nodes x rows: a one where a demand or stock stands."""
        return sparse.coo_array((np.ones(len(node)), (node, np.arange(len(node)))), shape=(len(self.node_size), len(node)))

    def needed(self) -> NDArray[np.float64]:
        """Final demand less inflow of each node, scaled."""
        out = -self.aggregate.inflow
        np.add.at(out, self.aggregate.wants["node"].to_numpy(), self.wanted)
        return out / self.node_size

    @cached_property
    def wanted(self) -> NDArray[np.float64]:
        """Quantity of each demand per time; 0 for those below ``LEAST``."""
        wants = self.aggregate.wants
        quantity = wants["quantity"].to_numpy(dtype=float)
        return np.where(quantity < LEAST * self.node_size[wants["node"].to_numpy()], 0.0, quantity)

    def bounds(self, hit: Hit) -> Bounds:
        """New bounds of the columns that a hit touches."""
        at = np.concatenate([hit.sites, hit.routes + self.sites])
        limits = np.concatenate([hit.site_limits(self.aggregate), hit.route_limits(self.aggregate)])
        return Bounds.of(at, 0.0, np.minimum(limits / self.size[at], self.capacity[at]))


@dataclass(frozen=True, eq=False)
class Loss:
    """What is lost at least: ``rate`` of each demand per time (in its unit), over ``time``; ``used`` of each site and route."""

    time: float
    rate: NDArray[np.float64]
    worth: NDArray[np.float64]
    used: NDArray[np.bool_]

    @property
    def lost(self) -> NDArray[np.float64]:
        """Lost quantity of each demand over the whole time."""
        return self.rate * self.time

    @property
    def quantity(self) -> float:
        """Lost quantity of all demands."""
        return float(self.lost.sum())

    @property
    def usd(self) -> float:
        """What that is worth; NaN when something is lost whose worth nobody knows."""
        hit = self.lost > 0
        return float((self.lost[hit] * self.worth[hit]).sum())


class Losing:
    """The smallest loss while something is broken: one program, built once and solved again with other bounds.

    min sum worth u  with  S x + N f + m + u >= d - inflow, x <= capacity, f <= capacity, m <= min(stock / T, release), u <= d.
    Each ``solve`` depends on nothing but its arguments. A demand of unknown worth weighs as much as the dearest known one.
    """

    def __init__(self, aggregate: Aggregate) -> None:
        self.aggregate = aggregate
        self.columns = Columns.of(aggregate)
        wants, stores = aggregate.wants, aggregate.stores
        self.worth = wants["loss_usd_per_unit"].to_numpy(dtype=float)
        self._want_size = self.columns.node_size[wants["node"].to_numpy()]
        self._store_size = self.columns.node_size[stores["node"].to_numpy()]
        self._stores = np.arange(len(stores), dtype=np.int32) + self.columns.moving

    @cached_property
    def warm(self) -> WarmProgram:
        """The program in the solver."""
        columns, wants, stores = self.columns, self.aggregate.wants, self.aggregate.stores
        blocks = [columns.matrix(), columns.at_nodes(stores["node"].to_numpy()), columns.at_nodes(wants["node"].to_numpy())]
        cost = weights(self.worth) * self._want_size
        stocks = self._most_released(np.inf)  # the base basis uses no stock, so it suits every time
        upper = np.concatenate([columns.capacity, stocks, columns.wanted / self._want_size])
        rows = len(columns.node_size)
        program = LinearProgram(
            cost=np.concatenate([np.zeros(columns.moving + len(stores)), cost / cost.max(initial=1e-300)]),
            lower=np.zeros(len(upper)),
            upper=upper,
            matrix=sparse.csr_array(sparse.hstack(blocks, format="csr")),
            row_lower=columns.needed(),
            row_upper=np.full(rows, np.inf),
        )
        return WarmProgram(program, SETTINGS)

    def solve(self, time: float, hit: Hit = UNTOUCHED, *, keep_basis: bool = False) -> Loss:
        """The smallest loss over ``time`` when ``hit`` stands for all of it."""
        hit_bounds = self.columns.bounds(hit)
        stocks = self._most_released(time)
        bounds = Bounds.of(np.concatenate([hit_bounds.at, self._stores]), 0.0, np.concatenate([hit_bounds.upper, stocks]))
        found = self.warm.solve(bounds, keep_basis=keep_basis)
        if found.status != "optimal":
            raise SolverFailed(f"the smallest loss was not found: {found.status}")
        moving = self.columns.moving
        missing = found.values[moving + len(stocks) :]
        rate = np.where(missing > NOTHING, missing, 0.0) * self._want_size
        return Loss(time, np.minimum(rate, self.columns.wanted), self.worth, found.values[:moving] > 0)

    def _most_released(self, time: float) -> NDArray[np.float64]:
        stores = self.aggregate.stores
        most = np.minimum(stores["quantity"].to_numpy(dtype=float) / time, stores["release"].to_numpy(dtype=float))
        return np.asarray(most / self._store_size)


def weights(worth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weight of a lost unit: its worth, the dearest known one where nobody said, 1 where nobody said anything; plus the tie."""
    known = worth[~np.isnan(worth)]
    filled = np.where(np.isnan(worth), known.max(initial=0.0) or 1.0, worth)
    smallest = filled[filled > 0].min(initial=np.inf)
    return np.asarray(filled + (TIE * smallest if np.isfinite(smallest) else 1.0))


class Surviving:
    """How long every demand is met while something is broken; one program, built once and solved again with other bounds.

    The longest t with nothing unmet is 1 / tau, tau the least with  S x + N f + m + stock tau >= d - inflow,  x <= capacity,
    f <= capacity; ``m <= stock tau`` and ``m <= release`` for stocks whose release has a limit. tau 0: as long as one likes.
    """

    def __init__(self, aggregate: Aggregate) -> None:
        self.aggregate = aggregate
        self.columns = Columns.of(aggregate)
        stores = aggregate.stores
        self._sized = stores["quantity"].to_numpy(dtype=float) / self.columns.node_size[stores["node"].to_numpy()]
        #: Time in which the middle one of the stocks would be used up at the size of its commodity.
        self.time = float(np.median(self._sized)) if len(self._sized) else 1.0

    @cached_property
    def warm(self) -> WarmProgram:
        """The program in the solver."""
        columns, stores = self.columns, self.aggregate.stores
        node, release = stores["node"].to_numpy(), stores["release"].to_numpy(dtype=float)
        limited = np.isfinite(release)
        freely = np.zeros(len(columns.node_size))
        np.add.at(freely, node[~limited], self._sized[~limited] / self.time)
        of_limited, m = self._sized[limited] / self.time, int(limited.sum())
        upper_rows: list[Any] = [columns.matrix(), columns.at_nodes(node[limited]), sparse.coo_array(freely[:, None])]
        lower_rows: list[Any] = [
            sparse.coo_array((m, columns.moving)),
            -sparse.eye_array(m),
            sparse.coo_array(of_limited[:, None]),
        ]
        size = columns.node_size[node[limited]]
        program = LinearProgram(
            cost=np.append(np.zeros(columns.moving + m), 1.0),
            lower=np.zeros(columns.moving + m + 1),
            upper=np.concatenate([columns.capacity, release[limited] / size, [np.inf]]),
            matrix=sparse.csr_array(sparse.block_array([upper_rows, lower_rows], format="csr")),
            row_lower=np.concatenate([columns.needed(), np.zeros(m)]),
            row_upper=np.full(len(columns.node_size) + m, np.inf),
        )
        return WarmProgram(program, SETTINGS)

    def solve(self, hit: Hit = UNTOUCHED, *, keep_basis: bool = False) -> tuple[float, NDArray[np.bool_]]:
        """The longest time (``inf`` where there is no end), and which sites and routes the answer uses."""
        found = self.warm.solve(self.columns.bounds(hit), keep_basis=keep_basis)
        moving = self.columns.moving
        if found.status == "infeasible":
            return 0.0, np.ones(moving, dtype=bool)
        if found.status != "optimal":
            raise SolverFailed(f"the time to survive was not found: {found.status}")
        tau = float(found.values[-1])
        return (np.inf if tau <= NOTHING else self.time / tau), found.values[:moving] > 0
