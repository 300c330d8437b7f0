"""How sure each unknown is after the fit: its variance from the same linear system, exactly.

At the optimum the unknowns that no bound holds have the covariance ``T (I - C^T K^-1 C) T`` with ``K = C C^T + R`` and ``T`` the scale
``tau``: the inverse of the curvature of the sum of squares along the balance. Only its diagonal is needed; ``K^-1`` is applied in chunks.
Capacities are not taken as knowledge here: an unknown at its capacity counts as free, one at zero as known to be zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from orepact.baseline.polish import inner_solver

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.baseline.program import Program

#: Rows of ``K`` that are solved for together.
CHUNK = 512


def posterior_variance(program: Program, z: NDArray[np.float64], free: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Variance of every unknown in its own unit squared; 0 where it is held at its lower bound or cannot be other than 0."""
    loose = free | (z > program.lower + (program.upper - program.lower) / 2)
    C = sparse.csr_array(program.matrix[:, loose])
    kept = 1.0 - _quadratic(C, program.soft)
    out = np.zeros(program.size)
    out[program.kept[loose]] = np.maximum(kept, 0.0) * program.tau[loose] ** 2
    return out


def _quadratic(C: sparse.csr_array, soft: NDArray[np.bool_]) -> NDArray[np.float64]:
    """``diag(C^T K^-1 C)``."""
    rows, columns = C.shape
    solve = inner_solver(C, soft)
    across = sparse.csc_array(C.T)
    total = np.zeros(columns)
    for start in range(0, rows, CHUNK):
        chunk = np.arange(start, min(start + CHUNK, rows))
        right = np.zeros((rows, len(chunk)))
        right[chunk, np.arange(len(chunk))] = 1.0
        part = sparse.coo_array(across[:, chunk])
        at, row = part.coords
        total += np.bincount(at, part.data * _entries(across, solve(right), at, row), minlength=columns)
    return total


def _entries(
    across: sparse.csc_array, inverse: NDArray[np.float64], at: NDArray[np.int64], row: NDArray[np.int64]
) -> NDArray[np.float64]:
    """``(C^T K^-1)[at, row]`` for the pairs that are needed, row by row of the chunk."""
    return np.asarray((across @ inverse)[at, row])
