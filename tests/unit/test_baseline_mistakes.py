"""What cannot be fitted: every mistake has a folder, a network package, and its whole report."""

from pathlib import Path

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
