"""Notices through contact points: clocks of days by the clock of a place, delegates, and answers that do not fit."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from orepact.pact.instruments.notices import Notice, answers
from orepact.pact.records.record import Record
from pact_real import MOC, made, real, told

#: Canada's contact point has it, for itself.
_HAS = {"organisation": "nrcan", "at": "2026-03-03T00:00:00Z"}


def _notice(**fields: Any) -> Notice:
    content = {
        "id": "change-of-seat",
        "instrument": MOC,
        "sender": "meti",
        "to": ["nrcan", "gac"],
        "sent_at": "2026-03-02T09:00:00+09:00",
        "days": 15,
        **fields,
    }
    record = made("notice", **content)
    assert isinstance(record, Notice)
    return record


@pytest.mark.parametrize(
    ("sent_at", "zone", "sent_on", "deadline"),
    [
        ("2026-03-02T09:00:00+09:00", "UTC", "2026-03-02", "2026-03-17"),
        ("2026-03-02T08:00:00+09:00", "UTC", "2026-03-01", "2026-03-16"),  # still the day before in London
        ("2026-03-02T09:00:00+09:00", "America/Toronto", "2026-03-01", "2026-03-16"),  # over the clock change of 8 March
        ("2026-03-02T09:00:00+09:00", "Asia/Tokyo", "2026-03-02", "2026-03-17"),
        ("2026-10-25T23:30:00-04:00", "America/Toronto", "2026-10-25", "2026-11-09"),  # over that of 1 November
        ("2028-02-20T12:00:00+00:00", "UTC", "2028-02-20", "2028-03-06"),  # with a leap day
        ("2027-02-20T12:00:00+00:00", "UTC", "2027-02-20", "2027-03-07"),  # without
    ],
)
def test_fifteen_days_are_days_of_the_calendar_of_a_place(sent_at: str, zone: str, sent_on: str, deadline: str) -> None:
    found = _notice(sent_at=sent_at, zone=zone)
    assert (str(found.sent_on), str(found.deadline)) == (sent_on, deadline)


NRCAN = {"organisation": "nrcan", "at": "2026-03-10T10:00:00-04:00"}
GAC_LATE = {"organisation": "gac", "at": "2026-03-20T10:00:00-04:00"}


@pytest.mark.parametrize(
    ("on", "states"),
    [
        ("2026-03-01", []),
        ("2026-03-02", [("nrcan", "waiting", 0), ("gac", "waiting", 0)]),
        ("2026-03-10", [("nrcan", "acknowledged", 0), ("gac", "waiting", 0)]),
        ("2026-03-17", [("nrcan", "acknowledged", 0), ("gac", "waiting", 0)]),
        ("2026-03-18", [("nrcan", "acknowledged", 0), ("gac", "late", 1)]),
        ("2026-03-20", [("nrcan", "acknowledged", 0), ("gac", "acknowledged", 3)]),
        ("2027-01-01", [("nrcan", "acknowledged", 0), ("gac", "acknowledged", 3)]),
    ],
)
def test_the_clock_of_each_addressee(on: str, states: list[tuple[str, str, int]]) -> None:
    found = answers(_notice(acknowledgements=[NRCAN, GAC_LATE]), date.fromisoformat(on))
    assert [(one.organisation, one.state, one.late_days) for one in found] == states


def test_without_a_deadline_nobody_is_late() -> None:
    (one, _) = answers(_notice(days=None), date(2030, 1, 1))
    assert (one.state, one.late_days, one.ask) == ("waiting", 0, "nrcan")


def test_a_delegate_is_asked_and_answers_while_it_stands_in() -> None:
    delegates = [{"of": "gac", "to": "ised", "valid_from": "2026-03-05", "valid_to": "2026-03-15"}]
    notice = _notice(delegates=delegates, acknowledgements=[{"organisation": "ised", "of": "gac", "at": "2026-03-15T20:00:00Z"}])
    assert [one.ask for one in answers(notice, date(2026, 3, 4))] == ["nrcan", "gac"]
    assert [one.ask for one in answers(notice, date(2026, 3, 5))] == ["nrcan", "ised"]
    assert [one.state for one in answers(notice, date(2026, 3, 15))] == ["waiting", "acknowledged"]
    assert told(real().plus([notice]), "notice", notice.id) == []
    late = _notice(delegates=delegates, acknowledgements=[{"organisation": "ised", "of": "gac", "at": "2026-03-16T20:00:00Z"}])
    (problem,) = told(real().plus([late]), "notice", late.id)
    assert "expected a delegate of gac on that day, found ised" in problem


def test_moments_are_kept_in_utc_and_come_back_the_same() -> None:
    one = _notice()
    assert one.content()["sent_at"] == "2026-03-02T00:00:00Z"
    again: Record = Notice.model_validate(one.content())
    assert again == one


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"to": ["motir"]}, f"expected contact points of {MOC}, found motir"),
        ({"sender": "basc"}, f"expected contact points of {MOC}, found basc"),
        (
            {"acknowledgements": [{"organisation": "gac", "at": "2026-03-01T00:00:00Z"}]},
            "expected a moment not before 2026-03-02",
        ),
        (
            {"acknowledgements": [{"organisation": "ised", "at": "2026-03-05T00:00:00Z"}]},
            "expected one of nrcan, gac, found ised",
        ),
    ],
)
def test_notices_that_do_not_fit_are_named(fields: dict[str, Any], problem: str) -> None:
    register = real().plus([_notice(**fields)])
    assert any(problem in line for line in told(register, "notice", "change-of-seat"))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"sent_at": "2026-03-02T09:00:00"}, "timezone"),  # of which place?
        ({"sent_at": "2026-03-02"}, "no moment"),
        ({"zone": "Tokyo"}, "time zone"),
        ({"days": 0}, "greater than or equal to 1"),
        ({"to": []}, "at least 1"),
    ],
)
def test_moments_and_places_that_are_none_are_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        _notice(**fields)


def test_the_line_in_the_register_is_open_until_the_last_has_answered() -> None:
    assert _notice(acknowledgements=[NRCAN]).entry().state == "open"
    closed = _notice(acknowledgements=[NRCAN, GAC_LATE]).entry()
    assert (closed.state, closed.due) == ("acknowledged", date(2026, 3, 17))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"acknowledgements": [_HAS, {"organisation": "gac", "at": "2026-03-04T00:00:00Z"}]}, []),
        ({"acknowledgements": [_HAS, _HAS]}, ["one for nrcan", "2 of them"]),
        ({"acknowledgements": [_HAS, {**_HAS, "at": "2026-03-05T00:00:00Z"}, _HAS]}, ["one for nrcan", "3 of them"]),
        ({"acknowledgements": [_HAS, {**_HAS, "of": "nrcan"}]}, ["one for nrcan", "2 of them"]),
        ({"to": ["meti", "nrcan"]}, ["others than who sends it", "meti"]),
        ({"to": ["meti"]}, ["others than who sends it", "meti"]),
    ],
)
def test_nobody_acknowledges_twice_or_writes_to_himself(fields: dict[str, Any], words: list[str]) -> None:
    found = told(real().plus([_notice(**fields)]), "notice", "change-of-seat")
    assert len(found) == bool(words)
    assert all(word in found[0] for word in words)
