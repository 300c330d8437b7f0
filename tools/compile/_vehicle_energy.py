"""Average battery of the cars sold by place, for the recipes of vehicles and for demand."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from tools.compile.claims_writer import Places, place_of, read_raw

FOLDER = "ev_battery_size_chemistry_busch2025"
BASE_YEAR = 2024


@cache
def _places() -> Places:
    return Places.shipped()


def modelled_place(name: object) -> str | None:
    """The modelled place of a country (``ROW`` for a country outside the code list), None for regions and totals."""
    return None if place_of(name) is None else _places().fold(name)


def battery_sizes(shared: Path) -> pd.DataFrame:
    """Columns place, name, year, kwh: one row a country and year; those outside the code list as ``ROW``, regions left out."""
    table = read_raw(shared / FOLDER / "battery_size_country.csv")
    frame = pd.DataFrame({"name": table["c"], "year": table["Year"].astype(int), "kwh": pd.to_numeric(table["kwh_veh_total"])})
    frame["place"] = [modelled_place(name) for name in frame["name"]]
    return frame.dropna(subset=["place", "kwh"])


def car_sales(shared: Path, year: int) -> pd.Series:
    """Electric cars sold by raw country name in one year (sum of powertrains)."""
    table = read_raw(shared / "ev_iea_gevo_2026" / "ev_sales_stock.csv")
    table = table[(table["parameter"] == "EV sales") & (table["mode"] == "Cars") & (table["category"] == "Historical")]
    table = table[(table["powertrain"] != "EV") & (table["year"] == str(year))]
    sales: pd.Series = pd.to_numeric(table["value"]).groupby(table["region_country"]).sum()
    return sales


def energy_per_vehicle(shared: Path, year: int = BASE_YEAR) -> dict[str, float]:
    """Kilowatt-hours of a car by place, with ``world`` as the average weighted by sales."""
    sizes = battery_sizes(shared)
    sizes = sizes[sizes["year"] == year]
    by_place = sizes[sizes["place"] != "ROW"].set_index("place")["kwh"]
    sales = car_sales(shared, year)
    weights = pd.Series(
        {modelled_place(name): value for name, value in sales.items() if modelled_place(name) not in {None, "ROW"}}
    )
    common = by_place.index.intersection(weights.index)
    world = float((by_place[common] * weights[common]).sum() / weights[common].sum())
    return {"world": world, **{str(place): float(value) for place, value in by_place.sort_index().items()}}
