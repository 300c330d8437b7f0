"""A plan's case: the network, the years, the scenario and everything that is derived from them once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from orepact.plan.horizon import Horizon, annuity
from orepact.plan.reach import Reach, reach
from orepact.plan.scales import commodity_magnitudes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.chain.network import Network
    from orepact.chain.policy import AnyLimit
    from orepact.chain.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Case:
    """What is asked: arrays are sites x years, routes x years and so on, in the order of the network's tables."""

    network: Network
    horizon: Horizon
    scenario: Scenario | None = None
    scaled: bool = True

    @property
    def limits(self) -> tuple[AnyLimit, ...]:
        """Policy limits in force."""
        return self.scenario.active_limits if self.scenario else ()

    # Sites ---------------------------------------------------------------------------------------

    @cached_property
    def existing(self) -> NDArray[np.float64]:
        """Exogenous capacity, sites x years, units of main output per year; ``inf`` is unlimited."""
        return np.asarray(self.network.capacity.to_numpy(dtype=float))

    @cached_property
    def stands(self) -> NDArray[np.bool_]:
        """Whether what site i decides in year s stands in year t: sites x s x t; all false where a site cannot be built."""
        network = self.network
        stands = self.horizon.stands(network.values("sites", "lead_time_years"), network.values("sites", "lifetime_years"))
        can_build = network.expandable & (network.values("sites", "max_build_per_year") > 0)
        # Unlimited capacity needs no building.
        bounded = np.isfinite(self.existing)
        return np.asarray(stands & can_build[:, None, None] & bounded[:, None, :])

    @cached_property
    def buildable(self) -> NDArray[np.bool_]:
        """Site-years in which built capacity can stand."""
        return np.asarray(self.stands.any(axis=1))

    @cached_property
    def fixed_cost_usd(self) -> NDArray[np.float64]:
        """Yearly fixed cost of each site, USD per unit of standing capacity."""
        return self.network.values("sites", "fixed_cost_usd")

    @cached_property
    def yearly_capital_usd(self) -> NDArray[np.float64]:
        """Annualised capital cost of each site, USD per unit of built capacity and year: annuity(r, lifetime) x capex."""
        network = self.network
        capex = network.sites["capex_usd"].fillna(0.0).to_numpy(dtype=float)
        return np.asarray(annuity(self.horizon.discount_rate, network.values("sites", "lifetime_years")) * capex)

    @cached_property
    def constant_usd(self) -> float:
        """Discounted fixed cost of existing capacity: part of the objective that no decision changes."""
        finite = np.where(np.isfinite(self.existing), self.existing, 0.0)
        return float(self.fixed_cost_usd @ finite @ self.horizon.weights)

    # Reach ---------------------------------------------------------------------------------------

    @cached_property
    def reach(self) -> Reach:
        """Sites, routes and nodes that can be non-zero."""
        holds = self.network.values("sites", "reserves") > 0
        possible = ((self.existing > 0) | self.buildable) & holds[:, None]
        return reach(self.network, possible, earns=bool((self.network.site_cost_usd < 0).any()))

    @cached_property
    def targeted(self) -> NDArray[np.bool_]:
        """Sites whose capacity counts in some target, whether they can run or not."""
        from orepact.plan.constraints.capacity_target import targeted_sites

        return targeted_sites(self.network, self.limits)

    # Demand --------------------------------------------------------------------------------------

    @cached_property
    def demand_year(self) -> NDArray[np.int64]:
        """Position of the model year of each demand row; -1 for a year outside the horizon."""
        position = {year: i for i, year in enumerate(self.horizon.years)}
        return np.asarray([position.get(int(year), -1) for year in self.network.demand["year"]], dtype=np.int64)

    @cached_property
    def demand_node(self) -> NDArray[np.int64]:
        """Node of each demand row."""
        return self.network.positions(self.network.demand["commodity"], self.network.demand["place"])

    @cached_property
    def demand(self) -> NDArray[np.float64]:
        """Final demand, nodes x years, units per year."""
        total = np.zeros((len(self.network.nodes), len(self.horizon)))
        keep = self.demand_year >= 0
        quantity = self.network.demand["quantity"].to_numpy(dtype=float)[keep]
        np.add.at(total, (self.demand_node[keep], self.demand_year[keep]), quantity)
        return total

    # Magnitudes ----------------------------------------------------------------------------------

    @cached_property
    def node_scale(self) -> NDArray[np.float64]:
        """Magnitude of the commodity of each node."""
        return self._scale(self.network.nodes.get_level_values(0))

    @cached_property
    def site_scale(self) -> NDArray[np.float64]:
        """Magnitude of the main output of each site."""
        return self._scale(self.network.site_output)

    @cached_property
    def route_scale(self) -> NDArray[np.float64]:
        """Magnitude of the commodity of each route."""
        return self._scale(self.network.routes["commodity"])

    def scale_of(self, commodities: object) -> NDArray[np.float64]:
        """Magnitude of each commodity of a list or column."""
        return self._scale(commodities)

    def _scale(self, commodities: object) -> NDArray[np.float64]:
        names = self.network.commodities.index.get_indexer(list(commodities))  # type: ignore[call-overload]  # any list of names
        if not self.scaled:
            return np.ones(len(names))
        return np.where(names < 0, 1.0, self._magnitudes[names])

    @cached_property
    def _magnitudes(self) -> NDArray[np.float64]:
        return commodity_magnitudes(self.network).to_numpy()
