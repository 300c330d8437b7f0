"""Own estimates where open data stops, as claims of the source ``orepact_estimates`` (grade D, confidence ``estimated``).

They lose against any reported or derived claim on the same key. Each note gives the reasoning; docs/why/base-year.md the method.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tools.compile.claims_writer import DATA, write_claims, write_sources

AS_OF = "2025-12-31"
YEAR = 2024

BRINE = {
    "CHL": (1.0, "all Chilean output comes from the Salar de Atacama"),
    "ARG": (1.0, "all Argentine output comes from salars"),
    "BOL": (1.0, "pilot output from the Salar de Uyuni"),
    "USA": (1.0, "the one mine at work is the Silver Peak brine"),
    "CHN": (0.25, "salt lakes of Qinghai and Tibet beside spodumene and lepidolite; order of magnitude from deposit data"),
}
COST_LEVEL = {
    "CHN": (
        0.75,
        "cells 20 to 30 % cheaper than in Europe (press report of a market study, krone.at/3719483); taken for all plants",
    ),
    "IDN": (0.80, "plants built by Chinese contractors at close to Chinese cost"),
    "IND": (0.85, "between China and Europe by labour and equipment cost"),
    "MYS": (0.85, "between China and Europe by labour and equipment cost"),
    "THA": (0.85, "between China and Europe by labour and equipment cost"),
    "VNM": (0.85, "between China and Europe by labour and equipment cost"),
    "KOR": (0.90, "own equipment industry and scale"),
    "JPN": (0.95, "own equipment industry"),
    "MAR": (0.85, "labour and energy cost below Europe"),
}
POPULATION = {
    "CA-ON": 0.390, "CA-QC": 0.219, "CA-BC": 0.138, "CA-AB": 0.118, "CA-MB": 0.036, "CA-SK": 0.030, "CA-NS": 0.026,
    "CA-NB": 0.021, "CA-NL": 0.013, "CA-PE": 0.004, "CA-NT": 0.001, "CA-YT": 0.001, "CA-NU": 0.001,
}  # fmt: skip
#: Share of world supply outside the closing country, by commodity.
SUPPLY = {
    "electrolyte": {"KOR": 0.07, "JPN": 0.05, "USA": 0.03, "POL": 0.03, "HUN": 0.02},
    "lipf6": {"KOR": 0.05, "JPN": 0.06},
    "separator": {"KOR": 0.08, "JPN": 0.10, "USA": 0.02, "POL": 0.02},
    "copper_foil": {"KOR": 0.09, "TWN": 0.06, "JPN": 0.05, "MYS": 0.02, "HUN": 0.01},
    "aluminium_foil": {"KOR": 0.08, "JPN": 0.06},
    "phosphoric_acid": {"MAR": 0.05, "USA": 0.05},
    "needle_coke": {"USA": 0.12, "JPN": 0.12, "GBR": 0.06, "KOR": 0.05},
    "pcam_nmc622": {"KOR": 0.10, "JPN": 0.05},
    "pcam_nmc811": {"KOR": 0.12, "JPN": 0.03},
    "pcam_nca": {"KOR": 0.15, "JPN": 0.40},
    "cam_lco": {"KOR": 0.12, "JPN": 0.08},
    "cell_lco": {"KOR": 0.12, "JPN": 0.08},
    "cobalt_sulphate": {"FIN": 0.05, "KOR": 0.02, "JPN": 0.02},
    "nickel_sulphate": {"JPN": 0.08, "KOR": 0.07, "TWN": 0.02},
    "manganese_sulphate": {"BEL": 0.03, "JPN": 0.02},
    "nickel_pig_iron": {"CHN": 0.17, "NCL": 0.02, "BRA": 0.02, "JPN": 0.02, "KOR": 0.01},
    "mixed_hydroxide_precipitate": {"PHL": 0.09, "PNG": 0.07, "NCL": 0.06, "MDG": 0.06, "CUB": 0.04, "AUS": 0.05},
    "nickel_class1": {"NOR": 0.08, "JPN": 0.07, "CAN": 0.11, "ROW": 0.10},
    "cobalt_metal": {"JPN": 0.04, "NOR": 0.03, "FIN": 0.06, "MAR": 0.02},
    "cobalt_hydroxide": {"ZMB": 0.005},
    "ndpr_metal": {"JPN": 0.03, "VNM": 0.02},
    "ndfeb_magnet": {"JPN": 0.06, "VNM": 0.01, "DEU": 0.01},
}
WHY_SUPPLY = "order of magnitude from the makers that are known outside China; no open statistic by country was found"
#: Sea freight of what is no ordinary box, in USD per tonne and km. Boxes pay 0.004 (costs.csv); the difference is paid on
#: land too.
SEA_FREIGHT = {
    0.035: (
        "ev_car_lfp ev_car_nickel",
        "car carriers charge by room: about 1,500 dollars for a car of 2 t from China to Europe, 20,000 km",
    ),
    0.008: (
        """cell_nmc622 cell_nmc811 cell_nca cell_lfp cell_lmfp cell_lco pack_ev_lfp pack_ev_nickel stationary_storage
        electrolyte""",
        "dangerous goods (class 9, electrolyte class 3): surcharges and half-full boxes about double the freight of a box",
    ),
    0.002: (
        """spodumene_concentrate nickel_ore nickel_concentrate nickel_pig_iron manganese_ore copper_concentrate bauxite
        alumina phosphate_rock fluorspar rare_earth_concentrate""",
        "bulk ships: about half the freight of a box",
    ),
}
#: Cell capacity at home of the two countries whose makers build abroad; published counts stop in 2022 and differ widely.
CELLS = {
    "KOR": (40.0, "Ochang about 18, Ulsan and Cheonan about 16, Seosan 5; published counts run from 15 (2022) to far more"),
    "JPN": (25.0, "about 20 in 2021 by the ministry's strategy, and lines added in Hyogo and Ibaraki since"),
}
#: Output of cells where no open statistic was found, in GWh by year.
CELL_OUTPUT = {
    "KOR": (
        {2023: 30.0, 2024: 22.0},
        "40 GWh of lines at 75 and 55 %: makers told 69 and 88 % in 2023, 58 and 44 % in 2024",
    ),
    "JPN": ({2023: 12.0, 2024: 13.0}, "about 30 kWh in each car made there, hybrids, and cells sent to one plant in Nevada"),
    "HUN": ({2024: 30.0}, "33 GWh of 2023, two makers with less use and one new plant in ramp-up"),
    "SWE": ({2023: 0.1, 2024: 0.5}, "the one plant never left its ramp-up; its nameplate says 16"),
}
#: Electric cars made where no open statistic was found, in thousands by year.
CARS = {
    "KOR": {2023: 480, 2024: 430}, "JPN": {2023: 330, 2024: 370}, "VNM": {2023: 40, 2024: 75},
    "THA": {2024: 15}, "IDN": {2024: 15},
    "BEL": {2023: 140, 2024: 130}, "SWE": {2023: 100, 2024: 100}, "CZE": {2023: 120, 2024: 120}, "POL": {2023: 60, 2024: 60},
    "ITA": {2023: 80, 2024: 45}, "HUN": {2023: 60, 2024: 60}, "AUT": {2023: 25, 2024: 15}, "FIN": {2023: 15, 2024: 10},
    "NLD": {2023: 25, 2024: 5}, "PRT": {2023: 5, 2024: 5}, "ROW": {2023: 60, 2024: 60},
}  # fmt: skip
ASIAN_CARS = ("KOR", "JPN", "VNM", "THA", "IDN")
WHY_CARS = {
    True: "the agency counts 1 million in Asia and Oceania without China in 2024, 75,000 of them in India, and 640,000 exported, "
    "most by Korea and Japan; Korea's took 29 GWh of batteries (Adamas), about 67 kWh each",
    False: "the agency counts 2.4 million in the European Union in 2023 and 2024; Germany, France and Spain leave about 600,000, "
    "spread by the models made in each country",
}
#: Output over nameplate capacity in the base year where lines stand idle: the overcapacity of 2024.
IDLE = {
    "lithium chemicals": (0.55, "carbonate_from_spodumene hydroxide_from_spodumene hydroxide_from_carbonate"),
    "battery sulphates": (
        0.50,
        """sulphate_from_mhp sulphate_from_matte sulphate_from_class1 cobalt_sulphate_from_hydroxide
        manganese_sulphate_refining hydrometallurgical_recycling shredding""",
    ),
    "precursors": (
        0.50,
        """pcam_nmc622_precipitation pcam_nmc811_precipitation pcam_nca_precipitation iron_phosphate_making
        phosphoric_acid_making graphite_spheronisation""",
    ),
    "cathodes": (
        0.50,
        "cam_nmc622_calcination cam_nmc811_calcination cam_nca_calcination cam_lfp_synthesis cam_lco_synthesis",
    ),
    "anodes": (0.55, "graphite_coating synthetic_graphite_production"),
    "electrolyte and its salt": (0.45, "electrolyte_mixing lipf6_making"),
    "separators and foils": (0.60, "separator_making aluminium_foil_making copper_foil_making"),
    "packs, storage and motors": (
        0.60,
        """pack_ev_lfp_assembly pack_ev_from_nmc622 pack_ev_from_nmc811 pack_ev_from_nca storage_from_lfp
        storage_from_nmc motor_making""",
    ),
    "car assembly": (0.65, "ev_lfp_assembly ev_nickel_assembly"),
    "needle coke": (0.50, "needle_coke_production"),
    "rare earth metal and magnets": (0.75, "rare_earth_metal_making magnet_making"),
    "cells": (
        0.40,
        "cell_nmc622_assembly cell_nmc811_assembly cell_nca_assembly cell_lfp_assembly cell_lco_assembly",
    ),
}
WHY_IDLE = (
    "lines stood idle in 2024: cells ran at about 40 % of 3 TWh nameplate and battery copper foil at 58 % by the reported "
    "totals; taken alike for {what}"
)
WHY_IDLE_MINES = "graphite mines ran well below capacity in 2024: Balama alone made about a tenth of its 350,000 t"
WHY_KOREAN_ANODE = (
    "the one Korean maker of natural anode material runs lines of about 74,000 t at a third or so; most of the rest of the world "
    "in the agency's table of 34,000 t"
)
WHY_POPULATION = "share of the population in 2024, rounded; used to spread Canadian totals over provinces"
WHY_NCA = (
    "set so that an NCA pack costs what an NMC811 pack costs, since makers sell both side by side at one price; the inventories "
    "give NCA 7 % more cathode a kWh at the same specific energy, which at 10,000 dollars would idle every NCA line"
)
WHY_ELECTRONICS = "phones, tablets, laptops and tools; consistent with about 53 kt of cobalt"


def _claim(subject: str, attribute: str, value: float, unit: str, note: str, *, year: int = YEAR) -> dict[str, object]:
    return {
        "subject": subject, "attribute": attribute, "value": value, "unit": unit, "year": year, "valid_from": "", "valid_to": "",
        "source": "orepact_estimates", "as_of": AS_OF, "confidence": "estimated", "label": "TLP:CLEAR", "note": note,
    }  # fmt: skip


def claims() -> Iterator[dict[str, object]]:
    """All own estimates as claim rows."""
    for place, (value, note) in BRINE.items():
        yield _claim(f"{place}/lithium", "brine_share", value, "1", note)
    yield _claim("graphite_mining", "base_year_utilisation", 0.65, "1", WHY_IDLE_MINES)
    yield _claim("KOR/coated_spherical_graphite", "production", 24_000, "t", WHY_KOREAN_ANODE)
    for place, (value, note) in COST_LEVEL.items():
        yield _claim(place, "cost_level", value, "1", note)
    for place, value in POPULATION.items():
        yield _claim(place, "population_share", value, "1", WHY_POPULATION)
    for commodity, shares in SUPPLY.items():
        for place, value in shares.items():
            yield _claim(f"{place}/{commodity}", "supply_share", value, "1", WHY_SUPPLY)
    for value, (commodities, note) in SEA_FREIGHT.items():
        for commodity in commodities.split():
            yield _claim(commodity, "freight_cost", value, "USD_per_t_km", note)
    yield _claim("cell_nca_assembly", "variable_cost", 7_300, "USD_per_MWh", WHY_NCA)
    for what, (value, processes) in IDLE.items():
        for process in processes.split():
            yield _claim(process, "base_year_utilisation", value, "1", WHY_IDLE.format(what=what))
    for place, (value, note) in CELLS.items():
        yield _claim(f"{place}/cell", "installed_capacity", value, "GWh_per_year", note)
    yield from _output()
    yield _claim("world/cell_lco", "electronics_battery_demand", 55_000, "MWh", WHY_ELECTRONICS)


def _output() -> Iterator[dict[str, object]]:
    """Cells and electric cars made, by country and year."""
    for place, (cells, note) in CELL_OUTPUT.items():
        for year, value in cells.items():
            yield _claim(f"{place}/cell", "production", value, "GWh", note, year=year)
    for place, cars in CARS.items():
        for year, value in cars.items():
            yield _claim(f"{place}/ev_car", "production", value * 1000, "vehicle", WHY_CARS[place in ASIAN_CARS], year=year)


def main(shared: Path) -> None:
    """Write ``estimates.csv``; nothing is read from ``shared``."""
    del shared
    write_sources(
        [{
            "source": "orepact_estimates", "producer": "The orepact developers",
            "title": "Own estimates that close gaps of open data",
            "edition": "1", "published": AS_OF, "licence": "MIT", "attribution": "", "address": "docs/why/base-year.md",
            "grade": "D", "ships": "yes",
        }],
        Path(__file__).parent / "sources" / "estimates.csv",
    )  # fmt: skip
    write_claims(list(claims()), DATA / "facts" / "estimates.csv")
