"""The sites of the reference network: named ones, country residuals that close the base year, and places to build new."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from orepact.chain.reference.base_year import BaseYear
from orepact.chain.reference.evidence import Evidence, load_rules
from orepact.chain.reference.named_sites import expected_start, in_chain, named_sites, operating
from orepact.chain.reference.recipes import RecipeBook
from orepact.chain.reference_settings import ReferenceSettings

COSTS = ("variable_cost", "fixed_cost", "capital_cost", "lead_time", "lifetime", "utilisation", "base_year_utilisation",
         "electricity_use", "direct_emissions")  # fmt: skip
DEFAULT_UTILISATION = 0.85
MINE_STAGES = {"mine", "concentrate"}
#: Room above the outputs of the base year, so that rounding never makes a place short.
OBSERVED_SLACK = 0.02


@dataclass(frozen=True, eq=False)
class SiteTable:
    """Builds the ``sites`` frame of the reference network."""

    evidence: Evidence
    recipes: RecipeBook
    settings: ReferenceSettings
    status_probability: dict[str, float]

    @cached_property
    def rules(self) -> dict[str, Any]:
        """Newcomers, waits and owners as data."""
        return load_rules("sites")

    @cached_property
    def coefficients(self) -> pd.DataFrame:
        """Costs, times and energy by process (rows)."""
        processes = list(self.recipes.default)
        columns = {}
        for name in COSTS:
            claims = self.evidence.claims(name)
            claims = claims[(claims["place"] == "") & claims["process"].isin(processes)]
            columns[name] = claims.sort_values("year").groupby("process")["value"].last()
        table = pd.DataFrame(columns).reindex(processes)
        usual = table["utilisation"].fillna(DEFAULT_UTILISATION)
        table["utilisation"] = table["base_year_utilisation"].fillna(usual).clip(0.05, 1.0)
        return table

    @cached_property
    def everything(self) -> pd.DataFrame:
        """Every site that the facts name."""
        return named_sites(self.evidence)

    @cached_property
    def named(self) -> pd.DataFrame:
        """Named sites that fit the chain and have a size."""
        return in_chain(self.everything, self.evidence, set(self.recipes.default))

    @cached_property
    def provinces(self) -> dict[str, pd.Series]:
        """How each process spreads over Canadian provinces: by capacity of the sites at work, one unsized site as the average one."""
        home = set(self.evidence.codes.members("CAN"))
        working = [name for name, status in self.evidence.codes.statuses.items() if status.operates]
        sites = self.everything
        sites = sites[sites["located_in"].isin(home) & sites["status"].isin(working) & (sites["runs_process"] != "")]
        usual = sites.groupby("runs_process")["capacity"].transform("mean").fillna(1.0)
        weight = sites["capacity"].fillna(usual)
        grouped = weight.groupby([sites["runs_process"], sites["located_in"]]).sum()
        return {str(process): grouped[process] for process in grouped.index.get_level_values(0).unique()}

    @cached_property
    def named_output(self) -> pd.DataFrame:
        """Usual output of the named sites at work: process, place, quantity."""
        working = self.named[operating(self.named, self.evidence) & ~self.named["start_year"].gt(self.evidence.base_year)]
        use = working["runs_process"].map(self.coefficients["utilisation"])
        frame = pd.DataFrame({"process": working["runs_process"], "place": working["located_in"], "quantity": working["capacity"] * use})
        return frame.groupby(["process", "place"], as_index=False)["quantity"].sum()

    def table(self, base: BaseYear) -> pd.DataFrame:
        """All sites that may run or be built, indexed by id, with the columns that a network holds."""
        residual = self._residual(base)
        parts = [self._named_rows(), residual, self._newcomers(base, residual)]
        sites = pd.concat([part for part in parts if len(part)])
        return self._with_costs(sites)

    def observed(self, base: BaseYear) -> pd.DataFrame:
        """Only what ran in the base year, sized by its output, so that flows of that year come from where things were made.

        Where a statistic covers the whole world a process keeps its idle part: statistics of two stages never agree to the tonne.
        """
        named, residual = self._named_rows(), self._residual(base)
        ran = (named["status"] == "operating") & ~self.named["start_year"].gt(self.evidence.base_year)
        sites = pd.concat([named[ran], residual])
        statistic = {process for process, rule in base.rules.items() if "statistic" in rule and "close" not in rule}
        use = sites["process"].map(self.coefficients["utilisation"]).where(~sites["process"].isin(statistic), 1.0)
        sized = sites.assign(capacity_per_year=sites["capacity_per_year"] * use * (1.0 + OBSERVED_SLACK), build=np.nan)
        return self._with_costs(sized)

    # Named ---------------------------------------------------------------------------------------

    def _named_rows(self) -> pd.DataFrame:
        sites = self.named
        today = self.evidence.base_year + 1
        works = operating(sites, self.evidence)
        start = expected_start(sites, self.rules, today).where(~works, np.nan)
        # A deposit with a maximum rate but no dated project of its own can be opened: no capacity yet, but room to build.
        capacity = sites["capacity"].fillna(0.0)
        probability = sites["status"].map({**self.rules["status_probability"], **self.status_probability})
        room = (sites["max_capacity"] - capacity).clip(lower=0.0)
        years = 2040 - today
        frame = pd.DataFrame(
            {
                "name": sites["name"], "process": sites["runs_process"], "place": sites["located_in"], "owner": sites["company"],
                "owner_country": sites["owner_country"].where(sites["owner_country"] != "", "unknown"), "capacity_per_year": capacity,
                "status": sites["status"].where(~works, "operating"), "start_year": start, "end_year": sites["end_year"],
                "realisation_probability": probability.where(~works, 1.0), "confidence": sites["confidence"],
                "own_variable_cost": sites["site_variable_cost"], "own_capital_cost": sites["site_capital_cost"], "reserves_t": sites["site_reserves"],
                "build": np.fmin(sites["max_build_per_year"].fillna(room / 4.0), room.where(room > 0)), "own_lead": sites["delay"],
            }
        )  # fmt: skip
        frame["build"] = frame["build"].where(frame["build"] > 0)
        frame["horizon_build"] = room.where(room > 0) / years
        return frame

    # Residuals -----------------------------------------------------------------------------------

    def _residual(self, base: BaseYear) -> pd.DataFrame:
        rows = [row for process, output in base.output.items() for row in self._residual_of(process, output, base)]
        return pd.DataFrame(rows).set_index("site")

    def _residual_of(self, process: str, output: pd.Series, base: BaseYear) -> list[dict[str, Any]]:
        use = float(self.coefficients.loc[process, "utilisation"])
        named = self.named_output[self.named_output["process"] == process].set_index("place")["quantity"]
        left = (output - named.reindex(output.index).fillna(0.0)).clip(lower=0.0) / use
        rate = self._growth(process)
        rows = []
        for place, capacity in left.items():
            total = float(output[place]) / use
            known = base.certain.get(process, pd.Series(dtype=float)).get(place, 0.0) > 0
            owners = self._owners(process, str(place))
            for owner, share in owners.items():
                size, room = float(capacity) * share, rate * total * share
                rows.append(self._residual_row(process, str(place), owner, size, room, known=known, shared=len(owners) > 1))
        return rows

    def _residual_row(
        self, process: str, place: str, owner: str, capacity: float, build: float, *, known: bool, shared: bool
    ) -> dict[str, Any]:
        titles = self.evidence.codes
        suffix = "" if owner in {place, "unknown"} and not shared else f"__{owner.lower()}"
        return {
            "site": f"rest_{place.lower().replace('-', '_')}__{process}{suffix}",
            "name": f"Rest of {titles.place(place).title}: {titles.process(process).title}",
            "process": process, "place": place, "owner": "", "owner_country": owner, "capacity_per_year": capacity, "status": "operating",
            "realisation_probability": 1.0, "confidence": "derived" if known else "estimated", "build": build,
            "own_lead": float(self.rules["residual_lead_time_years"]),
        }  # fmt: skip

    def _growth(self, process: str) -> float:
        mine = self.evidence.codes.processes[process].stage in MINE_STAGES
        return self.settings.mine_expansion_per_year if mine else self.settings.expansion_per_year

    def _owners(self, process: str, place: str) -> dict[str, float]:
        """Part of a residual by home country of its owner; what no claim covers is domestic where the rules say so, else unknown."""
        stage = self.evidence.codes.processes[process].stage
        output = self.evidence.codes.commodities[str(self.recipes.outputs[process])]
        attribute = "mine_owner_share" if stage in MINE_STAGES else "refinery_owner_share"
        found = self._owner_claims.get((attribute, self.evidence.codes.country(place), output.element), {}) if stage in {"mine", "refine"} else {}
        rest = max(1.0 - sum(found.values()), 0.0)
        other = place if place in self.rules["domestic_residual_owner"] else "unknown"
        owners = {owner: share for owner, share in found.items() if share > 0}
        if rest > 1e-9:
            owners[other] = owners.get(other, 0.0) + rest
        return owners

    @cached_property
    def _owner_claims(self) -> dict[tuple[str, str, str], dict[str, float]]:
        found: dict[tuple[str, str, str], dict[str, float]] = {}
        for attribute in ("mine_owner_share", "refinery_owner_share"):
            for row in self.evidence.claims(attribute).sort_values("year").itertuples():
                found.setdefault((attribute, str(row.partner), str(row.thing)), {})[str(row.place)] = float(row.value)
        return found

    # New places ----------------------------------------------------------------------------------

    def _newcomers(self, base: BaseYear, residual: pd.DataFrame) -> pd.DataFrame:
        taken = set(zip(residual["process"], residual["place"], strict=True))
        rows = []
        for process, output in base.output.items():
            code = self.evidence.codes.processes[process]
            world = float(output.sum()) / float(self.coefficients.loc[process, "utilisation"])
            for place in self.rules["newcomers"].get(code.stage, []):
                if (process, place) not in taken and code.inputs:
                    rows.append(self._newcomer_row(process, place, world * self.settings.newcomer_share_per_year))
        return pd.DataFrame(rows).set_index("site") if rows else pd.DataFrame()

    def _newcomer_row(self, process: str, place: str, build: float) -> dict[str, Any]:
        titles = self.evidence.codes
        return {
            "site": f"new_{place.lower().replace('-', '_')}__{process}",
            "name": f"New in {titles.place(place).title}: {titles.process(process).title}",
            "process": process, "place": place, "owner": "", "owner_country": "unknown", "capacity_per_year": 0.0, "status": "",
            "realisation_probability": 1.0, "confidence": "estimated", "build": build,
        }  # fmt: skip

    # Costs ---------------------------------------------------------------------------------------

    def _with_costs(self, sites: pd.DataFrame) -> pd.DataFrame:
        level = sites["place"].map(self.evidence.cost_level).fillna(1.0)
        by_process = self.coefficients.reindex(sites["process"]).set_index(sites.index)
        for column in ("own_variable_cost", "own_capital_cost", "own_lead", "reserves_t", "horizon_build"):
            if column not in sites:
                sites[column] = np.nan
        build = np.fmin(sites["build"], sites["horizon_build"].fillna(np.inf)).where(sites["build"].notna())
        codes = [self.recipes.code(p, q) for p, q in zip(sites["process"], sites["place"], strict=True)]
        capital = sites["own_capital_cost"].fillna(by_process["capital_cost"] * level)
        output = sites["process"].map(self.recipes.outputs)
        content = output.map({c: item.element_t_per_unit for c, item in self.evidence.codes.commodities.items()})
        return pd.DataFrame(
            {
                "name": sites["name"], "process": codes, "place": sites["place"], "owner": sites["owner"], "owner_country": sites["owner_country"],
                "capacity_per_year": sites["capacity_per_year"], "status": sites["status"], "start_year": sites.get("start_year"),
                "end_year": sites.get("end_year"), "variable_cost_usd": sites["own_variable_cost"].fillna(by_process["variable_cost"]),
                "fixed_cost_usd": by_process["fixed_cost"] * level, "capex_usd": capital.where(build.notna()),
                "lead_time_years": sites["own_lead"].fillna(by_process["lead_time"]), "lifetime_years": by_process["lifetime"],
                "max_build_per_year": build, "reserves": sites["reserves_t"] / content.where(content > 0), "electricity_kwh": by_process["electricity_use"],
                "direct_kg_co2e": by_process["direct_emissions"], "realisation_probability": sites["realisation_probability"],
                "confidence": sites["confidence"],
            }
        ).rename_axis("site")  # fmt: skip
