"""``ShockCase``: the usual week of a network, and what stands ready when something breaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from orepact.chain.flows import Flows
    from orepact.chain.network import Network
    from orepact.shock.case.rules import CaseRules

#: Columns of ``ShockCase.wants``.
WANTS = ("node", "commodity", "place", "party", "unit", "loss_usd_per_unit")
#: Columns of ``ShockCase.stores``.
STORES = ("node", "commodity", "place", "party", "owner", "kind", "quantity", "floor", "release_per_week", "confidence")
#: Columns of ``ShockCase.substitutions``.
SUBSTITUTIONS = ("wanted", "instead", "units_per_unit", "most_share", "delay_weeks", "cost_usd_per_unit")


@dataclass(frozen=True, eq=False)
class ShockCase:
    """The usual week of a network: everything is steady before the event, week after week.

    Arrays follow the tables of ``network`` (sites, routes, nodes); quantities are in units of the commodity per week.

    - ``activity`` (sites): usual activity; ``capacity`` (sites): the most it can do, never below the usual, ``inf`` without
      limit;
      ``ramp_weeks`` (sites): weeks until output above the usual is wholly there.
    - ``flow`` (routes): usual dispatch; ``lag_weeks`` (routes, whole numbers): weeks under way.
    - ``other`` (nodes): what enters (+) or leaves (-) a node otherwise in a usual week, such as the stock change of the base
      year, so that
      ``S activity + N flow + other = demand`` holds exactly.
    - ``wants``: one row for each final demand, with its node and party and what a lost unit is worth; ``demand`` (wants): usual
      quantity per week.
    - ``stores``: one row for each stock: ``kind`` is ``warehouse`` (commercial, at the node, used by whoever is there) or
      ``stockpile``
      (public, released by rule); ``quantity`` at the start, ``floor`` that no response goes below, ``release_per_week``.
    - ``substitutions``: demand row ``wanted`` may be met by ``units_per_unit`` units of the good at demand row ``instead``,
      up to
      ``most_share`` of its usual quantity, from ``delay_weeks`` after the start.
    - ``prices`` (goods): USD per unit of each good, list price or estimate; NaN where nothing is known. None: what the network
      says alone; ``price`` answers in both cases.
    - ``parties``: party to its places.
    - ``route_numbers`` (routes): number of each route in the network that the flows stand on; None when none was left out.
    """

    network: Network
    year: int
    activity: NDArray[np.float64]
    capacity: NDArray[np.float64]
    ramp_weeks: NDArray[np.float64]
    flow: NDArray[np.float64]
    lag_weeks: NDArray[np.int64]
    other: NDArray[np.float64]
    wants: pd.DataFrame
    demand: NDArray[np.float64]
    stores: pd.DataFrame
    substitutions: pd.DataFrame
    parties: Mapping[str, tuple[str, ...]]
    warnings: tuple[str, ...] = ()
    assumptions: Mapping[str, object] = field(default_factory=dict)
    route_numbers: NDArray[np.int64] | None = None
    prices: pd.Series | None = None

    @classmethod
    def from_flows(cls, flows: Flows, year: int | None = None, rules: CaseRules | None = None) -> ShockCase:
        """The usual week of one year of ``flows``; see ``orepact.shock.case_of``."""
        from orepact.shock.case.building import case_of

        return case_of(flows, year, rules)

    @property
    def price(self) -> pd.Series:
        """USD per unit of every good, NaN where nothing is known: see ``pricing.prices_of``."""
        from orepact.shock.case.pricing import prices_of

        return self.prices if self.prices is not None else prices_of(self.network)["price_usd_per_unit"]

    @property
    def residual(self) -> NDArray[np.float64]:
        """``S activity + N flow + other - demand`` of each node: 0 up to rounding."""
        network = self.network
        wanted = np.bincount(self.wants["node"], self.demand, minlength=len(network.nodes))
        left: NDArray[np.float64] = network.S @ self.activity + network.N @ self.flow + self.other - wanted
        return left
