"""The tables of a shock: one for all responses, by week or by month of four weeks."""

from __future__ import annotations

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
#: What the summary says of the good that a party goes without most.
WORST = ("worst_commodity", "worst_lost_quantity", "worst_unit")
#: Less than this is not saved by an option.
LEAST_AID_USD = 1.0
#: A stock that moves by less than this share stands still.
STILL = 1e-3
UNITS = {
    "loss_usd": "USD",
    "saved_usd": "USD",
    "saved_idle_usd": "USD",
    "cost_usd": "USD",
    "net_saving_usd": "USD",
    "stock_not_refilled_usd": "USD",
    "less_under_way_usd": "USD",
    "total_usd": "USD",
    "saved_per_usd": "1",
    "saved_vehicles": "vehicle",
    "saved_gwh_storage": "GWh",
    "market_loss_usd": "USD",
    "lost_vehicles": "vehicle",
    "vehicles_not_made": "vehicle, net of what other plants of the party make more",
    "worst_lost_quantity": "worst_unit, of worst_commodity alone",
    "not_made_gwh": "GWh, gross: of the plant alone",
    "lost_gwh_storage": "GWh",
    "not_made_gwh_cells": "GWh, net of what other plants of the party make more",
    "not_made_gwh_packs": "GWh, net of what other plants of the party make more",
    "cover_days": "days",
    "use_per_day": "the unit of each row a day",
    "quantity": "the unit of each row",
    "usual": "the unit of each row a week",
    "made": "the unit of each row a week",
    "not_made": "the unit of each row, gross: of the plant alone",
    "stock": "the unit of each row",
    "floor": "the unit of each row",
    "released": "the unit of each row",
}


def table_of(found: Responded, rows: str) -> pd.DataFrame:
    """One of ``TABLES``, whole; those by week begin with the column ``response``. What is left of arithmetic is 0 in it.

    Cover and stocks hold every week of each good that some response touches: rows of a good can be added up.
    """
    from orepact.report.shock_noise import quiet, rounded

    if rows == "summary":
        return rounded(summarised(found))
    if rows == "aid":
        assert found.aid is not None, "options are computed when they are asked for"
        return rounded(_quiet_aid(found.aid))
    parts = [quiet(getattr(outcome, rows), rows, outcome).assign(response=name) for name, outcome in found.outcomes.items()]
    table: pd.DataFrame = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    if rows in SERIES:
        table = touched(table, rows)
    return rounded(table[["response", *(name for name in table.columns if name != "response")]])


def summarised(found: Responded) -> pd.DataFrame:
    """``compare.summary`` without what is left of arithmetic, and what each party goes without most, by worth (``WORST``)."""
    from orepact.report.shock_noise import quiet
    from orepact.shock.outcome.compare import ALL, summary

    table = summary(found.outcomes)
    any_outcome = next(iter(found.outcomes.values()))
    kept = quiet(table, "parties", any_outcome)
    calm = table[(table["party"] == ALL) & ~table["response"].isin(kept.loc[kept["party"] == ALL, "response"])]
    if len(calm):
        figures = calm.select_dtypes("number").columns
        kept = pd.concat([calm.assign(**dict.fromkeys(figures, 0.0)), kept], ignore_index=True)
    worst = pd.concat([worst_goods(quiet(one.lost, "lost", one)).assign(response=name) for name, one in found.outcomes.items()])
    kept = kept.merge(worst, on=["party", "response"], how="left")
    kept = kept.assign(**{name: kept[name].fillna("") for name in ("worst_commodity", "worst_unit")})
    others = [name for name in kept.columns if name not in {*WORST, "party", "response", "loss_usd"}]
    return kept[["party", "response", "loss_usd", *WORST, *others]]


def worst_goods(lost: pd.DataFrame) -> pd.DataFrame:
    """By party, and for ``all``: the good whose missing units are worth most, and how many units are missing (``WORST``)."""
    from orepact.shock.outcome.compare import ALL

    both = pd.concat([lost.assign(party=ALL), lost], ignore_index=True)
    sums = both.groupby(["party", "commodity", "unit"], as_index=False)[["quantity", "loss_usd"]].sum()
    first = sums.sort_values(["loss_usd", "quantity", "commodity"], ascending=[False, False, True]).drop_duplicates("party")
    names = {"commodity": "worst_commodity", "quantity": "worst_lost_quantity", "unit": "worst_unit"}
    return first.rename(columns=names)[["party", *WORST]]


def _quiet_aid(aid: pd.DataFrame) -> pd.DataFrame:
    """Savings below ``LEAST_AID_USD`` and parts of a unit that come of them are none."""
    none = aid["saved_usd"].abs() < LEAST_AID_USD
    saved = [name for name in aid.columns if name.startswith("saved_") and name != "saved_per_usd"]
    return aid.assign(**{name: aid[name].where(~none, 0.0) for name in saved})


def touched(table: pd.DataFrame, rows: str) -> pd.DataFrame:
    """Cover and stocks without the goods of which no series moves under any response; every row of the others."""
    return table[table["commodity"].isin(table.loc[_moves(table, rows), "commodity"].unique())].reset_index(drop=True)


def moving(table: pd.DataFrame, rows: str) -> pd.DataFrame:
    """For a screen: a series that never moves (by ``STILL`` of its first week) keeps its first week alone."""
    if rows not in SERIES or not len(table):
        return table
    kept: pd.DataFrame = table[_moves(table, rows) | (table["week"] == table["week"].min())]
    return kept.reset_index(drop=True)


def _moves(table: pd.DataFrame, rows: str) -> pd.Series:
    """Whether the series of a row moves."""
    keys = [name for name in ("response", *SERIES[rows]) if name in table.columns]
    series = table.groupby(keys, sort=False)["stock"]
    least, most, first = series.transform("min"), series.transform("max"), series.transform("first")
    moves: pd.Series = (most - first).clip(lower=first - least) > STILL * first.abs().clip(lower=1.0)
    return moves


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
    from orepact.shock.outcome import tables
    from orepact.shock.response import aid

    columns = {"summary": {*tables.PARTIES, *WORST}, "aid": set(aid.AID)}.get(rows)
    if columns is None:
        columns = set(getattr(tables, rows.upper()))
    return {name: said for name, said in UNITS.items() if name in columns}
