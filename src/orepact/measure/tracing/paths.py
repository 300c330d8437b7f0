"""The way of a tracked thing into some pools, step by step: where it entered, where it was worked, where it moved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.chain.stage_links import stage_order
from orepact.measure.tracing.certainty import CLASSES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.measure.origin import Tracing

COLUMNS = (
    "step", "from_stage", "from_place", "to_stage", "to_place", "commodity", "quantity", "unit", "share", "confidence",
)  # fmt: skip
KEYS = ["step", "from_stage", "from_place", "to_stage", "to_place", "commodity"]
#: Words for the kinds of edges and entries.
STEPS = {"made": "made", "moved": "moved"}


def path(tracing: Tracing, nodes: Iterable[int], *, basis: str = "supply") -> pd.DataFrame:
    """Every step that leads into these pools, with the quantity on it that ends up there.

    ``step``: entered (from outside the chain, a stock or a mine), made (a process turned it into ``commodity``) or moved.
    ``share`` is the part of all that the pools hold; on rings (scrap that returns) the same matter passes more than once, so
    that shares of one stage may sum to more than 1. ``confidence`` is the worst class among the flows of the row.
    Steps stand in the order of the chain, the largest first.
    """
    chosen = sorted(set(nodes))
    mixing = tracing.mixing
    total = float(tracing.entries_of(chosen, basis).sum())
    edges, entries = _edges(tracing, chosen, basis), _entries(tracing, chosen, basis)
    rows = pd.concat([entries, edges], ignore_index=True)
    rows = rows[rows["quantity"] > 0]
    summed = rows.groupby(KEYS, sort=False).agg(quantity=("quantity", "sum"), grade=("grade", "max")).reset_index()
    order = {stage: position for position, stage in enumerate(stage_order(mixing.transfers.network))}
    first = {"entered": 0, "made": 1, "moved": 2}
    summed = summed.assign(stage=summed["to_stage"].map(order).fillna(-1), kind=summed["step"].map(first))
    summed = summed.sort_values(["stage", "kind", "quantity", "to_place"], ascending=[True, True, False, True])
    words = np.asarray(CLASSES, dtype=object)[summed["grade"].to_numpy(dtype=np.int64)]
    summed = summed.assign(unit=mixing.unit, share=summed["quantity"] / total, confidence=words)
    return summed[list(COLUMNS)].reset_index(drop=True)


def _edges(tracing: Tracing, nodes: list[int], basis: str) -> pd.DataFrame:
    edges = tracing.mixing.edges
    ends = edges["target"].to_numpy()
    quantity = edges["amount"].to_numpy() * tracing.fraction(nodes, basis)[ends] + tracing.direct_edges(nodes, basis)
    rows = pd.DataFrame({"step": edges["kind"].map(STEPS).to_numpy(), "quantity": quantity, "grade": edges["grade"].to_numpy()})
    return _with_ends(tracing, rows, edges["source"].to_numpy(), ends)


def _entries(tracing: Tracing, nodes: list[int], basis: str) -> pd.DataFrame:
    entries = tracing.mixing.entries
    ends = entries["target"].to_numpy()
    rows = pd.DataFrame({"quantity": tracing.entries_of(nodes, basis), "grade": entries["grade"].to_numpy()})
    table = _with_ends(tracing, rows.assign(step="entered"), ends, ends)
    return table.assign(from_stage="", from_place=tracing.labels("place"))


def _with_ends(tracing: Tracing, rows: pd.DataFrame, source: NDArray[np.int64], target: NDArray[np.int64]) -> pd.DataFrame:
    transfers = tracing.mixing.transfers
    source, target = tracing.mixing.node(source), tracing.mixing.node(target)
    stages = transfers.network.commodities["stage"].reindex(transfers.commodity).fillna("").to_numpy(dtype=object)
    place = transfers.place
    return rows.assign(
        from_stage=stages[source],
        from_place=place[source],
        to_stage=stages[target],
        to_place=place[target],
        commodity=transfers.commodity[target],
    )
