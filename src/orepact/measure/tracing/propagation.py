"""``Propagation``: (I - M) y = b, factorised once and solved for many right-hand sides.

``M`` says which part of each pool comes from (or goes to) which other pool; its cycles are scrap and re-export.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import breadth_first_order
from scipy.sparse.linalg import splu

from orepact.measure.tracing.ordering import flow_order

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Right-hand sides that are solved at a time.
CHUNK = 64


class Propagation:
    """The factorised system (I - M) of a square sparse matrix ``M`` with entries of at least 0.

    ``groups`` (a number for each row, such as its commodity) lets the factors follow the chain, see ``flow_order``; without
    them the order is one of minimum degree. No row is ever exchanged for a pivot: I - M is diagonally dominant by rows (shares)
    or by columns (burdens).
    """

    def __init__(self, matrix: Any, groups: NDArray[np.int64] | None = None) -> None:
        self.matrix = sparse.csc_array(matrix)
        self.size = int(self.matrix.shape[0])
        self.groups = groups

    @cached_property
    def _order(self) -> NDArray[np.int64] | None:
        return None if self.groups is None else flow_order(self.matrix, self.groups)

    @cached_property
    def _factors(self) -> Any:
        system: Any = sparse.eye_array(self.size, format="csr") - self.matrix.tocsr()
        if self._order is not None:
            system = system[self._order][:, self._order]
        how: Any = "MMD_AT_PLUS_A" if self._order is None else "NATURAL"
        options: Any = {"SymmetricMode": True}
        return splu(sparse.csc_matrix(system), permc_spec=how, diag_pivot_thresh=0.0, options=options)

    @property
    def fill(self) -> int:
        """Entries of both factors."""
        return int(self._factors.nnz)

    def solve(self, rhs: Any) -> NDArray[np.float64]:
        """``y`` with (I - M) y = rhs; ``rhs`` is a vector or a matrix (dense or sparse) with a column for each case."""
        return self._solve(rhs, "N")

    def solve_transposed(self, weights: Any) -> NDArray[np.float64]:
        """``y`` with (I - M)ᵀ y = weights: for a few baskets of pools, what every pool contributes."""
        return self._solve(weights, "T")

    def solve_sparse(self, rhs: Any) -> sparse.csc_array:
        """As ``solve``, with the answer as a sparse matrix, a chunk of columns at a time."""
        columns = sparse.csc_array(rhs)
        starts = range(0, int(columns.shape[1]), CHUNK)
        parts = [sparse.csc_array(self.solve(columns[:, start : start + CHUNK])) for start in starts]
        return sparse.csc_array(sparse.hstack(parts, format="csc")) if parts else sparse.csc_array(columns.shape)

    def _solve(self, rhs: Any, trans: str) -> NDArray[np.float64]:
        shape = tuple(rhs.shape)
        if not self.size or 0 in shape:
            return np.zeros(shape)
        if len(shape) == 1:
            return self._block(_dense(rhs)[:, None], trans)[:, 0]
        out = np.empty(shape, order="F")
        columns = rhs.tocsc() if hasattr(rhs, "tocsc") else rhs
        for start in range(0, shape[1], CHUNK):
            out[:, start : start + CHUNK] = self._block(_dense(columns[:, start : start + CHUNK]), trans)
        return out

    def _block(self, rhs: NDArray[np.float64], trans: str) -> NDArray[np.float64]:
        if self._order is None:
            return np.asarray(self._factors.solve(np.asfortranarray(rhs), trans), dtype=float)
        out = np.empty_like(rhs)
        out[self._order] = self._factors.solve(np.asfortranarray(rhs[self._order]), trans)
        return out


def reached(matrix: Any, start: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Rows that something from the marked rows gets to, themselves included; ``matrix[i, j] > 0`` leads from j to i."""
    size = len(start)
    entries = sparse.coo_array(matrix)
    row, column = entries.coords
    some = entries.data > 0
    begin = np.flatnonzero(start)
    ends = np.concatenate([row[some], begin]), np.concatenate([column[some], np.full(len(begin), size)])
    graph = sparse.csr_array((np.ones(len(ends[0])), (ends[1], ends[0])), shape=(size + 1, size + 1))
    found = breadth_first_order(graph, size, directed=True, return_predecessors=False)
    mask = np.zeros(size + 1, dtype=bool)
    mask[found] = True
    return mask[:size]


def unfed(size: int, targets: Any, sources: Any, amounts: Any, start: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Pools that something enters, but only from rings that lead back to no marked pool: what they hold has no beginning.

    A row for each movement: ``amounts`` from ``sources`` to ``targets``, positions among ``size`` pools.

    >>> unfed(3, [1, 2], [2, 1], [5.0, 5.0], np.array([True, False, False])).tolist()
    [False, True, True]
    """
    graph = sparse.coo_array((np.asarray(amounts, dtype=float), (np.asarray(targets), np.asarray(sources))), shape=(size, size))
    entered = np.zeros(size, dtype=bool)
    entered[graph.coords[0][graph.data > 0]] = True
    return entered & ~reached(graph, start)


def _dense(values: Any) -> NDArray[np.float64]:
    return np.asarray(values.toarray() if hasattr(values, "toarray") else values, dtype=float)
