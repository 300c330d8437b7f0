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
from orepact.measure.tracing.certainty import UNSAID, Certainty
from orepact.measure.tracing.contents import SLACK, contents_of
from orepact.measure.tracing.transfers import MISSING, RECOVERED, STOCK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.measure.tracing.transfers import Transfers

#: Origins that are no place: released stocks, matter recovered outside the network, and what nothing explains.
SPECIAL = {STOCK: "stock", RECOVERED: "recycled", MISSING: "unknown"}
UNKNOWN = "unknown"
#: Stage that stands for where the tracked thing enters the chain, whatever the stage of that site is.
ENTRY = "mine"


@dataclass(frozen=True, eq=False)
class Mixing:
    """Edges and entries of one tracked thing in one year, in ``unit`` (t contained, or USD).

    - ``edges``: ``source, target, amount, kind`` (made, moved), ``site`` (-1 for a route), ``grade``.
    - ``entries``: ``target, amount, kind`` (made, drawn), ``site`` (or -1), ``word`` (a special origin, or ""), ``grade``.
    - ``held``: what entered each pool, the sum of both by target.
    - ``copies``: pools per node; a pool's number is its node's plus ``copy x nodes``.
    """

    transfers: Transfers
    unit: str
    edges: pd.DataFrame
    entries: pd.DataFrame
    held: NDArray[np.float64]
    notes: tuple[str, ...] = ()
    copies: int = 1
    why_unknown: str = "more leaves a pool, or a process, than enters it"

    def pools(self, nodes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Pools of these nodes: the nodes themselves, or all copies of them where each node is split in several pools."""
        size = len(self.transfers.nodes)
        return np.concatenate([nodes + copy * size for copy in range(self.copies)])

    def node(self, pools: NDArray[np.int64]) -> NDArray[np.int64]:
        """Node of each pool."""
        return pools % len(self.transfers.nodes)

    @classmethod
    def of_element(cls, transfers: Transfers, element: str, certainty: Certainty, stage: str = ENTRY) -> Mixing:
        """Tonnes of an element.

        A site whose inputs hold none of it is where it enters. Where the outputs hold more than the inputs, the excess is of
        unknown origin (but see ``contents_of`` for contents that are averages). With another ``stage`` than ``mine``, each
        site of that stage is where tracing ends, and what entered elsewhere without passing one is ``no_<stage>``. Raises
        ``NotFound`` for an element or a stage that the network lacks.
        """
        contents = contents_of(transfers, element)
        made = transfers.made.assign(amount=contents.made)[contents.made > 0]
        used = transfers.used.assign(amount=contents.used)[contents.used > 0]
        ends = ending_sites(transfers, stage)
        inputs, outputs = by_site(used, len(ends)), by_site(made, len(ends))
        handed = np.minimum(1.0, np.divide(inputs, outputs, out=np.ones(len(ends)), where=outputs > inputs * (1.0 + SLACK)))
        handed = np.where(ends, 0.0, handed)
        word = np.where(ends, "", np.where(inputs > 0, UNKNOWN, entered_word(stage)))
        site = made["site"].to_numpy(dtype=np.int64)
        made = made.assign(handed=handed[site], word=word[site])
        return assembled(transfers, contents.per_unit, made, used, certainty)


def entered_word(stage: str) -> str:
    """The origin of what entered the chain at a site that is not of the stage; "" is the site itself."""
    return "" if stage == ENTRY else f"no_{stage}"


def ending_sites(transfers: Transfers, stage: str) -> NDArray[np.bool_]:
    """Sites at which tracing ends because their main output belongs to the stage; none for ``mine``."""
    network = transfers.network
    stages = network.commodities["stage"]
    if stage == ENTRY:
        return np.zeros(len(network.sites), dtype=bool)
    if stage not in set(stages):
        raise NotFound("stage", stage, [ENTRY, *(name for name in stages.unique() if name)])
    return (network.site_output.map(stages).fillna("") == stage).to_numpy(dtype=bool)


def by_site(rows: pd.DataFrame, size: int) -> NDArray[np.float64]:
    """Sum of ``amount`` at each site."""
    return np.bincount(rows["site"].to_numpy(dtype=np.int64), rows["amount"].to_numpy(dtype=float), minlength=size).astype(float)


def assembled(
    transfers: Transfers, per_unit: NDArray[np.float64], made: pd.DataFrame, used: pd.DataFrame, certainty: Certainty
) -> Mixing:
    """The mixing of sites, routes and stocks.

    ``made``: ``site, node, amount, handed, word``; the part ``handed`` has the composition of the inputs (``used``: ``site,
    node, amount``), the rest begins at the site, or is of the origin ``word``.
    """
    inputs = by_site(used, len(transfers.network.sites))
    passing = made[made["handed"] > 0].merge(used, on="site", suffixes=("", "_in"))
    at = passing["site"].to_numpy(dtype=np.int64)
    through = passing[["node_in", "node", "site"]].rename(columns={"node_in": "source", "node": "target"})
    through = through.assign(
        amount=passing["amount"].to_numpy() * passing["handed"].to_numpy() * passing["amount_in"].to_numpy() / inputs[at],
        kind="made",
        grade=certainty.sites[at],
    )
    edges = pd.concat([through, _routes(transfers, per_unit, certainty)], ignore_index=True)
    entries = pd.concat([_begun(made, certainty), _stocks(transfers, per_unit)], ignore_index=True)
    return Mixing(transfers, "t", edges, entries, _into(edges, len(per_unit)) + _into(entries, len(per_unit)))


def _begun(made: pd.DataFrame, certainty: Certainty) -> pd.DataFrame:
    """What does not come from inputs: begun at a site, or of an origin that a word names."""
    own = made[made["handed"] < 1]
    grade = certainty.sites[own["site"].to_numpy(dtype=np.int64)]
    return (
        own[["node", "site", "word"]]
        .assign(
            amount=own["amount"] * (1.0 - own["handed"]),
            kind="made",
            grade=np.where(own["word"] == UNKNOWN, np.maximum(grade, UNSAID), grade),
        )
        .rename(columns={"node": "target"})
    )


def _into(rows: pd.DataFrame, size: int) -> NDArray[np.float64]:
    return np.bincount(rows["target"].to_numpy(dtype=np.int64), rows["amount"].to_numpy(), minlength=size).astype(float)


def _routes(transfers: Transfers, per_unit: NDArray[np.float64], certainty: Certainty) -> pd.DataFrame:
    moved = transfers.moved
    amount = moved["arrived"].to_numpy() * per_unit[moved["source"].to_numpy(dtype=np.int64)]
    table = moved[["source", "target"]].assign(amount=amount, kind="moved", site=-1, grade=certainty.moved)
    kept: pd.DataFrame = table.loc[amount > 0]
    return kept


def _stocks(transfers: Transfers, per_unit: NDArray[np.float64]) -> pd.DataFrame:
    drawn = transfers.drawn
    amount = drawn["quantity"].to_numpy() * per_unit[drawn["node"].to_numpy(dtype=np.int64)]
    table = pd.DataFrame({"target": drawn["node"].to_numpy(dtype=np.int64), "amount": amount, "kind": "drawn", "site": -1})
    table["word"], table["grade"] = drawn["kind"].map(SPECIAL).astype("str"), UNSAID
    kept: pd.DataFrame = table.loc[amount > 0]
    return kept
