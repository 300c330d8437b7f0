"""``Ranging``: how high and how low single columns of one program can go, one after the other in a solver that stays warm."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from orepact.errors import SolverFailed
from orepact.linear.highs import accept, apply_settings, as_highs, read_solved
from orepact.linear.warm import answer_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.linear.program import LinearProgram

#: The primal simplex goes on from the last corner when only the cost changes; the tolerance is the finest that the solver takes.
SETTINGS: Mapping[str, Any] = {
    "output_flag": False,
    "solver": "simplex",
    "simplex_strategy": 4,
    "presolve": "off",
    "threads": 1,
    "random_seed": 0,
    "primal_feasibility_tolerance": 1e-10,
    "dual_feasibility_tolerance": 1e-10,
}


class Ranging:
    """A program that has an answer, held in the solver; its own cost is not used. Not safe to share between threads.

    The same calls in the same order give the same bits. ``solved`` counts the programs.
    """

    def __init__(self, program: LinearProgram) -> None:
        import highspy

        self.program = program
        self.solved = 0
        self._highs = highspy.Highs()
        apply_settings(self._highs, SETTINGS)
        accept(self._highs.passModel(as_highs(program, highspy)), "the program")
        self._all = np.arange(program.shape[1], dtype=np.int32)
        accept(self._highs.changeColsCost(len(self._all), self._all, np.zeros(len(self._all))), "a cost of nothing")

    def bound(self, lower: NDArray[np.float64], upper: NDArray[np.float64]) -> None:
        """Other bounds of all columns, for the calls that follow."""
        accept(self._highs.changeColsBounds(len(self._all), self._all, lower, upper), "new bounds of columns")

    def furthest(self, column: int, *, up: bool) -> tuple[float, NDArray[np.float64] | None]:
        """The highest (or lowest) value of a column and an answer with it; infinite and None where nothing stops it.

        Raises ``SolverFailed`` when the solver stops without an answer, or finds that the program has none.
        """
        accept(self._highs.changeColCost(column, -1.0 if up else 1.0), "a cost")
        try:
            status, _ = answer_of(self._highs, SETTINGS)
            found = read_solved(self._highs, status, self.program, bound=False)
        finally:
            accept(self._highs.changeColCost(column, 0.0), "a cost of nothing")
        self.solved += 1
        if found.status == "optimal":
            return float(found.values[column]), found.values
        if found.status in {"unbounded", "unbounded_or_infeasible"}:
            return (np.inf if up else -np.inf), None
        raise SolverFailed(f"a program that has an answer was found {found.status}")
