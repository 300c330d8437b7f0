"""Long work over HTTP: taken up, read when it is done, answered at once when it is asked again; nobody else's."""

from __future__ import annotations

import csv
import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from faces import OverHttp

from orepact.pact.records.readers import Reader
from orepact.service.access import New, access_log, add_account, make_token
from orepact.service.jobs import Times, Worker
from orepact.service.pact.desk import Desk
from orepact.web.edge.callers import Registered
from orepact.web.edge.house import House

TOY = {file.name: file.read_text() for file in (Path(__file__).parents[1] / "networks" / "toy").iterdir()}
BO = Reader.holding("meti", account="bo", person="bo", roles=("editor",), community=True)
ADA = Reader.holding("nrcan", account="ada", person="ada", roles=("editor",), community=True)
HEAD = "subject,attribute,value,unit,year,valid_from,valid_to,source,as_of,confidence,label,note\n"
CLAIM = "nickel_class1,price,30000,USD_per_t,2026,,,own_desk,2026-06-30,reported,TLP:AMBER+STRICT/nrcan,what we pay\n"
SOURCES = (
    "source,producer,title,edition,published,licence,attribution,address,grade,ships\n"
    "own_desk,Our desk,What we pay,2026,2026-06,own,Our desk,nowhere.example,A,no\n"
)


@pytest.fixture
def real(make_house: Callable[..., House], client_of: Callable[..., httpx2.Client]) -> tuple[httpx2.Client, House]:
    """A server whose accounts are those of its register, and a client with a token of an account of nrcan."""
    house = make_house()
    house.accounts = Registered(house.store)
    holder = Desk(house.store)
    add_account(New("ana", "Ana", organisation="nrcan", roles=("editor",)), holder)
    made = make_token("ana", holder, name="test", organisation="nrcan", scopes=("read", "runs", "export"))
    client = client_of(house)
    client.headers["Authorization"] = f"Bearer {made.text}"
    return client, house


def test_a_run_is_taken_up_worked_on_read_and_answered_at_once_when_asked_again(
    real: tuple[httpx2.Client, House], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, house = real
    monkeypatch.setenv("PYTHONPATH", ":".join(sys.path))
    asked = {"format": "pypsa", "network": TOY}
    taken = client.post("/api/v1/exports", json=asked)
    assert taken.status_code == 202, taken.text
    place = taken.headers["location"]
    assert place == f"/api/v1/runs/{taken.json()['run']}"
    assert client.get(place).json()["run"]["state"] == "queued"
    assert client.get(f"{place}/files").status_code == 404, "nothing yet"
    times = Times(lease_s=60, renew_s=20, note_s=0.1, look_s=0.1, listen_s=0.05)
    assert Worker(house.store, times).run(once=True) == 1
    found = client.get(place).json()
    assert found["run"]["state"] == "done", found
    assert found["run"]["tables"] == ["files"]
    again = client.post("/api/v1/exports", json=asked)
    assert (again.status_code, again.headers["location"]) == (200, place)
    names = {row["file"] for row in found["data"]}
    rows = csv.DictReader(io.StringIO(client.get(f"{place}/tables/files", params={"format": "csv"}).text))
    assert {row["file"] for row in rows} == names
    files = client.get(f"{place}/files")
    assert (files.status_code, files.headers["content-type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(files.content)) as given:
        assert set(given.namelist()) == names >= {"links.csv", "meta.json"}
    assert "nrcan" in files.headers["x-label"] or files.headers["x-label"] == "TLP:CLEAR"
    noted = access_log(Desk(house.store)).data
    assert [*noted[noted["exported"]]["use_case"]] == ["sharing.run_files"]


def test_the_network_of_a_folder_of_pypsa_comes_back(http: OverHttp, tmp_path: Path) -> None:
    from orepact.chain import Network
    from orepact.chain.manifest import hash_network
    from orepact.service import export_pypsa, import_pypsa
    from orepact.service.sharing.handed import files_below
    from orepact.service.sharing.zips import unzipped, zipped

    toy = Path(__file__).parents[1] / "networks" / "toy"
    export_pypsa(None, tmp_path / "given", network=toy)
    headers = {**http.headers(ADA), "Content-Type": "application/zip"}
    found = http.client.post("/api/v1/imports/pypsa", content=zipped(files_below(tmp_path / "given")), headers=headers)
    assert found.status_code == 200, found.text
    (tmp_path / "back").mkdir()
    for name, content in unzipped(found.content).items():
        (tmp_path / "back" / name).write_bytes(content)
    import_pypsa(tmp_path / "given", tmp_path / "here")
    back, here = (Network.from_package(tmp_path / name) for name in ("back", "here"))
    assert hash_network(back) == hash_network(here)
    assert [*back.sites.index] == [*Network.from_package(toy).sites.index]


def ask(http: OverHttp, method: str, path: str, reader: Reader = ADA, **sent: Any) -> httpx2.Response:
    """What comes of a request."""
    return http.client.request(method, f"/api/v1{path}", headers=http.headers(reader), **sent)


def test_a_run_is_its_organisations_alone(http: OverHttp) -> None:
    taken = ask(http, "POST", "/plans?time_limit_s=60", json={"network": TOY})
    assert taken.status_code == 202
    place = taken.headers["location"].removeprefix("/api/v1")
    for path in (place, f"{place}/tables/flows", f"{place}/files"):
        theirs, none = ask(http, "GET", path, BO), ask(http, "GET", path.replace(place, "/runs/run-0000000000000000"), BO)
        assert theirs.status_code == none.status_code == 404
        own = theirs.json()["error"]["message"].replace(place.removeprefix("/runs/"), "run-0000000000000000")
        assert own == none.json()["error"]["message"]
    assert ask(http, "POST", f"{place}/cancel", BO).status_code == 404
    assert ask(http, "GET", "/runs", BO).json()["data"] == []
    assert [row["state"] for row in ask(http, "GET", "/runs?state=open&kind=plan").json()["data"]] == ["queued"]
    assert ask(http, "POST", f"{place}/cancel").json()["state"] == "cancelled"
    assert http.client.get("/api/v1/runs").status_code == 401
    assert ask(http, "POST", "/plans?priority=first", json={"network": TOY}).status_code == 403, "the registrar's to give"


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/plans", {"scenario": "../../etc/passwd"}), ("/plans", {"network": {"../network.yaml": "title: x"}}),
        ("/shocks", {"events": ["/etc/passwd"]}), ("/shocks", {"events": []}), ("/plans", {"network": "tests/networks/toy"}),
        ("/exports", {"format": "passport"}), ("/exports", {"format": "exe"}), ("/plans", {"folder": "/tmp"}),
        ("/plans", {"overlay": "a/../b"}), ("/watches", {"rules": "/etc/passwd"}),
    ],
    ids=str,
)  # fmt: skip
def test_no_run_is_asked_for_with_the_name_of_a_file(http: OverHttp, path: str, sent: dict[str, Any]) -> None:
    found = ask(http, "POST", path, json=sent)
    assert found.status_code == 422, found.text
    assert ask(http, "GET", "/runs").json()["data"] == []


def test_overlays_are_kept_shown_as_a_table_and_ended(http: OverHttp) -> None:
    sent = {"id": "prices", "claims": HEAD + CLAIM, "sources": SOURCES}
    made = ask(http, "POST", "/overlays", json=sent)
    assert made.status_code == 201, made.text
    assert made.json()["overlay"] == "prices@1"
    shown = ask(http, "GET", "/overlays/prices@1?format=csv")
    assert [row["value"] for row in csv.DictReader(io.StringIO(shown.text))] == ["30000"]
    assert shown.headers["x-label"] == "TLP:AMBER+STRICT/nrcan"
    assert ask(http, "GET", "/overlays/prices", BO).status_code == 404
    assert ask(http, "GET", "/overlays", BO).json()["data"] == []
    assert ask(http, "POST", "/watches", json={"overlay": "prices"}).status_code == 202
    assert ask(http, "DELETE", "/overlays/prices").status_code == 200
    assert ask(http, "POST", "/watches", json={"overlay": "prices", "place": "CAN"}).status_code == 422, "it has ended"
    assert ask(http, "GET", "/overlays/prices@1").status_code == 200, "and stays"


def test_an_upload_may_be_larger_than_another_body_and_not_than_its_own_measure(http: OverHttp) -> None:
    many = "".join(CLAIM.replace("2026,,,", f"{year},,,") for year in range(1990, 2027))
    long = {"id": "prices", "claims": HEAD + many + "\n" * 2**21, "sources": SOURCES}
    assert ask(http, "POST", "/overlays", json=long).status_code != 413
    assert ask(http, "POST", "/records", json={"records": [], "reason": "a" * 2**21}).status_code == 413
    too_long = b"a" * (16 * 2**20 + 1)
    headers = {**http.headers(ADA), "Content-Type": "text/csv"}
    assert http.client.post("/api/v1/imports/iamc", content=too_long, headers=headers).status_code == 413
    assert (
        http.client.post("/api/v1/imports/iamc", content=b"a" * 70_000, headers={"Content-Type": "text/csv"}).status_code == 413
    )
    other = {**http.headers(ADA), "Content-Type": "application/json"}
    assert http.client.post("/api/v1/imports/iamc", content=b"{}", headers=other).status_code == 415
