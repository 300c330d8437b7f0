"""Thinning: the routes that a shock is decided on, with what the others carried laid on them.

A balanced year spreads a little of everything over nearly every route. Of each good the largest routes are kept that carry
nearly all of it, with the links that keep its sellers and buyers connected; the flows on them are then fitted anew so that every
seller sends and every buyer receives exactly what they did. Production, use, demand and stocks stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from orepact.shock.case.refit import refit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.shock.case.rules import Thinning
    from orepact.shock.case.usual import Usual


@dataclass(frozen=True, slots=True)
class Thinned:
    """The usual year on fewer routes and what that cost: shares of all that moved (by weight of each good's own total)."""

    usual: Usual
    routes_before: int
    carrying: int
    spare: int
    moved_share: float

    @property
    def words(self) -> str:
        """What was done, for a warning."""
        total = len(self.usual.flow)
        return (
            f"{total} of {self.routes_before} routes are kept: {self.carrying} carry the usual flows (of the least kept good "
            f"{1 - self.moved_share:.1%} was moved to them from smaller routes), {self.spare} stand ready"
        )


def thin(usual: Usual, rules: Thinning | None) -> Thinned:
    """The usual year on the routes that matter; whole without rules or where the network has few routes."""
    before = len(usual.flow)
    if rules is None or before <= rules.above_routes.value:
        return Thinned(usual, before, int((usual.flow > 0).sum()), int((usual.flow <= 0).sum()), 1.0)
    kept = carrying_routes(usual, rules.least_share.value)
    kept, flow = refit(usual, kept)
    spare = spare_routes(usual, kept, rules)
    share = _least_share(usual, kept)
    chosen = np.flatnonzero(kept | spare)
    network = usual.network.with_tables(observations=usual.network.observations[:0]).restrict(routes=chosen)
    at = usual.network.positions(network.nodes.get_level_values(0), network.nodes.get_level_values(1))
    thinned = replace(
        usual,
        network=network,
        flow=flow[chosen],
        demand=usual.demand[at],
        other=usual.other[at],
        short=usual.short[at],
        numbers=usual.numbers[chosen],
    )
    return Thinned(thinned.closed(), before, int(kept.sum()), int((spare & ~kept).sum()), share)


def carrying_routes(usual: Usual, least_share: float) -> NDArray[np.bool_]:
    """Mask of the largest routes of each good that carry ``least_share`` of it, and of a spanning forest of its links."""
    network, flow = usual.network, usual.flow
    goods = network.routes["commodity"].to_numpy()
    kept = np.zeros(len(flow), dtype=bool)
    for good in np.unique(goods[flow > 0]):
        rows = np.flatnonzero((goods == good) & (flow > 0))
        rows = rows[np.argsort(-flow[rows], kind="stable")]
        carried = np.cumsum(flow[rows])
        kept[rows[: int(np.searchsorted(carried, least_share * carried[-1])) + 1]] = True
    lossy = network.values("routes", "loss") > 0
    kept |= (flow > 0) & np.isin(goods, np.unique(goods[lossy & (flow > 0)]))
    return kept | _forest(usual)


def _forest(usual: Usual) -> NDArray[np.bool_]:
    """Mask of the largest links that keep connected whatever sellers and buyers are connected at all."""
    from scipy import sparse
    from scipy.sparse.csgraph import minimum_spanning_tree

    start, end = usual.network.route_nodes
    size = len(usual.network.nodes)
    rows = np.flatnonzero(usual.flow > 0)
    mask = np.zeros(len(usual.flow), dtype=bool)
    if not len(rows):
        return mask
    relative = usual.flow[rows] / usual.flow[rows].max()
    weight = 1.0 - np.log(relative)
    graph = sparse.coo_array((weight, (start[rows], end[rows] + size)), shape=(2 * size, 2 * size))
    tree = minimum_spanning_tree(graph.tocsr()).tocoo()
    pairs = set(zip(tree.row.tolist(), tree.col.tolist(), strict=True))
    mask[rows] = [(s, e + size) in pairs for s, e in zip(start[rows].tolist(), end[rows].tolist(), strict=True)]
    return mask


def spare_routes(usual: Usual, kept: NDArray[np.bool_], rules: Thinning) -> NDArray[np.bool_]:
    """Mask of the cheapest other routes to each place that buys a good, from those who make some of it.

    So many that the place has ``spare_suppliers`` with those it uses; a place with as many usual ones gets none, nor does one
    that buys less than ``buyer_share`` of what moves.
    """
    network = usual.network
    start, end = network.route_nodes
    size = len(network.nodes)
    _, good = np.unique(network.nodes.get_level_values(0).to_numpy(), return_inverse=True)
    made, bought = usual.made, np.bincount(end, usual.flow, minlength=size)
    sells = (made > 0) & (made >= rules.supplier_share.value * np.bincount(good, made)[good])
    buys = (bought > 0) & (bought >= rules.buyer_share.value * np.bincount(good, bought)[good])
    suppliers = np.bincount(end[kept], minlength=size)
    free = np.flatnonzero(~kept & sells[start] & buys[end])
    order = free[np.lexsort((network.route_cost_usd[free], end[free]))]
    places = end[order]
    first = np.concatenate([[True], places[1:] != places[:-1]]) if len(order) else np.zeros(0, dtype=bool)
    rank = np.arange(len(order)) - np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))
    mask = np.zeros(len(usual.flow), dtype=bool)
    mask[order[rank < rules.spare_suppliers.value - suppliers[places]]] = True
    return mask


def _least_share(usual: Usual, kept: NDArray[np.bool_]) -> float:
    """Of each good the share of its movement that stays on its own route; the least of all."""
    _, good = np.unique(usual.network.routes["commodity"].to_numpy(), return_inverse=True)
    total, held = np.bincount(good, usual.flow), np.bincount(good, np.where(kept, usual.flow, 0.0))
    moving = total > 0
    return float((held[moving] / total[moving]).min()) if moving.any() else 1.0
