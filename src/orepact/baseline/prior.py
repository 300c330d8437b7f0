"""What is thought of every unknown before the observations are weighed: a mean and a variance each.

The penalty of the fit is ``(v - g)^2 / (s g)``, Pearson's chi-square: for small changes it is twice the cross entropy
``v log(v / g) - v + g``, so that quantities nobody observed move in proportion to ``g``.
The scale ``s`` makes it speak in shares:

    activity   s = activity_spread^2 x output of its main product at its place
    route      s = flow_spread^2 x the smaller throughput of its two ends
    demand     s = g, or the whole of an observed sum of uses that it is part of
    stock      mean 0, standard deviation = stock_share x throughput of the node
    surplus    mean 0, standard deviation = surplus_share x throughput of the node

and no variance is less than that of twice the spread of an observation of the unknown alone. So all that a place sends or
receives has the relative standard deviation ``flow_spread``, and a flow that is a share p of it ``flow_spread / sqrt(p)``: small
flows are known worse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from orepact.baseline.activity_prior import activity_prior
from orepact.baseline.flow_prior import flow_prior, margins
from orepact.baseline.scaling import scale_to, sums
from orepact.baseline.terms import network_demand
from orepact.chain import incidence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.baseline.options import BaselineOptions
    from orepact.baseline.terms import Observed
    from orepact.baseline.unknowns import Unknowns

#: Least throughput of a node, and least ``g`` of an unknown, as shares of the world's supply and of its node's throughput.
FLOOR = 1e-6
#: How many times wider than an observation of the unknown alone the prior is at least: "0, give or take much" leaves it free.
LOOSER = 2.0


@dataclass(frozen=True, eq=False)
class Prior:
    """Mean and variance of every unknown, the bounds of the stocks among ``lower`` and ``upper``, and what passes each node."""

    mean: NDArray[np.float64]
    variance: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    throughput: NDArray[np.float64]


def prior_of(unknowns: Unknowns, seen: Observed, options: BaselineOptions) -> Prior:
    """The prior of a year, from capacities, recipes, demand, what was observed, and gravity."""
    activity = activity_prior(unknowns, seen)
    flows = flow_prior(unknowns, seen, activity, options)
    made, used, passing = _throughput(unknowns, activity, flows)
    mean, variance = np.zeros(len(unknowns)), np.zeros(len(unknowns))
    for name, (centre, spread) in {
        "activity": _activities(unknowns, activity, passing, options),
        "route": _routes(unknowns, flows, passing, options),
        "demand": _demand(unknowns, seen, made - used, passing),
        "stock": _stock(unknowns, seen, passing, options),
        "surplus": (np.zeros(len(unknowns.surplus_nodes)), (options.surplus_share * passing[unknowns.surplus_nodes]) ** 2),
    }.items():
        mean[unknowns.blocks[name]], variance[unknowns.blocks[name]] = centre, spread
    _no_surer_than_seen(variance, seen)
    lower, upper = np.zeros(len(unknowns)), unknowns.upper.copy()
    stock = unknowns.blocks["stock"]
    upper[stock] = options.stock_limit * np.sqrt(variance[stock])
    lower[stock] = -upper[stock]
    return Prior(np.minimum(mean, upper), variance, lower, upper, passing)


def _no_surer_than_seen(variance: NDArray[np.float64], seen: Observed) -> None:
    """Widen the prior of what was observed alone to ``LOOSER`` times the spread of the observation, in place."""
    rows = seen.only(seen.direct)
    np.maximum.at(variance, rows.matrix.indices, (LOOSER * rows.spread / rows.matrix.data) ** 2)


def _throughput(
    unknowns: Unknowns, activity: NDArray[np.float64], flows: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """What comes to each node, what leaves it other than for final demand, and what passes it."""
    network = unknowns.network
    made, used = margins(unknowns, activity)
    start, end = network.route_nodes
    into = made + sums(end, flows * (1.0 - network.values("routes", "loss")), len(made))
    out = used + sums(start, flows, len(made))
    goods = incidence.codes(network.commodities.index, network.nodes.get_level_values(0))
    world = sums(goods, np.maximum(made, used), len(network.commodities))
    least = FLOOR * np.where(world > 0, world, 1.0)[goods]
    wanted = np.zeros(len(made))
    wanted[unknowns.demand_nodes] = network_demand(unknowns)
    return into, out - wanted, np.maximum(np.maximum(into, out), least)


Guess = tuple["NDArray[np.float64]", "NDArray[np.float64]"]


def _activities(unknowns: Unknowns, mean: NDArray[np.float64], passing: NDArray[np.float64], options: BaselineOptions) -> Guess:
    """Pearson's variance ``s g``, with the output of the main product at the place in ``s``."""
    network = unknowns.network
    at = network.positions(network.site_output, network.sites["place"])
    own = np.maximum(at, 0)
    made = sums(own, np.where(at >= 0, mean, 0.0), len(passing))
    size = np.where(at >= 0, np.maximum(made[own], FLOOR * passing[own]), np.maximum(mean, 1.0))
    centre = np.maximum(mean, FLOOR * size)
    return centre, options.activity_spread**2 * size * centre


def _routes(unknowns: Unknowns, mean: NDArray[np.float64], passing: NDArray[np.float64], options: BaselineOptions) -> Guess:
    start, end = unknowns.network.route_nodes
    size = np.minimum(passing[start], passing[end])
    centre = np.maximum(mean, FLOOR * size)
    return centre, options.flow_spread**2 * np.maximum(size, centre) * centre


def _demand(unknowns: Unknowns, seen: Observed, rest: NDArray[np.float64], passing: NDArray[np.float64]) -> Guess:
    """As the network has it or as much as is left at the node (``rest``), scaled to what was observed of uses alone."""
    at, block = unknowns.demand_nodes, unknowns.blocks["demand"]
    guess = np.maximum(np.maximum(network_demand(unknowns), rest[at]), FLOOR * passing[at])
    rows, part = seen.within(block)
    mean = np.maximum(scale_to(part, rows.quantity, rows.spread, guess), FLOOR * passing[at])
    size, (line, column) = mean.copy(), part.tocoo().coords
    np.maximum.at(size, column, np.abs(rows.quantity[line]) / np.maximum(part.tocoo().data, FLOOR))
    return mean, size * mean


def _stock(unknowns: Unknowns, seen: Observed, passing: NDArray[np.float64], options: BaselineOptions) -> Guess:
    """Around 0; as wide as an observed change where there is one."""
    block = unknowns.blocks["stock"]
    if not unknowns.stocks:
        return np.zeros(0), np.zeros(0)
    spread = options.stock_share * passing
    matrix = sparse.coo_array(seen.matrix[:, block])
    line, column = matrix.coords
    wide = np.abs(seen.quantity[line]) / np.maximum(np.abs(matrix.data), FLOOR)
    np.maximum.at(spread, column, np.where(seen.fitted[line], wide, 0.0))
    return np.zeros(len(spread)), spread**2
