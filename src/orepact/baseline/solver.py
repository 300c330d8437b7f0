"""The door to the solver of quadratic programs: PIQP (docs/decisions/0005), its status checked and named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from orepact.errors import SolverFailed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.baseline.program import Program

SOLVER = "piqp"
SOLVED = "PIQP_SOLVED"
#: Bounds this many standard deviations away are left to the polish, which knows them all.
FAR = 1e6


def minimise(program: Program, *, tolerance: float) -> tuple[NDArray[np.float64], str]:
    """``z`` near the optimum, and the solver's word for how it ended; raises ``SolverFailed`` when there is none.

    A residual ``r`` for each soft row keeps the quadratic form diagonal: minimise ``1/2 |z - t|^2 + 1/2 |r|^2``.
    """
    import piqp

    columns = len(program.kept)
    if columns == 0:
        return np.zeros(0), SOLVED
    form, linear, matrix, low, high = arrays(program)
    solver: Any = piqp.SparseSolver()
    solver.settings.eps_abs = solver.settings.eps_rel = tolerance
    solver.setup(sparse.csc_matrix(form), linear, sparse.csc_matrix(matrix), program.right, None, None, None, low, high)
    status = str(solver.solve()).rpartition(".")[2]
    if status != SOLVED:
        raise SolverFailed(f"the fit was not solved: {SOLVER} ended with {status}")
    return np.asarray(solver.result.x)[:columns], status


Arrays = tuple[sparse.csc_array, "NDArray[np.float64]", sparse.csc_array, "NDArray[np.float64]", "NDArray[np.float64]"]


def arrays(program: Program) -> Arrays:
    """``P, q, A, low, high`` of ``1/2 y P y + q y``, ``A y = right``, ``low <= y <= high`` with ``y = (z, r)``."""
    rows = np.flatnonzero(program.soft)
    columns, free = len(program.kept), np.full(len(rows), np.inf)
    slack = sparse.coo_array((-np.ones(len(rows)), (rows, np.arange(len(rows)))), shape=(len(program.right), len(rows)))
    low = np.where(program.lower > -FAR, program.lower, -np.inf)
    high = np.where(program.upper < FAR, program.upper, np.inf)
    return (
        sparse.eye_array(columns + len(rows), format="csc"),
        np.append(-program.target, np.zeros(len(rows))),
        sparse.csc_array(sparse.hstack([program.matrix, slack], format="csc")),
        np.append(low, -free),
        np.append(high, free),
    )
