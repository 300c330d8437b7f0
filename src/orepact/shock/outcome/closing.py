"""The balance of an outcome with its inventories: what enters each node leaves it, is used or stays in stock, every week."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from orepact.errors import BalanceBroken

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.shock.outcome.outcome import Outcome

#: Relative residual above which a balance counts as broken.
TOLERANCE = 1e-6
#: Nodes that move less than this many units a week are measured against it: a solver keeps each row to about 1e-7 units, and a
#: week of a node is the sum of several.
SMALLEST = 1.0


def at_nodes(size: int, nodes: NDArray[np.int64], quantity: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows (``quantity``, rows x weeks) added up at their nodes (nodes x weeks)."""
    total = np.zeros((size, quantity.shape[1]))
    np.add.at(total, nodes, quantity)
    return total


def residual(outcome: Outcome) -> NDArray[np.float64]:
    """What law 1 of ``Outcome`` leaves open (nodes x weeks): what enters less what leaves each node in each week."""
    return np.sum([*_terms(outcome)], axis=0)  # type: ignore[no-any-return]  # numpy sums a list of arrays


def check_balance(outcome: Outcome, tolerance: float = TOLERANCE) -> float:
    """The worst relative residual; raises ``BalanceBroken`` for laws 1 and 2 and for stock below its floor.

    A node is measured against half of what enters and leaves it in its week, a stock against its quantity at the start.
    """
    terms = _terms(outcome)
    open_ = np.abs(np.sum(terms, axis=0))
    moved = np.maximum(np.sum(np.abs(terms), axis=0) / 2.0, SMALLEST)
    nodes = open_ / moved
    stores = _stock_gap(outcome)
    floors = _below_floor(outcome)
    said = [
        *_said(nodes, tolerance, outcome.case.network.nodes, "the balance of"),
        *_said(stores, tolerance, _names(outcome), "the stock of"),
        *_said(floors, tolerance, _names(outcome), "the floor of"),
    ]
    if said:
        raise BalanceBroken(f"the outcome of {outcome.response} does not close: " + "; ".join(said[:5]))
    return float(max(nodes.max(initial=0.0), stores.max(initial=0.0), floors.max(initial=0.0)))


def _terms(outcome: Outcome) -> list[NDArray[np.float64]]:
    """The terms of law 1 with the sign with which they enter a node, each nodes x weeks."""
    case, network = outcome.case, outcome.case.network
    size, weeks = len(network.nodes), outcome.activity.shape[1]
    start, end = network.route_nodes
    wanted = case.demand[:, None] * outcome.disruption.demand_share[:, :weeks]
    swaps, wants = case.substitutions, case.wants["node"].to_numpy(dtype=np.int64)
    own, instead = (swaps[name].to_numpy(dtype=np.int64) for name in ("wanted", "instead"))
    units = swaps["units_per_unit"].to_numpy(dtype=float)[:, None]
    return [
        network.S @ outcome.activity,
        at_nodes(size, end, outcome.arrived),
        -at_nodes(size, start, outcome.sent),
        np.broadcast_to(case.other[:, None], (size, weeks)),
        at_nodes(size, case.stores["node"].to_numpy(dtype=np.int64), outcome.released),
        at_nodes(size, wants[own], outcome.substituted),
        -at_nodes(size, wants[instead], units * outcome.substituted),
        -at_nodes(size, wants, wanted - outcome.unmet),
        -outcome.surplus,
    ]


def _stock_gap(outcome: Outcome) -> NDArray[np.float64]:
    """Law 2, relative: stock now against stock before less what was released (stores x weeks)."""
    quantity = outcome.case.stores["quantity"].to_numpy(dtype=float)
    first = quantity * (1.0 - outcome.disruption.stores_lost)
    before = np.column_stack([first, outcome.stock[:, :-1]]) if outcome.stock.size else outcome.stock
    gap = np.abs(before - outcome.released - outcome.stock)
    return gap / np.maximum(quantity, SMALLEST)[:, None]  # type: ignore[no-any-return]  # a numpy quotient


def _below_floor(outcome: Outcome) -> NDArray[np.float64]:
    """How far a stock is below its floor, relative; what an event destroys below the floor is not the response's doing."""
    stores = outcome.case.stores
    quantity = stores["quantity"].to_numpy(dtype=float)
    floor = np.minimum(stores["floor"].to_numpy(dtype=float), quantity * (1.0 - outcome.disruption.stores_lost))
    return np.maximum(floor[:, None] - outcome.stock, 0.0) / np.maximum(quantity, SMALLEST)[:, None]  # type: ignore[no-any-return]


def _names(outcome: Outcome) -> list[tuple[str, ...]]:
    stores = outcome.case.stores
    return [tuple(map(str, row)) for row in stores[["commodity", "place", "owner", "kind"]].itertuples(index=False)]


def _said(relative: NDArray[np.float64], tolerance: float, names: object, what: str) -> list[str]:
    """The worst places above the tolerance in words."""
    rows, weeks = np.nonzero(~(relative <= tolerance))
    worst = sorted(zip(rows, weeks, strict=True), key=lambda at: -np.nan_to_num(relative[at], nan=np.inf))[:3]
    return [f"{what} {' in '.join(names[row][:2])} in week {week}: {relative[row, week]:.3g}" for row, week in worst]  # type: ignore[index]
