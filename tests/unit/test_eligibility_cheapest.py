"""The cheapest change: by hand, by brute force over a grid, and the tests that no sourcing can mend."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
import pytest

from eligibility_bills import CHINESE, JAPANESE, KOREAN, UNKNOWN, bill, maker, offer, part
from orepact.facts.rules import RuleBook
from orepact.measure.eligibility.assess import asked_of, assess
from orepact.measure.eligibility.bill import Bill, Offer
from orepact.measure.eligibility.cheapest import CHANGE, NONE, PASSES, CheapestChange, cheapest_change
from orepact.measure.eligibility.verdict import Verdict

BOOK = RuleBook.shipped()


def ratio_only(year: int):
    rules = BOOK.rule_set(f"us-45x-{year}")
    return replace(rules, tests=tuple(q for q in rules.tests if q.test == "cost_ratio"))


def change(what: Bill, offers: dict[str, list[Offer]], rules, day: date | None = None, **more) -> CheapestChange:
    return cheapest_change(asked_of(what, rules, BOOK, day or rules.date or date(2026, 11, 22)), offers, **more)


def by_source(found: CheapestChange) -> dict[str, tuple[float, float]]:
    return {f"{s.material} {s.source}": (s.share_from, s.share_to) for s in found.shifts}


def cell(**more) -> Bill:
    return bill(
        part("cathode", 30, KOREAN),
        part("graphite", 10, CHINESE),
        part("electrolyte", 8, UNKNOWN),
        part("separator", 12, JAPANESE),
        **more,
    )


OFFERS = {"graphite": [offer("graphite", 14, JAPANESE)], "electrolyte": [offer("electrolyte", 9, KOREAN)]}


def test_nothing_changes_when_it_passes() -> None:
    found = change(cell(), OFFERS, ratio_only(2026))
    assert (found.status, found.shifts, found.extra_cost_usd_per_unit) == (PASSES, (), 0.0)


def test_the_share_that_just_passes_by_hand() -> None:
    """2029 asks 80 %. Clean 42 of 60; electrolyte y from Korea at 9 for 8: 42 + 9 y >= 0.8 (60 + y), y = 6 / 8.2."""
    found = change(cell(), OFFERS, ratio_only(2029))
    assert found.status == CHANGE
    assert by_source(found)["electrolyte L&F in KOR"] == (0.0, pytest.approx(6 / 8.2, abs=1e-6))
    assert found.extra_cost_usd_per_unit == pytest.approx(6 / 8.2, abs=1e-6)
    assert found.extra_cost_usd_per_kwh == pytest.approx(6 / 8.2 / 1000, abs=1e-9)
    assert "electrolyte of L&F in KOR 0 % to 73.2 %" in found.words


def test_the_cheapest_source_goes_first_and_the_next_takes_the_rest() -> None:
    """2030 asks 85 %. All electrolyte (51 of 61), then graphite z at 14: 51 + 14 z >= 0.85 (61 + 4 z), z = 0.85 / 10.6."""
    found = change(cell(), OFFERS, ratio_only(2030))
    assert by_source(found)["electrolyte L&F in KOR"] == (0.0, 1.0)
    assert by_source(found)["graphite Resonac in JPN"] == (0.0, pytest.approx(0.85 / 10.6, abs=1e-6))
    assert found.extra_cost_usd_per_unit == pytest.approx(1 + 4 * 0.85 / 10.6, abs=1e-6)


def test_no_source_gives_more_than_it_makes() -> None:
    short = {"electrolyte": [offer("electrolyte", 9, KOREAN, available=0.5)], "graphite": OFFERS["graphite"]}
    found = change(cell(), short, ratio_only(2029))
    assert by_source(found)["electrolyte L&F in KOR"] == (0.0, pytest.approx(0.5, abs=1e-6))
    assert by_source(found)["graphite Resonac in JPN"][1] > 0


def test_a_brute_force_grid_finds_nothing_cheaper() -> None:
    what = bill(part("a", 20, CHINESE), part("b", 15, CHINESE), part("c", 25, KOREAN), part("d", 10, UNKNOWN))
    offers = {"a": [offer("a", 27, KOREAN)], "b": [offer("b", 18, JAPANESE)], "d": [offer("d", 12, KOREAN)]}
    found = change(what, offers, ratio_only(2027))
    steps = np.linspace(0, 1, 101)
    best = np.inf
    for x, y, z in product(steps, steps, steps):
        clean = 25 + 27 * x + 18 * y + 12 * z
        if clean >= 0.65 * (70 + 7 * x + 3 * y + 2 * z) - 1e-12:
            best = min(best, 7 * x + 3 * y + 2 * z)
    assert found.extra_cost_usd_per_unit <= best + 1e-9
    assert found.extra_cost_usd_per_unit == pytest.approx(best, abs=0.08)


def test_the_changed_bill_passes_when_it_is_asked_again() -> None:
    for year in (2029, 2030):
        what, rules = cell(), ratio_only(year)
        found = change(what, OFFERS, rules)
        shares = by_source(found)
        parts = [p for p in what.parts if f"{p.material} {p.maker.label}" not in shares]
        for p in what.parts:
            key = f"{p.material} {p.maker.label}"
            if key in shares:
                parts.append(replace(p, quantity=shares[key][1], cost_usd=p.price_usd * shares[key][1]))
        for listed in OFFERS.values():
            for o in listed:
                share = shares.get(f"{o.part.material} {o.part.maker.label}", (0.0, 0.0))[1]
                parts.append(replace(o.part, quantity=share, cost_usd=o.price_usd * share))
        again = assess(replace(what, parts=tuple(parts)), rules, BOOK, rules.date)
        assert again.outcomes[0].low >= again.outcomes[0].threshold - 1e-6


def test_what_no_sourcing_can_mend_is_named() -> None:
    found = change(cell(place="CA-ON"), OFFERS, BOOK.rule_set("us-45x-2029"))
    assert found.status == NONE
    assert found.blocking == (("made_in_us_cell", "made in CA-ON; it must be made in USA"),)
    assert set(found.open) == {"debt", "officers", "contracts"}
    assert "the other tests that sourcing can mend would pass by electrolyte" in found.words


def test_a_test_without_any_source_names_the_material() -> None:
    found = change(cell(), {}, ratio_only(2030))
    assert found.status == NONE
    ((test, why),) = found.blocking
    assert test == "cost_ratio"
    assert "graphite" in why
    assert "electrolyte" in why


def test_a_source_that_is_cheaper_on_paper_is_not_sought() -> None:
    cheap = {"cathode": [offer("cathode", 20, JAPANESE)], **OFFERS}
    assert change(cell(), cheap, ratio_only(2026)).shifts == ()


def test_one_of_two_methods_is_chosen_by_cost() -> None:
    """A pack of 50 from the region, 40 from outside, making 10, price 200: net cost 60 %, transaction value 80 %.

    Net cost 75 % needs 40 (1 - x) <= 0.25 (100 + 4 x): x = 15 / 41; transaction value 85 % needs
    40 (1 - x) <= 30: x = 0.25. At 4 a whole move, the second costs 1.
    """
    rules = BOOK.rule_set("cusma-core")
    rules = replace(rules, tests=tuple(replace(q, carved_out="") for q in rules.tests if q.test == "core_part_content"))
    what = bill(
        part("cells", 50, maker("USA", "GM", "USA")),
        part("case", 40, CHINESE),
        place="CA-ON",
        other_cost_usd=10.0,
        price_usd=200.0,
    )
    found = change(what, {"case": [offer("case", 44, maker("MEX", "", "MEX"))]}, rules)
    assert found.extra_cost_usd_per_unit == pytest.approx(1.0, abs=1e-6)
    without_price = change(replace(what, price_usd=float("nan")), {"case": [offer("case", 44, maker("MEX", "", "MEX"))]}, rules)
    assert without_price.extra_cost_usd_per_unit == pytest.approx(4 * 15 / 41, abs=1e-6)


def test_two_tests_are_met_together() -> None:
    """All of it clean for the concern set, and the same for recycled cobalt: each source helps one of them, a third both."""
    contents = {"cobalt": 0.06}
    what = bill(part("cathode", 10, CHINESE, contents=contents, recycled={"cobalt": (0.0, 0.0)}))
    clean = offer("cathode", 11, KOREAN, contents=contents, recycled={"cobalt": (0.0, 0.0)})
    both = offer("cathode", 15, JAPANESE, contents=contents, recycled={"cobalt": (0.32, 0.32)})
    rules = BOOK.rule_set("eu-battery-2031")
    joined = replace(
        rules, tests=(rules.tests[0], *(q for q in BOOK.rule_set("concern-control").tests if q.test == "inputs")), products=()
    )
    found = change(what, {"cathode": [clean, both]}, joined)
    assert by_source(found)["cathode Resonac in JPN"] == (0.0, pytest.approx(0.5, abs=1e-6))
    assert by_source(found)["cathode L&F in KOR"] == (0.0, pytest.approx(0.5, abs=1e-6))
    assert found.extra_cost_usd_per_unit == pytest.approx(3.0, abs=1e-6)


def test_tests_that_only_together_have_no_answer_are_named_together() -> None:
    contents = {"cobalt": 0.06}
    what = bill(part("cathode", 10, CHINESE, contents=contents, recycled={"cobalt": (0.0, 0.0)}))
    clean = offer("cathode", 11, KOREAN, contents=contents, recycled={"cobalt": (0.0, 0.0)})
    green = offer("cathode", 11, maker("CHN", "GEM", "CHN"), contents=contents, recycled={"cobalt": (0.5, 0.5)})
    rules = BOOK.rule_set("eu-battery-2031")
    joined = replace(
        rules, tests=(rules.tests[0], *(q for q in BOOK.rule_set("concern-control").tests if q.test == "inputs")), products=()
    )
    found = change(what, {"cathode": [clean, green]}, joined)
    assert found.status == NONE
    assert "together" in found.blocking[0][1]
    assert assess(what, joined, BOOK, date(2031, 8, 18)).verdict is Verdict.failed
