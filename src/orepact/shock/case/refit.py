"""Fitting flows on fewer routes so that every node sends and receives exactly what it did.

With start flows ``f0`` on the kept routes, the fitted ones are ``f = f0 x exp(a_origin + b_destination)`` (the classic
proportional fitting of a table to its margins, here by Newton steps); the last step is linear, ``f += f x (a + b)``, and closes
the margins to rounding. Where the kept routes cannot carry the margins at all, a linear program says which others have to come
back: the least quantity on them, with at least a tenth of its start flow on each kept one.

Source: Deming and Stephan (1940), Annals of Mathematical Statistics 11(4), for the fitting of margins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from orepact.chain.incidence import codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.shock.case.usual import Usual

#: Relative error of a margin that counts as closed.
TOLERANCE = 1e-12
#: Newton steps of one fit, and rounds in which routes of margins too small for the linear program are added back.
STEPS, ROUNDS = 40, 8
#: A multiplier as large as this says that the kept routes cannot carry the margins.
HOPELESS = 1e4
#: Below this the last step is linear, which closes the margins to rounding.
LINEAR = 1e-6
#: Share of its start flow that each kept route keeps at least while the routes that come back are chosen, and the share of
#: all movement of its good below which a flow of the linear program counts as none.
LEAST_LEFT, NOTHING = 0.1, 1e-11


def refit(usual: Usual, kept: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """The kept routes (with those that had to come back) and the flow of every route, 0 where it is not kept."""
    start, end = usual.network.route_nodes
    size = len(usual.network.nodes)
    wanted = _margins(start, end, usual.flow, size)
    kept = kept & (usual.flow > 0)
    kept = kept | _needed(usual, kept, wanted)
    for _ in range(ROUNDS):
        rows = np.flatnonzero(kept)
        fitted = _fit(start[rows], end[rows], usual.flow[rows], wanted, size)
        open_nodes = _open(start[rows], end[rows], fitted, wanted, size)
        if not open_nodes.any():
            flow = np.zeros(len(usual.flow))
            flow[rows] = fitted
            return kept, flow
        kept = kept | _dropped_at(usual, kept, start, end, open_nodes)
    return usual.flow > 0, usual.flow.copy()


def _needed(usual: Usual, kept: NDArray[np.bool_], wanted: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Mask of the dropped routes without which the kept ones cannot carry the margins.

    ``min sum of f over dropped routes`` with the margins of every node, ``f >= LEAST_LEFT x f0`` on kept routes, each good in
    parts of its own movement (the matrix holds only 0 and 1).
    """
    from orepact.linear import LinearProgram, minimise

    mask = np.zeros(len(kept), dtype=bool)
    rows = np.flatnonzero(usual.flow > 0)
    if kept[rows].all():
        return mask
    network = usual.network
    start, end = network.route_nodes
    size = len(network.nodes)
    good = codes(network.commodities.index, network.routes["commodity"])
    moved = np.bincount(good, usual.flow, minlength=len(network.commodities))
    of_node = moved[codes(network.commodities.index, network.nodes.get_level_values(0))]
    sides = np.flatnonzero(wanted > 0)
    places = (np.concatenate([start[rows], size + end[rows]]), np.tile(np.arange(len(rows)), 2))
    matrix = sparse.coo_array((np.ones(2 * len(rows)), places), shape=(2 * size, len(rows))).tocsr()[sides]
    margin = wanted[sides] / np.concatenate([of_node, of_node])[sides]
    least = np.where(kept[rows], LEAST_LEFT * usual.flow[rows] / moved[good[rows]], 0.0)
    cost = np.where(kept[rows], 0.0, 1.0)
    program = LinearProgram(cost, least, np.full(len(rows), np.inf), matrix, margin, margin)
    solved = minimise(program, {"presolve": "off", "threads": 1, "random_seed": 0, "primal_feasibility_tolerance": 1e-10})
    if solved.status == "optimal":
        mask[rows] = ~kept[rows] & (solved.values > NOTHING)
    return mask


def _margins(start: NDArray[np.int64], end: NDArray[np.int64], flow: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """What each node sends, then what each node receives."""
    sent = np.bincount(start, flow, minlength=size)
    received = np.bincount(end, flow, minlength=size)
    return np.concatenate([sent, received])


def _fit(
    start: NDArray[np.int64], end: NDArray[np.int64], flow: NDArray[np.float64], wanted: NDArray[np.float64], size: int
) -> NDArray[np.float64]:
    """Newton steps on the multipliers of the margins; all goods at once, as they share no node."""
    fitted = flow.copy()
    for _ in range(STEPS):
        gap = wanted - _margins(start, end, fitted, size)
        if np.all(np.abs(gap) <= TOLERANCE * np.maximum(wanted, 1e-300)):
            break
        step = _multipliers(start, end, fitted, gap, size)
        change = step[start] + step[size + end]
        largest = float(np.abs(change).max())
        if largest > HOPELESS:
            break
        fitted = fitted * (1.0 + change) if largest < LINEAR else fitted * np.exp(change * min(1.0, 2.0 / largest))
    return fitted


def _multipliers(
    start: NDArray[np.int64], end: NDArray[np.int64], flow: NDArray[np.float64], gap: NDArray[np.float64], size: int
) -> NDArray[np.float64]:
    """Solve ``A diag(f) A' step = gap`` for the margins; scaled, with a trace on the diagonal as multipliers are not unique."""
    from scipy.sparse.linalg import splu

    used = np.unique(np.concatenate([start, size + end]))
    at = np.full(2 * size, -1)
    at[used] = np.arange(len(used))
    row, column = at[start], at[size + end]
    weight = np.bincount(row, flow, minlength=len(used)) + np.bincount(column, flow, minlength=len(used))
    scale = 1.0 / np.sqrt(np.maximum(weight, 1e-300))
    cross = flow * scale[row] * scale[column]
    count = len(used)
    matrix = sparse.coo_array(
        (
            np.concatenate([cross, cross, np.full(count, 1.0 + 1e-13)]),
            (np.concatenate([row, column, np.arange(count)]), np.concatenate([column, row, np.arange(count)])),
        ),
        shape=(count, count),
    ).tocsc()
    step = np.zeros(2 * size)
    step[used] = splu(matrix).solve(gap[used] * scale) * scale
    return step


def _open(
    start: NDArray[np.int64], end: NDArray[np.int64], flow: NDArray[np.float64], wanted: NDArray[np.float64], size: int
) -> NDArray[np.bool_]:
    """Margins that do not close, or that a negative flow belongs to."""
    gap = np.abs(wanted - _margins(start, end, flow, size))
    bad: NDArray[np.bool_] = ~(gap <= 1e-10 * np.maximum(wanted, 1e-300))
    negative = ~(flow >= 0)
    bad[start[negative]] = True
    bad[size + end[negative]] = True
    return bad


def _dropped_at(
    usual: Usual, kept: NDArray[np.bool_], start: NDArray[np.int64], end: NDArray[np.int64], open_nodes: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Mask of the dropped routes at the margins that are open; all dropped routes when there is none."""
    size = len(usual.network.nodes)
    dropped = (usual.flow > 0) & ~kept
    back = dropped & (open_nodes[start] | open_nodes[size + end])
    return back if back.any() else dropped
