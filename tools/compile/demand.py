"""Compile demand: electric vehicles sold and projected, their batteries and chemistries, and the uses outside vehicle batteries.

Vehicles of all powertrains are summed from the published parts (battery, plug-in hybrid, fuel cell), because the published totals
are rounded to two figures; a total is used only where parts are missing. STEPS and CPS are never added.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from tools.compile._coefficients import Row, assumption_table, claim, write_used_sources
from tools.compile._vehicle_energy import FOLDER, battery_sizes, modelled_place
from tools.compile.claims_writer import DATA, read_raw, shared_folder, write_claims

TARGET = DATA / "facts" / "demand.csv"
MODES = {"Cars": "ev_car", "Vans": "ev_van", "Buses": "ev_bus", "Trucks": "ev_truck"}
GROUPS = {"World": "world", "Europe": "europe", "Latin America": "latin_america", "Southeast Asia": "southeast_asia"}
PROJECTIONS = {"Projection-STEPS": "steps", "Projection-CPS": "cps", "Projection-APS": "aps"}
ELEMENTS = {"Rare Earth Elements": "rare_earths"}
FIRST_YEAR, FIRST_FORECAST = 2015, 2025
FORECAST_YEARS = (2025, 2030, 2035, 2040, 2045, 2050)
EDITIONS = {"GEVO-2024": "iea_gevo_2024", "GEVO-2025": "iea_gevo_2025"}


def subject_place(name: str) -> str | None:
    """The place or group of places that a name of the IEA means, None for aggregates outside the code list."""
    return GROUPS.get(name) or modelled_place(name)


def vehicle_sums(table: pd.DataFrame, source: str) -> pd.DataFrame:
    """Vehicles by subject, category and year: parts summed, else the total. Columns value, total, fuel_cell, names, source."""
    frame = table[(table["parameter"] == "EV sales") & table["mode"].isin(MODES)].copy()
    frame["number"] = pd.to_numeric(frame["value"])
    frame["place"] = [subject_place(name) for name in frame["region_country"]]
    frame = frame.dropna(subset=["place"])
    frame["thing"] = frame["mode"].map(MODES)
    keys = ["place", "region_country", "thing", "category", "year"]
    by_power = frame.pivot_table(index=keys, columns="powertrain", values="number", aggfunc="sum")
    parts = by_power.drop(columns="EV", errors="ignore")
    total = by_power["EV"] if "EV" in by_power else pd.Series(float("nan"), index=by_power.index)
    cells = by_power["FCEV"] if "FCEV" in by_power else pd.Series(0.0, index=by_power.index)
    has_parts = parts.notna().any(axis=1)
    out = pd.DataFrame({"value": parts.sum(axis=1).where(has_parts, total), "total": total, "fuel_cell": cells.fillna(0)})
    return out.dropna(subset=["value"]).reset_index().assign(source=source)


def sales_rows(sums: pd.DataFrame) -> Iterator[Row]:
    """Vehicles sold by place and year; the rest of the world is what the world total leaves."""
    history = sums[(sums["category"] == "Historical") & (sums["year"].astype(int) >= FIRST_YEAR)]
    for row in history[history["place"] != "ROW"].to_dict("records"):
        note = "battery + plug-in hybrid" + (f" + {row['fuel_cell']:g} fuel cell" if row["fuel_cell"] else "")
        note += f"; rounded total of the source {row['total']:.10g}" if row["total"] == row["total"] else ""
        subject = f"{row['place']}/{row['thing']}"
        yield claim((subject, "sales"), (row["value"], "vehicle"), ("iea_gevo_2026", "reported"), note, year=row["year"])
    for (thing, year), rows in history.groupby(["thing", "year"]):
        yield from _rest_of_world(str(thing), str(year), rows.groupby("place")["value"].sum())


def _rest_of_world(thing: str, year: str, by_place: pd.Series) -> Iterator[Row]:
    """World less the modelled places, and at least what the other reporting countries sold."""
    groups = set(GROUPS.values())
    listed = float(by_place.get("ROW", 0.0))
    modelled = float(by_place[[place for place in by_place.index if place not in groups | {"ROW"}]].sum())
    if "world" not in by_place.index:
        return
    value = max(float(by_place["world"]) - modelled, listed)
    note = f"world less modelled places; the other countries that report sum to {listed:.10g}"
    yield claim((f"ROW/{thing}", "sales"), (value, "vehicle"), ("iea_gevo_2026", "derived"), note, year=year)


def projection_rows(sums: pd.DataFrame) -> Iterator[Row]:
    """Projected vehicles by scenario from one edition; 'rest of the world' regions are left out."""
    frame = sums[sums["category"].isin(PROJECTIONS) & (sums["place"] != "ROW")]
    frame = frame[frame["year"].astype(int) >= FIRST_FORECAST]
    for row in frame.to_dict("records"):
        attribute = f"sales_projection_{PROJECTIONS[row['category']]}"
        subject, note = f"{row['place']}/{row['thing']}", "sum of powertrains"
        yield claim((subject, attribute), (row["value"], "vehicle"), (row["source"], "reported"), note, year=row["year"])


def icct_rows(shared: Path) -> Iterator[Row]:
    """Electric cars projected by place to 2050 (ICCT roadmap); countries and regions outside the code list go into ROW."""
    table = read_raw(shared / FOLDER / "ev_sales_projection_icct_country.csv")
    table = table[table["Year"].astype(int) >= FIRST_FORECAST - 1].copy()
    table["place"] = [modelled_place(name) or "ROW" for name in table["c"]]
    table["number"] = pd.to_numeric(table["Sales"])
    for (place, year), rows in table.groupby(["place", "Year"]):
        note = f"sum of {len(rows)} countries and regions" if place == "ROW" else ""
        subject, value = f"{place}/ev_car", rows["number"].sum()
        confidence = "derived" if place == "ROW" else "reported"
        key = (subject, "sales_projection_icct")
        yield claim(key, (value, "vehicle"), ("icct_roadmap_busch", confidence), note, year=year)


def size_rows(shared: Path) -> Iterator[Row]:
    """Kilowatt-hours of a car by place, 2015-2024 and forecasts; countries outside the code list are averaged into ROW."""
    history = battery_sizes(shared)
    yield from _sizes(history, "battery_size", "plain mean of countries outside the code list")
    table = read_raw(shared / FOLDER / "bat_size_forecast.csv")
    table = table[table["Year"].astype(int).isin(FORECAST_YEARS)]
    frame = pd.DataFrame({"name": table["c"], "year": table["Year"].astype(int), "kwh": pd.to_numeric(table["kwh_veh"])})
    frame["place"] = [modelled_place(name) or "ROW" for name in frame["name"]]
    for scenario, attribute in SIZE_SCENARIOS.items():
        rows = frame[table["capacity_scenario"].to_numpy() == scenario].dropna(subset=["kwh"])
        yield from _sizes(rows, attribute, "plain mean of countries and regions outside the code list")


SIZE_SCENARIOS = {"Baseline": "battery_size", "Low Capacity": "battery_size_low", "High Capacity": "battery_size_high"}


def _sizes(frame: pd.DataFrame, attribute: str, rest_note: str) -> Iterator[Row]:
    means = frame.groupby(["place", "year"], as_index=False)["kwh"].mean()
    for place, year, value in zip(means["place"], means["year"], means["kwh"], strict=True):
        forecast = int(year) >= FIRST_FORECAST
        confidence = "estimated" if place == "ROW" or forecast else "reported"
        note = "; ".join(part for part in (rest_note if place == "ROW" else "", "forecast" if forecast else "") if part)
        yield claim((f"{place}/ev_car", attribute), (value, "kWh_per_vehicle"), ("busch_etm", confidence), note, year=year)


def other_size_rows() -> Iterator[Row]:
    """Batteries of vans, buses and trucks from ``assumptions/vehicle_sizes.csv``."""
    for row in assumption_table("vehicle_sizes"):
        key, basis = (f"{row['place']}/{row['thing']}", "battery_size"), (row["source"], row["confidence"])
        yield claim(key, (row["kwh"], "kWh_per_vehicle"), basis, row["note"], year=row["year"])


def chemistry_rows(shared: Path) -> Iterator[Row]:
    """Share of car battery energy by cell commodity, chemistries grouped by ``assumptions/chemistries.csv``."""
    cells = {row["chemistry"]: row["cell"] for row in assumption_table("chemistries")}
    country = read_raw(shared / FOLDER / "battery_chem_country.csv").rename(columns={"c": "name"})
    world = read_raw(shared / FOLDER / "battery_chem_world.csv").assign(name="World")
    frame = pd.concat([country, world], ignore_index=True)
    frame["place"] = [subject_place(name) for name in frame["name"]]
    frame["cell"], frame["share"] = frame["chemistry"].map(cells), pd.to_numeric(frame["chem_share_mwh"])
    unknown = sorted(set(frame.loc[frame["cell"].isna(), "chemistry"]))
    if unknown:
        raise KeyError(f"chemistries without a cell commodity: {unknown}")
    for (place, cell, year), rows in frame.dropna(subset=["place"]).query("place != 'ROW'").groupby(["place", "cell", "Year"]):
        note = " + ".join(f"{chemistry} {share:.3g}" for chemistry, share in zip(rows["chemistry"], rows["share"], strict=True))
        weak = place in LOW_LFP and int(str(year)) >= LOW_LFP_SINCE
        note += "; far fewer LFP cars than the agency and the battery alliance count" if weak else ""
        key, confidence = (f"{place}/{cell}", "chemistry_share"), "estimated" if weak else "derived"
        yield claim(key, (rows["share"].sum(), "1"), ("busch_etm", confidence), note, year=year)
    for row in assumption_table("chemistry_shares"):
        key = (f"{row['place']}/{row['cell']}", "chemistry_share")
        yield claim(key, (row["value"], "1"), (row["source"], row["confidence"]), row["note"], year=row["year"])


#: Where and since when the aggregates of EV Volumes hold too little LFP; ``assumptions/chemistry_shares.csv`` says better.
LOW_LFP, LOW_LFP_SINCE = ("CHN", "world"), 2023


def element_use_rows(shared: Path) -> Iterator[Row]:
    """World use of each element outside vehicle batteries and in grid batteries, 2024 and by scenario to 2050."""
    folder = shared / "demand_iea_non_battery_uses"
    for file, column, stem, note in (
        ("non_battery_uses", "non_battery_uses_kt", "use_outside_batteries", "other uses + clean technologies without batteries"),
        ("grid_storage_mineral_demand", "grid_battery_storage_kt", "use_grid_storage", "new grid batteries"),
    ):
        for row in read_raw(folder / f"{file}.csv").to_dict("records"):
            element = ELEMENTS.get(row["element"], row["element"].lower())
            attribute = stem if row["scenario"] == "base" else f"{stem}_{row['scenario'].lower()}"
            source = "iea_minerals_explorer_2025"
            yield claim((f"world/{element}", attribute), (row[column], "kt"), (source, "reported"), note, year=row["year"])


def demand_rows(shared: Path) -> list[Row]:
    """All claims of demand."""
    folder = shared / "ev_iea_gevo_2026"
    sums = vehicle_sums(read_raw(folder / "ev_sales_stock.csv"), "iea_gevo_2026")
    rows = [*sales_rows(sums), *projection_rows(sums)]
    older = read_raw(folder / "projections_gevo2024_2025_editions.csv")
    for edition, source in EDITIONS.items():
        rows += projection_rows(vehicle_sums(older[older["edition"] == edition], source))
    rows += icct_rows(shared)
    rows += size_rows(shared)
    return [*rows, *other_size_rows(), *chemistry_rows(shared), *element_use_rows(shared)]


def main(shared: Path) -> None:
    """Write ``facts/demand.csv`` and its sources."""
    rows = demand_rows(shared)
    write_claims(rows, TARGET)
    write_used_sources(rows, "demand")


if __name__ == "__main__":
    main(shared_folder())
