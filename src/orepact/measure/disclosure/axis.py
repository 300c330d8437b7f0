"""``Axis``: the rows or the columns of a table, in groups; each group is the sum of its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Axis:
    """Codes in their order and, for each, the group that it is a part of ("" for none): a forest.

    A total is a group of everything. Without one the sums over the axis are never made.

    >>> axis = Axis({"all": "", "north": "all", "south": "all"})
    >>> axis.leaves, axis.parts["all"], axis.above("north")
    (('north', 'south'), ('north', 'south'), ('north', 'all'))
    """

    within: Mapping[str, str]

    @property
    def codes(self) -> tuple[str, ...]:
        """Every row or column in its order."""
        return tuple(self.within)

    @cached_property
    def parts(self) -> Mapping[str, tuple[str, ...]]:
        """Group -> its parts, for groups alone."""
        found: dict[str, list[str]] = {}
        for code, group in self.within.items():
            if group:
                found.setdefault(group, []).append(code)
        return {group: tuple(parts) for group, parts in found.items()}

    @property
    def leaves(self) -> tuple[str, ...]:
        """Codes without parts: where amounts are given."""
        return tuple(code for code in self.within if code not in self.parts)

    def above(self, code: str) -> tuple[str, ...]:
        """The code and all groups that it is in, the nearest first."""
        found = [code]
        while self.within[found[-1]]:
            found.append(self.within[found[-1]])
        return tuple(found)
