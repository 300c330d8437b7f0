"""Overdue commitments: the real ones day by day, and dates that were moved, met late or never set."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from orepact.pact.instruments.commitments import Commitment, progress
from orepact.pact.records.record import Entry
from pact_real import MOC, made, real, told

TODAY = date(2026, 11, 22)
IN_2030 = ["jp-battery-capacity-2030", "jp-battery-capacity-home-2030", "kr-minerals-recycled-2030", "kr-minerals-reliance-2030"]


def late_on(on: date) -> dict[str, str]:
    """The owners of the real commitments that are overdue on a day, by id, the longest overdue first."""
    stands = [(progress(one, on), one) for one in real().all(Commitment)]
    found = sorted((-stand.overdue_days, one.id, one.owner) for stand, one in stands if stand.state == "overdue")
    return {name: owner for _, name, owner in found}


@pytest.mark.parametrize(
    ("on", "late"),
    [
        ("2026-07-01", []),
        ("2026-11-22", ["cusma-joint-review-2026"]),
        ("2026-12-31", ["cusma-joint-review-2026"]),  # the year is not over before its last day is
        ("2027-01-01", ["cusma-joint-review-2026", "ca-jp-economic-security-first-meeting"]),
        ("2031-01-01", ["cusma-joint-review-2026", "ca-jp-economic-security-first-meeting", *IN_2030]),
    ],
)
def test_what_is_overdue_of_the_real_commitments(on: str, late: list[str]) -> None:
    assert [*late_on(date.fromisoformat(on))] == late


def test_those_of_one_owner() -> None:
    assert [name for name, owner in late_on(date(2031, 1, 1)).items() if owner == "meti"] == IN_2030[:2]


@pytest.mark.parametrize(
    ("name", "on", "state", "days"),
    [
        ("jp-battery-capacity-2030", "2022-12-30", "not_made", 0),  # made in 2022: sure once the year is over
        ("jp-battery-capacity-2030", "2022-12-31", "open", 0),
        ("jp-battery-capacity-2030", "2031-01-31", "overdue", 31),
        ("ca-kr-minerals-working-group", "2026-11-22", "open", 0),  # no date was set: it is never overdue
        ("ca-kr-minerals-working-group", "2090-01-01", "open", 0),
        ("ca-ev-sales-2035", "2036-01-02", "overdue", 2),
    ],
)
def test_a_real_commitment_on_a_day(name: str, on: str, state: str, days: int) -> None:
    found = progress(real().get(Commitment, name), date.fromisoformat(on))
    assert (found.state, found.overdue_days) == (state, days)


def test_evidence_is_known_from_its_day_on() -> None:
    plan = real().get(Commitment, "ca-kr-minerals-action-plan")
    assert [progress(plan, date(2024, 7, day)).shown for day in (30, 31)] == [False, True]


def _one(**fields: Any) -> Commitment:
    record = made("commitment", **{"id": "seminar", "owner": "ised", "made": "2025-09-01", **fields})
    assert isinstance(record, Commitment)
    return record


@pytest.mark.parametrize(
    ("fields", "on", "state", "days"),
    [
        ({"due": "2026-03-31"}, "2026-03-31", "open", 0),
        ({"due": "2026-03-31"}, "2026-04-01", "overdue", 1),
        ({"due": "2026-03"}, "2026-03-31", "open", 0),
        ({"due": "2026-H1"}, "2026-07-01", "overdue", 1),
        ({"due": "2028-02"}, "2028-02-29", "open", 0),  # a leap February
        ({"due": "2028-02"}, "2028-03-01", "overdue", 1),
        ({"due": "2026-03-31", "done": "2026-03-30"}, "2026-05-01", "done", 0),
        ({"due": "2026-03-31", "done": "2026-04-10"}, "2026-04-09", "overdue", 9),  # done, but not known yet
        ({"due": "2026-03-31", "done": "2026-04-10"}, "2026-05-01", "done", 10),  # late for good
        ({"due": "2026-03-31", "withdrawn": "2026-02-01", "reason": "no funds"}, "2026-05-01", "withdrawn", 0),
        ({"due": "2026-03-31", "withdrawn": "2026-06-01", "reason": "no funds"}, "2026-05-01", "overdue", 31),
        ({}, "2099-01-01", "open", 0),
    ],
)
def test_open_overdue_done_withdrawn(fields: dict[str, Any], on: str, state: str, days: int) -> None:
    found = progress(_one(**fields), date.fromisoformat(on))
    assert (found.state, found.overdue_days) == (state, days)


def test_a_date_that_is_moved_counts_from_the_day_it_was_said() -> None:
    one = _one(due="2026-03-31", moved=[{"said": "2026-05-10", "due": "2026-09-30"}, {"said": "2026-10-15", "due": None}])
    stands = [progress(one, date.fromisoformat(on)) for on in ("2026-05-09", "2026-05-10", "2026-10-01", "2026-10-15")]
    assert [(stand.state, stand.due, stand.slip_days) for stand in stands] == [
        ("overdue", "2026-03-31", 0),
        ("open", "2026-09-30", 183),
        ("overdue", "2026-09-30", 183),
        ("open", None, None),  # without a date nothing is overdue, and nobody can say by how much it slipped
    ]


def test_the_latest_number_shown_is_that_of_the_latest_evidence() -> None:
    evidence = [
        {"what": "count of 2026", "day": "2026-12-31", "value": 41.0},
        {"what": "count of 2025", "day": "2025-12-31", "value": 17.0},
        {"what": "a press release", "day": "2026-06-01"},
    ]
    one = _one(evidence=evidence)
    days = (date(2025, 12, 30), date(2026, 6, 2), date(2027, 1, 1))
    assert [progress(one, on).latest for on in days] == [None, 17.0, 41.0]


def test_the_line_in_the_register_bears_the_last_date_set() -> None:
    one = _one(due="2026-03", instrument=MOC, articles=[f"{MOC}:form-3-a-ii"])
    line = Entry("seminar", "open", "ised", MOC, (f"{MOC}:form-3-a-ii",), date(2026, 3, 31))
    assert one.entry() == line
    assert _one(due="2026-03", moved=[{"said": "2026-04", "due": "2027"}]).entry().due == date(2027, 12, 31)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"due": "2025-08"}, "due: expected a date not before made (2025-09-01), found 2025-08"),
        ({"done": "2025-08-31"}, "done: expected a date not before made (2025-09-01)"),
        ({"withdrawn": "2025-08", "reason": "x"}, "withdrawn: expected a date not before made"),
        ({"withdrawn": "2026-01"}, "reason: expected why it was withdrawn"),
        ({"withdrawn": "2026-01", "reason": "x", "done": "2026-02"}, "withdrawn: expected done or withdrawn, found both"),
        ({"moved": [{"said": "2025-08-01", "due": "2026"}]}, "moved.0: expected a date not before made"),
        ({"moved": [{"said": "2026-01", "due": "2025-01"}]}, "moved.0, due: expected a date not before made"),
        ({"instrument": MOC, "articles": [f"{MOC}:area-2-c-xi"]}, f"did you mean {MOC}:area-2-c-x"),
        ({"articles": [f"{MOC}:area-2-c-x"]}, "articles: expected an instrument beside its articles"),
    ],
)
def test_commitments_that_contradict_are_named(fields: dict[str, Any], problem: str) -> None:
    register = real().plus([_one(**fields)])
    assert any(problem in line for line in told(register, "commitment", "seminar"))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"due": "9999"}, "a year from 1500 to 2500"),  # "never" is no date: leave it out
        ({"due": "2027-02-29"}, "a date as YYYY-MM-DD"),
        ({"due": "2026-H3"}, "a date as YYYY-MM-DD"),
        ({"made": "soon"}, "a date as YYYY-MM-DD"),
        ({"indicator": {"name": "cells", "target": "nan"}}, "finite"),
        ({"evidence": [{"what": "count", "day": "2026", "value": float("inf")}]}, "finite"),
    ],
)
def test_dates_and_numbers_that_are_none_are_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        _one(**fields)


def test_a_date_of_the_same_month_does_not_contradict() -> None:
    assert told(real().plus([_one(made="2025-09", due="2025-09-15", done="2025-09-02")]), "commitment", "seminar") == []
