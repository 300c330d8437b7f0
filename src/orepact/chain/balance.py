"""The one law, checked on a result: ``S x + N f + m = d`` at every node and year, recomputed from the tidy table alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from orepact.chain.flow_rows import NODE_SIGNS
from orepact.errors import BalanceBroken

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.chain.network import Network

#: Relative residual above which a balance counts as broken.
TOLERANCE = 1e-6
#: Nodes that move less than this many units are measured against it: a solver keeps each row to about 1e-7 units.
SMALLEST = 0.1


def balance_table(frame: pd.DataFrame, network: Network) -> pd.DataFrame:
    """One row for each node and year: ``year, commodity, place, residual, throughput, relative``.

    ``residual = S x + N f + stock_out + recovered - stock_in - (demand - shortage)`` in units of the commodity;
    ``throughput`` is what enters or leaves the node, whichever is more, and ``relative`` their ratio.
    """
    years = np.unique(frame["year"].to_numpy())
    parts = [_year_table(frame[frame["year"] == year], network, int(year)) for year in years]
    columns = ["year", "commodity", "place", "residual", "throughput", "relative"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def check_balance(frame: pd.DataFrame, network: Network, tolerance: float = TOLERANCE) -> float:
    """The worst relative residual; raises ``BalanceBroken`` with the worst nodes above ``tolerance`` or with unknown rows."""
    _demand_known(frame, network)
    _forward_only(frame)
    table = balance_table(frame, network)
    if not len(table):
        return 0.0
    bad = table[~(table["relative"] <= tolerance)].sort_values("relative", ascending=False)
    if len(bad):
        lines = [
            f"{row.commodity} in {row.place}, {row.year}: {row.residual:+.6g} of {row.throughput:.6g}"
            for row in bad.head(5).itertuples(index=False)
        ]
        raise BalanceBroken(f"S x + N f + m = d is broken at {len(bad)} nodes; the worst: " + "; ".join(lines))
    return float(table["relative"].max())


def _demand_known(frame: pd.DataFrame, network: Network) -> None:
    """Rows that no column of ``S`` or ``N`` and no node stands for would otherwise vanish from the sum."""
    activity, routes = frame[frame["kind"] == "activity"], frame[frame["kind"] == "route"]
    node = frame[frame["kind"].isin(NODE_SIGNS)]
    unknown = [
        *(f"site {site}" for site in activity.loc[~activity["site"].isin(network.site_index), "site"].unique()),
        *(f"route of {c} from {o} to {d}" for c, o, d in _ends(routes[route_numbers(routes, network) < 0])),
        *(f"node {c} in {o or d}" for c, o, d in _ends(node[node_numbers(node, network) < 0])),
    ]
    if unknown:
        raise BalanceBroken(f"{len(unknown)} rows stand for nothing in the network: " + "; ".join(unknown[:5]))
    if not np.isfinite(frame["quantity"].to_numpy()[frame["kind"].isin(["activity", "route", *NODE_SIGNS])]).all():
        raise BalanceBroken("a quantity is not a finite number")


def _forward_only(frame: pd.DataFrame) -> None:
    """What runs or moves backwards would balance for a wrong reason."""
    moving = frame[frame["kind"].isin(["activity", "route", *NODE_SIGNS])]
    negative = moving[moving["quantity"] < -SMALLEST * TOLERANCE]
    if len(negative):
        row = negative.iloc[0]
        raise BalanceBroken(f"{len(negative)} quantities are negative: {row['kind']} {row['commodity']} {row['quantity']:g}")


def check_demand(frame: pd.DataFrame, network: Network) -> None:
    """Raise ``BalanceBroken`` unless the table holds the network's demand of every model year, no more and no less."""
    keys = ["commodity", "place", "year"]
    wanted = network.demand[network.demand["year"].isin(list(network.years))]
    listed = frame[frame["kind"] == "demand"].rename(columns={"destination": "place"})
    sums = [part.groupby(keys)["quantity"].sum() for part in (wanted, listed)]
    both = pd.concat(sums, axis=1, keys=["wanted", "listed"]).fillna(0.0).reset_index()
    gap = (both["wanted"] - both["listed"]).abs() > TOLERANCE * both["wanted"].clip(lower=SMALLEST)
    if gap.any():
        row = both[gap].iloc[0]
        raise BalanceBroken(
            f"demand of {row['commodity']} in {row['place']}, {row['year']}: {row['wanted']:g} in the network, "
            f"{row['listed']:g} in the table"
        )


def _ends(frame: pd.DataFrame) -> list[tuple[str, str, str]]:
    return list(frame[["commodity", "origin", "destination"]].itertuples(index=False, name=None))


def route_numbers(frame: pd.DataFrame, network: Network) -> NDArray[np.int64]:
    """Number of the route of each row, -1 where the network has none."""
    size = len(network.nodes)

    def key(start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.where((start < 0) | (end < 0), -1, start * size + end)

    known = key(*network.route_nodes)
    order = np.argsort(known, kind="stable")
    goods = frame["commodity"]
    wanted = key(network.positions(goods, frame["origin"]), network.positions(goods, frame["destination"]))
    if not len(known):
        return np.full(len(wanted), -1, dtype=np.int64)
    at = np.minimum(np.searchsorted(known, wanted, sorter=order), len(known) - 1)
    found = order[at]
    return np.where((known[found] == wanted) & (wanted >= 0), found, -1)


def node_numbers(frame: pd.DataFrame, network: Network) -> NDArray[np.int64]:
    """Number of the node of each row, -1 where the network has none."""
    place = frame["destination"].where(frame["destination"] != "", frame["origin"])
    return network.positions(frame["commodity"], place)


def _year_table(frame: pd.DataFrame, network: Network, year: int) -> pd.DataFrame:
    size = len(network.nodes)
    activity, routes = frame[frame["kind"] == "activity"], frame[frame["kind"] == "route"]
    node = frame[frame["kind"].isin(NODE_SIGNS)]
    x = np.bincount(
        network.site_index.get_indexer(pd.Index(activity["site"])), activity["quantity"], minlength=len(network.sites)
    )
    f = np.bincount(route_numbers(routes, network), routes["quantity"], minlength=len(network.routes))
    signs = node["kind"].map(NODE_SIGNS).to_numpy(dtype=float)
    m = np.bincount(node_numbers(node, network), node["quantity"].to_numpy() * signs, minlength=size)
    size_m = np.bincount(node_numbers(node, network), np.abs(node["quantity"].to_numpy()), minlength=size)
    residual = network.S @ x + network.N @ f + m
    moved = _absolute(network.S) @ np.abs(x) + _absolute(network.N) @ np.abs(f) + size_m
    throughput = np.maximum((moved + np.abs(residual)) / 2.0, SMALLEST)
    table = network.nodes.to_frame(index=False)
    table.insert(0, "year", year)
    return table.assign(residual=residual, throughput=throughput, relative=np.abs(residual) / throughput)


def _absolute(matrix: sparse.csc_array) -> sparse.csc_array:
    return sparse.csc_array(abs(matrix))
