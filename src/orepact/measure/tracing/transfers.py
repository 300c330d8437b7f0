"""``Transfers``: what entered each pool in one year, and from where.

A *pool* is a node (one commodity in one place). Everything that enters it in the year mixes, so that whatever leaves it has
the average composition and the average burden of the pool (proportional mixing). Origin, carbon, social risk and landed cost
all start from this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from orepact.chain.balance import TOLERANCE, route_numbers
from orepact.chain.flow_rows import NODE_SIGNS
from orepact.errors import NotFound
from orepact.measure.tracing.allocation import allocated

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.chain import Flows, Network

#: Quantities below this part of the largest of the same commodity are the dust of a solver, not flows.
DUST = 1e-9
#: Kinds of ``drawn``: out of a stock, recovered outside the network, or without any source in the table.
STOCK, RECOVERED, MISSING = "stock_out", "recovered", "missing"
#: Kinds of ``left``: final use, into a stock (surplus too), or gone without any use in the table.
USE, STORED, RESIDUAL = "demand", "stock_in", "residual"


@dataclass(frozen=True, eq=False)
class Transfers:
    """Entries and exits of every pool of a network in one year.

    - ``nodes``: the pools, ``network.nodes``; ``supply``: units that entered each, made + arrived + drawn.
    - ``made``: ``site, node, quantity, share``; outputs of sites, and the part of its site's burden that each takes (sums to 1).
    - ``used``: ``site, node, quantity``; a site's inputs.
    - ``moved``: ``route, source, target, sent, arrived``; a row for each route with flow, ``arrived = sent x (1 - loss)``.
    - ``drawn``: ``node, quantity, kind`` (stock_out, recovered; missing: more leaves the pool than enters it).
    - ``left``: ``node, quantity, kind`` (demand, less its shortage; stock_in; residual: more enters the pool than leaves it).

    ``site``, ``node`` and ``route`` are positions in ``network.sites``, ``network.nodes`` and ``network.routes``.
    """

    network: Network
    year: int
    nodes: pd.MultiIndex
    supply: NDArray[np.float64]
    made: pd.DataFrame
    used: pd.DataFrame
    moved: pd.DataFrame
    drawn: pd.DataFrame
    left: pd.DataFrame
    allocation: str = "value"

    @classmethod
    def of(cls, flows: Flows, year: int, *, allocation: str = "value") -> Transfers:
        """The transfers of one year of a result.

        ``allocation`` splits a site's burden over its outputs: ``value`` (by price, where every output has one, else by mass),
        ``mass`` or ``main`` (all on the main output). Raises ``NotFound`` for a year or an allocation that there is not.
        """
        if year not in flows.years:
            raise NotFound("year of the flows", str(year), map(str, flows.years))
        network = flows.network
        rows = flows.frame[flows.frame["year"].to_numpy() == year]
        made, used = _of_sites(network, rows, allocation)
        moved = _of_routes(network, rows)
        drawn, left = _at_nodes(network, rows)
        size = len(network.nodes)
        made_arrived = _sum(made["node"], made["quantity"], size) + _sum(moved["target"], moved["arrived"], size)
        used_sent = _sum(used["node"], used["quantity"], size) + _sum(moved["source"], moved["sent"], size)
        drawn, left = _closed(network, made_arrived, used_sent, drawn, left)
        supply = made_arrived + _sum(drawn["node"], drawn["quantity"], size)
        return cls(network, year, network.nodes, supply, made, used, moved, drawn, left, allocation)

    @property
    def commodity(self) -> NDArray[np.object_]:
        """Commodity of each pool."""
        return self.nodes.get_level_values(0).to_numpy(dtype=object)

    @property
    def place(self) -> NDArray[np.object_]:
        """Place of each pool."""
        return self.nodes.get_level_values(1).to_numpy(dtype=object)

    def amount(self, table: str, kinds: tuple[str, ...] = ()) -> NDArray[np.float64]:
        """Units of each pool in ``made``, ``used``, ``drawn`` or ``left``, of some kinds where given."""
        rows: pd.DataFrame = getattr(self, table)
        rows = rows[rows["kind"].isin(kinds)] if kinds else rows
        return _sum(rows["node"], rows["quantity"], len(self.nodes))

    def named(self, nodes: NDArray[np.int64]) -> list[str]:
        """Pools in words."""
        return [f"{commodity} in {place}" for commodity, place in self.nodes[nodes]]


def _sum(rows: pd.Series, amounts: pd.Series, size: int) -> NDArray[np.float64]:
    return np.bincount(rows.to_numpy(dtype=np.int64), amounts.to_numpy(dtype=float), minlength=size).astype(float)


def _of_sites(network: Network, rows: pd.DataFrame, allocation: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Outputs and inputs of every site that ran."""
    ran = rows[rows["kind"] == "activity"]
    at = network.site_index.get_indexer(pd.Index(ran["site"]))
    if (at < 0).any():
        raise NotFound("site", str(ran["site"].to_numpy()[at < 0][0]), network.site_index.astype(str))
    activity = np.bincount(at, ran["quantity"].to_numpy(dtype=float), minlength=len(network.sites)).astype(float)
    activity = _without_dust(activity, network.site_output.to_numpy())
    table = sparse.coo_array(network.S @ sparse.diags_array(activity))
    node, site = (np.asarray(part, dtype=np.int64) for part in table.coords)
    lines = pd.DataFrame({"site": site, "node": node, "quantity": table.data})
    lines = lines[lines["quantity"] != 0].sort_values(["site", "node"], ignore_index=True)
    made, used = lines[lines["quantity"] > 0], lines[lines["quantity"] < 0]
    made, used = made.reset_index(drop=True), used.assign(quantity=-used["quantity"]).reset_index(drop=True)
    return made.assign(share=allocated(network, made, allocation)), used


def _of_routes(network: Network, rows: pd.DataFrame) -> pd.DataFrame:
    """Every route with flow, its ends as nodes, what left and what arrived."""
    rows = rows[rows["kind"] == "route"]
    routes = route_numbers(rows, network)
    if (routes < 0).any():
        row = rows.iloc[int(np.argmax(routes < 0))]
        raise NotFound("route", f"{row['commodity']} from {row['origin']} to {row['destination']}")
    number, at = np.unique(routes, return_inverse=True)
    sent = np.bincount(at, rows["quantity"].to_numpy(dtype=float), minlength=len(number)).astype(float)
    sent = _without_dust(sent, network.routes["commodity"].to_numpy()[number])
    number, sent = number[sent > 0], sent[sent > 0]
    source, target = (ends[number] for ends in network.route_nodes)
    arrived = sent * (1.0 - network.values("routes", "loss")[number])
    return pd.DataFrame({"route": number, "source": source, "target": target, "sent": sent, "arrived": arrived})


def _at_nodes(network: Network, rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What comes from and goes to outside the system, by node."""
    rows = rows[rows["kind"].isin(list(NODE_SIGNS))]
    place = rows["destination"].where(rows["destination"] != "", rows["origin"])
    at = network.positions(rows["commodity"], place)
    if (at < 0).any():
        row = rows.iloc[int(np.argmax(at < 0))]
        raise NotFound("node", f"{row['commodity']} in {row['destination'] or row['origin']}")
    sign = np.where(rows["kind"] == "shortage", -1.0, 1.0)
    kind = rows["kind"].replace("shortage", USE).astype("str").array
    table = pd.DataFrame({"node": at, "quantity": rows["quantity"].to_numpy(dtype=float) * sign, "kind": kind})
    table = table.groupby(["node", "kind"], sort=True)["quantity"].sum().reset_index()[["node", "quantity", "kind"]]
    table["quantity"] = _without_dust(table["quantity"].to_numpy(), network.nodes.get_level_values(0).to_numpy()[table["node"]])
    table = table[table["quantity"] > 0]
    into = table["kind"].isin([STOCK, RECOVERED])
    return table[into].reset_index(drop=True), table[~into].reset_index(drop=True)


def _without_dust(quantity: NDArray[np.float64], commodity: NDArray[np.object_]) -> NDArray[np.float64]:
    """Quantities in which what is negative or below ``DUST`` of the largest of the same commodity is 0."""
    largest = pd.Series(quantity).groupby(commodity).transform("max").to_numpy(dtype=float)
    return np.where(quantity > DUST * np.maximum(largest, 0.0), quantity, 0.0)


def _closed(
    network: Network,
    made_arrived: NDArray[np.float64],
    used_sent: NDArray[np.float64],
    drawn: pd.DataFrame,
    left: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """``drawn`` and ``left`` with a row for what a pool gives without having it, or has without giving it."""
    size = len(network.nodes)
    entered = made_arrived + _sum(drawn["node"], drawn["quantity"], size)
    gone = used_sent + _sum(left["node"], left["quantity"], size)
    through = np.maximum(entered, gone)
    gap = np.where(np.abs(gone - entered) > TOLERANCE * through, gone - entered, 0.0)
    gap = np.where(np.abs(gap) > DUST * _largest(network, through), gap, 0.0)
    return _with_rows(drawn, gap, MISSING), _with_rows(left, -gap, RESIDUAL)


def _largest(network: Network, quantity: NDArray[np.float64]) -> NDArray[np.float64]:
    codes = np.asarray(network.nodes.codes[0])
    return pd.Series(quantity).groupby(codes).transform("max").to_numpy(dtype=float)


def _with_rows(table: pd.DataFrame, quantity: NDArray[np.float64], kind: str) -> pd.DataFrame:
    node = np.flatnonzero(quantity > 0)
    if not len(node):
        return table
    return pd.concat([table, pd.DataFrame({"node": node, "quantity": quantity[node], "kind": kind})], ignore_index=True)
