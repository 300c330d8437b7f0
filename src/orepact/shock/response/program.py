"""The response as a linear program: what moves away from the usual week, block by block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from orepact.linear import LinearProgram
from orepact.shock.case.worth import node_price, output_worth, want_worth
from orepact.shock.response.columns import Families, Layout

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.shock.case.case import ShockCase
    from orepact.shock.events.disruption import Disruption
    from orepact.shock.outcome.costing import Rates
    from orepact.shock.response.columns import Lanes
    from orepact.shock.response.grid import Grid


#: A dual below this (USD per unit) is none.
WORTHLESS = 1e-6


@dataclass(frozen=True, eq=False)
class ResponseProgram:
    """The program of a case, a disruption and a grid; responses and dates differ in bounds alone.

    Every variable is a deviation from the usual week and is 0 without an event, so the usual week needs no iteration. Rows:

    - ``node`` (nodes x blocks): at a node with a warehouse, the stock at the end of the block plus ``below`` is at least that of
      the start: the sum of all deviations so far + below >= stock at the start - stock now. The bound of ``below`` keeps the
      floor, its cost is that of empty shelves. At a node without one: what comes in within the block covers what is used.
    - ``end`` (nodes): what stocks and ways lack at the end of the view is ``missing`` and has a price.
    - ``store`` (released stores): all releases together leave the floor.
    - ``quota`` (quotas x blocks): joint limits of the disruption.
    """

    case: ShockCase
    grid: Grid
    families: Families
    layout: Layout
    program: LinearProgram
    stored: NDArray[np.bool_]
    quotas: int
    usual_under_quotas: NDArray[np.float64]

    @classmethod
    def of(cls, case: ShockCase, disruption: Disruption, grid: Grid, rates: Rates) -> ResponseProgram:
        """Assemble the program; nothing in it depends on the response or on the week of the decision."""
        families = Families.of(case, disruption)
        layout = Layout.of(families, grid.blocks)
        stored = np.zeros(len(case.network.nodes), dtype=bool)
        stored[families.below] = True
        entries = _Entries(grid, layout, stored)
        _add_goods(entries, case, families)
        _add_ends(entries, families)
        _add_quotas(entries, case, disruption, families)
        rows = entries.rows(len(families.release), len(disruption.quotas))
        cost = _costs(case, families, layout, grid, rates)
        program = LinearProgram(
            cost=cost,
            lower=np.zeros(layout.count),
            upper=np.zeros(layout.count),
            matrix=entries.matrix(rows),
            row_lower=np.full(rows, -np.inf),
            row_upper=np.full(rows, np.inf),
        )
        usual = [float(quota.factor @ case.flow[quota.routes]) for quota in disruption.quotas]
        return cls(case, grid, families, layout, program, stored, len(usual), np.array(usual))

    def by_week(self, values: NDArray[np.float64], weeks: int) -> dict[str, NDArray[np.float64]]:
        """The first weeks of a plan: family to members x weeks."""
        block = np.searchsorted(self.grid.edges, np.arange(weeks), side="right") - 1
        return {name: self.layout.view(name, values)[:, block] for name in self.families.moves}

    def stock_worth(self, duals: NDArray[np.float64], weeks: int) -> NDArray[np.float64]:
        """What one more unit in stock after the first ``weeks`` is worth at each node: the duals of all rows from there on."""
        nodes, blocks = len(self.stored), self.grid.blocks
        block = int(np.searchsorted(self.grid.edges, weeks, side="left"))
        later = duals[self.rows("node")].reshape(blocks, nodes)[block:].sum(axis=0) + duals[self.rows("end")]
        return np.where(later > WORTHLESS, later, 0.0)

    def rows(self, name: str) -> slice:
        """The rows of a kind: ``node``, ``end``, ``store`` or ``quota``; node and quota rows block by block."""
        nodes, blocks = len(self.stored), self.grid.blocks
        sizes = {"node": nodes * blocks, "end": nodes, "store": len(self.families.release), "quota": self.quotas * blocks}
        first = 0
        for kind, size in sizes.items():
            if kind == name:
                return slice(first, first + size)
            first += size
        raise KeyError(name)


class _Entries:
    """Gathers the matrix: (row, column, value) of each family over all pairs of blocks."""

    def __init__(self, grid: Grid, layout: Layout, stored: NDArray[np.bool_]) -> None:
        self.grid, self.layout, self.stored = grid, layout, stored
        self._parts: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]] = []

    @property
    def nodes(self) -> int:
        return len(self.stored)

    def add(self, row: NDArray[np.int64], column: NDArray[np.int64], value: NDArray[np.float64]) -> None:
        self._parts.append((row, column, value))

    def effect(
        self, name: str, member: NDArray[np.int64], node: NDArray[np.int64], value: NDArray[np.float64], lag: int = 0
    ) -> None:
        """A unit per week of ``member`` of a family changes ``node`` by ``value`` after ``lag`` weeks."""
        passed = self.grid.passed(lag)
        within = np.diff(passed, prepend=0.0, axis=1)
        kept = self.stored[node]
        for b in range(self.grid.blocks):
            column = self.layout.first[name] + b * self.layout.sizes[name] + member
            for e in range(b, self.grid.blocks):
                for some, weeks in ((kept, passed[b, e]), (~kept, within[b, e])):
                    if weeks and some.any():
                        self.add(e * self.nodes + node[some], column[some], weeks * value[some])
            under_way = self.grid.lengths[b] - passed[b, -1]
            weeks = np.where(kept, self.grid.lengths[b], under_way)
            some = weeks > 0  # at the end: stock and goods under way at a node with a warehouse, else goods under way alone
            self.add(self.grid.blocks * self.nodes + node[some], column[some], (weeks * value)[some])

    def rows(self, stores: int, quotas: int) -> int:
        return (self.grid.blocks + 1) * self.nodes + stores + quotas * self.grid.blocks

    def matrix(self, rows: int) -> sparse.csr_array:
        row, column, value = (np.concatenate(part) for part in zip(*self._parts, strict=True))
        coordinates = (row.astype(np.int32), column.astype(np.int32))
        return sparse.coo_array((value, coordinates), shape=(rows, self.layout.count)).tocsr()


def _add_goods(entries: _Entries, case: ShockCase, families: Families) -> None:
    """S x + N f + u + m, as deviations: what each variable puts into or takes out of its nodes."""
    for name, sign in (("make_less", -1.0), ("make_more", 1.0)):
        recipes = case.network.S[:, getattr(families, name)].tocoo()
        entries.effect(name, recipes.col.astype(np.int64), recipes.row.astype(np.int64), sign * recipes.data)
    for name, sign in (("send_less", -1.0), ("send_more", 1.0), ("detour", 1.0)):
        _add_lanes(entries, case, name, getattr(families, name), sign)
    wanted = case.wants["node"].to_numpy(dtype=np.int64)
    _add_ones(entries, "unmet", wanted[families.unmet])
    _add_ones(entries, "release", case.stores["node"].to_numpy(dtype=np.int64)[families.release])
    swaps = case.substitutions
    _add_ones(entries, "replace", wanted[swaps["wanted"].to_numpy(dtype=np.int64)])
    instead = wanted[swaps["instead"].to_numpy(dtype=np.int64)]
    entries.effect("replace", families.replace, instead, -swaps["units_per_unit"].to_numpy(dtype=float))


def _add_ones(entries: _Entries, name: str, node: NDArray[np.int64]) -> None:
    entries.effect(name, np.arange(len(node)), node, np.ones(len(node)))


def _add_lanes(entries: _Entries, case: ShockCase, name: str, lanes: Lanes, sign: float) -> None:
    """A lane takes from its origin at once and gives (1 - loss) to its destination after its lag."""
    start, end = (nodes[lanes.route] for nodes in case.network.route_nodes)
    left = 1.0 - case.network.values("routes", "loss")[lanes.route]
    members = np.arange(len(lanes))
    entries.effect(name, members, start, np.full(len(lanes), -sign))
    for lag in np.unique(lanes.lag):
        some = lanes.lag == lag
        entries.effect(name, members[some], end[some], sign * left[some], int(lag))


def _add_ends(entries: _Entries, families: Families) -> None:
    """``below`` covers what a warehouse lacks at the end of a block and ``missing`` what a node lacks at the end of all; releases
    together stay within what a store may give.
    """
    count = len(families.below)
    for b in range(entries.grid.blocks):
        column = entries.layout.first["below"] + b * count + np.arange(count)
        entries.add(b * entries.nodes + families.below, column, np.ones(count))
    first = entries.grid.blocks * entries.nodes
    column = entries.layout.first["missing"] + np.arange(len(families.missing))
    entries.add(first + families.missing, column, np.ones(len(column)))
    first += entries.nodes
    count = len(families.release)
    for b, weeks in enumerate(entries.grid.lengths):
        column = entries.layout.first["release"] + b * count + np.arange(count)
        entries.add(first + np.arange(count), column, np.full(count, weeks))


def _add_quotas(entries: _Entries, case: ShockCase, disruption: Disruption, families: Families) -> None:
    """Sum of factor x dispatch <= most, as a deviation from the usual dispatch."""
    first = (entries.grid.blocks + 1) * entries.nodes + len(families.release)
    count = len(disruption.quotas)
    for q, quota in enumerate(disruption.quotas):
        factor = np.zeros(len(case.flow))
        factor[quota.routes] = quota.factor
        for name, sign in (("send_less", -1.0), ("send_more", 1.0), ("detour", 1.0)):
            on_lane = sign * factor[getattr(families, name).route]
            member = np.flatnonzero(on_lane)
            for b in range(entries.grid.blocks):
                column = entries.layout.first[name] + b * entries.layout.sizes[name] + member
                entries.add(np.full(len(member), first + b * count + q), column, on_lane[member])


def _costs(case: ShockCase, families: Families, layout: Layout, grid: Grid, rates: Rates) -> NDArray[np.float64]:
    """USD per unit of each variable; a week of a block counts as a week."""
    worth = want_worth(case)
    price = node_price(case)
    per_unit = {
        "make_less": rates.idle_output * output_worth(case)[families.make_less],
        "make_more": case.network.values("sites", "variable_cost_usd")[families.make_more],
        "send_more": families.send_more.cost,
        "detour": families.detour.cost,
        "unmet": worth[families.unmet],
        "replace": case.substitutions["cost_usd_per_unit"].to_numpy(dtype=float),
        "release": price[case.stores["node"].to_numpy(dtype=np.int64)[families.release]],
        "below": rates.empty_shelf * price[families.below],
        "missing": price,
    }
    cost = np.zeros(layout.count)
    for name, value in per_unit.items():
        cost[layout.at(name)] = value if name == "missing" else np.outer(grid.lengths, value).ravel()
    return cost
