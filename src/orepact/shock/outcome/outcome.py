"""``Outcome``: what a response made of an event, week by week, and the laws that every response keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from orepact.shock.outcome import tables
from orepact.shock.outcome.closing import TOLERANCE, check_balance, residual

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from orepact.shock.case.case import ShockCase
    from orepact.shock.events.disruption import Disruption


@dataclass(frozen=True, eq=False)
class Outcome:
    """Everything that happened, in units of the commodity per week; the last axis is the week.

    ``activity`` (sites), ``sent`` (routes, detours included), ``arrived`` (routes: what reached the destination in that week,
    after losses; what was under way before the event included), ``stock`` (stores, at the end of the week), ``released``
    (stores: taken out, negative when filled), ``unmet`` (wants, after substitution), ``substituted`` (substitutions, units of
    ``wanted`` met by ``instead``), ``surplus`` (nodes: what arrives or is made where nothing uses it and no warehouse stands,
    less what usually leaves the node otherwise, ``case.other`` below zero, and stays now).

    The laws, week by week:

    1. ``S activity + arrived - sent + other + released + substituted (where wanted) - units_per_unit x substituted (where the
       good used instead is) = demand x share - unmet + surplus`` at every node; ``surplus >= min(other, 0)``.
    2. ``stock(t) = stock(t-1) - released(t)``, from the quantity less what the event destroys, never below the floor; public
       stockpiles are never filled.
    3. ``0 <= activity <= site_share x capacity``; a route whose share is below 1 carries at most that share of its usual flow,
       its detours aside; quotas hold.
    4. What is sent arrives after the lag of its way; in the first weeks what was sent before the event arrives.

    ``costs_usd``: by kind, above the usual week: ``loss`` (unmet x worth), ``transport``, ``production``, ``tariff``,
    ``substitution``, ``release``, ``stock`` (what stocks and ways lack at the end, at the price of the good).
    ``transport`` and ``production`` are *gross*: the freight and usual duty of all that is sent above the usual, the variable
    cost of all that is made above it; nothing is taken off for what is sent or made less, as the usual week is under contract.
    Under ``contracts`` they hold detours alone. ``tariff`` (a step of the event) counts on everything sent, the usual included.
    ``costs_by_place``: the same by place (index) and kind; None in an outcome that was not computed here.
    ``notes``: what a reader must know, exceptions explained.
    """

    case: ShockCase
    disruption: Disruption
    response: str
    activity: NDArray[np.float64]
    sent: NDArray[np.float64]
    arrived: NDArray[np.float64]
    stock: NDArray[np.float64]
    released: NDArray[np.float64]
    unmet: NDArray[np.float64]
    substituted: NDArray[np.float64]
    surplus: NDArray[np.float64]
    costs_usd: Mapping[str, float]
    costs_by_place: pd.DataFrame | None = None
    notes: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)

    # The laws ----------------------------------------------------------------------------------

    def residual(self) -> NDArray[np.float64]:
        """What law 1 leaves open at each node and week (nodes x weeks), in units of the commodity."""
        return residual(self)

    def check_balance(self, tolerance: float = TOLERANCE) -> float:
        """The worst relative residual of laws 1 and 2; raises ``BalanceBroken`` naming the worst when above ``tolerance``."""
        return check_balance(self, tolerance)

    # The tables --------------------------------------------------------------------------------

    @cached_property
    def lost(self) -> pd.DataFrame:
        """Final demand that was not met: ``tables.LOST``, one row for each want and week with a loss."""
        return tables.lost(self)

    @cached_property
    def sites(self) -> pd.DataFrame:
        """What each plant made below its usual: ``tables.SITES``, one row for each site and week with a loss."""
        return tables.sites(self)

    @cached_property
    def cover(self) -> pd.DataFrame:
        """Days that stocks last at usual use: ``tables.COVER``, by party, commodity and week."""
        return tables.cover(self)

    @cached_property
    def stops(self) -> pd.DataFrame:
        """When each plant falls below half and when it stops: ``tables.STOPS``, one row for each plant that does."""
        return tables.stops(self)

    @cached_property
    def stocks(self) -> pd.DataFrame:
        """Each store week by week: ``tables.STOCKS``."""
        return tables.stocks(self)

    @cached_property
    def parties(self) -> pd.DataFrame:
        """GWh of cells and packs not made, vehicles and money lost: ``tables.PARTIES``, one row for each party that loses."""
        return tables.parties(self)
