"""Solvers of the baseline's quadratic program, each behind the same door: ``solve(program, tolerance) -> (z, status)``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.baseline.program import Program

Answer = tuple["NDArray[np.float64]", str]
#: Seconds after which a solver is stopped.
TIME_LIMIT = 120.0


def piqp(program: Program, tolerance: float) -> Answer:
    """Proximal interior point (C++): the one that the product uses."""
    from orepact.baseline.solver import minimise

    return minimise(program, tolerance=tolerance)


def clarabel(program: Program, tolerance: float) -> Answer:
    """Interior point on cones (Rust)."""
    import clarabel as library

    from orepact.baseline.solver import arrays

    form, linear, matrix, low, high = arrays(program)
    unit = sparse.eye_array(len(low), format="csr")
    down, up = np.isfinite(low), np.isfinite(high)
    whole = sparse.csc_matrix(sparse.vstack([matrix, -unit[down], unit[up]], format="csc"))
    right = np.concatenate([program.right, -low[down], high[up]])
    cones = [library.ZeroConeT(len(program.right)), library.NonnegativeConeT(int(down.sum() + up.sum()))]
    settings = library.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = tolerance
    answer = library.DefaultSolver(sparse.csc_matrix(form), linear, whole, right, cones, settings).solve()
    return np.asarray(answer.x)[: len(program.kept)], str(answer.status)


def osqp(program: Program, tolerance: float) -> Answer:
    """Operator splitting (C), first order, with its own polish."""
    import osqp as library

    form, linear, matrix, low, high = _two_sided(program)
    problem = library.OSQP()
    problem.setup(
        sparse.csc_matrix(form), linear, sparse.csc_matrix(matrix), low, high,
        eps_abs=tolerance, eps_rel=tolerance, max_iter=200_000, time_limit=TIME_LIMIT, polishing=True, verbose=False,
    )  # fmt: skip
    answer = problem.solve(raise_error=False)
    return np.asarray(answer.x)[: len(program.kept)], str(answer.info.status)


def highs(program: Program, tolerance: float) -> Answer:
    """Active set (C++), the solver of the plan."""
    import highspy

    from orepact.baseline.solver import arrays

    form, linear, matrix, low, high = arrays(program)
    columns = form.shape[0]
    model = highspy.HighsModel()
    lp = model.lp_
    lp.num_col_, lp.num_row_, lp.col_cost_ = columns, len(program.right), linear
    lp.col_lower_, lp.col_upper_ = low, high
    lp.row_lower_ = lp.row_upper_ = program.right
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    model.hessian_.dim_ = columns
    model.hessian_.format_ = highspy.HessianFormat.kTriangular
    model.hessian_.start_, model.hessian_.index_ = np.arange(columns + 1), np.arange(columns)
    model.hessian_.value_ = np.ones(columns)
    solver = highspy.Highs()
    for name, value in {"output_flag": False, "time_limit": TIME_LIMIT, "primal_feasibility_tolerance": tolerance}.items():
        solver.setOptionValue(name, value)
    solver.passModel(model)
    solver.run()
    status = solver.modelStatusToString(solver.getModelStatus())
    return np.asarray(solver.getSolution().col_value)[: len(program.kept)], status


SOLVERS: dict[str, Callable[[Program, float], Answer]] = {"piqp": piqp, "clarabel": clarabel, "osqp": osqp, "highs": highs}


def _two_sided(program: Program) -> tuple[Any, Any, Any, Any, Any]:
    """``low <= A y <= high`` with the rows of the program first, then one row for each unknown."""
    from orepact.baseline.solver import arrays

    form, linear, matrix, low, high = arrays(program)
    whole = sparse.vstack([matrix, sparse.eye_array(len(low))], format="csc")
    return form, linear, whole, np.append(program.right, low), np.append(program.right, high)
