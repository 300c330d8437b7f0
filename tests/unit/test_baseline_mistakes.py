"""What cannot be fitted: every mistake has a folder, a network package, and its whole report."""

from pathlib import Path

import pandas as pd
import pytest

import orepact as op
from orepact.baseline import BaselineOptions
from orepact.errors import BadInput

CASES = sorted((Path(__file__).parents[1] / "cases").glob("baseline_*"))
SPLITTER = Path(__file__).parents[1] / "networks" / "splitter"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_mistake_is_reported_whole(case):
    with pytest.raises(BadInput) as caught:
        op.baseline.fit(op.Network.from_package(case))
    assert str(caught.value) + "\n" == (case / "expected.txt").read_text(encoding="utf-8")
    assert caught.value.exit_code == 3
    for problem in caught.value.problems:
        assert problem.file
        assert problem.mend


def test_there_are_cases():
    assert len(CASES) >= 14


def test_a_year_that_nobody_observed_names_those_that_were():
    with pytest.raises(BadInput, match=r"year with observations \(2024\), found 1999"):
        op.baseline.fit(op.Network.from_package(SPLITTER), 1999)


def test_wrong_options_come_together():
    with pytest.raises(BadInput) as caught:
        BaselineOptions(stock_share=-1, flow_spread=0, demand_share=float("nan"))
    assert [problem.column for problem in caught.value.problems] == ["demand_share", "stock_share", "flow_spread"]


def test_every_contradiction_is_named_also_where_sets_share_a_member():
    """103 t mined, 60 t sent left and 38 t right cannot hold; nor can 60 t and 61 t, nor 103 t with 61 t and 38 t."""
    network = op.Network.from_package(SPLITTER)
    rows = network.observations
    again = rows[rows["observation"] == "shipped"].assign(observation="again", quantity=61.0)
    rows = pd.concat([rows, again], ignore_index=True)
    rows.loc[rows["observation"].isin(["mined", "shipped", "sold", "again"]), "standard_deviation"] = 0.0
    with pytest.raises(BadInput) as caught:
        op.baseline.fit(network.with_tables(observations=rows))
    told = [{name for name in ("mined", "shipped", "sold", "again") if name in p.found} for p in caught.value.problems]
    assert len(told) == 3
    assert all(one in told for one in ({"mined", "shipped", "sold"}, {"shipped", "again"}, {"mined", "sold", "again"}))
