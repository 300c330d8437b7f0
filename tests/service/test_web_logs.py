"""What a server says of itself: enough to find a request again, nothing of what was in it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from logging import config
from time import monotonic, sleep
from typing import Any

import httpx2
import pytest
from faces import Known

from orepact.pact.records.readers import Reader
from orepact.service import access, pact
from orepact.service.access import New
from orepact.service.logs import JsonLines, Lines
from orepact.web.edge.callers import Registered
from orepact.web.edge.house import House
from orepact.web.edge.logs import configuration

WORD = "sesame-open-7741"
PASSWORD = f"correct horse {WORD}"
ADA = Reader.holding("nrcan", account="ada", person="ada", roles=("editor",), community=True)


@pytest.fixture(autouse=True)
def awake(monkeypatch: pytest.MonkeyPatch) -> None:
    """Libraries that set up logging silence loggers that are there: whoever ran before in this process, ours speak."""
    ours = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "orepact"]
    for name in {*ours, "orepact", "orepact.web"}:
        monkeypatch.setattr(logging.getLogger(name), "disabled", False)
        monkeypatch.setattr(logging.getLogger(name), "propagate", True)
        monkeypatch.setattr(logging.getLogger(name), "level", logging.NOTSET)
        logging.getLogger(name).manager._clear_cache()  # type: ignore[attr-defined]  # levels are remembered there


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[io.StringIO, io.StringIO]]:
    """All that any logger says, at any level, as JSON and for people."""
    found = []
    before = {name: logging.getLogger(name).level for name in ("orepact", "uvicorn", "uvicorn.error")}
    for form in (JsonLines(), Lines()):
        handler = logging.StreamHandler(io.StringIO())
        handler.setFormatter(form)
        logging.getLogger().addHandler(handler)
        logging.getLogger("uvicorn").addHandler(handler)
        found.append(handler)
    for name in before:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield found[0].stream, found[1].stream
    for handler in found:
        logging.getLogger().removeHandler(handler)
        logging.getLogger("uvicorn").removeHandler(handler)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def requests_of(stream: io.StringIO) -> list[dict[str, Any]]:
    """The lines about requests."""
    return [line for line in map(json.loads, stream.getvalue().splitlines()) if "route" in line]


def wait_for(there: Callable[[], bool]) -> None:
    """A request is noted a moment after it was answered."""
    end = monotonic() + 20
    while not there() and monotonic() < end:
        sleep(0.02)


def test_a_line_names_the_request_its_route_and_the_account(
    make_house: Callable[..., House], client_of: Callable[..., httpx2.Client], logged: tuple[io.StringIO, io.StringIO]
) -> None:
    house = make_house()
    assert isinstance(house.accounts, Known)
    client = client_of(house)
    token = {"Authorization": f"Bearer {house.accounts.token(ADA)}", "X-Request-Id": "trace-0001"}
    client.get("/api/v1/records/body/ca-jp-battery-dialogue", headers=token)
    client.head("/api/v1/records", params={"kind": "nonsense"})
    client.request("PROPFIND", "/healthz")
    client.get("/healthz")
    wait_for(lambda: len(requests_of(logged[0])) == 4)
    first, second, *_ = requests_of(logged[0])
    assert {name: first[name] for name in ("level", "logger", "request_id", "method", "route", "status", "account")} == {
        "level": "info", "logger": "orepact.web", "request_id": "trace-0001", "method": "GET",
        "route": "/api/v1/records/{kind}/{name}", "status": 200, "account": "ada",
    }  # fmt: skip
    assert first["ms"] > 0
    assert first["time"].endswith("Z")
    assert (second["method"], second["route"], second["status"]) == ("HEAD", "/api/v1/records", 422)
    assert "account" not in second
    assert requests_of(logged[0])[-1]["level"] == "debug", "machines ask for health all day"
    assert "GET /api/v1/records/{kind}/{name} 200" in logged[1].getvalue()


def test_no_secret_gets_into_the_log(
    make_house: Callable[..., House],
    client_of: Callable[..., httpx2.Client],
    logged: tuple[io.StringIO, io.StringIO],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Sent in every place of a request, also of one that fails by our fault with the secret in the words of the error."""
    house = make_house()
    house.accounts = Registered(house.store)
    address = house.settings.database
    access.add_account(New("ada", "Ada", organisation="nrcan", roles=("editor", "admin")), address)
    link = access.invite("ada", address).secret
    client, answered = client_of(house), []
    client.event_hooks = {"response": [lambda found: answered.append(found.headers.get("x-request-id"))]}
    shown = [WORD, link]
    assert client.get(f"/api/v1/invitations/{link}").status_code == 200
    assert client.post(f"/api/v1/invitations/{link}", json={"password": PASSWORD}).status_code == 200
    client.post("/api/v1/login", json={"account": "ada", "password": f"wrong {PASSWORD}"})
    client.post("/api/v1/login", json={"account": WORD, "password": PASSWORD})
    found = client.post("/api/v1/login", json={"account": "ada", "password": PASSWORD})
    form = {"X-CSRF-Token": found.json()["data"][0]["csrf"]}
    made = client.post("/api/v1/tokens", json={"name": WORD, "scopes": ["read", "write"]}, headers=form)
    token = made.json()["data"][0]["text"]
    shown += [*form.values(), *client.cookies.values(), token, token.rpartition("_")[2]]
    assert len(set(shown)) == 6
    for way in (f"/api/v1/feeds/{WORD}/alerts.atom", f"/api/v1/invitations/{WORD}", f"/api/v1/records/body/{WORD}", f"/{WORD}"):
        client.get(way, params={"search": WORD, "token": WORD})
    client.get("/api/v1/records", params={"kind": "body", "search": WORD})
    everywhere = {
        "Authorization": f"Bearer {WORD}", "User-Agent": WORD, "Referer": f"https://{WORD}.example/", "X-Secret": WORD,
        "Idempotency-Key": WORD, "If-Match": f'"{WORD}"', "X-Forwarded-For": WORD,
    }  # fmt: skip
    client.get("/api/v1/me", headers=everywhere)
    client.get("/api/v1/me", headers={"Host": f"{WORD}.example"})
    client.request(f"X-{WORD}", "/api/v1/me")
    bearer = {"Authorization": f"Bearer {token}"}
    for body in (f'{{"records": "{WORD}"', json.dumps({"records": [{"kind": WORD, "note": WORD}], "reason": WORD})):
        client.post("/api/v1/records", content=body, headers={**bearer, "Content-Type": "application/json"})

    def broken(*_: object, **__: object) -> None:
        try:
            {}[WORD]
        except KeyError as error:
            raise RuntimeError(f"no {WORD} in [parameters: {WORD}]") from error

    monkeypatch.setattr(pact, "list_bodies", broken)
    assert client.get("/api/v1/bodies", headers=bearer).status_code == 500
    wait_for(lambda: len(requests_of(logged[0])) == len([*filter(None, answered)]))
    for stream in logged:
        text = stream.getvalue()
        assert [secret for secret in shown if secret.casefold() in text.casefold()] == []
    lines = requests_of(logged[0])
    assert [line["request_id"] for line in lines] == [*filter(None, answered)]
    assert len(lines) > 14
    assert {"/api/v1/invitations/{secret}", "none"} <= {line["route"] for line in lines}
    (failed,) = [line for line in map(json.loads, logged[0].getvalue().splitlines()) if "errors" in line]
    assert [each["kind"] for each in failed["errors"]] == ["builtins.RuntimeError", "builtins.KeyError"]
    assert failed["errors"][0]["places"][-1].endswith("broken")
    assert failed["message"] == f"request {lines[-1]['request_id']} failed"


def test_a_line_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever is said: nobody writes a second one into it."""
    before = {name: logging.getLogger(name).handlers[:] for name in ("", "orepact", "uvicorn", "sqlalchemy")}
    for form in ("json", "lines"):
        config.dictConfig(configuration(form))
        logging.getLogger("orepact.web").warning("a\n2026-11-23 forged\x1b[2J")
        said = capsys.readouterr().err
        assert said.count("\n") == 1, form
        assert "\x1b" not in said, form
        assert "forged" in said, form
    for name, handlers in before.items():
        logging.getLogger(name).handlers[:] = handlers
