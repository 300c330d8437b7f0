"""IAMC's long format: read back by pyam where there is one, always by the format's own rules."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from interchange_networks import growing, toy
from orepact.errors import BadInput
from orepact.interchange import iamc
from orepact.plan import solve

#: What pyam does with a file: reads it, and writes what it holds.
READ = "import sys, pyam; pyam.IamDataFrame(sys.argv[1]).data.to_csv(sys.argv[2], index=False)"


def planned() -> pd.DataFrame:
    """The rows of the plan of the growing chain."""
    return iamc.of_flows(solve(growing()).flows, scenario="reference")[0]


def test_a_plan_comes_back_bit_for_bit() -> None:
    rows = planned()
    assert iamc.read(iamc.write(rows).text).equals(rows)


def test_what_it_says_is_what_the_plan_says() -> None:
    flows = solve(growing()).flows
    back = iamc.amounts(iamc.read(iamc.write(iamc.of_flows(flows)[0]).text))
    made = back[back["kind"] == "production"].groupby(["commodity", "origin", "year"])["value"].sum()
    truth = flows.production.groupby(["commodity", "place", "year"])["quantity"].sum()
    pd.testing.assert_series_equal(made, truth, check_names=False, rtol=1e-12)
    moved = back[back["kind"] == "route"].set_index(["commodity", "origin", "destination", "year"])["value"]
    routes = flows.frame[flows.frame["kind"] == "route"].set_index(["commodity", "origin", "destination", "year"])["quantity"]
    pd.testing.assert_series_equal(moved.sort_index(), routes.sort_index(), check_names=False, check_index_type=False)
    assert set(back["unit"]) == {"t", "USD"}


def test_what_is_lost_is_said() -> None:
    _, lost = iamc.of_flows(solve(growing()).flows)
    assert lost == ["added up by place, without site, process, owner: the format has no such columns"]
    _, lost = iamc.of_network(growing())
    assert lost[0] == "4 capacities without limit are left out: a value is a finite number"


def test_a_network_states_capacity_and_demand() -> None:
    rows, _ = iamc.of_network(toy())
    found = rows[rows["variable"] == "Capacity|refine|metal"].set_index(["region", "year"])["value"].to_dict()
    assert found == {("AAA", 2030): 100.0, ("AAA", 2031): 100.0, ("BBB", 2031): 60.0}


def test_a_label_stands_in_a_column() -> None:
    text = iamc.write(planned(), label="TLP:AMBER/acme").text
    assert set(iamc.read(text)["label"]) == {"TLP:AMBER/acme"}


def test_the_wide_form_is_the_same_table() -> None:
    rows = planned()
    wide = rows.pivot_table(index=list(iamc.KEY[:-1]), columns="year", values="value").reset_index()
    back = iamc.read(wide.to_csv(index=False)).sort_values(list(iamc.KEY), ignore_index=True)
    pd.testing.assert_frame_equal(back, rows.sort_values(list(iamc.KEY), ignore_index=True), check_dtype=False)


def test_every_problem_at_once() -> None:
    text = "model,scenario,region,variable,unit,year,value\na,,KOR,X||Y,t,20x4,nan\na,b,KOR,X,t,2024,1\na,b,KOR,X,t,2024,2\n"
    with pytest.raises(BadInput) as caught:
        iamc.read(text)
    assert [(p.row, p.column) for p in caught.value.problems] == [
        (2, "scenario"),
        (2, "variable"),
        (2, "year"),
        (2, "value"),
        (4, "variable"),
    ]


@pytest.mark.peers
def test_pyam_reads_the_same(tmp_path: Path) -> None:
    """pyam wants older libraries than ours: it reads in an environment of its own, whose Python ``OREPACT_PYAM`` names."""
    python = os.environ.get("OREPACT_PYAM")
    if python is None:
        pytest.skip("OREPACT_PYAM names no Python with pyam")
    rows = planned()
    ours, theirs = tmp_path / "ours.csv", tmp_path / "theirs.csv"
    ours.write_text(iamc.write(rows).text, encoding="utf-8")
    told = subprocess.run([python, "-c", READ, ours, theirs], check=False, capture_output=True, text=True, timeout=300)
    assert told.returncode == 0, told.stderr
    back = pd.read_csv(theirs)[list(rows.columns)].sort_values(list(iamc.KEY), ignore_index=True)
    pd.testing.assert_frame_equal(back, rows.sort_values(list(iamc.KEY), ignore_index=True), check_dtype=False, rtol=1e-12)
