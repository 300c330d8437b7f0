"""From the solver's answer to the exact optimum: which bounds hold, then one linear system.

With the unknowns that sit at a bound held there, the optimum of the others is ``z = t - C^T y`` with
``(C C^T + R) y = C t - e``, where ``R`` is 1 for soft rows and 0 for hard ones. The set of bounds is corrected until every
value keeps its bounds and every held one pushes against its own: the conditions of Karush, Kuhn and Tucker (primal-dual
active set: Bergounioux, Ito and Kunisch 1999).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from orepact.errors import SolverFailed

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from orepact.baseline.program import Program

#: Corrections of the set of bounds.
ROUNDS = 60
#: What a hard row is allowed to give, so that rows that say the same do no harm; refined away afterwards.
SOFTENING = 1e-11
REFINEMENTS = 5
#: How far beyond a bound, in standard deviations, counts as beyond.
EDGE = 1e-10


@dataclass(frozen=True, eq=False)
class Polished:
    """The optimum in scaled numbers, the unknowns that no bound holds, and whether every condition was met."""

    z: NDArray[np.float64]
    free: NDArray[np.bool_]
    optimal: bool
    rounds: int


def polish(program: Program, near: NDArray[np.float64], tolerance: float) -> Polished:
    """The exact optimum, starting from the solver's answer ``near``; if the bounds do not settle, a balanced point near it."""
    close = np.sqrt(tolerance)
    low, high = near <= program.lower + close, near >= program.upper - close
    z, rounds, settled, first = near, 0, False, (low, high)
    while rounds < ROUNDS and not settled:
        rounds += 1
        z, push = _at_bounds(program, low, high)
        next_low = np.where(low, push > 0, z < program.lower - EDGE)
        next_high = np.where(high, push < 0, z > program.upper + EDGE) & ~next_low
        settled = bool((next_low == low).all() and (next_high == high).all())
        low, high = next_low, next_high
    if not settled:
        z, low, high = _within_bounds(program, *first)
    return Polished(np.clip(z, program.lower, program.upper), ~(low | high), settled, rounds)


def _within_bounds(
    program: Program, low: NDArray[np.bool_], high: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
    """A balanced point near the optimum: what would pass a bound is held there, and nothing is let go again."""
    for _ in range(ROUNDS):
        z, _push = _at_bounds(program, low, high)
        below, above = z < program.lower - EDGE, z > program.upper + EDGE
        if not (below.any() or above.any()):
            return z, low, high
        low, high = low | below, high | above
    raise SolverFailed("the fit could not be brought into balance within its bounds")


def _at_bounds(
    program: Program, low: NDArray[np.bool_], high: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The optimum with some unknowns held at their bounds, and the gradient there (positive: would go lower)."""
    free = ~(low | high)
    held = np.where(low, program.lower, np.where(high, program.upper, 0.0))
    base = np.where(free, program.target, held)
    C = program.matrix[:, free]
    solve = inner_solver(C, program.soft)
    y = solve(program.matrix @ base - program.right)
    pull = program.matrix.T @ y
    z = np.where(free, program.target - pull, held)
    return z, z - program.target + pull


def inner_solver(C: sparse.csr_array, soft: NDArray[np.bool_]) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    """``b -> (C C^T + R)^-1 b``, factorised once; the softening of hard rows is refined away."""
    exact = _gram(C, soft)
    factor = factorised(C, soft)

    def solve(right: NDArray[np.float64]) -> NDArray[np.float64]:
        y = factor.solve(right)
        for _ in range(REFINEMENTS):
            y = y + factor.solve(right - exact @ y)
        return np.asarray(y)

    return solve


def _gram(C: sparse.csr_array, soft: NDArray[np.bool_]) -> sparse.csc_array:
    return sparse.csc_array(C @ C.T + sparse.diags_array(soft.astype(float)))


def factorised(C: sparse.csr_array, soft: NDArray[np.bool_]) -> Any:
    """The factors of ``C C^T + R``, hard rows softened by ``SOFTENING``."""
    firm = sparse.csc_array(_gram(C, soft) + sparse.diags_array(np.where(soft, 0.0, SOFTENING)))
    return splu(firm, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
