"""``GrowingProgram``: a large program of which only the part that matters stands in the solver, and which grows as needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from orepact.linear.highs import Solved, accept, apply_settings
from orepact.linear.warm import SETTINGS, answer_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

    from orepact.linear.program import LinearProgram

#: Rows are kept this closely, as what one solve leaves open the next one starts from.
EXACT: Mapping[str, Any] = {"primal_feasibility_tolerance": 1e-9}


class GrowingProgram:
    """Rows and columns of a program that are in the solver; those outside rest: columns at their lower bound, rows without price.

    Every column that touches a row inside is inside. So the optimum of the part is that of the whole as long as no row outside is
    broken and no column outside has a cost below 0: with duals of 0 for the rows outside, both sides of the program agree. The
    caller looks for broken rows (``broken``) and lets them in (``grow``). Every solve starts from where the last one ended;
    one that ends without an answer is tried once more from nothing (``cold_tries`` counts them).
    """

    def __init__(self, program: LinearProgram, settings: Mapping[str, Any] | None = None) -> None:
        import highspy

        self.program = program
        self._by_column = program.matrix.tocsc()
        self._highs = highspy.Highs()
        self._settings = {**SETTINGS, **EXACT, **(settings or {})}
        apply_settings(self._highs, self._settings)
        self.cold_tries = 0
        rows, columns = program.shape
        self.rows, self.columns = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        self._held: dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]] = {}
        self.row_in, self.column_in = np.zeros(rows, dtype=bool), np.zeros(columns, dtype=bool)

    def grow(self, rows: NDArray[np.int64]) -> None:
        """Let rows in, with every column that touches them."""
        rows = rows[~self.row_in[rows]]
        touched = np.unique(self.program.matrix[rows].indices)
        new = touched[~self.column_in[touched]].astype(np.int64)
        inner = self._by_column[:, new].tocsr()[self.rows].tocsc()
        cost, free = self.program.cost[new], np.zeros(len(new))
        status = self._highs.addCols(len(new), cost, free, free, inner.nnz, inner.indptr[:-1], inner.indices, inner.data)
        accept(status, "new columns")
        self.columns, self.column_in[new] = np.append(self.columns, new), True
        outer = self._among(self.program.matrix[rows])
        count, none = len(rows), np.full(len(rows), np.inf)
        status = self._highs.addRows(count, -none, none, outer.nnz, outer.indptr[:-1], outer.indices, outer.data)
        accept(status, "new rows")
        self.rows, self.row_in[rows] = np.append(self.rows, rows), True

    def _among(self, part: sparse.csr_array) -> sparse.csr_array:
        """Rows of the program over the columns in the solver, in its order; every column that they touch is in."""
        place = np.zeros(self.program.shape[1], dtype=np.int32)
        place[self.columns] = np.arange(len(self.columns), dtype=np.int32)
        part.indices = place[part.indices]
        return part

    def solve(
        self,
        lower: NDArray[np.float64],
        upper: NDArray[np.float64],
        row_lower: NDArray[np.float64],
        row_upper: NDArray[np.float64],
        cost: NDArray[np.float64] | None = None,
    ) -> Solved:
        """Solve with these bounds of the whole program; values and duals of the whole program come back."""
        columns, rows, highs = self.columns, self.rows, self._highs
        resting = np.where(self.column_in, 0.0, lower)
        used = np.flatnonzero(resting)
        shift = (self._by_column[:, used] @ resting[used])[rows] if len(used) else 0.0
        at, low, high = self._news("columns", lower[columns], upper[columns])
        accept(highs.changeColsBounds(len(at), at, low, high), "new bounds of columns")
        at, low, high = self._news("rows", row_lower[rows] - shift, row_upper[rows] - shift)
        accept(highs.changeRowsBounds(len(at), at, low, high), "new bounds of rows")
        at, price, _ = self._news("cost", (self.program.cost if cost is None else cost)[columns], np.zeros(len(columns)))
        accept(highs.changeColsCost(len(at), at, price), "new costs")
        status, cold = answer_of(highs, self._settings)
        self.cold_tries += cold
        return self._whole(status, resting)

    def _news(
        self, name: str, low: NDArray[np.float64], high: NDArray[np.float64]
    ) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float64]]:
        """Those of two arrays that the solver does not hold yet: their places and values."""
        held = self._held.get(name)
        self._held[name] = (low, high)
        same = len(low) if held is None else len(held[0])
        new = np.ones(len(low), dtype=bool)
        if held is not None:
            new[:same] = (low[:same] != held[0]) | (high[:same] != held[1])
        at = np.flatnonzero(new).astype(np.int32)
        return at, low[at], high[at]

    def _whole(self, status: str, resting: NDArray[np.float64]) -> Solved:
        info, solution = self._highs.getInfo(), self._highs.getSolution()
        values, duals = resting.copy(), np.zeros(self.program.shape[0])
        reduced = self.program.cost.copy()
        values[self.columns], duals[self.rows] = np.asarray(solution.col_value), np.asarray(solution.row_dual)
        reduced[self.columns] = np.asarray(solution.col_dual)
        objective = float(info.objective_function_value)
        count = int(info.simplex_iteration_count)
        return Solved(status, objective, float("-inf"), values, reduced, duals, count, str(self._highs.version()))

    def restart(self) -> None:
        """Let the next solve start from rest (every column at its lower bound) instead of from where the last one ended."""
        accept(self._highs.clearSolver(), "forgetting the last solve")

    def rows_of(self, columns: NDArray[np.int64]) -> NDArray[np.int64]:
        """Every row that the columns touch."""
        return np.unique(self._by_column[:, columns].indices).astype(np.int64)

    def broken(self, values: NDArray[np.float64], row_lower: NDArray[np.float64], tolerance: float) -> NDArray[np.int64]:
        """Rows outside whose left side is below ``row_lower`` by more than the tolerance."""
        gap = row_lower - self.program.matrix @ values
        return np.flatnonzero(~self.row_in & (gap > tolerance))
