"""Which further sums to hide beside those that the rules hide, until nothing more is wanted.

Two laws hold for each sum between cells (``whole`` = sum of ``parts``; cells of 0 are always told and do not count):

- never is one cell alone hidden in it, for it would be the difference of the others;
- where the whole is told, the hidden parts together are as good as told: they must be safe by the rules themselves.

The next cell to hide is always the smallest; of equal ones the first by code. What that leaves too narrow, the audit finds.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from orepact.measure.disclosure.rules import Rules
from orepact.measure.disclosure.table import Cell, Relation, Table


def closed(table: Table, hidden: AbstractSet[Cell], rules: Rules) -> frozenset[Cell]:
    """``hidden`` with what both laws ask for: a fixed point, the same whatever the order of the contributions."""
    found = set(hidden)
    before = -1
    while before != len(found):
        before = len(found)
        for relation in table.relations:
            while (more := _wanted(table, relation, found, rules)) is not None:
                found.add(more)
    return frozenset(found)


def _wanted(table: Table, relation: Relation, hidden: AbstractSet[Cell], rules: Rules) -> Cell | None:
    concealed = [cell for cell in relation.cells if cell in hidden]
    if not concealed:
        return None
    if len(concealed) == 1:
        return next_to_hide(table, relation.cells, hidden)
    if relation.whole not in hidden and rules.unsafe(table.together(concealed).values()):
        return next_to_hide(table, relation.parts, hidden)
    return None


def next_to_hide(table: Table, cells: Iterable[Cell], hidden: AbstractSet[Cell]) -> Cell | None:
    """The cell among ``cells`` to hide next; None where all of them are hidden or 0."""
    open_cells = ((table.values[cell], cell) for cell in cells if cell not in hidden and table.values[cell] > 0)
    return min(open_cells, default=(0.0, None))[1]
