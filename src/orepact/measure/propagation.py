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

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Right-hand sides that are solved at a time.
CHUNK = 64


class Propagation:
    """The factorised system (I - M) of a square sparse matrix ``M`` with entries of at least 0."""

    def __init__(self, matrix: Any) -> None:
        self.matrix = sparse.csc_array(matrix)
        self.size = int(self.matrix.shape[0])

    @cached_property
    def _factors(self) -> Any:
        identity = sparse.eye_array(self.size, format="csc")
        return splu(sparse.csc_matrix(identity - self.matrix), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0)

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
            return np.asarray(self._factors.solve(np.asarray(_dense(rhs), dtype=float), trans), dtype=float)
        out = np.empty(shape, order="F")
        columns = rhs.tocsc() if hasattr(rhs, "tocsc") else rhs
        for start in range(0, shape[1], CHUNK):
            block = np.asfortranarray(_dense(columns[:, start : start + CHUNK]), dtype=float)
            out[:, start : start + CHUNK] = self._factors.solve(block, trans)
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


def _dense(values: Any) -> NDArray[np.float64]:
    return np.asarray(values.toarray() if hasattr(values, "toarray") else values, dtype=float)
