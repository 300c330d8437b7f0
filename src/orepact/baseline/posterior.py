"""How sure each unknown is after the fit: its variance from the same linear system, exactly.

At the optimum the unknowns that no bound holds have the covariance ``T (I - C^T K^-1 C) T`` with ``K = C C^T + R``
and ``T`` the scale ``tau``: the inverse of the curvature of the sum of squares along the balance. Only its diagonal is
needed, hence only those entries of ``K^-1`` where ``K`` has one; they are solved for in chunks.
Capacities are not taken as knowledge here: an unknown at its capacity counts as free, one at zero as known to be zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from orepact.baseline.polish import factorised

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.baseline.program import Program

#: Columns of ``K^-1`` solved for together; few, so that BLAS does not start threads for tiny blocks (five times the time).
CHUNK = 4
#: Part of its own variance below which an unknown is fixed: what the softening of hard rows leaves.
FIXED = 1e-10


def posterior_variance(program: Program, z: NDArray[np.float64], free: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Variance of every unknown in its own unit squared; 0 where it is held at its lower bound or cannot be other than 0."""
    loose = free | (z > program.lower + (program.upper - program.lower) / 2)
    kept = 1.0 - _quadratic(sparse.csr_array(program.matrix[:, loose]), program.soft)
    out = np.zeros(program.size)
    out[program.kept[loose]] = np.where(kept > FIXED, kept, 0.0) * program.tau[loose] ** 2
    return out


def _quadratic(C: sparse.csr_array, soft: NDArray[np.bool_]) -> NDArray[np.float64]:
    """``diag(C^T K^-1 C)``: each column of ``C`` only asks for entries of ``K^-1`` between its own rows."""
    size = C.shape[0]
    pattern = sparse.csc_array(abs(C) @ abs(C).T)
    factor = factorised(C, soft)
    entries = np.empty(pattern.nnz)
    for start in range(0, size, CHUNK):
        end = min(start + CHUNK, size)
        right = np.zeros((size, end - start), order="F")
        right[np.arange(start, end), np.arange(end - start)] = 1.0
        part = slice(pattern.indptr[start], pattern.indptr[end])
        column = np.repeat(np.arange(end - start), np.diff(pattern.indptr[start : end + 1]))
        entries[part] = factor.solve(right)[pattern.indices[part], column]
    inverse = sparse.csc_array((entries, pattern.indices, pattern.indptr), shape=pattern.shape)
    return np.asarray(C.multiply(inverse @ C).sum(axis=0)).ravel()
