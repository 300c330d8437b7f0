"""``BlockProgram``: what is lost in one span of weeks and what it takes from the stocks, in aggregate form, solved warm."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import sparse

from orepact.errors import SolverFailed
from orepact.linear import LinearProgram, WarmProgram
from orepact.linear.warm import Bounds
from orepact.shock.exposure.program import SETTINGS, Columns, weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.shock.exposure.aggregate import Aggregate

#: A demand is split in these parts; a unit of a later part weighs a little more, so that a shortage that could fall on anybody
#: falls on all alike and not on whom the solver happens to meet first. Losses are counted without the little more.
PARTS = (0.1, 0.3, 0.6)
MORE = 1e-3
#: Below this part of what the world wants of a commodity, nothing counts as missing.
NOTHING = 1e-5
#: Weight of a unit (in sizes) from a stock, as part of the smallest weight of a demand: stocks are not drawn for nothing.
DRAW = 1e-4
#: A unit from the smallest stock of a good weighs so many times one from the largest. Without that, stocks that could serve alike
#: would be drawn as the solver happens to meet them, and the next span would find some places empty for no reason: a network
#: with one more supply could then lose more than without it, only since it was solved along another way.
SMALLEST = 10.0


def worth_of(aggregate: Aggregate) -> NDArray[np.float64]:
    """What a missing unit of each demand is worth (dollars); where one is unknown all count by quantity, 1 a unit."""
    worth = aggregate.wants["loss_usd_per_unit"].to_numpy(dtype=float)
    return np.ones(len(worth)) if np.isnan(worth).any() else worth


@dataclass(frozen=True, eq=False)
class BlockLoss:
    """Lost quantity of each demand and drawn quantity of each stock over the span (units of their commodities).

    ``plan`` holds the rates of sites and routes.
    """

    lost: NDArray[np.float64]
    drawn: NDArray[np.float64]
    plan: NDArray[np.float64]


class BlockProgram:
    """min sum worth u + little sum m  with  S x + N f + m + u >= d - inflow,  x, f <= what is left of them,  m <= stock / weeks.

    The form of ``exposure.Losing``, with demands in parts and stocks that are drawn only where they help, the larger of a good
    first. Each ``solve`` starts from the program's own bounds and base basis, so that its bits depend on nothing but its
    arguments. Without ``sparing`` stocks may be drawn for nothing: quicker, for when nothing comes after.
    """

    def __init__(self, aggregate: Aggregate, *, sparing: bool = True) -> None:
        aggregate = replace(aggregate, stores=_joined(aggregate.stores))
        self.columns = Columns.of(aggregate)
        wants, stores = aggregate.wants, aggregate.stores
        self.size = self.columns.size
        self.quantity = stores["quantity"].to_numpy(dtype=float)
        self._release = stores["release"].to_numpy(dtype=float)
        self._wanted = wants["quantity"].to_numpy(dtype=float)
        self._want_size = self.columns.node_size[wants["node"].to_numpy()]
        self._store_size = self.columns.node_size[stores["node"].to_numpy()]
        self._stores = np.arange(len(stores), dtype=np.int32) + self.columns.moving
        self.warm = WarmProgram(self._program(DRAW if sparing else 0.0), SETTINGS)
        self.warm.base()

    def _program(self, weight_of_draw: float) -> LinearProgram:
        columns, aggregate = self.columns, self.columns.aggregate
        stores, wants = aggregate.stores["node"].to_numpy(), aggregate.wants["node"].to_numpy()
        needs = columns.at_nodes(wants)
        blocks = [columns.matrix(), columns.at_nodes(stores), *(needs for _ in PARTS)]
        weight = weights(worth_of(aggregate)) * self._want_size
        weight = weight / weight.max(initial=1e-300)
        draw = weight_of_draw * weight[weight > 0].min(initial=1.0) * _reluctance(aggregate.stores)
        cost = [np.zeros(columns.moving), draw, *(weight * (1 + MORE * k) for k in range(len(PARTS)))]
        parts = [self._wanted * part / self._want_size for part in PARTS]
        upper = np.concatenate([columns.capacity, self._most_drawn(self.quantity, 1.0), *parts])
        return LinearProgram(
            cost=np.concatenate(cost),
            lower=np.zeros(len(upper)),
            upper=upper,
            matrix=sparse.csr_array(sparse.hstack(blocks, format="csr")),
            row_lower=columns.needed(),
            row_upper=np.full(len(columns.node_size), np.inf),
        )

    def _most_drawn(self, stock: NDArray[np.float64], weeks: float) -> NDArray[np.float64]:
        return np.asarray(np.minimum(stock / weeks, self._release) / self._store_size)

    def solve(self, limits: Bounds, weeks: float, stock: NDArray[np.float64], *, start: Any = None) -> BlockLoss:
        """The smallest loss over ``weeks`` under these limits of sites and routes, from what the stocks still hold.

        ``start`` is a basis (``WarmProgram.basis``) to begin from, where much is alike.
        """
        upper = np.concatenate([limits.upper, self._most_drawn(stock, weeks)])
        found = self.warm.solve(Bounds.of(np.concatenate([limits.at, self._stores]), 0.0, upper), start=start)
        if found.status != "optimal":
            raise SolverFailed(f"the smallest loss was not found: {found.status}")
        moving, stores = self.columns.moving, len(stock)
        plan, draws, parts = np.split(found.values, [moving, moving + stores])
        missing = parts.reshape(len(PARTS), -1).sum(axis=0)
        lost = np.minimum(np.where(missing > NOTHING, missing, 0.0) * self._want_size, self._wanted)
        return BlockLoss(lost * weeks, np.clip(draws * self._store_size, 0.0, None) * weeks, plan * self.size)


def _reluctance(stores: pd.DataFrame) -> NDArray[np.float64]:
    """Weight of a unit of each stock beside that of the largest stock of its good: 1 for that, ``SMALLEST`` for an empty one.

    What never ends (a standing supply) weighs as the largest: nothing of it is missing later.
    """
    quantity = stores["quantity"].astype(float)
    finite = quantity.where(np.isfinite(quantity), 0.0)
    largest = finite.groupby(stores["commodity"].to_numpy()).transform("max").to_numpy()
    share = np.divide(finite.to_numpy(), largest, out=np.zeros(len(stores)), where=largest > 0)
    share[np.isinf(quantity)] = 1.0
    return np.asarray(1.0 + (SMALLEST - 1.0) * (1.0 - share))


def _joined(stores: pd.DataFrame) -> pd.DataFrame:
    """Stocks of one node that may be drawn at any rate, as one."""
    freely = np.isinf(stores["release"].astype(float))
    first = {name: "first" for name in stores.columns if name not in {"node", "quantity"}}
    joined = stores[freely].groupby("node", sort=True, as_index=False).agg({**first, "quantity": "sum"})
    return pd.concat([joined[list(stores.columns)], stores[~freely]], ignore_index=True).astype({"node": "int64"})
