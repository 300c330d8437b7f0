"""What is sent to break out of where it belongs: into SQL, a page, a file, a log, another request. Each by its name."""

from __future__ import annotations

import logging
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from orepact.web.edge.house import House

SQL = (
    "zqx' OR '1'='1", "zqx'; DROP TABLE record; --", "zqx%' UNION SELECT password FROM account --", "zqx') OR 1=1 --",
    "zqx\\' OR 1=1",
)  # fmt: skip
HTML = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "${7*7}")
PATHS = (
    "../../../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/etc/passwd",
    "/etc/passwd",
    "....//etc/passwd",
    "a%00b",
)
#: Parameters that end in a question to the database or a name that is looked up.
ASKED = (
    ("/records", {"kind": "body"}, "search"), ("/records", {"kind": "body"}, "owner"), ("/records", {"kind": "body"}, "state"),
    ("/records", {"kind": "body"}, "after"), ("/records", {"kind": "body"}, "article"), ("/search", {}, "words"),
    ("/counts", {"by": "kind"}, "instrument"), ("/facts", {}, "subject"), ("/facts", {}, "place"), ("/roles", {}, "organisation"),
)  # fmt: skip


@pytest.fixture(scope="module")
def client(app: Any, token: str) -> httpx2.Client:
    """A client that may do everything."""
    return TestClient(app, headers={"Authorization": f"Bearer {token}"}, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def whole(client: httpx2.Client) -> int:
    """How many bodies there are."""
    return len(client.get("/api/v1/records", params={"kind": "body", "limit": 500}).json()["data"])


@pytest.mark.parametrize("text", SQL)
@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: f"{asked[0]} {asked[2]}")
def test_sql_in_a_parameter_is_a_text(
    client: httpx2.Client, whole: int, asked: tuple[str, dict[str, str], str], text: str
) -> None:
    path, given, name = asked
    found = client.get(f"/api/v1{path}", params={**given, name: text})
    assert found.status_code in {200, 404, 422}
    if found.status_code == 200:
        assert found.json()["data"] == [], "it is looked for, and not there"
    assert len(client.get("/api/v1/records", params={"kind": "body", "limit": 500}).json()["data"]) == whole


@pytest.mark.parametrize("text", SQL)
def test_sql_in_a_path_is_no_id(client: httpx2.Client, text: str) -> None:
    assert client.get(f"/api/v1/records/body/{text.replace('/', '')}").status_code in {404, 422}


@pytest.mark.parametrize("text", PATHS)
@pytest.mark.parametrize("path", ["/records/body/", "/events/", "/rules/", "/instruments/", "/records/"])
def test_a_path_in_a_path_opens_no_file(client: httpx2.Client, path: str, text: str) -> None:
    found = client.get(f"/api/v1{path}{text}")
    assert found.status_code in {404, 405, 422}
    assert "root:" not in found.text


@pytest.mark.parametrize("text", [*PATHS, "event.yaml", "./event", "bc_ports_strike_2023.yaml"])
def test_the_name_of_a_file_is_no_event(client: httpx2.Client, text: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "event.yaml").write_text("secret: of the machine\n")
    sent = {"id": "i-1", "instrument": "ca-jp-moc-battery-2023", "title": "T", "event": text, "reason": "r"}
    found = client.post("/api/v1/incidents", json=sent)
    assert found.status_code == 422
    assert "of the machine" not in found.text
    assert client.get(f"/api/v1/events/{text}").status_code in {404, 422}


@pytest.mark.parametrize("text", HTML)
def test_html_is_never_sent_as_a_page(client: httpx2.Client, text: str) -> None:
    """Programs are told JSON; a page for people, which there is none of at such a path, repeats nothing of it unescaped."""
    page = client.get(f"/{text}")
    assert page.status_code == 404
    assert text not in page.text
    assert page.headers["x-content-type-options"] == "nosniff"
    for found in (
        client.get("/api/v1/records", params={"kind": "body", "search": text}),
        client.get(f"/api/v1/records/body/{text.replace('/', '')}"),
        client.get("/api/v1/records", params={text: "1"}),
        client.get(f"/api/v1/{text}"),
    ):
        assert found.headers["content-type"] == "application/json"
        assert found.headers["x-content-type-options"] == "nosniff"


def test_html_in_a_record_stays_a_text(client: httpx2.Client) -> None:
    before = client.get("/api/v1/records/body/ca-jp-battery-dialogue")
    record = {**before.json()["record"], "note": HTML[0]}
    sent = {"record": record, "reason": HTML[1]}
    kept = client.put("/api/v1/records/body/ca-jp-battery-dialogue", json=sent, headers={"If-Match": before.headers["etag"]})
    assert kept.status_code == 200, kept.text
    assert kept.json()["record"]["note"] == HTML[0]
    assert kept.headers["content-type"] == "application/json"


def test_a_line_break_ends_no_field_and_no_line_of_the_log(client: httpx2.Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "orepact.web"):
        found = client.get("/api/v1/records?kind=body&search=a%0d%0aSet-Cookie:%20x=1", headers={"X-Request-Id": "a b"})
    assert "set-cookie" not in found.headers
    assert found.headers["x-request-id"] != "a b"
    assert all("\n" not in record.getMessage() for record in caplog.records)
    assert "Set-Cookie" not in caplog.text, "queries are not logged: they may hold secrets"


def test_marks_of_pages_that_no_page_gave(client: httpx2.Client) -> None:
    import base64

    for mark in ("[" * 3000, '["id"]', '["id","body",{}]', '["id","body","\\ud800"]', "null", "1", '["title","a","b"]'):
        text = base64.urlsafe_b64encode(mark.encode()).decode()
        found = client.get("/api/v1/records", params={"kind": "body", "after": text})
        assert found.status_code == 422, mark


@pytest.mark.parametrize("name", ["on", "due_before"])
@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-02-30", "now", "2026-1-1", "20260101", "2026-01-01T00:00Z"])
def test_days_that_are_none_or_far(client: httpx2.Client, name: str, day: str) -> None:
    assert client.get("/api/v1/records", params={"kind": "body", name: day}).status_code == 422


@pytest.mark.parametrize("limit", ["0", "-1", "501", "9" * 400, "1e3", "0x10", "NaN", "１０"])
def test_limits_that_are_none(client: httpx2.Client, limit: str) -> None:
    found = client.get("/api/v1/records", params={"kind": "body", "limit": limit})
    assert found.status_code == 422 or limit == "１０"


def test_an_id_of_somebody_elses_is_told_as_one_that_is_not_there(client: httpx2.Client, house: House) -> None:
    """The answer does not tell existence: bytes and header fields but for the id of the request."""
    from orepact.pact.instruments.commitments import Commitment
    from orepact.service.pact.desk import keep

    own: dict[str, Any] = {"title": "Secret", "owner": "meti", "made": "2026-01"}
    label = {"label": "TLP:RED/meti"}
    project = client.get("/api/v1/records?kind=project&limit=1").json()["data"][0]["id"]
    own["projects"] = [project]
    secret = Commitment.model_validate({"id": "meti.secret", **own, **label})
    keep(house.store, [secret], {}, actor="meti", reason="a test")
    there, not_there = (client.get(f"/api/v1/records/commitment/meti.{name}") for name in ("secret", "absent"))
    assert there.status_code == not_there.status_code == 404
    assert _bare(there, "meti.secret") == _bare(not_there, "meti.absent")
    put = {
        name: client.put(
            f"/api/v1/records/commitment/{name}", json={"record": own, "reason": "r"},
            headers={"If-Match": '"1-0000000000000000"'},
        )
        for name in ("meti.secret", "meti.absent")
    }  # fmt: skip
    assert put["meti.secret"].status_code == put["meti.absent"].status_code
    assert _bare(put["meti.secret"], "meti.secret") == _bare(put["meti.absent"], "meti.absent")


def _bare(found: httpx2.Response, name: str) -> tuple[str, dict[str, str]]:
    own = found.headers["x-request-id"]
    fields = {key: value for key, value in found.headers.items() if key != "x-request-id"}
    return found.text.replace(own, "ID").replace(name, "NAME"), fields
