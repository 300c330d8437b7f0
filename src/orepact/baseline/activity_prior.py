"""What each site probably made, before flows are looked at: observations where there are any, needs shared by capacity elsewhere.

For every commodity of the whole world, users before makers, until nothing moves::

    need(c)  = final demand(c) + sum over sites of input(c, j) x_j - what falls as a co-product
    x_j      = scaled to the observations of site j's output              (observed sites)
    x_j      = w_j / sum of w over the other makers x max(need(c) - observed output, floor), at most the capacity

``w`` is the capacity, for an unlimited site the mean capacity of the others that make the same (1 when there is none).
The result is where the fit starts from and how unobserved output is shared; the fit itself moves it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from orepact.baseline.scaling import scale_to, sums
from orepact.baseline.terms import network_demand
from orepact.chain import incidence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.baseline.terms import Observed
    from orepact.baseline.unknowns import Unknowns

#: Passes from final demand upstream; more than any chain is long.
ROUNDS = 100
#: Share of the need that the makers nobody observed are given at least, so that the fit can use them.
FLOOR = 1e-3
STILL = 1e-9


@dataclass(frozen=True)
class _World:
    """The chain without places: what one unit of each site's activity gives and takes of each commodity."""

    maker: NDArray[np.int64]  # commodity that each site mainly makes, -1 for none
    weight: NDArray[np.float64]
    extra: sparse.csr_array  # commodities x sites, co-products
    taken: sparse.csr_array  # commodities x sites, inputs
    demand: NDArray[np.float64]


def activity_prior(unknowns: Unknowns, seen: Observed) -> NDArray[np.float64]:
    """Expected activity of each site, in units of main output per year; 0 where the site cannot run."""
    world = _world(unknowns)
    known, covered = _observed_activity(unknowns, seen, world)
    top = unknowns.upper[unknowns.blocks["activity"]]
    x = np.minimum(np.where(covered, known, 0.0), top)
    for _ in range(ROUNDS):
        before, x = x, _pass(world, x, covered, top)
        if np.abs(x - before).max(initial=0.0) <= STILL * x.max(initial=0.0):
            break
    return x


def _world(unknowns: Unknowns) -> _World:
    network = unknowns.network
    goods = len(network.commodities)
    of_node = incidence.codes(network.commodities.index, network.nodes.get_level_values(0))
    gather = sparse.coo_array((np.ones(len(of_node)), (of_node, np.arange(len(of_node)))), shape=(goods, len(of_node)))
    recipes = sparse.csr_array(gather.tocsr() @ network.S)
    maker = incidence.codes(network.commodities.index, network.site_output)
    keep = np.flatnonzero(maker >= 0)
    main = sparse.coo_array((np.ones(len(keep)), (maker[keep], keep)), shape=recipes.shape).tocsr()
    demand = sums(of_node[unknowns.demand_nodes], network_demand(unknowns), goods)
    extra = (recipes - main).maximum(0.0)
    return _World(maker, _weights(unknowns, maker), sparse.csr_array(extra), sparse.csr_array((-recipes).maximum(0.0)), demand)


def _weights(unknowns: Unknowns, maker: NDArray[np.int64]) -> NDArray[np.float64]:
    top = unknowns.upper[unknowns.blocks["activity"]]
    limited = np.isfinite(top) & (top > 0) & (maker >= 0)
    goods = len(unknowns.network.commodities)
    total = np.bincount(maker[limited], top[limited], minlength=goods)
    count = np.bincount(maker[limited], minlength=goods)
    mean = np.where(count > 0, total / np.maximum(count, 1), 1.0)
    return np.where(maker < 0, 0.0, np.where(np.isfinite(top), top, mean[np.maximum(maker, 0)]))


def _observed_activity(unknowns: Unknowns, seen: Observed, world: _World) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Activities scaled to the observations that add up activities alone, and the sites that these cover."""
    block = unknowns.blocks["activity"]
    rows, part = seen.within(block)
    covered = np.asarray(abs(part).sum(axis=0)).ravel() > 0
    return scale_to(part, rows.quantity, rows.spread, world.weight), covered


def _pass(world: _World, x: NDArray[np.float64], covered: NDArray[np.bool_], top: NDArray[np.float64]) -> NDArray[np.float64]:
    goods = len(world.demand)
    need = np.maximum(world.demand + world.taken @ x - world.extra @ x, 0.0)
    free = ~covered & (world.maker >= 0) & (world.weight > 0)
    held = covered & (world.maker >= 0)
    known = np.bincount(world.maker[held], x[held], minlength=goods)
    shared = np.bincount(world.maker[free], world.weight[free], minlength=goods)
    rest = np.maximum(need - known, FLOOR * need)
    out = np.where(covered, x, 0.0)
    out[free] = rest[world.maker[free]] * world.weight[free] / shared[world.maker[free]]
    return np.minimum(out, top)
