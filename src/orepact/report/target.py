"""Answer (c): Japan's target of cell capacity that its companies own: where it stands, the gap, the minerals, Canada's part."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.report.brief import Basis, Column, Row, Table, joined
from orepact.report.needs import cells_made
from orepact.report.pipeline import GROUP_OF
from orepact.report.scope import CARRIED, SELLER, products, title_of

if TYPE_CHECKING:
    from orepact.facts import Codes
    from orepact.plan import PlanResult
    from orepact.report.corridor import Corridor

OWNER = "JPN"


@dataclass(frozen=True, slots=True)
class Goal:
    """The target: yearly capacity in MWh from a year on, and where it is written."""

    mwh_per_year: float
    year: int
    basis: Basis


@dataclass(frozen=True, eq=False)
class Target:
    """Cell capacity owned from one country against its target in a planned chain."""

    plan: PlanResult
    codes: Codes
    goal: Goal
    corridor: Corridor
    site_basis: Basis

    @cached_property
    def sites(self) -> pd.DataFrame:
        """Cell sites of the owner with a capacity: ``mwh``, ``chance``, ``group`` and whether the facts name them."""
        network = self.plan.flows.network
        sites = network.sites.assign(commodity=network.site_output)
        cell = sites["commodity"].map(network.commodities["stage"]) == "cell"
        sites = sites[
            cell & (sites["owner_country"] == OWNER) & (sites["capacity_per_year"] > 0) & np.isfinite(sites["capacity_per_year"])
        ]
        group = sites["status"].map(GROUP_OF)
        chance = sites["realisation_probability"].fillna(1.0).where(group != "Operating", 1.0)
        named = ~sites.index.astype(str).str.startswith(("rest_", "new_"))
        table = sites.assign(mwh=sites["capacity_per_year"], chance=chance, group=group, named=named)
        known: pd.DataFrame = table[group.notna()]
        return known

    @cached_property
    def steps(self) -> dict[str, float]:
        """GWh a year by step: operating named, residual, announced for the year (nameplate and weighted), later, planned, gap."""
        sites, year = self.sites, self.goal.year
        works, in_time = sites["group"] == "Operating", ~(sites["start_year"] > year)
        coming, late = ~works & in_time, ~works & ~in_time
        gwh = sites["mwh"] / 1000.0
        standing = float(gwh[works].sum())
        weighted = float((gwh * sites["chance"])[coming].sum())
        return {
            "operating": float(gwh[works & sites["named"]].sum()),
            "residual": float(gwh[works & ~sites["named"]].sum()),
            "announced": float(gwh[coming].sum()),
            "weighted": weighted,
            "late": float(gwh[late].sum()),
            "standing": standing,
            "expected": standing + weighted,
            "planned": self._planned() / 1000.0,
            "target": self.goal.mwh_per_year / 1000.0,
        }

    def _planned(self) -> float:
        table = self.plan.capacities
        stage = table["commodity"].map(self.plan.flows.network.commodities["stage"])
        rows = table[(table["owner_country"] == OWNER) & (stage == "cell") & (table["year"] == self.goal.year)]
        return float(rows.loc[np.isfinite(rows["total"]), "total"].sum())

    @property
    def gap_gwh(self) -> float:
        """What is missing to the target when announced projects come with the probability of their status."""
        return max(self.steps["target"] - self.steps["expected"], 0.0)

    def steps_table(self) -> Table:
        """Where the target stands, step by step."""
        step, year = self.steps, self.goal.year
        model = self.corridor.need_basis
        rows = (
            ("Named plants that operate", step["operating"], self.site_basis),
            ("Other plants in operation (estimate that closes the base year)", step["residual"], self.corridor.supply_basis),
            (f"Announced to start by {year}, as announced", step["announced"], self.site_basis),
            (f"Announced to start by {year}, weighted by status", step["weighted"], self.corridor.supply_basis),
            ("Announced for later, as announced", step["late"], self.site_basis),
            (f"Expected in {year}: operating and weighted", step["expected"], self.corridor.supply_basis),
            (f"Standing in {year} in the reference plan", step["planned"], model),
            (f"Target for {year}", step["target"], self.goal.basis),
            ("Gap: target less expected", self.gap_gwh, joined([self.corridor.supply_basis, self.goal.basis])),
        )
        shown = tuple(
            Row({"step": name, "capacity": value}, basis, total=name.startswith(("Target", "Gap"))) for name, value, basis in rows
        )
        columns = (Column("step", "Step"), Column("capacity", "Capacity", "GWh/year", "number"))
        note = (
            "Cell capacity controlled from Japan, wherever it stands. A joint venture counts whole for the "
            "country that controls it."
        )
        return Table("target_steps", f"Japanese-owned cell capacity and the target for {year}", columns, shown, note)

    def plants_table(self) -> Table:
        """The named plants."""
        sites = self.sites[self.sites["named"]].sort_values("mwh", ascending=False, kind="stable")
        rows = []
        for row in sites.to_dict("records"):
            status = self.codes.statuses.get(str(row["status"]))
            start = row["start_year"]
            cells = {
                "name": row["name"],
                "place": title_of(self.codes, str(row["place"])),
                "capacity": float(row["mwh"]) / 1000.0,
                "status": status.title if status else row["status"],
                "chance": float(row["chance"]),
                "start": "" if math.isnan(start) else str(int(start)),
            }
            rows.append(Row(cells, self.site_basis, {"chance": self.corridor.supply_basis}))
        columns = (
            Column("name", "Plant"),
            Column("place", "Where"),
            Column("capacity", "Capacity", "GWh/year", "number"),
            Column("status", "Status"),
            Column("chance", "Weight", "", "share"),
            Column("start", "Start"),
        )
        return Table("target_plants", "Named cell plants controlled from Japan", columns, tuple(rows), folded=True)

    # Minerals --------------------------------------------------------------------------------------

    @cached_property
    def mix(self) -> pd.Series:
        """Chemistries of the target's cells: those of Japanese-owned cells in the plan, else of all cells made; sums to 1."""
        made = cells_made(self.plan.flows, owner=OWNER)[self._model_year]
        made = made[made.index != "cell_lco"]
        if not float(made.sum()) > 0:
            made = cells_made(self.plan.flows, tuple(self.plan.flows.network.places.index))[self._model_year].drop(
                "cell_lco", errors="ignore"
            )
        return made / float(made.sum()) if float(made.sum()) > 0 else made

    @property
    def _model_year(self) -> int:
        return min(self.plan.flows.years, key=lambda year: abs(year - self.goal.year))

    def need_t(self, element: str) -> float:
        """Tonnes of an element that the target's cells need in a year at full output."""
        needs = self.corridor.needs
        return (
            float(sum(part * needs.of(str(name)).get(element, 0.0) for name, part in self.mix.items())) * self.goal.mwh_per_year
        )

    def carry(self) -> list[tuple[str, float, float, float]]:
        """Element, need of the target, Canadian capacity weighted by status in the year, and the part of the need it covers."""
        found = []
        for element, product in CARRIED.items():
            need, supply = self.need_t(element), self.corridor.expected(products()[product], self.goal.year)
            found.append((element, need, supply, supply / need if need > 0 else float("nan")))
        return found

    def minerals_table(self) -> Table:
        """What the target needs of each element and what Canada's mines are expected to give."""
        year, seller = self.goal.year, title_of(self.codes, SELLER)
        model = self.corridor.need_basis
        rows = []
        for element, need, supply, part in self.carry():
            cells = {"element": self.codes.elements[element].title, "need_t": need, "supply_t": supply, "part": part}
            own = {"supply_t": self.corridor.supply_basis}
            rows.append(Row(cells, joined([model, self.goal.basis], "recipes of the plan's mix of cells, at full output"), own))
        columns = (
            Column("element", "Element"),
            Column("need_t", f"Needed for {self.goal.mwh_per_year / 1000:.0f} GWh", "t", "number"),
            Column("supply_t", f"{seller} mines, {year}, weighted", "t", "number"),
            Column("part", "Part covered", "", "share"),
        )
        parts = ", ".join(
            f"{self.codes.commodities[str(name)].title} {part:.0%}"
            for name, part in self.mix.sort_values(ascending=False).items()
            if part > 0.005
        )
        note = (
            f"Contained tonnes a year at the refined stage, production scrap included. Chemistries: {parts}. Graphite counts "
            "natural and synthetic anode material against mined flake, of which about 2.5 t make 1 t of anode."
        )
        return Table("target_minerals", "The minerals the target needs, and what Canada can carry", columns, tuple(rows), note)
