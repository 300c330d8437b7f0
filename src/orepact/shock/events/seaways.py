"""``SeaWays``: which routes go by sea, through which ports, and what the way costs and takes with passages closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Passages whose closing the distance model knows.
PASSAGES = ("suez", "panama")


@dataclass(frozen=True, eq=False)
class SeaWays:
    """Ways of the routes of a network, row by row.

    ``by_sea``: whether the usual way of a route is by sea; ``origin_port`` and ``destination_port``: its ports ("" where it does
    not go by sea). ``closed`` gives, for a set of closed passages, ``cost_usd`` (per unit) and ``days`` of the cheapest way left
    (NaN where no way is known); with none closed it gives the usual way.
    """

    by_sea: NDArray[np.bool_]
    origin_port: NDArray[np.object_]
    destination_port: NDArray[np.object_]
    closed: Callable[[tuple[str, ...]], pd.DataFrame]

    def ports(self) -> list[str]:
        """Every port that some route uses."""
        names = {*self.origin_port[self.by_sea], *self.destination_port[self.by_sea]} - {""}
        return sorted(str(name) for name in names)
