"""The stop of Moa from the event to the review: each step is read from the records, on the day that one asks about."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from orepact.pact.decisions.decision import AidChoice, Decision
from orepact.pact.incidents.accounts import account
from orepact.pact.incidents.deliveries import Delivery
from orepact.pact.incidents.incident import Incident
from orepact.pact.incidents.progress import STEPS, progress
from orepact.pact.incidents.reviews import Review
from orepact.pact.records.register import Register
from pact_incidents import MOC, assessment, decision, incident, key, with_keys, world

CANADA = key("CAN", "nrcan", "ana", "2026-03-07T00:00Z", reason="feed lasts until April")
JAPAN = key("JPN", "meti", "emi", "2026-03-09T00:00Z", reason="stocks suffice")


def delivery(name: str, **changes: Any) -> Delivery:
    fields: dict[str, Any] = {
        "id": name,
        "title": "Cobalt from stocks",
        "decision": "moa-stocks",
        "by": "jogmec",
        "to": "nrcan",
        "what": "Cobalt metal",
        "commodity": "cobalt_metal",
        "quantity": 100.0,
        "unit": "t",
        "due": "2026-04-30",
    }
    return Delivery.model_validate({**fields, **changes})


def review(**changes: Any) -> Review:
    fields: dict[str, Any] = {
        "id": "moa-review",
        "title": "What we learned",
        "incident": "moa",
        "held_on": "2026-06-15",
        "by": ["nrcan", "meti"],
        "lessons": [{"text": "Ask for ties between single plants"}],
    }
    return Review.model_validate({**fields, **changes})


def whole() -> Register:
    """All records of the incident; each was written when it happened."""
    parts = delivery("first", arrivals=[{"on": "2026-04-20", "quantity": 60}, {"on": "2026-05-04", "quantity": 40}])
    trucks = {"what": "Priority in the port of Vancouver", "quantity": None, "unit": "", "commodity": None, "due": "2026-04"}
    port = delivery("port", by="nrcan", to="meti", **trucks, arrivals=[{"on": "2026-04-10"}])
    swap = delivery("swap", quantity=30.0, due="2026-05", ended={"on": "2026-05-20", "reason": "feed was found"})
    opened = incident(met={"on": "2026-03-10", "mode": "virtual"})
    base = world(opened, assessment())
    return base.plus([with_keys(decision(), base, CANADA, JAPAN), parts, port, swap, review()]).check()


@pytest.mark.parametrize(
    ("on", "stage", "words", "due"),
    [
        ("2026-02-16", "request", "no party has asked for help", None),
        ("2026-03-02", "request", "no party has asked for help", None),
        ("2026-03-03", "assessment", "no assessment is made", None),
        ("2026-03-05", "decision", "no decision is asked for", None),
        ("2026-03-06", "decision", "moa-stocks is open: no key of JPN, CAN", None),
        ("2026-03-08", "decision", "moa-stocks is open: no key of JPN", None),
        ("2026-03-09", "tracking", "3 promised", "2026-04-30"),
        ("2026-04-20", "tracking", "1 partly, 1 delivered, 1 promised", "2026-04-30"),
        ("2026-05-01", "tracking", "1 overdue, 1 delivered, 1 promised", "2026-04-30"),
        ("2026-05-04", "tracking", "2 delivered, 1 promised", "2026-05-31"),
        ("2026-05-20", "review", "no review is held", None),
        ("2026-06-15", "done", "", None),
    ],
)
def test_the_stage_of_the_replay_on_each_day(on: str, stage: str, words: str, due: str | None) -> None:
    register, day = whole(), date.fromisoformat(on)
    found = progress(register.get(Incident, "moa"), register, day)
    assert found.stage == stage
    for step in found.steps:
        if step.name == stage:
            assert (step.state, step.words) == ("open", words)
            assert step.due == (date.fromisoformat(due) if due else None)
    after = [step.state for step in found.steps[STEPS.index(stage) + 1 :]] if stage in STEPS else []
    assert set(after) <= {"waiting"}


def test_every_step_of_the_replay_is_done_in_its_turn() -> None:
    register = whole()
    found = progress(register.get(Incident, "moa"), register, date(2026, 6, 30))
    assert tuple(step.name for step in found.steps) == STEPS
    assert {step.name: str(step.day) for step in found.steps} == {
        "event": "2026-02-17",
        "alert": "2026-02-28",
        "request": "2026-03-03",
        "assessment": "2026-03-05",
        "options": "2026-03-05",
        "decision": "2026-03-09",
        "tracking": "2026-05-20",
        "review": "2026-06-15",
    }
    assert all(step.state == "done" for step in found.steps)
    assert (found.meeting.state, found.meeting.done) == ("kept", date(2026, 3, 10))
    words = {step.name: step.words for step in found.steps}
    assert words["alert"] == "caution: CAN, mixed_hydroxide_precipitate"
    assert words["request"] == "nrcan asked meti, mofa-jp"
    assert words["options"] == "2 ranked; first pact, saves 0 USD net"
    assert words["decision"] == "approved: stockpiles"


def test_what_lies_in_the_future_changes_nothing() -> None:
    register, day = whole(), date(2026, 3, 8)
    before = world(incident(), assessment())
    without = before.plus([with_keys(decision(), before, CANADA)])
    then = progress(register.get(Incident, "moa"), register, day)
    assert then == progress(without.get(Incident, "moa"), without, day)


def test_no_aid_is_a_decision_too_and_leaves_nothing_to_deliver() -> None:
    none = AidChoice(what="aid", incident="moa", assessment="moa-1", option="none")
    base = world(incident(), assessment())
    register = base.plus([with_keys(decision(none), base, CANADA, JAPAN)]).check()
    steps = {step.name: step for step in progress(register.get(Incident, "moa"), register, date(2026, 3, 9)).steps}
    assert steps["tracking"].words == "no aid was decided: nothing to deliver"
    assert steps["tracking"].day == date(2026, 3, 9)
    assert steps["review"].state == "open"


def test_after_a_decline_the_sides_may_decide_anew() -> None:
    base = world(incident(), assessment())
    no = key("JPN", "meti", "emi", "2026-03-09T00:00Z", "decline", reason="stocks are ours")
    declined = with_keys(decision(), base, no)
    once = base.plus([declined])
    found = progress(once.get(Incident, "moa"), once, date(2026, 3, 20))
    assert (found.stage, found.steps[5].words) == ("decision", "moa-stocks is declined: meti declined: stocks are ours")
    pact = AidChoice(what="aid", incident="moa", assessment="moa-1", option="pact")
    again = decision(pact, id="moa-all", supersedes="moa-stocks", asked_at="2026-03-21T00:00Z")
    keys = key("CAN", "gac", "cho", "2026-03-22T00:00Z"), key("JPN", "mofa-jp", "fumi", "2026-03-23T00:00Z")
    twice = once.plus([with_keys(again, once, *keys)]).check()
    found = progress(twice.get(Incident, "moa"), twice, date(2026, 3, 23))
    assert (found.stage, found.steps[5].words, found.steps[5].day) == ("tracking", "approved: pact", date(2026, 3, 23))


def test_an_incident_may_end_before_its_last_step() -> None:
    closed = {"on": "2026-03-04", "reason": "Canada withdrew its request"}
    register = world(incident(closed=closed))
    found = progress(register.get(Incident, "moa"), register, date(2026, 3, 4))
    assert found.stage == "closed"
    assert [step.state for step in found.steps] == ["done", "done", "done", *["left_out"] * 5]
    assert found.steps[3].words == "closed on 2026-03-04: Canada withdrew its request"
    assert progress(register.get(Incident, "moa"), register, date(2026, 3, 3)).stage == "assessment"


MET, CLOSED = {"on": "2026-03-10", "mode": "virtual"}, {"on": "2026-06-30", "reason": "feed was found"}


@pytest.mark.parametrize(
    ("changes", "looked", "words"),
    [
        ({}, {"held_on": "2020-01-01"}, ["not before known_from (2026-02-17)", "not before request (2026-03-03)"]),
        ({"met": MET}, {"held_on": "2026-03-09"}, ["not before met (2026-03-10)"]),
        ({"met": MET}, {"held_on": "2026-03-09", "interim": True}, []),  # one looks back while it goes on
        ({"request": None, "closed": CLOSED}, {"held_on": "2026-06-29"}, ["not before closed (2026-06-30)"]),
        ({"closed": CLOSED}, {}, []),  # after its request was handled an incident is closed last
        ({"met": MET}, {"held_on": "2026-03"}, []),
    ],
)
def test_nobody_looks_back_before_there_is_anything(changes: dict[str, Any], looked: dict[str, Any], words: list[str]) -> None:
    seen = review(**looked)
    found = [str(problem) for problem in world(incident(**changes), seen).problems([seen])]
    assert len(found) == len(words)
    assert all(word in line for word, line in zip(words, found, strict=True))


def test_the_last_assessment_counts() -> None:
    better = assessment(id="moa-2", title="Second", made_at="2026-03-08T00:00Z", supersedes="moa-1", aid=[])
    register = world(incident(), assessment(), better).check()
    steps = {step.name: step for step in progress(register.get(Incident, "moa"), register, date(2026, 3, 8)).steps}
    assert steps["assessment"].records == ("moa-1", "moa-2")
    assert steps["assessment"].words.startswith("Second; manifest ")
    assert (steps["options"].state, steps["decision"].state) == ("open", "waiting")


def test_an_event_or_an_alert_may_be_missing() -> None:
    register = world(incident(event=None, alert=None))
    found = progress(register.get(Incident, "moa"), register, date(2026, 3, 3))
    assert [(step.state, step.words) for step in found.steps[:2]] == [
        ("left_out", "no event is named"),
        ("left_out", "no alert is on record"),
    ]
    assert found.stage == "assessment"


def test_an_interim_review_ends_nothing() -> None:
    register = whole().plus([review(interim=True)])
    found = progress(register.get(Incident, "moa"), register, date(2026, 6, 30))
    assert (found.stage, found.steps[-1].words) == ("review", "no review is held")


def test_the_account_of_the_replay() -> None:
    register = whole()
    found = account(register.get(Incident, "moa"), register, date(2026, 6, 30))
    assert {lapse.step: lapse.days for lapse in found.lapses} == {
        "event": -14, "alert": -3, "request": 0, "assessment": 2, "options": 2, "decision": 6, "tracking": 78, "review": 104,
    }  # fmt: skip
    (choice,) = found.choices
    assert (choice.option, choice.best, choice.net_saving_usd, choice.best_net_saving_usd) == ("stockpiles", "pact", 0.0, 0.4)
    standings = {each.delivery: each.standing for each in found.arrived}
    assert {name: (each.state, each.delivered, each.days_late) for name, each in standings.items()} == {
        "first": ("delivered", 100.0, 4),
        "port": ("delivered", None, 0),
        "swap": ("ended", 0.0, 0),
    }
    assert [lesson.text for lesson in found.lessons] == ["Ask for ties between single plants"]
    assert not found.drill


def test_an_account_of_a_day_knows_no_more_than_the_day() -> None:
    register = whole()
    found = account(register.get(Incident, "moa"), register, date(2026, 3, 8))
    assert (found.choices, found.lessons) == ((), ())
    assert [lapse.step for lapse in found.lapses] == ["event", "alert", "request", "assessment", "options"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"held_on": "2026-02"}, "a date not before request (2026-03-03), found 2026-02"),
        ({"incident": "moa-b"}, "the id of a known incident"),
        ({"lessons": [{"text": "x", "commitment": "nobody"}]}, "the id of a known commitment"),
    ],
)
def test_what_a_review_may_not_be(changes: dict[str, Any], words: str) -> None:
    record = review(**changes)
    assert words in "\n".join(map(str, whole().plus([record]).problems([record])))


def test_nothing_is_reviewed_before_anybody_asked() -> None:
    register = world(incident(request=None))
    assert "an incident with a request, found moa without one" in "\n".join(
        map(str, register.plus([review()]).problems([review()]))
    )


def test_the_decision_is_under_the_memorandum() -> None:
    assert whole().get(Decision, "moa-stocks").instrument == MOC
