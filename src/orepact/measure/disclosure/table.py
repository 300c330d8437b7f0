"""``Table``: amounts of owners as a table of sums, with every sum between its cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import fsum, isfinite
from typing import TypeAlias

from orepact.errors import ProblemCollector
from orepact.measure.disclosure.axis import Axis

#: Code of the row and code of the column.
Cell: TypeAlias = tuple[str, str]
#: Beyond this an amount is a slip of the keyboard, and the arithmetic of what is hidden would no longer be exact.
MOST = 1e15


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one owner has in one cell: ``row`` and ``column`` without parts, ``amount`` at least 0 in the unit of the table.

    Owners who decide together (the companies of one group) go by one name: they know each other's amounts.
    """

    owner: str
    row: str
    column: str
    amount: float


@dataclass(frozen=True, slots=True)
class Relation:
    """``whole`` is the sum of ``parts``."""

    whole: Cell
    parts: tuple[Cell, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The whole and its parts."""
        return (self.whole, *self.parts)


@dataclass(frozen=True)
class Table:
    """Cells of rows x columns, groups and totals among them; ``held``: cell -> owner -> amount above 0."""

    rows: Axis
    columns: Axis
    held: Mapping[Cell, Mapping[str, float]]

    @classmethod
    def of(cls, rows: Axis, columns: Axis, contributions: Iterable[Contribution]) -> Table:
        """The table; amounts of one owner in one cell are added, amounts of 0 are left out.

        The order of the contributions changes nothing, not even the last bit. Raises ``BadInput`` with every problem.
        """
        given = list(contributions)
        _demand(rows, columns, given)
        amounts: dict[Cell, dict[str, list[float]]] = {}
        for one in given:
            if one.amount > 0:
                for cell in ((row, column) for row in rows.above(one.row) for column in columns.above(one.column)):
                    amounts.setdefault(cell, {}).setdefault(one.owner, []).append(one.amount)
        held = {cell: {owner: fsum(owners[owner]) for owner in sorted(owners)} for cell, owners in sorted(amounts.items())}
        return cls(rows, columns, held)

    @property
    def cells(self) -> Iterator[Cell]:
        """Every cell, row by row."""
        return ((row, column) for row in self.rows.codes for column in self.columns.codes)

    @cached_property
    def values(self) -> Mapping[Cell, float]:
        """The sum in each cell; 0 where nobody has anything."""
        return {cell: fsum(self.held.get(cell, {}).values()) for cell in self.cells}

    @cached_property
    def relations(self) -> tuple[Relation, ...]:
        """Every sum between cells, along rows and along columns."""
        down = (
            Relation((group, column), tuple((part, column) for part in parts))
            for group, parts in self.rows.parts.items()
            for column in self.columns.codes
        )
        across = (
            Relation((row, group), tuple((row, part) for part in parts))
            for group, parts in self.columns.parts.items()
            for row in self.rows.codes
        )
        return (*down, *across)

    @cached_property
    def relations_of(self) -> Mapping[Cell, tuple[Relation, ...]]:
        """The sums that each cell stands in."""
        found: dict[Cell, list[Relation]] = {cell: [] for cell in self.cells}
        for relation in self.relations:
            for cell in relation.cells:
                found[cell].append(relation)
        return {cell: tuple(relations) for cell, relations in found.items()}

    def together(self, cells: Iterable[Cell]) -> Mapping[str, float]:
        """Owner -> amount in all of these cells, none of which holds another."""
        amounts: dict[str, list[float]] = {}
        for cell in cells:
            for owner, amount in self.held.get(cell, {}).items():
                amounts.setdefault(owner, []).append(amount)
        return {owner: fsum(amounts[owner]) for owner in sorted(amounts)}


def _demand(rows: Axis, columns: Axis, given: Iterable[Contribution]) -> None:
    known = {"row": frozenset(rows.leaves), "column": frozenset(columns.leaves)}
    problems = ProblemCollector()
    for number, one in enumerate(given, start=1):
        if not one.owner:
            problems.add("owner", "who holds the amount", "nothing", "name the owner", row=number)
        for name, code in (("row", one.row), ("column", one.column)):
            if code not in known[name]:
                mend = f"use one of {', '.join(sorted(known[name]))}"
                problems.add(name, f"a {name} of the table without parts", repr(code), mend, row=number)
        if not (isfinite(one.amount) and 0 <= one.amount <= MOST):
            mend = "give the amount in the unit of the table; what is below 0 cannot be pooled"
            problems.add("amount", f"a number from 0 to {MOST:g}", repr(one.amount), mend, row=number)
    problems.raise_if_any()
