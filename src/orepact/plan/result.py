"""``PlanResult``: what a plan answers, in original units, with everything needed to repeat it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from orepact.chain.flows import Flows
    from orepact.chain.manifest import Manifest


@dataclass(frozen=True, eq=False)
class PlanResult:
    """A least-cost plan.

    - ``status``: ``optimal`` (anything else is raised as an error).
    - ``objective_usd``: discounted cost to the first model year (factor 1); no plan costs less than ``bound_usd``;
      ``gap`` is their relative difference.
    - ``flows``: every activity, route, demand, shortage, stock, build, capacity and retirement, per model year.
      The discounted sum of ``cost_usd`` + ``tariff_usd`` plus the cost of shortfalls is the objective.
    - ``capacities``: site, process, commodity, place, owner, owner_country, year, existing, built, total, decided, activity
      (units of main output per year; ``inf`` = unlimited), unit, investment_usd (decided x capex, not discounted),
      scarcity_usd_per_unit (worth of one more unit in that year).
    - ``shadow_prices``: commodity, place, year, usd_per_unit (cost of one more unit of demand there, money of that year).
    - ``limits``: name, kind, subject, year, bound, value, unit, dual_usd_per_unit, binding, shortfall.
    - ``manifest``: what the numbers depend on; ``assumptions``: discount rate, model years, their weights, options;
      ``size``: rows, columns and iterations of the program; ``seconds``: time spent by phase.
    """

    status: str
    objective_usd: float
    bound_usd: float
    gap: float
    flows: Flows
    capacities: pd.DataFrame
    shadow_prices: pd.DataFrame
    limits: pd.DataFrame
    manifest: Manifest
    assumptions: Mapping[str, Any] = field(default_factory=dict)
    size: Mapping[str, int] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def charged_usd(self) -> float:
        """What is charged for shortfalls, of demand and of targets, discounted: the objective without what is spent.

        It is a price of missing them, money of nobody: charged_usd = objective_usd - sum over years t of
        w_t (cost_usd + tariff_usd).
        """
        weights = dict(zip(self.assumptions["years"], self.assumptions["weights"], strict=True))
        rows = self.flows.frame
        spent = (rows["cost_usd"].fillna(0.0) + rows["tariff_usd"].fillna(0.0)) * rows["year"].map(weights).astype(float)
        return self.objective_usd - float(spent.sum())

    def __repr__(self) -> str:
        return f"PlanResult({self.status}, {self.objective_usd:,.0f} USD, gap {self.gap:.1e}, {len(self.flows.frame)} rows)"
