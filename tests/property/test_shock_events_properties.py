"""What holds for all events on the small chain."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from drawing import draws
from orepact.errors import BadInput
from orepact.shock.events.disruption import Disruption
from orepact.shock.events.event import Event
from shock_networks import chain_case

CASE = chain_case()
SITES = st.sampled_from(["mine_near", "mine_far", "smelter", "plant"])
SHARES = st.floats(0, 1)
DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2024, 6, 1))
TARGET = st.one_of(
    st.builds(lambda name: {"site": name}, SITES),
    st.builds(lambda name: {"place": name}, st.sampled_from(["NEAR", "FAR", "HOME"])),
    st.builds(lambda name: {"commodity": name, "exports": True}, st.sampled_from(["ore", "car"])),
    st.builds(lambda name: {"demand": name}, st.just("car")),
)
BREAK = st.builds(
    lambda target, share, start, weeks: {**target, "share_left": share, "start": start, "weeks": weeks},
    TARGET, SHARES, DAYS, st.floats(0.2, 30),
)  # fmt: skip
SETTINGS = settings(max_examples=draws(60), deadline=None)


def laid(breaks: list[dict[str, Any]], **head: Any) -> Disruption:
    event = {"id": "e", "title": "E", "start": min(item["start"] for item in breaks), "weeks": 10, **head, "breaks": breaks}
    return Disruption.of(CASE, [Event.from_mapping(event)], weeks=30, start=event["start"])


def lawful(breaks: list[dict[str, Any]]) -> Disruption | None:
    """The disruption, or None where the breaks contradict each other."""
    try:
        return laid(breaks)
    except BadInput:
        return None


@SETTINGS
@given(st.lists(BREAK, min_size=1, max_size=4))
def test_shares_stay_between_nothing_and_all(breaks: list[dict[str, Any]]) -> None:
    found = lawful(breaks)
    if found is None:
        return
    for share in (found.site_share, found.route_share):
        assert share.min() >= 0
        assert share.max() <= 1
    assert 0 <= found.end_known_week <= found.end_week <= found.weeks
    assert (found.site_share[:, found.end_week :] == 1).all()
    assert (found.route_share[:, found.end_week :] == 1).all()


@SETTINGS
@given(st.lists(BREAK, min_size=2, max_size=4))
def test_the_order_of_breaks_does_not_matter(breaks: list[dict[str, Any]]) -> None:
    found, turned = lawful(breaks), lawful(breaks[::-1])
    assert (found is None) == (turned is None)
    if found is not None and turned is not None:
        np.testing.assert_array_equal(found.site_share, turned.site_share)
        np.testing.assert_array_equal(found.route_share, turned.route_share)
        np.testing.assert_allclose(found.demand_share, turned.demand_share, rtol=1e-12)


@SETTINGS
@given(st.lists(BREAK, min_size=1, max_size=3), BREAK)
def test_one_more_break_leaves_nowhere_more(breaks: list[dict[str, Any]], more: dict[str, Any]) -> None:
    start = min(item["start"] for item in [*breaks, more])
    try:
        fewer, all_of_them = laid(breaks, start=start), laid([*breaks, more], start=start)
    except BadInput:
        return
    assert (all_of_them.site_share <= fewer.site_share).all()
    assert (all_of_them.route_share <= fewer.route_share).all()
    assert (all_of_them.demand_share <= fewer.demand_share + 1e-12).all()


@SETTINGS
@given(BREAK, st.floats(0.1, 1))
def test_a_shorter_break_leaves_nowhere_less(item: dict[str, Any], part: float) -> None:
    whole, shorter = laid([item]), laid([{**item, "weeks": max(item["weeks"] * part, 0.2)}])
    assert (shorter.site_share >= whole.site_share).all()
    assert (shorter.route_share >= whole.route_share).all()
    assert shorter.end_week <= whole.end_week


@SETTINGS
@given(st.lists(BREAK, min_size=1, max_size=3), st.integers(-400, 400))
def test_only_the_days_between_count(breaks: list[dict[str, Any]], days: int) -> None:
    """The same event a year later does the same."""
    found = lawful(breaks)
    moved = lawful([{**item, "start": item["start"] + timedelta(days=days)} for item in breaks])
    assert (found is None) == (moved is None)
    if found is not None and moved is not None:
        np.testing.assert_array_equal(found.site_share, moved.site_share)
        np.testing.assert_array_equal(found.route_share, moved.route_share)


@SETTINGS
@given(BREAK)
def test_weeks_lost_are_the_size_times_the_time(item: dict[str, Any]) -> None:
    """Sum over weeks of what is lost of one thing = (1 - share) x days / 7."""
    found = laid([item])
    days = min(round(item["weeks"] * 7), 30 * 7)
    for share in (found.site_share, found.route_share, found.demand_share):
        lost = (1 - share).sum(axis=1)
        hit = lost > 0
        np.testing.assert_allclose(lost[hit], (1 - item["share_left"]) * days / 7, rtol=1e-9, atol=1e-12)
