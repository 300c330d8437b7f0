"""Answer (b): what the reference plan builds, where, when, at what cost, and what stays short."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.report.brief import Basis, Column, Row, Table
from orepact.report.scope import CORRIDOR, MILESTONES, PARTIES, REST, TIMELINE, factors, party_of, products, thing_title, title_of
from orepact.report.words import listed

if TYPE_CHECKING:
    from orepact.facts import Codes
    from orepact.plan import PlanResult

ALL_PARTIES = (*PARTIES, REST)
LARGEST_BUILDS = 15
#: Stages that the list of largest builds leaves out: car plants would crowd out the chain.
AFTER_CELLS = ("pack", "vehicle")


@dataclass(frozen=True, eq=False)
class Buildout:
    """The answer of a plan as tables; ``basis`` is that of everything it says."""

    plan: PlanResult
    codes: Codes
    basis: Basis

    @cached_property
    def capacities(self) -> pd.DataFrame:
        """Capacities of the plan with ``party``, ``stage`` and ``annual_usd`` (yearly payment for what was decided)."""
        network = self.plan.flows.network
        table = self.plan.capacities
        sites = network.sites.reindex(table["site"])
        rate = float(str(self.plan.assumptions.get("discount_rate", 0.05)))
        life = sites["lifetime_years"].fillna(20.0).to_numpy(dtype=float)
        payment = rate / (1.0 - (1.0 + rate) ** -life) if rate else 1.0 / life
        return table.assign(
            party=table["place"].map(party_of(self.codes)).fillna(REST),
            stage=table["commodity"].map(network.commodities["stage"]),
            annual_usd=table["investment_usd"] * payment,
        )

    @property
    def years(self) -> tuple[int, ...]:
        """Model years."""
        return self.plan.flows.years

    # Capacity by product and party -----------------------------------------------------------------

    @cached_property
    def timeline(self) -> pd.DataFrame:
        """Capacity by product, party and year in the unit of the product."""
        parts: list[pd.DataFrame] = []
        for name in TIMELINE:
            factor = factors(self.plan.flows.network, products()[name])
            rows = self.capacities[self.capacities["commodity"].isin(list(factor)) & np.isfinite(self.capacities["total"])]
            quantity = rows["total"] * rows["commodity"].map(factor).astype(float)
            total = quantity.groupby([rows["party"], rows["year"]]).sum().reset_index(name="capacity")
            parts.append(total.assign(product=name))
        joined: pd.DataFrame = pd.concat(parts, ignore_index=True)
        return joined

    def timeline_table(self) -> Table:
        """The numbers of the capacity picture."""
        columns = [Column("product", "Product"), Column("unit", "Unit a year"), Column("party", "Where")]
        columns += [Column(str(year), str(year), "", "number") for year in self.years]
        rows = []
        for (product, party), part in self._ordered(self.timeline):
            by_year = part.set_index("year")["capacity"]
            cells = {"product": products()[product].title, "unit": products()[product].unit, "party": title_of(self.codes, party)}
            rows.append(Row(cells | {str(year): float(by_year.get(year, 0.0)) for year in self.years}, self.basis))
        note = "Capacity that stands: existing, announced (weighted by the probability of their status) and built by the plan."
        return Table("capacity_timeline", "Capacity by product and place", tuple(columns), tuple(rows), note, folded=True)

    def _ordered(self, table: pd.DataFrame) -> list[tuple[tuple[str, str], pd.DataFrame]]:
        groups = {(str(a), str(b)): part for (a, b), part in table.groupby(["product", "party"])}
        return [((name, party), groups[name, party]) for name in TIMELINE for party in ALL_PARTIES if (name, party) in groups]

    # Leaning on one seller --------------------------------------------------------------------------

    def supplier_shares(self, commodity: str, places: tuple[str, ...], year: int) -> pd.Series:
        """Share of each country in what some places take in of a commodity in a year, own production included; largest first.

        ``(arrivals from the country + own production there) / (all arrivals from outside + own production)``
        """
        frame = self.plan.flows.frame
        rows = frame[(frame["commodity"] == commodity) & (frame["year"] == year)]
        inside = set(self.codes.members_of(places))
        arrived = rows[(rows["kind"] == "route") & rows["destination"].isin(inside) & ~rows["origin"].isin(inside)]
        made = rows[(rows["kind"] == "activity") & rows["origin"].isin(inside)]
        both = pd.concat([arrived, made])
        total = both.groupby(both["origin"].map(self.codes.country))["quantity"].sum().sort_values(ascending=False)
        return total / float(total.sum()) if len(total) and total.sum() > 0 else total

    # Investment ------------------------------------------------------------------------------------

    @property
    def investment_usd(self) -> float:
        """All that the plan spends on new plant, not discounted."""
        return float(self.capacities["investment_usd"].sum())

    def investment_of(self, places: tuple[str, ...] = CORRIDOR) -> float:
        """Spending on new plant in some parties, not discounted."""
        return float(self.capacities.loc[self.capacities["party"].isin(places), "investment_usd"].sum())

    def investment_table(self) -> Table:
        """Spending on new plant by stage (rows) and party (columns), and the yearly payment for it."""
        stages = [name for name in self.codes.stages if name in set(self.capacities["stage"])]
        spent = (
            self.capacities.pivot_table(index="stage", columns="party", values="investment_usd", aggfunc="sum", fill_value=0.0)
            / 1e9
        )
        yearly = self.capacities.groupby("stage")["annual_usd"].sum() / 1e9
        rows = []
        for stage in stages:
            amounts = {party: float(spent.get(party, pd.Series(dtype=float)).get(stage, 0.0)) for party in ALL_PARTIES}
            if sum(amounts.values()) > 0:
                cells = {
                    "stage": self.codes.stages[stage].title,
                    **amounts,
                    "all": sum(amounts.values()),
                    "annual": float(yearly[stage]),
                }
                rows.append(Row(cells, self.basis))
        keys = [*ALL_PARTIES, "all", "annual"]
        if rows:
            rows.append(
                Row({"stage": "All stages", **{k: sum(row.cells[k] for row in rows) for k in keys}}, self.basis, total=True)
            )
        columns = [
            Column("stage", "Stage"),
            *(Column(party, title_of(self.codes, party), "", "number", 1) for party in ALL_PARTIES),
        ]
        columns += [Column("all", "World", "", "number", 1), Column("annual", "Yearly payment", "", "number", 1)]
        note = (
            "Billion dollars, not discounted. The yearly payment spreads each plant over its life at the "
            "discount rate of the scenario."
        )
        span = f"{self.years[0]} to {self.years[-1]}"
        return Table("investment", f"Spending on new plant, {span}, billion dollars", tuple(columns), tuple(rows), note)

    # Builds ----------------------------------------------------------------------------------------

    @cached_property
    def builds(self) -> pd.DataFrame:
        """New plant by country, commodity and owner country: quantity, cost, years of first and last decision."""
        rows = self.capacities[self.capacities["decided"] > 0]
        grouped = rows.groupby(["party", "place", "commodity"], as_index=False)
        table = grouped.agg(
            decided=("decided", "sum"), usd=("investment_usd", "sum"), first=("year", "min"), last=("year", "max")
        )
        unit = self.plan.flows.network.commodities["unit"]
        return table.assign(unit=table["commodity"].map(unit)).sort_values("usd", ascending=False, kind="stable")

    def builds_table(self) -> Table:
        """The largest new plants in the three countries."""
        stage = self.builds["commodity"].map(self.plan.flows.network.commodities["stage"])
        rows = self.builds[self.builds["party"].isin(CORRIDOR) & ~stage.isin(AFTER_CELLS)].head(LARGEST_BUILDS)
        columns = (
            Column("place", "Where"),
            Column("what", "What"),
            Column("capacity", "New capacity", "", "number"),
            Column("unit", "Unit a year"),
            Column("decided", "Decided"),
            Column("cost", "Cost", "million USD", "number", 0),
        )
        shown = tuple(Row(self._build_cells(row), self.basis) for row in rows.to_dict("records"))
        title = f"Largest new capacity in {listed(title_of(self.codes, name) for name in CORRIDOR)}"
        note = (
            "From mine to cell (pack and car plants left out), decided by the plan beyond what is announced. "
            "First output follows after the lead time of the process."
        )
        return Table("largest_builds", title, columns, shown, note)

    def _build_cells(self, row: Mapping[Hashable, object]) -> dict[str, object]:
        place, commodity = str(row["place"]), str(row["commodity"])
        title = self.codes.commodities[commodity].title if commodity in self.codes.commodities else commodity
        first, last = int(str(row["first"])), int(str(row["last"]))
        return {
            "place": title_of(self.codes, place),
            "what": title,
            "capacity": row["decided"],
            "unit": row["unit"],
            "decided": str(first) if first == last else f"{first}–{last}",
            "cost": float(str(row["usd"])) / 1e6,
        }

    # Shortage --------------------------------------------------------------------------------------

    @cached_property
    def demand(self) -> pd.DataFrame:
        """Final demand and what of it stays unserved: party, commodity, year, demand, shortage, part (their ratio)."""
        frame = self.plan.flows.frame
        keys = ["party", "commodity", "year"]
        rows = frame[frame["kind"].isin(["shortage", "demand"])]
        rows = rows.assign(party=rows["destination"].map(party_of(self.codes)).fillna(REST))
        table = rows.pivot_table(index=keys, columns="kind", values="quantity", aggfunc="sum", fill_value=0.0)
        table = table.reindex(columns=["shortage", "demand"], fill_value=0.0).reset_index()
        table["part"] = table["shortage"] / table["demand"].where(table["demand"] > 0)
        return table

    @property
    def shortages(self) -> pd.DataFrame:
        """The rows of ``demand`` that stay short by more than 0.1 %."""
        return self.demand[self.demand["part"] > 1e-3]

    def shortage_of(self, year: int, parties: tuple[str, ...]) -> pd.DataFrame:
        """Shortages of some parties in a year, largest part first."""
        rows = self.shortages[(self.shortages["year"] == year) & self.shortages["party"].isin(parties)]
        return rows.sort_values("part", ascending=False, kind="stable")

    def shortage_table(self) -> Table:
        """What stays short in the three countries and the world, at the milestones; no rows when nothing does."""
        years = [year for year in MILESTONES if year in self.years]
        both = pd.concat([self.shortages[self.shortages["party"].isin(CORRIDOR)], self._world_shortages()])
        summed = both.groupby(["party", "commodity", "year"], as_index=False)[["shortage", "demand"]].sum()
        rows = []
        for party in (*CORRIDOR, "world"):
            for commodity, part in summed[(summed["party"] == party) & summed["year"].isin(years)].groupby("commodity"):
                rows.append(Row(self._shortage_cells(party, str(commodity), part.set_index("year")), self.basis))
        columns = [Column("party", "Where"), Column("what", "What stays short"), Column("unit", "Unit a year")]
        for year in years:
            columns += [
                Column(f"short_{year}", f"Short in {year}", "", "number"),
                Column(f"part_{year}", "Part of demand", "", "share"),
            ]
        note = (
            "Demand that the plan leaves unserved because capacity cannot be built in time or material is "
            "missing. A dash: nothing is short."
        )
        return Table("shortages", "What stays short", tuple(columns), tuple(rows), note)

    def _world_shortages(self) -> pd.DataFrame:
        world = self.demand.groupby(["commodity", "year"], as_index=False)[["shortage", "demand"]].sum().assign(party="world")
        return world[world["shortage"] > 1e-3 * world["demand"]]

    def _shortage_cells(self, party: str, commodity: str, by_year: pd.DataFrame) -> dict[str, object]:
        unit = str(self.plan.flows.network.commodities["unit"].get(commodity, ""))
        cells: dict[str, object] = {
            "party": title_of(self.codes, party),
            "what": thing_title(self.codes, commodity),
            "unit": unit,
        }
        for year, row in by_year.iterrows():
            cells |= {f"short_{year}": float(row["shortage"]), f"part_{year}": float(row["shortage"] / row["demand"])}
        return cells
