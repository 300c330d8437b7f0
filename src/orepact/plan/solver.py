"""The door to HiGHS: every option checked, every status named, nothing silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from orepact.errors import SolverFailed

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

#: Words for the model statuses of the solver that a plan can meet.
STATUSES = {
    "kOptimal": "optimal",
    "kInfeasible": "infeasible",
    "kUnbounded": "unbounded",
    "kUnboundedOrInfeasible": "unbounded_or_infeasible",
    "kTimeLimit": "time_limit",
    "kModelEmpty": "optimal",
}


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


@dataclass(frozen=True)
class Solved:
    """What the solver returned: a status in words, values and duals in the units of the program."""

    status: str
    objective: float
    bound: float
    values: NDArray[np.float64]
    reduced_costs: NDArray[np.float64]
    duals: NDArray[np.float64]
    iterations: int
    version: str


def minimise(program: LinearProgram, settings: Mapping[str, Any]) -> Solved:
    """Solve; returns whatever the solver proved (see ``Solved.status``), raises ``SolverFailed`` when it refuses something."""
    import highspy

    highs = highspy.Highs()
    apply_settings(highs, {"output_flag": False, **settings})
    _accept(highs.passModel(_as_highs(program, highspy)), "the program")
    run = highs.run()
    status = STATUSES.get(highs.getModelStatus().name)
    if status is None or run == highspy.HighsStatus.kError:
        raise SolverFailed(f"HiGHS stopped with {highs.modelStatusToString(highs.getModelStatus())}")
    return _solved(highs, status, program)


def apply_settings(highs: Any, settings: Mapping[str, Any]) -> None:
    """Set options one by one and read each back; raises ``SolverFailed`` for the first one that is refused."""
    for name, value in settings.items():
        _accept(highs.setOptionValue(name, value), f"option {name} = {value!r}")
        status, found = highs.getOptionValue(name)
        _accept(status, f"reading option {name}")
        if found != value:
            raise SolverFailed(f"HiGHS took option {name} = {value!r} as {found!r}")


def _accept(status: Any, what: str) -> None:
    if status.name == "kError":
        raise SolverFailed(f"HiGHS refused {what}")


def _as_highs(program: LinearProgram, highspy: Any) -> Any:
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = program.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = program.cost, program.lower, program.upper
    lp.row_lower_, lp.row_upper_ = program.row_lower, program.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.num_row_, lp.a_matrix_.num_col_ = program.shape
    lp.a_matrix_.start_ = program.matrix.indptr
    lp.a_matrix_.index_ = program.matrix.indices
    lp.a_matrix_.value_ = program.matrix.data
    return lp


def _solved(highs: Any, status: str, program: LinearProgram) -> Solved:
    info, solution = highs.getInfo(), highs.getSolution()
    reduced_costs, duals = np.asarray(solution.col_dual, dtype=float), np.asarray(solution.row_dual, dtype=float)
    return Solved(
        status=status,
        objective=float(info.objective_function_value),
        bound=dual_bound(program, reduced_costs, duals) if status == "optimal" else float("-inf"),
        values=np.asarray(solution.col_value, dtype=float),
        reduced_costs=reduced_costs,
        duals=duals,
        iterations=int(info.simplex_iteration_count + info.ipm_iteration_count + info.pdlp_iteration_count),
        version=str(highs.version()),
    )


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
