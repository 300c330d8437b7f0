"""Reachability: which nodes any chain of sites and routes can ever feed, and what is missing for the others.

A node can be fed by a stockpile, by a usable site all of whose inputs can be fed, or by a usable route from a node that
can be fed. Usable means unlimited, a positive capacity in some model year, or buildable.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from orepact.errors import Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.chain.network import Network

#: Missing links that one problem names.
NAMED = 4


@dataclass(frozen=True)
class _Graph:
    """Links as arrays: recipe lines (site, node, sign) and routes (start, end), usable ones only."""

    nodes: int
    sites: int
    line_site: NDArray[np.int64]
    line_node: NDArray[np.int64]
    is_input: NDArray[np.bool_]
    start: NDArray[np.int64]
    end: NDArray[np.int64]


def usable_sites(network: Network) -> NDArray[np.bool_]:
    """Sites with capacity in some model year, or that can be built."""
    standing = (network.capacity.to_numpy() > 0).any(axis=1)
    buildable: NDArray[np.bool_] = network.expandable & (network.values("sites", "max_build_per_year") > 0)
    alive = network.values("sites", "reserves") > 0
    result: NDArray[np.bool_] = (standing | buildable) & alive
    return result


def _graph(network: Network) -> _Graph:
    lines = network.S.tocoo()
    rows, columns = lines.coords
    on = usable_sites(network)[columns] & (lines.data != 0)
    start, end = network.route_nodes
    open_routes = network.values("routes", "capacity_per_year") > 0
    return _Graph(
        len(network.nodes),
        len(network.sites),
        np.asarray(columns[on], dtype=np.int64),
        np.asarray(rows[on], dtype=np.int64),
        np.asarray(lines.data[on] < 0),
        start[open_routes],
        end[open_routes],
    )


def reachable_nodes(network: Network) -> NDArray[np.bool_]:
    """A mask over ``network.nodes``: True where the node can ever be fed."""
    return _spread(network, _graph(network))


def _spread(network: Network, graph: _Graph) -> NDArray[np.bool_]:
    fed = np.zeros(graph.nodes, dtype=bool)
    stock = network.stockpiles[network.stockpiles["quantity"] > 0]
    fed[network.positions(stock["commodity"], stock["place"])] = True
    while True:
        before = int(fed.sum())
        waits = np.zeros(graph.sites, dtype=bool)
        waits[graph.line_site[graph.is_input & ~fed[graph.line_node]]] = True
        fed[graph.line_node[~graph.is_input & ~waits[graph.line_site]]] = True
        fed[graph.end[fed[graph.start]]] = True
        if int(fed.sum()) == before:
            return fed


def unreachable_demand(network: Network) -> list[Problem]:
    """One problem for each demanded node that nothing can ever feed, naming what is missing upstream."""
    demand = network.demand[network.demand["quantity"] > 0]
    if not len(demand):
        return []
    graph = _graph(network)
    fed = _spread(network, graph)
    at = network.positions(demand["commodity"], demand["place"])
    out, seen = [], set[int]()
    for row, node in zip(demand.index, at, strict=True):
        if fed[node] or int(node) in seen:
            continue
        seen.add(int(node))
        commodity, place = network.nodes[node]
        missing = _missing(network, graph, fed, int(node))
        expected = f"a chain of sites and routes that can bring {commodity} to {place}"
        mend = "add a site, a route or a stockpile that feeds it"
        out.append(Problem("commodity", expected, missing, mend, "demand.csv", int(row) + 2))
    return out


def missing_links(network: Network, nodes: Iterable[int]) -> dict[int, str]:
    """What is missing upstream of each of these rows of ``network.nodes`` that nothing can ever feed, in words."""
    graph = _graph(network)
    fed = _spread(network, graph)
    return {node: _missing(network, graph, fed, node) for node in sorted(set(nodes)) if not fed[node]}


def _missing(network: Network, graph: _Graph, fed: NDArray[np.bool_], node: int) -> str:
    """The ends of the search backwards from a node: what nothing makes and nothing brings."""
    seen, todo, ends = {node}, [node], list[int]()
    while todo:
        here = todo.pop(0)
        makers = graph.line_site[(graph.line_node == here) & ~graph.is_input]
        inputs = graph.line_node[np.isin(graph.line_site, makers) & graph.is_input]
        sources = graph.start[graph.end == here]
        if not len(makers) and not len(sources):
            ends.append(here)
        for above in dict.fromkeys([*inputs[~fed[inputs]].tolist(), *sources[~fed[sources]].tolist()]):
            if above not in seen:
                seen.add(above)
                todo.append(above)
    if not ends:
        return f"a ring in which each waits for the other: {_names(network, sorted(seen))}"
    return f"nothing that makes or brings {_names(network, ends)}"


def _names(network: Network, nodes: list[int]) -> str:
    names = [f"{commodity} in {place}" for commodity, place in (network.nodes[node] for node in nodes[:NAMED])]
    more = len(nodes) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")
