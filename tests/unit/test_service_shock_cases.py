"""The usual week as a use case: packages, mistakes, and the reference year against the world."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from orepact.errors import BadInput
from orepact.service.shock import exposure
from orepact.service.shock.cases import case_of_package
from orepact.shock.case.case import ShockCase
from orepact.shock.case.rules import CaseRules
from reference_networks import usual_week

CASES = Path(__file__).parents[1] / "cases"
NETWORKS = Path(__file__).parents[1] / "networks"
WEEKS = 52


def test_a_stock_without_an_owner_is_refused_before_anything_is_solved() -> None:
    with pytest.raises(BadInput) as caught:
        case_of_package(CASES / "shock_stock_without_owner")
    assert f"{caught.value}\n" == (CASES / "shock_stock_without_owner" / "expected.txt").read_text(encoding="utf-8")


def test_stocks_of_nobody_serve_whoever_needs_them(tmp_path: Path) -> None:
    """The same folder with no owner at all: events and exposure take it alike, and both say so."""
    folder = tmp_path / "p"
    shutil.copytree(CASES / "shock_stock_without_owner", folder)
    (folder / "datapackage.json").unlink()
    (folder / "stockpiles.csv").write_text("commodity,place,quantity\nore,HOME,200\nmetal,HOME,100\n", encoding="utf-8")
    said = "none of 2 stocks names an owner: each serves whoever needs it"
    assert said in case_of_package(folder).warnings
    assert said in exposure(None, network=folder, time=1.0, kinds=["site"]).meta["warnings"]


def test_a_package_takes_nothing_from_the_shipped_assumptions(tmp_path: Path) -> None:
    assert CaseRules.package() == CaseRules()
    (tmp_path / "ways.yaml").write_text(
        "ways:\n  - {title: t, source: s, confidence: estimated, origin: A, commodities: [x], weeks: 2}\n"
    )
    asked = CaseRules.package(tmp_path)
    assert [way.weeks for way in asked.ways] == [2]
    assert asked.thinning is None


def test_every_problem_of_rule_files_is_told_at_once() -> None:
    folder = CASES / "shock_rules_many_mistakes"
    with pytest.raises(BadInput) as caught:
        CaseRules.reference(folder)
    assert f"{caught.value}\n" == (folder / "expected.txt").read_text(encoding="utf-8")


def test_a_folder_of_rules_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no folder"):
        CaseRules.reference(tmp_path / "none")


def test_a_misspelt_file_of_rules_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "inventory.yaml").write_text("stages: {}\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"inventory\.yaml.*did you mean inventories\.yaml"):
        CaseRules.reference(tmp_path)


def test_the_week_of_a_package() -> None:
    """The magnets of 2030: 2.6 million motors a year in Japan, and its stock of 1,200 t less the 160 t that the plan draws."""
    case = case_of_package(NETWORKS / "magnets", year=2030)
    motors = case.wants[(case.wants["commodity"] == "traction_motor") & (case.wants["place"] == "JPN")]
    assert case.demand[motors.index[0]] == pytest.approx(2_600_000 / WEEKS)
    stock = case.stores.set_index(["commodity", "place"]).loc[("ndpr_oxide", "JPN")]
    assert stock["kind"] == "stockpile"
    assert stock["quantity"] == pytest.approx(1200 - WEEKS * max(case.other[stock["node"]], 0.0))
    assert np.abs(case.residual).max() < 1e-6
    assert not case.warnings


def test_a_package_without_stocks_says_so() -> None:
    case = case_of_package(NETWORKS / "splitter")
    assert not len(case.stores)
    assert any("states no stocks" in warning for warning in case.warnings)


# The reference year ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def usual_2024() -> ShockCase:
    """The usual week of 2024 on the shipped facts."""
    return usual_week()[0]


def weekly(case: ShockCase, *goods: str) -> float:
    """What sites make of some goods in a usual week, as their main output."""
    return float(case.activity[case.network.site_output.isin(goods).to_numpy()].sum())


@pytest.mark.slow
def test_the_week_of_2024_closes_on_few_routes(usual_2024: ShockCase) -> None:
    case, network = usual_2024, usual_2024.network
    moved = np.abs(network.S) @ case.activity + np.abs(network.N) @ case.flow
    assert (np.abs(case.residual) <= 1e-9 * np.maximum(moved, 1e-6)).all()
    assert (case.flow > 0).sum() == pytest.approx(5_200, rel=0.02)  # docs/why/shock-case.md
    assert (case.flow <= 0).sum() == pytest.approx(850, rel=0.05)
    share = case.assumptions["kept_on_its_route_share"]
    assert isinstance(share, float)
    assert share >= 0.97
    assert (case.capacity >= case.activity).all()
    assert case.wants["loss_usd_per_unit"].notna().all()
    assert not [warning for warning in case.warnings if "void" in warning]


@pytest.mark.slow
def test_the_week_of_2024_against_the_world(usual_2024: ShockCase) -> None:
    """Published figures, in bands as wide as they differ.

    Cells: IEA says above 1,000 GWh of demand in 2024; makers shipped more. Electric cars: 17 million (IEA). Stock of lithium
    carbonate: SMM counted 92,646 t in China in May 2024, the larger part of the world's. Cobalt hydroxide: the world mined about
    220,000 t of cobalt in the Congo; three to four months of use lie with smelters.
    """
    case = usual_2024
    cells = ("cell_lfp", "cell_lco", "cell_nca", "cell_nmc622", "cell_nmc811", "cell_lmfp")
    assert 1_000 < WEEKS * weekly(case, *cells) / 1000 < 1_500
    assert 16e6 < WEEKS * weekly(case, "ev_car_lfp", "ev_car_nickel") < 19e6
    held = case.stores[case.stores["kind"] == "warehouse"].groupby("commodity")["quantity"].sum()
    assert 92_646 < held["lithium_carbonate"] < 160_000
    assert 12 < held["cobalt_hydroxide"] / weekly(case, "cobalt_hydroxide") < 20
    cars = held[["ev_car_lfp", "ev_car_nickel"]].sum() / weekly(case, "ev_car_lfp", "ev_car_nickel")
    assert 5 < cars < 9  # weeks; 60 to 65 days are usual in the United States


@pytest.mark.slow
def test_public_stocks_are_days_of_use(usual_2024: ShockCase) -> None:
    """Korea's lithium: 5.8 days of what is used there; none for China, the United States and Canada, and that is said."""
    case = usual_2024
    used = -case.network.S.minimum(0.0) @ case.activity + np.bincount(case.wants["node"], case.demand, len(case.network.nodes))
    public = case.stores[case.stores["kind"] == "stockpile"]
    korea = public[(public["party"] == "KOR") & (public["commodity"] == "lithium_hydroxide")].iloc[0]
    assert korea["quantity"] == pytest.approx(5.8 / 365 * WEEKS * used[korea["node"]], rel=1e-6)
    assert set(public["party"]) == {"JPN", "KOR"}
    assert all(any(name in warning for warning in case.warnings) for name in ("China", "United States", "Canada"))
    assert (public["release_per_week"] < public["quantity"] - public["floor"]).all()


@pytest.mark.slow
def test_cobalt_from_congo_is_four_months_under_way(usual_2024: ShockCase) -> None:
    routes = usual_2024.network.routes
    way = (routes["commodity"] == "cobalt_hydroxide") & (routes["origin"] == "COD") & (routes["destination"] == "CHN")
    assert usual_2024.lag_weeks[way.to_numpy()].tolist() == [16]


@pytest.mark.slow
def test_provinces_are_one_party(usual_2024: ShockCase) -> None:
    assert {"CA-QC", "CA-ON"} < set(usual_2024.parties["CAN"])
    assert usual_2024.parties["JPN"] == ("JPN",)
    assert sum(map(len, usual_2024.parties.values())) == len(usual_2024.network.places)


@pytest.mark.slow
def test_a_car_may_have_the_other_battery(usual_2024: ShockCase) -> None:
    table = usual_2024.substitutions
    wants = usual_2024.wants
    pairs = pd.DataFrame({end: wants["commodity"].to_numpy()[table[end]] for end in ("wanted", "instead")}).drop_duplicates()
    assert {tuple(pair) for pair in pairs.to_numpy()} == {
        ("ev_car_nickel", "ev_car_lfp"),
        ("ev_car_lfp", "ev_car_nickel"),
        ("pack_ev_nickel", "pack_ev_lfp"),
    }
    at = wants["place"].to_numpy()
    assert (at[table["wanted"]] == at[table["instead"]]).all()


@pytest.mark.slow
def test_finding_the_week_takes_little_beside_the_flows() -> None:
    """At most two seconds of processor time beyond the balanced year."""
    assert usual_week()[1] < 2.0


@pytest.mark.parametrize("times", [0.0, 1.0, 10.0])
def test_an_ordinary_year_leaves_the_stocks_of_a_package_alone(tmp_path: Path, times: float) -> None:
    """A plan of least cost would use up what lies there for nothing; then more stock would bridge no stop."""
    folder = tmp_path / "p"
    shutil.copytree(NETWORKS / "recovery", folder)
    stocks = pd.read_csv(folder / "stockpiles.csv")
    stocks.assign(quantity=stocks["quantity"] * times).to_csv(folder / "stockpiles.csv", index=False)
    case = case_of_package(folder)
    assert case.stores["quantity"].sum() == pytest.approx(160.0 * times)
    assert case.activity == pytest.approx(case_of_package(NETWORKS / "recovery").activity)
