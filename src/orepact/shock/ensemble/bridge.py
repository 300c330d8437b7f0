"""``Bridge``: a proof without a program that stocks at the spot bridge what events take away."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.shock.ensemble.sampling import Occurrence
    from orepact.shock.ensemble.strikes import Strikes
    from orepact.shock.exposure.aggregate import Aggregate

#: Below this part of what passes a node in a usual week, nothing is missing there.
NOTHING = 1e-9


class Bridge:
    """Everybody goes on as usual, as far as events let them, and what is then missing at a node comes from the stocks there.

    Where those suffice to the end this is a plan that loses nothing, so the smallest loss is 0. Where they do not, nothing is
    said: others might step in, and the program has to tell.
    """

    def __init__(self, aggregate: Aggregate, strikes: Strikes) -> None:
        network = aggregate.network
        self._strikes = strikes
        self._usual = np.concatenate([aggregate.site_usual, aggregate.route_usual])
        self._matrix: Any = sparse.hstack([network.S, network.N], format="csr")
        nodes = self._matrix.shape[0]
        demand, self._stock = np.zeros(nodes), np.zeros(nodes)
        np.add.at(demand, aggregate.wants["node"].to_numpy(), aggregate.wants["quantity"].to_numpy())
        freely = aggregate.stores[np.isinf(aggregate.stores["release"].astype(float))]
        np.add.at(self._stock, freely["node"].to_numpy(), freely["quantity"].to_numpy())
        self._usable = not np.isnan(self._usual).any()
        usual = np.nan_to_num(self._usual)
        self._spare = self._matrix @ usual + aggregate.inflow - demand
        self._least = NOTHING * (abs(self._matrix) @ usual + demand)
        self._usable &= bool((self._spare >= -self._least).all())

    def holds(self, events: Sequence[Occurrence]) -> bool:
        """Whether stocks at the spot bridge all of these events."""
        if not self._usable:
            return False
        missing = np.zeros(len(self._stock))
        cuts = sorted({t for event in events for t in (event.start, event.end)})
        for low, high in pairwise(cuts):
            active = [event for event in events if event.start < high and event.end > low]
            missing += self._missing(active) * (high - low)
            if (missing > self._stock).any():
                return False
        return True

    def _missing(self, active: Sequence[Occurrence]) -> NDArray[np.float64]:
        """What is missing at each node in a week in which these events are under way."""
        columns, left = self._strikes.left(event.threat for event in active)
        usual = self._usual[columns]
        change = np.zeros(len(self._usual))
        change[columns] = np.minimum(self._strikes.reference[columns] * left, usual) - usual
        short = -(self._spare + self._matrix @ change)
        return np.where(short > self._least, short, 0.0)
