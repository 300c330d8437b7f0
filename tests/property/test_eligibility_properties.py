"""Laws of eligibility: more concern content never mends, knowing more never turns an answer round, units do not matter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility_bills import CHINESE, JAPANESE, KOREAN, UNKNOWN, bill, offer, part
from orepact.facts.rules import RuleBook
from orepact.measure.eligibility.assess import asked_of, assess
from orepact.measure.eligibility.bill import Bill
from orepact.measure.eligibility.cheapest import NONE, cheapest_change
from orepact.measure.eligibility.ownership import Holding, OwnershipTree
from orepact.measure.eligibility.verdict import Verdict, judge

BOOK = RuleBook.shipped()
SETS = ("us-45x-2026", "us-45x-2028", "us-45x-2030")
ORDER = (Verdict.failed, Verdict.undetermined, Verdict.passed)
costs = st.floats(0.1, 100).map(lambda value: round(value, 3))


def ratio_of(what: Bill, rules: str):
    chosen = BOOK.rule_set(rules)
    return next(o for o in assess(what, chosen, BOOK, chosen.date).outcomes if o.test == "cost_ratio")


def cell(korean: float, chinese: float, unknown: float) -> Bill:
    return bill(part("cathode", korean, KOREAN), part("graphite", chinese, CHINESE), part("electrolyte", unknown, UNKNOWN))


@given(costs, costs, costs, costs, st.sampled_from(SETS))
def test_more_concern_content_never_turns_a_fail_into_a_pass(korean, chinese, unknown, more, rules) -> None:
    before, after = (ratio_of(cell(korean, cost, unknown), rules) for cost in (chinese, chinese + more))
    assert ORDER.index(after.verdict) <= ORDER.index(before.verdict)
    assert after.high <= before.high + 1e-12


@given(costs, costs, costs, st.sampled_from((KOREAN, CHINESE)), st.sampled_from(SETS))
def test_learning_an_owner_stays_within_the_bounds(korean, chinese, unknown, owner, rules) -> None:
    before = ratio_of(cell(korean, chinese, unknown), rules)
    known = cell(korean, chinese, unknown)
    known = replace(known, parts=(*known.parts[:2], replace(known.parts[2], maker=owner)))
    after = ratio_of(known, rules)
    assert before.low - 1e-12 <= after.low <= after.high <= before.high + 1e-12
    assert before.verdict is Verdict.undetermined or after.verdict is before.verdict


@given(costs, costs, costs, st.floats(0.01, 1000), st.sampled_from(SETS))
def test_another_currency_changes_nothing(korean, chinese, unknown, rate, rules) -> None:
    one, other = (
        ratio_of(cell(korean, chinese, unknown), rules),
        ratio_of(cell(korean * rate, chinese * rate, unknown * rate), rules),
    )
    assert abs(one.low - other.low) < 1e-9
    assert abs(one.high - other.high) < 1e-9


@given(costs, costs, costs)
def test_a_later_year_never_mends(korean, chinese, unknown) -> None:
    found = [ORDER.index(ratio_of(cell(korean, chinese, unknown), rules).verdict) for rules in SETS]
    assert found == sorted(found, reverse=True)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_bounds_decide_only_when_both_ends_agree(a, b, threshold) -> None:
    low, high = sorted((a, b))
    ends = {judge(low, low, ">=", threshold), judge(high, high, ">=", threshold)}
    assert judge(low, high, ">=", threshold) is (ends.pop() if len(ends) == 1 else Verdict.undetermined)


@settings(max_examples=40, deadline=None)
@given(st.tuples(costs, costs, costs), st.tuples(costs, costs), st.sampled_from(SETS))
def test_the_cheapest_change_passes_and_costs_no_less_than_nothing(bought, dearer, rules) -> None:
    (korean, chinese, unknown), (first, second) = bought, dearer
    chosen = BOOK.rule_set(rules)
    only = replace(chosen, tests=tuple(q for q in chosen.tests if q.test == "cost_ratio"))
    what = cell(korean, chinese, unknown)
    offers = {
        "graphite": [offer("graphite", chinese + first, JAPANESE)],
        "electrolyte": [offer("electrolyte", unknown + second, KOREAN)],
    }
    found = cheapest_change(asked_of(what, only, BOOK, chosen.date), offers)
    assert found.status != NONE
    assert found.extra_cost_usd_per_unit >= -1e-9
    x = {s.source: s.share_to for s in found.shifts}
    graphite, electrolyte = x.get("Resonac in JPN", 0.0), x.get("L&F in KOR", 0.0)
    clean = korean + graphite * (chinese + first) + electrolyte * (unknown + second)
    whole = korean + chinese + unknown + graphite * first + electrolyte * second
    assert clean / whole >= ratio_of(what, rules).threshold - 1e-5
    passes = ratio_of(what, rules).verdict is Verdict.passed
    assert passes is (found.shifts == ())


shares = st.lists(st.floats(0.01, 0.3).map(lambda value: round(value, 4)), min_size=1, max_size=3)


@given(shares, shares)
def test_effective_shares_and_the_unknown_sum_to_one(first, second) -> None:
    holdings = [Holding("plant", f"h{i}", share) for i, share in enumerate(first)]
    holdings += [Holding("h0", f"g{i}", share, "CHN") for i, share in enumerate(second)]
    for attribution in ("proportional", "majority"):
        stakes = OwnershipTree.of(holdings).stakes("plant", attribution=attribution)
        assert abs(sum(stakes.by_country.values()) - 1) < 1e-6


trees = st.lists(
    st.tuples(st.integers(0, 5), st.integers(1, 4), st.floats(0.05, 0.3).map(lambda value: round(value, 4))),
    min_size=1,
    max_size=8,
)


@given(trees)
def test_effective_shares_equal_those_of_the_ownership_matrix(edges) -> None:
    """An independent way: with A[h, c] the share of h in c, all direct and indirect holdings are A (I - A)^-1."""
    pairs = {(company, company + step): share for company, step, share in edges}
    tree = OwnershipTree.of([Holding(f"c{c}", f"c{h}", share, "KOR") for (c, h), share in pairs.items()])
    size = 1 + max(max(pair) for pair in pairs)
    direct = np.zeros((size, size))
    for (company, holder), share in pairs.items():
        direct[holder, company] = share
    whole = direct @ np.linalg.inv(np.eye(size) - direct)
    ultimate = [h for h in range(size) if not direct[:, h].any() and direct[h].any()]
    for company in {company for company, _ in pairs}:
        held = {stake.holder: stake.share for stake in tree.stakes(f"c{company}").held}
        for holder in ultimate:
            assert abs(held.get(f"c{holder}", 0.0) - whole[holder, company]) < 1e-9
