"""Average battery of the cars sold by place, for the recipes of vehicles and for demand."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from tools.compile.claims_writer import Places, place_of, read_raw
from tools.compile.hybrids import hybrid_shares, hybrid_size

FOLDER = "ev_battery_size_chemistry_busch2025"
BASE_YEAR = 2024


@cache
def _places() -> Places:
    return Places.shipped()


@cache
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
    """Kilowatt-hours of an electric car by place, with ``world`` as the average weighted by sales.

    The source's sizes fit battery cars; plug-in hybrids enter with their own size and share (``hybrids``):
    ``(1 - share) x battery car + share x hybrid``.
    """
    sizes = battery_sizes(shared)
    sizes = sizes[sizes["year"] == year]
    by_place = sizes[sizes["place"] != "ROW"].set_index("place")["kwh"]
    share = hybrid_shares(shared).xs(str(year), level="year").reindex(by_place.index)
    share = share.fillna(float(hybrid_shares(shared)[("world", str(year))]))
    by_place = by_place * (1.0 - share) + share * [hybrid_size(str(place)) for place in by_place.index]
    sales = car_sales(shared, year)
    places = {str(name): modelled_place(name) for name in sales.index}
    weights = pd.Series({place: sales[name] for name, place in places.items() if place and place != "ROW"})
    common = by_place.index.intersection(weights.index)
    world = float((by_place[common] * weights[common]).sum() / weights[common].sum())
    return {"world": world, **{str(place): float(value) for place, value in by_place.sort_index().items()}}
