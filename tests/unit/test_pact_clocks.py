"""Clocks of days: whole days of one place, whatever its clocks do; moments with what they are ahead of UTC."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from pydantic import BaseModel, ValidationError

from orepact.pact.dates.clocks import Clock, clock
from orepact.pact.dates.moments import Moment, Zone, iso, local_day


class Stamp(BaseModel):
    at: Moment
    zone: Zone = "UTC"


def moment(text: str) -> datetime:
    return Stamp.model_validate({"at": text}).at


@pytest.mark.parametrize(
    ("received", "days", "last"),
    [
        ("2026-02-18", 15, "2026-03-05"),  # 10 days of February and 5 of March
        ("2024-02-20", 15, "2024-03-06"),  # 9 days, the 29th among them, and 6 of March
        ("2023-02-20", 15, "2023-03-07"),
        ("2026-12-20", 15, "2027-01-04"),
        ("2026-01-31", 1, "2026-02-01"),
    ],
)
def test_day_one_is_the_day_after_receipt(received: str, days: int, last: str) -> None:
    found = clock(date.fromisoformat(received), days, on=date.fromisoformat(received))
    assert found.last == date.fromisoformat(last)
    assert found.left == days


@pytest.mark.parametrize(
    ("on", "done", "state", "left"),
    [
        ("2026-02-17", None, "not_started", None),
        ("2026-02-18", None, "running", 15),
        ("2026-03-05", None, "running", 0),
        ("2026-03-06", None, "missed", -1),
        ("2026-03-06", "2026-03-05", "kept", None),
        ("2026-03-10", "2026-03-06", "late", None),
        ("2026-03-05", "2026-03-06", "running", 0),  # not known yet
    ],
)
def test_a_clock_as_it_stands_on_a_day(on: str, done: str | None, state: str, left: int | None) -> None:
    met = date.fromisoformat(done) if done else None
    found = clock(date(2026, 2, 18), 15, on=date.fromisoformat(on), done=met)
    assert (found.state, found.left) == (state, left)


@pytest.mark.parametrize(
    ("received", "zone", "last"),
    [
        ("2026-03-01T04:30Z", "America/Toronto", "2026-03-15"),  # still 28 February there; clocks go forward on 8 March
        ("2026-03-01T04:30Z", "Asia/Tokyo", "2026-03-16"),
        ("2026-10-25T03:30Z", "America/Toronto", "2026-11-08"),  # still the 24th there; clocks go back on 1 November
        ("2026-10-25T03:30Z", "UTC", "2026-11-09"),
    ],
)
def test_days_are_counted_where_the_clock_is(received: str, zone: str, last: str) -> None:
    start = local_day(moment(received), zone)
    assert clock(start, 15, on=start).last == date.fromisoformat(last)


def test_fifteen_days_across_a_change_of_clocks_are_not_360_hours() -> None:
    before, after = moment("2026-03-01T12:00-05:00"), moment("2026-03-16T12:00-04:00")
    assert (after - before).total_seconds() == 359 * 3600
    assert (local_day(after, "America/Toronto") - local_day(before, "America/Toronto")).days == 15


def test_nothing_runs_without_days_or_receipt() -> None:
    assert clock(None, 15, on=date(2026, 1, 1)) == clock(date(2026, 1, 1), None, on=date(2026, 2, 1)) == Clock("not_started")


def test_a_moment_is_kept_in_utc_and_written_so() -> None:
    stamp = Stamp.model_validate({"at": "2026-11-01T01:30:00-04:00"})
    assert stamp.model_dump(mode="json")["at"] == "2026-11-01T05:30:00Z"
    assert Stamp.model_validate(stamp.model_dump(mode="json")) == stamp
    assert moment("2026-11-01T01:30-05:00") - stamp.at == moment("2026-11-01T06:30Z") - moment("2026-11-01T05:30Z")
    assert iso(moment("2026-11-01T01:30+09:00")) == "2026-10-31T16:30:00Z"


@pytest.mark.parametrize("value", ["2026-03-01", "2026-03-01T12:00", 1772366400, "soon", date(2026, 3, 1), "2026-02-29T12:00Z"])
def test_what_is_no_moment_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        Stamp.model_validate({"at": value})


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "America", "/etc/localtime"])
def test_what_is_no_place_is_refused(zone: str) -> None:
    with pytest.raises(ValidationError):
        Stamp.model_validate({"at": "2026-03-01T12:00Z", "zone": zone})
