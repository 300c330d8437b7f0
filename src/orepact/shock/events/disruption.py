"""``Disruption``: what a set of events does to a case, week by week, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from orepact.facts.rules import RuleBook
    from orepact.shock.case.case import ShockCase
    from orepact.shock.events.event import Event
    from orepact.shock.events.seaways import SeaWays

#: Columns of ``Disruption.detours``: a second way for a route while its usual way is closed.
DETOURS = ("route", "lag_weeks", "extra_cost_usd", "first_week", "last_week", "passage")


@dataclass(frozen=True, eq=False)
class Quota:
    """A joint limit: sum of ``factor`` x dispatch over ``routes`` is at most ``most_per_week`` (weeks; ``inf`` = no limit).

    ``routes`` are row numbers of ``case.network.routes``.
    """

    name: str
    routes: NDArray[np.int64]
    factor: NDArray[np.float64]
    most_per_week: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Disruption:
    """Week 0 begins on ``start``, the first day of the first event. Shares are of the usual: 1 untouched, 0 stopped.

    A break that covers part of a week takes its part of that week.

    - ``site_share`` (sites x weeks): share of the capacity (spare capacity too) that works; of a site without limit: at most that
      share of its usual activity while it is below 1.
    - ``route_share`` (routes x weeks): a route below 1 carries at most that share of its usual flow (so a new route that is
      banned carries nothing); at 1 it may carry any quantity.
    - ``demand_share`` (wants x weeks): final demand as a multiple of the usual, may exceed 1.
    - ``route_cost_usd`` (routes x weeks): extra cost per unit sent: steps of duties, and what a price shock adds to what is
      bought across a border; ``price_factor`` (commodities x weeks): list price as a multiple of the usual.
    - ``stores_lost`` (stores): share of a stock that is lost at the start (a fire); 0 untouched.
    - ``quotas``: joint limits; they count what takes a detour too.
    - ``detours``: second ways, with columns ``DETOURS``: row number of the route, its whole lag, the cost per unit on top of the
      usual way, first and last week of dispatch (both included), the passages that it avoids. What takes the detour does not
      count under ``route_share``; a route that is also cut for another reason has none.
    - ``end_week``: first week in which everything is back (``weeks`` when not within them); ``end_known_week``: week from which
      actors know the end (0 when announced; ``end_week`` where nobody knows it before it comes).
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

    @classmethod
    def of(
        cls,
        case: ShockCase,
        events: Sequence[Event],
        *,
        weeks: int = 52,
        start: date | None = None,
        ways: SeaWays | None = None,
        rules: RuleBook | None = None,
        also_known: frozenset[str] = frozenset(),
    ) -> Disruption:
        """What the events do to the case over so many weeks from ``start`` (default: the first day of the first event).

        ``ways`` are the sea ways of the routes, for passages and ports; ``rules`` the rules of law (default: the shipped ones);
        ``also_known`` site ids that the facts know, so that one which does not stand in this network is no mistake.
        Raises ``BadInput`` with every problem of every event: unknown names with the nearest ones, contradictions, wrong units.
        """
        from orepact.shock.events.composing import compose

        return compose(case, events, weeks=weeks, start=start, ways=ways, rules=rules, also_known=also_known)
