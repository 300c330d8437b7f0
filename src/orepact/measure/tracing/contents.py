"""How much of an element each pool holds, where the contents of the network are averages.

A pack of nickel-based cells has one content in the tables, the average of its chemistries; a pack made from NMC622 cells holds
more cobalt than that, one from NMC811 cells less. The element that went in decides, so that nothing appears or vanishes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from orepact.errors import NotFound
from orepact.measure.tracing.propagation import Propagation, reached

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.measure.tracing.transfers import Transfers

#: Outputs may hold this part more than the inputs: recipes and contents are rounded.
SLACK = 2e-3


@dataclass(frozen=True, eq=False)
class Contents:
    """Tonnes of one element: per unit of each pool, in each row of ``transfers.made`` and in each row of ``transfers.used``.

    ``averaged``: commodities whose listed content is an average, so that the element in each pool follows from its inputs.
    """

    per_unit: NDArray[np.float64]
    made: NDArray[np.float64]
    used: NDArray[np.float64]
    averaged: tuple[str, ...] = ()


def contents_of(transfers: Transfers, element: str) -> Contents:
    """Contents of one element in every pool.

    A listed content is an average when some site puts out more of the element in the commodity than it takes in, and another
    less. All of its sites then keep the same part of their inputs: the part that they keep together, at most all of it.
    Raises ``NotFound`` for an element that the network does not list.
    """
    listed = _listed(transfers, element)
    made = transfers.made["quantity"].to_numpy() * listed[_nodes(transfers.made)]
    used = transfers.used["quantity"].to_numpy() * listed[_nodes(transfers.used)]
    size = len(transfers.network.sites)
    inputs, outputs = _by_site(transfers.used, used, size), _by_site(transfers.made, made, size)
    kept = _kept_part(transfers, made, inputs, outputs)
    if not (kept > 0).any():
        return Contents(listed, made, used)
    site = transfers.made["site"].to_numpy(dtype=np.int64)
    part = np.divide(made * kept, outputs[site], out=np.zeros(len(made)), where=outputs[site] > 0)
    per_unit = _solved(transfers, listed, part)
    used = transfers.used["quantity"].to_numpy() * per_unit[_nodes(transfers.used)]
    own = _by_site(transfers.used, used, size)[site] * part
    names = pd.unique(transfers.commodity[_nodes(transfers.made)[kept > 0]])
    return Contents(per_unit, np.where(kept > 0, own, made), used, tuple(map(str, names)))


def _listed(transfers: Transfers, element: str) -> NDArray[np.float64]:
    contents = transfers.network.contents
    if element not in set(contents["element"]):
        raise NotFound("element", element, contents["element"].unique())
    per_unit = contents[contents["element"] == element].set_index("commodity")["t_per_unit"]
    return per_unit.reindex(transfers.nodes.get_level_values(0)).fillna(0.0).to_numpy(dtype=float)


def _kept_part(
    transfers: Transfers, made: NDArray[np.float64], inputs: NDArray[np.float64], outputs: NDArray[np.float64]
) -> NDArray[np.float64]:
    """For each output of an averaged commodity, the part of their inputs that all of its sites keep together; else 0."""
    site = transfers.made["site"].to_numpy(dtype=np.int64)
    goes_in = np.divide(made * inputs[site], outputs[site], out=np.zeros(len(made)), where=outputs[site] > 0)
    table = pd.DataFrame({"commodity": transfers.commodity[_nodes(transfers.made)], "out": made, "in": goes_in})
    table = table[table["in"] > 0].assign(ratio=lambda rows: rows["out"] / rows["in"])
    by = table.groupby("commodity")
    kept = by["out"].transform("sum") / by["in"].transform("sum")
    averaged = (by["ratio"].transform("max") > 1.0 + SLACK) & (by["ratio"].transform("min") < 1.0 - SLACK)
    return kept.clip(upper=1.0).where(averaged, 0.0).reindex(range(len(made)), fill_value=0.0).to_numpy(dtype=float)


def _solved(transfers: Transfers, listed: NDArray[np.float64], part: NDArray[np.float64]) -> NDArray[np.float64]:
    """Content per unit: as listed, but in pools of averaged commodities the mean of what entered them."""
    size, sites = len(listed), len(transfers.network.sites)
    made, used, moved = transfers.made, transfers.used, transfers.moved
    averaged = np.isin(transfers.commodity, pd.unique(transfers.commodity[_nodes(made)[part > 0]]))
    taken = sparse.csr_array((used["quantity"], (used["site"], used["node"])), shape=(sites, size))
    handed = sparse.csr_array((part, (made["node"], made["site"])), shape=(size, sites))
    arrived = sparse.csr_array((moved["arrived"], (moved["target"], moved["source"])), shape=(size, size))
    per_supply = np.divide(1.0, transfers.supply, out=np.zeros(size), where=(transfers.supply > 0) & averaged)
    matrix = sparse.csr_array(sparse.diags_array(per_supply) @ (handed @ taken + arrived))
    fixed = np.where(averaged, transfers.amount("drawn") * listed * per_supply, listed)
    fed = sparse.diags_array(reached(matrix, fixed > 0).astype(float))
    return np.asarray(Propagation(fed @ matrix).solve(fixed).clip(min=0.0))


def _nodes(rows: pd.DataFrame) -> NDArray[np.int64]:
    return rows["node"].to_numpy(dtype=np.int64)


def _by_site(rows: pd.DataFrame, amounts: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    return np.bincount(rows["site"].to_numpy(dtype=np.int64), amounts, minlength=size).astype(float)
