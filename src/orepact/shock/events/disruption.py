"""``Disruption``: what a set of events does to a case, week by week, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Columns of ``Disruption.detours``: a second way for a route while its usual way is closed.
DETOURS = ("route", "lag_weeks", "extra_cost_usd", "first_week", "last_week", "passage")


@dataclass(frozen=True, eq=False)
class Quota:
    """A joint limit: sum of ``factor`` x dispatch over ``routes`` is at most ``most_per_week`` (weeks; ``inf`` = no limit)."""

    name: str
    routes: NDArray[np.int64]
    factor: NDArray[np.float64]
    most_per_week: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Disruption:
    """Week 0 is the week of the first event. Shares are of the usual: 1 untouched, 0 stopped.

    - ``site_share`` (sites x weeks): share of the capacity (spare capacity too) that works.
    - ``route_share`` (routes x weeks): a route below 1 carries at most that share of its usual flow (so a new route that is
      banned
      carries nothing); at 1 it may carry any quantity.
    - ``demand_share`` (wants x weeks): final demand as a multiple of the usual, may exceed 1.
    - ``route_cost_usd`` (routes x weeks): extra cost per unit sent (a tariff step); ``price_factor`` (commodities x weeks):
      price shocks.
    - ``stores_lost`` (stores): share of a stock that is lost at the start (a fire); 0 untouched.
    - ``quotas``: joint limits; ``detours``: second ways, with columns ``DETOURS``.
    - ``end_known_week``: week from which actors know the end (the end itself where unknown until it comes); ``end_week``:
      first week
      in which everything is back (``weeks`` when not within them).
    """

    events: tuple[str, ...]
    start: date
    weeks: int
    site_share: NDArray[np.float64]
    route_share: NDArray[np.float64]
    demand_share: NDArray[np.float64]
    route_cost_usd: NDArray[np.float64]
    price_factor: NDArray[np.float64]
    stores_lost: NDArray[np.float64]
    quotas: tuple[Quota, ...]
    detours: pd.DataFrame
    end_week: int
    end_known_week: int
    warnings: tuple[str, ...] = ()
