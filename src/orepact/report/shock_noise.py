"""What is left of arithmetic and what is a figure: small shares of the usual are 0, in pages and tables alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from orepact.shock.outcome.outcome import Outcome

#: A quantity below this share of the usual total of its kind is what is left of arithmetic: 0.
LEAST_SHARE = 1e-7
#: The same for money, whose total is that of all goods that are wanted.
LEAST_WORTH = 1e-9
#: Cover below this many days is none.
LEAST_DAYS = 1e-3
#: Digits of a figure in a table that count.
DIGITS = 7
#: Tables whose rows exist for what is missing in them: a row that misses nothing is left out.
BY_NOTHING = {"lost": "quantity", "sites": "not_made", "stops": "not_made"}
#: Figures of a row that count in the unit of its good a week.
OF_A_WEEK = ("quantity", "usual", "made", "not_made", "stock", "floor", "released")


def quiet(table: pd.DataFrame, name: str, outcome: Outcome) -> pd.DataFrame:
    """A table of an outcome (``lost``, ``sites``, ``stops``, ``cover``, ``stocks``, ``parties``) without what is no figure."""
    if name == "parties":
        return _quiet_parties(table, outcome)
    floors = table["commodity"].map(usual_of_goods(outcome)).astype(float).fillna(0.0) * LEAST_SHARE
    for column in (one for one in OF_A_WEEK if one in table.columns):
        table = table.assign(**{column: table[column].where(table[column].abs() >= floors, 0.0)})
    if "cover_days" in table.columns:
        table = table.assign(
            cover_days=table["cover_days"].where((table["stock"] > 0) & (table["cover_days"] >= LEAST_DAYS), 0.0)
        )
    if name in BY_NOTHING:
        return table[table[BY_NOTHING[name]] > 0].reset_index(drop=True)
    return table


def usual_of_goods(outcome: Outcome) -> Mapping[str, float]:
    """What is made, or wanted where that is more, of each good in a usual week, in units of the good."""
    case = outcome.case
    made = pd.Series(case.activity, index=pd.Index(case.network.site_output)).groupby(level=0).sum()
    wanted = pd.Series(case.demand, index=pd.Index(case.wants["commodity"])).groupby(level=0).sum()
    both = pd.concat([made, wanted], axis=1).max(axis=1)
    return {str(good): float(value) for good, value in both.items()}


def _quiet_parties(table: pd.DataFrame, outcome: Outcome) -> pd.DataFrame:
    usual = usual_totals(outcome)
    for column, total in usual.items():
        if column in table.columns:
            least = total * (LEAST_WORTH if column.endswith("_usd") else LEAST_SHARE)
            table = table.assign(**{column: table[column].where((table[column].abs() >= least) & (total > 0), 0.0)})
    figures = [name for name in table.columns if name not in {"party", "response"} and table[name].dtype.kind == "f"]
    return table[(table[figures].abs() > 0).any(axis=1)].reset_index(drop=True)


def usual_totals(outcome: Outcome) -> dict[str, float]:
    """By column of ``tables.PARTIES``: what all parties usually make or want in the weeks that are followed."""
    from orepact.shock.outcome.tables import BATTERIES, VEHICLE, gwh_per_unit, site_names, vehicles_of

    case, weeks = outcome.case, outcome.disruption.weeks
    names, stages = site_names(case), case.network.commodities["stage"]
    stage, energy = names["commodity"].map(stages), np.nan_to_num(names["gwh_per_unit"].to_numpy(dtype=float))
    gwh = case.wants["commodity"].map(gwh_per_unit(case.network, (*BATTERIES, VEHICLE))).to_numpy(dtype=float)
    driven = vehicles_of(case.network)
    worth = case.wants["loss_usd_per_unit"].fillna(1.0).to_numpy(dtype=float)
    usd = float(case.demand @ worth)
    totals = {
        "loss_usd": usd,
        "stock_not_refilled_usd": usd,
        "less_under_way_usd": usd,
        "total_usd": usd,
        "lost_vehicles": float(case.demand[case.wants["commodity"].isin(driven).to_numpy()].sum()),
        "lost_gwh_storage": float(np.nansum(case.demand * gwh)),
        "not_made_gwh_cells": float((case.activity * energy)[(stage == "cell").to_numpy()].sum()),
        "not_made_gwh_packs": float((case.activity * energy)[(stage == "pack").to_numpy()].sum()),
        "vehicles_not_made": float(case.activity[names["commodity"].isin(driven).to_numpy()].sum()),
    }
    return {name: value * weeks for name, value in totals.items()}


def rounded(table: pd.DataFrame, digits: int = DIGITS) -> pd.DataFrame:
    """The table with ``digits`` digits that count in each fraction; whole numbers and text stay."""
    figures = [name for name in table.columns if table[name].dtype.kind == "f"]
    return table.assign(**{name: significant(table[name].to_numpy(dtype=float), digits) for name in figures})


def significant(values: np.ndarray, digits: int) -> np.ndarray:
    """Numbers to so many digits that count.

    >>> significant(np.array([0.0, 1234.5678, 0.00012345678, 98765432.0, np.inf]), 4).tolist()
    [0.0, 1235.0, 0.0001235, 98770000.0, inf]
    """
    found = values.copy()
    some = np.isfinite(values) & (values != 0)
    size = np.floor(np.log10(np.abs(values[some]))).astype(int)
    part = values[some]
    for one in np.unique(size):
        here = size == one
        part[here] = np.round(part[here], int(digits - 1 - one))
    found[some] = part
    return found
