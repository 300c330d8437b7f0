"""The variables of a plan: only those that can move, each block as arrays over one long dimension."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Block:
    """One kind of variable.

    ``item`` and ``year`` say which site, route, demand row, stockpile, node or limit and which model year each column
    belongs to (positions). ``upper`` bounds it (in original units per year), ``cost_usd`` is its discounted objective
    coefficient per unit, ``scale`` the magnitude it is counted in. Lower bounds are 0.
    """

    name: str
    item: NDArray[np.int64]
    year: NDArray[np.int64]
    upper: NDArray[np.float64]
    cost_usd: NDArray[np.float64]
    scale: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.item)

    def lookup(self, items: int, years: int) -> NDArray[np.int64]:
        """Column of each (item, year), shape (items, years); -1 where there is none."""
        table = np.full((items, years), -1, dtype=np.int64)
        table[self.item, self.year] = np.arange(len(self))
        return table


def block(
    name: str,
    exists: NDArray[np.bool_],
    *,
    upper: NDArray[np.float64] | float,
    cost_usd: NDArray[np.float64] | float,
    scale: NDArray[np.float64] | float,
) -> Block:
    """The block with a column wherever ``exists`` (items x years); the other arrays broadcast to that shape.

    >>> b = block("activity", np.array([[True, False], [True, True]]), upper=np.array([[5.0], [7.0]]), cost_usd=1.0, scale=1.0)
    >>> b.item.tolist(), b.year.tolist(), b.upper.tolist()
    ([0, 1, 1], [0, 0, 1], [5.0, 7.0, 7.0])
    """
    item, year = np.nonzero(exists)

    def picked(values: NDArray[np.float64] | float) -> NDArray[np.float64]:
        return np.asarray(np.broadcast_to(np.asarray(values, dtype=float), exists.shape)[item, year])

    return Block(name, item, year, picked(upper), picked(cost_usd), picked(scale))
