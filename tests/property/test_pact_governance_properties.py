"""Laws of the rules of governance: what a day knows does not change later, months end where they should, turns are fair."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from orepact.pact.bodies.body import Body
from orepact.pact.bodies.due import next_due
from orepact.pact.bodies.meetings import Meeting
from orepact.pact.bodies.rotation import chair
from orepact.pact.dates.days import Span, months_after
from orepact.pact.instruments.commitments import Commitment, progress
from orepact.pact.instruments.ending import EndNotice, clock_of
from orepact.pact.instruments.instrument import Instrument
from orepact.pact.instruments.terms import EndRule
from orepact.pact.records.register import Register

FIRST, LAST = date(2020, 1, 1), date(2040, 12, 31)
DAYS = st.dates(FIRST, LAST)
MEMBERS = ("a", "b", "c", "d")
COUNTINGS = st.sampled_from(["from_last_meeting", "calendar_year", "from_operation"])


def _register(held: list[date], months: int, counted: str, members: int, order: str) -> Register:
    """A body under an instrument that starts on the first day, chaired by its members in turn of the alphabet."""
    turns = [{"organisation": name} for name in MEMBERS[:members]]
    body = {
        "id": "body",
        "title": "Body",
        "body_kind": "dialogue",
        "instrument": "pact",
        "sides": [{"side": "X", "chair": {"rule": "rotation", "members": turns, "order": order}}],
        "meets": {"every_months": months, "counted": counted, "article": "pact:meet"},
    }
    pact = {"id": "pact", "title": "Pact", "instrument_kind": "plan", "effect": {"rule": "stated", "day": FIRST.isoformat()}}
    records: list[Any] = [Body.model_validate(body), Instrument.model_validate(pact)]
    for number, day in enumerate(sorted(held)):
        chairs = [{"side": "X", "organisation": MEMBERS[number % members]}]
        fields = {"id": f"m{number:03}", "title": "M", "body": "body", "held": day.isoformat(), "chairs": chairs}
        records.append(Meeting.model_validate(fields))
    return Register.of(records)


WORLDS = st.fixed_dictionaries(
    {
        "held": st.lists(DAYS, max_size=6, unique=True),
        "months": st.integers(1, 36),
        "counted": COUNTINGS,
        "members": st.integers(1, 4),
        "order": st.sampled_from(["least_recently_served", "listed"]),
    }
)


@settings(deadline=None, max_examples=150)
@given(DAYS, WORLDS)
def test_a_day_does_not_know_what_came_after_it(on: date, world: dict[str, Any]) -> None:
    whole = _register(**world)
    known = _register(**{**world, "held": [day for day in world["held"] if day <= on]})
    assert next_due("body", whole, on) == next_due("body", known, on)
    assert chair("body", "X", whole, on) == chair("body", "X", known, on)


@settings(deadline=None, max_examples=150)
@given(DAYS, WORLDS)
def test_missed_dates_lie_in_the_past_and_the_owed_one_is_due(on: date, world: dict[str, Any]) -> None:
    found = next_due("body", _register(**world), on)
    days = [one.due for one in found.missed]
    assert days == sorted(set(days))
    assert all(day < on for day in days)
    assert all(one.held is None or one.due < one.held <= on for one in found.missed)
    assert found.day is not None
    assert found.overdue(on) is (found.day in days)
    past = [day for day in world["held"] if day <= on]
    if world["counted"] == "from_last_meeting" and past:
        assert found.day == months_after(max(past), world["months"])


@settings(deadline=None, max_examples=100)
@given(DAYS, WORLDS)
def test_a_meeting_today_never_leaves_one_owed(on: date, world: dict[str, Any]) -> None:
    found = next_due("body", _register(**{**world, "held": [*{*world["held"], on}]}), on)
    assert not found.overdue(on)
    assert found.day is not None
    assert found.day >= on


@settings(deadline=None, max_examples=100)
@given(members=st.integers(1, 4), served=st.integers(0, 9), order=st.sampled_from(["least_recently_served", "listed"]))
def test_the_chairs_ahead_are_each_of_the_members_once(members: int, served: int, order: str) -> None:
    held = [FIRST + timedelta(days=30 * number) for number in range(served)]
    register = _register(held, 12, "from_last_meeting", members, order)
    ahead = [chair("body", "X", register, LAST, number) for number in range(1, members + 1)]
    names = {name for one in ahead for name in one.candidates}
    assert names == set(MEMBERS[:members])
    if served >= members or order == "listed":
        assert [one.organisation for one in ahead] == [MEMBERS[(served + number) % members] for number in range(members)]


@settings(deadline=None)
@given(given_on=DAYS, months=st.integers(1, 24), more=st.integers(-60, 60), strength=st.sampled_from(["should", "shall"]))
def test_a_notice_runs_its_months_unless_it_may_be_shorter(given_on: date, months: int, more: int, strength: str) -> None:
    full = months_after(given_on, months)
    asked = max(given_on, full + timedelta(days=more))
    notice = EndNotice(id="n", title="n", instrument="pact", organisation="a", given_on=given_on, asked=asked)
    clock = clock_of(notice, EndRule.model_validate({"months": months, "strength": strength}))
    assert clock.full == full
    assert (full.month - given_on.month - months) % 12 == 0
    assert full.day in (given_on.day, (full + timedelta(days=1)).day + full.day - 1)  # the same day, or the last of the month
    assert clock.ends_on == (asked if strength == "should" else max(full, asked))
    assert clock.short_days == max(0, (full - asked).days)


TEXTS = st.one_of(
    DAYS.map(date.isoformat),
    DAYS.map(lambda day: f"{day:%Y-%m}"),
    DAYS.map(lambda day: f"{day:%Y}"),
    DAYS.map(lambda day: f"{day:%Y}-H{1 + day.month // 7}"),
)


@settings(deadline=None)
@given(due=TEXTS, on=DAYS)
def test_overdue_begins_the_day_after_the_last_day_of_the_due_date(due: str, on: date) -> None:
    one = Commitment(id="c", title="c", owner="a", made="2019-01-01", due=due)
    found = progress(one, on)
    last = Span.of(due).last
    assert (found.state == "overdue") is (on > last)
    assert found.overdue_days == max(0, (on - last).days)
