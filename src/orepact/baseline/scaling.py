"""Scaling in proportion: the multiplicative steps that bring a first guess near sums and margins.

``scale_to`` is the row action of the multiplicative algebraic reconstruction (Gordon, Bender and Herman 1970), ``furness`` the
balancing of a table to its margins (Furness 1965; also RAS or iterative proportional fitting, Deming and Stephan 1940).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from orepact.baseline.terms import rows_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

#: Passes over all sums, and over both margins.
SWEEPS = 20
ROUNDS = 60
TINY = 1e-100
#: Relative spread of an exact quantity beside others of the same thing.
ROUNDING = 1e-9
_NONE = np.zeros(0, dtype=np.int64)
Row = tuple["NDArray[np.int64]", "NDArray[np.float64]", float]


def scale_to(
    matrix: sparse.csr_array, quantity: NDArray[np.float64], spread: NDArray[np.float64], guess: NDArray[np.float64]
) -> NDArray[np.float64]:
    """``guess`` after each row's part has been scaled to its quantity, the surest rows last; zeros stay zero.

    Rows that see the same unknowns with the same weights are first joined to their mean, weighted by 1 / spread^2.
    """
    value = np.array(guess, dtype=float)
    rows = _joined(matrix, quantity, spread)
    seen = np.bincount(np.concatenate([columns for columns, *_ in rows] or [_NONE]), minlength=len(value))
    entangled = [row for row in rows if (seen[row[0]] > 1).any()]
    _sweep(value, rows)
    for _ in range(SWEEPS - 1 if entangled else 0):
        _sweep(value, entangled)
    return value


def _sweep(value: NDArray[np.float64], rows: list[Row]) -> None:
    for columns, weights, target in rows:
        now = float(weights @ value[columns])
        if now > TINY:
            value[columns] *= max(target, 0.0) / now


def _joined(matrix: sparse.csr_array, quantity: NDArray[np.float64], spread: NDArray[np.float64]) -> list[Row]:
    """(columns, weights, quantity) of each different row, the least sure first (relative to what it saw)."""
    known = np.where(np.isnan(spread), np.inf, spread)
    precise = 1.0 / np.maximum(known, ROUNDING * np.maximum(np.abs(quantity), TINY)) ** 2
    groups: dict[bytes, list[int]] = {}
    lines = list(rows_of(matrix))
    for at, (columns, weights) in enumerate(lines):
        if len(columns):
            groups.setdefault(columns.tobytes() + weights.tobytes(), []).append(at)
    out: list[tuple[float, bytes, int, float]] = []
    for key, members in groups.items():
        weight = precise[members]
        total = float(weight.sum())
        mean = float(weight @ quantity[members]) / total if total > 0 else float(quantity[members].mean())
        doubt = total**-0.5 / max(abs(mean), TINY) if total > 0 else np.inf
        out.append((-doubt, key, members[0], mean))
    out.sort()
    return [(*lines[at], mean) for *_, at, mean in out]


def furness(
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    seed: NDArray[np.float64],
    sent: NDArray[np.float64],
    got: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Cells ``a[start] x seed x b[end]`` whose sums by start are ``sent`` and by end come as near to ``got`` as links allow."""
    size = len(sent)
    column = np.ones(size)
    row = np.zeros(size)
    for _ in range(ROUNDS):
        row = _ratio(sent, sums(start, seed * column[end], size))
        column = _ratio(got, sums(end, seed * row[start], size))
    return np.asarray(row[start] * seed * column[end])


def sums(at: NDArray[np.int64], values: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Sum of the values at each position from 0 to ``size`` - 1.

    >>> sums(np.array([0, 2, 2]), np.array([1.0, 2.0, 3.0]), 4).tolist()
    [1.0, 0.0, 5.0, 0.0]
    """
    return np.bincount(at, values, minlength=size).astype(np.float64)


def _ratio(wanted: NDArray[np.float64], now: NDArray[np.float64]) -> NDArray[np.float64]:
    out = np.zeros(len(wanted))
    np.divide(wanted, now, out=out, where=now > TINY)
    return out
