"""World tables of the USGS Mineral Commodity Summaries: production and reserves by country, one row a country and year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tools.compile._statistics import Edition, joined, read_cell
from tools.compile.claims_writer import read_raw

FOLDER = "prod_usgs_mcs_2025_2026"
MCS2024 = Edition("usgs_mcs2024", "2024-01")
MCS2025 = Edition("usgs_mcs2025", "2025-01")
MCS2026 = Edition("usgs_mcs2026", "2026-02")
TONNES = {
    "metric tons": 1.0, "thousand metric tons": 1e3, "thousand metric dry tons": 1e3, "million metric tons": 1e6,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Series:
    """One statistic of the world tables and where each edition prints it.

    ``mcs2025`` is (commodity, start of the type); ``mcs2026`` is (commodity, detail). ``reserves`` names the thing whose
    reserves stand in the same table ("" for none); ``reserves2026`` is the detail of the reserves.
    """

    attribute: str
    thing: str
    mcs2025: tuple[str, str]
    mcs2026: tuple[str, str] = ("", "")
    note: str = ""
    reserves: str = ""
    reserves2026: str = "Reserves"
    reserves_note: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """One printed number in tonnes: a country, "Other countries" or "World total" of one series and year."""

    edition: Edition
    attribute: str
    thing: str
    country: str
    year: int
    value: float
    confidence: str
    note: str


DRY = "dry tonnes"
GROSS = "gross weight of ore"
SERIES = (
    Series("mine_production", "cobalt", ("Cobalt", "Mine production"), ("Cobalt", "Mine production"), reserves="cobalt"),
    Series("mine_production", "copper", ("Copper", "Mine production"), ("Copper", "Mine production"),
           note="recoverable copper", reserves="copper"),
    Series("refinery_production", "copper", ("Copper", "Refinery production"), ("Copper", "Refinery production"),
           note="primary and secondary"),
    Series("mine_production", "graphite", ("Graphite", "Mine production"), ("Graphite (Natural)", "Mine production"),
           note="natural graphite of all kinds", reserves="graphite"),
    Series("mine_production", "lithium", ("Lithium", "Mine production"), ("Lithium", "Mine production"), reserves="lithium"),
    Series("mine_production", "manganese", ("Manganese", "Mine production"), ("Manganese", "Mine production"),
           reserves="manganese_ore", reserves_note=GROSS),
    Series("mine_production", "nickel", ("Nickel", "Mine production"), ("Nickel", "Mine production"), reserves="nickel"),
    Series("mine_production", "rare_earths", ("Rare earths", "Mine production"), ("Rare Earths", "Mine production"),
           note="rare-earth oxides of all kinds", reserves="rare_earths", reserves_note="rare-earth oxides of all kinds"),
    Series("mine_production", "iron", ("Iron Ore", "Mine production, iron content"),
           ("Iron Ore", "Mine production: Iron content")),
    Series("production", "bauxite", ("Bauxite", "Mine production"), ("Bauxite", "Bauxite, mine production"),
           note=DRY, reserves="bauxite", reserves2026="Bauxite reserves", reserves_note=DRY),
    Series("production", "alumina", ("Bauxite", "Refinery production"), ("Alumina", "Alumina, refinery production"),
           note="calcined equivalent"),
    Series("production", "aluminium_ingot", ("Aluminum", "Smelter production"), ("Aluminum", "Smelter production"),
           note="primary aluminium"),
    Series("production", "phosphate_rock", ("Phosphate rock", "Mine production"), ("Phosphate Rock", "Mine production"),
           note="marketable rock", reserves="phosphate_rock", reserves_note="marketable rock"),
    Series("production", "fluorspar", ("Fluorspar", "Mine production"), ("Fluorspar", "Mine production"),
           note="all grades", reserves="fluorspar", reserves_note="all grades"),
    Series("production", "raw_steel", ("Iron and Steel", "Raw steel"), note="printed in whole million tonnes"),
)  # fmt: skip


def observations(shared: Path) -> list[Observation]:
    """All numbers of the three editions; withheld and empty cells are left out."""
    folder = shared / FOLDER
    old = read_raw(folder / "mcs2025_world_data.csv")
    new = read_raw(folder / "mcs2026_commodities_data_battery_chapters.csv")
    found = list(_mcs2024(read_raw(folder / "mcs2024_lithium_mine_production_2022_2023.csv")))
    for series in SERIES:
        found += _mcs2025(old, series)
        found += _mcs2026(new, series)
    return found


def _mcs2024(table: pd.DataFrame) -> Iterator[Observation]:
    for row in table.to_dict("records"):
        year = int(row["Year"])
        confidence = "estimated" if year == 2023 else "reported"
        value = float(row["USGS_production"])
        yield Observation(MCS2024, "mine_production", "lithium", row["Country"], year, value, confidence, "")


def _mcs2025(table: pd.DataFrame, series: Series) -> Iterator[Observation]:
    commodity, start = series.mcs2025
    rows = table[(table["COMMODITY"] == commodity) & table["TYPE"].str.startswith(start)]
    for row in rows.to_dict("records"):
        tonnes = TONNES[row["UNIT_MEAS"]]
        for year, column in ((2023, "PROD_2023"), (2024, "PROD_EST_2024")):
            cell = read_cell(row[column])
            if cell is not None:
                confidence = "estimated" if year == 2024 or _estimated_2023(row["TYPE"], row["PROD_NOTES"]) else "reported"
                note = joined(series.note, _kept_note(row["PROD_NOTES"]))
                yield Observation(
                    MCS2025, series.attribute, series.thing, row["COUNTRY"], year, cell.value * tonnes, confidence, note
                )
        reserve = read_cell(row["RESERVES_2024"]) if series.reserves else None
        if reserve is not None:
            note = joined(series.reserves_note, reserve.bound, _kept_note(row["RESERVE_NOTES"]))
            confidence = "estimated" if reserve.bound else "reported"
            value = reserve.value * tonnes
            yield Observation(MCS2025, "reserves", series.reserves, row["COUNTRY"], 2024, value, confidence, note)


def _estimated_2023(kind: str, note: str) -> bool:
    """Whether the 2023 number is marked as an estimate, by its own note or by the head of the table."""
    word = note.lower()
    return "estimated" in word or ("estimated" in kind.lower() and "reported" not in word)


def _world_rows(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["Section"].str.startswith("World")]


def _mcs2026(table: pd.DataFrame, series: Series) -> Iterator[Observation]:
    commodity, detail = series.mcs2026
    world = _world_rows(table)
    rows = world[world["Commodity"] == commodity]
    yield from _mcs2026_rows(rows, series.attribute, series.thing, detail, series.note)
    if series.reserves:
        yield from _mcs2026_rows(rows, "reserves", series.reserves, series.reserves2026, series.reserves_note)


def _mcs2026_rows(rows: pd.DataFrame, attribute: str, thing: str, detail: str, base: str) -> Iterator[Observation]:
    details = {detail, f"{detail}: rounded", f"{detail}, rounded"}
    for row in rows[rows["Statistics_detail"].isin(details)].to_dict("records"):
        cell = read_cell(row["Value"])
        if cell is None or (attribute == "reserves" and cell.value == 0):
            continue
        confidence = "estimated" if cell.bound or row["Notes"].startswith("Estimated.") else "reported"
        note = joined(base, cell.bound, _kept_note(row["Notes"]))
        value = cell.value * TONNES[row["Unit"]]
        yield Observation(MCS2026, attribute, thing, row["Country"], int(row["Year"]), value, confidence, note)


_DROPPED = ("Estimated.", "Reported.", "Calcined equivalent weights.", "See Appendix C", "Overseas territory", "Included in")


def _kept_note(text: str) -> str:
    """The parts of a printed footnote that change how its number reads."""
    parts = [part.strip() for part in text.split(" -- ")]
    kept = [p for p in parts if not p.startswith(_DROPPED) and p.lower() not in {"estimated 2023", "reported", "w for 23-24"}]
    return joined(*(p.replace("Joint Ore Reserves Committee", "JORC") for p in kept if "Gross weight for" not in p))
