"""Changes, in process and over HTTP, on SQLite and PostgreSQL: kept once, all or none, in place of the version that was read."""

from __future__ import annotations

from typing import Any

import pytest
from faces import Face, OverHttp

from orepact.pact.records.readers import Reader

ADA = Reader.holding("nrcan", account="ada", person="ada", roles=("editor", "steward", "registrar"), community=True)
BO = Reader.holding("meti", account="bo", person="bo", roles=("editor",), community=True)


def body_of(http: Face) -> dict[str, Any]:
    """A record of the seed, as it stands."""
    found = http.ask("pact.show_record", ADA, kind="body", name="ca-jp-battery-dialogue")
    return {**found["record"], "_version": found["meta"]["version"]}


def test_a_record_is_changed_in_place_of_the_version_that_was_read(face: Face) -> None:
    record = body_of(face)
    version = record.pop("_version")
    changed = {**record, "note": "changed by a test"}
    given = {"kind": "body", "name": record["id"], "reason": "a test"}
    kept = face.ask("pact.put_record", ADA, **given, record=changed, version=version)
    assert kept["meta"]["version"] == version + 1, kept
    assert kept["record"]["note"] == "changed by a test"
    late = face.ask("pact.put_record", ADA, **given, record={**record, "note": "too late"}, version=version)
    assert late["error"]["code"] in {"conflict", "precondition_failed"}
    assert face.ask("pact.show_record", ADA, kind="body", name=record["id"])["record"]["note"] == "changed by a test"
    last = face.ask("pact.record_history", ADA, kind="body", name=record["id"])["data"][-1]
    assert (last["actor"], last["reason"]) == ("ada", "a test")


def test_several_records_are_kept_all_or_none(face: Face) -> None:
    record = body_of(face)
    version = record.pop("_version")
    good = {**record, "kind": "body", "note": "one of two"}
    wrong = {**record, "kind": "body", "id": "other", "instrument": "no-such-instrument"}
    given = {"versions": {f"body/{record['id']}": version}, "reason": "two at once"}
    found = face.ask("pact.record_values", ADA, records=[good, wrong], **given)
    assert found["error"]["code"] == "bad_input"
    assert "no-such-instrument" in str(found["error"]["problems"])
    assert body_of(face) == {**record, "_version": version}
    kept = face.ask("pact.record_values", ADA, records=[good], **given)
    assert [(row["id"], row["version"]) for row in kept["data"]] == [(record["id"], version + 1)]


def test_a_check_tells_what_would_be_and_keeps_nothing(face: Face) -> None:
    record = body_of(face)
    version = record.pop("_version")
    given = {"versions": {f"body/{record['id']}": version}, "reason": "a check"}
    found = face.ask("pact.check_values", ADA, records=[{**record, "note": "only looked at"}], **given)
    assert [(row["id"], row["version"]) for row in found["data"]] == [(record["id"], version + 1)]
    assert body_of(face) == {**record, "_version": version}
    wrong = face.ask("pact.check_values", ADA, records=[{**record, "instrument": "none-such"}], **given)
    assert wrong["error"]["code"] == "bad_input"
    late = face.ask("pact.check_values", ADA, records=[{**record, "note": "x"}], versions={}, reason="a check")
    assert late["error"]["code"] == "conflict"


def test_every_problem_of_several_records_is_told_by_its_place(face: Face) -> None:
    found = face.ask("pact.record_values", ADA, records=[{"kind": "body"}, {"kind": "none"}], reason="mistakes")
    places = [problem["column"] for problem in found["error"]["problems"]]
    assert any(place.startswith("records.0.") for place in places)
    assert "records.1.kind" in places


def test_a_change_by_nobody_is_refused(http: OverHttp) -> None:
    answer = http.client.put(
        "/api/v1/records/body/ca-jp-battery-dialogue", json={"record": {}, "reason": "x"}, headers={"If-Match": '"1-0"'}
    )
    assert answer.status_code == 401


def test_a_change_says_which_version_it_replaces(http: OverHttp) -> None:
    path, sent = "/api/v1/records/body/ca-jp-battery-dialogue", {"record": {}, "reason": "x"}
    assert http.client.put(path, json=sent, headers=http.headers(ADA)).status_code == 428
    other = http.client.put(path, json=sent, headers={**http.headers(ADA), "If-Match": '"abc"'})
    assert (other.status_code, other.json()["error"]["code"]) == (412, "precondition_failed")


def test_a_new_record_is_made_once_and_its_tag_changes_it(http: OverHttp) -> None:
    record = body_of(http)
    record.pop("_version")
    new = {**{key: value for key, value in record.items() if key not in {"id", "kind"}}, "title": "Another dialogue"}
    path, sent = "/api/v1/records/body/another-dialogue", {"record": new, "reason": "a new one"}
    made = http.client.put(path, json=sent, headers={**http.headers(ADA), "If-None-Match": "*"})
    assert made.status_code == 201, made.text
    again = http.client.put(path, json=sent, headers={**http.headers(ADA), "If-None-Match": "*"})
    assert again.status_code == 412
    sent["record"]["note"] = "changed"
    changed = http.client.put(path, json=sent, headers={**http.headers(ADA), "If-Match": made.headers["etag"]})
    assert (changed.status_code, changed.json()["meta"]["version"]) == (200, 2)
    assert http.client.get(path, headers=http.headers(ADA)).headers["etag"] == changed.headers["etag"]


def test_a_change_with_a_key_is_done_once(http: OverHttp) -> None:
    record = body_of(http)
    version = record.pop("_version")
    sent = {
        "records": [{**record, "note": "with a key"}], "versions": {f"body/{record['id']}": version}, "reason": "once",
    }  # fmt: skip
    headers = {**http.headers(ADA), "Idempotency-Key": "a-key-of-its-own"}
    first = http.client.post("/api/v1/records", json=sent, headers=headers)
    assert first.status_code == 200, first.text
    second = http.client.post("/api/v1/records", json=sent, headers=headers)
    assert (second.status_code, second.content) == (200, first.content)
    assert body_of(http)["_version"] == version + 1
    other = http.client.post("/api/v1/records", json={**sent, "reason": "another"}, headers=headers)
    assert other.status_code == 422
    assert other.json()["error"]["problems"][0]["column"] == "Idempotency-Key"
    without = http.client.post("/api/v1/records", json=sent, headers=http.headers(ADA))
    assert without.status_code == 409
    his = http.client.post("/api/v1/records", json=sent, headers={**http.headers(BO), "Idempotency-Key": "a-key-of-its-own"})
    assert his.status_code in {403, 409}, "another account's key is another key"


def test_a_key_where_a_version_is_put_is_refused_and_changes_nothing(http: OverHttp) -> None:
    """If-Match makes it happen once; a key that is passed over in silence would promise another thing."""
    record = body_of(http)
    version = record.pop("_version")
    headers = {**http.headers(ADA), "If-Match": f'"{version}"', "Idempotency-Key": "a-key-of-its-own"}
    sent = {"record": {**record, "note": "put with a key"}, "reason": "a test"}
    found = http.client.put(f"/api/v1/records/body/{record['id']}", json=sent, headers=headers)
    assert found.status_code == 422
    assert "leave it out: with If-Match it is done once" in found.text
    assert body_of(http)["_version"] == version


def test_a_change_that_is_sent_twice_at_once_is_told_as_one(http: OverHttp, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second looks for the first before that is kept, and is stopped by what it wrote."""
    from orepact.store import repeats

    record = body_of(http)
    version = record.pop("_version")
    sent = {"records": [{**record, "note": "at once"}], "versions": {f"body/{record['id']}": version}, "reason": "once"}
    headers = {**http.headers(ADA), "Idempotency-Key": "a-key-in-a-race"}
    first = http.client.post("/api/v1/records", json=sent, headers=headers)
    seen, told = [None], repeats.told
    monkeypatch.setattr(repeats, "told", lambda *asked: seen.pop() if seen else told(*asked))
    second = http.client.post("/api/v1/records", json=sent, headers=headers)
    assert (second.status_code, second.content) == (200, first.content)
    assert body_of(http)["_version"] == version + 1


def test_an_answer_that_was_lost_is_told_by_what_was_written(http: OverHttp) -> None:
    """Killed between the change and its answer: the key tells that it is done."""
    from sqlalchemy import update

    from orepact.store import open_store
    from orepact.store.repeats import repeat

    record = body_of(http)
    version = record.pop("_version")
    sent = {"records": [{**record, "note": "lost"}], "versions": {f"body/{record['id']}": version}, "reason": "once"}
    headers = {**http.headers(ADA), "Idempotency-Key": "another-key-1"}
    assert http.client.post("/api/v1/records", json=sent, headers=headers).status_code == 200
    store = open_store(http.address)
    with store.database.writing() as connection:
        connection.execute(update(repeat).values(status=0, answer=""))
    store.close()
    again = http.client.post("/api/v1/records", json=sent, headers=headers)
    assert again.status_code == 200
    assert [(row["id"], row["version"]) for row in again.json()["data"]] == [(record["id"], version + 1)]
    assert "before" in again.json()["meta"]["warnings"][0]


def test_a_moment_is_said_by_who_keeps_the_register_alone(http: OverHttp) -> None:
    sent = {"id": "n1", "instrument": "ca-jp-moc-battery-2023", "to": ["meti"], "title": "N", "reason": "r"}
    found = http.client.post("/api/v1/notices", json={**sent, "at": "2026-03-01T10:00Z"}, headers=http.headers(BO))
    assert found.status_code == 403


def test_who_asks_is_never_what_was_sent(http: OverHttp) -> None:
    for name in ("actor", "sender", "organisations"):
        sent = {"id": "n1", "instrument": "ca-jp-moc-battery-2023", "to": ["meti"], "title": "N", "reason": "r", name: "jogmec"}
        assert http.client.post("/api/v1/notices", json=sent, headers=http.headers(ADA)).status_code == 422
