"""``Outcome``: what a response made of an event, week by week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from orepact.shock.case.case import ShockCase
    from orepact.shock.events.disruption import Disruption


@dataclass(frozen=True, eq=False)
class Outcome:
    """Everything that happened, in units of the commodity per week; the last axis is the week.

    ``activity`` (sites), ``sent`` (routes, detours included), ``arrived`` (routes: what reached the destination in that week,
    after
    losses; what was under way before the event included), ``stock`` (stores, at the end of the week), ``released`` (stores:
    taken out, negative when filled), ``unmet`` (wants, after substitution), ``substituted`` (substitutions, units of
    ``wanted`` met by ``instead``).
    ``surplus`` (nodes): what arrives or is made where nothing uses it and no warehouse stands, less what usually leaves the node
    otherwise (``case.other`` below zero) and stays now; so each node and week closes as
    ``S activity + arrived - sent + other + released + substitution = demand - unmet + surplus``.
    ``costs_usd``: by kind: ``loss`` (unmet x worth), ``transport``, ``production``, ``tariff``, ``substitution``,
    ``release``, ``stock`` (what stocks and ways lack at the end, at the price of the good): each above the usual week.
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
    notes: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
