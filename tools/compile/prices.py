"""Yearly prices by commodity: World Bank monthly prices averaged, USGS salient statistics, USGS lithium series 140.

Prices are current dollars. Where a source prints another unit, the conversion stands in the note.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tools.compile._statistics import Edition, Row, claim, joined, read_cell
from tools.compile._usgs_world import FOLDER, MCS2026
from tools.compile.claims_writer import DATA, read_raw, shared_folder, write_claims, write_sources

PINK = Edition("worldbank_pinksheet_2026", "2026-06-02")
DS140 = Edition("usgs_ds140_lithium", "2023-08-02")
FIRST_YEAR = 2015
POUNDS_PER_TONNE = 2204.62262


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed price: ``thing`` it stands for, ``factor`` to dollars a tonne, and the conversion in words."""

    thing: str
    column: str
    factor: float = 1.0
    note: str = ""
    commodity: str = ""


PINK_SHEET = (
    Printed("aluminium_ingot", "Aluminum ($/mt)", note="London Metal Exchange, cash"),
    Printed("copper_cathode", "Copper ($/mt)", note="London Metal Exchange, cash"),
    Printed("nickel_class1", "Nickel ($/mt)", note="London Metal Exchange, cash"),
    Printed("phosphate_rock", "Phosphate rock ($/mt)", note="free on board, North Africa"),
    Printed("iron", "Iron ore, cfr spot ($/dmtu)", 1 / 0.62,
            "ore of 62 % Fe delivered to China, dollars a dry tonne of ore over 0.62: a tonne of iron in ore"),
)  # fmt: skip
CENTS = POUNDS_PER_TONNE / 100
SALIENT = (
    Printed("aluminium_ingot", "Price, ingot, average U.S. market (spot), cents per pound", CENTS,
            "United States market with its premium; cents a pound x 22.0462", "Aluminum"),
    Printed("bauxite", "Price, average unit value of imports, free alongside ship (f.a.s.), dollars per metric ton",
            note="unit value of United States imports", commodity="Bauxite"),
    Printed("alumina", "Price, average unit value of imports, f.a.s., dollars per metric ton",
            note="unit value of United States imports", commodity="Alumina"),
    Printed("cobalt_metal", "Price, average, dollars per pound: London Metal Exchange (LME), cash", POUNDS_PER_TONNE,
            "London Metal Exchange, cash; dollars a pound x 2204.62", "Cobalt"),
    Printed("copper_cathode", "Price, annual average, cents per pound: London Metal Exchange, grade A, cash", CENTS,
            "London Metal Exchange, cash; cents a pound x 22.0462", "Copper"),
    Printed("fluorspar",
            "Price, average unit value of imports, cost, insurance, and freight, dollars per metric ton: Acid grade",
            note="acid grade, unit value of United States imports, cost, insurance and freight", commodity="Fluorspar"),
    Printed("natural_graphite_flake", "Price, average unit value of imports, dollars per metric ton at foreign ports: Flake",
            note="unit value of United States imports at foreign ports", commodity="Graphite (Natural)"),
    Printed("lithium_carbonate", "Price, annual average-real, battery-grade lithium carbonate, dollars per metric ton",
            note="battery grade, spot and long-term contracts, Benchmark Mineral Intelligence; headed annual average-real",
            commodity="Lithium"),
    Printed("manganese_ore",
            "Price, average, manganese content, cost, insurance, and freight, China, dollars per metric ton unit", 40.0,
            "dollars per 1 % Mn in a tonne of 44 % ore, delivered to China, x 40 for ore of 40 % Mn", "Manganese"),
    Printed("nickel_class1", "Price, average annual, London Metal Exchange (LME), cash: Dollars per metric ton",
            note="London Metal Exchange, cash", commodity="Nickel"),
    Printed("phosphate_rock", "Price, average value, f.o.b. mine, dollars per metric ton",
            note="United States mines, all grades", commodity="Phosphate Rock"),
    Printed("ndpr_oxide", "Price, average, dollars per kilogram: Neodymium-praseodymium (NdPr) oxide, 99% minimum", 1000.0,
            "neodymium-praseodymium oxide, free on board China, Argus; dollars a kilogram x 1000", "Rare Earths"),
)  # fmt: skip
#: A second printed cobalt price that stands in the note of the first.
COBALT_US = "Price, average, dollars per pound: U.S. spot, cathode"
SOURCES: list[Row] = [
    {
        "source": PINK.source, "producer": "World Bank", "title": "Commodity Price Data (Pink Sheet), monthly",
        "edition": "June 2026", "published": PINK.as_of, "licence": "CC BY 4.0",
        "attribution": "World Bank, Commodity Price Data (The Pink Sheet)",
        "address": "worldbank.org, commodity markets", "grade": "A", "ships": "yes",
    },
    {
        "source": DS140.source, "producer": "United States Geological Survey",
        "title": "Data Series 140: lithium statistics 1900-2021",
        "edition": "2023", "published": DS140.as_of, "licence": "U.S. public domain",
        "attribution": "U.S. Geological Survey, Data Series 140", "address": "usgs.gov, National Minerals Information Center",
        "grade": "A", "ships": "yes",
    },
]  # fmt: skip


def main(shared: Path) -> None:
    """Write ``prices.csv`` and the sources that no other compiler owns."""
    pink = read_raw(shared / "econ_worldbank_pinksheet_2026" / "monthly_prices.csv")
    salient = read_raw(shared / FOLDER / "mcs2026_commodities_data_battery_chapters.csv")
    lithium = read_raw(shared / "econ_usgs_ds140_lithium_1900_2021" / "lithium_statistics.csv")
    write_sources(SOURCES, Path(__file__).parent / "sources" / "prices.csv")
    write_claims(pink_claims(pink) + salient_claims(salient) + lithium_claims(lithium), DATA / "facts" / "prices.csv")


def pink_claims(table: pd.DataFrame) -> list[Row]:
    """Plain averages of the months of each year; a year with missing months is an estimate."""
    table = table.assign(year=table["month"].str[:4].astype(int))
    rows = []
    for printed in PINK_SHEET:
        prices = pd.to_numeric(table[printed.column]).where(table["year"] >= FIRST_YEAR).dropna()
        for year, months in prices.groupby(table["year"]):
            whole = len(months) == 12
            confidence = "reported" if whole else "estimated"
            note = joined(printed.note, "average of 12 months" if whole else f"average of {len(months)} months")
            rows.append(
                _price(
                    printed.thing, int(str(year)), float(months.mean()) * printed.factor, PINK, confidence=confidence, note=note
                )
            )
    return rows


def salient_claims(table: pd.DataFrame) -> list[Row]:
    """Prices of 2021-2025 as the survey prints them for the United States market."""
    table = table[table["Section"].str.startswith("Salient")]
    rows = []
    for printed in SALIENT:
        chosen = table[(table["Commodity"] == printed.commodity) & (table["Statistics_detail"] == printed.column)]
        if chosen.empty:
            raise ValueError(f"no printed price {printed.column!r} of {printed.commodity}")
        for row in chosen.to_dict("records"):
            cell = read_cell(row["Value"])
            if cell is not None:
                confidence = "estimated" if row["Notes"].startswith("Estimated.") else "reported"
                note = joined(printed.note, _cobalt_note(table, row["Year"]) if printed.thing == "cobalt_metal" else "")
                rows.append(
                    _price(
                        printed.thing, int(row["Year"]), cell.value * printed.factor, MCS2026, confidence=confidence, note=note
                    )
                )
    return rows


def _cobalt_note(table: pd.DataFrame, year: str) -> str:
    value = table[(table["Statistics_detail"] == COBALT_US) & (table["Year"] == year)]["Value"].iloc[0]
    return f"cathode on the United States spot market: {value} dollars a pound"


def lithium_claims(table: pd.DataFrame) -> list[Row]:
    """Unit values of lithium carbonate before the battery-grade series begins."""
    note = "unit value of United States lithium carbonate, a list or customs value and no battery-grade spot price"
    recent = table[table["year"].astype(int) >= FIRST_YEAR]
    values = {int(row["year"]): read_cell(row["Unit value ($/t)"]) for row in recent.to_dict("records")}
    return [
        _price("lithium_carbonate", year, cell.value, DS140, confidence="derived", note=note)
        for year, cell in values.items()
        if cell
    ]


def _price(thing: str, year: int, value: float, edition: Edition, **words: str) -> Row:
    return claim(
        thing,
        "price",
        float(f"{value:.6g}"),
        "USD_per_t",
        year,
        edition=edition,
        confidence=words["confidence"],
        note=words["note"],
    )


if __name__ == "__main__":
    main(shared_folder())
