"""What is left of arithmetic is 0 in tables and pages, and what is a figure stays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from orepact.report.brief import Column
from orepact.report.shock_noise import quiet, rounded, usual_totals
from orepact.report.words import least_of, shown
from orepact.shock.outcome import tables
from shock_outcomes import sample_outcome


def test_a_loss_far_below_the_usual_total_is_none() -> None:
    """50 cars a week are wanted: 1e-6 of one is dust, though above a millionth of a demand of 0.1 car."""
    found = sample_outcome("market")
    table = pd.DataFrame(
        {"week": [1, 2], "party": "HOME", "place": "HOME", "commodity": "car", "unit": "vehicle"}
        | {"quantity": [1e-6, 1e-3], "loss_usd": [1e-3, 1.0]}
    )
    assert quiet(table, "lost", found)["week"].tolist() == [2]


def test_stocks_keep_their_rows_and_lose_their_dust() -> None:
    found = sample_outcome("market")
    stirred = replace(found, released=np.full_like(found.released, -6.8e-13))
    table = quiet(tables.stocks(stirred), "stocks", stirred)
    assert len(table) == found.stock.size
    assert (table["released"] == 0).all()


def test_parties_without_a_figure_are_left_out() -> None:
    found = sample_outcome("market")
    usual = usual_totals(found)
    assert usual["lost_vehicles"] == pytest.approx(found.case.demand.sum() * found.disruption.weeks)
    table = tables.parties(found)
    dust = table.assign(party="DUST", **dict.fromkeys(table.select_dtypes("number"), 1e-12))
    kept = quiet(pd.concat([table, dust], ignore_index=True), "parties", found)
    assert "DUST" not in set(kept["party"])
    assert kept["loss_usd"].sum() == pytest.approx(table["loss_usd"].sum())


def test_tables_are_rounded_to_seven_digits() -> None:
    table = rounded(pd.DataFrame({"a": [1 / 3, 12345678.9, np.nan], "b": [1, 2, 3], "c": ["x", "y", "z"]}))
    assert table.to_csv(index=False, lineterminator="\n") == "a,b,c\n0.3333333,1,x\n12345680.0,2,y\n,3,z\n"


def test_a_cell_beside_far_larger_ones_is_shown_as_nothing() -> None:
    column = Column("x", "X", "USD", "number")
    least = least_of([4e6, 1.85e-15, None])
    assert shown(1.85e-15, column, least) == "0"
    assert shown(1.85e-15, column) != "0"
    assert shown(3.5e6, column, least) == shown(3.5e6, column)
