"""Feeds, their secret links, webhooks and sums over HTTP."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from orepact.service.access import New, add_account, make_token, set_state
from orepact.service.pact.desk import Desk
from orepact.web.edge.callers import Registered
from orepact.web.edge.house import House

BASE = "/api/v1"


@pytest.fixture
def served(make_house: Callable[..., House], client_of: Callable[..., httpx2.Client]) -> Callable[..., Any]:
    """A service with an account of nrcan: its house, a client, and the header of a token of that account."""

    def make(**settings: Any) -> tuple[House, httpx2.Client, dict[str, str]]:
        house = make_house(**settings)
        house.accounts = Registered(house.store)
        holder = Desk(house.store)
        add_account(New("mara", "Mara", organisation="nrcan", roles=("editor",)), holder)
        made = make_token("mara", holder, name="test", organisation="nrcan", scopes=("read", "write", "admin"))
        return house, client_of(house), {"Authorization": f"Bearer {made.text}"}

    return make


def without_id(answer: httpx2.Response) -> dict[str, Any]:
    """The words of a refusal."""
    found: dict[str, Any] = answer.json()
    found["error"].pop("request_id")
    return found


def test_the_feed_of_all_is_atom_and_told_once(served: Callable[..., Any]) -> None:
    house, client, _ = served(address="https://register.example.org")
    found = client.get(f"{BASE}/feeds/alerts.atom?on=2026-11-22")
    assert (found.status_code, found.headers["content-type"]) == (200, "application/atom+xml")
    assert b"https://register.example.org/api/v1/feeds/alerts.atom" in found.content
    assert b"tag:register.example.org,2026:" in found.content
    again = client.get(f"{BASE}/feeds/alerts.atom?on=2026-11-22", headers={"If-None-Match": found.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert house.answers.hits == 1


def test_a_secret_link_opens_its_feeds_and_nothing_else(served: Callable[..., Any], caplog: pytest.LogCaptureFixture) -> None:
    """Whoever has it, also where nobody else is answered; it stands in no log."""
    house, client, token = served(public=False)
    assert client.post(f"{BASE}/feed-links", json={"name": "x"}).status_code == 401
    with caplog.at_level(logging.INFO, "orepact.web"):
        made = client.post(f"{BASE}/feed-links", json={"name": "calendar"}, headers=token)
        assert made.status_code == 201
        secret = made.json()["data"][0]["secret"]
        found = client.get(f"{BASE}/feeds/{secret}/alerts.atom")
        assert (found.status_code, found.headers["content-type"]) == (200, "application/atom+xml")
        assert secret.encode() not in found.content, "who copies a feed copies no key"
        calendar = client.get(f"{BASE}/feeds/{secret}/ca-jp-battery-dialogue.ics")
        assert (calendar.status_code, calendar.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
        unknown = client.get(f"{BASE}/feeds/{'x' * 43}/alerts.atom")
        assert unknown.status_code == 404
    logged = [vars(record) for record in caplog.records]
    assert f"{BASE}/feeds/{{secret}}/alerts.atom" in [record["told"]["route"] for record in logged]
    assert secret not in str(logged)
    assert client.get(f"{BASE}/feeds/{secret}/alerts.atom", headers={"If-None-Match": found.headers["etag"]}).status_code == 304
    assert client.get(f"{BASE}/feeds/alerts.atom").status_code == 401
    assert client.get(f"{BASE}/records", headers={"Authorization": f"Bearer {secret}"}).status_code == 401
    set_state("mara", "locked", Desk(house.store))
    assert without_id(client.get(f"{BASE}/feeds/{secret}/alerts.atom")) == without_id(unknown)
    set_state("mara", "active", Desk(house.store))
    (listed,) = client.get(f"{BASE}/feed-links", headers=token).json()["data"]
    assert secret not in str(listed)
    assert client.delete(f"{BASE}/feed-links/{listed['link']}", headers=token).status_code == 204
    gone = client.get(f"{BASE}/feeds/{secret}/alerts.atom", headers={"If-None-Match": found.headers["etag"]})
    assert without_id(gone) == without_id(unknown), "not even that nothing changed"


def test_webhooks_are_made_listed_tried_and_ended(served: Callable[..., Any]) -> None:
    _, client, token = served()
    body = {"name": "desk", "url": "http://127.0.0.1:9000/", "kinds": ["incident"]}
    refused = client.post(f"{BASE}/webhooks", json=body, headers=token)
    assert refused.status_code == 422
    assert "url" in refused.text
    assert (
        client.post(f"{BASE}/webhooks", json=body | {"url": "https://example.org/", "kinds": ["no"]}, headers=token).status_code
        == 422
    )
    made = client.post(f"{BASE}/webhooks", json=body | {"url": "https://example.org/hook"}, headers=token)
    assert made.status_code == 201
    row = made.json()["data"][0]
    assert row["secret"].startswith("whsec_")
    listed = client.get(f"{BASE}/webhooks", headers=token)
    assert row["secret"] not in listed.text
    assert [one["webhook"] for one in listed.json()["data"]] == [row["id"]]
    assert client.post(f"{BASE}/webhooks/{row['id']}/test", headers=token).status_code == 200
    assert client.post(f"{BASE}/webhooks/{row['id']}/resume", headers=token).status_code == 200
    assert client.delete(f"{BASE}/webhooks/{row['id']}", headers=token).status_code == 204
    assert client.post(f"{BASE}/webhooks/{row['id']}/test", headers=token).status_code == 409
    assert client.delete(f"{BASE}/webhooks/nothing", headers=token).status_code == 404
    assert client.get(f"{BASE}/webhooks").status_code == 401


def test_sums_are_told_to_all_and_shares_to_their_owners(served: Callable[..., Any]) -> None:
    _, client, token = served()
    assert [one["pool"] for one in client.get(f"{BASE}/pools").json()["data"]] == ["lithium_stocks"]
    found = client.get(f"{BASE}/pools/lithium_stocks")
    assert found.json() == client.get(f"{BASE}/pools/lithium_stocks", headers=token).json()
    assert len(found.json()["data"]) == 13 * 4
    assert client.get(f"{BASE}/pools/other").status_code == 404
    assert client.get(f"{BASE}/pools/lithium_stocks/share").status_code == 401
    assert client.get(f"{BASE}/pools/lithium_stocks/share", headers=token).json()["data"] == []
