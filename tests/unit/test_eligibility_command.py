"""``orepact measure eligibility`` and ``orepact rules``: from words to replies, on a person's bill and on a small network."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from orepact.cli.entry import run

ROOT = Path(__file__).parents[2]
TOY = str(ROOT / "tests" / "networks" / "toy")
CASES = ROOT / "tests" / "cases"
BILL = """\
material,cost_usd,place,owner,owner_country,today
cathode,30000,KOR,L&F,KOR,
graphite,10000,CHN,,,
electrolyte,8000,POL,,,
separator,12000,JPN,Asahi,JPN,
electrolyte,9000,KOR,Enchem,KOR,no
graphite,14000,JPN,Resonac,JPN,no
making,20000,,LG,KOR,
"""
ALL_DECLARED = ("--declare", "debt=0.1", "--declare", "officers=no", "--declare", "contracts=no")


@pytest.fixture
def bill(tmp_path: Path) -> str:
    path = tmp_path / "bill.csv"
    path.write_text(BILL, encoding="utf-8")
    return str(path)


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]):
    def asked(*words: str) -> dict:
        code = run(["measure", "eligibility", *words, "--format", "json"])
        said = capsys.readouterr()
        assert code == 0, said.err
        return json.loads(said.out)

    return asked


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]):
    def asked(*words: str) -> dict:
        code = run(["measure", "eligibility", *words, "--format", "json"])
        said = capsys.readouterr()
        assert code == 3
        assert not said.out
        return json.loads(said.err)["error"]

    return asked


def words(bill: str, year: int, place: str = "USA") -> tuple[str, ...]:
    return ("--product", "CELL", "--place", place, "--rules", f"us-45x-{year}", "--bill", bill)


@pytest.mark.parametrize(("year", "verdict"), [(2026, "pass"), (2028, "pass"), (2029, "undetermined"), (2030, "fail")])
def test_the_worked_example(ask, bill: str, year: int, verdict: str) -> None:
    found = ask(*words(bill, year), *ALL_DECLARED)
    ratio = next(row for row in found["data"] if row["test"] == "cost_ratio")
    assert (ratio["low"], ratio["high"]) == pytest.approx((0.70, 0.8333333))
    assert ratio["verdict"] == verdict
    assert found["verdict"] == {"cell": verdict}
    assert {
        "test",
        "rule",
        "provision",
        "measured",
        "low",
        "high",
        "operator",
        "threshold",
        "verdict",
        "why",
        "source",
        "status",
    } <= set(ratio)


def test_the_worked_example_mends_itself_as_the_page_says(ask, bill: str) -> None:
    found = ask(*words(bill, 2029), *ALL_DECLARED)
    (change,) = found["meta"]["cheapest_change"]
    assert change["status"] == "change"
    assert change["extra_cost_usd_per_unit"] == pytest.approx(1000 * 6 / 8.2, abs=1e-3)
    assert change["extra_cost_usd_per_kwh"] == pytest.approx(6 / 8.2, abs=1e-6)
    moved = {(s["material"], s["place"]): (s["share_from"], s["share_to"]) for s in change["shifts"]}
    assert moved[("electrolyte", "KOR")] == (0.0, pytest.approx(6 / 8.2, abs=1e-6))
    assert ("graphite", "JPN") not in moved


def test_the_page_prints_these_numbers() -> None:
    page = (ROOT / "docs" / "why" / "eligibility.md").read_text(encoding="utf-8")
    assert f"y = 6,000 / 8,200 = {600 / 8.2:.1f} %, at {6000 / 8.2:.0f} USD" in page
    z = 6000 / (14_000 - 0.8 * 4000)
    assert f"z = {100 * z:.1f} %, at {4000 * z:,.0f} USD" in page
    assert f"= {42 / 60:.1%}".replace("%", " %") in page
    assert f"= {50 / 60:.1%}".replace("%", " %") in page
    assert "not legal advice" in page
    from orepact.facts.rules import RuleBook

    rules = RuleBook.shipped().rules.values()
    assert f"Of {len(rules)} rules {sum(not rule.verified for rule in rules)} are **unverified**" in page


def test_what_must_be_made_elsewhere_is_named(ask, bill: str) -> None:
    found = ask(*words(bill, 2026, "CA-ON"), *ALL_DECLARED)
    assert found["verdict"] == {"cell": "fail"}
    (change,) = found["meta"]["cheapest_change"]
    assert change["status"] == "no such change"
    assert change["blocking"] == [{"test": "made_in_us_cell", "why": "made in CA-ON; it must be made in USA"}]


def test_every_reply_says_that_it_is_no_advice_and_names_its_rules(ask, bill: str) -> None:
    meta = ask(*words(bill, 2026))["meta"]
    assert any("not legal advice" in text for text in meta["warnings"])
    assert meta["manifest"]["rules"] == "us-45x-2026"
    assert meta["manifest"]["date"] == "2026-07-01"
    assert {"US-45X-MACR-BATT-2026", "US-45X-AMT-battery_cell"} <= {source["source"] for source in meta["sources"]}


def test_csv_and_table_hold_the_same_tests(bill: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["measure", "eligibility", *words(bill, 2029), "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["test"] for row in rows] == ["made_in_us_cell", "cost_ratio", "maker", "debt", "officers", "contracts"]
    assert run(["measure", "eligibility", *words(bill, 2029)]) == 0
    said = capsys.readouterr().out
    assert "cheapest change, cell: buy differently" in said
    assert "cost_ratio" in said


def test_owners_of_a_bill_come_from_a_tree(ask, bill: str, tmp_path: Path) -> None:
    path = tmp_path / "owners.csv"
    path.write_text("company,holder,share,holder_country\nAsahi,Dragon,0.25,CHN\nAsahi,Rising Sun,0.75,JPN\n")
    found = ask(*words(bill, 2026), "--owners", str(path))
    ratio = next(row for row in found["data"] if row["test"] == "cost_ratio")
    assert (ratio["low"], ratio["high"]) == pytest.approx((0.50, 38 / 60))
    assert "separator of Asahi in JPN (one holder of covered nations 25 %" in ratio["why"]


def test_owner_shares_of_a_bill(ask, tmp_path: Path) -> None:
    path = tmp_path / "bill.csv"
    path.write_text("material,cost_usd,place,owner_country,owner_share\na,60,KOR,,KOR:0.8; CHN:0.2\nb,40,KOR,CHN,0.24\n")
    found = ask("--product", "CELL", "--place", "KOR", "--rules", "concern-40", "--bill", str(path))
    inputs = next(row for row in found["data"] if row["test"] == "inputs")
    assert (inputs["low"], inputs["high"], inputs["verdict"]) == (pytest.approx(0.6), 1.0, "undetermined")


def test_every_mistake_of_a_bill_is_told_at_once(refused, tmp_path: Path) -> None:
    path = tmp_path / "bill.csv"
    path.write_text(
        "material,cost_usd,place,owner_country,owner_share,today,recycled_cobalt\n"
        "cathode,many,KOR,KOR,,,\n,5,KOR,,,,\ngraphite,10,ATLANTIS,china,1.4,maybe,2\nfoil,5,KOR,KOR,KOR:0.8; CHN:0.5,,\n"
    )
    error = refused(*words(str(path), 2026))
    told = " ".join(f"{p['where']}: {p['found']}" for p in error["problems"])
    for wrong in ("many", "ATLANTIS", "'china'", "'1.4'", "'maybe'", "2", "KOR:0.8; CHN:0.5"):
        assert wrong in told
    assert {p["row"] for p in error["problems"]} == {2, 3, 4, 5}


def test_a_bill_that_buys_nothing(refused, tmp_path: Path) -> None:
    path = tmp_path / "bill.csv"
    path.write_text("material,cost_usd,today\ncathode,10,no\nmaking,5,\n")
    assert refused(*words(str(path), 2026))["problems"][0]["expected"] == "at least one material that is bought today"


def test_unknown_names_and_days_are_refused(refused, bill: str) -> None:
    assert refused("--product", "CELL", "--place", "USA", "--rules", "us-45x-206", "--bill", bill)["close"]
    assert refused("--product", "CELL", "--place", "US", "--rules", "us-45x-2026", "--bill", bill)["code"] == "not_found"
    assert "2026-13-01" in str(refused(*words(bill, 2026), "--date", "2026-13-01")["problems"])
    assert "stages" in str(refused("--product", "ore", "--place", "AAA", "--rules", "us-45x-2026", "--network", TOY)["problems"])
    assert "speaks of" in str(
        refused("--product", "nickel_ore", "--place", "USA", "--rules", "us-45x-2026", "--bill", bill)["problems"]
    )


def test_a_ring_of_owners_is_refused(refused, bill: str, tmp_path: Path) -> None:
    path = tmp_path / "owners.csv"
    path.write_text("company,holder,share\nA,B,0.5\nB,C,0.5\nC,A,0.5\n")
    assert "A > B > C > A" in str(refused(*words(bill, 2026), "--owners", str(path))["problems"])


def test_overlapping_rules_are_refused(refused, bill: str) -> None:
    folder = str(CASES / "rules_overlapping_dates")
    assert "XX-A" in str(refused(*words(bill, 2026), "--rules-folder", folder)["problems"])


def test_own_rules(ask, bill: str) -> None:
    folder = str(CASES / "rules_no_mistake")
    found = ask("--product", "CELL", "--place", "USA", "--rules", "own-ratio", "--bill", bill, "--rules-folder", folder)
    assert found["verdict"] == {"cell": "pass"}


def test_words_that_are_missing_are_wrong_usage(bill: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["measure", "eligibility", "--rules", "us-45x-2026"]) == 2
    assert run(["measure", "eligibility", *words(bill, 2026), "--declare", "debt"]) == 2
    capsys.readouterr()


def test_a_network_package_needs_no_facts(ask) -> None:
    """Metal of Buyland takes 4 t of ore at 100 USD and 20 USD freight from Oreland; nobody makes it there in 2030."""
    found = ask("--network", TOY, "--product", "METAL", "--place", "BBB", "--rules", "concern-control", "--year", "2030")
    assert found["verdict"] == {"metal": "pass"}
    (ore,) = found["meta"]["bill"]
    assert (ore["place"], ore["quantity"], ore["cost_usd"]) == ("AAA", 4.0, pytest.approx(480.0))
    assert any("a plant there on paper" in text for text in found["meta"]["warnings"])


def test_rule_sets_are_listed_without_facts(ask, capsys: pytest.CaptureFixture[str]) -> None:
    assert {"us-45x-2026", "cusma-core"} <= {row["rules"] for row in ask("--rules", "list")["data"]}
    assert run(["rules", "list", "--sets", "--format", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["data"]) == 18
    assert run(["rules", "list", "--date", "2026-07-01", "--place", "CHN", "--format", "json"]) == 0
    listed = {row["rule"] for row in json.loads(capsys.readouterr().out)["data"]}
    assert "CN-GRAPHITE-2023" in listed
    assert "CN-2025-58" not in listed


@pytest.mark.parametrize("name", ["us-45x-2026", "US-SFE-countries"])
def test_a_set_or_a_rule_is_shown(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "show", name, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["data"]
    assert any("not legal advice" in text for text in found["meta"]["warnings"])
    assert run(["rules", "show", "no-such-rule"]) == 3
    assert re.search("is not known", capsys.readouterr().err)
