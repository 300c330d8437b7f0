"""``protect``: what of a table may be told; primary and further hiding to a fixed point, then an audit that asks for more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from orepact.measure.disclosure.hiding import closed, next_to_hide
from orepact.measure.disclosure.reach import Reach
from orepact.measure.disclosure.rules import Rules, Unsafe
from orepact.measure.disclosure.table import Cell, Table


@dataclass(frozen=True)
class Protected:
    """A table of which all or a part may be told.

    ``told``: cell -> sum in the unit of the table, None where it is hidden. Only this may leave the house: ``primary`` (cells
    that a rule hides, and which), ``rounds`` and ``programs`` would tell how many hold something, and are for the keeper alone.
    """

    told: Mapping[Cell, float | None]
    primary: Mapping[Cell, Unsafe]
    rounds: int
    programs: int

    @property
    def hidden(self) -> frozenset[Cell]:
        """Cells that are not told."""
        return frozenset(cell for cell, value in self.told.items() if value is None)


def protect(table: Table, rules: Rules | None = None) -> Protected:
    """What of ``table`` may be told by ``rules`` (the shipped ones without).

    The answer depends on the amounts and codes alone, not on any order. Raises ``SolverFailed`` rather than tell unproved.
    """
    rules = rules or Rules.shipped()
    primary = {cell: why for cell in table.cells if (why := rules.unsafe(table.held.get(cell, {}).values()))}
    hidden = closed(table, primary.keys(), rules)
    rounds = programs = 0
    while hidden:
        rounds += 1
        reach = Reach(table, hidden)
        weak = next(reach.weak(rules), None)
        programs += reach.programs
        if weak is None:
            break
        hidden = closed(table, hidden | {_strengthening(table, hidden, weak.cell)}, rules)
    told = {cell: None if cell in hidden else value for cell, value in table.values.items()}
    return Protected(told, primary, rounds, programs)


def _strengthening(table: Table, hidden: frozenset[Cell], weak: Cell) -> Cell:
    """The cell to hide for a weak one: in a sum with it, else in a sum with any hidden cell, else anywhere.

    There is always one: with all but the cells of 0 hidden nothing bounds a sum from above.
    """
    for cells in (_beside(table, [weak]), _beside(table, sorted(hidden)), table.cells):
        more = next_to_hide(table, cells, hidden)
        if more is not None:
            return more
    raise AssertionError(f"{weak} has too little room although everything is hidden")


def _beside(table: Table, cells: Iterable[Cell]) -> Iterator[Cell]:
    return (other for cell in cells for relation in table.relations_of[cell] for other in relation.cells)
