"""The four answers on a chain small enough to check on paper (see tests/brief_sample.py)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from brief_sample import sample_ledger, sample_material, sample_network
from orepact.facts import Codes, Ledger
from orepact.measure.reliance import as_row
from orepact.measure.supply.capacities import reference_network
from orepact.report.assemble import Material
from orepact.report.exposure import Exposure
from orepact.report.needs import Needs, cells_made
from orepact.report.pipeline import Pipeline
from orepact.report.projects import Projects
from orepact.report.reliance import dependences, reliance_table
from orepact.report.scope import factors, party_of, products, title_of
from orepact.service import measure_reliance
from orepact.service.brief import find_goal, measure_stages


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("brief") / "facts"


@pytest.fixture(scope="module")
def material(folder: Path) -> Material:
    return sample_material(folder)


def test_need_follows_recipes_to_the_refined_chemical() -> None:
    needs = Needs(sample_network())
    assert needs.of("cell_nmc811") == {"lithium": pytest.approx(0.1)}
    assert needs.of("lithium_hydroxide") == {"lithium": 0.1}


def test_pipeline_stacks_by_status_and_weighs_what_is_not_there_yet() -> None:
    pipeline, product = Pipeline(sample_network(), ("CA-QC",)), products()["mined_lithium"]
    bars = pipeline.by_status(product, (2025, 2030))
    assert bars.loc["Under construction"].tolist() == [0.0, pytest.approx(100.0)]
    assert bars.loc["Operating"].tolist() == [0.0, 0.0]
    assert pipeline.expected(product, (2025, 2030)).tolist() == [0.0, pytest.approx(50.0)]


def test_target_adds_up_named_residual_and_weighted_plants(material: Material) -> None:
    step = material.target.steps
    assert (step["operating"], step["residual"], step["announced"], step["weighted"]) == (1.5, 0.5, 2.0, pytest.approx(0.8))
    assert step["expected"] == pytest.approx(2.8) == pytest.approx(step["planned"])
    assert material.target.gap_gwh == pytest.approx(7.2)


def test_canada_carries_what_its_mines_are_expected_to_give(material: Material) -> None:
    element, need, supply, part = material.target.carry()[0]
    assert (element, need, supply, part) == ("lithium", pytest.approx(1000.0), pytest.approx(50.0), pytest.approx(0.05))


def test_shortage_is_what_the_plan_leaves_unserved(material: Material) -> None:
    table = material.buildout.demand
    frame = material.plan.flows.frame
    for kind in ("shortage", "demand"):
        assert table[kind].sum() == pytest.approx(frame.loc[frame["kind"] == kind, "quantity"].sum())
    korea = material.buildout.shortage_of(2035, ("KOR",)).iloc[0]
    assert korea["shortage"] == pytest.approx(float(korea["part"]) * 3000.0)


def test_investment_table_sums_to_the_plan(material: Material) -> None:
    rows = material.buildout.investment_table().rows
    spent = float(material.plan.capacities["investment_usd"].sum())
    assert (float(rows[-1].cells["all"]) * 1e9 if rows else 0.0) == pytest.approx(spent)


def test_cells_are_counted_by_place_and_by_owner(material: Material) -> None:
    flows = material.plan.flows
    here, owned = cells_made(flows, ("JPN",)), cells_made(flows, owner="JPN")
    pd.testing.assert_frame_equal(here, owned)
    assert float(cells_made(flows, ("CA-QC",)).to_numpy().sum()) == 0.0


def test_exposure_measures_capacity_at_work_by_place_and_owner(material: Material) -> None:
    cell = material.exposure.standing("lithium", "cell", "owner")
    assert cell is not None
    assert (cell.largest, cell.top1) == ("JPN", pytest.approx(2000 / 3000))
    assert cell.basis.confidence == "estimated"
    assert material.exposure.standing("cobalt", "cell", "place") is None


def test_statistics_win_over_capacity_and_owners_fill_in_where_claims_say_nothing(folder: Path, material: Material) -> None:
    ledger = sample_ledger(folder)
    measured = measure_stages(ledger, 2024)
    exposure = Exposure(ledger, material.standing, measured, 2024)
    place, owner = (exposure.standing("lithium", "refine", by) for by in ("place", "owner"))
    assert place is not None
    assert owner is not None
    assert (place.largest, place.top1, place.basis.sources) == ("CHN", pytest.approx(0.7), ("survey",))
    assert (owner.largest, owner.top1) == ("CHN", pytest.approx(0.7))
    assert owner.figures["unknown_share"] == pytest.approx(0.3)


def test_brief_and_command_tell_the_same_reliance() -> None:
    ledger = Ledger.shipped()
    network = reference_network(ledger)
    told = {(item.place, item.thing): item for item in dependences(ledger, 2024, network)}
    assert len(told) >= 15
    for place, element in (("CAN", "cobalt"), ("JPN", "lithium"), ("KOR", "graphite"), ("KOR", "manganese"), ("CAN", "nickel")):
        row = measure_reliance(ledger, place, element, year=2024).data.iloc[0]
        assert as_row(told[place, element].reliance) == {name: row[name] for name in as_row(told[place, element].reliance)}
    cells = {(row.cells["place"], row.cells["element"]): row.cells for row in reliance_table(ledger, [*told.values()], 2024).rows}
    lithium = cells["Korea", "Lithium"]
    assert lithium["largest"] in {"China", "Chile"}
    assert 0 < lithium["largest_share"] <= 1


def test_projects_tell_status_since_when_and_slips(folder: Path) -> None:
    projects = Projects(sample_ledger(folder))
    row = projects.table().rows[0]
    assert (row.cells["status"], row.cells["since"]) == ("Under construction", "2026-02-13")
    assert projects.slips == {"north_mine": ("2026", "2028")}
    assert row.basis.sources == ("press",)


def test_goal_falls_back_to_the_shipped_scenario(folder: Path) -> None:
    goal = find_goal(sample_ledger(folder))
    assert (goal.mwh_per_year, goal.year) == (600_000.0, 2030)


def test_parties_cover_every_place_and_have_names() -> None:
    codes = Codes.shipped()
    parties = party_of(codes)
    assert set(parties) == set(codes.places)
    assert (parties["CA-QC"], parties["DEU"], parties["CHL"]) == ("CAN", "europe", "rest")
    assert all(title_of(codes, party) for party in parties.values())


def test_products_of_other_sectors_are_simply_absent() -> None:
    network = sample_network()
    assert factors(network, products()["mined_nickel"]) == {}
    assert factors(network, products()["cells"]) == {"cell_nmc811": 0.001}
