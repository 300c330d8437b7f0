"""``Reach``: the goods that an event can touch, for the part of the program that stands in the solver."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.shock.response.program import ResponseProgram


class Reach:
    """Goods by number, and what is made from what."""

    def __init__(self, model: ResponseProgram) -> None:
        self.model = model
        self.good, names = pd.factorize(model.case.network.nodes.get_level_values(0))
        self.goods = len(names)
        self.active = np.zeros(self.goods, dtype=bool)

    @cached_property
    def made_from(self) -> sparse.csr_array:
        """Goods x goods: whether the column's good is made from the row's good somewhere."""
        recipes = self.model.case.network.S.tocoo()
        shape = (self.goods, recipes.shape[1])

        def side(mask: NDArray[np.bool_]) -> sparse.csr_array:
            ones = np.ones(int(mask.sum()))
            return sparse.coo_array((ones, (self.good[recipes.row[mask]], recipes.col[mask])), shape=shape).tocsr()

        found: sparse.csr_array = side(recipes.data < 0) @ side(recipes.data > 0).T
        return found

    def add(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Let in the goods of broken rows and all that is made from them; returns every row of the goods that are new."""
        nodes = len(self.good)
        new = np.zeros(self.goods, dtype=bool)
        new[self.good[rows % nodes]] = True
        while True:
            grown = new | (new.astype(float) @ self.made_from > 0)
            if (grown == new).all():
                break
            new = grown
        new &= ~self.active
        self.active |= new
        at = np.flatnonzero(new[self.good])
        found: NDArray[np.int64] = (np.arange(self.model.grid.blocks + 1)[:, None] * nodes + at).ravel()
        return found
