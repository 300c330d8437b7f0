"""Readable names of columns and rows, for LP files and for messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from orepact.plan.case import Case
    from orepact.plan.columns import Block
    from orepact.plan.model import Rows

#: What the items of each block or row family are.
KINDS = {
    "activity": "site",
    "build": "site",
    "capacity": "site",
    "activity_below_capacity": "site",
    "reserves": "site",
    "flow": "route",
    "release": "stockpile",
    "stock_release": "stockpile",
    "shortage": "demand",
    "surplus": "node",
    "balance": "node",
    "slack_balance": "row",
}


def item_names(case: Case, kind: str, count: int) -> NDArray[np.object_]:
    """Names of all items of a kind, safe in LP files: parts joined by dots, dashes as underscores."""
    network = case.network
    if kind == "site":
        names = [str(site) for site in network.sites.index]
    elif kind == "route":
        routes = network.routes
        names = [".".join(parts) for parts in zip(routes["commodity"], routes["origin"], routes["destination"], strict=True)]
    elif kind == "stockpile":
        stocks = network.stockpiles
        names = [
            ".".join(filter(None, parts)) for parts in zip(stocks["commodity"], stocks["place"], stocks["owner"], strict=True)
        ]
    elif kind == "demand":
        names = [".".join(parts) for parts in zip(network.demand["commodity"], network.demand["place"], strict=True)]
    elif kind == "node":
        names = [".".join(node) for node in network.nodes]
    else:
        names = [str(i) for i in range(count)]
    return np.asarray([name.replace("-", "_").replace(" ", "_") for name in names], dtype=object)


def _names(
    case: Case, name: str, item: NDArray[np.int64], year: NDArray[np.int64], detail: pd.DataFrame | None = None
) -> NDArray[np.object_]:
    items = item_names(case, KINDS.get(name, "row"), int(item.max(initial=-1)) + 1)
    if detail is not None:
        items = np.asarray([".".join(str(part) for part in row).replace("-", "_") for row in detail.itertuples(index=False)])
    years = [str(y) for y in case.horizon.years]
    return np.asarray([f"{items[i]}.{years[t]}" for i, t in zip(item, year, strict=True)], dtype=object)


def column_names(case: Case, columns: Block) -> NDArray[np.object_]:
    """Name of each column of a block: item and year."""
    return _names(case, columns.name, columns.item, columns.year)


def row_names(case: Case, rows: Rows, detail: pd.DataFrame | None = None) -> NDArray[np.object_]:
    """Name of each row of a family: item (or its ``detail``, such as limit and supplier) and year."""
    return _names(case, rows.name, rows.item, rows.year, detail)
