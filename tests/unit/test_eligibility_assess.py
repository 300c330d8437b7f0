"""Every kind of test on hand-made bills: thresholds met exactly, what is unknown as bounds, rules by date and status."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from eligibility_bills import CHINESE, JAPANESE, KOREAN, UNKNOWN, bill, maker, part
from orepact.errors import BadInput
from orepact.facts.rules import RuleBook
from orepact.measure.eligibility.assess import Eligibility, assess
from orepact.measure.eligibility.bill import Bill
from orepact.measure.eligibility.verdict import Outcome, Verdict, judge

BOOK = RuleBook.shipped()
CASES = Path(__file__).parents[1] / "cases"
DECLARED = {"debt": "0.1", "officers": "no", "contracts": "no"}


def asked(what: Bill, rules: str, day: date | None = None, *, book: RuleBook = BOOK, **more) -> Eligibility:
    chosen = book.rule_set(rules)
    return assess(what, chosen, book, day or chosen.date or date(2026, 11, 22), **more)


def outcome(what: Bill, rules: str, test: str, day: date | None = None, **more) -> Outcome:
    return next(found for found in asked(what, rules, day, **more).outcomes if found.test == test)


def four(korean: float, chinese: float, unknown: float = 0.0, **more) -> Bill:
    return bill(
        part("cam_nmc811", korean, KOREAN),
        part("synthetic_graphite", chinese, CHINESE),
        part("electrolyte", unknown, UNKNOWN),
        **more,
    )


# Material cost ratio ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("costs", "bounds", "verdict"),
    [
        ((60, 40, 0), (0.60, 0.60), "pass"),
        ((59.99, 40.01, 0), (0.5999, 0.5999), "fail"),
        ((60, 30, 10), (0.60, 0.70), "pass"),
        ((50, 40, 10), (0.50, 0.60), "undetermined"),
        ((41, 37, 22), (0.41, 0.63), "undetermined"),
        ((40, 41, 19), (0.40, 0.59), "fail"),
    ],
)
def test_material_cost_ratio_of_2026(costs, bounds, verdict) -> None:
    found = outcome(four(*costs), "us-45x-2026", "cost_ratio")
    assert (found.low, found.high) == pytest.approx(bounds)
    assert found.verdict == verdict
    assert found.rule == "US-45X-MACR-BATT-2026"
    assert found.threshold == 0.6


@pytest.mark.parametrize(("year", "verdict"), [(2026, "pass"), (2027, "pass"), (2028, "pass"), (2029, "fail"), (2030, "fail")])
def test_the_same_cell_fails_when_the_ratio_rises(year: int, verdict: str) -> None:
    assert outcome(four(72, 28), f"us-45x-{year}", "cost_ratio").verdict == verdict


def test_all_tests_of_45x() -> None:
    good = four(72, 28)
    assert asked(good, "us-45x-2026", declared=DECLARED).verdict is Verdict.passed
    assert asked(good, "us-45x-2026").verdict is Verdict.undetermined
    assert asked(four(72, 28, place="CA-ON"), "us-45x-2026", declared=DECLARED).verdict is Verdict.failed
    assert asked(good, "us-45x-2026", declared={**DECLARED, "debt": "0.15"}).verdict is Verdict.failed
    assert asked(good, "us-45x-2026", declared={**DECLARED, "officers": "yes"}).verdict is Verdict.failed


def test_a_ratio_is_not_asked_before_2026() -> None:
    found = outcome(four(1, 99), "us-45x-2026", "cost_ratio", date(2025, 12, 31))
    assert found.verdict is Verdict.passed
    assert "not in force on 2025-12-31" in found.why


def test_the_maker_of_the_product() -> None:
    by_chinese = four(72, 28, makers=((maker("USA", "Gotion", "CHN"), 1.0),))
    assert outcome(by_chinese, "us-45x-2026", "maker").verdict is Verdict.failed
    mixed = four(72, 28, makers=((maker("USA", "Gotion", "CHN"), 3.0), (maker("USA", "LG", "KOR"), 1.0)))
    found = outcome(mixed, "us-45x-2026", "maker")
    assert (found.verdict, found.low, found.high) == (Verdict.undetermined, 0.25, 0.25)
    assert outcome(four(72, 28, makers=()), "us-45x-2026", "maker").verdict is Verdict.undetermined


def test_a_product_that_the_rules_do_not_speak_of() -> None:
    with pytest.raises(BadInput, match="active_material, cell, pack"):
        asked(replace(four(1, 1), stage="mine"), "us-45x-2026")


# Regional value content --------------------------------------------------------------------------------


def vehicle(inside: float, outside: float, making: float, price: float = float("nan")) -> Bill:
    parts = (part("pack_ev_nickel", inside, maker("USA", "GM", "USA")), part("traction_motor", outside, CHINESE))
    return replace(
        bill(*parts, place="CA-ON"),
        product="ev_car_nickel",
        stage="vehicle",
        unit="vehicle",
        other_cost_usd=making,
        price_usd=price,
    )


@pytest.mark.parametrize(("outside", "verdict"), [(25, "pass"), (25.01, "fail")])
def test_net_cost_of_a_vehicle(outside: float, verdict: str) -> None:
    """(net cost - non-originating) / net cost = (50 + making) / (50 + making + outside); the threshold is 75 %."""
    found = outcome(vehicle(50, outside, 25 + 25 - outside), "cusma-core", "vehicle_content")
    assert found.low == pytest.approx((100 - outside) / 100)
    assert found.verdict == verdict


def test_one_of_two_methods_is_enough_for_a_core_part() -> None:
    """20 of 100 net cost from outside pass 75 % net cost, whatever the 85 % of transaction value says."""
    pack = replace(vehicle(50, 20, 30, price=110), product="pack_ev_nickel", stage="pack")
    rules = replace(
        BOOK.rule_set("cusma-core"), tests=tuple(replace(q, carved_out="") for q in BOOK.rule_set("cusma-core").tests)
    )
    found = next(o for o in assess(pack, rules, BOOK, date(2026, 11, 22)).outcomes if o.test == "core_part_content")
    assert found.verdict is Verdict.passed
    assert found.low == pytest.approx(0.80)
    lower = replace(pack, parts=(pack.parts[0], replace(pack.parts[1], cost_usd=30)), price_usd=250.0)
    found = next(o for o in assess(lower, rules, BOOK, date(2026, 11, 22)).outcomes if o.test == "core_part_content")
    assert found.verdict is Verdict.passed
    assert found.measured == "regional value content by transaction value"
    assert found.low == pytest.approx(220 / 250)


@pytest.mark.parametrize(("untracked", "low", "verdict"), [(0, 0.80, "pass"), (5, 0.75, "pass"), (10, 0.70, "undetermined")])
def test_parts_that_nobody_tracks_count_as_foreign_in_the_least(untracked: float, low: float, verdict: str) -> None:
    """Net cost 100, of which 20 from outside for sure; the untracked part of the rest may be from outside or not."""
    car = replace(vehicle(50, 20, 30), untracked_usd=untracked)
    found = outcome(car, "cusma-core", "vehicle_content")
    assert (found.low, found.high, found.verdict) == (pytest.approx(low), pytest.approx(0.80), verdict)
    makers = outcome(replace(car, stage="cell"), "concern-control", "inputs")
    assert makers.high == pytest.approx((50 + untracked) / (70 + untracked))


def test_traction_batteries_are_carved_out() -> None:
    pack = replace(vehicle(50, 20, 30), product="pack_ev_nickel", stage="pack")
    found = outcome(pack, "cusma-core", "core_part_content")
    assert found.verdict is Verdict.undetermined
    assert "would pass, but batteries are carved out" in found.why


def test_build_up_of_an_unverified_rule_decides_only_when_asked_for() -> None:
    """Value of originating materials 35 of a price of 100: exactly the recalled 35 %."""
    car = replace(
        vehicle(35, 20, 10, price=100),
        place="KOR",
        country="KOR",
        parts=(part("pack_ev_nickel", 35, KOREAN), part("x", 20, CHINESE)),
    )
    found = outcome(car, "ckfta", "regional_content")
    assert (found.verdict, found.low, found.status) == (Verdict.undetermined, pytest.approx(0.35), "unverified")
    assert "would pass, but the rule is unverified" in found.why
    assert outcome(car, "ckfta", "regional_content", include_unverified=True).verdict is Verdict.passed


def test_a_change_of_heading_is_sure_only_when_all_comes_from_the_parties() -> None:
    local = bill(part("cam_nmc811", 10, KOREAN), part("electrolyte", 5, maker("CA-QC", "", "")), place="CA-ON")
    assert outcome(local, "ckfta", "change_of_heading").verdict is Verdict.passed
    mixed = bill(part("cam_nmc811", 10, KOREAN), part("separator", 5, JAPANESE), place="CA-ON")
    found = outcome(mixed, "ckfta", "change_of_heading")
    assert (found.verdict, found.low) == (Verdict.undetermined, pytest.approx(2 / 3))
    assert "Annex 3-A was not read" in found.why


# Recycled content, carbon, controls --------------------------------------------------------------------


def recycled(low: float, high: float) -> Bill:
    return bill(part("cam_nmc811", 10, KOREAN, contents={"cobalt": 0.06, "nickel": 0.48, "lithium": 0.07}, recycled={
        "cobalt": (low, high), "nickel": (0.06, 0.06), "lithium": (0.05, 0.07)}))  # fmt: skip


@pytest.mark.parametrize(("low", "high", "verdict"), [(0.16, 0.16, "pass"), (0.1, 0.15, "fail"), (0.1, 0.2, "undetermined")])
def test_recycled_cobalt_of_2031(low: float, high: float, verdict: str) -> None:
    assert outcome(recycled(low, high), "eu-battery-2031", "recycled_cobalt").verdict == verdict


def test_recycled_content_rises_in_2036_and_starts_in_2031() -> None:
    assert outcome(recycled(0.2, 0.2), "eu-battery-2031", "recycled_cobalt").verdict is Verdict.passed
    assert outcome(recycled(0.2, 0.2), "eu-battery-2036", "recycled_cobalt").verdict is Verdict.failed
    assert outcome(recycled(0, 0), "eu-battery-2031", "recycled_cobalt", date(2031, 8, 17)).verdict is Verdict.passed
    assert outcome(recycled(0, 0), "eu-battery-2031", "recycled_nickel").verdict is Verdict.passed
    assert outcome(recycled(0, 0), "eu-battery-2031", "recycled_lithium").verdict is Verdict.undetermined


def test_a_cell_without_cobalt_is_asked_for_none() -> None:
    lfp = bill(part("cam_lfp", 10, CHINESE, contents={"lithium": 0.04}, recycled={"lithium": (0.06, 0.06)}))
    found = outcome(lfp, "eu-battery-2031", "recycled_cobalt")
    assert (found.verdict, found.why) == (Verdict.passed, "holds no cobalt: nothing is asked")
    silent = bill(part("mystery", 10, CHINESE))
    assert outcome(silent, "eu-battery-2031", "recycled_cobalt").verdict is Verdict.undetermined


def test_carbon_is_shown_and_not_judged_until_a_maximum_is_adopted() -> None:
    found = asked(four(1, 1, carbon_kg_co2e_per_kwh=62.0), "eu-carbon")
    assert found.verdict is Verdict.undetermined
    assert all("62 kg CO2e per kWh" in o.why and o.low == 62.0 for o in found.outcomes)
    assert "not yet applicable" in found.outcomes[0].why


@pytest.mark.parametrize(
    ("rules", "verdict"),
    [("cn-controls-extended", "undetermined"), ("cn-controls-lapsed", "fail"), ("cn-controls-in-force", "fail")],
)
def test_chinas_controls_by_branch(rules: str, verdict: str) -> None:
    """Synthetic graphite from China: some grades since 2023 in every branch, all of it since 2025 where not suspended."""
    assert asked(four(60, 40), rules).verdict == verdict
    assert asked(four(60, 0), rules).verdict is Verdict.passed


def test_30d_of_2024() -> None:
    parts = (
        part("cam", 60, maker("CA-QC", "", "CAN"), minerals={"KOR": 30.0, "CHN": 20.0, "unknown": 10.0}),
        part("foil", 40, KOREAN, minerals={"CHL": 10.0}),
    )
    found = {o.test: o for o in asked(bill(*parts), "us-30d-2024").outcomes}
    assert (found["critical_minerals"].low, found["critical_minerals"].high) == pytest.approx((40 / 70, 50 / 70))
    assert found["critical_minerals"].verdict is Verdict.passed
    assert found["battery_components"].low == pytest.approx(0.60)
    assert found["battery_components"].verdict is Verdict.passed
    ended = {o.test: o for o in asked(bill(*parts), "us-30d-2024", date(2025, 10, 1)).outcomes}
    assert ended["battery_components"].verdict is Verdict.failed


def test_makers_of_inputs_in_the_concern_sets() -> None:
    joint = maker("KOR", shares={"KOR": 0.7, "CHN": 0.3})
    cell = bill(part("cam_nmc811", 60, joint), part("electrolyte", 40, KOREAN))
    assert outcome(cell, "concern-25", "inputs").verdict is Verdict.failed
    assert outcome(cell, "concern-40", "inputs").verdict is Verdict.passed
    assert outcome(cell, "concern-control", "inputs").verdict is Verdict.passed


def test_own_rules_answer_too() -> None:
    book = RuleBook.shipped([CASES / "rules_no_mistake"])
    assert asked(four(50, 50), "own-ratio", book=book).verdict is Verdict.passed
    assert asked(four(50, 50), "own-ratio", date(2027, 1, 1), book=book).verdict is Verdict.undetermined
    assert asked(four(50, 50), "own-ratio", date(2027, 1, 1), book=book, include_unverified=True).verdict is Verdict.failed


def test_judge_meets_a_threshold_exactly() -> None:
    assert judge(0.6, 0.6, ">=", 0.6) is Verdict.passed
    assert judge(0.1 + 0.2, 0.3, ">=", 0.3) is Verdict.passed
    assert judge(0.25, 0.25, "<", 0.25) is Verdict.failed
