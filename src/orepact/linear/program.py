"""A linear program as plain arrays, and the bound that its duals prove."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse


@dataclass(frozen=True)
class LinearProgram:
    """min c.x subject to row_lower <= A x <= row_upper and lower <= x <= upper; A row-wise sparse."""

    cost: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    matrix: sparse.csr_array
    row_lower: NDArray[np.float64]
    row_upper: NDArray[np.float64]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.matrix.shape
        return int(rows), int(columns)


def empty_program() -> LinearProgram:
    """The program of a case in which nothing can move: no row, no column, optimum 0."""
    from scipy import sparse

    none = np.empty(0)
    return LinearProgram(none, none, none, sparse.csr_array((0, 0)), none, none)


def dual_bound(program: LinearProgram, reduced_costs: NDArray[np.float64], duals: NDArray[np.float64]) -> float:
    """What no answer can beat, from the duals alone (weak duality).

    Formula: sum_i y_i b_i + sum_j d_j (lower_j if d_j > 0 else upper_j), with b_i the side of the row that y_i points at.
    Duals of the wrong sign within the solver's tolerance count as 0.
    """
    rows = np.where(duals > 0, program.row_lower, program.row_upper)
    columns = np.where(reduced_costs > 0, program.lower, program.upper)
    return _finite_dot(duals, rows) + _finite_dot(reduced_costs, columns)


def _finite_dot(dual: NDArray[np.float64], side: NDArray[np.float64]) -> float:
    keep = (np.abs(dual) > 0) & np.isfinite(side)
    return float(dual[keep] @ side[keep])
