"""What running and building a process costs, and the finished rows of the ``sites`` frame."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from orepact.chain.reference.evidence import Evidence
from orepact.chain.reference.recipes import RecipeBook
from orepact.chain.reference.rules import site_rules

DEFAULT_UTILISATION = 0.85
LEAST_UTILISATION = 0.05
NAN = float("nan")
PACKS = frozenset({"pack_ev_lfp", "pack_ev_nickel"})


@dataclass(frozen=True, slots=True)
class PlannedSite:
    """One site of the network before costs. Capacities are in units of main output a year, costs in USD per unit.

    ``build`` is the capacity that may be added in a year (None: none). An own cost or lead time
    (None: that of the process) goes before the usual one; no lead time is shorter than ``least_lead_years``.
    """

    site: str
    name: str
    process: str
    place: str
    owner: str
    owner_country: str
    capacity: float
    status: str
    confidence: str
    build: float | None = None
    start_year: float | None = None
    end_year: float | None = None
    realisation_probability: float = 1.0
    own_variable_cost: float | None = None
    own_capital_cost: float | None = None
    own_lead_years: float | None = None
    least_lead_years: float | None = None
    reserves_t: float | None = None


OWN = ("own_variable_cost", "own_capital_cost", "own_lead_years", "least_lead_years")


@dataclass(frozen=True, eq=False)
class SiteCosts:
    """Coefficients by process, scaled by the cost level of a place."""

    evidence: Evidence
    recipes: RecipeBook

    @cached_property
    def utilisation(self) -> dict[str, float]:
        """Output over nameplate capacity in the base year, by process."""
        usual = self.evidence.latest("utilisation")
        idle = {fact.thing or fact.process: fact.value for fact in self.evidence.facts("base_year_utilisation")}
        found = {process: idle.get(process, usual.get(process, DEFAULT_UTILISATION)) for process in self.recipes.default}
        return {process: min(max(value, LEAST_UTILISATION), 1.0) for process, value in found.items()}

    def _by_process(self, attribute: str, processes: pd.Series) -> pd.Series:
        return processes.map(self.evidence.latest(attribute)).astype(float)

    def _here(self, attribute: str, processes: pd.Series, places: pd.Series) -> pd.Series:
        """Value by process, that of ``process@PLACE`` where the place has its own."""
        usual, own = self.evidence.latest(attribute), self.evidence.at_places(attribute)
        found = [own.get((p, q), usual.get(p, NAN)) for p, q in zip(processes, places, strict=True)]
        return pd.Series(found, index=processes.index, dtype=float)

    def frame(self, sites: Iterable[PlannedSite]) -> pd.DataFrame:
        """The ``sites`` frame of a network, indexed by site id.

        Capital and fixed cost are ``cost of the process x cost level of the place``; operating costs are the same
        everywhere but for the battery in a car. ``reserves`` are in units of main output. Only sites with room to build
        have a capital cost.
        """
        rows = [[getattr(site, name) for name in PlannedSite.__slots__] for site in sites]
        given = pd.DataFrame(rows, columns=list(PlannedSite.__slots__)).set_index("site").sort_index()
        process = given["process"]
        level = given["place"].map(self.evidence.cost_level).astype(float).fillna(1.0)
        build = given["build"].astype(float)
        own = {name: given[name].astype(float) for name in OWN}
        capital = own["own_capital_cost"].fillna(self._by_process("capital_cost", process) * level)
        lead = own["own_lead_years"].fillna(self._by_process("lead_time", process))
        usual = self._by_process("variable_cost", process) + self._smaller_battery(process, given["place"])
        return pd.DataFrame(
            {
                "name": given["name"],
                "process": [self.recipes.code(p, q) for p, q in zip(process, given["place"], strict=True)],
                "place": given["place"],
                "owner": given["owner"],
                "owner_country": given["owner_country"],
                "capacity_per_year": given["capacity"],
                "status": given["status"],
                "start_year": given["start_year"].astype(float),
                "end_year": given["end_year"].astype(float),
                "variable_cost_usd": own["own_variable_cost"].fillna(usual),
                "fixed_cost_usd": self._by_process("fixed_cost", process) * level,
                "capex_usd": capital.where(build.notna()),
                "lead_time_years": np.fmax(lead, own["least_lead_years"]),
                "lifetime_years": self._by_process("lifetime", process),
                "max_build_per_year": build,
                "reserves": given["reserves_t"].astype(float) / self._content(process),
                "electricity_kwh": self._here("electricity_use", process, given["place"]),
                "direct_kg_co2e": self._here("direct_emissions", process, given["place"]),
                "background_kg_co2e": self._here("background_emissions", process, given["place"]),
                "realisation_probability": given["realisation_probability"],
                "confidence": given["confidence"],
            }
        ).rename_axis("site")

    def _smaller_battery(self, processes: pd.Series, places: pd.Series) -> pd.Series:
        """USD per car that make up for a battery smaller than the world's usual one, 0 for other processes.

        ``(MWh of the usual car - MWh of a car of the place) x worth of a MWh``
        """
        worth = site_rules().battery_worth_usd
        pairs = zip(processes, places, strict=True)
        found = [worth[p] * (self._battery(p, "") - self._battery(p, q)) if p in worth else 0.0 for p, q in pairs]
        return pd.Series(found, index=processes.index)

    def _battery(self, process: str, place: str) -> float:
        return -sum(amount for commodity, amount in self.recipes.at(process, place).items() if commodity in PACKS)

    def _content(self, processes: pd.Series) -> np.ndarray:
        """Tonnes of the main element per unit of main output of each row."""
        commodities = self.evidence.codes.commodities
        content = {process: commodities[output].element_t_per_unit or NAN for process, output in self.recipes.outputs.items()}
        return processes.map(content).to_numpy(dtype=float)
