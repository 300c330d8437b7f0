"""From broken rows to problems: the words of a check, said once for each row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from orepact.errors import Problem, nearest
from orepact.facts.loading import Table

Mask = npt.NDArray[np.bool_]
Words = str | npt.NDArray[Any]
"""The same words for every row, or one for each row of the table."""

MOST_ROWS_NAMED = 1000
"""A check names at most this many rows of one file, then says how many more there are."""


@dataclass(frozen=True)
class Finding:
    """The rows of a column that break one rule: what was expected, how to mend it, and what was found (default: the cell).

    ``mend`` may be a function of what was found.
    """

    column: str
    broken: Mask
    expected: Words
    mend: str | Callable[[str], str]
    found: Words | None = None

    def problems(self, table: Table) -> Iterator[Problem]:
        """One problem a broken row, up to ``MOST_ROWS_NAMED``, then one that counts the rest."""
        broken = np.flatnonzero(self.broken)
        cells = table.frame[self.column].to_numpy() if self.found is None else self.found
        mends: dict[str, str] = {}
        for position in broken[:MOST_ROWS_NAMED]:
            found = str(cells if isinstance(cells, str) else cells[position])
            if found not in mends:
                mends[found] = self.mend if isinstance(self.mend, str) else self.mend(found)
            shown = repr(found) if self.found is None else found
            yield Problem(self.column, self._expected(position), shown, mends[found], table.file, int(table.rows[position]))
        if len(broken) > MOST_ROWS_NAMED:
            position, more = broken[MOST_ROWS_NAMED], len(broken) - MOST_ROWS_NAMED
            yield Problem(
                self.column, self._expected(position), f"{more} more such rows", "mend the rows named first", table.file
            )

    def _expected(self, position: int) -> str:
        return self.expected if isinstance(self.expected, str) else str(self.expected[position])


def close_to(known: Collection[str], otherwise: str) -> Callable[[str], str]:
    """A mend that names the closest known words, or says ``otherwise``."""

    def mend(found: str) -> str:
        close = nearest(found, known, least=0.6)
        return f"did you mean {' or '.join(close)}?" if close else otherwise

    return mend


def per_distinct(positions: npt.NDArray[Any], distinct: Any, rule: Callable[[str], Any], dtype: Any = bool) -> npt.NDArray[Any]:
    """``rule`` of each cell of a factorised column (``pd.factorize``), computed once for each distinct cell."""
    found = np.empty(len(distinct), dtype=dtype)
    for position, cell in enumerate(distinct):
        found[position] = rule(str(cell))
    spread: npt.NDArray[Any] = found[positions]
    return spread
