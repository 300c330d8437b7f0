"""Grid carbon intensity and generation: countries by Ember through Our World in Data, Canadian provinces from their mix.

Country figures are life cycle and by production. A province's intensity = sum of share x life-cycle factor, because open
factors of the provinces were not at hand; the factors are the medians of IPCC AR5 (working group III, annex III, table
A.III.2), and of the IPCC renewables report of 2011 for oil, which AR5 leaves out.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tools.compile._statistics import Edition, Row, claim
from tools.compile.claims_writer import DATA, Places, province_of, read_raw, shared_folder, write_claims, write_sources

FOLDER = "energy_grid_intensity"
EMBER = Edition("owid_ember_2026", "2026-04-29")
MIX = Edition("orepact_province_grid", "2025-12-31")
FIRST_YEAR, LAST_GENERATION_YEAR, MIX_YEAR = 2015, 2024, 2023
FACTORS_KG_PER_KWH = {
    "coal": 0.820, "petroleum": 0.840, "naturalGas": 0.490, "biomass": 0.230, "solar": 0.048, "hydro": 0.024, "tidal": 0.017,
    "nuclear": 0.012, "wind": 0.011,
}  # fmt: skip
INTENSITY, TOTAL, WIND, SUN = "carbon_intensity_gco2e_kwh", "total_twh", "wind_twh", "solar_twh"
REST_NOTE = "world less the modelled places that report the year"
SOURCES: list[Row] = [
    {
        "source": EMBER.source, "producer": "Ember; Energy Institute; Our World in Data",
        "title": "Carbon intensity and electricity by source", "edition": "copy of 2026-04-29",
        "published": EMBER.as_of, "licence": "CC BY 4.0",
        "attribution": "Ember and Energy Institute, processed by Our World in Data", "address": "ourworldindata.org, energy",
        "grade": "B", "ships": "yes",
    },
    {
        "source": MIX.source, "producer": "The orepact developers",
        "title": "Grid intensity of Canadian provinces from their mix of 2023 (table of CodeCarbon 3.3.2) and IPCC factors",
        "edition": "1", "published": MIX.as_of, "licence": "MIT", "attribution": "Mix: CodeCarbon, MIT",
        "address": "docs/why/statistics.md", "grade": "D", "ships": "yes",
    },
]  # fmt: skip


def main(shared: Path) -> None:
    """Write ``grid.csv`` and its sources."""
    table = _numbers(read_raw(shared / FOLDER / "owid_electricity_2000_2025.csv"))
    mix = read_raw(shared / FOLDER / "canada_province_generation_mix_pct_codecarbon.csv")
    write_sources(SOURCES, Path(__file__).parent / "sources" / "grid.csv")
    write_claims(country_claims(table) + rest_claims(table) + province_claims(mix), DATA / "facts" / "grid.csv")


def _numbers(raw: pd.DataFrame) -> pd.DataFrame:
    """Years from 2015 of the modelled countries and the world, as numbers, with the column ``place``."""
    modelled = Places.shipped().modelled
    place = raw["code"].where(raw["code"].isin(modelled), "")
    place = place.mask(raw["entity"] == "World", "world")
    table = raw.assign(place=place, year=raw["year"].astype(int))
    table = table[(table["place"] != "") & (table["year"] >= FIRST_YEAR)]
    for column in (INTENSITY, TOTAL, WIND, SUN):
        table[column] = pd.to_numeric(table[column])
    return table.reset_index(drop=True)


def country_claims(table: pd.DataFrame) -> list[Row]:
    """Intensity to the last year given, generation to 2024, of countries and the world."""
    rows = [_intensity(r.place, r.year, r.value) for r in _cells(table, INTENSITY)]
    to_2024 = table[table["year"] <= LAST_GENERATION_YEAR]
    rows += [_energy(r.place, "electricity_generation", r.year, r.value) for r in _cells(to_2024, TOTAL)]
    windy = to_2024.assign(both=to_2024[WIND] + to_2024[SUN])
    return rows + [_energy(r.place, "wind_solar_generation", r.year, r.value) for r in _cells(windy, "both")]


def _cells(table: pd.DataFrame, column: str) -> list[pd.Series]:
    chosen = table[["place", "year"]].assign(value=table[column]).dropna()
    return [row for _, row in chosen.iterrows()]


def _intensity(place: str, year: int, grams: float) -> Row:
    value, note = round(grams / 1000, 6), "life cycle, by production"
    return claim(place, "grid_intensity", value, "kg_co2e_per_kWh", year, edition=EMBER, confidence="reported", note=note)


def _energy(place: str, attribute: str, year: int, twh: float) -> Row:
    return claim(place, attribute, round(twh, 4), "TWh", year, edition=EMBER, confidence="reported")


def rest_claims(table: pd.DataFrame) -> list[Row]:
    """The rest of the world in years to 2024: world less places, weighted by generation."""
    rows = []
    complete = table.dropna(subset=[INTENSITY, TOTAL])
    for year, group in complete[complete["year"] <= LAST_GENERATION_YEAR].groupby("year"):
        sign = group["place"].map(lambda place: 1.0 if place == "world" else -1.0)
        twh = float((sign * group[TOTAL]).sum())
        grams = float((sign * group[TOTAL] * group[INTENSITY]).sum()) / twh
        renewable = float((sign * (group[WIND].fillna(0) + group[SUN].fillna(0))).sum())
        count = int((sign < 0).sum())
        cells = (
            ("grid_intensity", round(grams / 1000, 6), "kg_co2e_per_kWh"),
            ("electricity_generation", round(twh, 4), "TWh"),
            ("wind_solar_generation", round(renewable, 4), "TWh"),
        )
        note = f"{REST_NOTE} ({count})"
        for attribute, value, unit in cells:
            rows.append(claim("ROW", attribute, value, unit, int(str(year)), edition=EMBER, confidence="derived", note=note))
    return rows


def province_claims(mix: pd.DataFrame) -> list[Row]:
    """Intensity of provinces in 2023: sum of share x factor over the sum of shares (the shares add up to 99.8-100.2 %)."""
    rows = []
    for row in mix.to_dict("records"):
        shares = {fuel: float(row[fuel]) for fuel in FACTORS_KG_PER_KWH}
        value = sum(share * FACTORS_KG_PER_KWH[fuel] for fuel, share in shares.items()) / sum(shares.values())
        parts = ", ".join(f"{fuel} {share:g} %" for fuel, share in shares.items() if share > 0)
        place = province_of(row["province"])
        if place is None or float(row["other"]) > 0:
            raise ValueError(f"no factor or no place for the mix of {row['province']}")
        note = f"mix x IPCC life-cycle medians: {parts}"
        value = round(value, 5)
        rows.append(
            claim(place, "grid_intensity", value, "kg_co2e_per_kWh", MIX_YEAR, edition=MIX, confidence="estimated", note=note)
        )
    return rows


if __name__ == "__main__":
    main(shared_folder())
