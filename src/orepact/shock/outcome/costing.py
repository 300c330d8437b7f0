"""What a response costs above the usual week, by kind and by the place that bears it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.shock.case.stores import released_only

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from orepact.shock.case.case import ShockCase
    from orepact.shock.events.disruption import Disruption

#: Kinds of cost, in the order in which they are told.
KINDS = ("loss", "idle", "production", "transport", "tariff", "substitution", "release", "shelf", "stock", "under_way")
#: What was in stock before and is not any more.
NOT_REFILLED = ("release", "stock")


@dataclass(frozen=True)
class Rates:
    """What goes on costing while nobody has the use of it, as shares of the price of the good.

    ``empty_shelf``: a unit that lacks in a warehouse, per week. ``idle_output``: a unit that a plant makes less than usual.
    """

    empty_shelf: float
    idle_output: float


class Costs:
    """Adds up USD by place and kind. Loss and substitution are borne where the buyer is, production and idle output at the
    plant, transport and tariff at the destination, released public stock, empty shelves and what lacks at the end where it
    lay or was to arrive.
    """

    def __init__(self, case: ShockCase) -> None:
        self.case, network = case, case.network
        self.places = network.places.index
        self.node_place = self.places.get_indexer(network.nodes.get_level_values(1))
        self.site_place = self.places.get_indexer(pd.Index(network.sites["place"]))
        self.route_place = self.node_place[network.route_nodes[1]]
        self.want_place = self.node_place[case.wants["node"].to_numpy(dtype=np.int64)]
        self._sums = {kind: np.zeros(len(self.places)) for kind in KINDS}

    def add(self, kind: str, place: NDArray[np.int64], usd: NDArray[np.float64]) -> None:
        """More of a kind: ``usd`` of each row at its place."""
        self._sums[kind] += np.bincount(place, usd, minlength=len(self.places))

    def add_missing(self, usd_per_unit: NDArray[np.float64], in_stock: NDArray[np.float64], in_all: NDArray[np.float64]) -> None:
        """What nodes lack at the end: ``in_all``, as more on its way makes up for less in stock; stock first, then ways."""
        lacking = np.maximum(in_all, 0.0)
        stock = np.minimum(np.maximum(in_stock, 0.0), lacking)
        self.add("stock", self.node_place, usd_per_unit * stock)
        self.add("under_way", self.node_place, usd_per_unit * (lacking - stock))

    def add_destroyed(self, usd_per_unit: NDArray[np.float64], disruption: Disruption) -> None:
        """What the event destroys of stocks that are only released; what warehouses lack counts anyway."""
        stores, limited = self.case.stores, released_only(self.case)
        at = stores["node"].to_numpy(dtype=np.int64)
        lost = stores["quantity"].to_numpy(dtype=float) * disruption.stores_lost
        self.add("stock", self.node_place[at[limited]], (usd_per_unit[at] * lost)[limited])

    def table(self) -> pd.DataFrame:
        """USD by place (index) and kind (columns ``KINDS``)."""
        return pd.DataFrame(self._sums, index=self.places)


def by_kind(table: pd.DataFrame) -> Mapping[str, float]:
    """USD by kind, all places together."""
    return {str(kind): float(usd) for kind, usd in table.sum().items()}
