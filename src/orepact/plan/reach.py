"""What can move at all: sites that can run and routes between a supplied and a wanted node.

A variable that must be zero in every answer is never created. The test is reachability in the graph of
nodes, sites and routes, year by year: forward from what needs no input, backward from final demand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.chain.network import Network


@dataclass(frozen=True)
class Reach:
    """What can be non-zero: ``sites``, ``routes``, and ``supplied`` and ``useful`` nodes, each x years."""

    sites: NDArray[np.bool_]
    routes: NDArray[np.bool_]
    supplied: NDArray[np.bool_]
    useful: NDArray[np.bool_]


@dataclass(frozen=True)
class _Graph:
    """Boolean incidence of the network as sparse matrices, nodes first."""

    inputs: sparse.csr_array
    outputs: sparse.csr_array
    main: NDArray[np.int64]
    origin: NDArray[np.int64]
    destination: NDArray[np.int64]
    open_routes: NDArray[np.bool_]
    links: sparse.csr_array


def reach(network: Network, possible: NDArray[np.bool_], *, earns: bool = False) -> Reach:
    """Which sites and routes can be non-zero, given where capacity is possible (sites x years).

    ``earns`` says that some site earns by running: what may be disposed of is then worth making too.
    """
    graph = _graph(network)
    disposable = network.co_product_nodes[:, None]
    stocked, wanted = _stocked(network), _wanted(network) | (disposable & earns)
    runs = possible
    while True:
        supplied = _supplied(graph, stocked, runs)
        useful = _useful(graph, wanted, supplied, runs, disposable)
        kept = runs & _fed(graph, supplied) & _has_taker(graph, useful, disposable)
        if (kept == runs).all():
            break
        runs = kept
    moves = graph.open_routes[:, None] & supplied[graph.origin] & useful[graph.destination]
    return Reach(runs, moves, supplied, useful)


def _graph(network: Network) -> _Graph:
    S, N = network.S.tocsr(), network.N
    routes = network.routes
    origin = network.positions(routes["commodity"], routes["origin"])
    destination = network.positions(routes["commodity"], routes["destination"])
    open_routes = (network.values("routes", "capacity_per_year") > 0) & (origin >= 0) & (destination >= 0)
    ones = np.ones(int(open_routes.sum()), dtype=np.int32)
    links = sparse.coo_array((ones, (destination[open_routes], origin[open_routes])), shape=(N.shape[0], N.shape[0])).tocsr()
    main = network.positions(network.site_output, network.sites["place"])
    return _Graph(_ones(S < 0), _ones(S > 0), main, origin, destination, open_routes, links)


def _ones(matrix: sparse.csr_array) -> sparse.csr_array:
    return sparse.csr_array(matrix).astype(np.int32)


def _stocked(network: Network) -> NDArray[np.bool_]:
    stock = network.stockpiles
    full = (stock["quantity"].to_numpy() > 0) & (network.values("stockpiles", "release_per_year") > 0)
    mask = np.zeros((len(network.nodes), len(network.years)), dtype=bool)
    mask[network.positions(stock["commodity"], stock["place"])[full]] = True
    return mask


def _wanted(network: Network) -> NDArray[np.bool_]:
    demand = network.demand
    mask = np.zeros((len(network.nodes), len(network.years)), dtype=bool)
    position = {year: i for i, year in enumerate(network.years)}
    year = demand["year"].map(position)
    keep = (year.notna() & (demand["quantity"] > 0)).to_numpy()
    rows = network.positions(demand["commodity"], demand["place"])[keep]
    mask[rows, year[keep].astype(int)] = True
    return mask


def _fed(graph: _Graph, supplied: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Sites all of whose inputs are supplied."""
    fed: NDArray[np.bool_] = (graph.inputs.T @ (~supplied).astype(np.int32)) == 0
    return fed


def _has_taker(graph: _Graph, useful: NDArray[np.bool_], disposable: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Sites with some wanted output and a main output that is wanted or may be disposed of."""
    some = (graph.outputs.T @ useful.astype(np.int32)) > 0
    main: NDArray[np.bool_] = some & (useful | disposable)[graph.main] & (graph.main >= 0)[:, None]
    return main


def _supplied(graph: _Graph, stocked: NDArray[np.bool_], runs: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Least set of nodes that stocks, fed sites and routes from supplied nodes can reach."""
    supplied = stocked
    while True:
        now = supplied | (graph.links @ supplied.astype(np.int32) > 0)
        now = now | (graph.outputs @ (runs & _fed(graph, now)).astype(np.int32) > 0)
        if (now == supplied).all():
            return now
        supplied = now


def _useful(
    graph: _Graph, wanted: NDArray[np.bool_], supplied: NDArray[np.bool_], runs: NDArray[np.bool_], disposable: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Least set of supplied nodes from which final demand can be reached."""
    fed = runs & _fed(graph, supplied)
    useful = wanted
    while True:
        takes = fed & _has_taker(graph, useful, disposable)
        now = useful | (graph.links.T @ useful.astype(np.int32) > 0) | (graph.inputs @ takes.astype(np.int32) > 0)
        if (now == useful).all():
            return now
        useful = now
