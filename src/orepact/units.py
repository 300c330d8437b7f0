"""Units as data: each belongs to one dimension and has one factor to the base unit of that dimension.

The list stands in ``data/codes/units.yaml``; a new unit is a new line there. A conversion is a product,
``value_in_target = value * factor(source) / factor(target)``, and exists only within one dimension.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from orepact.errors import BadInput, NotFound, Problem, nearest

TEXT = "text"
"""Dimension (and unit) of claims whose value is a name, a status or a date."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: its dimension and how many base units of that dimension it holds."""

    name: str
    title: str
    dimension: str
    factor: float = 1.0
    description: str = ""


@dataclass(frozen=True)
class Units(Mapping[str, Unit]):
    """The known units by name.

    >>> units = Units({"t": Unit("t", "tonne", "mass"), "kt": Unit("kt", "kilotonne", "mass", 1000.0)})
    >>> units.convert(2.5, "kt", "t")
    2500.0
    """

    entries: Mapping[str, Unit]

    def __getitem__(self, name: str) -> Unit:
        return self.entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def unit(self, name: str) -> Unit:
        """The unit of that name; raises ``NotFound`` with close names."""
        found = self.entries.get(name)
        if found is None:
            raise NotFound("unit", name, self.entries)
        return found

    def dimension(self, name: str) -> str:
        """The dimension of a unit, such as ``mass``; raises ``NotFound``."""
        return self.unit(name).dimension

    @property
    def dimensions(self) -> frozenset[str]:
        """Every dimension that some unit has."""
        return frozenset(unit.dimension for unit in self.entries.values())

    def problem(self, source: str, target: str, **place: Any) -> Problem | None:
        """Why ``source`` does not convert to ``target``, or None when it does.

        ``place`` may name the column, file and row for the problem.
        """
        where = {"column": "unit", **place}
        for name in (source, target):
            if name not in self.entries:
                close = nearest(name, self.entries, least=0.6)
                mend = f"did you mean {' or '.join(close)}?" if close else "add it to units.yaml"
                return Problem(expected="a known unit", found=repr(name), mend=mend, **where)
        here, there = self.entries[source].dimension, self.entries[target].dimension
        if here == there and (here != TEXT or source == target):
            return None
        mend = f"give the value in one of {', '.join(self.of_dimension(there))}"
        return Problem(expected=f"a unit of {there} (such as {target})", found=f"{source} ({here})", mend=mend, **where)

    def of_dimension(self, dimension: str) -> tuple[str, ...]:
        """Names of the units of one dimension, sorted."""
        return tuple(sorted(name for name, unit in self.entries.items() if unit.dimension == dimension))

    def factor(self, source: str, target: str) -> float:
        """What one ``source`` is in ``target``; raises ``BadInput`` when the dimensions differ or a unit is unknown."""
        found = self.problem(source, target)
        if found is not None:
            raise BadInput([found])
        return self.entries[source].factor / self.entries[target].factor

    @overload
    def convert(self, values: float, source: str, target: str) -> float: ...
    @overload
    def convert(self, values: npt.NDArray[np.float64], source: str, target: str) -> npt.NDArray[np.float64]: ...
    def convert(self, values: float | npt.NDArray[np.float64], source: str, target: str) -> float | npt.NDArray[np.float64]:
        """``values`` (number or array, in ``source``) in ``target``; raises ``BadInput`` when they do not convert."""
        return values * self.factor(source, target)
