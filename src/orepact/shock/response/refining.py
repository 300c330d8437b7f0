"""From few blocks to many: a start for a finer program from where a coarser one of the same case and event ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from orepact.linear.growing import Standing

if TYPE_CHECKING:
    from orepact.shock.response.program import ResponseProgram


def refined(ended: Standing, coarse: ResponseProgram, fine: ResponseProgram) -> Standing:
    """Every column and row stands as it does in the coarse block in which its own block begins.

    More may be basic than a basis holds: what only the end of the view needs is there once, and here in every block.
    """
    block = np.searchsorted(coarse.grid.edges, fine.grid.edges[:-1], side="right") - 1
    columns, before = np.zeros(fine.layout.count), ended.columns.astype(float)
    rows = np.empty(fine.program.shape[0], dtype=np.int8)
    for name in fine.layout.sizes:
        own, theirs = fine.layout.view(name, columns), coarse.layout.view(name, before)
        own[:] = theirs if name == "missing" else theirs[:, block]
    for name in ("node", "end", "store", "quota"):
        stood = ended.rows[coarse.rows(name)]
        by_block = name in {"node", "quota"} and len(stood)
        rows[fine.rows(name)] = stood.reshape(coarse.grid.blocks, -1)[block].ravel() if by_block else stood
    return Standing(columns.astype(np.int8), rows)
