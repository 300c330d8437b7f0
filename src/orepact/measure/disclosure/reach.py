"""What somebody can work out about hidden sums from what is told, and which of them that leaves too little room.

The unknowns are the hidden sums X_c >= 0; each sum between cells that holds a hidden one is an equation::

    sum of hidden parts - hidden whole = told whole - sum of told parts

Reader: knows these equations alone. Each hidden X_c must be able to be ``width`` lower and ``width`` higher than it is.

Fellow s (an owner in a hidden cell): knows his own amounts x_sc besides, so X_c >= x_sc, and X_c = x_sc where he is alone. For
each hidden cell and the largest other owner r in it, the best estimate that s has of x_rc, max X_c - x_sc, must reach
(1 + margin) * x_rc. (The reader is held to that too, with x_sc = 0.)

Source: Handbook on Statistical Disclosure Control (ESSNet SDC), chapter 4: feasibility interval, protection levels (example 5),
and singletons, which the interval of a mere reader leaves open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from orepact.linear.program import LinearProgram
from orepact.linear.ranging import Ranging
from orepact.measure.disclosure.rules import Rules
from orepact.measure.disclosure.table import Cell, Relation, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Room that falls short by less than this part is the rounding of the solver.
SLACK = 1e-7
#: Amounts further apart than this in one sum are told apart no better than so.
SPREAD = 1e9


@dataclass(frozen=True, slots=True)
class Weak:
    """A hidden cell with too little room, and who could see that ("" for any reader)."""

    cell: Cell
    by: str


@dataclass(frozen=True, slots=True)
class Aim:
    """A column that must be able to reach ``target`` (parts of its true value), above 1 or below."""

    column: int
    target: float


class Reach:
    """One pattern of hidden cells, with the solver held open. ``programs`` counts what was solved."""

    def __init__(self, table: Table, hidden: AbstractSet[Cell]) -> None:
        self.table = table
        self.cells = sorted(hidden)
        self._truth = np.array([table.values[cell] for cell in self.cells])
        self._ranging = Ranging(_program(table, self.cells))

    @property
    def programs(self) -> int:
        """Programs solved so far."""
        return self._ranging.solved

    def interval(self, cell: Cell, by: str = "") -> tuple[float, float]:
        """Lowest and highest sum that the cell can have for a reader, or for the fellow ``by`` (unit of the table)."""
        self._as(by)
        at = self.cells.index(cell)
        low, high = (self._ranging.furthest(at, up=up)[0] for up in (False, True))
        return low * self._truth[at], high * self._truth[at]

    def highest(self, cell: Cell, by: str = "") -> float:
        """Highest sum that the cell can have for a reader, or for the fellow ``by`` (unit of the table)."""
        self._as(by)
        at = self.cells.index(cell)
        return float(self._ranging.furthest(at, up=True)[0] * self._truth[at])

    def weak(self, rules: Rules) -> Iterator[Weak]:
        """Every hidden cell with too little room: those that any reader sees first, then fellows by name, cells by code."""
        owners = sorted(self.table.together(self.cells))
        for by in ("", *owners):
            yield from self._weak_for(by, rules)

    def _weak_for(self, by: str, rules: Rules) -> Iterator[Weak]:
        aims = [*self._room(rules.width.value)] if not by else []
        aims += [*self._estimates(by, rules.margin.value)]
        if not aims:
            return
        self._as(by)
        # Every answer of the solver is something that could be true: what one of them reaches needs no program of its own.
        low, high = np.ones(len(self.cells)), np.ones(len(self.cells))
        for aim in aims:
            up, at = aim.target > 1, aim.column
            if not _reached(aim, low[at], high[at]):
                end, answer = self._ranging.furthest(at, up=up)
                low[at], high[at] = (low[at], max(end, high[at])) if up else (min(end, low[at]), high[at])
                if answer is not None:
                    low, high = np.minimum(low, answer), np.maximum(high, answer)
            if not _reached(aim, low[at], high[at]):
                yield Weak(self.cells[at], by)

    def _room(self, width: float) -> Iterator[Aim]:
        for at in range(len(self.cells)):
            yield Aim(at, 1 + width)
            yield Aim(at, 1 - width)

    def _estimates(self, by: str, margin: float) -> Iterator[Aim]:
        """What the best estimates of ``by`` must reach; those that the truth itself reaches are left out."""
        for at, cell in enumerate(self.cells):
            held = self.table.held[cell]
            others = [amount for owner, amount in held.items() if owner != by]
            if others:
                target = (held.get(by, 0.0) + (1 + margin) * max(others)) / float(self._truth[at])
                if target > 1:
                    yield Aim(at, target)

    def _as(self, by: str) -> None:
        known = [self.table.held[cell].get(by, 0.0) for cell in self.cells]
        alone = [by != "" and set(self.table.held[cell]) == {by} for cell in self.cells]
        self._ranging.bound(np.array(known) / self._truth, np.where(alone, 1.0, np.inf))


def _reached(aim: Aim, low: float, high: float) -> bool:
    return bool(high >= aim.target - SLACK) if aim.target > 1 else bool(low <= aim.target + SLACK)


def _program(table: Table, cells: list[Cell]) -> LinearProgram:
    """The equations between hidden cells, each unknown as a part of its true value (so that 1 for all is an answer)."""
    from scipy import sparse

    place = {cell: at for at, cell in enumerate(cells)}
    rows = [row for relation in table.relations if (row := _row(relation, place, table.values))]
    entries = [(number, at, factor) for number, row in enumerate(rows) for at, factor in row.items()]
    numbers, columns, factors = zip(*entries, strict=True) if entries else ((), (), ())
    matrix = sparse.csr_array((np.array(factors, dtype=float), (numbers, columns)), shape=(len(rows), len(cells)))
    side = np.asarray(matrix.sum(axis=1), dtype=float).reshape(len(rows))
    nought = np.zeros(len(cells))
    return LinearProgram(nought, nought, np.full(len(cells), np.inf), matrix, side, side)


def _row(relation: Relation, place: Mapping[Cell, int], values: Mapping[Cell, float]) -> dict[int, float]:
    """Column -> factor of one equation; its smallest sum counts as 1, so that small sums are not lost beside great ones."""
    signs = {relation.whole: -1.0, **dict.fromkeys(relation.parts, 1.0)}
    amounts = {place[cell]: sign * values[cell] for cell, sign in signs.items() if cell in place}
    if not amounts:
        return {}
    sizes: NDArray[np.float64] = np.abs(list(amounts.values()))
    scale = max(float(sizes.min()), float(sizes.max()) / SPREAD)
    return {at: amount / scale for at, amount in amounts.items()}
