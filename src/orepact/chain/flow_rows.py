"""Rows of the ``Flows`` table, made from the vectors that an engine solves for.

Where a row stands: what a site makes, builds or owns and what leaves a stock's node (``stock_in``) has its place as ``origin``;
what arrives for use (``demand``, ``shortage``, ``stock_out``, ``recovered``) has it as ``destination``; a route has both.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from orepact.chain.network import Network

COLUMNS = (
    "scenario",
    "year",
    "kind",
    "commodity",
    "origin",
    "destination",
    "site",
    "process",
    "owner",
    "quantity",
    "unit",
    "cost_usd",
    "tariff_usd",
)
NUMBERS = ("quantity", "cost_usd", "tariff_usd")
KINDS = (
    "activity",
    "route",
    "demand",
    "shortage",
    "stock_in",
    "stock_out",
    "build",
    "capacity",
    "retire",
    "recovered",
)
#: Kinds that stand at a node and how they enter ``S x + N f + m - d``.
NODE_SIGNS = {"demand": -1.0, "shortage": 1.0, "stock_in": -1.0, "stock_out": 1.0, "recovered": 1.0}
SITE_KINDS = ("activity", "build", "capacity", "retire")


def site_rows(
    network: Network,
    year: int,
    kind: str,
    quantity: ArrayLike,
    *,
    cost_usd: ArrayLike = 0.0,
    scenario: str = "",
    keep: ArrayLike | None = None,
) -> pd.DataFrame:
    """Rows of one kind for the sites: ``quantity`` and ``cost_usd`` (total, not per unit) in the order of ``network.sites``.

    Sites with quantity 0 are left out, unless ``keep`` is a mask of the rows to write.
    """
    amount, cost = _full(quantity, len(network.sites)), _full(cost_usd, len(network.sites))
    rows = np.flatnonzero(amount != 0 if keep is None else np.asarray(keep, dtype=bool))
    sites, output = network.sites.iloc[rows], network.site_output.iloc[rows]
    return _frame(
        network,
        {"scenario": scenario, "year": year, "kind": kind},
        commodity=output.array,
        origin=sites["place"].array,
        site=sites.index.array,
        process=sites["process"].array,
        owner=sites["owner"].array,
        quantity=amount[rows],
        cost_usd=cost[rows],
    )


def route_rows(
    network: Network, year: int, quantity: ArrayLike, *, scenario: str = "", routes: ArrayLike | None = None
) -> pd.DataFrame:
    """Rows of the routes; ``quantity`` leaves the origin. ``routes`` gives route numbers where only some are solved for.

    ``cost_usd`` is the transport cost and ``tariff_usd`` the tariff of the whole quantity (dollars of the year, not discounted).
    """
    numbers = np.arange(len(network.routes)) if routes is None else np.asarray(routes, dtype=int)
    amount = _full(quantity, len(numbers))
    numbers, amount = numbers[amount != 0], amount[amount != 0]
    chosen = network.routes.iloc[numbers]
    return _frame(
        network,
        {"scenario": scenario, "year": year, "kind": "route"},
        commodity=chosen["commodity"].array,
        origin=chosen["origin"].array,
        destination=chosen["destination"].array,
        quantity=amount,
        cost_usd=amount * network.values("routes", "cost_usd")[numbers],
        tariff_usd=amount * network.route_tariff_usd[numbers],
    )


def node_rows(
    network: Network,
    year: int,
    kind: str,
    nodes: ArrayLike,
    quantity: ArrayLike,
    *,
    cost_usd: ArrayLike = 0.0,
    scenario: str = "",
) -> pd.DataFrame:
    """Rows of ``demand``, ``shortage``, ``stock_in``, ``stock_out`` or ``recovered`` at the nodes with these numbers."""
    numbers = np.asarray(nodes, dtype=int)
    amount, cost = _full(quantity, len(numbers)), _full(cost_usd, len(numbers))
    some = amount != 0
    at = network.nodes[numbers[some]]
    side = "destination" if kind in {"demand", "shortage", "stock_out", "recovered"} else "origin"
    return _frame(
        network,
        {"scenario": scenario, "year": year, "kind": kind},
        commodity=at.get_level_values(0).array,
        **{side: at.get_level_values(1).array},
        quantity=amount[some],
        cost_usd=cost[some],
    )


def _full(values: ArrayLike, size: int) -> NDArray[np.float64]:
    return np.broadcast_to(np.asarray(values, dtype=float), (size,))


def _frame(network: Network, same: dict[str, Any], **columns: Any) -> pd.DataFrame:
    unit = pd.Series(columns["commodity"], dtype="str").map(network.commodities["unit"])
    return tidy(pd.DataFrame({**columns, "unit": unit.array}).assign(**same))


def tidy(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with exactly the columns of ``Flows``, in order and with their types; missing ones are 0 or "".

    A quantity that is missing in a row stays NaN, so that the balance can refuse it.
    """
    size = len(frame)
    data: dict[str, Any] = {}
    for name in COLUMNS:
        if name in NUMBERS:
            values = frame[name] if name in frame else pd.Series(np.zeros(size))
            data[name] = values.to_numpy(dtype=float, na_value=np.nan if name == "quantity" else 0.0)
        elif name == "year":
            data[name] = frame[name].to_numpy(dtype="int64")
        else:
            data[name] = frame[name].astype("str").fillna("").array if name in frame else pd.array([""] * size, dtype="str")
    return pd.DataFrame(data, columns=list(COLUMNS))


def join(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """All rows in one tidy frame; an empty one when there is none."""
    parts = [frame for frame in frames if len(frame)]
    empty = pd.DataFrame({name: [] for name in COLUMNS})
    return tidy(pd.concat(parts, ignore_index=True) if parts else empty)
