"""Answer (a), first half: how concentrated the world's supply is, by stage and element, by place and by owner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from orepact.measure.concentration import AGGREGATES, UNKNOWN, Concentration, concentration_of, governance_risk
from orepact.report.brief import Basis, Column, Row, Table
from orepact.report.provenance import BASE_YEAR, base_year_basis, basis_of_meta
from orepact.report.scope import ELEMENTS, MODEL_STAGES, STATISTIC_STAGES, title_of
from orepact.report.words import share

if TYPE_CHECKING:
    from orepact.chain import Network
    from orepact.facts import Codes, Ledger

By = Literal["place", "owner"]
#: Measured rows and meta of an element at a stage, by place or owner, where statistics tell them.
Measured = Mapping[tuple[str, str, str], tuple[pd.DataFrame, Mapping[str, Any]]]
#: How the stages without statistics are measured.
CAPACITY = "capacity at work: named plants, and country residuals that close the balance of the base year"
#: Above this part unknown, claims about owners say too little.
MOSTLY = 0.5
MINES = ("mine", "concentrate")
GOVERNANCE_PREFIX = "governance_"


@dataclass(frozen=True, eq=False)
class Standing:
    """One element at one stage: its suppliers, the figures that follow and what they rest on."""

    element: str
    stage: str
    by: By
    rows: pd.DataFrame
    figures: Mapping[str, Any]
    basis: Basis

    @property
    def largest(self) -> str:
        """The largest named supplier, "" when none is named."""
        return str(self.figures["largest"])

    @property
    def top1(self) -> float:
        """Its share."""
        return float(self.figures["top1"])


@dataclass(frozen=True, eq=False)
class Exposure:
    """Concentration of every element at every stage in the base year."""

    ledger: Ledger
    network: Network
    measured: Measured
    year: int

    @property
    def codes(self) -> Codes:
        """The code lists of the facts."""
        return self.ledger.codes

    def standing(self, element: str, stage: str, by: By) -> Standing | None:
        """Suppliers of an element at a stage; None where the chain has none."""
        return self._standings.get((element, stage, by))

    @cached_property
    def _standings(self) -> dict[tuple[str, str, By], Standing]:
        sides: tuple[By, By] = ("place", "owner")
        keys = [(element, stage, by) for element in ELEMENTS for stage in (*STATISTIC_STAGES, *MODEL_STAGES) for by in sides]
        found = {key: self._find(*key) for key in keys}
        return {key: standing for key, standing in found.items() if standing is not None}

    def _find(self, element: str, stage: str, by: By) -> Standing | None:
        found = self.measured.get((element, stage, by))
        if found is not None and by == "owner" and found[1]["unknown_share"] > MOSTLY:
            found_owned = self._owned(element, stage)
            if found_owned is not None:
                return found_owned
        if found is not None:
            return Standing(element, stage, by, found[0], found[1], basis_of_meta(found[1], "statistics of output"))
        amounts = self._modelled(element, stage, by)
        if not float(amounts.sum()) > 0:
            return None
        result: Concentration = concentration_of(amounts, by=by, governance=self._governance)
        return Standing(element, stage, by, result.rows, result.figures, base_year_basis(self.year, CAPACITY))

    def standings(self, by: By) -> Iterator[Standing]:
        """Every element at every stage that the chain knows."""
        for element in ELEMENTS:
            for stage in (*STATISTIC_STAGES, *MODEL_STAGES):
                found = self.standing(element, stage, by)
                if found is not None:
                    yield found

    def _owned(self, element: str, stage: str) -> Standing | None:
        """Output by owner where claims name few: that of each place split by who owns the capacity at work there."""
        output = self.measured.get((element, stage, "place"))
        sites = self._owners_of(element, stage)
        if output is None or sites.empty:
            return None
        tonnes = sites["capacity"] * sites["held"].map(lambda held: held[element])
        parts = tonnes.groupby([sites["country"], sites["owner_country"]]).sum().unstack().fillna(0.0)
        parts = parts.div(parts.sum(axis=1), axis=0)
        made = output[0].set_index("place")["quantity"]
        split = parts.reindex(made.index).fillna(0.0).mul(made, axis=0)
        amounts = split.sum()
        amounts[UNKNOWN] = float(amounts.get(UNKNOWN, 0.0)) + float((made - split.sum(axis=1)).clip(lower=0.0).sum())
        result = concentration_of(amounts[amounts > 0], by="owner", governance=self._governance)
        method = (
            "output by place, split by who owns the capacity at work there; plants without a known owner in "
            "China, Korea and Japan count as domestic"
        )
        basis = Basis((*basis_of_meta(output[1]).sources, BASE_YEAR), str(self.year), "estimated", method)
        return Standing(element, stage, "owner", result.rows, result.figures, basis)

    def _owners_of(self, element: str, stage: str) -> pd.DataFrame:
        """Sites at work that stand for a statistic: of the stage, or of active material where the stage has none (anodes)."""
        holds = self._sites[self._sites["held"].map(lambda held: element in held)]
        found: pd.DataFrame = holds[holds["stage"].isin(MINES if stage == "mine" else (stage,))]
        return found if len(found) else holds[holds["stage"] == "active_material"]

    def _modelled(self, element: str, stage: str, by: By) -> pd.Series:
        """Capacity at work at a stage in contained tonnes a year, by country or owner country."""
        sites = self._sites[(self._sites["stage"] == stage) & self._sites["held"].map(lambda held: element in held)]
        tonnes = sites["capacity"] * sites["held"].map(lambda held: held[element])
        return tonnes.groupby(sites["country" if by == "place" else "owner_country"].to_numpy()).sum()

    @cached_property
    def _held(self) -> dict[str, dict[str, float]]:
        """Tonnes of each element in one unit, by commodity."""
        groups = self.network.contents.groupby("commodity")
        return {str(name): dict(zip(part["element"], part["t_per_unit"].astype(float), strict=True)) for name, part in groups}

    @cached_property
    def _sites(self) -> pd.DataFrame:
        """Sites at work in the base year with a limited capacity."""
        network, codes = self.network, self.codes
        commodity = network.site_output
        table = pd.DataFrame({"commodity": commodity, "stage": commodity.map(network.commodities["stage"])})
        table["capacity"] = network.capacity[network.years[0]]
        table["country"] = network.sites["place"].map({name: codes.country(name) for name in network.places.index})
        table["held"] = pd.Series([self._held.get(str(name), {}) for name in commodity], index=table.index, dtype=object)
        table["owner_country"] = network.sites["owner_country"].replace({"": UNKNOWN, "ROW": UNKNOWN})
        working: pd.DataFrame = table[(table["capacity"] > 0) & np.isfinite(table["capacity"])]
        return working

    @cached_property
    def _governance(self) -> dict[str, float]:
        names = [name for name in self.codes.attributes if name.startswith(GOVERNANCE_PREFIX)]
        claims = self.ledger.resolve(names)
        claims = claims[claims["year"] <= str(self.year)].sort_values("year", kind="stable")
        latest = claims.drop_duplicates(["place", "attribute"], keep="last")
        return governance_risk(latest.pivot_table(index="place", columns="attribute", values="number")) if len(latest) else {}

    # Tables --------------------------------------------------------------------------------------

    def heat_table(self, by: By) -> Table:
        """Elements (rows) by stages (columns): who supplies most, and which part."""
        stages = (*STATISTIC_STAGES, *MODEL_STAGES)
        columns = tuple(Column(stage, self.codes.stages[stage].title) for stage in stages)
        rows = [self._heat_row(element, stages, by) for element in ELEMENTS]
        whose = "country where it stands" if by == "place" else "home country of the controlling owner"
        note = "Largest supplier and its share of the world, in contained tonnes. Darker is more concentrated."
        title = f"Who supplies most, by {whose}, {self.year}"
        return Table(f"largest_by_{by}", title, (Column("element", "Element"), *columns), tuple(rows), note)

    def _heat_row(self, element: str, stages: tuple[str, ...], by: By) -> Row:
        cells: dict[str, Any] = {"element": self.codes.elements[element].title}
        own: dict[str, Basis] = {}
        shade: dict[str, float] = {}
        for stage in stages:
            found = self.standing(element, stage, by)
            if found is None:
                continue
            cells[stage], own[stage], shade[stage] = self._named(found), found.basis, found.top1
        return Row(cells, base_year_basis(self.year), own, shade)

    def _named(self, found: Standing) -> str:
        """The largest supplier and its share; what is unknown comes first where it is larger."""
        unknown = float(found.figures["unknown_share"])
        named = f"{title_of(self.codes, found.largest)} {share(found.top1)}" if found.largest else ""
        return "; ".join(part for part in (f"unknown {share(unknown)}", named) if part) if unknown > found.top1 else named

    def detail_table(self) -> Table:
        """Every figure of concentration by element and stage, by place, with the largest owner beside it."""
        rows = [self._detail_row(found) for found in self.standings("place")]
        columns = (
            Column("element", "Element"),
            Column("stage", "Stage"),
            Column("world_t", "World", "t", "number"),
            Column("largest", "Largest place"),
            Column("top1", "Its share", "", "share"),
            Column("top3", "Three largest", "", "share"),
            Column("n_minus_1", "Left without it", "", "share"),
            Column("hhi", "HHI", "", "number"),
            Column("governance_hhi", "HHI weighted by governance", "", "number"),
            Column("owner", "Largest owner"),
            Column("owner_top1", "Its share", "", "share"),
            Column("owner_unknown", "Owner unknown", "", "share"),
        )
        note = (
            "HHI: 0 (many small suppliers) to 10,000 (one). Governance weight: 0 best to 10 worst, after the "
            "European Commission's 2017 method. "
            "Mine and refine follow statistics of output; later stages the capacity at work in the balanced base "
            "year. Owners: home country of the ultimate controlling owner."
        )
        return Table("concentration", f"Concentration of world supply, {self.year}", columns, tuple(rows), note, folded=True)

    def _detail_row(self, found: Standing) -> Row:
        owner = self.standing(found.element, found.stage, "owner")
        codes, figures = self.codes, found.figures
        cells = {
            "element": codes.elements[found.element].title,
            "stage": codes.stages[found.stage].title,
            "world_t": figures["total"],
            "largest": title_of(codes, found.largest),
            "top1": found.top1,
            "top3": figures["top3"],
            "n_minus_1": figures["n_minus_1"],
            "hhi": figures["hhi"],
            "governance_hhi": figures["governance_hhi"],
        }
        own = {}
        if owner is not None:
            cells |= {
                "owner": title_of(codes, owner.largest),
                "owner_top1": owner.top1,
                "owner_unknown": owner.figures["unknown_share"],
            }
            own = dict.fromkeys(("owner", "owner_top1", "owner_unknown"), owner.basis)
        return Row(cells, found.basis, own)

    def shares_table(self, by: By, top: int = 4) -> Table:
        """The largest suppliers of every element and stage with their shares, one row each."""
        rows = []
        for found in self.standings(by):
            named = found.rows[~found.rows[by].isin(AGGREGATES)].head(top)
            for supplier, part, quantity in zip(named[by], named["share"], named["quantity"], strict=True):
                cells = {
                    "element": self.codes.elements[found.element].title,
                    "stage": self.codes.stages[found.stage].title,
                    "supplier": title_of(self.codes, str(supplier)),
                    "share": float(part),
                    "quantity": float(quantity),
                }
                rows.append(Row(cells, found.basis))
        columns = (
            Column("element", "Element"),
            Column("stage", "Stage"),
            Column("supplier", by.capitalize()),
            Column("share", "Share", "", "share"),
            Column("quantity", "Quantity", "t", "number"),
        )
        return Table(
            f"suppliers_by_{by}", f"Largest suppliers by {by}, {self.year}", columns, tuple(rows), folded=True, long=True
        )
