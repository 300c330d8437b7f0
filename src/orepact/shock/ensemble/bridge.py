"""``Bridge``: a proof without a program that stocks at the spot bridge what events take away from the usual."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from orepact.shock.ensemble.block import NOTHING
from orepact.shock.exposure.scaling import node_sizes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.shock.ensemble.sampling import Occurrence
    from orepact.shock.ensemble.strikes import Strikes
    from orepact.shock.exposure.aggregate import Aggregate


class Bridge:
    """Everybody goes on as usual, as far as events let them, and what is then missing at a node comes from the stocks there.

    Where those suffice to the end this is a way to lose nothing, so the smallest loss is 0. Where they do not, nothing is said:
    others might step in, and the program has to tell.
    """

    def __init__(self, aggregate: Aggregate, strikes: Strikes) -> None:
        network = aggregate.network
        self._strikes = strikes
        self._matrix: Any = sparse.hstack([network.S, network.N], format="csr")
        needed, self._stock = -aggregate.inflow, np.zeros(self._matrix.shape[0])
        np.add.at(needed, aggregate.wants["node"].to_numpy(), aggregate.wants["quantity"].to_numpy())
        freely = aggregate.stores[np.isinf(aggregate.stores["release"].astype(float))]
        np.add.at(self._stock, freely["node"].to_numpy(dtype=np.int64), freely["quantity"].to_numpy(dtype=float))
        self._least = NOTHING * node_sizes(aggregate)
        self._usual = np.concatenate([aggregate.site_usual, aggregate.route_usual])
        self._spare = self._matrix @ self._usual - needed
        self._usable = bool((self._spare >= -self._least).all())  # not so where a usual rate is not known

    def holds(self, events: Sequence[Occurrence]) -> bool:
        """Whether stocks at the spot bridge all of these events."""
        if not self._usable:
            return False
        missing = np.zeros(len(self._stock))
        cuts = sorted({t for event in events for t in (event.start, event.end)})
        for low, high in pairwise(cuts):
            missing += self._missing([e.threat for e in events if e.start < high and e.end > low]) * (high - low)
            if (missing > self._stock).any():
                return False
        return True

    def _missing(self, threats: Sequence[int]) -> NDArray[np.float64]:
        """What is missing at each node in a week in which these threats are true."""
        columns, left = self._strikes.left(threats)
        change = np.zeros(len(self._usual))
        change[columns] = np.minimum(self._strikes.reference[columns] * left - self._usual[columns], 0.0)
        short = -(self._spare + self._matrix @ change)
        return np.where(short > self._least, short, 0.0)
