"""Starts, notices and ends of the real instruments: derived from signatures and rules, with clocks that run in months."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from orepact.facts.rules import RuleBook
from orepact.pact.instruments.ending import clock_of, clocks, end_of, participants_on, standing
from orepact.pact.instruments.instrument import Instrument
from orepact.pact.instruments.operation import start
from orepact.pact.instruments.sharing import protected, protection
from orepact.pact.instruments.terms import EndRule
from orepact.pact.records.register import Register
from pact_real import MINERALS, MOBILITY, MOC, changed, made, real, told

TODAY = date(2026, 11, 22)
FIVE = ("meti", "mofa-jp", "ised", "nrcan", "gac")


def _signed(**days: str | None) -> Register:
    """The memorandum on batteries with other days of signature; None: not signed."""
    asked = {name.replace("_", "-"): day for name, day in days.items()}
    signatures = [{"organisation": name, "day": asked.get(name, "2023-09-21")} for name in FIVE]
    return changed(real(), "instrument", MOC, signatures=[mark for mark in signatures if mark["day"]])


@pytest.mark.parametrize(
    ("register", "on", "day", "waiting"),
    [
        (real(), "2023-09-20", None, FIVE),
        (real(), "2023-09-21", "2023-09-21", ()),
        (_signed(gac="2023-10-02"), "2023-10-01", None, ("gac",)),
        (_signed(gac="2023-10-02"), "2023-10-02", "2023-10-02", ()),
        (_signed(gac=None, mofa_jp=None), "2026-11-22", None, ("mofa-jp", "gac")),
        (_signed(gac="2023-10"), "2023-10-30", None, ("gac",)),  # some day of October: sure only once it is over
        (_signed(gac="2023-10"), "2023-10-31", "2023-10", ()),
    ],
)
def test_the_start_is_the_last_signature(register: Register, on: str, day: str | None, waiting: tuple[str, ...]) -> None:
    found = start(register.get(Instrument, MOC), date.fromisoformat(on))
    assert (found.day, found.waiting) == (day, waiting)


def test_a_witness_is_no_signatory() -> None:
    marks = [{"organisation": name, "day": "2023-09-21"} for name in FIVE[:4]]
    marks.append({"organisation": "gac", "day": "2023-09-21", "capacity": "witnessed"})
    found = start(changed(real(), "instrument", MOC, signatures=marks).get(Instrument, MOC), TODAY)
    assert (found.day, found.waiting) == (None, ("gac",))


@pytest.mark.parametrize(
    ("name", "signed", "rivals"),
    [
        (MOC, "2023-09-21", ()),
        (MINERALS, "2023-05-17", ("2023-05-16",)),
        (MOBILITY, "2026-01-27", ("2026-01-28", "2026-01-29")),
    ],
)
def test_dates_that_other_sources_give_are_kept_with_why_not(name: str, signed: str, rivals: tuple[str, ...]) -> None:
    instrument = real().get(Instrument, name)
    found = start(instrument, TODAY)
    assert {mark.day for mark in instrument.signatures} == {signed}
    assert tuple(claim.day for claim in found.rivals) == rivals
    assert all(claim.why for claim in instrument.date_claims)


def test_the_date_in_the_rules_of_eligibility_is_one_of_those_claimed() -> None:
    rule = RuleBook.shipped().rules["CA-KR-MOU-2026"]
    claims = real().get(Instrument, MOBILITY).date_claims
    assert str(rule.date_from) in {claim.day for claim in claims if not claim.taken}


@pytest.mark.parametrize(
    ("name", "on", "stage", "since"),
    [
        (MOC, "2023-09-20", "unsigned", None),
        (MOC, "2023-09-21", "in_operation", "2023-09-21"),
        (MOC, "2026-11-22", "in_operation", "2023-09-21"),
        (MINERALS, "2023-05-16", "unknown", None),
        (MINERALS, "2026-11-22", "signed", "2023-05-17"),  # no start is stated: none is made up
        (MOBILITY, "2026-01-26", "unknown", None),
        (MOBILITY, "2026-01-27", "signed", "2026-01-27"),
        ("ckfta", "2014-12-31", "unknown", None),
        ("ckfta", "2015-01-01", "in_operation", "2015-01-01"),
        ("komir-bc-2023", "2023-06-29", "unknown", None),
        ("komir-bc-2023", "2023-06-30", "signed", "2023-06"),
        ("ca-jp-csp-2026", "2026-03-05", "unknown", None),
        ("ca-jp-csp-2026", "2026-03-06", "announced", "2026-03-06"),
        ("msp", "2026-02-03", "announced", "2022"),
        ("msp", "2026-02-04", "ended", "2026-02-04"),
        ("ca-ips", "2026-11-22", "stub", None),
    ],
)
def test_every_instrument_stands_somewhere_on_a_day(name: str, on: str, stage: str, since: str | None) -> None:
    found = standing(real().get(Instrument, name), real(), date.fromisoformat(on))
    assert (found.stage, found.since) == (stage, since)


@pytest.mark.parametrize(("name", "binding"), [(MOC, False), (MINERALS, False), (MOBILITY, None), ("ckfta", True), ("msp", None)])
def test_binding_has_three_values(name: str, binding: bool | None) -> None:
    assert real().get(Instrument, name).binding is binding


def test_that_the_minerals_memorandum_does_not_bind_is_itself_unverified() -> None:
    assert real().get(Instrument, MINERALS).binding_confidence == "unverified"
    assert real().get(Instrument, MOC).binding_confidence == "reported"


def _notice(given: str, name: str = MOC, organisation: str = "ised", **more: Any) -> Any:
    return made("end_notice", id=f"end-{organisation}", instrument=name, organisation=organisation, given_on=given, **more)


@pytest.mark.parametrize(
    ("given", "ends"),
    [
        ("2026-11-22", "2027-02-22"),
        ("2026-11-30", "2027-02-28"),  # three months end with the shorter month
        ("2027-11-30", "2028-02-29"),  # and with its leap day
        ("2027-11-29", "2028-02-29"),
        ("2026-01-31", "2026-04-30"),
        ("2024-02-29", "2024-05-29"),
        ("2026-12-15", "2027-03-15"),  # clocks go forward in Ottawa on 14 March: days of the calendar do not care
    ],
)
def test_three_months_of_the_memorandum_on_batteries(given: str, ends: str) -> None:
    register = real().plus([_notice(given)])
    (clock,) = clocks(register.get(Instrument, MOC), register, date(2030, 1, 1))
    assert (str(clock.full), str(clock.ends_on), clock.short_days) == (ends, ends, 0)


@pytest.mark.parametrize(
    ("on", "stage", "left"),
    [
        ("2026-11-21", "in_operation", None),  # nobody knows of the notice yet
        ("2026-11-22", "ending", 92),
        ("2027-02-21", "ending", 1),
        ("2027-02-22", "ended", 0),
        ("2040-01-01", "ended", 0),
    ],
)
def test_the_clock_of_a_notice_day_by_day(on: str, stage: str, left: int | None) -> None:
    register, day = real().plus([_notice("2026-11-22")]), date.fromisoformat(on)
    instrument = register.get(Instrument, MOC)
    running = clocks(instrument, register, day)
    assert standing(instrument, register, day).stage == stage
    assert [clock.remaining_days(day) for clock in running] == ([] if left is None else [left])
    assert bool(participants_on(instrument, register, day)) is (stage != "ended")


@pytest.mark.parametrize(
    ("strength", "asked", "ends", "short"),
    [
        ("should", "2026-12-22", "2026-12-22", 62),  # it ought to wait, and need not
        ("should", "2027-06-30", "2027-06-30", 0),
        ("should", None, "2027-02-22", 0),
        ("shall", "2026-12-22", "2027-02-22", 62),  # it must wait
        ("shall", "2027-06-30", "2027-06-30", 0),
    ],
)
def test_should_warns_and_shall_holds(strength: str, asked: str | None, ends: str, short: int) -> None:
    notice = _notice("2026-11-22", **({"asked": asked} if asked else {}))
    clock = clock_of(notice, EndRule.model_validate({"months": 3, "strength": strength}))
    assert (str(clock.ends_on), clock.short_days) == (ends, short)
    assert ("short of" in clock.words or "too early" in clock.words) is bool(short)


def test_too_short_a_notice_is_a_mistake_only_where_the_text_commands_the_time() -> None:
    register = real().plus([_notice("2026-11-22", asked="2026-12-22")])
    assert told(register, "end_notice", "end-ised") == []
    end = {"months": 3, "strength": "shall", "article": f"{MOC}:final-9-c"}
    strict = changed(register, "instrument", MOC, end=end)
    (problem,) = told(strict, "end_notice", "end-ised")
    assert problem == "end_notice end-ised, asked: expected 2027-02-22 or later (3 months), found 2026-12-22; ask for a later day"


def test_the_real_memorandum_says_should() -> None:
    end = real().get(Instrument, MOC).end
    assert end is not None
    assert (end.months, end.strength, end.written, end.survival) == (3, "should", True, True)
    assert all(real().get(Instrument, name).end is None for name in (MINERALS, MOBILITY))  # not stated there


def test_without_a_stated_time_of_notice_nobody_can_say_when_it_ends() -> None:
    register = real().plus([_notice("2026-11-22", MINERALS, "nrcan")])
    instrument = register.get(Instrument, MINERALS)
    (clock,) = clocks(instrument, register, TODAY)
    assert (clock.ends_on, clock.remaining_days(TODAY), end_of(instrument, register, TODAY)) == (None, None, None)
    assert standing(instrument, register, TODAY).stage == "signed"
    asked = real().plus([_notice("2026-11-22", MINERALS, "nrcan", asked="2026-12-31")])
    assert standing(instrument, asked, date(2026, 12, 31)).stage == "ended"


@pytest.mark.parametrize("fields", [{"given_on": "9999-12-31"}, {"given_on": "2026-11-22", "asked": "9999-12-31"}])
def test_days_past_all_calendars_are_refused(fields: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="a year from 1500 to 2500"):
        made("end_notice", id="end", instrument=MOC, organisation="ised", **fields)


@pytest.mark.parametrize("months", [-3, 100_000])
def test_notice_of_less_than_nothing_is_refused(months: int) -> None:
    with pytest.raises(ValueError, match="months"):
        EndRule.model_validate({"months": months})


def test_a_notice_taken_back_in_time_ends_nothing() -> None:
    register = real().plus([_notice("2026-11-22", withdrawn_on="2027-01-10")])
    instrument = register.get(Instrument, MOC)
    assert standing(instrument, register, date(2027, 1, 9)).stage == "ending"
    assert standing(instrument, register, date(2027, 1, 10)).stage == "in_operation"
    assert standing(instrument, register, date(2028, 1, 1)).stage == "in_operation"
    assert told(register, "end_notice", "end-ised") == []


def test_the_first_of_two_notices_ends_it() -> None:
    register = real().plus([_notice("2026-11-22"), _notice("2026-10-31", organisation="meti")])
    instrument = register.get(Instrument, MOC)
    assert str(end_of(instrument, register, TODAY)) == "2027-01-31"
    assert [clock.notice.organisation for clock in clocks(instrument, register, TODAY)] == ["meti", "ised"]


def test_where_the_end_is_the_givers_alone_the_others_go_on() -> None:
    end = {"months": 3, "strength": "should", "ends_for": "giver", "article": f"{MOC}:final-9-c"}
    register = changed(real(), "instrument", MOC, end=end).plus([_notice("2026-11-22")])
    instrument = register.get(Instrument, MOC)
    assert standing(instrument, register, date(2027, 3, 1)).stage == "in_operation"
    assert participants_on(instrument, register, date(2027, 2, 21)) == FIVE
    assert participants_on(instrument, register, date(2027, 2, 22)) == ("meti", "mofa-jp", "nrcan", "gac")


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"given_on": "2023-09-20"}, "given_on: expected a date not before start (2023-09-21)"),
        ({"organisation": "motir"}, "organisation: expected a party of ca-jp-moc-battery-2023, found motir"),
        ({"asked": "2026-11-21"}, "asked: expected a date not before given_on (2026-11-22)"),
        ({"withdrawn_on": "2026-11-21"}, "withdrawn_on: expected a date not before given_on"),
        ({"withdrawn_on": "2027-02-22"}, "withdrawn_on: expected a day before the end, 2027-02-22"),
        ({"written": False}, "written: expected notice in writing"),
    ],
)
def test_notices_that_contradict_are_named(fields: dict[str, Any], problem: str) -> None:
    given = {"id": "end-x", "instrument": MOC, "organisation": "ised", "given_on": "2026-11-22", **fields}
    register = real().plus([made("end_notice", **given)])
    assert any(problem in line for line in told(register, "end_notice", "end-x"))


ENDS = "2027-02-22"


@pytest.mark.parametrize(
    ("shared_on", "on", "holds"),
    [
        ("2023-09-20", "2026-11-22", False),  # before the memorandum
        ("2023-09-21", "2026-11-22", True),
        ("2025-01-01", "2027-02-21", True),
        ("2025-01-01", ENDS, True),  # survives the end
        ("2025-01-01", "2075-01-01", True),  # for good
        ("2027-02-21", "2040-01-01", True),  # shared on the last day
        (ENDS, "2040-01-01", False),  # shared after the end
    ],
)
def test_what_was_shared_stays_protected_after_the_end(shared_on: str, on: str, holds: bool) -> None:
    register = real().plus([_notice("2026-11-22")])
    days = date.fromisoformat(shared_on), date.fromisoformat(on)
    assert protected(register, MOC, *days) is holds
    assert protection(register.get(Instrument, MOC), register, *days).holds is holds


@pytest.mark.parametrize(("survival", "holds", "kept"), [(True, True, True), (False, False, False), (None, None, True)])
def test_where_survival_is_not_stated_nothing_is_opened(survival: bool | None, holds: bool | None, kept: bool) -> None:
    end = {"months": 3, "strength": "should", **({} if survival is None else {"survival": survival})}
    register = changed(real(), "instrument", MOC, end=end).plus([_notice("2026-11-22")])
    shared_on, on = date(2025, 1, 1), date(2028, 1, 1)
    assert protection(register.get(Instrument, MOC), register, shared_on, on).holds is holds
    assert protected(register, MOC, shared_on, on) is kept


def test_the_memorandum_on_minerals_states_nothing_of_it() -> None:
    register = real().plus([_notice("2026-11-22", MINERALS, "nrcan", asked="2026-12-31")])
    found = protection(register.get(Instrument, MINERALS), register, date(2024, 1, 1), date(2027, 1, 1))
    assert found.holds is None
    assert "not stated" in found.because


def test_information_keeps_its_label_through_the_end() -> None:
    fields = {"instrument": MOC, "given_by": "meti", "given_to": ["nrcan"], "shared_on": "2025-09-01", "label": "TLP:AMBER/meti"}
    register = real().plus([made("sharing", id="stocks", **fields)])
    ended = register.plus([_notice("2026-11-22")])
    assert told(ended, "sharing", "stocks") == []
    assert ended.get(type(made("sharing", id="stocks", **fields)), "stocks").label == "TLP:AMBER/meti"
    (problem,) = told(real().plus([made("sharing", id="stocks", **{**fields, "given_to": ["motir"]})]), "sharing", "stocks")
    assert "expected parties of ca-jp-moc-battery-2023, found motir" in problem
