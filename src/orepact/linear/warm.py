"""``WarmProgram``: one linear program that stays in the solver and is solved again and again with other bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from orepact.linear.highs import Solved, accept, apply_settings, as_highs, ended, read_solved, stopped

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.linear.program import LinearProgram

#: The dual simplex starts well from a basis whose bounds have moved; presolve would throw the basis away.
SETTINGS: Mapping[str, Any] = {
    "output_flag": False,
    "solver": "simplex",
    "simplex_strategy": 1,
    "presolve": "off",
    "threads": 1,
    "random_seed": 0,
}
#: What differs in the second try, from nothing, after a solve that ended without an answer.
COLD: Mapping[str, Any] = {"presolve": "on"}


@dataclass(frozen=True, eq=False)
class Bounds:
    """New bounds for some rows or columns: ``at`` their numbers, and a lower and an upper bound for each."""

    at: NDArray[np.int32]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]

    @classmethod
    def of(cls, at: Any, lower: Any, upper: Any) -> Bounds:
        """Bounds from anything array-like; one lower or upper bound may stand for all."""
        places = np.atleast_1d(np.asarray(at, dtype=np.int32))
        low = np.broadcast_to(np.asarray(lower, dtype=float), places.shape)
        return cls(places, low.copy(), np.broadcast_to(np.asarray(upper, dtype=float), places.shape).copy())

    @classmethod
    def none(cls) -> Bounds:
        """No change."""
        return cls(np.empty(0, dtype=np.int32), np.empty(0), np.empty(0))


NONE = Bounds.none()


class WarmProgram:
    """A program held in the solver together with its own bounds and a base basis.

    Each ``solve`` starts from the program's own bounds (what an earlier call changed is put back) and from the base basis, so
    that the answer depends on nothing but its arguments: the same call gives the same bits in any order and any process.
    A start that leads nowhere (the solver says ``Unknown``, which a poor basis can do to it) is tried once more from nothing,
    with presolve; that too depends on the arguments alone. ``cold_tries`` counts how often it was needed.
    Not safe to share between threads; a process has its own.
    """

    def __init__(self, program: LinearProgram, settings: Mapping[str, Any] | None = None) -> None:
        import highspy

        self.program = program
        self._highs = highspy.Highs()
        self._settings = {**SETTINGS, **(settings or {})}
        apply_settings(self._highs, self._settings)
        self.cold_tries = 0
        accept(self._highs.passModel(as_highs(program, highspy)), "the program")
        self._lower, self._upper = program.lower.copy(), program.upper.copy()
        self._row_lower, self._row_upper = program.row_lower.copy(), program.row_upper.copy()
        self._moved_columns = self._moved_rows = NONE.at
        self._basis: Any = None

    def base(self) -> Solved:
        """Solve the program with its own bounds and keep the basis, from which every later solve starts."""
        self._restore()
        self._basis = None
        found = self._run()
        if found.status == "optimal":
            self._basis = self._highs.getBasis()
        return found

    def basis(self) -> Any:
        """The basis where the last solve ended, for ``solve(start=...)``."""
        return self._highs.getBasis()

    def solve(self, columns: Bounds = NONE, rows: Bounds = NONE, *, keep_basis: bool = False, start: Any = None) -> Solved:
        """Solve with some bounds changed, from the base basis; with ``keep_basis`` from wherever the last solve ended.

        ``start`` is a basis of an earlier solve (``basis``) to begin from in place of the base basis.
        The changes hold for this call alone. Raises ``SolverFailed`` when the solver refuses a bound or stops without an answer.
        """
        if self._basis is None:
            self.base()
        self._restore()
        self._move(columns, rows)
        if not keep_basis:
            self._to_basis(self._basis if start is None else start)
        return self._run()

    def _to_basis(self, basis: Any) -> None:
        # A basis alone is not enough for equal bits: the factors and weights of the last solve would be used on.
        accept(self._highs.clearSolver(), "forgetting the last solve")
        if basis is not None:
            accept(self._highs.setBasis(basis), "a basis to start from")

    def _move(self, columns: Bounds, rows: Bounds) -> None:
        if len(columns.at):
            status = self._highs.changeColsBounds(len(columns.at), columns.at, columns.lower, columns.upper)
            accept(status, "new bounds of columns")
        if len(rows.at):
            accept(self._highs.changeRowsBounds(len(rows.at), rows.at, rows.lower, rows.upper), "new bounds of rows")
        self._moved_columns, self._moved_rows = columns.at, rows.at

    def _restore(self) -> None:
        columns, rows = self._moved_columns, self._moved_rows
        self._move(
            Bounds(columns, self._lower[columns], self._upper[columns]),
            Bounds(rows, self._row_lower[rows], self._row_upper[rows]),
        )
        self._moved_columns = self._moved_rows = NONE.at

    def _run(self) -> Solved:
        status, cold = answer_of(self._highs, self._settings)
        self.cold_tries += cold
        return read_solved(self._highs, status, self.program, bound=False)


def answer_of(highs: Any, settings: Mapping[str, Any]) -> tuple[str, bool]:
    """Run, and once more from nothing where that gives no answer; the status in words and whether it took the second try.

    The second try has no basis and presolves; ``settings`` are put back after it. Raises ``SolverFailed`` when it too fails.
    """
    status = ended(highs)
    if status is not None:
        return status, False
    accept(highs.clearSolver(), "forgetting the last solve")
    apply_settings(highs, COLD)
    try:
        status = ended(highs)
    finally:
        apply_settings(highs, {name: settings[name] for name in COLD})
    if status is None:
        raise stopped(highs)
    return status, True
