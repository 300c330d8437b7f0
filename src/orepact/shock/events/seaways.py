"""``SeaWays``: which routes go by sea, through which ports, and what the way costs and takes with passages closed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from orepact.shock.events.disruption import DETOURS

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
    (NaN where no way is known); with none closed it gives the usual way. ``ports`` are all that the distance model knows, used
    or not.
    """

    by_sea: NDArray[np.bool_]
    origin_port: NDArray[np.object_]
    destination_port: NDArray[np.object_]
    closed: Callable[[tuple[str, ...]], pd.DataFrame]
    ports: tuple[str, ...] = ()


def joined_detours(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All detours; those of a route that follow each other and are alike become one."""
    kinds = {"route": "int64", "lag_weeks": "int64", "extra_cost_usd": "float64", "first_week": "int64", "last_week": "int64"}
    if not frames:
        return pd.DataFrame({name: pd.Series(dtype=kinds.get(name, "str")) for name in DETOURS})
    alike = ["route", "lag_weeks", "extra_cost_usd", "passage"]
    table = pd.concat(frames, ignore_index=True).sort_values([*alike, "first_week"], ignore_index=True)
    reached = table.groupby(alike)["last_week"].cummax().groupby([table[name] for name in alike]).shift()
    run = (table["first_week"] > reached + 1).cumsum().rename("run")
    parts = table.groupby([*alike, run], sort=True)
    joined = parts.agg(first_week=("first_week", "min"), last_week=("last_week", "max")).reset_index()
    return joined[list(DETOURS)].astype(kinds)
