"""Tracing by value: dollars in place of tonnes, each dollar beginning where it was added.

A site adds what its outputs are worth above its inputs. A commodity with a price is worth it everywhere. One without is worth
what its known inputs are worth, no more: what was added on the way is then found at the next priced commodity, and since
nobody can say at which step, it is of unknown origin.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from orepact.measure.tracing.mixing import UNKNOWN, Mixing, assembled, by_site, ending_sites, entered_word
from orepact.measure.tracing.propagation import Propagation, reached

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.measure.tracing.certainty import Certainty
    from orepact.measure.tracing.transfers import Transfers

#: What a person writes in place of an element.
VALUE = "value"


def mixing_of_value(transfers: Transfers, certainty: Certainty, stage: str) -> Mixing:
    """Dollars of value; ``notes`` say which commodities have no price.

    Each output takes its ``made.share`` of the inputs' worth as theirs, up to its own worth; the rest was added at the site,
    or is ``unknown`` where an input has no price. With another ``stage`` than ``mine`` the sites of that stage end the tracing.
    """
    priced, worth = worth_per_unit(transfers)
    made, used = _worthy(transfers.made, worth), _worthy(transfers.used, worth)
    ends = ending_sites(transfers, stage)
    size = len(ends)
    site = made["site"].to_numpy(dtype=np.int64)
    inputs = by_site(used, size)[site] * made["share"].to_numpy()
    handed = np.where(ends[site], 0.0, np.minimum(1.0, inputs / made["amount"].to_numpy()))
    unpriced = np.zeros(size, dtype=bool)
    bare = transfers.used[~priced[transfers.used["node"].to_numpy(dtype=np.int64)]]
    unpriced[bare["site"].to_numpy(dtype=np.int64)] = True
    word = np.where(ends[site], "", np.where(unpriced[site], UNKNOWN, entered_word(stage)))
    mixing = assembled(transfers, worth, made.assign(handed=handed, word=word), used, certainty)
    why = "it was added between priced commodities, at steps that have no price"
    currency = transfers.network.currency or "USD"
    return replace(mixing, unit=currency, notes=_unpriced_words(transfers, priced), why_unknown=why)


def _worthy(rows: pd.DataFrame, worth: NDArray[np.float64]) -> pd.DataFrame:
    """Rows with ``amount``, what they are worth; those of no known worth are left out."""
    valued = rows.assign(amount=rows["quantity"] * worth[rows["node"].to_numpy(dtype=np.int64)])
    return valued[valued["amount"] > 0]


def worth_per_unit(transfers: Transfers) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Which pools have a price, and the worth of one unit in each: its price, else that of its known inputs."""
    price = transfers.network.commodities["price_usd_per_unit"].reindex(transfers.nodes.get_level_values(0)).to_numpy(dtype=float)
    priced = price > 0
    size, sites = len(price), len(transfers.network.sites)
    made, used, moved = transfers.made, transfers.used, transfers.moved
    taken = sparse.csr_array((used["quantity"], (used["site"], used["node"])), shape=(sites, size))
    handed = sparse.csr_array((made["share"], (made["node"], made["site"])), shape=(size, sites))
    arrived = sparse.csr_array((moved["arrived"], (moved["target"], moved["source"])), shape=(size, size))
    per_supply = np.divide(1.0, transfers.supply, out=np.zeros(size), where=(transfers.supply > 0) & ~priced)
    matrix = sparse.csr_array(sparse.diags_array(per_supply) @ (handed @ taken + arrived))
    known = np.where(priced, price, 0.0)
    open_ended = sparse.diags_array(reached(matrix, priced).astype(float))
    worth = Propagation(open_ended @ matrix).solve(known)
    return priced, np.asarray(worth.clip(min=0.0))


def _unpriced_words(transfers: Transfers, priced: NDArray[np.bool_]) -> tuple[str, ...]:
    commodities = pd.unique(transfers.commodity[~priced & (transfers.supply > 0)])
    if not len(commodities):
        return ()
    shown = ", ".join(map(str, commodities[:8])) + (", ..." if len(commodities) > 8 else "")
    return (f"{len(commodities)} commodities have no price, so that value is traced through their priced inputs only: {shown}",)
