"""Rates per week or day: read, kept on the way through a folder, and the same network per year."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from orepact import plan, shock
from orepact.chain import Network
from orepact.chain.manifest import Manifest
from orepact.chain.time_unit import yearly_network
from orepact.errors import BadInput
from orepact.service.shock import exposure
from orepact.service.shock.cases import case_of_package
from orepact.shock.case.rules import CaseRules

RECOVERY = Path(__file__).parents[1] / "networks" / "recovery"


def package(folder: Path, *, unit: str | None) -> Path:
    """The package of docs/why/exposure.md, with a unit of time in its head."""
    shutil.copytree(RECOVERY, folder)
    if unit is not None:
        with (folder / "network.yaml").open("a", encoding="utf-8") as head:
            head.write(f"time_unit: {unit}\n")
    return folder


def test_the_unit_is_kept_and_counts_in_the_hash(tmp_path: Path) -> None:
    bare, weekly = Network.from_package(RECOVERY), Network.from_package(package(tmp_path / "in", unit="week"))
    assert (bare.time_unit, weekly.time_unit) == ("", "week")
    assert Manifest.of(bare).network_hash != Manifest.of(weekly).network_hash
    assert Network.from_package(weekly.to_package(tmp_path / "out")).equals(weekly)
    assert "time_unit" not in (bare.to_package(tmp_path / "bare") / "network.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(("unit", "said"), [("weeks", "did you mean week"), ("[week]", "year or week or day"), ("", "nothing")])
def test_another_unit_is_a_problem(tmp_path: Path, unit: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        Network.from_package(package(tmp_path / "in", unit=unit))


def test_rates_are_fifty_two_times_and_stocks_stay(tmp_path: Path) -> None:
    weekly = Network.from_package(package(tmp_path / "in", unit="week"))
    yearly = yearly_network(weekly)
    assert yearly.sites["capacity_per_year"].tolist() == [52 * 60, 52 * 55, 52 * 10, 52 * 100]
    assert yearly.demand["quantity"].tolist() == [5200]
    assert yearly.stockpiles["quantity"].tolist() == weekly.stockpiles["quantity"].tolist()
    assert yearly_network(yearly) is yearly


def test_a_usual_week_of_a_weekly_package_is_its_own_unit(tmp_path: Path) -> None:
    """A hundred cars a week are wanted and made of what is held; the plant can make a hundred. Read per year: 1.9."""
    case = case_of_package(package(tmp_path / "in", unit="week"))
    np.testing.assert_allclose(case.demand, [100])
    np.testing.assert_allclose(case.capacity, [60, 55, 10, 100])
    assert not any("per year" in warning for warning in case.warnings)
    bare = case_of_package(RECOVERY)
    np.testing.assert_allclose(bare.demand, [100 / 52])
    assert any("time_unit: week" in warning for warning in bare.warnings)


def test_flows_of_a_weekly_network_give_the_same_week_in_python(tmp_path: Path) -> None:
    """A usual week of a hundred cars is a hundred cars, whether the flows were per week or per year; and stocks stay."""
    network = Network.from_package(package(tmp_path / "in", unit="week"))
    bare = network.with_tables(stockpiles=network.stockpiles.iloc[:0])
    case = shock.case_of(replace(plan.solve(bare).flows, network=network), rules=CaseRules.package())
    served = case_of_package(tmp_path / "in")
    np.testing.assert_allclose(case.activity, served.activity)
    np.testing.assert_allclose(case.demand, [100])
    np.testing.assert_allclose(case.capacity, [60, 55, 10, 100])
    np.testing.assert_allclose(case.stores["quantity"], served.stores["quantity"])
    assert not any("draws" in warning for warning in case.warnings)


def test_a_year_that_uses_its_stocks_up_says_so(tmp_path: Path) -> None:
    """A plan of least cost makes the hundred cars of what lies there for nothing: a usual week without makers of parts."""
    network = Network.from_package(package(tmp_path / "in", unit="week"))
    case = shock.case_of(plan.solve(network).flows, rules=CaseRules.package())
    assert any("draws on the stocks of part in DDD" in warning for warning in case.warnings)


def test_given_flows_count_in_the_unit_of_the_package(tmp_path: Path) -> None:
    rows = [
        ("activity", "part", "", "", "maker_a", 50.0),
        ("activity", "part", "", "", "maker_b", 50.0),
        ("activity", "car", "", "", "plant", 100.0),
        ("route", "part", "AAA", "DDD", "", 50.0),
        ("route", "part", "BBB", "DDD", "", 50.0),
        ("demand", "car", "", "DDD", "", 100.0),
    ]
    frame = pd.DataFrame(rows, columns=["kind", "commodity", "origin", "destination", "site", "quantity"]).assign(year=2025)
    frame.to_csv(tmp_path / "flows.csv", index=False)
    case = case_of_package(package(tmp_path / "in", unit="week"), flows=tmp_path / "flows.csv")
    np.testing.assert_allclose(case.activity, [50, 50, 0, 100])
    np.testing.assert_allclose(case.stores["quantity"], [110, 50])


def test_exposure_counts_in_the_unit_of_the_package_and_names_it(tmp_path: Path) -> None:
    bare, weekly = exposure(None, network=RECOVERY), exposure(None, network=package(tmp_path / "in", unit="week"))
    pd.testing.assert_frame_equal(bare.data, weekly.data)
    assert weekly.meta["time_unit"] == "week"
    assert "times in weeks" in weekly.meta["title"]
    assert "the unit of the package" in bare.meta["title"]
