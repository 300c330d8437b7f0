"""``Mixing``: how much of one tracked thing each pool got from which other pool, and what entered the chain where.

Proportional mixing: all that enters a pool mixes, and every use takes the average. A site hands to each of its outputs the
composition of its inputs, weighted by what they hold of the tracked thing (tonnes of an element, or dollars of value).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.errors import NotFound
from orepact.measure.certainty import UNSAID, Certainty
from orepact.measure.transfers import MISSING, RECOVERED, STOCK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.measure.transfers import Transfers

#: Origins that are no place: released stocks, matter recovered outside the network, and what nothing explains.
SPECIAL = {STOCK: "stock", RECOVERED: "recycled", MISSING: "unknown"}
UNKNOWN = "unknown"
#: Stage that stands for where the tracked thing enters the chain, whatever the stage of that site is.
ENTRY = "mine"
#: Outputs may hold this part more than the inputs before the excess counts as of unknown origin.
SLACK = 1e-6


@dataclass(frozen=True, eq=False)
class Mixing:
    """Edges and entries of one tracked thing in one year, in ``unit`` (t contained, or USD).

    - ``edges``: ``source, target, amount, kind`` (made, moved), ``site`` (-1 for a route), ``grade``.
    - ``entries``: ``target, amount, kind`` (made, drawn), ``site`` (or -1), ``word`` (a special origin, or ""), ``grade``.
    - ``held``: what entered each pool, the sum of both by target.
    """

    transfers: Transfers
    unit: str
    edges: pd.DataFrame
    entries: pd.DataFrame
    held: NDArray[np.float64]
    notes: tuple[str, ...] = ()

    @classmethod
    def of_element(cls, transfers: Transfers, element: str, certainty: Certainty, stage: str = ENTRY) -> Mixing:
        """Tonnes of an element.

        A site whose inputs hold none of it is where it enters. Where the outputs hold more than the inputs, the excess is of
        unknown origin. With another ``stage`` than ``mine``, each site of that stage is where tracing ends, and what entered
        elsewhere without passing one is ``no_<stage>``. Raises ``NotFound`` for an element or a stage that the network lacks.
        """
        per_unit = content(transfers, element)
        ends = ending_sites(transfers, stage)
        made = transfers.made.assign(amount=transfers.made["quantity"] * per_unit[transfers.made["node"]])
        used = transfers.used.assign(amount=transfers.used["quantity"] * per_unit[transfers.used["node"]])
        made, used = made[made["amount"] > 0], used[used["amount"] > 0]
        inputs, outputs = _by_site(used, len(ends)), _by_site(made, len(ends))
        handed = np.minimum(1.0, np.divide(inputs, outputs, out=np.ones(len(ends)), where=outputs > inputs * (1.0 + SLACK)))
        handed = np.where(ends, 0.0, handed)
        word = np.where(ends, "", np.where(inputs > 0, UNKNOWN, "" if stage == ENTRY else f"no_{stage}"))
        return _assembled(transfers, "t", per_unit, (made, used, inputs, handed, word), certainty)


def content(transfers: Transfers, element: str) -> NDArray[np.float64]:
    """Tonnes of the element in one unit of each pool."""
    contents = transfers.network.contents
    if element not in set(contents["element"]):
        raise NotFound("element", element, contents["element"].unique())
    per_unit = contents[contents["element"] == element].set_index("commodity")["t_per_unit"]
    return per_unit.reindex(transfers.nodes.get_level_values(0)).fillna(0.0).to_numpy(dtype=float)


def ending_sites(transfers: Transfers, stage: str) -> NDArray[np.bool_]:
    """Sites at which tracing ends because their main output belongs to the stage; none for ``mine``."""
    network = transfers.network
    stages = network.commodities["stage"]
    if stage == ENTRY:
        return np.zeros(len(network.sites), dtype=bool)
    if stage not in set(stages):
        raise NotFound("stage", stage, [ENTRY, *(name for name in stages.unique() if name)])
    return (network.site_output.map(stages).fillna("") == stage).to_numpy(dtype=bool)


def _by_site(rows: pd.DataFrame, size: int) -> NDArray[np.float64]:
    return np.bincount(rows["site"].to_numpy(dtype=np.int64), rows["amount"].to_numpy(dtype=float), minlength=size).astype(float)


Handing = tuple[pd.DataFrame, pd.DataFrame, "NDArray[np.float64]", "NDArray[np.float64]", "NDArray[np.str_]"]


def _assembled(transfers: Transfers, unit: str, per_unit: NDArray[np.float64], sites: Handing, certainty: Certainty) -> Mixing:
    """Edges and entries from what each site hands on (``made, used, inputs, handed, word``), the routes and the stocks."""
    made, used, inputs, handed, word = sites
    passing = made[handed[made["site"]] > 0].merge(used, on="site", suffixes=("", "_in"))
    at = passing["site"].to_numpy(dtype=np.int64)
    through = pd.DataFrame(
        {
            "source": passing["node_in"].to_numpy(dtype=np.int64),
            "target": passing["node"].to_numpy(dtype=np.int64),
            "amount": passing["amount"].to_numpy() * handed[at] * passing["amount_in"].to_numpy() / inputs[at],
            "kind": "made",
            "site": at,
            "grade": certainty.sites[at],
        }
    )
    edges = pd.concat([through, _routes(transfers, per_unit, certainty)], ignore_index=True)
    own = made[handed[made["site"]] < 1]
    at = own["site"].to_numpy(dtype=np.int64)
    begun = pd.DataFrame(
        {
            "target": own["node"].to_numpy(dtype=np.int64),
            "amount": own["amount"].to_numpy() * (1.0 - handed[at]),
            "kind": "made",
            "site": at,
            "word": word[at],
            "grade": np.where(word[at] == UNKNOWN, UNSAID, certainty.sites[at]),
        }
    )
    entries = pd.concat([begun, _stocks(transfers, per_unit)], ignore_index=True)
    size = len(per_unit)
    return Mixing(transfers, unit, edges, entries, _into(edges, size) + _into(entries, size))


def _into(rows: pd.DataFrame, size: int) -> NDArray[np.float64]:
    return np.bincount(rows["target"].to_numpy(dtype=np.int64), rows["amount"].to_numpy(), minlength=size).astype(float)


def _routes(transfers: Transfers, per_unit: NDArray[np.float64], certainty: Certainty) -> pd.DataFrame:
    moved = transfers.moved
    amount = moved["arrived"].to_numpy() * per_unit[moved["target"]]
    table = moved[["source", "target"]].assign(amount=amount, kind="moved", site=-1, grade=certainty.moved)
    return table.loc[amount > 0]


def _stocks(transfers: Transfers, per_unit: NDArray[np.float64]) -> pd.DataFrame:
    drawn = transfers.drawn
    amount = drawn["quantity"].to_numpy() * per_unit[drawn["node"].to_numpy(dtype=np.int64)]
    table = pd.DataFrame({"target": drawn["node"].to_numpy(dtype=np.int64), "amount": amount, "kind": "drawn", "site": -1})
    table["word"], table["grade"] = drawn["kind"].map(SPECIAL).astype("str"), UNSAID
    return table.loc[amount > 0]
