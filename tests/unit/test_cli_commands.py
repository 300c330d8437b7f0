"""Every command from its words to its reply, on the shipped facts and on small networks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from orepact.cli.entry import run
from orepact.facts import CLAIM_COLUMNS, Ledger
from orepact.service.result import META_KEYS

TOY = str(Path(__file__).parents[1] / "networks" / "toy")


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]):
    """Run a command line with ``--format json`` and return its reply."""

    def asked(*words: str) -> dict[str, Any]:
        code = run([*words, "--format", "json"])
        said = capsys.readouterr()
        assert code == 0, said.err
        found = json.loads(said.out)
        assert {"data", "meta"} <= set(found)
        assert set(META_KEYS) <= set(found["meta"])
        return found

    return asked


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]):
    """Run a command line that must fail; returns exit code and the error object."""

    def asked(*words: str) -> tuple[int, dict[str, Any]]:
        code = run([*words, "--format", "json"])
        said = capsys.readouterr()
        assert not said.out
        return code, json.loads(said.err)["error"]

    return asked


# measure -------------------------------------------------------------------------------------------


def test_concentration_of_cobalt_mining(ask) -> None:
    found = ask("measure", "concentration", "--commodity", "cobalt", "--stage", "mine", "--year", "2024")
    assert all(set(row) == {"place", "quantity", "unit", "share"} for row in found["data"])
    assert found["data"][0]["place"] == "COD"
    assert sum(row["share"] for row in found["data"]) == pytest.approx(1)
    assert {"hhi", "top1", "top3", "n_minus_1"} <= set(found["meta"])
    assert 5000 < found["meta"]["hhi"] < 6500
    assert found["meta"]["sources"]
    assert found["meta"]["manifest"]["data_edition"]


def test_concentration_by_owner(ask) -> None:
    found = ask("measure", "concentration", "--commodity", "cobalt", "--stage", "mine", "--year", "2024", "--by", "owner")
    assert all(set(row) == {"owner", "quantity", "unit", "share"} for row in found["data"])
    assert found["data"][0]["owner"] == "CHN"
    assert found["data"][-1]["owner"] == "unknown"


def test_reliance_of_a_place_whose_production_is_withheld(ask) -> None:
    found = ask("measure", "reliance", "--place", "USA", "--commodity", "lithium", "--year", "2024")
    assert 0.5 < found["meta"]["net_import_reliance"] < 1
    assert found["data"][0]["net_import_reliance"] == found["meta"]["net_import_reliance"]


def test_an_unknown_name_is_bad_input(refused) -> None:
    code, error = refused("measure", "concentration", "--commodity", "kobalt")
    assert code == 3
    assert "cobalt" in error["close"]
    assert refused("measure", "concentration", "--commodity", "cobalt", "--as-of", "tomorrow")[0] == 3


# facts ---------------------------------------------------------------------------------------------


def test_why_gives_winner_and_losers(ask) -> None:
    found = ask("facts", "why", "COD/cobalt", "mine_production", "--year", "2024")
    assert found["meta"]["winner"]["value"]
    assert [row["verdict"] for row in found["data"]].count("counts") == 1
    assert all(row["reason"] for row in found["data"] if row["verdict"] == "loses")
    assert len(found["data"]) > 1


def test_why_of_something_never_said(refused) -> None:
    code, error = refused("facts", "why", "COD/cobalt", "mine_production", "--year", "1901")
    assert (code, error["code"]) == (3, "not_found")


def test_list_by_every_filter(ask) -> None:
    mined = ("facts", "list", "--attribute", "mine_production", "--commodity", "nickel")
    found = ask(*mined, "--place", "corridor", "--year", "2024")
    assert {row["subject"] for row in found["data"]} == {"CAN/nickel"}
    assert all(row["year"] == "2024" and row["source"] for row in found["data"])
    assert len(ask("facts", "list", "--attribute", "sales", "--limit", "5")["data"]) == 5
    traded = ("facts", "list", "--attribute", "trade_quantity", "--commodity", "lithium_carbonate")
    assert ask(*traded, "--place", "CHL", "--year", "2023")["data"]


def test_list_travels_in_time(ask) -> None:
    now = ask("facts", "list", "--attribute", "mine_production", "--commodity", "cobalt")
    then = ask("facts", "list", "--attribute", "mine_production", "--commodity", "cobalt", "--as-of", "2025-06-30")
    assert 0 < len(then["data"]) < len(now["data"])
    assert max(row["as_of"] for row in then["data"]) <= "2025-06-30"
    assert then["meta"]["manifest"]["as_of"] == "2025-06-30"


def test_sources_carry_licence_and_count(ask) -> None:
    found = ask("facts", "sources")
    assert all(row["licence"] and row["grade"] in {"A", "B", "C", "D"} for row in found["data"])
    assert sum(row["claims"] for row in found["data"]) > 10000
    assert len(ask("facts", "sources", "--source", found["data"][0]["source"])["data"]) == 1


def claims(folder: Path, *rows: tuple[str, ...], name: str = "mine.csv") -> Path:
    named = ["subject", "attribute", "value", "unit", "year", "source"]
    frame = pd.DataFrame(rows, columns=named).assign(
        valid_from="", valid_to="", as_of="2025-01", confidence="reported", label="TLP:CLEAR", note=""
    )
    folder.mkdir(exist_ok=True)
    frame[list(CLAIM_COLUMNS)].to_csv(folder / name, index=False)
    head = "source,producer,title,edition,published,licence,attribution,address,grade,ships\n"
    (folder / "sources.csv").write_text(head + "ours,We,Our book,1,2025,own,,,A,no\n", encoding="utf-8")
    return folder / name


def test_imported_claims_are_used(ask, tmp_path: Path) -> None:
    table = claims(tmp_path / "in", ("FRA/cobalt", "mine_production", "500000", "t", "2024", "ours"))
    into = tmp_path / "out"
    done = ask("facts", "import", str(table), "--sources", str(table.with_name("sources.csv")), "--into", str(into))
    assert done["meta"]["claims"] == 1
    assert {path.name for path in into.iterdir()} == {"mine.parquet", "sources.csv"}
    found = ask("measure", "concentration", "--commodity", "cobalt", "--year", "2024", "--facts", str(into))
    assert found["data"][0]["place"] == "FRA"
    assert found["meta"]["manifest"]["overlays"] == [str(into)]
    assert ask("facts", "check", str(into))["data"]


def test_imported_claims_without_a_folder_are_read_by_every_command(ask, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("OREPACT_HOME", str(tmp_path / "home"))
    table = claims(tmp_path / "in", ("FRA/cobalt", "mine_production", "500000", "t", "2024", "ours"))
    ask("facts", "import", str(table), "--sources", str(table.with_name("sources.csv")))
    assert ask("facts", "why", "FRA/cobalt", "mine_production")["meta"]["winner"]["source"] == "ours"


def test_one_broken_row_and_nothing_is_written(refused, tmp_path: Path) -> None:
    broken = ("FRA/cobolt", "mined", "many", "barrel", "2024", "nobody")
    rows = [("FRA/cobalt", "mine_production", "5", "t", "2024", "ours"), broken]
    table = claims(tmp_path / "in", *rows)
    into = tmp_path / "out"
    words = ("facts", "import", str(table), "--sources", str(table.with_name("sources.csv")), "--into", str(into))
    code, error = refused(*words)
    assert code == 3
    assert {problem["row"] for problem in error["problems"]} == {3}
    assert {problem["column"] for problem in error["problems"]} >= {"subject", "attribute", "unit", "source"}
    assert not into.exists()


def test_baci_trade_comes_in_through_duckdb(ask, refused, tmp_path: Path) -> None:
    sources = claims(tmp_path / "in").with_name("sources.csv")
    flows = tmp_path / "baci.csv"
    chile = ["2023,152,410,283691,100.5,12", "2023,152,410,283691,1,NA"]
    flows.write_text("\n".join(["t,i,j,k,v,q", *chile, "2023,842,36,283691,7,3", "2023,1,2,010101,1,1"]) + "\n")
    into = tmp_path / "out"
    words = ("facts", "import", str(flows), "--layout", "baci", "--sources", str(sources), "--into", str(into), "--hs", "HS2017")
    code, error = refused(*words)
    assert (code, error["problems"][0]["column"]) == (3, "source")
    done = ask(*words, "--source", "ours")
    assert done["meta"]["claims"] == 4
    assert not done["meta"]["warnings"]
    trade = Ledger.shipped([into]).trade("lithium_carbonate", 2023, attribute="trade_quantity", place=["CHL", "USA"])
    ours = trade[trade["source"] == "ours"].set_index("subject")["number"].to_dict()
    assert ours == {"CHL>KOR/lithium_carbonate": 12.0, "USA>AUS/lithium_carbonate": 3.0}
    flows.write_text("a,b\n1,2\n")
    code, error = refused(*words, "--source", "ours")
    assert code == 3
    assert len(error["problems"]) == 6


def test_check_lists_every_problem_of_a_folder(refused, tmp_path: Path) -> None:
    claims(tmp_path, ("FRA/cobalt", "mine_production", "-5", "t", "2024", "ours"), ("FRA/cobalt", "x", "1", "t", "2024", "ours"))
    code, error = refused("facts", "check", str(tmp_path))
    assert code == 3
    assert {problem["row"] for problem in error["problems"]} == {2, 3}
    empty = tmp_path / "empty"
    empty.mkdir()
    assert refused("facts", "check", str(empty))[0] == 3
    assert refused("facts", "check", str(tmp_path / "nowhere"))[0] == 3


# plan ----------------------------------------------------------------------------------------------


def test_plan_of_a_package(ask) -> None:
    found = ask("plan", "--network", TOY)
    assert found["status"] == found["meta"]["status"] == "optimal"
    assert found["objective_usd"] == found["meta"]["objective_usd"] == pytest.approx(40268.51311953353, rel=1e-9)
    metal = next(row for row in found["data"] if row["commodity"] == "metal" and row["year"] == 2031)
    assert (metal["demand"], metal["shortage"], metal["made"]) == (110, 0, pytest.approx(110))
    assert ask("plan", "--network", TOY)["objective_usd"] == found["objective_usd"]


@pytest.mark.parametrize("rows", ["flows", "capacities", "prices", "limits"])
def test_every_table_of_a_plan(ask, rows: str) -> None:
    found = ask("plan", "--network", TOY, "--rows", rows)
    assert rows == "limits" or found["data"]


def test_plan_cut_to_a_question(ask, refused) -> None:
    found = ask("plan", "--network", TOY, "--rows", "flows", "--commodity", "copper", "--place", "North", "--year", "2031")
    assert {row["year"] for row in found["data"]} == {2031}
    assert all("BBB" in {row["origin"], row["destination"]} for row in found["data"])
    assert refused("plan", "--network", TOY, "--commodity", "gold")[0] == 3
    assert refused("plan", "--network", TOY, "--year", "1999")[0] == 3
    assert refused("plan", "--network", TOY, "--place", "nowhere", "--rows", "flows")[0] == 3


def test_plan_written_whole_or_not_at_all(ask, refused, tmp_path: Path) -> None:
    target = tmp_path / "plan"
    ask("plan", "--network", TOY, "--output", str(target))
    assert {path.name for path in target.iterdir()} == {
        "summary.csv", "flows.csv", "capacities.csv", "prices.csv", "limits.csv", "plan.json",
    }  # fmt: skip
    assert json.loads((target / "plan.json").read_text())["status"] == "optimal"
    assert refused("plan", "--network", TOY, "--output", str(target))[0] == 3
    ask("plan", "--network", TOY, "--output", str(target), "--overwrite")
    (target / "mine.txt").write_text("keep me")
    code, error = refused("plan", "--network", TOY, "--output", str(target), "--overwrite")
    assert code == 3
    assert "mine.txt" in error["problems"][0]["found"]
    assert (target / "mine.txt").exists()


def scenario(path: Path, *limits: str) -> str:
    path.write_text("id: mine\nlimits:\n" + "\n".join(limits) + "\n", encoding="utf-8")
    return str(path)


def test_plan_under_a_scenario_file(ask, tmp_path: Path) -> None:
    limit = "  - {kind: largest_supplier_share, name: spread, commodities: metal, places: BBB, by: place, max_share: 0.9}"
    free = ask("plan", "--network", TOY)["objective_usd"]
    assert ask("plan", "--network", TOY, "--scenario", scenario(tmp_path / "mine.yaml", limit))["objective_usd"] > free


def test_no_feasible_plan_is_4_and_names_the_limits(refused, tmp_path: Path) -> None:
    limit = "  - {kind: capacity_target, name: too_much, owner_country: AAA, commodities: metal, minimum: 10}"
    code, error = refused("plan", "--network", TOY, "--scenario", scenario(tmp_path / "mine.yaml", limit))
    assert (code, error["code"]) == (4, "no_feasible_answer")
    assert any("too_much" in conflict for conflict in error["conflicts"])


def test_broken_network_and_scenario_are_reported_whole(refused, tmp_path: Path) -> None:
    code, error = refused("plan", "--network", str(tmp_path))
    assert (code, error["code"]) == (3, "bad_input")
    (tmp_path / "mine.yaml").write_text("id: mine\ndiscount: 0.05\nyears: [2030, 2020]\n")
    code, error = refused("plan", "--network", TOY, "--scenario", str(tmp_path / "mine.yaml"))
    assert code == 3
    assert len(error["problems"]) == 2
    assert refused("plan", "no_such_scenario")[0] == 3


# export --------------------------------------------------------------------------------------------


def test_export_of_a_package_plans_the_same(ask, refused, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    found = ask("export", "datapackage", "--output", str(target), "--network", TOY)
    assert {row["file"] for row in found["data"]} >= {"network.yaml", "datapackage.json", "sites.csv"}
    assert ask("plan", "--network", str(target))["objective_usd"] == ask("plan", "--network", TOY)["objective_usd"]
    assert refused("export", "datapackage", "--output", str(target), "--network", TOY)[0] == 3
    ask("export", "datapackage", "--output", str(target), "--network", TOY, "--overwrite")
