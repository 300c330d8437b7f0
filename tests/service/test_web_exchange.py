"""What leaves the service as a file or a table, and what comes in as one."""

from __future__ import annotations

import csv
import io
import json
import stat
import time
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from faces import Known, OverHttp

from orepact.errors import BadInput
from orepact.pact.organisations.organisation import Organisation
from orepact.pact.records.readers import Reader
from orepact.service.access import access_log
from orepact.service.pact.desk import keep
from orepact.service.sharing.zips import unzipped, zipped
from orepact.web.edge.bodies import check
from orepact.web.edge.house import House

ADA = Reader.holding("nrcan", account="ada", person="ada", roles=("editor",), community=True, client_of=("meti",))
RECORDS = "/api/v1/exports/records"


def commitment(name: str, **own: Any) -> Any:
    """A commitment by its id, of the organisation with which that begins."""
    from orepact.pact.instruments.commitments import Commitment

    owner = name.partition(".")[0]
    return Commitment.model_validate({"id": name, "title": f"Of {name}", "owner": owner, "made": "2026-01", **own})


@pytest.fixture
def shared(make_house: Callable[..., House], client_of: Callable[..., httpx2.Client]) -> OverHttp:
    """A service with records of meti that nrcan may read, and one that it may take along."""
    house = make_house()
    assert isinstance(house.accounts, Known)
    amber = {"label": "TLP:AMBER/meti", "projects": [_project(house)]}
    nrcan = {"organisation": "nrcan"}
    kept = [
        commitment("meti.client", **amber),
        commitment("meti.read", **{**amber, "label": "TLP:AMBER+STRICT/meti"}, readers=[nrcan]),
        commitment("meti.take", **{**amber, "label": "TLP:AMBER+STRICT/meti"}, readers=[{**nrcan, "export": True}]),
        commitment("meti.took", **amber, readers=[{**nrcan, "export": True, "until": "2020-01-01"}]),
        commitment("meti.field", **{**amber, "label": "TLP:CLEAR/meti"}, note="in confidence", labels={"note": "TLP:AMBER/meti"}),
        commitment("nrcan.own", **{**amber, "label": "TLP:AMBER/nrcan"}, note="=cmd|' /C calc'!A0"),
        commitment("nrcan.open", **{**amber, "label": "TLP:GREEN"}),
    ]
    keep(house.store, kept, {}, actor="meti", reason="a test")
    return OverHttp(client_of(house), house.accounts, address=house.settings.database or "")


def _project(house: House) -> str:
    from orepact.service import pact

    return str(pact.list_records(["project"], house.settings.database, limit=1).data["id"][0])


def exported(found: httpx2.Response) -> dict[str, dict[str, Any]]:
    """The records of an export by id, as they are."""
    with zipfile.ZipFile(io.BytesIO(found.content)) as given:
        assert json.loads(given.read("datapackage.json"))["x-label"] == found.headers["x-label"]
        rows = csv.DictReader(io.StringIO(given.read("records.csv").decode()))
        return {row["id"]: json.loads(row["content"]) for row in rows}


def test_who_reads_what_others_share_does_not_take_it_along(shared: OverHttp) -> None:
    params: dict[str, Any] = {"kind": "commitment", "limit": 500}
    listed = shared.client.get("/api/v1/records", params=params, headers=shared.headers(ADA)).json()["data"]
    ours = {row["id"] for row in listed if row["id"].startswith(("meti.", "nrcan."))}
    everything = {f"meti.{name}" for name in ("client", "read", "take", "took", "field")} | {"nrcan.own", "nrcan.open"}
    assert ours == everything, "all of these are his to read"
    found = shared.client.get(RECORDS, params=params, headers=shared.headers(ADA))
    assert found.status_code == 200, found.text
    taken = exported(found)
    assert ours & taken.keys() == {"meti.take", "meti.field", "nrcan.own", "nrcan.open"}
    assert "note" not in taken["meti.field"], "the field is for clients to read"
    assert found.headers["x-label"] == "TLP:AMBER+STRICT/meti+nrcan"
    assert "left-out" in " ".join(found.headers).casefold()


def test_what_leaves_is_written_down_with_its_label_and_takes_the_right_to(shared: OverHttp) -> None:
    params = {"kind": "commitment", "limit": 500}
    for _ in range(2):
        assert shared.client.get(RECORDS, params=params, headers=shared.headers(ADA)).status_code == 200
    log = access_log(shared.address).data
    noted = log[log["exported"]]
    assert [*noted["account"]] == ["ada", "ada"], "a kept answer is written down too"
    assert {*noted["label"]} == {"TLP:AMBER+STRICT/meti+nrcan"}
    narrow = Reader.holding("nrcan", account="ada", roles=("editor",), community=True, scopes=("read", "write"))
    assert shared.client.get(RECORDS, params=params, headers=shared.headers(narrow)).status_code == 403
    assert shared.client.get(RECORDS, params=params).status_code == 401
    assert len(access_log(shared.address).data) == len(log)


def test_a_pack_holds_nothing_that_was_shared_for_reading_alone(shared: OverHttp) -> None:
    path = "/api/v1/bodies/ca-jp-battery-dialogue/pack.html"
    found = shared.client.get(path, params={"on": "2026-11-22", "language": "ja"}, headers=shared.headers(ADA))
    assert found.status_code == 200, found.text
    assert found.headers["content-disposition"].startswith("attachment")
    assert found.text.startswith("<!DOCTYPE html>")
    assert 'lang="ja"' in found.text
    assert "Of meti.read" not in found.text
    assert shared.client.get("/api/v1/bodies/none/pack.html", headers=shared.headers(ADA)).status_code == 404


def test_every_table_comes_as_csv_by_name_and_by_accept_and_runs_in_no_spreadsheet(shared: OverHttp) -> None:
    path, headers = "/api/v1/records/commitment/nrcan.own", shared.headers(ADA)
    plain = shared.client.get(path, headers=headers)
    assert plain.headers["content-type"] == "application/json"
    assert shared.client.get(path, headers={**headers, "Accept": "text/html,*/*;q=0.8"}).content == plain.content
    named = shared.client.get(path, params={"format": "csv"}, headers=headers)
    asked = shared.client.get(path, headers={**headers, "Accept": "text/csv"})
    assert named.content == asked.content
    assert named.headers["etag"] == asked.headers["etag"] != plain.headers["etag"]
    assert named.headers["content-type"].startswith("text/csv")
    assert named.headers["content-disposition"] == 'attachment; filename="records.csv"'
    assert named.headers["x-label"] == "TLP:AMBER/nrcan"
    rows = {row["field"]: row["value"] for row in csv.DictReader(io.StringIO(named.text))}
    assert rows["note"] == "'=cmd|' /C calc'!A0"
    assert "accept" in plain.headers["vary"].casefold(), "what is kept between must not mistake one for the other"
    assert shared.client.get(path, params={"format": "xlsx"}, headers=headers).status_code == 422


def test_sdmx_comes_back_as_the_claims_that_went_out(http: OverHttp) -> None:
    params = {"attribute": "mine_production", "thing": "nickel", "year": 2023}
    out = http.client.get("/api/v1/exports/sdmx-csv", params=params, headers=http.headers(ADA))
    facts = http.client.get("/api/v1/facts", params=params, headers=http.headers(ADA)).json()["data"]
    back = http.client.post(
        "/api/v1/imports/sdmx-csv", content=out.content, headers={**http.headers(ADA), "Content-Type": "text/csv"}
    )
    assert back.status_code == 200, back.text
    pairs = [(row["subject"], float(row["value"])) for row in back.json()["data"]]
    assert len(pairs) > 5
    assert sorted(pairs) == sorted((row["subject"], float(row["value"])) for row in facts)
    assert "/tmp" not in back.text


def test_problems_are_told_to_their_keeper(make_house: Callable[..., House], client_of: Callable[..., httpx2.Client]) -> None:
    house = make_house()
    assert isinstance(house.accounts, Known)
    http = OverHttp(client_of(house), house.accounts)
    own = {"id": "meti.red.desk", "title": "Desk", "organisation_kind": "company", "label": "TLP:RED/meti"}
    keep(house.store, [Organisation.model_validate(own)], {}, actor="meti", reason="a test")
    leading = commitment("nrcan.next", label="TLP:AMBER/nrcan", projects=[_project(house)], partners=["meti.red.desk"])
    keep(house.store, [leading], {}, actor="nrcan", reason="a test")
    found = http.ask("pact.list_problems", ADA)
    assert [(row["kind"], row["id"]) for row in found["data"]] == [("commitment", "nrcan.next")]
    assert "meti.red.desk" in found["data"][0]["found"]
    bo = Reader.holding("meti", account="bo", roles=("editor",), community=True)
    assert http.ask("pact.list_problems", bo)["data"] == [], "not his to mend"
    assert http.client.get("/api/v1/problems").status_code == 401


def bomb() -> bytes:
    """A zip of 65 MiB of nothing, that says it is small."""
    made = zipped({"a.csv": b"\0" * (65 * 2**20)})
    size = (65 * 2**20).to_bytes(4, "little")
    return made.replace(size, (10).to_bytes(4, "little"))


def link() -> bytes:
    """A zip with a link out of its place."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        entry = zipfile.ZipInfo("links.csv")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(entry, "/etc/passwd")
    return out.getvalue()


def raw(*names: str) -> bytes:
    """A zip with files of these names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "a")
    return out.getvalue()


def bad_zips() -> Iterator[tuple[str, bytes]]:
    """Zips that are not taken, each by what is wrong with it."""
    yield from (
        (name, raw(name)) for name in ("../up.csv", "/etc/passwd", "a/../../b.csv", "c:\\x.csv", "a\\..\\b.csv", ".hidden")
    )
    yield from (("twice", raw("a.csv", "A.csv")), ("folder", raw("a/b.csv")), ("link", link()), ("bomb", bomb()))
    yield from (("many", raw(*(f"{number}.csv" for number in range(1001)))), ("none", b""), ("text", b"PK\x03\x04 no zip"))
    yield ("cut", zipped({"a.csv": b"a" * 100})[:-30])


@pytest.mark.parametrize("content", [pytest.param(content, id=name) for name, content in bad_zips()])
def test_a_zip_that_is_not_what_it_should_be_is_refused(http: OverHttp, content: bytes) -> None:
    headers = {**http.headers(ADA), "Content-Type": "application/zip"}
    found = http.client.post("/api/v1/imports/pypsa", content=content, headers=headers)
    assert (found.status_code, found.json()["error"]["code"]) == (422, "bad_input")
    assert "/tmp" not in found.text


def test_the_same_files_are_the_same_zip_and_come_back() -> None:
    files = {"b.csv": b"2", "a/b.csv": b"1"}
    assert zipped(files) == zipped(dict(reversed(files.items())))
    assert unzipped(zipped(files)) == files
    with pytest.raises(BadInput):
        unzipped(zipped(files), most_bytes=1)


def test_the_depth_of_a_body_is_found_in_one_pass() -> None:
    """A text that does not end was begun anew at each of its quotes: 64 KiB took seconds."""
    began = time.process_time()
    with pytest.raises(BadInput):
        check(b'"' + b'\\"' * 2**19, "application/json")
    assert time.process_time() - began < 2
