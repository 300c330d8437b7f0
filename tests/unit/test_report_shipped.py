"""What the brief says of the shipped facts is what the measures say when they are asked one by one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from orepact import service
from orepact.facts import Ledger
from orepact.report.brief import Brief, Finding
from orepact.report.eligibility import HEADINGS
from orepact.report.words import THIN, number, share
from orepact.service.brief import Answers, brief_of
from reference_networks import reference_answers, shipped

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return shipped()


@pytest.fixture(scope="module")
def answers() -> Answers:
    return reference_answers()


@pytest.fixture(scope="module")
def brief(ledger: Ledger, answers: Answers) -> Brief:
    return brief_of(ledger, answers)


@pytest.fixture(scope="module")
def flows(answers: Answers, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The balanced year as a file, so that each command measures the same flows without balancing again."""
    path = tmp_path_factory.mktemp("flows") / "flows.csv"
    answers.base.frame.to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def findings(brief: Brief) -> Mapping[str, Finding]:
    return {finding.section: finding for finding in brief.findings}


def test_traced_shares_are_those_of_the_command(ledger: Ledger, brief: Brief, flows: Path) -> None:
    rows = [row for row in brief.tables["traced_shares"].records() if (row["place"], row["element"]) == ("Korea", "Cobalt")]
    asked = {"place": "KOR", "element": "cobalt", "by": "owner", "basis": "production", "year": 2024}
    command = service.measure_origin(ledger, "CELL", flows=flows, **asked).data.set_index("origin")["share"]
    told = {row["origin"]: row["share"] for row in rows if row["by"] == "owner" and row["stage"] == "Mine"}
    assert told["China"] == pytest.approx(float(command["CHN"]), abs=1e-6)


def test_carbon_is_that_of_the_command(ledger: Ledger, findings: Mapping[str, Finding], flows: Path) -> None:
    command = service.measure_carbon(ledger, "CELL", place="KOR", basis="production", year=2024, flows=flows)
    assert findings["carbon"].figure == f"{number(float(command.meta['kg_co2e_per_kwh']))} kg"
    by_place = command.data.groupby("place")["share"].sum()
    assert f"{share(float(by_place['KOR']))} is emitted in Korea" in findings["carbon"].words


@pytest.mark.parametrize(("rules", "place"), [("concern-25", "KOR"), ("eu-battery-2031", "JPN"), ("us-45x-2026", "CA-ON")])
def test_eligibility_is_that_of_the_command(ledger: Ledger, brief: Brief, flows: Path, rules: str, place: str) -> None:
    title = ledger.codes.places[place].title
    (row,) = (
        row for row in brief.tables["eligibility_reasons"].records()
        if row["product"] == "NMC811" and row["place"].rstrip("*") == title and row["rules"] == HEADINGS[rules]
    )  # fmt: skip
    command = service.measure_eligibility(ledger, "cell_nmc811", place, rules, year=2024, flows=flows)
    assert row["verdict"] == command.meta["verdict"]["cell_nmc811"]
    change = command.meta["cheapest_change"][0]
    if change["status"] == "change":
        assert row["extra_usd_per_kwh"] == pytest.approx(change["extra_cost_usd_per_kwh"], rel=0.02)


def test_every_finding_shows_a_number_that_its_section_has_a_table_for(brief: Brief) -> None:
    sections = {section.id: section for section in brief.sections}
    for finding in brief.findings:
        assert re.search(r"\d", finding.figure)
        assert list(sections[finding.section].tables)
        assert "nan" not in finding.words.replace(THIN, " ").lower().split()


def test_the_largest_sellers_of_all_three_countries_reach_back_to_2015(brief: Brief) -> None:
    rows = brief.tables["largest_sellers_by_year"].records()
    for place in ("Korea", "Japan", "Canada"):
        years = {row["year"] for row in rows if row["place"] == place}
        assert {"2015", "2024"} <= years
