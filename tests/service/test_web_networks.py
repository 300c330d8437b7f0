"""Networks that an organisation keeps by name, over HTTP: put, seen by its members alone, taken out, ended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx2
from faces import Known

from orepact.pact.records.readers import Reader
from orepact.service.sharing.zips import unzipped, zipped
from orepact.web.edge.house import House

TOY = {file.name: file.read_bytes() for file in (Path(__file__).parents[1] / "networks" / "toy").iterdir()}
ANA = Reader.holding("nrcan", account="ana", roles=["editor"], community=True)
BEN = Reader.holding("meti", account="ben", roles=["editor"], community=True)
ZIP = {"Content-Type": "application/zip"}


def test_a_network_from_its_package_to_its_end(make_house: Callable[..., House], client_of: Callable[..., httpx2.Client]) -> None:
    """The bytes that were put come back to who put them, and nobody else is told that there is one."""
    house = make_house()
    assert isinstance(house.accounts, Known)
    client, accounts = client_of(house), house.accounts
    ana, ben = ({"Authorization": f"Bearer {accounts.token(reader)}"} for reader in (ANA, BEN))
    there = "/api/v1/networks"
    put = client.post(there, params={"name": "chain"}, content=zipped(TOY), headers={**ana, **ZIP})
    assert (put.status_code, put.json()["network"]) == (201, "chain@1")
    assert [row["network"] for row in client.get(there, headers=ana).json()["data"]] == ["chain"]
    assert {row["file"] for row in client.get(f"{there}/chain@1", headers=ana).json()["data"]} == {*TOY}
    taken = client.get(f"{there}/chain/package.zip", headers=ana)
    assert (taken.status_code, taken.headers["content-type"]) == (200, "application/zip")
    assert unzipped(taken.content) == TOY
    asked = client.post("/api/v1/plans", json={"network": "chain"}, headers=ana)
    assert asked.status_code == 202
    assert client.post("/api/v1/plans", json={"network": "chain"}, headers=ben).status_code == 422
    for path in ("chain", "chain@1", "chain/package.zip"):
        assert client.get(f"{there}/{path}", headers=ben).status_code == 404
    assert client.get(there, headers=ben).json()["data"] == []
    assert client.post(there, params={"name": "chain"}, content=b"no zip", headers={**ana, **ZIP}).status_code == 422
    assert client.post(there, params={"name": "chain"}, json={}, headers=ana).status_code == 415
    assert client.delete(f"{there}/chain", headers=ben).status_code == 404
    assert client.delete(f"{there}/chain", headers=ana).status_code == 200
    assert client.post("/api/v1/plans", json={"network": "chain"}, headers=ana).status_code == 422
