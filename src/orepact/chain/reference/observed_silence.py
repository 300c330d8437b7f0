"""What customs tables do not show: between places for which no shipment is listed, next to nothing moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import hypot

import pandas as pd

from orepact.chain.reference.base_year import BaseYear
from orepact.chain.reference.observation_rules import Scope
from orepact.chain.reference.observations import CLOSURE, Observation, Term
from orepact.chain.reference.observed_gaps import ObservedGaps
from orepact.chain.reference.observed_trade import ObservedTrade

#: Codes of which less than this part is of the chain say nothing by what they do not list.
WHOLE = 0.7
REST = "ROW"
SILENT = "customs tables list no such shipment"


@dataclass(frozen=True, eq=False)
class ObservedSilence:
    """One observation of nothing, give or take a little, for each place and commodity with a customs table of its own.

    It adds up the routes from the place on which the tables of the year list no shipment. Routes on which something
    unreported probably moves (``ObservedGaps``), those of the rest of the world, whose many small shipments are not listed one
    by one, and those inside one country, which no customs table sees, are left out,
    and so are commodities whose code is largely about other goods.
    """

    base: BaseYear
    trade: ObservedTrade
    gaps: ObservedGaps
    routes: pd.DataFrame

    def rows(self) -> Iterator[Observation]:
        """All of them, sorted by commodity and origin."""
        silent: dict[tuple[str, str], list[str]] = {}
        ends = self.routes[["commodity", "origin", "destination"]].to_numpy(dtype=object)
        for commodity, origin, destination in ends.tolist():
            if commodity in self._told and not self._heard(commodity, origin, destination):
                silent.setdefault((commodity, origin), []).append(destination)
        for (commodity, origin), destinations in sorted(silent.items()):
            terms = tuple(Term("flow", commodity, origin=origin, destination=place) for place in sorted(destinations))
            name, deviation = f"silence:{origin}/{commodity}", self._deviation(commodity, origin)
            yield Observation(name, terms, 0.0, deviation, "estimated", CLOSURE, note=SILENT)

    def _deviation(self, commodity: str, origin: str) -> float:
        """What may have gone unlisted: a small part of world trade, and of what the place makes."""
        floor = self.trade.rules.floor
        made = self.base.shares(commodity).get(origin, 0.0)
        return hypot(floor["silence"] * self.trade.world_trade(commodity), floor["silence_of_output"] * made)

    @cached_property
    def _told(self) -> frozenset[str]:
        """Commodities that all their customs figures are mostly about."""
        scopes: dict[str, float] = {}
        for item in self.trade.shipments:
            inside = self.trade.rules.customs.get(item.code, Scope()).inside
            for name in item.commodities:
                scopes[name] = min(inside, scopes.get(name, 1.0))
        return frozenset(name for name, inside in scopes.items() if inside >= WHOLE)

    def _heard(self, commodity: str, origin: str, destination: str) -> bool:
        """Whether the tables list a shipment, would not see one, or must have missed one."""
        country = self.trade.evidence.codes.country
        return (
            (origin, destination) in self.trade.pairs[commodity]
            or (commodity, origin, destination) in self.gaps.flows
            or country(origin) == country(destination)
            or REST in {origin, destination}
        )
