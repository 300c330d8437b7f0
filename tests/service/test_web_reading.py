"""Reading over a real socket: envelopes, errors, tags, header fields, methods."""

from __future__ import annotations

from faces import OverHttp

from orepact.pact.records.readers import Reader

NRCAN = Reader.holding("nrcan", account="ada", person="ada", community=True)


def test_the_service_is_well(http: OverHttp) -> None:
    assert http.client.get("/healthz").json() == {"status": "ok"}
    assert http.client.get("/readyz").json() == {"status": "ready"}


def test_a_list_is_an_envelope_and_its_pages_follow_each_other(http: OverHttp) -> None:
    first = http.client.get("/api/v1/records", params={"kind": ["body", "instrument"], "limit": 3})
    assert first.status_code == 200
    assert set(first.json()) == {"data", "meta"}
    assert len(first.json()["data"]) == 3
    link = first.headers["link"].partition(">")[0].removeprefix("<")
    second = http.client.get(link)
    names = [row["id"] for row in [*first.json()["data"], *second.json()["data"]]]
    whole = http.client.get("/api/v1/records", params={"kind": ["body", "instrument"], "limit": 500}).json()
    assert names == [row["id"] for row in whole["data"]][:6]


def test_a_record_has_a_tag_of_its_version_and_is_not_sent_twice(http: OverHttp) -> None:
    name = http.ask("pact.list_records", kinds=["body"], limit=1)["data"][0]["id"]
    first = http.client.get(f"/api/v1/records/body/{name}")
    assert first.headers["etag"].startswith('"1-')
    assert first.json()["record"]["id"] == name
    again = http.client.get(f"/api/v1/records/body/{name}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = http.client.get(f"/api/v1/records/body/{name}", headers={"If-None-Match": '"1-0000000000000000"'})
    assert other.content == first.content


def test_nothing_of_the_machine_is_told(http: OverHttp) -> None:
    found = http.client.get("/api/v1/records", params={"kind": "body"}, headers=http.headers(NRCAN))
    assert set(found.json()["meta"]["manifest"]) == {"on"}
    assert "register" not in found.text


def test_every_answer_has_the_fields_that_guard_it(http: OverHttp) -> None:
    for path in ("/healthz", "/api/v1/records?kind=body", "/api/v1/records/body/none", "/nowhere", "/api/v1/records?kind=none"):
        found = http.client.get(path).headers
        assert found["x-content-type-options"] == "nosniff"
        page = path == "/nowhere"
        assert found["content-security-policy"].startswith("default-src 'none'; ")
        assert found["content-security-policy"].endswith("; frame-ancestors 'none'") or not page
        assert found["referrer-policy"] == ("same-origin" if page else "no-referrer"), "pages send forms"
        assert found["cache-control"] == ("no-store" if page else "private, no-cache")
        assert len(found["x-request-id"]) == 24
        assert "access-control-allow-origin" not in found
        assert "server" not in found


def test_what_is_not_there_and_what_is_wrong_say_so_in_one_form(http: OverHttp) -> None:
    missing = http.client.get("/api/v1/records/body/none")
    assert missing.status_code == 404
    assert set(missing.json()["error"]) == {"code", "message", "problems", "request_id"}
    assert missing.json()["error"]["request_id"] == missing.headers["x-request-id"]
    wrong = http.client.get("/api/v1/records", params={"kind": "none", "limit": "0", "foo": "1", "on": "2026-02-30"})
    assert wrong.status_code == 422
    places = {problem["column"] for problem in wrong.json()["error"]["problems"]}
    assert places == {"query.kind.0", "query.limit", "query.foo", "query.on"}
    assert http.client.get("/api/nowhere").json()["error"]["code"] == "not_found"


def test_a_method_that_a_path_does_not_know_is_refused_with_those_that_it_does(http: OverHttp) -> None:
    found = http.client.delete("/api/v1/records/body/none")
    assert found.status_code == 405
    assert {"GET", "HEAD"} <= set(found.headers["allow"].split(", "))


def test_head_tells_what_get_would(http: OverHttp) -> None:
    asked = http.client.get("/api/v1/records?kind=body")
    found = http.client.head("/api/v1/records?kind=body")
    assert found.content == b""
    assert found.headers["content-length"] == asked.headers["content-length"]
    assert found.headers["etag"] == asked.headers["etag"]


def test_another_name_of_the_server_is_refused(http: OverHttp) -> None:
    found = http.client.get("/api/v1/records?kind=body", headers={"Host": "evil.example"})
    assert found.status_code == 421


def test_a_wrong_token_is_refused_whatever_is_asked(http: OverHttp) -> None:
    for shown in ("Bearer ore_0_wrong", "Basic abc", "Bearer", "Bearer " + "a" * 5000):
        found = http.client.get("/api/v1/records?kind=body", headers={"Authorization": shown})
        assert found.status_code == 401
        assert found.json()["error"]["code"] == "unauthorised"
        assert found.headers["www-authenticate"].startswith("Bearer")
