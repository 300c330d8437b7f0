"""Getting in over HTTP: passwords, sessions and their forms, tokens and what they are for, and what each of them may."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from orepact.service import access
from orepact.service.access import New
from orepact.web.edge.callers import Registered
from orepact.web.edge.house import House

PASSWORD = "correct horse battery staple 42"
BODY = "/api/v1/records/body/ca-jp-battery-dialogue"


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, make_house: Callable[..., House]) -> House:
    """A register with two accounts of two organisations, and accounts as they are."""
    house = make_house(str(request.param))
    house.accounts = Registered(house.store)
    address = house.settings.database
    for name, organisation, roles in (("ada", "nrcan", ("editor", "admin", "registrar")), ("bo", "meti", ("editor",))):
        access.add_account(New(name, name.title(), organisation=organisation, roles=roles), address)
        access.accept_invitation(access.invite(name, address).secret, PASSWORD, address)
        access.change_community(organisation, address)
    return house


@pytest.fixture
def client(house: House, client_of: Callable[..., httpx2.Client]) -> Iterator[httpx2.Client]:
    """A browser."""
    return client_of(house)


def log_in(client: httpx2.Client, name: str = "ada") -> dict[str, str]:
    """Log in; what a form carries from then on."""
    found = client.post("/api/v1/login", json={"account": name, "password": PASSWORD})
    assert found.status_code == 200, found.text
    return {"X-CSRF-Token": found.json()["data"][0]["csrf"]}


def token_of(client: httpx2.Client, form: dict[str, str], *scopes: str) -> dict[str, str]:
    """A token with scopes, as it is shown."""
    made = client.post("/api/v1/tokens", json={"name": "a program", "scopes": [*scopes]}, headers=form)
    assert made.status_code == 201, made.text
    return {"Authorization": f"Bearer {made.json()['data'][0]['text']}"}


def test_a_session_is_a_cookie_that_no_page_reads(client: httpx2.Client) -> None:
    found = client.post("/api/v1/login", json={"account": "ada", "password": PASSWORD})
    said = found.headers["set-cookie"]
    assert said.startswith("orepact=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(said.split("; "))
    assert found.headers["cache-control"] == "no-store"
    secret = said.partition(";")[0].partition("=")[2]
    assert secret not in found.text
    me = client.get("/api/v1/me").json()
    assert (me["account"], me["organisation"]) == ("ada", "nrcan")
    assert "write" in me["may"]


def test_a_wrong_password_and_a_wrong_name_are_told_alike(client: httpx2.Client) -> None:
    answers = [
        client.post("/api/v1/login", json={"account": name, "password": "wrong " + PASSWORD}).json()["error"]
        for name in ("ada", "nobody")
    ]
    for one in answers:
        one.pop("request_id")
    assert answers[0] == answers[1]
    assert answers[0]["code"] == "unauthorised"


def test_an_account_of_others_is_told_as_one_that_is_not_there(house: House, client: httpx2.Client) -> None:
    """To who lets people in for another organisation: by no status, word or byte, whatever that account is."""
    holder = house.settings.database
    guest = New("cy", "Cy", guest=True, until=(datetime.now(UTC) + timedelta(days=9)).date().isoformat())
    access.add_account(guest, holder)
    form = {**log_in(client), "X-Request-Id": "asked-by-a-test"}

    def answers(name: str) -> list[tuple[int, bytes, list[tuple[str, str]]]]:
        role = {"account": name, "organisation": "nrcan", "role": "reader"}
        found = [
            client.post("/api/v1/memberships", json=role, headers=form),
            client.delete(f"/api/v1/memberships/{name}/nrcan", headers=form),
            client.post(f"/api/v1/accounts/{name}/invitation", json={}, headers=form),
            client.get("/api/v1/memberships", params={"account": name}, headers=form),
        ]
        asked = re.compile(rb"\b" + name.encode() + rb"\b")
        return [
            (one.status_code, asked.sub(b"NAME", one.content), [pair for pair in one.headers.items() if pair[0] != "date"])
            for one in found
        ]

    nobody = answers("xx")
    assert [status for status, *_ in nobody] == [422, 404, 404, 200]
    assert answers("bo") == answers("cy") == nobody
    access.set_state("bo", "locked", holder)
    assert answers("bo") == nobody
    access.give_role("bo", "nrcan", "editor", holder)
    assert answers("bo")[0][0] == 201


def test_who_guesses_passwords_is_told_to_wait(client: httpx2.Client) -> None:
    found = [client.post("/api/v1/login", json={"account": "ada", "password": f"guess {number}"}) for number in range(8)]
    assert found[-1].status_code == 429
    assert int(found[-1].headers["retry-after"]) >= 1


def test_a_change_with_a_session_comes_from_its_own_pages(client: httpx2.Client) -> None:
    form = log_in(client)
    ask = {"name": "a program", "scopes": ["read"]}
    assert client.post("/api/v1/tokens", json=ask).status_code == 403
    assert client.post("/api/v1/tokens", json=ask, headers={"X-CSRF-Token": "wrong"}).status_code == 403
    for other in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        assert client.post("/api/v1/tokens", json=ask, headers={**form, **other}).status_code == 403
        assert client.post("/api/v1/login", json={"account": "ada", "password": PASSWORD}, headers=other).status_code == 403
    own = {"Origin": str(client.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"}
    assert client.post("/api/v1/tokens", json=ask, headers={**form, **own}).status_code == 201


def test_a_token_is_for_its_scopes(client: httpx2.Client) -> None:
    form = log_in(client)
    record = client.get(BODY).json()["record"]
    sent = {"record": {**record, "note": "by a token"}, "reason": "a test"}
    tag = {"If-Match": client.get(BODY).headers["etag"]}
    reading, writing = token_of(client, form, "read"), token_of(client, form, "read", "write")
    client.cookies.clear()
    refused = client.put(BODY, json=sent, headers={**reading, **tag})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")
    kept = client.put(BODY, json=sent, headers={**writing, **tag})
    assert kept.status_code == 200, kept.text
    last = client.get(f"{BODY}/history", headers=reading).json()["data"][-1]
    assert last["actor"] == "ada"


def test_a_revoked_token_and_one_that_has_ended_open_nothing(client: httpx2.Client, house: House) -> None:
    form = log_in(client)
    first, second = token_of(client, form, "read"), token_of(client, form, "read")
    assert client.get("/api/v1/me", headers=first).status_code == 200
    name = first["Authorization"].split("_")[1]
    assert client.delete(f"/api/v1/tokens/{name}", headers=form).status_code == 204
    assert client.get("/api/v1/me", headers=first).status_code == 401
    changed = second["Authorization"][:-1] + ("a" if second["Authorization"][-1] != "a" else "b")
    assert client.get("/api/v1/me", headers={"Authorization": changed}).status_code == 401
    from dataclasses import replace

    now = house.clock
    house.accounts = Registered(replace(house.store, clock=lambda: now() + timedelta(days=91)))
    assert client.get("/api/v1/me", headers=second).status_code == 401


def test_a_session_that_was_ended_is_over_and_a_stolen_one_with_it(client: httpx2.Client) -> None:
    form = log_in(client)
    stolen = {"Cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items())}
    assert client.post("/api/v1/logout", headers=form).status_code == 204
    assert not client.cookies
    assert client.get("/api/v1/me", headers=stolen).status_code == 401
    assert client.get("/api/v1/me").status_code == 401
    assert log_in(client), "a cookie that has ended keeps nobody out"


def test_the_secret_of_a_session_is_new_at_each_login(client: httpx2.Client) -> None:
    log_in(client)
    before = dict(client.cookies)
    log_in(client)
    assert dict(client.cookies) != before
    client.cookies.clear()
    assert client.get("/api/v1/me", headers={"Cookie": f"orepact={before['orepact']}"}).status_code == 401


def test_accounts_of_another_organisation_are_not_told(client: httpx2.Client) -> None:
    form = log_in(client, "ada")
    names = {row["account"] for row in client.get("/api/v1/accounts").json()["data"]}
    assert names == {"ada"}
    for name in ("bo", "nobody"):
        found = client.post(f"/api/v1/accounts/{name}/state", json={"state": "locked"}, headers=form)
        assert found.status_code == 404
        assert found.json()["error"]["message"] == f"account {name!r} is not known"


def test_an_admin_lets_people_in(client: httpx2.Client) -> None:
    form = log_in(client)
    new = {"id": "cy", "name": "Cy", "organisation": "nrcan", "roles": ["reader"]}
    assert client.post("/api/v1/accounts", json=new, headers=form).status_code == 201
    assert client.post("/api/v1/accounts", json=new, headers=form).status_code == 409
    invited = client.post("/api/v1/accounts/cy/invitation", json={}, headers=form)
    link = f"/api/v1/invitations/{invited.json()['data'][0]['secret']}"
    client.cookies.clear()
    found = client.get(link)
    assert found.status_code == 200, found.text
    assert found.json()["data"][0]["account"] == "cy"
    assert client.post(link, json={"password": PASSWORD}).status_code == 200
    assert client.get("/api/v1/me").json()["account"] == "cy"
    client.cookies.clear()
    assert client.get(link).status_code == 401


def test_a_closed_service_tells_strangers_nothing(
    make_house: Callable[..., House], client_of: Callable[..., httpx2.Client]
) -> None:
    client = client_of(make_house(public=False))
    assert client.get("/api/v1/records?kind=body").status_code == 401
    assert client.get(BODY).status_code == 401
    assert client.get("/healthz").status_code == 200


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_the_form_of_a_page_carries_its_token_as_a_field(client: httpx2.Client) -> None:
    form = log_in(client)
    token = form["X-CSRF-Token"]
    own = {"Origin": str(client.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin", **FORM}
    page = "/nowhere"  # there is none: 404 is what a form comes to that was let in
    assert client.post(page, content=f"csrf={token}&title=a", headers=own).status_code == 404
    assert client.post(page, content="title=a", headers={**own, **form}).status_code == 404
    for body in ("title=a", f"csrf={token}x&title=a", f"csrf=&csrf={token}", f"csrf={token}&csrf={token}", ""):
        assert client.post(page, content=body, headers=own).status_code == 403, body
    assert client.post(page, content=f"csrf={token}", headers={**own, "Origin": "https://evil.example"}).status_code == 403
    for body in ("csrf", "title=%ff", "&".join(["a=b"] * 2001)):
        assert client.post(page, content=body, headers=own).status_code == 422, body
    json = {"Origin": own["Origin"], "Content-Type": "application/json"}
    assert client.post(page, content=b"{}", headers=json).status_code == 403, "only a form has it in its body"
    assert client.post("/api/v1/me/organisation", content=f"csrf={token}", headers=own).status_code == 403, "programs send JSON"
    assert client.post("/api/v1/me/organisation", content=f"csrf={token}", headers={**own, **form}).status_code == 415


def test_who_reads_a_page_after_his_session_ended_is_nobody_there(client: httpx2.Client) -> None:
    log_in(client)
    client.cookies.set("orepact", "0" * 43)
    assert client.get("/tower").status_code == 200
    assert client.post("/tower", content="a=" + "b" * 100_000, headers=FORM).status_code == 405, "what he typed is read"
    assert client.get("/api/v1/records?kind=body").status_code == 401, "a program is told"
    for shown in ("Bearer ore_none_none", "Basic YTph"):
        assert client.get("/tower", headers={"Authorization": shown}).status_code == 401, "what opens nothing is refused"


def test_pages_tell_this_service_where_one_came_from(client: httpx2.Client) -> None:
    assert client.get("/tower").headers["referrer-policy"] == "same-origin"
    assert client.get("/api/v1/bodies").headers["referrer-policy"] == "no-referrer"
    assert client.get("/healthz").headers["referrer-policy"] == "no-referrer"


def test_nobody_sends_a_long_form_without_a_session(client: httpx2.Client) -> None:
    assert client.post("/tower", content="a=" + "b" * 100_000, headers=FORM).status_code == 413
