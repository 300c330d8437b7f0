"""The door to HiGHS: every option checked, every status named, nothing silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from orepact.errors import SolverFailed
from orepact.linear.program import LinearProgram, dual_bound

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Words for the model statuses of the solver that an engine can meet.
STATUSES = {
    "kOptimal": "optimal",
    "kInfeasible": "infeasible",
    "kUnbounded": "unbounded",
    "kUnboundedOrInfeasible": "unbounded_or_infeasible",
    "kTimeLimit": "time_limit",
    "kModelEmpty": "optimal",
}


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
    accept(highs.passModel(as_highs(program, highspy)), "the program")
    status = ended(highs)
    if status is None:
        raise stopped(highs)
    return read_solved(highs, status, program)


def ended(highs: Any) -> str | None:
    """Run; the status in words, None where it is no answer."""
    run = highs.run()
    return None if run.name == "kError" else STATUSES.get(highs.getModelStatus().name)


def stopped(highs: Any) -> SolverFailed:
    """The error to raise after a run without an answer."""
    return SolverFailed(f"HiGHS stopped with {highs.modelStatusToString(highs.getModelStatus())}")


def apply_settings(highs: Any, settings: Mapping[str, Any]) -> None:
    """Set options one by one and read each back; raises ``SolverFailed`` for the first one that is refused."""
    for name, value in settings.items():
        accept(highs.setOptionValue(name, value), f"option {name} = {value!r}")
        status, found = highs.getOptionValue(name)
        accept(status, f"reading option {name}")
        if found != value:
            raise SolverFailed(f"HiGHS took option {name} = {value!r} as {found!r}")


def accept(status: Any, what: str) -> None:
    """Raise ``SolverFailed`` when the solver refused something; it never does so aloud."""
    if status.name == "kError":
        raise SolverFailed(f"HiGHS refused {what}")


def as_highs(program: LinearProgram, highspy: Any) -> Any:
    """The program in the solver's own form."""
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


def read_solved(highs: Any, status: str, program: LinearProgram, *, bound: bool = True) -> Solved:
    """What the solver holds after a run; without ``bound`` no proof is computed and the bound is -inf."""
    info, solution = highs.getInfo(), highs.getSolution()
    reduced_costs, duals = np.asarray(solution.col_dual, dtype=float), np.asarray(solution.row_dual, dtype=float)
    return Solved(
        status=status,
        objective=float(info.objective_function_value),
        bound=dual_bound(program, reduced_costs, duals) if bound and status == "optimal" else float("-inf"),
        values=np.asarray(solution.col_value, dtype=float),
        reduced_costs=reduced_costs,
        duals=duals,
        iterations=int(info.simplex_iteration_count + info.ipm_iteration_count + info.pdlp_iteration_count),
        version=str(highs.version()),
    )
