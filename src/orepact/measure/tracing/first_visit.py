"""Tracing to the first site of a stage on the way, not to the last.

Nickel that was leached in Indonesia and turned into sulphate in China was *last* refined in China and *first* in Indonesia. Each
pool is split in two: what passed a site of the stage already, and what did not yet. A site of the stage turns the second into
the first, and that is where it begins.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from orepact.measure.tracing.mixing import SPECIAL, Mixing, ending_sites, entered_word
from orepact.measure.tracing.propagation import Propagation, reached

if TYPE_CHECKING:
    from numpy.typing import NDArray


#: Parts this near to 0 or 1 are 0 or 1.
ROUNDING = 1e-9


def first_visit(mixing: Mixing, stage: str) -> Mixing:
    """The mixing on twice as many pools: first those of matter that has not passed ``stage`` yet, then those that has.

    ``copies`` is 2. ``mixing`` must trace to where matter entered the chain. Raises ``NotFound`` for an unknown stage.
    """
    size = len(mixing.held)
    at_stage = np.append(ending_sites(mixing.transfers, stage), False)
    yet = _not_yet(mixing, at_stage)
    edges, entries = mixing.edges, mixing.entries
    source = edges["source"].to_numpy(dtype=np.int64)
    turning = at_stage[edges["site"].to_numpy(dtype=np.int64)]
    before = edges.assign(amount=edges["amount"] * yet[source])
    after = edges.assign(amount=edges["amount"] * (1.0 - yet[source]), source=source + size, target=edges["target"] + size)
    turned = before[turning].assign(word="", target=before["target"] + size).drop(columns="source")
    special = entries["word"].isin(set(SPECIAL.values())).to_numpy()
    begun = at_stage[entries["site"].to_numpy(dtype=np.int64)] | special
    word = entries["word"].where(entries["word"] != "", np.where(begun, "", entered_word(stage)))
    entered = entries.assign(word=word, target=entries["target"].to_numpy() + np.where(begun, size, 0))
    kept = pd.concat([before[~turning], after], ignore_index=True)
    entries = pd.concat([entered, turned], ignore_index=True)
    kept, entries = kept[kept["amount"] > 0], entries[entries["amount"] > 0]
    held = _sum(kept, 2 * size) + _sum(entries, 2 * size)
    return replace(mixing, edges=kept.reset_index(drop=True), entries=entries.reset_index(drop=True), held=held, copies=2)


def _not_yet(mixing: Mixing, at_stage: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Part of each pool that has passed no site of the stage and is of no special origin, between 0 and 1."""
    held, size = mixing.held, len(mixing.held)
    edges = mixing.edges[~at_stage[mixing.edges["site"].to_numpy(dtype=np.int64)]]
    special = mixing.entries["word"].isin(set(SPECIAL.values()))
    entries = mixing.entries[~special & ~at_stage[mixing.entries["site"].to_numpy(dtype=np.int64)]]
    direct = np.divide(_sum(entries, size), held, out=np.zeros(size), where=held > 0)
    target = edges["target"].to_numpy(dtype=np.int64)
    part = edges["amount"].to_numpy() / held[target]
    matrix = sparse.csr_array((part, (target, edges["source"].to_numpy(dtype=np.int64))), shape=(size, size))
    fed = sparse.diags_array(reached(matrix, direct > 0).astype(float))
    part = Propagation(fed @ matrix).solve(direct)
    return np.where(part > 1.0 - ROUNDING, 1.0, np.where(part < ROUNDING, 0.0, part))


def _sum(rows: pd.DataFrame, size: int) -> NDArray[np.float64]:
    return np.bincount(rows["target"].to_numpy(dtype=np.int64), rows["amount"].to_numpy(), minlength=size).astype(float)
