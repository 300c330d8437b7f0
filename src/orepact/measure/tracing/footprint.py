"""``Footprint``: what was caused along the chain, carried with the goods into every pool.

Every site and every route causes a burden (kg CO2e, dollars, hours of risk). A site hands its own burden and that of its inputs
to its outputs; a pool hands its burden to its uses in proportion to quantity. With ``E`` the burden that passes through the
pools, ``E = B E + b``, where ``B[n, m]`` is the part of pool m's burden that goes on to pool n and ``b`` what is caused
directly before n. Nothing is lost: what all sites and routes cause equals what all final uses carry out of the system.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from orepact.measure.tracing.propagation import Propagation, reached

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.measure.tracing.transfers import Transfers


@dataclass(frozen=True, eq=False)
class Attribution:
    """The part of what each site, each row of ``moved`` and each pool causes that ends up in one basket of goods."""

    sites: NDArray[np.float64]
    moved: NDArray[np.float64]
    nodes: NDArray[np.float64]

    def total(self, sites: Any = None, moved: Any = None, nodes: Any = None) -> NDArray[np.float64]:
        """Burden of the basket; each argument holds what is caused (vector, or matrix with a column for each category)."""
        pairs = ((self.sites, sites), (self.moved, moved), (self.nodes, nodes))
        return np.asarray(sum((_flat(part @ caused) for part, caused in pairs if caused is not None), np.float64(0.0)))


class Footprint:
    """The burden system of one year of transfers, factorised once.

    Burdens are totals of the year: ``sites`` has a row for each site of the network, ``moved`` one for each row of
    ``transfers.moved``, ``nodes`` one for each pool (what comes with goods from stocks or from outside). Each is a vector or a
    matrix (dense or sparse) with a column for each category.
    """

    def __init__(self, transfers: Transfers) -> None:
        self.transfers = transfers
        self.size = len(transfers.nodes)
        made, used, moved = transfers.made, transfers.used, transfers.moved
        sites = len(transfers.network.sites)
        part = _part(used["quantity"], transfers.supply, used["node"])
        self.taken = sparse.csr_array((part, (used["site"], used["node"])), shape=(sites, self.size))
        self.handed = sparse.csr_array((made["share"], (made["node"], made["site"])), shape=(self.size, sites))
        self.carried = sparse.csr_array((np.ones(len(moved)), (moved["target"], np.arange(len(moved)))), (self.size, len(moved)))
        part = _part(moved["sent"], transfers.supply, moved["source"])
        on_route = sparse.csr_array((part, (moved["target"], moved["source"])), shape=(self.size, self.size))
        self._matrix, self.closed = _open_ended(sparse.csr_array(self.handed @ self.taken + on_route), self._exits())

    def _exits(self) -> NDArray[np.bool_]:
        return np.asarray(self.transfers.amount("left") > 0, dtype=bool)

    @cached_property
    def system(self) -> Propagation:
        """(I - B), factorised."""
        return Propagation(self._matrix, np.asarray(self.transfers.nodes.codes[0], dtype=np.int64))

    def direct(self, sites: Any = None, moved: Any = None, nodes: Any = None) -> Any:
        """What is caused just before each pool: ``b``, one row for each pool."""
        parts = [(self.handed, sites), (self.carried, moved), (sparse.eye_array(self.size, format="csr"), nodes)]
        found = [spread @ caused for spread, caused in parts if caused is not None]
        return sum(found[1:], found[0]) if found else np.zeros(self.size)

    def through(self, sites: Any = None, moved: Any = None, nodes: Any = None) -> NDArray[np.float64]:
        """Burden that passes through every pool in the year: ``E``, a row for each pool."""
        return self.system.solve(self.direct(sites, moved, nodes))

    def of(self, sites: Any = None, moved: Any = None, nodes: Any = None) -> NDArray[np.float64]:
        """Burden per unit in every pool (NaN where the pool is empty), by category."""
        total = self.through(sites, moved, nodes)
        supply = self.transfers.supply if total.ndim == 1 else self.transfers.supply[:, None]
        found: NDArray[np.float64] = np.divide(total, supply, out=np.full(total.shape, np.nan), where=supply > 0)
        return found

    def row(self, quantities: NDArray[np.float64], *, basis: str = "supply") -> Attribution:
        """For one basket (units of each pool, length nodes): which part of every site's and route's burden is in it.

        ``basis`` supply: of what the pools hold, made and arrived alike; production: only of what is made in them.
        The sums of the attribution times what was caused, divided by the units of the basket, give the intensity per unit.
        """
        direct, weights = self._start(np.asarray(quantities, dtype=float), basis)
        passing = self.system.solve_transposed(weights)
        sites = direct + self.handed.T @ passing
        return Attribution(sites, passing[self.transfers.moved["target"].to_numpy()], passing)

    def _start(self, quantities: NDArray[np.float64], basis: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        if basis == "supply":
            return np.zeros(len(self.transfers.network.sites)), _part(quantities, self.transfers.supply)
        part = _part(quantities, self.transfers.amount("made"))
        sites = np.asarray(self.handed.T @ part, dtype=float)
        return sites, np.asarray(self.taken.T @ sites, dtype=float)

    def carried_out(self, sites: Any = None, moved: Any = None, nodes: Any = None) -> NDArray[np.float64]:
        """Burden that leaves the system by each row of ``transfers.left``: sums to all that was caused.

        What leaves an empty pool, by the rounding of its flows, carries nothing.
        """
        left = self.transfers.left
        node = left["node"].to_numpy()
        each = self.of(sites, moved, nodes)[node]
        each[self.transfers.supply[node] <= 0] = 0.0
        quantity = left["quantity"].to_numpy(dtype=float)
        return np.asarray(each * (quantity if each.ndim == 1 else quantity[:, None]))


def _part(quantity: Any, supply: NDArray[np.float64], rows: Any = None) -> NDArray[np.float64]:
    """Quantity as a part of the supply of its pool; 0 of an empty pool."""
    whole = supply if rows is None else supply[np.asarray(rows, dtype=np.int64)]
    amount = np.asarray(quantity, dtype=float)
    part: NDArray[np.float64] = np.divide(amount, whole, out=np.zeros(len(amount)), where=whole > 0)
    return part


def _open_ended(matrix: sparse.csr_array, exits: NDArray[np.bool_]) -> tuple[sparse.csr_array, NDArray[np.int64]]:
    """The matrix without what goes on from pools that lead to no exit, and those pools: a ring without exit has no answer."""
    leads_out = reached(matrix.T, exits)
    stuck = np.flatnonzero(~leads_out & (np.asarray(matrix.sum(axis=0)).ravel() > 0))
    keep = sparse.diags_array(leads_out.astype(float))
    return sparse.csr_array(matrix @ keep), stuck


def _flat(values: Any) -> NDArray[np.float64]:
    return np.asarray(values.toarray().ravel() if hasattr(values, "toarray") else values, dtype=float)
