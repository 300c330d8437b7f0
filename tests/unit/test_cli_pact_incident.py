"""An incident from the event to the review by the command line alone, on a small chain; keys, a new code, a drill, a notice."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from copies import Copies, seeded
from orepact.cli.entry import run
from orepact.service.pact import record_file
from orepact.shock.events.event import Event
from shock_networks import chain_network

MOC = "ca-jp-moc-battery-2023"
EVENT = """\
id: mine_stop
title: A mine stops
start: 2026-02-23
known_from: 2026-02-17
weeks: 8
breaks:
  - {site: mine_near, share_left: 0.0, confidence: reported}
"""
REQUEST = """\
by: nrcan
asked: [meti, mofa-jp]
sent_at: 2026-03-02T16:00-05:00
received_at: 2026-03-03T00:30Z
answers:
  impact: Half of the ore
  cause: No fuel
  duration: Nobody knows
  sectors: Refining
  measures: Feed is stretched
  help: Other feed
"""
PEOPLE = """\
records:
- {kind: person, id: ana, title: Ana, terms: [{role: Officer, organisation: nrcan, valid_from: 2020-01-01}]}
- {kind: person, id: emi, title: Emi, terms: [{role: Officer, organisation: meti, valid_from: 2020-01-01}]}
"""
CANADA = ("--side", "CAN", "--organisation", "nrcan", "--person", "ana", "--verdict", "approve")
JAPAN = ("--side", "JPN", "--organisation", "meti", "--person", "emi", "--verdict", "approve")


@pytest.fixture(scope="module")
def place(copies: Copies, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a filled register, a chain as a package, an event and a filled form."""
    folder = tmp_path_factory.mktemp("incident")
    chain_network().to_package(folder / "chain")
    for name, text in {"stop.yaml": EVENT, "request.yaml": REQUEST, "people.yaml": PEOPLE}.items():
        (folder / name).write_text(text, encoding="utf-8")
    db = Path(copies.of("sqlite", seeded, folder)).rename(folder / "register.db")
    record_file(folder / "people.yaml", str(db), reason="people for the test")
    return folder


@pytest.fixture
def ask(place: Path, capsys: pytest.CaptureFixture[str]):
    """Run a command of ``orepact pact`` on the register with ``--format json`` and return its reply."""

    def asked(*words: str) -> dict[str, Any]:
        code = run(["pact", *words, "--db", str(place / "register.db"), "--format", "json"])
        said = capsys.readouterr()
        assert code == 0, said.err
        return json.loads(said.out)

    return asked


@pytest.fixture
def refused(place: Path, capsys: pytest.CaptureFixture[str]):
    """Run a command that must be refused as bad input; returns its problems as text."""

    def asked(*words: str) -> str:
        code = run(["pact", *words, "--db", str(place / "register.db"), "--format", "json"])
        said = capsys.readouterr()
        assert (code, said.out) == (3, "")
        error = json.loads(said.err)["error"]
        told = ("{where}: expected {expected}, found {found}; {mend}".format(**problem) for problem in error["problems"])
        return "\n".join(told)

    return asked


def stage(ask, on: str) -> str:
    return ask("incident", "show", "stop", "--on", on)["meta"]["stage"]


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every way out is closed."""

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError("this test runs offline")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("offline")
def test_from_the_event_to_the_review(ask, refused, place: Path) -> None:
    event, chain = str(place / "stop.yaml"), str(place / "chain")
    why = ("--reason", "as the sides agreed")
    warned = ("--alert", "CAN:mixed_hydroxide_precipitate", "--on", "2026-02-28", "--hindsight")
    ask("incident", "open", "stop", "--instrument", MOC, "--title", "A mine stops", "--event", event, *warned, *why)
    alert = ask("show", "incident", "stop")["record"]["alert"]
    assert (alert["level"], alert["on"]) == ("caution", "2026-02-28")
    assert stage(ask, "2026-03-01") == "request"
    assert "orepact pact incident assess stop" in refused("incident", "options", "stop")
    ask("incident", "request", "stop", str(place / "request.yaml"), *why)
    assert "one that has it" in refused("incident", "request", "stop", str(place / "request.yaml"), *why)
    assert stage(ask, "2026-03-03") == "assessment"
    made = ("--by", "nrcan", "--event", event, "--network", chain, "--weeks", "12", "--at", "2026-03-05T12:00Z")
    options = ask("incident", "assess", "stop", *made, *why)
    savings = [row["net_saving_usd"] for row in options["data"]]
    assert savings == sorted(savings, reverse=True)
    assert options["meta"]["losses_usd"].keys() == {"contracts", "market", "pact"}
    assert ask("incident", "options", "stop")["data"] == options["data"]
    best = options["data"][0]["option"]
    ask("decide", "aid", "stop", best, "--id", "help", "--by", "nrcan", "--at", "2026-03-06T00:00Z", *why)
    promise = ("--decision", "help", "--by", "meti", "--to", "nrcan", "--what", "Feed", "--due", "2026-04")
    assert "an approved decision" in refused("incident", "deliver", "feed", *promise, *why)
    first = ask("decide", "key", "help", *CANADA, "--at", "2026-03-07T00:00Z", *why)
    assert (first["meta"]["state"], first["meta"]["missing"]) == ("open", ["JPN"])
    assert "an approved decision" in refused("incident", "deliver", "feed", *promise, *why)
    again = ("--side", "JPN", "--organisation", "meti", "--person", "ana", "--verdict", "approve")
    assert "ana again" in refused("decide", "key", "help", *again, "--at", "2026-03-08T00:00Z", *why)
    second = ask("decide", "key", "help", *JAPAN, "--at", "2026-03-09T00:00Z", *why)
    assert (second["meta"]["state"], second["meta"]["settled"]) == ("approved", "2026-03-09")
    ask("incident", "met", "stop", "--on", "2026-03-10", *why)
    ask("incident", "deliver", "feed", *promise, "--quantity", "100", "--unit", "t", *why)
    assert stage(ask, "2026-03-10") == "tracking"
    ask("incident", "arrived", "feed", "--on", "2026-04-20", "--quantity", "60", *why)
    ask("incident", "arrived", "feed", "--on", "2026-05-04", "--quantity", "40", *why)
    assert (stage(ask, "2026-05-01"), stage(ask, "2026-05-04")) == ("tracking", "review")
    seen = ("--held-on", "2026-06-15", "--by", "nrcan", "--by", "meti", "--lesson", "Ask sooner")
    ask("incident", "review", "back", "--incident", "stop", "--title", "What it taught", *seen, *why)
    found = ask("incident", "show", "stop", "--on", "2026-06-30")
    assert found["meta"]["stage"] == "done"
    assert found["meta"]["days_after_request"] == {
        "event": -14, "alert": -3, "request": 0, "assessment": 2, "options": 2, "decision": 6, "tracking": 62, "review": 104,
    }  # fmt: skip
    assert found["meta"]["meeting"] == {"state": "kept", "last_day": "2026-03-18", "days_left": None, "held": "2026-03-10"}
    assert found["meta"]["lessons"] == ["Ask sooner"]
    (delivery,) = found["meta"]["deliveries"]
    assert (delivery["delivered"], delivery["days_late"]) == (100.0, 4)
    much = ask("incident", "arrived", "feed", "--on", "2026-05-05", "--quantity", "25", *why)
    assert much["meta"]["warnings"][0].startswith("feed: 100 t were promised, and 25 more have arrived")
    ask("incident", "close", "stop", "--on", "2026-06-30", *why)
    more = ("--decision", "help", "--by", "meti", "--to", "nrcan", "--what", "More", "--due", "2026-12")
    assert "stop was closed on 2026-06-30" in refused("incident", "deliver", "more", *more, *why)
    over = refused("decide", "aid", "stop", best, "--id", "late", "--by", "nrcan", "--at", "2026-07-01T00:00Z", *why)
    assert "open another incident" in over
    assert stage(ask, "2026-07-01") == "closed"


def test_the_event_is_assessed_as_it_was_when_the_incident_was_opened(ask, refused, place: Path) -> None:
    file, why = place / "passing.yaml", ("--reason", "test")
    file.write_text(EVENT, encoding="utf-8")
    opened = Event.load(file)
    words = ("--instrument", MOC, "--title", "A mine stops", "--event", str(file), "--request", str(place / "request.yaml"))
    ask("incident", "open", "frozen", *words, *why)
    assert "nothing later than now" in refused("incident", "assess", "frozen", "--by", "nrcan", "--at", "2199-01-01T00:00Z", *why)
    file.unlink()
    made = ("--by", "nrcan", "--network", str(place / "chain"), "--weeks", "2", "--at", "2026-03-05T12:00Z")
    ask("incident", "assess", "frozen", *made, *why)
    (run_,) = ask("show", "assessment", "frozen-assessment-1")["record"]["events"]
    frozen = ask("show", "incident", "frozen")["record"]["event"]
    assert run_["hash"] == frozen["hash"] == opened.hash
    assert Event.from_mapping(json.loads(frozen["text"])) == opened
    other = place / "other-event.yaml"
    ask("show", "incident", "frozen", "--output", str(other))
    text = other.read_text(encoding="utf-8")
    other.write_text(text.replace("mine_near", "mine_far"), encoding="utf-8")
    assert other.read_text(encoding="utf-8") != text
    assert "it was changed since the incident was opened" in refused("record", str(other), *why)


def test_an_event_of_the_library_is_frozen_as_well(ask) -> None:
    ask("incident", "open", "library", "--instrument", MOC, "--title", "Moa", "--event", "moa_stop_2026", "--reason", "test")
    frozen = ask("show", "incident", "library")["record"]["event"]
    assert (frozen["id"], frozen["hash"]) == ("moa_stop_2026", Event.load("moa_stop_2026").hash)
    assert Event.from_mapping(json.loads(frozen["text"])) == Event.load("moa_stop_2026")


def test_an_incident_is_opened_for_some(ask, refused) -> None:
    words = ("incident", "open", "quiet", "--instrument", MOC, "--title", "Quiet", "--reason", "test")
    ask(*words, "--label", "TLP:AMBER/nrcan")
    assert ask("show", "incident", "quiet")["record"]["label"] == "TLP:AMBER/nrcan"
    assert "TLP:CLEAR, TLP:GREEN" in refused(*words, "--label", "SECRET")


def test_an_assessment_cannot_be_changed_afterwards(ask, refused, place: Path) -> None:
    event, chain = str(place / "stop.yaml"), str(place / "chain")
    ask("incident", "open", "sealed", "--instrument", MOC, "--title", "A mine stops", "--event", event,
        "--request", str(place / "request.yaml"), "--reason", "test")  # fmt: skip
    made = (
        "--by",
        "nrcan",
        "--event",
        event,
        "--network",
        chain,
        "--weeks",
        "4",
        "--at",
        "2026-03-05T12:00Z",
        "--reason",
        "test",
    )
    ask("incident", "assess", "sealed", *made)
    file = place / "assessment.yaml"
    ask("show", "assessment", "sealed-assessment-1", "--output", str(file))
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("made_by: nrcan", "made_by: meti"), encoding="utf-8")
    assert "the seal of these figures" in refused("record", str(file), "--reason", "prettier")
    ask("incident", "assess", "sealed", *made[:-4], "--at", "2026-03-06T12:00Z", "--reason", "better")
    assert ask("show", "assessment", "sealed-assessment-2")["record"]["supersedes"] == "sealed-assessment-1"


def test_a_new_area_is_added_by_two_keys(ask, refused, place: Path) -> None:
    file = place / "area.yaml"
    file.write_text(
        f"id: new-area\ntitle: Sodium cells\ninstrument: {MOC}\nasked_by: nrcan\n"
        "subject: {what: code, code: {id: 'area:sodium', list: area, title: Sodium cells}}\n",
        encoding="utf-8",
    )
    asked = ask("decide", "ask", str(file), "--at", "2026-03-06T00:00Z", "--reason", "the dialogue wants it")
    assert asked["meta"]["missing"] == ["JPN", "CAN"]
    ask("decide", "key", "new-area", *CANADA, "--at", "2026-03-07T00:00Z", "--reason", "yes")
    assert "wait for the key of JPN" in refused("decide", "apply", "new-area", "--on", "2026-03-08", "--reason", "one key")
    ask("decide", "key", "new-area", *JAPAN, "--at", "2026-03-08T00:00Z", "--reason", "yes")
    assert "a decision in force on 2026-03-07" in refused(
        "decide", "apply", "new-area", "--on", "2026-03-07", "--reason", "early"
    )
    ask("decide", "apply", "new-area", "--on", "2026-03-08", "--reason", "both keys")
    assert ask("show", "code", "area:sodium")["record"]["decision"] == "new-area"
    assert {row["id"]: row["decision"] for row in ask("codes", "--search", "sodium")["data"]} == {"area:sodium": "new-area"}
    (done,) = ask("decide", "show", "new-area")["meta"]["carried_out"]
    assert done.startswith("code area:sodium, written on ")
    assert ask("decide", "show", "new-area", "--on", "2026-03-07")["meta"]["carried_out"] == []
    again = ask("decide", "apply", "new-area", "--on", "2026-03-09", "--reason", "twice")
    assert again["data"][0]["written"] is False


def test_a_key_from_an_unknown_side_a_bad_moment_and_a_bad_verdict(ask, refused, place: Path) -> None:
    file = place / "other.yaml"
    file.write_text(
        f"id: other\ntitle: Meet in May\ninstrument: {MOC}\nasked_by: nrcan\nsubject: {{what: other, text: Meet in May}}\n",
        "utf-8",
    )
    ask("decide", "ask", str(file), "--at", "2026-03-06T00:00Z", "--reason", "test")
    words = ("--organisation", "nrcan", "--person", "ana", "--reason", "yes")
    strange = ("decide", "key", "other", "--side", "KOR", *words, "--verdict", "approve", "--at", "2026-03-07T00:00Z")
    assert "a side of the decision" in refused(*strange)
    assert "ahead of UTC" in refused(
        "decide", "key", "other", "--side", "CAN", *words, "--verdict", "approve", "--at", "2026-03-07"
    )
    assert "verdict" in refused("decide", "key", "other", "--side", "CAN", *words, "--verdict", "perhaps")


def test_the_form_comes_in_the_language_of_who_fills_it(ask, place: Path) -> None:
    found = ask("incident", "form", MOC, "--language", "ko")
    assert [row["field"] for row in found["data"]] == ["impact", "cause", "duration", "sectors", "measures", "help"]
    assert found["data"][1]["question"] == "원인"
    assert found["meta"]["meeting_days"] == 15


def test_an_unfilled_form_names_each_answer_that_lacks(refused, place: Path) -> None:
    file = place / "short.yaml"
    file.write_text(REQUEST.replace("  cause: No fuel\n", "").replace("  help: Other feed\n", ""), encoding="utf-8")
    words = ("incident", "open", "short", "--instrument", MOC, "--title", "x", "--request", str(file), "--reason", "test")
    message = refused(*words)
    assert "request.answers.cause" in message
    assert "request.answers.help" in message


def test_the_shipped_exercise_is_played(ask, refused) -> None:
    assert {row["state"] for row in ask("drill", "show", "moa-2026")["data"]} == {"planned"}
    ask("drill", "start", "moa-2026", "--at", "2026-09-01T09:00Z", "--reason", "yearly")
    assert "nothing yet" in refused("drill", "start", "moa-2026", "--at", "2026-09-02T09:00Z", "--reason", "again")
    act = ("--by", "nrcan", "--text", "Told them")
    ask("drill", "act", "moa-2026", "notice", *act, "--at", "2026-09-01T12:00Z")
    stranger = ask("drill", "act", "moa-2026", "notice", "--by", "meti", "--text", "Knew it", "--at", "2026-09-01T12:30Z")
    assert stranger["meta"]["warnings"] == ["notice is for nrcan: what meti did is kept, and answers nothing"]
    assert "after it was told" in refused("drill", "act", "moa-2026", "request", *act, "--at", "2026-09-01T10:00Z")
    ask("drill", "act", "moa-2026", "request", *act, "--at", "2026-09-02T12:00Z")
    ask("drill", "finding", "moa-2026", "--text", "Nobody had the number", "--reason", "wash-up")
    ask("drill", "end", "moa-2026", "--at", "2026-09-08T09:00Z", "--reason", "over")
    found = ask("drill", "show", "moa-2026", "--at", "2026-09-08T09:00Z")
    states = {row["inject"]: row["state"] for row in found["data"]}
    assert (states["notice"], states["request"], states["rumour"]) == ("in_time", "late", "told")
    assert found["meta"]["findings"] == ["Nobody had the number"]
    assert found["meta"]["gaps"] == ["request", "receipt", "assessment", "keys"]
    (notice,) = [row for row in found["data"] if row["inject"] == "notice"]
    done = [(one["by"], one["hours"], one["text"]) for one in notice["done"]]
    assert (notice["hours"], done) == (3.0, [("nrcan", 3.0, "Told them"), ("meti", 3.5, "Knew it")])
    late = ("drill", "act", "moa-2026", "keys", "--by", "meti", "--text", "Turned it", "--at", "2026-09-09T09:00Z")
    assert "an action before the exercise ended (2026-09-08T09:00:00Z)" in refused(*late)


def test_a_notice_waits_for_each_contact_point(ask, refused) -> None:
    words = ("--instrument", MOC, "--by", "nrcan", "--to", "meti", "--to", "mofa-jp", "--title", "Moa pauses", "--days", "3")
    ask("notice", "send", "pause", *words, "--at", "2026-02-17T15:00Z", "--reason", "the owner said so")
    ask("notice", "acknowledge", "pause", "--by", "meti", "--at", "2026-02-18T01:00Z", "--reason", "received")
    rows = ask("notice", "show", "pause", "--on", "2026-02-22")["data"]
    assert {row["organisation"]: (row["state"], row["late_days"]) for row in rows} == {
        "meti": ("acknowledged", 0),
        "mofa-jp": ("late", 2),
    }
    message = refused("notice", "acknowledge", "pause", "--by", "posco", "--at", "2026-02-18T01:00Z", "--reason", "received")
    assert "expected one of meti, mofa-jp, found posco" in message
