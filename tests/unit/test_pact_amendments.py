"""Amendments of the real memorandum: in force once all five have approved, and nothing is taken out of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from orepact.pact.instruments.amendments import Amendment, amended, approvals
from orepact.pact.instruments.instrument import Instrument
from orepact.pact.records.register import Register
from pact_real import MOC, changed, made, real, told

FIVE = ("meti", "mofa-jp", "ised", "nrcan", "gac")
NEW = {
    "id": f"{MOC}:area-2-c-xi",
    "ref": "2(c)(xi)",
    "chapter": "area",
    "areas": ["artificial_intelligence"],
    "text": "Artificial intelligence.",
}


def _amendment(*approved: tuple[str, str], declined: str = "", **fields: Any) -> Register:
    given: list[dict[str, Any]] = [{"organisation": name, "day": day} for name, day in approved]
    given += [{"organisation": declined, "day": "2026-04-01", "verdict": "decline", "reason": "too wide"}] if declined else []
    content = {"id": "ai", "instrument": MOC, "proposed": "2026-01-15", "changes": [{"new": NEW}], "approvals": given, **fields}
    return real().plus([made("amendment", **content)])


DAYS = ("2026-02-01", "2026-02-10", "2026-02-10", "2026-03-05", "2026-06-30")
ALL = tuple(zip(FIVE, DAYS, strict=True))


@pytest.mark.parametrize(
    ("given", "on", "state", "missing", "effect"),
    [
        (ALL, "2026-01-14", "not_proposed", (), None),
        (ALL, "2026-01-15", "open", FIVE, None),
        (ALL, "2026-02-10", "open", ("nrcan", "gac"), None),
        (ALL, "2026-06-29", "open", ("gac",), None),
        (ALL, "2026-06-30", "in_force", (), "2026-06-30"),  # the last approval, not the first
        (ALL[:4], "2040-01-01", "open", ("gac",), None),  # four of five are not all
    ],
)
def test_all_participants_must_approve(given: Any, on: str, state: str, missing: tuple[str, ...], effect: str | None) -> None:
    register = _amendment(*given)
    found = approvals(register.get(Amendment, "ai"), register, date.fromisoformat(on))
    assert (found.state, found.missing, str(found.effect) if found.effect else None) == (state, missing, effect)
    assert told(register, "amendment", "ai") == []


def test_one_that_declines_stops_it_with_its_reason() -> None:
    register = _amendment(*ALL[:4], declined="gac")
    found = approvals(register.get(Amendment, "ai"), register, date(2026, 12, 1))
    assert (found.state, found.declined, found.effect) == ("declined", ("gac",), None)
    assert register.get(Amendment, "ai").approvals[-1].reason == "too wide"


def test_a_later_day_of_effect_and_a_withdrawal() -> None:
    later = _amendment(*ALL, takes_effect="2027-01-01")
    stands = [approvals(later.get(Amendment, "ai"), later, date.fromisoformat(on)).state for on in ("2026-06-30", "2027-01-01")]
    assert stands == ["approved", "in_force"]
    dropped = _amendment(*ALL[:4], withdrawn="2026-05-01")
    assert approvals(dropped.get(Amendment, "ai"), dropped, date(2026, 5, 1)).state == "withdrawn"


def test_the_text_changes_on_the_day_of_effect_and_the_old_stays() -> None:
    old = f"{MOC}:area-2-c-x"
    register = _amendment(*ALL, changes=[{"article": old, "new": NEW}])
    before, after = (
        amended(register.get(Instrument, MOC), register, date.fromisoformat(on)) for on in ("2026-06-29", "2026-06-30")
    )
    assert len(before.articles) == 44
    assert len(after.articles) == 45
    day_before, day = ({one.id for one in after.articles_on(date(2026, 6, number))} for number in (29, 30))
    assert (day_before - day, day - day_before) == ({old}, {NEW["id"]})
    assert len(register.get(Instrument, MOC).articles) == 44  # the record itself is as it was


def test_what_is_in_force_stays_in_force_after_the_end_of_the_instrument() -> None:
    ended = made("end_notice", id="end", instrument=MOC, organisation="ised", given_on="2026-09-01")
    register = _amendment(*ALL).plus([ended])
    assert approvals(register.get(Amendment, "ai"), register, date(2028, 1, 1)).state == "in_force"


def test_what_was_not_approved_before_the_end_has_lapsed() -> None:
    ended = made("end_notice", id="end", instrument=MOC, organisation="ised", given_on="2026-09-01")
    register = _amendment(*ALL[:4]).plus([ended])
    stands = [approvals(register.get(Amendment, "ai"), register, date.fromisoformat(on)) for on in ("2026-11-30", "2026-12-01")]
    assert [(stand.state, stand.missing) for stand in stands] == [("open", ("gac",)), ("lapsed", ())]


def test_who_has_left_need_not_approve() -> None:
    end = {"months": 3, "strength": "should", "ends_for": "giver", "article": f"{MOC}:final-9-c"}
    left = made("end_notice", id="end", instrument=MOC, organisation="gac", given_on="2025-10-01")
    register = changed(_amendment(*ALL[:4]), "instrument", MOC, end=end).plus([left])
    found = approvals(register.get(Amendment, "ai"), register, date(2026, 12, 1))
    assert (found.state, str(found.effect)) == ("in_force", "2026-03-05")


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"approvals": [{"organisation": "motir", "day": "2026-02-01"}]}, f"expected participants of {MOC}, found motir"),
        ({"approvals": [{"organisation": "gac", "day": "2026-01-14"}]}, "day: expected a date not before proposed (2026-01-15)"),
        ({"approvals": [{"organisation": "gac", "day": "2026-02-01"}] * 2}, "expected each participant once, found gac twice"),
        (
            {"takes_effect": "2026-01-20", "approvals": [{"organisation": "gac", "day": "2026-02-01"}]},
            "takes_effect: expected a date not",
        ),
        ({"written": False}, "written: expected a decision in writing"),
        ({"changes": [{"article": f"{MOC}:area-9"}]}, f"expected an article of {MOC}"),
        ({"changes": [{"new": {**NEW, "id": f"{MOC}:area-2-a"}}]}, "the old one stays"),
        ({"changes": [{}]}, "expected an article to put in or to end, found neither"),
        ({"withdrawn": "2026-01-01"}, "withdrawn: expected a date not before proposed"),
    ],
)
def test_amendments_that_do_not_fit_are_named(fields: dict[str, Any], problem: str) -> None:
    register = _amendment(**fields)
    assert any(problem in line for line in told(register, "amendment", "ai"))
