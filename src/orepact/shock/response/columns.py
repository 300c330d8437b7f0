"""The columns of the response program: families of variables, each over the blocks of the grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from orepact.shock.case.stores import released_only
from orepact.shock.case.worth import haul_cost

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.shock.case.case import ShockCase
    from orepact.shock.events.disruption import Disruption

#: A quantity per week below this counts as none.
NONE = 1e-12
#: Families that say how things stand; all others say what is done.
STANDS = ("below", "missing")


@dataclass(frozen=True, eq=False)
class Lanes:
    """Ways of goods: ``route`` number, ``lag`` in weeks, ``cost`` in USD per unit."""

    route: NDArray[np.int64]
    lag: NDArray[np.int64]
    cost: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.route)


@dataclass(frozen=True, eq=False)
class Families:
    """Which sites, lanes, wants, stores have a variable of which kind; each kind is one family of columns.

    ``make_less``, ``make_more`` (sites), ``send_less``, ``send_more``, ``detour`` (lanes), ``unmet`` (wants), ``replace``
    (substitutions), ``release`` (stores that are released) have one column for each block, and so has ``below`` (nodes with a
    warehouse): stock below that of the start; ``missing`` (nodes) has one for the end of the view. What usually leaves a node
    otherwise needs none: it is kept back, and let go when nobody wants it.
    """

    make_less: NDArray[np.int64]
    make_more: NDArray[np.int64]
    send_less: Lanes
    send_more: Lanes
    detour: Lanes
    unmet: NDArray[np.int64]
    replace: NDArray[np.int64]
    release: NDArray[np.int64]
    below: NDArray[np.int64]
    missing: NDArray[np.int64]

    @classmethod
    def of(cls, case: ShockCase, disruption: Disruption) -> Families:
        """Everything that may move in a case under a disruption."""
        used = np.flatnonzero(case.flow > NONE)
        every = np.arange(len(case.flow))
        haul = haul_cost(case)
        ways = disruption.detours
        turned = ways["route"].to_numpy(dtype=np.int64)
        extra = ways["extra_cost_usd"].to_numpy(dtype=float) + np.where(case.flow[turned] > NONE, 0.0, haul[turned])
        return cls(
            make_less=np.flatnonzero(case.activity > NONE),
            make_more=np.flatnonzero(np.maximum(case.capacity, case.activity) > NONE),
            send_less=Lanes(used, case.lag_weeks[used], np.zeros(len(used))),
            send_more=Lanes(every, case.lag_weeks, haul),
            detour=Lanes(turned, ways["lag_weeks"].to_numpy(dtype=np.int64), extra),
            unmet=np.flatnonzero(case.demand > NONE),
            replace=np.arange(len(case.substitutions)),
            release=np.flatnonzero(released_only(case)),
            below=np.unique(case.stores["node"].to_numpy(dtype=np.int64)[~released_only(case)]),
            missing=np.arange(len(case.network.nodes)),
        )

    @property
    def each_block(self) -> int:
        """Columns in one block."""
        return sum(self.sizes.values()) - len(self.missing)

    @property
    def sizes(self) -> dict[str, int]:
        """Columns of each family in one block."""
        return {name: len(getattr(self, name)) for name in self.__dataclass_fields__}

    @property
    def moves(self) -> tuple[str, ...]:
        """The families that say what is done."""
        return tuple(name for name in self.sizes if name not in STANDS)


@dataclass(frozen=True)
class Layout:
    """Where each family stands among the columns: family by family, block by block."""

    first: dict[str, int]
    sizes: dict[str, int]
    blocks: int
    count: int

    @classmethod
    def of(cls, families: Families, blocks: int) -> Layout:
        """The layout of families over a number of blocks."""
        first, at = {}, 0
        for name, size in families.sizes.items():
            first[name] = at
            at += size * (1 if name == "missing" else blocks)
        return cls(first, families.sizes, blocks, at)

    def at(self, name: str) -> slice:
        """All columns of a family."""
        return slice(self.first[name], self.first[name] + self.sizes[name] * self._times(name))

    def view(self, name: str, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The part of ``values`` (all columns) that belongs to a family, as members x blocks."""
        found: NDArray[np.float64] = values[self.at(name)].reshape(self._times(name), self.sizes[name]).T
        return found

    def _times(self, name: str) -> int:
        return 1 if name == "missing" else self.blocks
