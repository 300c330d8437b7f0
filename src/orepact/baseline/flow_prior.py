"""What probably moved on each route: observed flows where there are any, gravity for the rest.

For each commodity, with the output and need of every place from the activity prior::

    g_ij = a_i x b_j x F_ij,   F_ij = (1 + t_ij / t)^-theta,   F_ii = home preference

``a`` and ``b`` balance the table to supply and need (Furness 1965): the doubly constrained gravity model of Wilson (1967),
which is the spread of greatest entropy under these margins. ``t_ij`` is the cost of the route, its days where no cost is
known, or the distance; ``t`` their median. Observed flows are then scaled to what was observed; at a place with observed
flows the rest of its supply first serves its own need, and only what is left over or lacking goes by gravity on the
routes that nobody observed. Sources: Wilson, A. G. (1967), A statistical theory of spatial distribution models,
Transportation Research 1; fall of trade with distance about -0.9 on average: Disdier and Head (2008), Review of
Economics and Statistics 90.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.baseline.scaling import furness, scale_to, sums
from orepact.baseline.terms import network_demand
from orepact.chain import incidence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.baseline.options import BaselineOptions
    from orepact.baseline.terms import Observed
    from orepact.baseline.unknowns import Unknowns
    from orepact.chain.network import Network

#: Share of a commodity's whole supply with which a route that gravity leaves empty enters the scaling to observations.
SEED = 1e-6


def flow_prior(
    unknowns: Unknowns, seen: Observed, activity: NDArray[np.float64], options: BaselineOptions
) -> NDArray[np.float64]:
    """Expected flow on each route, in units that leave the origin; 0 where the route cannot be used."""
    network = unknowns.network
    supply, need = margins(unknowns, activity)
    usable = unknowns.upper[unknowns.blocks["route"]] > 0
    friction = np.where(usable, _friction(network, options.friction_power), 0.0)
    spread = _gravity(network, friction, supply, need, np.full(len(supply), options.home_preference))
    flows, covered = _observed_flows(unknowns, seen, spread, friction, supply)
    if not covered.any():
        return spread
    start, end = network.route_nodes
    held, arriving = np.where(covered, flows, 0.0), 1.0 - network.values("routes", "loss")
    left = sums(start, held, len(supply))
    came = sums(end, held * arriving, len(supply))
    stock, touched = np.maximum(supply + came - left, 0.0), (left + came) > 0
    own = np.where(touched, np.minimum(stock, need), 0.0)
    home = np.where(touched, 0.0, options.home_preference)
    rest = _gravity(network, np.where(covered, 0.0, friction), stock - own, need - own, home)
    return np.where(covered, flows, rest)


def margins(unknowns: Unknowns, activity: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What each node makes and what it uses up or wants, when the sites do ``activity``."""
    S = unknowns.network.S
    need = np.asarray((-S).maximum(0.0) @ activity)
    need[unknowns.demand_nodes] += network_demand(unknowns)
    return np.asarray(S.maximum(0.0) @ activity), need


def _friction(network: Network, power: float) -> NDArray[np.float64]:
    far = _farness(network)
    usual = far.where(far > 0).groupby(network.routes["commodity"].array).transform("median").fillna(1.0)
    return np.asarray((1.0 + (far / usual).to_numpy()) ** -power)


def _farness(network: Network) -> pd.Series:
    """Cost of each route; days, then distance, for commodities of which no route has a cost."""
    things = network.routes["commodity"].array
    far = pd.Series(network.route_cost_usd, index=network.routes.index)
    for other in (pd.Series(network.values("routes", "days"), index=far.index), _distance(network)):
        silent = far.groupby(things).transform("max") <= 0
        far = far.where(~silent, other)
    return far


def _distance(network: Network) -> pd.Series:
    from orepact.chain.distance import great_circle_km

    places, routes = network.places[["latitude", "longitude"]], network.routes
    start, end = (incidence.codes(places.index, routes[side]) for side in ("origin", "destination"))
    where = places.to_numpy(dtype=float)
    km = great_circle_km(where[start, 0], where[start, 1], where[end, 0], where[end, 1])
    return pd.Series(np.nan_to_num(km, nan=0.0), index=routes.index)


def _gravity(
    network: Network,
    friction: NDArray[np.float64],
    supply: NDArray[np.float64],
    need: NDArray[np.float64],
    home: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The balanced table on the routes; of each commodity as much as the smaller of supply and need."""
    start, end = network.route_nodes
    goods = incidence.codes(network.commodities.index, network.nodes.get_level_values(0))
    size = len(network.commodities)
    total_supply, total_need = sums(goods, supply, size), sums(goods, need, size)
    moving = np.minimum(total_supply, total_need)
    sent = supply * _part(moving, total_supply)[goods]
    got = need * _part(moving, total_need)[goods]
    itself = np.arange(len(supply))
    seed = np.concatenate([friction * (1.0 - network.values("routes", "loss")), home])
    table = furness(np.concatenate([start, itself]), np.concatenate([end, itself]), seed, sent, got)
    return table[: len(start)]


def _part(some: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(some, whole, out=np.zeros(len(whole)), where=whole > 0)


def _observed_flows(
    unknowns: Unknowns,
    seen: Observed,
    spread: NDArray[np.float64],
    friction: NDArray[np.float64],
    supply: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Flows scaled to the observations that add up routes alone, and the routes that these cover."""
    network, block = unknowns.network, unknowns.blocks["route"]
    rows, part = seen.within(block)
    covered = np.asarray(abs(part).sum(axis=0)).ravel() > 0
    goods = incidence.codes(network.commodities.index, network.nodes.get_level_values(0))
    world = sums(goods, supply, len(network.commodities))
    of_route = incidence.codes(network.commodities.index, network.routes["commodity"])
    guess = np.maximum(spread, SEED * np.where(world > 0, world, 1.0)[of_route] * friction)
    return scale_to(part, rows.quantity, rows.spread, np.where(covered, guess, spread)), covered
