"""Plug-in hybrids: their share of electric cars by place and year, and the size of their batteries.

The battery sizes of the ETM project fit battery cars alone: taken for every electric car they would give the world
about 1,080 GWh in 2024, a quarter more than car batteries of that year; with hybrids apart it is about 840 GWh.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pandas as pd

from tools.compile.claims_writer import DATA, Places, place_of, read_raw, write_claims, write_sources

SHARE_NOTE = "plug-in hybrids over battery cars plus plug-in hybrids; both rounded to two figures by the source"
SIZES = {
    "CHN": (25.0, "between long-range hybrids of about 18 kWh and range-extended cars of about 40 kWh"),
    "world": (16.0, "typical of plug-in hybrids sold outside China"),
}
FIRST_YEAR = 2015
SOURCE = "iea_gevo_2026_hybrids"


@cache
def hybrid_shares(shared: Path) -> pd.Series:
    """Part of the electric cars sold that are plug-in hybrids, by (place, year); ``world`` and ``ROW`` included."""
    table = read_raw(shared / "ev_iea_gevo_2026" / "ev_sales_stock.csv")
    cars = table[(table["parameter"] == "EV sales") & (table["mode"] == "Cars") & (table["category"] == "Historical")]
    cars = cars[cars["powertrain"].isin(["BEV", "PHEV", "EREV"]) & (cars["year"].astype(int) >= FIRST_YEAR)]
    places = pd.Series([_place(str(name)) for name in cars["region_country"]], index=cars.index, dtype="str")
    cars = cars.assign(place=places, number=cars["value"].astype(float)).dropna(subset=["place"])
    sums = cars.pivot_table(index=["place", "year"], columns="powertrain", values="number", aggfunc="sum").fillna(0.0)
    total = sums.sum(axis=1)
    share: pd.Series = (1.0 - sums["BEV"] / total)[total > 0]
    return share


@cache
def _place(name: str) -> str | None:
    if name == "World":
        return "world"
    return None if place_of(name) is None else Places.shipped().fold(name)


def hybrid_size(place: str) -> float:
    """Battery of a plug-in hybrid sold in a place, kWh."""
    return SIZES.get(place, SIZES["world"])[0]


def share_rows(shared: Path) -> Iterator[dict[str, object]]:
    """Share of hybrids for every place and year with sales."""
    shares = hybrid_shares(shared)
    for (place, year), share in zip(shares.index.tolist(), shares.tolist(), strict=True):
        yield {
            "subject": f"{place}/ev_car", "attribute": "plug_in_hybrid_share", "value": share, "unit": "1", "year": int(year),
            "source": SOURCE, "as_of": "2026-05-26", "confidence": "derived", "note": SHARE_NOTE,
        }  # fmt: skip


def size_rows() -> Iterator[dict[str, object]]:
    """Own estimates of the size of hybrid batteries."""
    for place, (size, note) in SIZES.items():
        yield {
            "subject": f"{place}/ev_car", "attribute": "hybrid_battery_size", "value": size, "unit": "kWh_per_vehicle",
            "year": 2024, "source": "orepact_estimates", "as_of": "2025-12-31", "confidence": "estimated", "note": note,
        }  # fmt: skip


def main(shared: Path) -> None:
    """Write ``hybrids.csv`` and its source."""
    source = {
        "source": SOURCE, "producer": "International Energy Agency",
        "title": "Global Electric Vehicle Outlook 2026: battery cars and plug-in hybrids", "edition": "2026, version 2",
        "published": "2026-05-26", "licence": "CC BY 4.0", "attribution": "IEA (2026), Global Electric Vehicle Outlook 2026",
        "address": "IEA Global EV Data Explorer", "grade": "A", "ships": "yes",
    }  # fmt: skip
    write_sources([source], Path(__file__).parent / "sources" / "hybrids.csv")
    rows = pd.DataFrame([*share_rows(shared), *size_rows()])
    write_claims(rows, DATA / "facts" / "hybrids.csv")
