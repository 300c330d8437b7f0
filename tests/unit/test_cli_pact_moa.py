"""The stop of Moa in February 2026 from the command line, on the reference network: from the event to a drill, offline."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from orepact.cli.entry import run
from orepact.service.pact import record_file
from orepact.shock.events.event import Event

MOC = "ca-jp-moc-battery-2023"
REQUEST = """\
by: nrcan
asked: [meti, mofa-jp]
sent_at: 2026-03-02T16:00-05:00
received_at: 2026-03-03T00:30Z
answers:
  impact: Nickel and cobalt of the refinery in Alberta, if feed ends in mid-April
  cause: No deliveries of fuel to Moa
  duration: Nobody knows
  sectors: Refining of nickel and cobalt
  measures: Feed in stock is stretched
  help: Other feed of mixed sulphides, and cobalt from stocks
"""
PEOPLE = """\
records:
- {kind: person, id: ana, title: Ana, terms: [{role: Officer, organisation: nrcan, valid_from: 2020-01-01}]}
- {kind: person, id: emi, title: Emi, terms: [{role: Officer, organisation: meti, valid_from: 2020-01-01}]}
"""
WHY = ("--reason", "as the sides agreed")


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every way out is closed."""

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError("this test runs offline")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("offline")
def test_the_replay_of_moa(own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    db = str(own)
    for name, text in {"people.yaml": PEOPLE, "request.yaml": REQUEST}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    record_file(tmp_path / "people.yaml", db, reason="people for the test")

    def ask(*words: str, code: int = 0) -> dict[str, Any]:
        assert run(["pact", *words, "--db", db, "--format", "json"]) == code
        said = capsys.readouterr()
        found: dict[str, Any] = json.loads(said.out if code == 0 else said.err)
        return found

    # event and alert: what early warning said with what was known
    ask("incident", "open", "moa", "--instrument", MOC, "--title", "Moa stops", "--event", "moa_stop_2026",
        "--alert", "CAN:mixed_hydroxide_precipitate", "--on", "2026-02-28", "--hindsight", *WHY)  # fmt: skip
    opened = ask("show", "incident", "moa")["record"]
    assert opened["alert"]["commodity"] == "mixed_hydroxide_precipitate"
    assert opened["event"]["id"] == "moa_stop_2026"
    # request
    ask("incident", "request", "moa", str(tmp_path / "request.yaml"), *WHY)
    # assessment of one frozen scenario
    options = ask("incident", "assess", "moa", "--by", "nrcan", "--as-of", "2026-02-28", "--hindsight", "--weeks", "26",
                  "--at", "2026-03-05T12:00Z", *WHY)  # fmt: skip
    made = ask("show", "assessment", options["meta"]["assessment"])["record"]
    assert [event["hash"] for event in made["events"]] == [Event.load("moa_stop_2026").hash]
    assert made["manifest_hash"] == options["meta"]["manifest_hash"]
    # options, the best first
    savings = [row["net_saving_usd"] for row in options["data"]]
    assert savings == sorted(savings, reverse=True)
    # decision with two keys; one refuses to act
    ask("decide", "aid", "moa", options["data"][0]["option"], "--id", "help", "--by", "nrcan", "--at", "2026-03-06T00:00Z", *WHY)
    promise = ("incident", "deliver", "feed", "--decision", "help", "--by", "meti", "--to", "nrcan", "--what", "Cobalt",
               "--quantity", "100", "--unit", "t", "--due", "2026-04", *WHY)  # fmt: skip
    hand = ("--verdict", "approve", *WHY)
    ask(
        "decide", "key", "help", "--side", "CAN", "--organisation", "nrcan", "--person", "ana", "--at", "2026-03-07T00:00Z", *hand
    )
    assert "an approved decision" in json.dumps(ask(*promise, code=3))
    ask("decide", "key", "help", "--side", "JPN", "--organisation", "meti", "--person", "emi", "--at", "2026-03-09T00:00Z", *hand)
    ask("incident", "met", "moa", "--on", "2026-03-10", *WHY)
    # tracked delivery, review
    ask(*promise)
    ask("incident", "arrived", "feed", "--on", "2026-04-20", "--quantity", "100", *WHY)
    ask("incident", "review", "back", "--incident", "moa", "--title", "What it taught", "--held-on", "2026-06-15",
        "--by", "nrcan", "--by", "meti", "--lesson", "Ask sooner", *WHY)  # fmt: skip
    found = ask("incident", "show", "moa", "--on", "2026-06-30")
    assert (found["meta"]["stage"], found["meta"]["meeting"]["state"]) == ("done", "kept")
    # drill
    ask("drill", "start", "moa-2026", "--at", "2026-09-01T09:00Z", *WHY)
    ask("drill", "act", "moa-2026", "notice", "--by", "nrcan", "--text", "Told them", "--at", "2026-09-01T12:00Z")
    ask("drill", "end", "moa-2026", "--at", "2026-09-08T09:00Z", *WHY)
    states = {row["inject"]: row["state"] for row in ask("drill", "show", "moa-2026", "--at", "2026-09-08T09:00Z")["data"]}
    assert (states["notice"], states["request"]) == ("in_time", "missed")
    assert run(["audit", "verify", "--db", db]) == 0
