"""The usual year of a network as arrays, from the rows of ``Flows``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.chain.balance import node_numbers, route_numbers
from orepact.errors import BadInput, Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.chain.flows import Flows
    from orepact.chain.network import Network


@dataclass(frozen=True, eq=False)
class Usual:
    """One year in units per year: ``S activity + N flow + other = demand``.

    ``activity`` (sites), ``flow`` (routes), ``demand`` (nodes; what was met of it), ``other`` (nodes; what comes out of
    stocks and recovery, less what goes into stocks), ``short`` (nodes; demand that was not met). ``numbers``: route of the
    network that the flows stand on.
    """

    network: Network
    year: int
    activity: NDArray[np.float64]
    flow: NDArray[np.float64]
    demand: NDArray[np.float64]
    other: NDArray[np.float64]
    short: NDArray[np.float64]
    numbers: NDArray[np.int64]

    @property
    def residual(self) -> NDArray[np.float64]:
        """``S activity + N flow + other - demand`` of each node."""
        network = self.network
        left: NDArray[np.float64] = network.S @ self.activity + network.N @ self.flow + self.other - self.demand
        return left

    @property
    def made(self) -> NDArray[np.float64]:
        """What sites make at each node."""
        made: NDArray[np.float64] = self.network.S.maximum(0.0) @ self.activity
        return made

    @property
    def used(self) -> NDArray[np.float64]:
        """What sites and final demand use at each node."""
        used: NDArray[np.float64] = self.demand - self.network.S.minimum(0.0) @ self.activity
        return used

    def closed(self) -> Usual:
        """The same year with what the solver left open (a millionth of what a node moves) put into ``other``."""
        return replace(self, other=self.other - self.residual)


def usual_year(flows: Flows, year: int | None) -> Usual:
    """One year of ``flows`` as arrays.

    Raises ``BadInput`` for a year that they do not hold, ``BalanceBroken`` for flows that do not close.
    """
    network = flows.network
    chosen = _year(flows, year)
    frame = flows.frame[flows.frame["year"] == chosen]
    size = len(network.nodes)

    def at_nodes(kind: str) -> NDArray[np.float64]:
        rows = frame[frame["kind"] == kind]
        return _sum(node_numbers(rows, network), rows, size)

    flows.check_balance()
    activity, route = frame[frame["kind"] == "activity"], frame[frame["kind"] == "route"]
    short = at_nodes("shortage")
    usual = Usual(
        network,
        chosen,
        activity=_sum(network.site_index.get_indexer(pd.Index(activity["site"])), activity, len(network.sites)),
        flow=_sum(route_numbers(route, network), route, len(network.routes)),
        demand=np.maximum(at_nodes("demand") - short, 0.0),
        other=at_nodes("stock_out") + at_nodes("recovered") - at_nodes("stock_in"),
        short=short,
        numbers=np.arange(len(network.routes)),
    )
    return usual.closed()


def _sum(at: NDArray[np.int64], rows: pd.DataFrame, size: int) -> NDArray[np.float64]:
    added: NDArray[np.float64] = np.bincount(at, rows["quantity"].to_numpy(dtype=float), minlength=size).astype(float)
    added[added < 0] = 0.0
    return added


def _year(flows: Flows, year: int | None) -> int:
    if year is None and len(flows.years) == 1:
        return flows.years[0]
    if year is None or year not in flows.years:
        known = ", ".join(map(str, flows.years))
        found = "none" if year is None else str(year)
        raise BadInput([Problem("year", f"one year of the flows: {known}", found, "name one of them")])
    return year
