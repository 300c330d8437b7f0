"""The disk under the register is full: who writes is told so in words, nothing of it is kept, and who reads goes on."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import httpx2
from sqlalchemy import event

from orepact.service import access
from orepact.service.access import New
from orepact.web.edge.callers import Registered
from orepact.web.edge.house import House

BODY = "/api/v1/records/body/ca-jp-battery-dialogue"
WORDS = "there is no room for changes now, and nothing of this one was kept: ask again when the operator has made room"


class Disk:
    """The file of a register, which may grow by no page, or as it likes."""

    def __init__(self, house: House) -> None:
        self.house, self.pages = house, 2**30
        event.listen(house.store.database.engine, "connect", lambda raw, _: raw.execute(f"PRAGMA max_page_count = {self.pages}"))
        house.store.close()  # connections of before know no limit

    def fill(self) -> None:
        """Let it grow no more."""
        self.pages = 1  # SQLite takes what it has for the least
        self.house.store.close()

    def clear(self) -> None:
        """Make room."""
        self.pages = 2**30
        self.house.store.close()


def token_of(house: House) -> dict[str, str]:
    """An account that writes, by a token that was not used yet."""
    db = house.settings.database
    house.accounts = Registered(house.store)
    access.add_account(New("ada", "Ada", organisation="nrcan", roles=("editor", "registrar")), db)
    access.change_community("nrcan", db)
    made = access.make_token("ada", db, name="a program", organisation="nrcan", scopes=("read", "write", "runs"))
    return {"Authorization": f"Bearer {made.text}"}


def put(client: httpx2.Client, who: dict[str, str], **values: Any) -> httpx2.Response:
    """Change a record in place of the version that stands."""
    found = client.get(BODY, headers=who)
    assert found.status_code == 200, "who reads goes on"
    head = {**who, "If-Match": found.headers["etag"]}
    return client.put(BODY, json={"record": {**found.json()["record"], **values}, "reason": "a test"}, headers=head)


def test_a_full_disk_is_told_of_and_keeps_nothing_by_half(
    make_house: Callable[..., House], client_of: Callable[..., httpx2.Client]
) -> None:
    house = make_house()
    who, disk, client = token_of(house), Disk(house), client_of(house)
    disk.fill()
    kept = 0
    while (found := put(client, who, note=os.urandom(2000).hex())).status_code == 200:
        kept += 1  # into pages that were free
        assert kept < 200, "the disk is never full"
    error = found.json()["error"]
    assert (found.status_code, error["code"], error["message"]) == (503, "store_unavailable", WORDS)
    assert int(found.headers["retry-after"]) >= 60
    before = house.store.head()
    stands = client.get(BODY, headers=who).json()
    assert stands["meta"]["version"] == 1 + kept
    assert client.get("/readyz").status_code == 200
    assert house.store.verify().head == before == house.store.head()
    record = {**stands["record"], "kind": "body", "note": os.urandom(2000).hex()}
    sent = {"records": [record], "versions": {f"body/{record['id']}": 1 + kept}, "reason": "a test"}
    keyed = {**who, "Idempotency-Key": "a-key-of-this-test"}
    assert client.post("/api/v1/records", json=sent, headers=keyed).json()["error"]["message"] == WORDS
    disk.clear()
    done = client.post("/api/v1/records", json=sent, headers=keyed)
    assert (done.status_code, done.json()["data"][0]["version"]) == (200, 2 + kept)
    assert client.post("/api/v1/records", json=sent, headers=keyed).content == done.content
    assert house.store.verify().head.seq == before.seq + 1
