"""The numbers printed in docs/why/early-warning.md are those that the program computes."""

from __future__ import annotations

from pathlib import Path

import pytest

from orepact.facts import Ledger
from orepact.service.shock.watching import watch
from orepact.shock.watch.customs import customs_of
from orepact.shock.watch.rules import WatchRules

PAGE = (Path(__file__).parents[2] / "docs" / "why" / "early-warning.md").read_text(encoding="utf-8")
TEXT = " ".join(PAGE.split())
RULES = WatchRules.shipped()


def cells(start: str) -> list[str]:
    line = next(line for line in PAGE.splitlines() if line.startswith(start))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_the_levels_are_those_of_the_rules() -> None:
    for level, words in RULES.levels.items():
        assert cells(f"| {level.name} | {words.korean}") == [level.name, words.korean, words.action]


@pytest.mark.parametrize("name", [name for name, entry in RULES.indicators.items() if entry.above or entry.below])
def test_the_thresholds_are_those_of_the_rules(name: str) -> None:
    entry, (_, kind, _, *printed) = RULES.indicators[name], cells(f"| `{name}` |")
    assert kind == entry.kind
    factor = 100 if entry.unit == "1" and name != "supplier_governance" else 1
    for level, cell in zip(RULES.levels, printed, strict=True):
        said = sorted(float(part.strip().removesuffix("%")) for part in cell.split(","))
        wanted = sorted(side[level] * factor for side in (entry.above, entry.below) if level in side)
        assert said == pytest.approx(wanted)


def test_the_example() -> None:
    table = customs_of(Ledger.shipped(), ["natural_graphite_flake"], 2024)["natural_graphite_flake"]
    found = table.imports_of("KOR", frozenset({"KOR"}), {})
    assert found.before is not None
    for year, amounts in ((2023, found.before), (2024, found.now)):
        total = sum(amounts.values())
        row = [str(year), f"{amounts['CHN']:,.0f} t", f"{total:,.0f} t", f"{amounts['CHN'] / total:.1%}".replace("%", " %")]
        assert cells(f"| {year} | ") == row
    assert f"= {100 * found.change:.1f} %" in TEXT
    answer = watch(Ledger.shipped().at("2026-11-22"), place="KOR", commodity="natural_graphite_flake")
    assert answer.data["level"].to_list() == ["alert"]
    assert answer.data["because"].item() == "two moving indicators at caution or worse and one standing indicator at severe"


@pytest.mark.parametrize(
    ("day", "as_of", "commodity", "says"),
    [
        ("25 October 2023", "2023-10-25", "natural_graphite_flake", ("in 37 days", "96 % of imports come from there")),
        ("15 March 2025", "2025-03-15", "cobalt_hydroxide", ("since 2025-02-22", "76 % of the world's supply")),
        ("20 October 2025", "2025-10-20", "pcam_nmc811", ("in 19 days", "85 % of the world's supply")),
    ],
)
def test_what_it_would_have_said(day: str, as_of: str, commodity: str, says: tuple[str, str]) -> None:
    _, _, level, reason = cells(f"| {day} |")
    answer = watch(Ledger.shipped().at(as_of, hindsight=True), place="KOR", commodity=commodity)
    assert answer.data["level"].item() == level
    for words in says:
        assert words in answer.data["reasons"].item()
        assert words.split("% of")[0].replace("since 2025-02-22", "since 22 February") in reason
