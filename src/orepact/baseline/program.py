"""The quadratic program of a fit, in numbers near 1.

Every unknown is counted in the standard deviation that its prior and its own observations leave it, ``v = tau z``; then::

    minimise  1/2 |z - t|^2 + 1/2 |C_s z - e_s|^2   subject to   C_h z = e_h,  lower <= z <= upper

``t`` joins prior mean and observations of the unknown alone; rows ``C_s`` are the observations that add up several
unknowns, divided by their standard deviation; rows ``C_h`` are the balance and the exact observations. The optimum is unique: the
point nearest to ``t``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.baseline.prior import Prior
    from orepact.baseline.terms import Observed
    from orepact.baseline.unknowns import Unknowns


@dataclass(frozen=True, eq=False)
class Program:
    """The arrays above. ``kept`` are the unknowns that may be other than 0, ``soft`` marks the rows of ``C_s``."""

    size: int
    kept: NDArray[np.int64]
    tau: NDArray[np.float64]
    target: NDArray[np.float64]
    matrix: sparse.csr_array
    right: NDArray[np.float64]
    soft: NDArray[np.bool_]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]

    def values(self, z: NDArray[np.float64]) -> NDArray[np.float64]:
        """The unknowns in their own units."""
        out = np.zeros(self.size)
        out[self.kept] = self.tau * z
        return out

    def objective(self, z: NDArray[np.float64]) -> float:
        """Half the sum of squares at ``z``, up to a constant that does not depend on it."""
        off = (self.matrix @ z - self.right)[self.soft]
        return float(0.5 * np.sum((z - self.target) ** 2) + 0.5 * np.sum(off**2))

    def broken(self, z: NDArray[np.float64]) -> float:
        """Largest distance from a hard row, in standard deviations of what passes it, and from a bound."""
        hard = np.abs(self.matrix @ z - self.right)[~self.soft].max(initial=0.0)
        return max(float(hard), float(np.maximum(self.lower - z, z - self.upper).max(initial=0.0)))


def program_of(unknowns: Unknowns, prior: Prior, seen: Observed) -> Program:
    """The program of a fit; observations that do not count are left out."""
    kept = np.flatnonzero((prior.upper > prior.lower) & (prior.variance > 0))
    chosen = seen.only(seen.fitted)
    alone = chosen.direct & ~chosen.exact
    weight, pull = 1.0 / prior.variance[kept], prior.mean[kept] / prior.variance[kept]
    own = sparse.csr_array(chosen.matrix[alone][:, kept])
    precise = 1.0 / chosen.spread[alone] ** 2
    weight = weight + (own**2).T @ precise
    pull = pull + own.T @ (precise * chosen.quantity[alone])
    tau = weight**-0.5
    many = ~chosen.direct & ~chosen.exact
    matrix, right, soft = _rows(unknowns, chosen, many, kept, tau)
    return Program(len(unknowns), kept, tau, pull * tau, matrix, right, soft, prior.lower[kept] / tau, prior.upper[kept] / tau)


def _rows(
    unknowns: Unknowns, seen: Observed, many: NDArray[np.bool_], kept: NDArray[np.int64], tau: NDArray[np.float64]
) -> tuple[sparse.csr_array, NDArray[np.float64], NDArray[np.bool_]]:
    """Balance, exact observations (both scaled to length 1) and observations of several unknowns (in their spread)."""
    scale = sparse.diags_array(tau)
    hard = sparse.vstack([unknowns.balance[:, kept], seen.matrix[seen.exact][:, kept]], format="csr") @ scale
    right = np.concatenate([np.zeros(unknowns.balance.shape[0]), seen.quantity[seen.exact]])
    length = np.sqrt(np.asarray((hard**2).sum(axis=1)).ravel())
    length[length == 0] = 1.0
    soft = sparse.diags_array(1.0 / seen.spread[many]) @ seen.matrix[many][:, kept] @ scale
    matrix = sparse.csr_array(sparse.vstack([sparse.diags_array(1.0 / length) @ hard, soft], format="csr"))
    whole = np.concatenate([right / length, seen.quantity[many] / seen.spread[many]])
    return matrix, whole, np.arange(len(whole)) >= len(right)
