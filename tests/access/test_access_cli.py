"""Accounts from the command line: the holder of the database lets people in."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from access_world import GOOD

from orepact.cli.entry import run
from orepact.pact.records.readers import PUBLIC
from orepact.service.access import accept_invitation, log_in, reader_of
from orepact.service.pact.desk import Desk
from orepact.service.pact.listing import list_records
from orepact.store.store import open_store

ANA = ["add", "ana", "--name", "Ana", "--organisation", "nrcan", "--role", "editor", "--role", "key_holder", "--person", "ana"]


@pytest.fixture
def say(url: str, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Say something to `orepact account`: its reply as JSON, or what it says of a mistake."""

    def ask(*words: str, code: int = 0) -> Any:
        assert run(["account", *words, "--db", url, "--format", "json"]) == code
        said = capsys.readouterr()
        return json.loads(said.out) if code == 0 else said.err

    return ask


def test_from_the_command_line_to_what_an_organisation_sees(say: Callable[..., Any], url: str) -> None:
    """An account, its invitation and its token; the community and a client; and the end of it."""
    assert say(*ANA)["data"][0]["roles"] == "nrcan: editor; nrcan: key_holder"
    secret = say("invite", "ana")["data"][0]["secret"]
    accept_invitation(secret, GOOD, url)
    assert log_in("ana", GOOD, url).caller.reader.roles == {"editor", "key_holder"}
    assert say("community", "nrcan")["data"] == [{"organisation": "nrcan"}]
    made = say("token", "ana", "--name", "nightly", "--organisation", "nrcan", "--scope", "read")["data"][0]["token"]
    reader = reader_of(url, token=made)
    store = open_store(url)
    seen = set(list_records(["commitment"], Desk(store, reader)).data["id"])
    assert seen == {"open", "of-all", "nrcan.amber", "nrcan.strict"}
    assert set(list_records(["commitment"], Desk(store, PUBLIC)).data["id"]) == {"open"}
    store.close()
    assert say("client", "nrcan", "meti")["data"][0]["organisation"] == "meti"
    assert len(say("client", "nrcan")["data"]) == 1
    assert say("client", "nrcan", "meti", "--end")["data"] == []
    assert say("role", "ana", "nrcan", "key_holder", "--end")["data"][0]["role"] == "editor"
    assert say("role", "ana", "meti", "reader")["data"][0]["organisation"] == "meti"
    token = say("token", "ana")["data"][0]["token"]
    assert say("token", "ana", "--revoke", token)["data"][0]["revoked_at"]
    assert say("close", "ana", "--lock")["data"][0]["state"] == "locked"
    assert say("close", "ana", "--unlock")["data"][0]["state"] == "active"
    assert say("close", "ana")["data"][0]["state"] == "closed"
    assert [one["account"] for one in say("list", "--organisation", "nrcan")["data"]] == ["ana"]
    assert [one["use_case"] for one in say("log", "--limit", "3")["data"]] == ["add_account", "give_role", "give_role"]


def test_mistakes_are_told(say: Callable[..., Any]) -> None:
    """With what to do."""
    assert "roles among reader" in say(*ANA[:4], "--organisation", "nrcan", "--role", "king", code=3)
    assert "is not known" in say("invite", "nobody", code=3)


def test_a_guest_from_the_command_line(say: Callable[..., Any]) -> None:
    """With his last day."""
    found = say("add", "cho", "--name", "Cho", "--guest", "--until", "2030-12-31", "--person", "cho")["data"][0]
    assert (found["guest"], found["expires_at"]) == (True, "2031-01-01T00:00:00.000000Z")


def test_help_loads_nothing_that_it_does_not_need() -> None:
    """Neither the database nor what works out passwords."""
    code = (
        "import sys\nfrom orepact.cli.entry import run\ncode = run(['account', 'add', '--help'])\n"
        "heavy = ('pandas', 'sqlalchemy', 'argon2', 'joserfc', 'httpx2', 'fastapi')\n"
        "print([name for name in heavy if name in sys.modules], file=sys.stderr)\nsys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr.strip()) == (0, "[]")
    assert "Example: `orepact account add" in done.stdout
