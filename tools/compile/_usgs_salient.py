"""United States salient statistics of the USGS summaries: imports, exports, stocks and apparent consumption, 2021-2025.

The forms of each element are those of the survey's own net import reliance, so that
(imports - exports + stock decrease) / apparent consumption gives its figure from these claims.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tools.compile._statistics import Row, claim, joined, read_cell, weakest
from tools.compile._usgs_world import FOLDER, MCS2026, TONNES
from tools.compile.claims_writer import read_raw


@dataclass(frozen=True, slots=True)
class Balance:
    """The printed lines of one element or commodity that make its United States balance; lines of one kind are added."""

    thing: str
    commodity: str
    consumption: str = ""
    imports: tuple[str, ...] = ()
    exports: tuple[str, ...] = ()
    stocks: tuple[str, ...] = ()
    secondary: tuple[str, ...] = ()
    net_of: tuple[str, ...] = ()
    forms: str = ""

    def lines(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """(attribute, printed lines) of every attribute that has lines."""
        yield from (
            (attribute, lines)
            for attribute, lines in (
                ("apparent_consumption", (self.consumption,) if self.consumption else ()),
                ("import_total", self.imports),
                ("export_total", self.exports),
                ("stock_total", self.stocks),
                ("secondary_production", self.secondary),
            )
            if lines
        )


BALANCES = (
    Balance("aluminium", "Aluminum", "Consumption, apparent", ("Imports for consumption: Crude and semi-fabricated products",),
            ("Exports: Crude and semi-fabricated products",),
            ("Stocks, yearend: Aluminum industry", "Stocks, yearend: London Metal Exchange (LME), U.S. warehouses"),
            ("Production: Secondary (from old scrap)",), forms="crude and semi-fabricated metal by mass, without scrap"),
    Balance("alumina", "Alumina", "Consumption, apparent", ("Imports for consumption",), ("Exports",),
            ("Stocks, industry, yearend",), forms="calcined equivalent"),
    Balance("bauxite", "Bauxite", "", ("Imports for consumption",), ("Exports",), ("Stocks, industry, yearend",),
            forms="dry tonnes; production and apparent consumption are withheld"),
    Balance("cobalt", "Cobalt", "Consumption (includes secondary): Apparent", ("Imports for consumption",), ("Exports",),
            ("Stocks, yearend: Industry", "Stocks, yearend: LME, U.S. warehouse"), ("Production: Secondary",),
            forms="contained cobalt in all forms"),
    Balance("copper", "Copper", "Consumption: Apparent, primary refined copper and copper from old scrap",
            ("Imports for consumption: Refined",), ("Exports: Refined",),
            ("Stocks, refined, held by U.S. producers, consumers, and metal exchanges, yearend",),
            ("Copper recovered from old (post-consumer) scrap",), forms="refined copper only, without ore and scrap"),
    Balance("fluorspar", "Fluorspar", "Consumption, apparent", ("Imports for consumption: Total fluorspar imports",),
            ("Exports, fluorspar, all grades",), forms="all grades"),
    Balance("graphite", "Graphite (Natural)", "Consumption, apparent", ("Imports for consumption",), ("Exports",),
            forms="natural graphite of all kinds"),
    Balance("lithium", "Lithium", "", ("Imports for consumption",), ("Exports",),
            forms="contained lithium in compounds; production and apparent consumption are withheld"),
    Balance("manganese", "Manganese", "Consumption, apparent, manganese content",
            net_of=("Imports for consumption: Manganese ores and concentrates", "Imports for consumption: Ferromanganese",
                    "Imports for consumption: Silicomanganese"), forms="contained manganese"),
    Balance("nickel", "Nickel", "Consumption: Apparent, total", ("Imports: Primary",), ("Exports: Primary",),
            ("Stocks, yearend: Consumer", "Stocks, yearend: LME U.S. warehouses"),
            ("Consumption: Reported, secondary, purchased scrap",),
            forms="primary nickel; ore and scrap are not in the survey's net import reliance"),
    Balance("phosphate_rock", "Phosphate Rock", "Consumption, apparent", ("Imports for consumption",),
            forms="marketable rock; no exports since 2003"),
    Balance("rare_earths", "Rare Earths", "Consumption, apparent, compounds and metals",
            net_of=("Production: Compounds and metals",), forms="rare-earth oxides in compounds and metals"),
)  # fmt: skip


def salient_claims(shared: Path) -> list[Row]:
    """Claims of the subject ``USA/thing`` in tonnes, one per printed year and attribute."""
    table = read_raw(shared / FOLDER / "mcs2026_commodities_data_battery_chapters.csv")
    table = table[table["Section"].str.startswith("Salient")]
    rows: list[Row] = []
    for balance in BALANCES:
        printed = table[table["Commodity"] == balance.commodity]
        for attribute, lines in balance.lines():
            rows += _sums(printed, balance, attribute, lines)
        if balance.net_of:
            rows += _net_imports(printed, balance)
    return rows


def _sums(printed: pd.DataFrame, balance: Balance, attribute: str, lines: tuple[str, ...]) -> Iterator[Row]:
    for year, (value, confidence, parts) in sorted(_by_year(printed, lines).items()):
        note = joined(balance.forms, f"sum of {parts}" if len(lines) > 1 else f"printed as {lines[0]}")
        yield claim(f"USA/{balance.thing}", attribute, value, "t", year, edition=MCS2026, confidence=confidence, note=note)


def _by_year(printed: pd.DataFrame, lines: tuple[str, ...]) -> dict[int, tuple[float, str, str]]:
    """Tonnes, weakest confidence and the addends in words, of the years in which every line is printed."""
    chosen = printed[printed["Statistics_detail"].isin(lines)]
    found = {}
    for year, rows in chosen.groupby("Year"):
        cells = [(read_cell(str(row.Value)), row) for row in rows.itertuples()]
        if len(cells) == len(lines) and all(cell is not None for cell, _ in cells):
            tonnes = [cell.value * TONNES[str(row.Unit)] for cell, row in cells if cell is not None]
            confidence = weakest("estimated" if str(row.Notes).startswith("Estimated.") else "reported" for _, row in cells)
            words = ", ".join(f"{row.Statistics_detail} {value:.10g}" for value, (_, row) in zip(tonnes, cells, strict=True))
            found[int(str(year))] = (sum(tonnes), confidence, words)
    return found


def _net_imports(printed: pd.DataFrame, balance: Balance) -> Iterator[Row]:
    """Net imports from the definition of apparent consumption, where trade is printed by product mass or mixed with ore.

    Manganese: no mine output, so net imports with stock changes are the apparent consumption itself.
    Rare earths: apparent consumption less the output of compounds and metals.
    """
    consumption = _by_year(printed, (balance.consumption,))
    for year, (_, _, words) in sorted(_by_year(printed, balance.net_of).items()):
        total, confidence, _ = consumption[year]
        domestic = _by_year(printed, balance.net_of)[year][0] if balance.thing == "rare_earths" else 0.0
        note = f"net of exports and stock changes: apparent consumption less domestic output {domestic:.10g}; printed: {words}"
        confidence = weakest((confidence, "derived"))
        subject = f"USA/{balance.thing}"
        yield claim(subject, "import_total", total - domestic, "t", year, edition=MCS2026, confidence=confidence, note=note)
