"""``audit``: how near a reader, or an owner who knows his own amounts, can come to each hidden sum of a table that is told.

Solved anew on what is told, whatever made the pattern. With X the hidden sum and [low, high] what it can be for a reader::

    room     = min(X - low, high - X) / X                        least part by which it could be lower and higher
    estimate = min over owners s of (high_s - x_s) / x_r - 1     least part by which the best estimate that s has of the largest
                                                                 other owner r is too high
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from math import inf

from orepact.measure.disclosure.reach import Reach
from orepact.measure.disclosure.table import Cell, Table


@dataclass(frozen=True, slots=True)
class Hidden:
    """A hidden cell as an attacker finds it, beside what it is: ``amount``, ``lowest``, ``highest`` in the unit of the table.

    ``room`` and ``estimate`` are parts of 1, infinite where nothing bounds them; ``by`` is the owner with the best estimate, ""
    for a mere reader. For the keeper of the amounts alone.
    """

    cell: Cell
    owners: int
    amount: float
    lowest: float
    highest: float
    estimate: float
    by: str

    @property
    def room(self) -> float:
        """The least part of the sum by which it could be lower and higher for any reader (1)."""
        return min(self.amount - self.lowest, self.highest - self.amount) / self.amount


def audit(table: Table, hidden: AbstractSet[Cell]) -> tuple[Hidden, ...]:
    """Each hidden cell of ``table`` in its order; everything else is told. Raises ``SolverFailed`` rather than guess."""
    if not hidden:
        return ()
    reach = Reach(table, hidden)
    ends = {cell: reach.interval(cell) for cell in reach.cells}
    nearest: dict[Cell, tuple[float, str]] = {}
    for by in ("", *sorted(table.together(reach.cells))):
        for cell, estimate in _estimates(table, reach, by):
            nearest[cell] = min(nearest.get(cell, (inf, "")), (estimate, by))
    return tuple(
        Hidden(cell, len(table.held[cell]), table.values[cell], *ends[cell], *nearest.get(cell, (inf, "")))
        for cell in table.cells
        if cell in hidden
    )


def _estimates(table: Table, reach: Reach, by: str) -> Iterator[tuple[Cell, float]]:
    """By how much (1) the best estimate that ``by`` has of the largest other owner of each hidden cell is too high."""
    for cell in reach.cells:
        held = table.held[cell]
        others = [amount for owner, amount in held.items() if owner != by]
        if others:
            highest = reach.highest(cell, by)
            yield cell, (highest - held.get(by, 0.0)) / max(others) - 1
