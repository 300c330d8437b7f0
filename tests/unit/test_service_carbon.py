"""The use case and the command of the carbon footprint: rows, headline, methods, packages, and every mistake at once."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from carbon_networks import example, example_flows
from orepact.cli.entry import run
from orepact.errors import BadInput, NotFound
from orepact.service import measure_carbon_of_package, open_ledger
from orepact.service.carbon import measure_carbon


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    """The chain of the page as a package, with demand that makes the plan run it as written."""
    network = example()
    demand = pd.DataFrame([("cell", "B", 2030, 20.0)], columns=["commodity", "place", "year", "quantity"])
    folder = tmp_path_factory.mktemp("carbon") / "package"
    network.with_tables(demand=demand).to_package(folder)
    return folder


@pytest.fixture(scope="module")
def flows_file(tmp_path_factory) -> Path:
    return example_flows().to_csv(tmp_path_factory.mktemp("flows") / "flows.csv")


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]):
    """Run the command; exit code, what it printed and what it said of mistakes."""

    def asked(*words: str | Path) -> tuple[int, str, str]:
        code = run(["measure", "carbon", *map(str, words)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return asked


def test_a_package_answers_by_its_own_columns(package):
    found = measure_carbon_of_package(package, "CELL", place="B")
    assert found.meta["kg_co2e_per_kwh"] == pytest.approx(0.875)
    assert found.top == pytest.approx({"kg_co2e_per_unit": 875, "kg_co2e_per_kwh": 0.875})
    assert found.data["kg_co2e_per_unit"].sum() == pytest.approx(875)
    assert {"stage", "place", "kg_co2e_per_unit", "kg_co2e_per_kwh", "share"} <= set(found.data)
    assert found.meta["grade"] == ""
    assert found.meta["basis"].startswith("supply")


def test_a_place_that_makes_none_is_told_to_be_a_buyer(package):
    found = measure_carbon_of_package(package, "ore", place="B")
    assert any(warning.startswith("nothing of ore is made in B") for warning in found.warnings)
    found = measure_carbon_of_package(package, "cell", place="B")
    assert not any(warning.startswith("nothing of") for warning in found.warnings)


def test_allocation_and_rows_follow_the_question(package, flows_file):
    whole = measure_carbon_of_package(package, "cell", allocation="main", rows="places", flows=flows_file)
    assert whole.meta["kg_co2e_per_unit"] == pytest.approx(1000)
    assert whole.meta["basis"].startswith("production")
    nodes = measure_carbon_of_package(package, "metal", rows="nodes").data
    assert nodes[["commodity", "place", "kg_co2e_per_unit"]].to_numpy().tolist() == [["metal", "B", pytest.approx(375)]]
    assert "kg_co2e_per_kwh" not in nodes


def test_a_contract_turns_the_method_to_market(package, tmp_path, ask):
    file = tmp_path / "power.csv"
    file.write_text("place,process,kg_co2e_per_kwh,share\nB,celling,0.02,0.5\n", encoding="utf-8")
    code, text, _ = ask("--network", package, "--commodity", "CELL", "--place", "B", "--supply-contract", file, "-f", "json")
    reply = json.loads(text)
    assert code == 0
    assert reply["kg_co2e_per_unit"] == pytest.approx(375 + 5000 * (0.5 * 0.02 + 0.5 * 0.1))
    assert (reply["meta"]["method"], reply["meta"]["kg_co2e_per_kwh"]) == ("market", pytest.approx(0.675))


def test_every_mistake_of_a_contract_file_is_reported_and_nothing_printed(package, tmp_path, ask):
    file = tmp_path / "power.csv"
    file.write_text(
        "place,site,kg_co2e_per_kwh,share,year\nAtlantis,,0.1,1.5,\n,,0.1,0.5,\n,plant,-0.2,0.5,2030\nB,,many,0.5,soon\n",
        encoding="utf-8",
    )
    code, text, mistakes = ask("--network", package, "--commodity", "CELL", "--supply-contract", file, "-f", "json")
    assert (code, text) == (3, "")
    for word in ("Atlantis", "1.5", "none of them", "-0.2", "many", "soon"):
        assert word in mistakes
    with pytest.raises(BadInput) as caught:
        measure_carbon_of_package(package, "cell", method="market", contracts=file)
    assert len(caught.value.problems) == 6


@pytest.mark.parametrize(
    "text", ["", "place,share\nB,1\n", "place,kg_co2e_per_kwh,share\n", "place,kg_co2e_per_kwh,share,co2\nB,1,1,1\n"]
)
def test_a_file_that_is_no_table_of_contracts_is_refused(package, tmp_path, text):
    file = tmp_path / "power.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput):
        measure_carbon_of_package(package, "cell", method="market", contracts=file)


def test_words_that_nobody_knows_are_named(package):
    for asked in ({"rows": "everything"}, {"basis": "half"}, {"method": "hope"}, {"allocation": "height"}, {"place": "Atlantis"}):
        with pytest.raises(NotFound):
            measure_carbon_of_package(package, "cell", **asked)
    with pytest.raises(NotFound):
        measure_carbon_of_package(package, "unobtainium")
    with pytest.raises(BadInput, match="contracts"):
        measure_carbon_of_package(package, "cell", method="market")
    with pytest.raises(BadInput, match="another place"):
        measure_carbon_of_package(package, "cell", place="A")


def test_commodities_of_several_units_have_no_common_figure(package, tmp_path):
    network = example()
    things = network.commodities.copy()
    things.loc["acid", "unit"] = "kg"
    folder = tmp_path / "mixed"
    demand = pd.DataFrame([("cell", "B", 2030, 20.0)], columns=["commodity", "place", "year", "quantity"])
    network.with_tables(commodities=things, demand=demand).to_package(folder)
    with pytest.raises(BadInput, match="one unit"):
        measure_carbon_of_package(folder, "refine")


def test_the_reference_network_answers_with_grade_sources_and_warnings():
    found = measure_carbon(open_ledger(), "CELL", place="KOR", basis="production")
    assert 40 < found.meta["kg_co2e_per_kwh"] < 110
    assert found.meta["grade"] in "ABCD"
    assert sum(found.meta["quality"].values()) == pytest.approx(1, abs=1e-3)
    assert {"orepact_carbon", "owid_ember_2026", "orepact_province_grid"} <= {
        source["source"] for source in found.meta["sources"]
    }
    assert {row["commodity"] for row in found.meta["by_commodity"]} >= {"cell_nmc811", "cell_nmc622"}
    assert found.data["share"].sum() == pytest.approx(1)
    assert len(found.for_people()) <= 21
    assert found.for_people()["kg_co2e_per_unit"].sum() == pytest.approx(found.meta["kg_co2e_per_unit"])


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_the_command_answers_in_three_forms(package, form, ask):
    code, text, _ = ask("--network", package, "--commodity", "CELL", "--place", "B", "--format", form)
    assert code == 0
    assert "kg_co2e_per_kwh" in text
    assert "on the way" in text
