"""The page on observations says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orepact.chain.reference import baseline_case
from orepact.chain.reference.observation_rules import observation_rules
from orepact.facts import Ledger

PAGE = (Path(__file__).parents[2] / "docs" / "why" / "observations.md").read_text(encoding="utf-8")


def numbers(pattern: str) -> tuple[float, ...]:
    found = re.search(pattern, PAGE)
    assert found is not None, pattern
    return tuple(float(text.replace(",", "")) for text in found.groups())


def test_the_cobalt_of_the_page_is_what_is_observed() -> None:
    table = baseline_case(Ledger.shipped(), 2024).network.observations.set_index("observation")
    printed = []
    for name, source in (("USGS", "usgs_mcs2026"), ("IEA", "iea_critical_minerals_2025")):
        quantity, deviation = numbers(rf"{name} +([\d,]+) x 5 % x 2 x [\d.]+ = ([\d,]+) t")
        row = table.loc[f"mine_production:COD/cobalt:{source}"]
        assert row["quantity"] == pytest.approx(quantity, abs=1)
        assert row["standard_deviation"] == pytest.approx(deviation, rel=1e-3)
        printed.append((quantity, deviation))
    weights = [deviation**-2 for _, deviation in printed]
    mean = sum(quantity * weight for (quantity, _), weight in zip(printed, weights, strict=True)) / sum(weights)
    assert numbers(r"\) = ([\d,]+) t\n")[0] == pytest.approx(mean, abs=1)


def test_the_pairs_with_two_reports_are_those_of_the_page() -> None:
    trade = Ledger.shipped().at(include_unverified=True).trade("cobalt_hydroxide", 2024, attribute="trade_quantity", place="COD")
    again = trade["note"].str.contains("possible_double_report: the same shipments")
    first = trade["note"].str.startswith("HS 810510")
    assert "two reports stand for Korea only" in PAGE.replace("\n", " ")
    assert set(trade.loc[again, "partner"]) & set(trade.loc[first, "partner"]) == {"KOR"}
    assert trade.loc[first, "partner"].tolist().count("CHN") == 1
    assert "CHN" not in set(trade.loc[~first, "partner"])


def test_the_factors_of_the_page_are_those_of_the_file() -> None:
    rules = observation_rules()
    assert numbers(r"mine output \| (\d+) %")[0] == pytest.approx(100 * rules.spread["mine_production"])
    assert numbers(r"traded tonnes \| (\d+) %")[0] == pytest.approx(100 * rules.spread["trade_quantity"])
    assert numbers(r"export report alone \| (\d+) %")[0] == pytest.approx(100 * rules.spread["trade_export_quantity"])
    for word, factor in rules.confidence.items():
        assert numbers(rf"\| {word} \| ([\d.]+) \|")[0] == factor
    for grade, factor in rules.grade.items():
        assert numbers(rf"\| {grade}, \w+ \| ([\d.]+) \|")[0] == factor
