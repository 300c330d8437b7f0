"""``Grid``: the blocks of weeks that a response looks ahead over, and what is under way between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True)
class Grid:
    """Blocks of whole weeks, counted from the first week of the view: block b is ``edges[b] <= week < edges[b + 1]``."""

    edges: tuple[int, ...]

    @classmethod
    def of(cls, lengths: Sequence[int]) -> Grid:
        """The grid whose blocks have these lengths in weeks.

        >>> Grid.of([1, 1, 4]).edges
        (0, 1, 2, 6)
        """
        return cls((0, *(int(edge) for edge in np.cumsum(lengths))))

    @property
    def weeks(self) -> int:
        """Weeks in view."""
        return self.edges[-1]

    @property
    def blocks(self) -> int:
        """Number of blocks."""
        return len(self.edges) - 1

    @cached_property
    def lengths(self) -> NDArray[np.float64]:
        """Weeks of each block."""
        return np.diff(self.edges).astype(float)

    def mean(self, weekly: NDArray[np.float64]) -> NDArray[np.float64]:
        """Mean of each block of something by week (last axis; ``weeks`` long or longer)."""
        return self.total(weekly) / self.lengths

    def total(self, weekly: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum over each block of something by week (last axis)."""
        summed: NDArray[np.float64] = np.add.reduceat(weekly[..., : self.weeks], self.edges[:-1], axis=-1)
        return summed

    def most(self, weekly: NDArray[np.float64]) -> NDArray[np.float64]:
        """Largest of each block of something by week (last axis)."""
        found: NDArray[np.float64] = np.maximum.reduceat(weekly[..., : self.weeks], self.edges[:-1], axis=-1)
        return found

    def passed(self, lag: int) -> NDArray[np.float64]:
        """Weeks of dispatch of block b (row) that have arrived by the end of block e (column), under way for ``lag`` weeks.

        With a rate of one a week in block b: min(max(end_e - lag - start_b, 0), length_b). Lag 0 is what happens at once.

        >>> Grid.of([1, 2]).passed(1)
        array([[0., 1.],
               [0., 1.]])
        """
        start, end = np.asarray(self.edges[:-1]), np.asarray(self.edges[1:])
        weeks: NDArray[np.float64] = np.clip(end[None, :] - lag - start[:, None], 0, self.lengths[:, None])
        return weeks
