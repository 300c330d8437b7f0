"""Answer (d): Canadian supply by status against what Korea and Japan need, year by year, and the projects behind it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.report.brief import Basis, Column, Row, Table, joined
from orepact.report.needs import Needs, cells_made, element_need, used_by
from orepact.report.pipeline import Pipeline
from orepact.report.scope import BUYERS, PRODUCTS, SELLER, STATUS_GROUPS, Product, factors, title_of

if TYPE_CHECKING:
    from orepact.chain import Flows
    from orepact.facts import Codes, Ledger

#: The lines of the picture: whose need, and in which sense.
LINES = tuple((buyer, sense) for buyer in BUYERS for sense in ("plants at home", "plants owned anywhere"))


@dataclass(frozen=True, eq=False)
class Corridor:
    """Supply of the seller and need of the buyers in a planned chain."""

    ledger: Ledger
    flows: Flows
    pipeline: Pipeline
    supply_basis: Basis
    need_basis: Basis

    @property
    def codes(self) -> Codes:
        """The code lists of the facts."""
        return self.ledger.codes

    @property
    def years(self) -> tuple[int, ...]:
        """Model years."""
        return self.flows.years

    def need(self, product: Product, buyer: str, sense: str) -> pd.Series:
        """What battery plants of a buyer need of a product by year, standing there or owned from there; NaN where not known."""
        places, owner = (self.codes.members(buyer), "") if sense == LINES[0][1] else ((), buyer)
        if product.id == "cells" and owner:  # nobody tells who owns the pack plants
            return pd.Series(float("nan"), index=list(self.years))
        if not product.element:
            return used_by(self.flows, factors(self.flows.network, product), places, owner)
        return element_need(self.needs, self._cells[buyer, sense], product.element)

    @cached_property
    def needs(self) -> Needs:
        """What each commodity needs at the refined stage."""
        return Needs(self.flows.network)

    @cached_property
    def _cells(self) -> dict[tuple[str, str], pd.DataFrame]:
        at_home = {(buyer, LINES[0][1]): cells_made(self.flows, self.codes.members(buyer)) for buyer in BUYERS}
        return at_home | {(buyer, LINES[1][1]): cells_made(self.flows, owner=buyer) for buyer in BUYERS}

    @cached_property
    def lines(self) -> dict[str, pd.DataFrame]:
        """Need by product: one row for each line (buyer and sense), columns years."""
        found = {}
        for product in PRODUCTS:
            rows = {f"{title_of(self.codes, buyer)}: {sense}": self.need(product, buyer, sense) for buyer, sense in LINES}
            found[product.id] = pd.DataFrame(rows).T.reindex(columns=list(self.years))
        return found

    @cached_property
    def bars(self) -> dict[str, pd.DataFrame]:
        """Supply by product: one row for each group of statuses, columns years."""
        return {product.id: self.pipeline.by_status(product, self.years) for product in PRODUCTS}

    def expected(self, product: Product, year: int) -> float:
        """Supply of the seller in a year, weighted by status."""
        return float(self.pipeline.expected(product, tuple(sorted({*self.years, year})))[year])

    # Tables --------------------------------------------------------------------------------------

    def pipeline_table(self) -> Table:
        """The numbers of the pipeline picture."""
        columns = [Column("product", "Product"), Column("unit", "Unit a year"), Column("row", "Supply or need")]
        columns += [Column(str(year), str(year), "", "number") for year in self.years]
        rows = [row for product in PRODUCTS for row in self._product_rows(product)]
        note = (
            f"Supply: nameplate capacity in {title_of(self.codes, SELLER)} by status; the weighted row multiplies "
            "each project by the probability of its "
            "status. Need: what the cells made in the reference plan take at the refined stage, by where the "
            "plant stands or who owns it."
        )
        return Table(
            "pipeline",
            "Canadian supply and the need of Korea and Japan",
            tuple(columns),
            tuple(rows),
            note,
            folded=True,
            long=True,
        )

    def _product_rows(self, product: Product) -> list[Row]:
        supply = self.bars[product.id]
        rows = [
            self._row(product, group, supply.loc[group], self.supply_basis) for group in STATUS_GROUPS if supply.loc[group].any()
        ]
        weighted = self.pipeline.expected(product, self.years)
        if weighted.any():
            rows.append(self._row(product, "Supply weighted by status", weighted, self.supply_basis))
        return rows + [
            self._row(product, f"Need, {name}", values, self.need_basis)
            for name, values in self.lines[product.id].dropna(how="all").iterrows()
        ]

    def _row(self, product: Product, name: str, values: Any, basis: Basis) -> Row:
        cells = {"product": product.title, "unit": product.unit, "row": name}
        return Row(cells | {str(year): float(values[year]) for year in self.years}, basis)

    def cover_table(self, year: int) -> Table:
        """In one year: Canadian supply, expected supply and the need of the two buyers for every product."""
        rows = [self._cover_row(product, year) for product in PRODUCTS]
        columns = (
            Column("product", "Product"),
            Column("unit", "Unit a year"),
            Column("operating", "Operating", "", "number"),
            Column("announced", "All announced", "", "number"),
            Column("expected", "Weighted by status", "", "number"),
            Column("need_home", "Need at home", "", "number"),
            Column("cover_home", "Covered", "", "share"),
            Column("need_owned", "Need of owned plants", "", "number"),
            Column("cover_owned", "Covered", "", "share"),
        )
        note = (
            "Canadian capacity in the year against the need of Korean and Japanese battery makers together. "
            "Covered = weighted supply / need, before anything "
            "that other buyers take. Mined tonnes still have to be refined."
        )
        return Table("cover", f"What Canada can carry in {year}", columns, tuple(rows), note)

    def _cover_row(self, product: Product, year: int) -> Row:
        supply, lines = self.bars[product.id][year], self.lines[product.id][year]
        expected = self.expected(product, year)
        home, owned = (
            float(lines[[name.endswith(sense) for name in lines.index]].sum(min_count=1)) for sense in (LINES[0][1], LINES[1][1])
        )
        cells = {
            "product": product.title,
            "unit": product.unit,
            "operating": float(supply["Operating"]),
            "announced": float(supply.sum()),
            "expected": expected,
            "need_home": home,
            "cover_home": expected / home if home > 0 else None,
            "need_owned": owned,
            "cover_owned": expected / owned if owned > 0 else None,
        }
        own = dict.fromkeys(("need_home", "need_owned"), self.need_basis)
        own |= dict.fromkeys(
            ("cover_home", "cover_owned"), joined([self.supply_basis, self.need_basis], "weighted supply / need")
        )
        return Row(cells, self.supply_basis, own)
