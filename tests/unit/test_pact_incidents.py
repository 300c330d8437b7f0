"""Incidents: the form of the request, its clock, who may ask whom, and dates that contradict."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from orepact.errors import BadInput, NotFound
from orepact.pact.incidents.incident import Incident
from orepact.pact.incidents.patterns import Pattern, way_to_ask
from orepact.pact.instruments.ending import EndNotice
from orepact.pact.instruments.instrument import Instrument
from orepact.pact.records.changes import forbidden
from orepact.pact.records.reading import seed
from pact_incidents import ANSWERS, EVERY_FIELD, KOREA_2023, MOC, incident, request, world


def told(**changes: Any) -> str:
    with pytest.raises(BadInput) as caught:
        incident(**changes)
    assert caught.value.exit_code == 3
    return str(caught.value)


def test_the_form_has_the_six_fields_of_the_pattern() -> None:
    way = way_to_ask(seed(), MOC)
    assert sorted(question.id for question in way.form) == EVERY_FIELD
    assert (way.meeting_days, way.quorum) == (15, "each_side")
    assert "Canada is not" in way.basis
    assert way.form[0].title_in("ko") == "영향(예상 포함)"
    assert way.form[0].title_in("de") == way.form[0].title


def test_an_incident_takes_the_clock_of_the_pattern_and_keeps_it() -> None:
    opened = incident()
    assert (opened.pattern, opened.meeting_days, opened.time_zone) == ("ipef-art12", 15, "UTC")
    later = seed().get(Pattern, "ipef-art12").model_copy(update={"meeting_days": 5})
    assert [*world(later).problems([opened])] == []
    assert opened.meeting_clock(date(2026, 3, 3)).last == date(2026, 3, 18)


def test_an_instrument_may_have_a_way_of_its_own() -> None:
    usual = seed().get(Pattern, "ipef-art12")
    own = usual.model_copy(
        update={"id": "korean-way", "instruments": (KOREA_2023,), "meeting_days": 7, "time_zone": "Asia/Seoul"}
    )
    register = seed().plus([own]).check()
    assert (way_to_ask(register, KOREA_2023).id, way_to_ask(register, MOC).id) == ("korean-way", "ipef-art12")
    asked = request(by="motir", asked=["nrcan"])
    opened = Incident.opened(register, id="a", title="A", instrument=KOREA_2023, request=asked)
    assert (opened.meeting_days, opened.time_zone) == (7, "Asia/Seoul")
    assert opened.received_on == date(2026, 3, 3)
    assert opened.meeting_clock(date(2026, 3, 11)).state == "missed"


def test_two_ways_of_one_instrument_are_refused() -> None:
    usual = seed().get(Pattern, "ipef-art12")
    again = usual.model_copy(update={"id": "z-again"})
    found = [str(problem) for problem in seed().plus([again]).problems([again])]
    assert found == [
        "pattern z-again, instruments: expected one way to ask, found ipef-art12 too; name other instruments for one of them"
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"basis": ""}, "pattern own, basis: expected whose clock it is"),
        ({"pattern_kind": "habit"}, "an entry of the list pattern_kind, found 'habit'"),
        ({"modes": ["by_pigeon"]}, "an entry of the list meeting_mode, found 'by_pigeon'"),
        (
            {"form": [{"id": "cause", "title": "Why"}, {"id": "cause", "title": "Why again"}]},
            "each question once, found cause 2 times",
        ),
    ],
)
def test_what_is_wrong_with_a_pattern(changes: dict[str, Any], words: str) -> None:
    fields = {"id": "own", "title": "Own", "pattern_kind": "law", "instruments": [KOREA_2023], "meeting_days": 3, "basis": "ours"}
    own = Pattern.model_validate({**fields, **changes})
    assert words in "\n".join(map(str, seed().plus([own]).problems([own])))


def test_without_any_way_to_ask_none_is_made_up() -> None:
    bare = [record for record in seed().records.values() if record.kind != "pattern"]
    with pytest.raises(NotFound):
        way_to_ask(type(seed()).of(bare), MOC)


@pytest.mark.parametrize(
    ("zone", "met", "on", "state"),
    [
        ("UTC", None, "2026-03-18", "running"),  # received on the 3rd
        ("UTC", None, "2026-03-19", "missed"),
        ("America/Toronto", None, "2026-03-17", "running"),  # received on the 2nd there
        ("America/Toronto", None, "2026-03-18", "missed"),
        ("UTC", "2026-03-18", "2026-04-01", "kept"),
        ("America/Toronto", "2026-03-18", "2026-04-01", "late"),
        ("UTC", "2026-03-18", "2026-03-17", "running"),
        ("UTC", None, "2026-03-02", "not_started"),
    ],
)
def test_the_clock_of_the_meeting(zone: str, met: str | None, on: str, state: str) -> None:
    meeting = {"on": met, "mode": "virtual"} if met else None
    assert incident(time_zone=zone, met=meeting).meeting_clock(date.fromisoformat(on)).state == state


def test_an_incident_without_a_stated_clock_has_none() -> None:
    assert incident(meeting_days=None).meeting_clock(date(2027, 1, 1)).state == "not_started"


@pytest.mark.parametrize("missing", EVERY_FIELD)
def test_every_question_is_answered(missing: str) -> None:
    answers = {name: text for name, text in ANSWERS.items() if name != missing}
    assert f"incident moa, request.answers.{missing}: expected " in told(request=request(answers=answers))


def test_all_that_is_wrong_is_told_at_once() -> None:
    found = told(request=request(by="motir", asked=["komir"], answers={"cause": "x", "colour": "blue"}), article=f"{MOC}:area-99")
    for words in (
        f"an article of {MOC}",
        *(f"request.answers.{name}: expected" for name in EVERY_FIELD if name != "cause"),
        "the questions of ipef-art12: impact, cause, duration, sectors, measures, help, found colour",
        f"a party of {MOC}: meti, mofa-jp, ised, nrcan, gac, found motir",
        "found komir",
    ):
        assert words in found


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"request": request(asked=["ised", "gac"])}, "a party of another side than CAN, found ised, gac"),
        ({"request": request(received_at="2026-03-02T20:59Z")}, "request.received_at: expected a moment not before it was sent"),
        ({"request": request(sent_at="2026-03-02")}, "2026-03-02"),
        ({"request": request(answers={**ANSWERS, "cause": ""})}, "cause"),
        (
            {"met": {"on": "2026-03-01", "mode": "virtual"}},
            "met: expected a date not before request (2026-03-02), found 2026-03-01",
        ),
        ({"met": {"on": "2026-03-09", "mode": "by_pigeon"}}, "an entry of the list meeting_mode, found 'by_pigeon'"),
        ({"request": None, "met": {"on": "2026-03-09", "mode": "virtual"}}, "the request on which they met, found none"),
        (
            {"closed": {"on": "2026-01", "reason": "over"}},
            "closed: expected a date not before request (2026-03-02), found 2026-01",
        ),
        ({"closed": {"on": "2026-05", "reason": ""}}, "closed.reason"),
        ({"alert": {"place": "CAN", "level": "panic", "on": "2026-02-28"}}, "an entry of the list alert_level, found 'panic'"),
        ({"pattern": "kr-ews"}, "a pattern with a form, found kr-ews"),
        ({"meeting_days": 0}, "a number of at least 1"),
        ({"time_zone": "Mars"}, "time_zone"),
        ({"colour": "blue"}, "unknown key 'colour'"),
    ],
)
def test_what_an_incident_may_not_be(changes: dict[str, Any], words: str) -> None:
    assert words in told(**changes)


def test_names_that_are_not_there_are_told_with_the_nearest() -> None:
    with pytest.raises(NotFound, match="ca-jp-moc-battery-2023"):
        incident(instrument="ca-jp-moc-battery-2024")
    with pytest.raises(NotFound, match="ipef-art12"):
        incident(pattern="ipef-art13")


def test_nobody_asks_under_an_instrument_that_has_ended() -> None:
    ended = seed().get(Instrument, MOC).model_copy(update={"ended": "2026-02", "end_reason": "notice of Japan"})
    register = world(ended)
    found = [str(problem) for problem in register.problems([incident()])]
    assert f"a request before {MOC} ended (2026-02-28), found received on 2026-03-03" in found[0]
    open_end = world(ended.model_copy(update={"ended": "2026-03"}))
    assert [*open_end.problems([incident()])] == []  # the request may lie before that day of March


def test_nobody_asks_once_a_notice_has_ended_the_instrument() -> None:
    def told(given: str) -> list[str]:
        notice = EndNotice.model_validate({"id": "n", "title": "N", "instrument": MOC, "organisation": "meti", "given_on": given})
        return [str(problem) for problem in world(notice).problems([incident()])]

    assert told("2025-12-04") == []  # three months end on 4 March, a day after receipt
    assert f"a request before {MOC} ended (2026-03-03)" in told("2025-12-03")[0]


def test_the_clock_of_an_incident_runs_as_it_was_opened() -> None:
    before = world(incident())
    moved = incident().model_copy(update={"meeting_days": 30, "drill": True})
    found = [str(problem) for problem in forbidden(before, [moved])]
    (line,) = found
    assert line.startswith("incident moa, drill, meeting_days: expected what it was opened with, found another value; close this")
    noted = incident(request=None)
    assert [*forbidden(world(noted), [noted.model_copy(update={"meeting_days": 30})])] == []
    assert len([*forbidden(world(noted), [noted.model_copy(update={"drill": True})])]) == 1
    met = incident(met={"on": "2026-03-09", "mode": "virtual"})
    assert [*forbidden(before, [met])] == []


def test_what_lists_show_of_an_incident() -> None:
    line = incident().entry()
    assert (line.title, line.state, line.owner, line.instrument) == ("Moa stops", "open", "nrcan", MOC)
    assert line.due == date(2026, 3, 18)
    assert incident(met={"on": "2026-03-09", "mode": "virtual"}).entry().due is None
    assert incident(request=None).entry().state == "alert"
    assert incident(request=None, alert=None).entry().state == "noted"
    drill = incident(drill=True, closed={"on": "2026-04", "reason": "played"}).entry()
    assert (drill.title, drill.state, drill.due) == ("Drill: Moa stops", "drill, closed", None)


def test_an_incident_survives_being_written_and_read() -> None:
    whole = incident(met={"on": "2026-03-09", "mode": "mixed"}, closed={"on": "2026-05", "reason": "over"})
    assert Incident.model_validate(whole.content()) == whole
    assert whole.content()["request"]["sent_at"] == "2026-03-02T21:00:00Z"


SHA_OF_A = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"  # of the letter a, as every table has it


@pytest.mark.parametrize(("frozen", "fits"), [({"text": "a", "hash": SHA_OF_A}, True), ({"text": "a"}, False), ({}, True)])
def test_a_frozen_event_has_the_hash_of_its_text(frozen: dict[str, str], fits: bool) -> None:
    event = {"title": "Moa stops", "known_from": "2026-02-17", **frozen}
    if fits:
        assert incident(event=event).event is not None
    else:
        assert "it was changed since the incident was opened" in told(event=event)


def test_a_frozen_event_is_never_replaced() -> None:
    event = {"title": "Moa stops", "known_from": "2026-02-17"}
    before = incident(event={**event, "text": "a", "hash": SHA_OF_A}, request=None)
    for other in (event, None):
        found = [*incident(event=other, request=None).forbidden(before)]
        assert [(each.column, each.found) for each in found] == [("incident moa, event", "another one")]
    assert [*before.model_copy(update={"title": "Moa"}).forbidden(before)] == []
