"""The tables of a shock: one for all responses, by week or by month of four weeks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from orepact.service.shock.responding import Responded

#: Tables that a shock can show as ``data`` and that ``--output`` writes.
TABLES = ("summary", "lost", "sites", "cover", "stops", "stocks", "aid")
FILES = (*(f"{name}.csv" for name in TABLES), "cooperation.csv", "shock.json", "shock.html")
MONTH = 4
#: How each figure of a week becomes one of a month; what is not named here tells rows apart.
MONTHLY: dict[str, str] = {
    "quantity": "sum",
    "loss_usd": "sum",
    "usual": "sum",
    "made": "sum",
    "not_made": "sum",
    "not_made_gwh": "sum",
    "released": "sum",
    "stock": "last",
    "cover_days": "last",
}
#: What tells one series of weeks from another.
SERIES: dict[str, tuple[str, ...]] = {
    "cover": ("party", "commodity"),
    "stocks": ("party", "place", "commodity", "kind", "owner"),
}
#: A stock that moves by less than this share stands still.
STILL = 1e-3
UNITS = {
    "loss_usd": "USD",
    "saved_usd": "USD",
    "cost_usd": "USD",
    "net_saving_usd": "USD",
    "stock_not_refilled_usd": "USD",
    "total_usd": "USD",
    "saved_per_usd": "1",
    "lost_vehicles": "vehicle",
    "vehicles_not_made": "vehicle",
    "not_made_gwh": "GWh",
    "lost_gwh_storage": "GWh",
    "not_made_gwh_cells": "GWh",
    "not_made_gwh_packs": "GWh",
    "cover_days": "days",
    "use_per_day": "the unit of each row a day",
    "quantity": "the unit of each row",
    "usual": "the unit of each row a week",
    "made": "the unit of each row a week",
    "not_made": "the unit of each row",
    "stock": "the unit of each row",
    "floor": "the unit of each row",
    "released": "the unit of each row",
}


def table_of(found: Responded, rows: str) -> pd.DataFrame:
    """One of ``TABLES``; those by week begin with the column ``response``."""
    from orepact.shock.response.compare import summary

    if rows == "summary":
        return summary(found.outcomes)
    if rows == "aid":
        assert found.aid is not None, "options are computed when they are asked for"
        return found.aid
    parts = [moving(getattr(outcome, rows), rows).assign(response=name) for name, outcome in found.outcomes.items()]
    table: pd.DataFrame = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return table[["response", *(name for name in table.columns if name != "response")]]


def moving(table: pd.DataFrame, rows: str) -> pd.DataFrame:
    """Cover and stocks: a series that never moves (by ``STILL`` of its first week) keeps its first week alone."""
    if rows not in SERIES:
        return table
    series = table.groupby(list(SERIES[rows]), sort=False)["stock"]
    first = series.transform("first")
    far = (table["stock"] - first).abs() > STILL * first.abs().clip(lower=1.0)
    moved = far.groupby([table[name] for name in SERIES[rows]], sort=False).transform("any")
    return table[moved | (table["week"] == 0)].reset_index(drop=True)


def stepped(table: pd.DataFrame, step: str) -> pd.DataFrame:
    """The table by month of four weeks, when ``step`` says so: flows are added up, stocks stand as at the end of the month."""
    if step == "week" or "week" not in table.columns:
        return table
    monthly = table.assign(month=table["week"] // MONTH).drop(columns="week")
    figures = [name for name in monthly.columns if name in MONTHLY]
    keys = [name for name in monthly.columns if name not in MONTHLY]
    grouped = monthly.groupby(keys, sort=False, dropna=False)
    parts = {name: grouped[name].last() if MONTHLY[name] == "last" else grouped[name].sum(min_count=1) for name in figures}
    found = pd.DataFrame(parts).reset_index()
    return found[[name if name != "week" else "month" for name in table.columns]]


def units_of(rows: str) -> dict[str, str]:
    """Column to unit of a table."""
    unit: Callable[[str], bool] = {
        "summary": lambda name: name.startswith(("loss", "lost_", "vehicles")),
        "aid": lambda name: name.endswith("usd"),
    }.get(rows, lambda _: True)
    return {name: said for name, said in UNITS.items() if unit(name)}
