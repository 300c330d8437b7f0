"""The door to the solver of quadratic programs: Clarabel (docs/decisions/0005), its status checked and named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from orepact.errors import SolverFailed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.baseline.program import Program

SOLVER = "clarabel"
#: Statuses with an answer that the polish can finish.
SOLVED = {"Solved", "AlmostSolved"}


def minimise(program: Program, *, tolerance: float) -> tuple[NDArray[np.float64], str]:
    """``z`` near the optimum, and the solver's word for how it ended; raises ``SolverFailed`` when there is none.

    A residual ``r`` for each soft row keeps the quadratic form diagonal.
    """
    import clarabel

    columns, rows = len(program.kept), int(program.soft.sum())
    if columns == 0:
        return np.zeros(0), "Solved"
    form = sparse.eye_array(columns + rows, format="csc")
    linear = np.concatenate([-program.target, np.zeros(rows)])
    matrix, right, equal = cone_rows(program)
    cones = [clarabel.ZeroConeT(equal), clarabel.NonnegativeConeT(len(right) - equal)]
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = tolerance
    solution = clarabel.DefaultSolver(sparse.csc_matrix(form), linear, sparse.csc_matrix(matrix), right, cones, settings).solve()
    status = str(solution.status)
    if status not in SOLVED:
        raise SolverFailed(f"the fit was not solved: {SOLVER} ended with {status}")
    return np.asarray(solution.x)[:columns], status


def cone_rows(program: Program) -> tuple[sparse.csc_array, NDArray[np.float64], int]:
    """``A (z, r) <= b`` with the first ``equal`` rows as equalities: hard rows, soft rows minus ``r``, then the bounds."""
    columns, rows = program.matrix.shape[1], int(program.soft.sum())
    slack = sparse.coo_array((-np.ones(rows), (np.flatnonzero(program.soft), np.arange(rows))), shape=(len(program.right), rows))
    parts = [sparse.hstack([program.matrix, slack], format="csc")]
    right = [program.right]
    unit = sparse.eye_array(columns, columns + rows, format="csr")
    for bound, sign in ((program.lower, -1.0), (program.upper, 1.0)):
        some = np.isfinite(bound)
        parts.append(sign * unit[some])
        right.append(sign * bound[some])
    return sparse.csc_array(sparse.vstack(parts, format="csc")), np.concatenate(right), len(program.right)
