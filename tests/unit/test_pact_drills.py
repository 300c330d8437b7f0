"""Drills: played on incidents that are marked, with an after-action report of what was expected, done and missed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from orepact.pact.dates.moments import iso
from orepact.pact.incidents.drills import Drill, after_action
from orepact.pact.incidents.incident import Incident
from orepact.pact.incidents.progress import progress
from orepact.pact.records.reading import seed
from pact_incidents import incident, request, world

INJECTS = [
    {"id": "notice", "at_hours": 0, "text": "Mining stops", "expected": "Tell the others", "of": ["nrcan"], "within_hours": 4},
    {
        "id": "keys",
        "at_hours": 24,
        "text": "Options are ranked",
        "expected": "Turn a key",
        "of": ["nrcan", "meti"],
        "within_hours": 48,
    },
    {"id": "rumour", "at_hours": 72, "text": "A paper writes", "expected": "Answer", "within_hours": 6.5},
]
START = "2026-10-31T12:00-04:00"  # the clocks of Toronto go back in the night


def drill(*actions: tuple[str, str, str], **changes: Any) -> Drill:
    done = [{"inject": inject, "at": at, "by": by, "text": "done"} for inject, at, by in actions]
    fields = {"id": "d", "title": "D", "incident": "moa", "started_at": START, "injects": INJECTS, "actions": done}
    return Drill.model_validate({**fields, **changes})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


PLAYED = (
    ("notice", "2026-10-31T15:00-04:00", "nrcan"),
    ("keys", "2026-11-01T16:00-05:00", "nrcan"),
    ("keys", "2026-11-01T20:00-05:00", "nrcan"),
    ("keys", "2026-11-03T12:00-05:00", "meti"),
)


def test_the_after_action_report_of_a_drill() -> None:
    report = after_action(drill(*PLAYED, findings=[{"text": "Name a deputy"}]), at("2026-11-05T00:00Z"))
    found = {each.inject: (each.state, each.hours, each.silent) for each in report.answered}
    # told at 11:00 on 1 November by the clock there: 24 hours after noon of the day before
    assert found == {"notice": ("in_time", 3.0, ()), "keys": ("late", 49.0, ()), "rumour": ("told", None, ())}
    assert iso(report.answered[1].told_at or at(START)) == "2026-11-01T16:00:00Z"
    assert iso(report.answered[2].due_at or at(START)) == "2026-11-03T22:30:00Z"
    assert [each.inject for each in report.gaps] == ["keys"]  # the rumour is for nobody by name
    assert [each.text for each in report.findings] == ["Name a deputy"]


@pytest.mark.parametrize(
    ("moment", "states"),
    [
        ("2026-10-31T12:00-04:00", ["waiting", "planned", "planned"]),
        ("2026-10-31T15:00-04:00", ["in_time", "planned", "planned"]),
        ("2026-11-01T12:00-05:00", ["in_time", "waiting", "planned"]),
        ("2026-11-02T12:00-05:00", ["in_time", "waiting", "planned"]),  # one of two has acted
        ("2026-11-03T11:30-05:00", ["in_time", "missed", "waiting"]),
        ("2026-11-03T12:00-05:00", ["in_time", "late", "waiting"]),
        ("2026-11-03T17:31-05:00", ["in_time", "late", "told"]),
    ],
)
def test_a_report_knows_no_more_than_its_moment(moment: str, states: list[str]) -> None:
    assert [each.state for each in after_action(drill(*PLAYED), at(moment)).answered] == states


def test_who_did_nothing_is_named() -> None:
    report = after_action(drill(*PLAYED[:2]), at("2026-11-09T00:00Z"))
    assert [(each.inject, each.silent) for each in report.gaps] == [("keys", ("meti",))]


def test_an_inject_of_nobody_is_answered_by_anybody() -> None:
    played = drill(("rumour", "2026-11-03T12:00-05:00", "gac"), ("rumour", "2026-11-09T12:00-05:00", "meti"))
    (rumour,) = [each for each in after_action(played, at("2026-11-10T00:00Z")).answered if each.inject == "rumour"]
    assert (rumour.state, rumour.hours, len(rumour.actions)) == ("in_time", 1.0, 2)


@pytest.mark.parametrize(
    ("ended", "states", "gaps"),
    [
        ("2026-11-01T10:59-05:00", ["in_time", "not_told", "not_told"], []),
        ("2026-11-01T12:00-05:00", ["in_time", "waiting", "not_told"], []),  # the time for it was not over
        ("2026-11-03T11:30-05:00", ["in_time", "missed", "waiting"], ["keys"]),
    ],
)
def test_a_report_speaks_as_of_the_end(ended: str, states: list[str], gaps: list[str]) -> None:
    done = tuple(each for each in PLAYED if at(each[1]) <= at(ended))
    played = drill(*done, ended_at=ended)
    for moment in (ended, "2026-11-20T00:00Z"):
        report = after_action(played, at(moment))
        assert [each.state for each in report.answered] == states
        assert ([each.inject for each in report.gaps], report.at) == (gaps, at(ended))


def test_a_script_that_was_not_played_has_no_hours() -> None:
    report = after_action(drill(started_at=None), at("2026-11-09T00:00Z"))
    assert {each.state for each in report.answered} == {"planned"}
    assert report.gaps == ()


@pytest.mark.parametrize(
    ("played", "words"),
    [
        (drill(("panic", START, "nrcan")), "an inject of the drill: notice, keys, rumour, found 'panic'"),
        (drill(("keys", "2026-11-01T10:59-05:00", "nrcan")), "an action after it was told (2026-11-01T16:00:00Z)"),
        (drill(*PLAYED, ended_at="2026-11-03T16:59Z"), "an action before the exercise ended (2026-11-03T16:59:00Z)"),
        (drill(ended_at="2026-10-31T15:59Z"), "not before the start (2026-10-31T16:00:00Z)"),
        (drill(("notice", START, "nrcan"), started_at=None), "the start of what was played"),
        (drill(injects=[INJECTS[0], INJECTS[0]]), "each inject once, found notice 2 times"),
        (drill(incident="none"), "the id of a known incident"),
    ],
)
def test_what_a_drill_may_not_be(played: Drill, words: str) -> None:
    register = world(incident(drill=True), played)
    assert words in "\n".join(map(str, register.problems([played])))


def test_nobody_plays_with_a_real_incident() -> None:
    played = drill()
    assert [*world(incident(drill=True), played).problems([played])] == []
    found = [str(problem) for problem in world(incident(), played).problems([played])]
    (line,) = found
    assert line.startswith("drill d, incident: expected an incident marked as a drill, found moa, a real one; open an incident")


@pytest.mark.parametrize("hours", [-1, float("nan"), 24 * 366 + 1])
def test_hours_of_a_drill_are_some(hours: float) -> None:
    with pytest.raises(ValueError, match="at_hours"):
        drill(injects=[{**INJECTS[0], "at_hours": hours}])


def test_the_shipped_drill_can_be_played() -> None:
    script = seed().get(Drill, "moa-2026")
    assert script.entry().state == "planned"
    exercise = seed().get(Incident, script.incident)
    assert exercise.drill
    assert exercise.request is None  # nobody is known to have asked
    assert progress(exercise, seed(), date(2026, 11, 22)).stage == "request"
    played = script.model_copy(update={"started_at": at(START)})
    asked = Incident.model_validate({**exercise.content(), "request": request()})
    register = world(played, asked).check()
    found = progress(asked, register, date(2026, 3, 3))
    assert (found.stage, found.drill) == ("assessment", True)
    assert len(after_action(played, at("2026-11-30T00:00Z")).gaps) == sum(bool(inject.of) for inject in script.injects)
