"""Export controls on a day: where each stands in time, and how loud it is for whom."""

from __future__ import annotations

import math
from datetime import date

import pytest

from orepact.facts.rules import Rule, RuleBook
from orepact.shock.watch.controls import control_signal, kind_of, spells_on
from orepact.shock.watch.imports import Imports
from orepact.shock.watch.levels import Level
from orepact.shock.watch.rules import WatchRules

RULES = WatchRules.shipped()
BUYS = Imports("KOR", "ore", 2024, {"CHN": 60.0, "COD": 15.0, "AUS": 25.0}, None, world=1000.0, titles={"CHN": "China"})


def rule(name: str = "R", **said: object) -> Rule:
    given: dict[str, object] = {
        "id": name, "key": "r", "jurisdiction": ("CHN",), "instrument": "", "provision": "", "measures": "licence_required",
        "operator": "==", "word": "yes", "date_from": date(2025, 1, 1), "state": "in_force", "source": "", "status": "verified",
        "covers": {"ore": "yes"},
    }  # fmt: skip
    return Rule(**(given | said))  # type: ignore[arg-type]


def heard(day: date, *rules: Rule, imports: Imports = BUYS, **asked: object):
    spells = spells_on(RuleBook({r.id: r for r in rules}, {}), day, RULES.controls)
    return control_signal(imports, spells, RULES, day, **asked)  # type: ignore[arg-type]


SUSPENDED = {"state": "suspended", "suspended_from": date(2025, 1, 1), "suspended_to": date(2026, 6, 1)}


@pytest.mark.parametrize(
    ("day", "said", "timing"),
    [
        (date(2024, 7, 5), {}, "begins_soon"),
        (date(2025, 1, 1), {}, "new"),
        (date(2026, 1, 1), {}, "standing"),
        (date(2025, 11, 1), {"date_to": date(2026, 1, 31)}, "ends_soon"),
        (date(2025, 6, 1), SUSPENDED, "suspended"),
        (date(2026, 1, 1), SUSPENDED, "suspension_ends"),
        (date(2026, 6, 1), SUSPENDED, "suspension_ends"),
        (date(2026, 6, 2), SUSPENDED, "suspension_over"),
        (date(2024, 12, 31), SUSPENDED, "begins_soon"),
    ],
)
def test_where_a_rule_stands_in_time(day: date, said: dict[str, object], timing: str) -> None:
    book = RuleBook({"R": rule(**said)}, {})
    (spell,) = spells_on(book, day, RULES.controls)
    assert spell.timing == timing


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2024, 7, 4), {}),  # 181 days before
        (date(2026, 2, 1), {"date_to": date(2026, 1, 31)}),
        (date(2025, 6, 1), {"state": "repealed"}),
        (date(2025, 6, 1), {"status": "unverified"}),
        (date(2025, 6, 1), {"measures": "recycled_share"}),
    ],
)
def test_what_does_not_count(day: date, said: dict[str, object]) -> None:
    assert spells_on(RuleBook({"R": rule(**said)}, {}), day, RULES.controls) == []


def test_versions_that_follow_each_other_are_one_control() -> None:
    first = rule("Q1", measures="quota", operator="<=", word="", date_to=date(2025, 12, 31))
    second = rule("Q2", measures="quota", operator="<=", word="", date_from=date(2026, 1, 1), date_to=date(2026, 12, 31))
    (spell,) = spells_on(RuleBook({"Q1": first, "Q2": second}, {}), date(2025, 12, 1), RULES.controls)
    assert (spell.rule.id, spell.start, spell.end, spell.timing) == ("Q1", date(2025, 1, 1), date(2026, 12, 31), "new")
    assert spell.kind == "quota"


def test_the_kinds_of_the_shipped_rules() -> None:
    kinds = {name: kind_of(found, RULES.controls) for name, found in RuleBook.shipped().rules.items()}
    assert kinds["CN-GRAPHITE-2023"] == "licence"
    assert kinds["CD-CO-BAN"] == kinds["ID-NI-ORE"] == kinds["ZW-LI"] == "ban"
    assert kinds["CD-CO-Q2026"] == "quota"
    assert kinds["CN-2025-70"] == kinds["KR-STOCK"] == ""
    assert kinds["CN-H2SO4-2026"] == "licence"


def test_a_licence_by_hand() -> None:
    found = heard(date(2025, 3, 1), rule())
    assert found.value == pytest.approx(0.6)
    assert found.level is Level.alert
    assert found.reason == "China asks for an export licence, since 2025-01-01 (R); 60 % of imports come from there"
    assert heard(date(2027, 1, 1), rule()).level is Level.caution, "a licence that stands for more than a year"
    assert heard(date(2025, 3, 1), rule(covers={"ore": "maybe"})).level is Level.caution, "some grades only: one level less"
    assert heard(date(2025, 3, 1), rule(covers={"metal": "yes"})).level is Level.calm


@pytest.mark.parametrize(
    ("share", "level"), [(0.05, Level.attention), (0.15, Level.caution), (0.4, Level.alert), (0.6, Level.severe)]
)
def test_a_ban_rings_as_loud_as_what_comes_from_there(share: float, level: Level) -> None:
    imports = Imports("KOR", "ore", 2024, {"CHN": share, "AUS": 1 - share}, None, world=10.0)
    assert heard(date(2025, 3, 1), rule(measures="ban"), imports=imports).level is level


def test_a_ban_counts_the_worlds_supply_and_a_licence_does_not() -> None:
    ban, licence = rule(measures="ban", jurisdiction=("COD",)), rule(jurisdiction=("COD",))
    assert heard(date(2025, 3, 1), ban, world={"COD": 0.7}).value == pytest.approx(0.7)
    assert heard(date(2025, 3, 1), licence, world={"COD": 0.7}).value == pytest.approx(0.15)
    assert heard(date(2025, 3, 1), ban, world={"IDN": 0.7}).value == pytest.approx(0.15)


def test_an_unknown_share_says_so_and_is_held() -> None:
    nowhere = Imports("KOR", "ore", 0, {}, None, counted=False)
    found = heard(date(2025, 3, 1), rule(measures="ban"), imports=nowhere)
    assert math.isnan(found.value)
    assert found.level is Level.caution
    assert found.reason.endswith("how much comes from there is not known")
    assert heard(date(2025, 3, 1), rule(), imports=nowhere, world={"CHN": 0.9}).level is Level.alert


def test_who_buys_next_to_nothing_or_sells_more_is_held() -> None:
    ban = rule(measures="ban")
    little = Imports("KOR", "ore", 2024, {"CHN": 0.4}, None, world=100.0)
    seller = Imports("KOR", "ore", 2024, {"CHN": 10.0}, None, exports=20.0, world=100.0)
    for imports, why in ((little, "too little is bought"), (seller, "more is sold than bought")):
        found = heard(date(2025, 3, 1), ban, imports=imports)
        assert found.level is Level.attention
        assert found.reason.endswith(f"(held at attention: {why})")


def test_own_controls_do_not_count() -> None:
    assert heard(date(2025, 3, 1), rule(jurisdiction=("KOR",)), inside=frozenset({"KOR"})).level is Level.calm


def test_the_worst_control_makes_the_level_and_all_are_told() -> None:
    ban = rule("B", key="b", measures="ban", jurisdiction=("COD",))
    found = heard(date(2025, 3, 1), rule("A"), ban)
    assert found.level is Level.alert
    assert found.sources == ("A", "B")
    assert "(A)" in found.reason
    assert "(B)" in found.reason
