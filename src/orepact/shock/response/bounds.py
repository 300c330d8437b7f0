"""Bounds of the response program: what a response may do in the weeks ahead, given stocks and goods under way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from orepact.shock.response.columns import NONE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.shock.case.case import ShockCase
    from orepact.shock.response.belief import Seen
    from orepact.shock.response.permits import Permits
    from orepact.shock.response.program import ResponseProgram
    from orepact.shock.response.state import State


@dataclass(frozen=True, eq=False)
class Limits:
    """Lower and upper bounds of all columns and rows, and the cost of the columns."""

    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    row_lower: NDArray[np.float64]
    row_upper: NDArray[np.float64]
    cost: NDArray[np.float64]


def limits(model: ResponseProgram, permits: Permits, state: State, seen: Seen, patience: float = 1.0) -> Limits:
    """All bounds for a decision in the week of ``state``; a dollar next week counts ``patience`` dollars now."""
    count, rows = model.layout.count, model.program.shape[0]
    cost = model.program.cost.copy()
    found = Limits(np.zeros(count), np.zeros(count), np.full(rows, -np.inf), np.full(rows, np.inf), cost)
    _make(model, permits, state, seen, found)
    _send(model, permits, state, seen, found)
    _others(model, permits, state, seen, found)
    _node_rows(model, state, seen, found)
    _other_rows(model, state, seen, found)
    _costs(model, permits, seen, found)
    _later(model, patience, found)
    return found


def _make(model: ResponseProgram, permits: Permits, state: State, seen: Seen, found: Limits) -> None:
    """A site makes at most the working share of its capacity; above the usual as its ramp allows."""
    case, grid, families = model.case, model.grid, model.families
    less, more = families.make_less, families.make_more
    working = working_capacity(np.maximum(permits.capacity, case.capacity)[less], case.activity[less], seen.site_share[less])
    usual = case.activity[less, None]
    model.layout.view("make_less", found.lower)[:] = grid.mean(np.maximum(usual - working, 0.0))
    model.layout.view("make_less", found.upper)[:] = usual
    full = working_capacity(permits.capacity[more], case.activity[more], seen.site_share[more])
    spare = np.maximum(full - case.activity[more, None], 0.0)
    model.layout.view("make_more", found.upper)[:] = grid.mean(_times(spare, permits.ramp(state.week, grid.weeks)[more]))


def working_capacity(
    capacity: NDArray[np.float64], usual: NDArray[np.float64], share: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Share x capacity (sites x weeks); a site without limit that is hit makes at most that share of the usual."""
    limit = np.where(np.isfinite(capacity), capacity, usual)[:, None] * share
    return np.where(np.isinf(capacity)[:, None] & (share >= 1.0), np.inf, limit)


def _times(spare: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Spare x share, where nothing of an unlimited spare is nothing."""
    return np.where(share > 0, np.where(share > 0, spare, 0.0) * np.where(share > 0, share, 1.0), 0.0)


def _send(model: ResponseProgram, permits: Permits, state: State, seen: Seen, found: Limits) -> None:
    """A hit route carries at most its share of the usual; an untouched one any quantity, once the response may open it."""
    case, grid, families = model.case, model.grid, model.families
    used = families.send_less.route
    usual = case.flow[used, None]
    model.layout.view("send_less", found.lower)[:] = usual * (1.0 - np.minimum(grid.mean(seen.route_share[used]), 1.0))
    model.layout.view("send_less", found.upper)[:] = usual
    free = (seen.route_share >= 1.0) & permits.open(state.week, grid.weeks)
    model.layout.view("send_more", found.upper)[:] = np.where(grid.most(free.astype(float)) > 0, np.inf, 0.0)
    turned = families.detour.route
    opened = seen.detour_open * np.where(case.flow[turned, None] > NONE, 1.0, permits.open(state.week, grid.weeks)[turned])
    upper = np.where(case.flow[turned] > NONE, case.flow[turned], np.inf)[:, None]
    model.layout.view("detour", found.upper)[:] = _times(np.broadcast_to(upper, (len(turned), grid.blocks)), grid.mean(opened))


def _others(model: ResponseProgram, permits: Permits, state: State, seen: Seen, found: Limits) -> None:
    """Unmet demand up to demand, substitution and release within their limits; warehouses down to their floor."""
    case, grid, families, view = model.case, model.grid, model.families, model.layout.view
    wanted = case.demand[families.unmet, None] * grid.mean(seen.demand_share[families.unmet])
    view("unmet", found.upper)[:] = wanted
    view("replace", found.upper)[:] = grid.mean(permits.replace(state.week, grid.weeks))
    view("release", found.upper)[:] = permits.release[families.release, None]
    usual, lowest = state.usual_stock[families.below], np.minimum(state.floor, state.stock)[families.below]
    view("below", found.upper)[:] = (usual - lowest)[:, None]
    view("missing", found.upper)[:] = np.inf


def _node_rows(model: ResponseProgram, state: State, seen: Seen, found: Limits) -> None:
    """What deviates already: stock now, goods under way and demand that are not as usual, and what usually leaves otherwise."""
    nodes, grid, stored = len(model.stored), model.grid, model.stored
    known = state.known()
    later = known[:, grid.weeks :].sum(axis=1)
    kept_back = np.maximum(-model.case.other, 0.0)[:, None]
    within = grid.total(known[:, : grid.weeks] - demand_change(model.case, seen) + kept_back)
    now = np.cumsum(within, axis=1) + state.lacking[:, None]
    rows = found.row_lower[model.rows("node")].reshape(grid.blocks, nodes)
    rows[:] = -np.where(stored[:, None], now, within).T
    whole = within.sum(axis=1) + state.lacking
    found.row_lower[model.rows("end")] = -(np.where(stored, whole, 0.0) + later)


def demand_change(case: ShockCase, seen: Seen) -> NDArray[np.float64]:
    """Demand above the usual at each node (nodes x weeks)."""
    change = case.demand[:, None] * (seen.demand_share - 1.0)
    found = np.zeros((len(case.network.nodes), seen.demand_share.shape[-1]))
    np.add.at(found, case.wants["node"].to_numpy(dtype=np.int64), change)
    return found


def _other_rows(model: ResponseProgram, state: State, seen: Seen, found: Limits) -> None:
    """Stores keep their floor; quotas count the usual dispatch too."""
    found.row_upper[model.rows("store")] = np.maximum(state.releasable[model.families.release], 0.0)
    if model.quotas:
        rows = found.row_upper[model.rows("quota")].reshape(model.grid.blocks, model.quotas)
        rows[:] = (model.grid.mean(seen.most) - model.usual_under_quotas[:, None]).T


def _costs(model: ResponseProgram, permits: Permits, seen: Seen, found: Limits) -> None:
    """A tariff step counts on everything sent, so sending less of the usual saves it; priority weighs what a party loses."""
    view, families = model.layout.view, model.families
    view("unmet", found.cost)[:] *= permits.priority[families.unmet, None]
    if seen.route_cost_usd.any():
        step = model.grid.total(seen.route_cost_usd)
        view("send_less", found.cost)[:] -= step[families.send_less.route]
        for name in ("send_more", "detour"):
            view(name, found.cost)[:] += step[getattr(families, name).route]


def _later(model: ResponseProgram, patience: float, found: Limits) -> None:
    """Of plans that cost the same: losses as late, measures as soon as can be.

    A loss counts patience ^ t, a measure patience ^ -t, with t the weeks until the middle of its block: the event may be over
    before the loss comes, or last longer than expected.
    """
    edges = np.asarray(model.grid.edges, dtype=float)
    factor = patience ** ((edges[:-1] + edges[1:] - 1.0) / 2.0)
    for name in model.families.moves:
        model.layout.view(name, found.cost)[:] *= factor if name == "unmet" else 1.0 / factor
