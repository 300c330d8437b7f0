"""Concentration against figures worked out on paper, and the laws that shares keep."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orepact.errors import BadInput
from orepact.measure.concentration import AGGREGATES, concentration_of, governance_risk

COBALT = pd.Series({"COD": 76.0, "IDN": 10.0, "RUS": 3.0, "ROW": 11.0})


def test_figures_on_paper() -> None:
    found = concentration_of(COBALT, unit="kt", world_total=110.0)
    assert found.largest == "COD"
    assert found.hhi == pytest.approx(76**2 + 10**2 + 3**2)
    assert found.hhi_upper == pytest.approx(found.hhi + 11**2)
    assert (found.top1, found.top3) == (pytest.approx(0.76), pytest.approx(0.89))
    assert found.n_minus_1 == pytest.approx(0.24)
    assert found.coverage == pytest.approx(100 / 110)
    assert found.rest_share == pytest.approx(0.11)


def test_rows_are_sorted_with_the_rest_of_the_world_last() -> None:
    rows = concentration_of(COBALT).rows
    assert rows.columns.tolist() == ["place", "quantity", "unit", "share"]
    assert rows["place"].tolist() == ["COD", "IDN", "RUS", "ROW"]
    assert rows["share"].sum() == pytest.approx(1)


def test_rest_of_the_world_is_never_the_largest_supplier() -> None:
    found = concentration_of(pd.Series({"ROW": 90.0, "CHN": 10.0}))
    assert found.largest == "CHN"
    assert found.top1 == pytest.approx(0.1)


def test_unknown_owners_may_all_be_the_largest_one() -> None:
    found = concentration_of(pd.Series({"CHN": 50.0, "GBR": 20.0, "unknown": 30.0}), by="owner")
    assert found.rows.columns[0] == "owner"
    assert found.unknown_share == pytest.approx(0.3)
    assert found.hhi == pytest.approx(50**2 + 20**2)
    assert found.hhi_upper == pytest.approx(80**2 + 20**2)


def test_all_unknown_still_answers() -> None:
    found = concentration_of(pd.Series({"unknown": 5.0}), by="owner")
    assert (found.largest, found.top1, found.hhi, found.hhi_upper) == ("", 0.0, 0.0, 10000.0)


def test_governance_weighs_the_square_of_the_share_and_names_who_is_missing() -> None:
    found = concentration_of(COBALT, governance={"COD": 8.0, "IDN": 5.0})
    assert found.governance_hhi == pytest.approx(0.76**2 * 8 + 0.1**2 * 5)
    assert found.governance_missing == ("RUS",)
    assert math.isnan(concentration_of(COBALT).governance_hhi)
    assert concentration_of(COBALT).figures["governance_hhi"] is None


def test_governance_risk_runs_from_best_to_worst() -> None:
    estimates = pd.DataFrame({"va": [2.5, -2.5, None], "pv": [2.5, -2.5, 0.0]}, index=["BEST", "WORST", "HALF"])
    assert governance_risk(estimates) == {"BEST": 0.0, "WORST": 10.0, "HALF": 5.0}


@pytest.mark.parametrize(
    ("amounts", "words"),
    [
        (pd.Series({"COD": -1.0, "IDN": float("nan")}), ["COD", "IDN"]),
        (pd.Series([1.0, 2.0], index=["COD", "COD"]), ["each supplier once"]),
        (pd.Series({"COD": 0.0}), ["a total above 0"]),
        (pd.Series(dtype=float), ["a total above 0"]),
    ],
)
def test_bad_amounts_are_all_named(amounts: pd.Series, words: list[str]) -> None:
    with pytest.raises(BadInput) as caught:
        concentration_of(amounts)
    assert all(word in str(caught.value) for word in words)


@given(st.dictionaries(st.sampled_from(["COD", "IDN", "CHN", "CAN", *AGGREGATES]), st.floats(1e-3, 1e9), min_size=1))
def test_laws_of_shares(amounts: dict[str, float]) -> None:
    found = concentration_of(pd.Series(amounts))
    assert found.rows["share"].sum() == pytest.approx(1)
    assert 0 <= found.hhi <= found.hhi_upper * (1 + 1e-12)
    assert found.hhi_upper <= 10000 * (1 + 1e-9)
    assert found.top1 <= found.top3 * (1 + 1e-12)
    assert found.top1 + found.n_minus_1 == pytest.approx(1)
