"""The shipped rules: what applies when, phase-in by year, suspensions in three branches, and the sets of tests."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import yaml

from orepact.errors import NotFound
from orepact.facts.rule_sets import KINDS
from orepact.facts.rules import RuleBook, Suspensions
from orepact.measure.eligibility.product_tests import OF_PRODUCT
from orepact.measure.eligibility.sourcing_tests import BY_SOURCING
from orepact.service.rules import begun_later

BOOK = RuleBook.shipped()
CASES = Path(__file__).parents[1] / "cases"
OCTOBER_2025 = ("CN-2025-55", "CN-2025-56", "CN-2025-57", "CN-2025-58", "CN-2025-61", "CN-2025-62")


def test_every_rule_keeps_its_source_and_says_what_was_not_verified() -> None:
    assert len(BOOK.rules) == 146
    for rule in BOOK.rules.values():
        assert rule.source
        assert rule.source_type
        assert rule.verified or rule.unverified_fields
    counted = Counter(rule.status for rule in BOOK.rules.values())
    assert counted == {"verified": 134, "unverified": 12}


@pytest.mark.parametrize(("year", "ratio"), [(2026, 0.60), (2027, 0.65), (2028, 0.70), (2029, 0.80), (2030, 0.85), (2035, 0.85)])
def test_the_ratio_for_battery_components_rises_by_year(year: int, ratio: float) -> None:
    for day in (date(year, 1, 1), date(year, 12, 31)):
        rule = BOOK.on("us_45x_ratio_battery", day)
        assert rule is not None
        assert rule.value == ratio
    named = BOOK.sets.get(f"us-45x-{year}")
    assert named is None or (named.date is not None and named.date.year == year)


def test_no_ratio_was_asked_before_2026() -> None:
    assert BOOK.on("us_45x_ratio_battery", date(2025, 12, 31)) is None


def test_repealed_and_proposed_rules_never_apply() -> None:
    assert BOOK.on("us_30d_content", date(2025, 9, 30)) is BOOK.rule("US-30D-2025")
    assert BOOK.on("us_30d_content", date(2025, 10, 1)) is None
    assert BOOK.on("us_30d_content", date(2026, 5, 1)) is None
    assert not BOOK.rule("CA-EVSC-ITC").applies(date(2026, 5, 1))


@pytest.mark.parametrize("name", OCTOBER_2025)
@pytest.mark.parametrize(
    ("day", "extended", "lapsed", "ignored"),
    [
        (date(2025, 10, 1), False, False, False),
        (date(2026, 11, 10), False, False, True),
        (date(2026, 11, 11), False, True, True),
        (date(2028, 1, 1), False, True, True),
    ],
)
def test_china_suspended_its_controls_in_three_branches(
    name: str, day: date, extended: bool, lapsed: bool, ignored: bool
) -> None:
    rule = BOOK.rule(name)
    assert rule.applies(day, Suspensions.extended) is extended
    assert rule.applies(day, Suspensions.lapsed) is lapsed
    assert rule.applies(day, Suspensions.ignored) is ignored


@pytest.mark.parametrize("name", ["CN-GRAPHITE-2023", "CN-TECH-2025-07-15", "CN-REE-2025-04"])
def test_the_older_controls_hold_in_every_branch(name: str) -> None:
    assert all(BOOK.rule(name).applies(date(2026, 11, 11), branch) for branch in Suspensions)


def test_numbers_have_units_and_percentages_are_fractions() -> None:
    assert BOOK.rule("US-45X-AMT-battery_cell").value == 35_000
    assert BOOK.rule("US-45X-AMT-battery_cell").unit == "USD_per_MWh"
    assert BOOK.rule("USMCA-RVC-CORE").alternatives == {"net_cost": 0.75, "transaction_value": 0.85}
    assert BOOK.rule("US-30D-2024").values == {"critical_minerals_fta_or_recycled_na": 0.5, "battery_components_na": 0.6}
    assert BOOK.rule("CA-CMSF").value == 2e9
    assert BOOK.rule("CD-CO-Q2026").value == 96_600
    for rule in BOOK.rules.values():
        if rule.unit == "1":
            assert all(0 <= value <= 1 for value in (rule.value or 0, *rule.values.values(), *rule.alternatives.values()))


def test_covered_nations_and_named_entities() -> None:
    assert BOOK.rule("US-SFE-countries").names(date(2026, 1, 1)) == ("CHN", "RUS", "PRK", "IRN")
    listed = BOOK.rule("US-1260H-2026")
    assert listed.names(date(2026, 1, 1)) == ("CATL",)
    assert listed.names(date(2026, 7, 1)) == ("CATL", "BYD", "CALB", "EVE")


def test_every_kind_of_test_has_one_function() -> None:
    assert set(KINDS) == {*OF_PRODUCT, *BY_SOURCING}
    assert set(BY_SOURCING) == {name for name, kind in KINDS.items() if kind.by_sourcing}


def test_the_named_sets_are_there() -> None:
    wanted = {
        *(f"us-45x-{year}" for year in range(2026, 2031)), "us-30d-2024", "ckfta", "cptpp", "cusma-core", "eu-battery-2031",
        "eu-battery-2036", "eu-carbon", "cn-controls-lapsed", "cn-controls-extended", "cn-controls-in-force", "concern-25",
        "concern-40", "concern-control",
    }  # fmt: skip
    assert wanted == set(BOOK.sets)
    assert BOOK.rule_set("US-45X-2026").id == "us-45x-2026"
    with pytest.raises(NotFound, match="us-45x-2026"):
        BOOK.rule_set("us-45x-206")


def test_a_persons_own_rules_lie_over_the_shipped_ones() -> None:
    book = RuleBook.shipped([CASES / "rules_no_mistake"])
    assert set(book.rules) - set(BOOK.rules) == {"XX-RATIO-2026", "XX-RATIO-2027"}
    assert book.on("xx_ratio", date(2027, 1, 1)) is book.rule("XX-RATIO-2027")
    assert "own-ratio" in book.sets
    assert "xx_ratio" not in {rule.key for rule in BOOK.rules.values()}


def test_files_of_rules_hold_no_long_texts() -> None:
    import orepact

    folder = Path(orepact.__file__).parent / "data" / "rules"
    for path in (path for path in folder.glob("*.yaml") if path.name != "homes.yaml"):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")).values():
            for value in entry.values():
                assert len(str(value)) < 500


def test_rules_that_begin_after_the_day_of_knowledge_are_told() -> None:
    book = RuleBook.shipped()
    rule = next(iter(book.rules.values()))
    begins = int(rule.date_from.strftime("%Y%m%d"))
    assert begun_later([rule], None) == begun_later([rule], begins) == []
    (told,) = begun_later([rule, rule], 19900101)
    assert told == f"{rule.id} begins on {rule.date_from}, after 1990-01-01: whether it was known then is not in the facts"
