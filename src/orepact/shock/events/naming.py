"""``check_names``: whether a network knows what events name, before anything of a year is balanced or solved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from orepact.chain.network import Network
    from orepact.shock.case.case import ShockCase
    from orepact.shock.events.event import Event
    from orepact.shock.events.seaways import SeaWays


def check_names(
    network: Network, events: Sequence[Event], *, ways: SeaWays | None = None, also_known: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """Raise ``BadInput`` with every name that the network does not know, each with the nearest, and every unit that does not fit.

    It says what the same events would be refused for when they are run on this network; ``ways`` and ``also_known`` as in
    ``Disruption.of``. Returns what to say of breaks that fit nothing, such as a route that is not there; whether another would
    touch any flow is not looked at.
    """
    from orepact.shock.events.composing import FITS_NOTHING
    from orepact.shock.events.disruption import Disruption

    found = Disruption.of(idle_case(network), events, ways=ways, also_known=also_known)
    unseen = tuple(  # nothing is wanted or kept in an idle network
        f"{event.id}.breaks.{number}:"
        for event in events
        for number, item in enumerate(event.breaks)
        if item.target in {"demand", "stock"}
    )
    return tuple(said for said in found.warnings if said.endswith(FITS_NOTHING) and not said.startswith(unseen))


def idle_case(network: Network) -> ShockCase:
    """The network with nothing made, sent, wanted or kept: all that the names in an event stand for."""
    from orepact.shock.case.case import STORES, SUBSTITUTIONS, WANTS, ShockCase
    from orepact.shock.case.wanting import party_of_places

    parties: dict[str, tuple[str, ...]] = {}
    for place, party in party_of_places(network).items():
        parties[party] = (*parties.get(party, ()), place)
    sites, routes = np.zeros(len(network.sites)), np.zeros(len(network.routes))
    return ShockCase(
        network=network, year=max(network.years, default=0), activity=sites, capacity=np.full(len(sites), np.inf),
        ramp_weeks=sites, flow=routes, lag_weeks=routes.astype(np.int64), other=np.zeros(len(network.nodes)),
        wants=pd.DataFrame(columns=list(WANTS)), demand=np.zeros(0), stores=pd.DataFrame(columns=list(STORES)),
        substitutions=pd.DataFrame(columns=list(SUBSTITUTIONS)), parties=parties,
    )  # fmt: skip
