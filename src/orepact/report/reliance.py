"""Answer (a), second half: how much of each element Korea, Japan and Canada buy abroad, and from whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from orepact.measure.supply.dependence import Dependence, dependence_of
from orepact.report.brief import Basis, Column, Row, Table
from orepact.report.provenance import basis_of_claims
from orepact.report.scope import CORRIDOR, ELEMENTS, title_of
from orepact.report.words import uncapped

if TYPE_CHECKING:
    from orepact.chain import Network
    from orepact.facts import Codes, Ledger

#: Figures of a place that are made there.
MADE = ("mine_production", "production", "secondary_production")


def dependences(ledger: Ledger, year: int, network: Network) -> list[Dependence]:
    """Every element of every country of the corridor that any source gives a figure for; the same as ``measure reliance``."""
    found = [dependence_of(ledger, place, element, year, network=network) for place in CORRIDOR for element in ELEMENTS]
    return [item for item in found if item is not None]


def reliance_table(ledger: Ledger, found: list[Dependence], year: int) -> Table:
    """One row for each country and element."""
    rows = tuple(Row(_cells(ledger.codes, item), basis_of(item)) for item in found)
    columns = (
        Column("place", "Country"),
        Column("element", "Element"),
        Column("imports_t", "Imports", "t", "number"),
        Column("exports_t", "Exports", "t", "number"),
        Column("made_t", "Mined or recovered at home", "t", "number"),
        Column("net_import_reliance", "Net import reliance", "", "reliance"),
        Column("largest", "Largest seller"),
        Column("largest_share", "Its part of imports", "", "share"),
        Column("traded", "Forms counted"),
    )
    note = (
        "Contained tonnes. Net import reliance = (imports − exports + stock decrease) / (mined + recovered + imports − exports "
        "+ stock decrease), as `orepact measure reliance` gives it. Reported totals count where a source has them, else the "
        "sum of the forms with a customs code in the shipped trade table: spodumene, sulphates, mixed hydroxide and everything "
        "inside cathodes, cells and cars are missing, so true reliance is higher. Where no source gives production it is "
        "taken between nothing and the capacity at work; nothing at work counts as none."
    )
    return Table("reliance", f"What the three countries buy abroad, {year}", columns, rows, note)


def basis_of(item: Dependence) -> Basis:
    """On what the figures of one country and element rest."""
    used = pd.concat([frame[["source", "as_of", "confidence"]] for frame in item.claims])
    return basis_of_claims(used, "trade by customs code times the content of each form")


def _cells(codes: Codes, item: Dependence) -> dict[str, object]:
    reliance = item.reliance
    return {
        "place": title_of(codes, item.place),
        "element": codes.elements[item.thing].title,
        "imports_t": reliance.imports,
        "exports_t": reliance.exports,
        "made_t": reliance.production if set(item.figures.numbers) & set(MADE) else None,
        "net_import_reliance": reliance.net_import_reliance,
        "largest": title_of(codes, item.largest) if item.largest else "",
        "largest_share": item.largest_share,
        "traded": ", ".join(uncapped(codes.commodities[name].title) for name in sorted(set(item.trade.rows["commodity"]))),
    }
