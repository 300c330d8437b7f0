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


@cache
def hybrid_shares(shared: Path) -> pd.Series:
    """Part of the electric cars sold that are plug-in hybrids, by (place, year); ``world`` and ``ROW`` included."""
    table = read_raw(shared / "ev_iea_gevo_2026" / "ev_sales_stock.csv")
    cars = table[(table["parameter"] == "EV sales") & (table["mode"] == "Cars") & (table["category"] == "Historical")]
    cars = cars[cars["powertrain"].isin(["BEV", "PHEV", "EREV"]) & (cars["year"].astype(int) >= FIRST_YEAR)]
    cars = cars.assign(place=[_place(name) for name in cars["region_country"]], number=cars["value"].astype(float))
    sums = cars.dropna(subset=["place"]).pivot_table(index=["place", "year"], columns="powertrain", values="number", aggfunc="sum").fillna(0.0)
    total = sums.sum(axis=1)
    return (1.0 - sums["BEV"] / total)[total > 0]


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
    for key, share in hybrid_shares(shared).items():
        place, year = key  # type: ignore[misc]  # a key of two levels
        yield _claim(f"{place}/ev_car", "plug_in_hybrid_share", share, "1", int(year), "iea_gevo_2026_hybrids", "derived", SHARE_NOTE)


def size_rows() -> Iterator[dict[str, object]]:
    """Own estimates of the size of hybrid batteries."""
    for place, (size, note) in SIZES.items():
        yield _claim(f"{place}/ev_car", "hybrid_battery_size", size, "kWh_per_vehicle", 2024, "orepact_estimates", "estimated", note)


def _claim(subject: str, attribute: str, value: float, unit: str, year: int, source: str, confidence: str, note: str) -> dict[str, object]:
    as_of = "2026-05-26" if source.startswith("iea") else "2025-12-31"
    return {
        "subject": subject, "attribute": attribute, "value": value, "unit": unit, "year": year, "source": source,
        "as_of": as_of, "confidence": confidence, "note": note,
    }  # fmt: skip


def main(shared: Path) -> None:
    """Write ``hybrids.csv`` and its source."""
    source = {
        "source": "iea_gevo_2026_hybrids", "producer": "International Energy Agency", "title": "Global Electric Vehicle Outlook 2026: battery cars and plug-in hybrids",
        "edition": "2026, version 2", "published": "2026-05-26", "licence": "CC BY 4.0", "attribution": "IEA (2026), Global Electric Vehicle Outlook 2026",
        "address": "IEA Global EV Data Explorer", "grade": "A", "ships": "yes",
    }  # fmt: skip
    write_sources([source], Path(__file__).parent / "sources" / "hybrids.csv")
    rows = pd.DataFrame([*share_rows(shared), *size_rows()])
    write_claims(rows, DATA / "facts" / "hybrids.csv")


