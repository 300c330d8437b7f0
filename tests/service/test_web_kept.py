"""Answers that are kept: the same bytes as fresh ones, for those alone for whom they are, for as long as they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from faces import Known
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_web_accounts import BODY, client, house, log_in, token_of  # noqa: F401  fixtures

from orepact.pact.organisations.organisation import Organisation
from orepact.pact.projects.project import Project
from orepact.pact.records.codes import Code
from orepact.pact.records.readers import PUBLIC, Reader
from orepact.store import upgrade_store
from orepact.store.store import Store
from orepact.web.api.lasting import known_question, question
from orepact.web.api.serving import Asked, answer, answer_of, ask
from orepact.web.api.table import ROUTES
from orepact.web.edge.house import House
from orepact.web.edge.remembered import Remembered
from orepact.web.settings import Settings

LIST = "/api/v1/records?kind=body&kind=instrument&limit=3"
NOON = datetime(2030, 6, 3, 12, tzinfo=UTC)
#: Before an embargo ends, at its end, after it, and when a list of readers has ended.
MOMENTS = (NOON - timedelta(hours=1), NOON - timedelta(minutes=1), NOON, NOON + timedelta(hours=1), NOON + timedelta(days=2))
LABELS = ("TLP:CLEAR", "TLP:GREEN", "TLP:AMBER/nrcan", "TLP:AMBER+STRICT/nrcan", "TLP:AMBER/meti", "TLP:RED/nrcan")
READERS = (
    PUBLIC,
    Reader.holding(community=True),
    Reader.holding("nrcan", account="ada", community=True),
    Reader.holding("nrcan", account="al", roles=("steward",)),
    Reader.holding("meti", account="bo", client_of=("nrcan",)),
    Reader.holding("first", account="cy", person="cy", bodies=("board",)),
)
QUESTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("/records", {"kinds": ["project"], "limit": 20}),
    ("/records", {"kinds": ["project"], "limit": 2, "order": "title"}),
    ("/search", {"words": "pit"}),
    ("/counts", {"by": ["kind", "label"]}),
    ("/records/{kind}/{name}/history", {"kind": "project", "name": "pit"}),
    ("/audit", {"limit": 20}),
    ("/records/{kind}/{name}", {"kind": "project", "name": "pit"}),
)


def projects() -> Iterator[Project]:
    """Pits of every label, one that opens at noon, one that somebody may see until that day."""
    more = {
        "TLP:AMBER/nrcan": {"opens": NOON.isoformat()},
        "TLP:AMBER+STRICT/nrcan": {"readers": [{"organisation": "first", "until": NOON.date().isoformat()}]},
    }
    for number, label in enumerate(LABELS):
        owner = label.partition("/")[2]
        name = f"{owner}.{'red.' if 'RED' in label else ''}pit-{number}" if owner else f"pit-{number}" if number else "pit"
        values = {"id": name, "title": f"Pit {number}", "project_kind": "mine", "label": label, **more.get(label, {})}
        yield Project.model_validate(values)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A register of pits."""
    found = upgrade_store(str(Path(tmp_path_factory.mktemp("pits")) / "register.db"), create=True)
    with found.write("a test", "begin", seeding=True) as unit:
        for item in (
            Code(id="organisation_kind:authority", title="Authority", list="organisation_kind"),
            Code(id="project_kind:mine", title="Mine", list="project_kind"),
            *(
                Organisation.model_validate({"id": name, "title": name, "organisation_kind": "authority"})
                for name in ("nrcan", "meti", "first")
            ),
            *projects(),
        ):
            unit.put(item)
    yield found
    found.close()


def asked(at: int, reader: Reader, moment: datetime) -> Asked:
    """A question of somebody at a moment."""
    path, arguments = QUESTIONS[at]
    route = next(route for route in ROUTES if route.path == path and route.method == "GET")
    return Asked(route, replace(reader, now=moment), arguments)


steps = st.tuples(
    st.integers(0, len(QUESTIONS) - 1), st.sampled_from(READERS), st.sampled_from(MOMENTS), st.sampled_from([False] * 9 + [True])
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=2, max_size=25))
def test_nobody_is_told_what_was_answered_to_others_or_of_another_time(
    store: Store, taken: list[tuple[int, Reader, datetime, bool]]
) -> None:
    keeping, fresh = (House(Settings(cache_bytes=size), store, Known()) for size in (2**24, 1))
    for at, reader, moment, writes in taken:
        if writes:
            pit, version = store.get("project", "pit")
            with store.write("a test", "again") as unit:
                unit.put(pit.model_copy(update={"note": f"version {version + 1}"}), version)
        one = asked(at, reader, moment)
        assert answer(keeping, one).body == answer(fresh, one).body
        head = store.head().hash
        assert known_question(keeping, one, head) in (None, question(keeping, one, head))
    assert fresh.answers.hits == 0


def test_an_answer_holds_until_something_is_written_opens_or_closes(store: Store) -> None:
    keeping = House(Settings(), store, Known())

    def hits(moment: datetime) -> int:
        before = keeping.answers.hits
        answer(keeping, asked(0, READERS[4], moment))
        return keeping.answers.hits - before

    assert [hits(moment) for moment in MOMENTS] == [0, 1, 0, 1, 0]
    assert [hits(MOMENTS[4] + timedelta(minutes=number)) for number in range(3)] == [1, 1, 1]
    pit, version = store.get("project", "pit")
    with store.write("a test", "again") as unit:
        unit.put(pit.model_copy(update={"note": f"since {version}"}), version)
    assert hits(MOMENTS[4]) == 0


def test_what_looks_at_earlier_versions_holds_for_a_minute(store: Store) -> None:
    keeping = House(Settings(), store, Known())
    latest = asked(6, PUBLIC, NOON)
    version = replace(latest, arguments={**latest.arguments, "revision": 1})
    for one in (asked(4, PUBLIC, NOON), asked(5, PUBLIC, NOON), version):
        answer(keeping, one)
        answer(keeping, one)
        answer(keeping, replace(one, reader=replace(PUBLIC, now=NOON + timedelta(minutes=1))))
    assert (keeping.answers.hits, keeping.answers.misses) == (3, 6)


def test_facts_that_are_open_are_kept_for_all(store: Store) -> None:
    keeping = House(Settings(), store, Known())
    route = next(route for route in ROUTES if route.path == "/sources")
    for reader in READERS:
        answer(keeping, Asked(route, reader, {}))
    assert (keeping.answers.hits, keeping.answers.misses) == (len(READERS) - 1, 1)


def test_facts_are_kept_for_all_for_whom_they_are_the_same(store: Store, tmp_path: Path) -> None:
    """Of a folder of the operator with claims that are not for all; what each is told is what his own audience sees."""
    columns = "subject,attribute,value,unit,year,valid_from,valid_to,source,as_of,confidence,label,note"
    labels = ("TLP:CLEAR", "TLP:GREEN", "TLP:AMBER/nrcan", "TLP:AMBER+STRICT/nrcan", "TLP:RED/nrcan", "TLP:AMBER/meti")
    rows = [f"FRA/cobalt,mine_production,{5 + at},t,{2015 + at},,,ours,2025,reported,{label}," for at, label in enumerate(labels)]
    (tmp_path / "mine.csv").write_text("\n".join([columns, *rows, ""]), "utf-8")
    sources = (
        "source,producer,title,edition,published,licence,attribution,address,grade,ships\nours,We,Our book,1,2025,own,,,A,no\n"
    )
    (tmp_path / "sources.csv").write_text(sources, "utf-8")
    keeping, alone = (House(Settings(facts=tmp_path), store, Known()) for _ in range(2))
    route = next(route for route in ROUTES if route.path == "/facts")
    told = []
    for reader in READERS:
        alone._views.clear()
        alone._audiences.clear()
        asked = Asked(route, reader, {"subject": "FRA/cobalt", "attribute": "mine_production"})
        told.append(answer(keeping, asked).body)
        assert told[-1] == answer_of(route, ask(alone, asked)).body
        own = keeping.facts.at(audience=reader.audience).claims
        assert {*own["label"]} == {*keeping.ledger(reader).claims["label"]}
    assert len({*told}) == len(keeping._audiences) == keeping.answers.misses < len(READERS)


@pytest.fixture
def shut(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let no question come to the use cases any more."""

    def none(*_: Any) -> None:
        raise AssertionError("this was answered before")

    return lambda: monkeypatch.setattr("orepact.web.api.endpoints.answer", none)


def fields(found: httpx2.Response) -> dict[str, str]:
    """The header fields that do not differ from request to request."""
    return {name: value for name, value in found.headers.items() if name not in {"date", "x-request-id"}}


def test_a_kept_answer_is_told_without_asking_and_reads_the_same(
    client: httpx2.Client,  # noqa: F811
    shut: Callable[[], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    log_in(client)
    first = client.get(LIST)
    shut()
    again = client.get(LIST)
    assert (again.status_code, again.content, fields(again)) == (200, first.content, fields(first))
    assert 'rel="next"' in again.headers["link"]
    assert again.headers["x-request-id"] != first.headers["x-request-id"]
    unchanged = client.get(LIST, headers={"If-None-Match": first.headers["etag"]})
    assert (unchanged.status_code, unchanged.content, unchanged.headers["etag"]) == (304, b"", first.headers["etag"])
    head = client.head(LIST)
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", first.headers["content-length"])
    assert not [one for one in caplog.records if one.levelname == "ERROR"], "also the server finds the answer whole"
    assert client.get(LIST.replace("3", "4")).status_code == 500, "another question is asked"


def test_what_is_kept_is_for_who_may_ask(client: httpx2.Client, house: House) -> None:  # noqa: F811
    form = log_in(client)
    reading, writing = token_of(client, form, "read"), token_of(client, form, "write")
    client.cookies.clear()
    assert [client.get(BODY, headers=reading).status_code for _ in range(2)] == [200, 200]
    assert client.get(BODY, headers=writing).status_code == 403
    from orepact.service import access

    access.revoke_token(reading["Authorization"].split("_")[1], house.settings.database)
    assert client.get(BODY, headers=reading).status_code == 401


def test_two_who_ask_in_the_same_words_are_told_each_his_own(client: httpx2.Client, house: House) -> None:  # noqa: F811
    name, asks = "nrcan.stock", "/api/v1/search?search=graphite+for+three"
    with house.store.write("a test", "a closed one") as unit:
        record = house.store.get("commitment", _commitment(house))[0].content()
        own = {"id": name, "title": "Keep graphite for three months", "label": "TLP:AMBER+STRICT/nrcan", "owner": "nrcan"}
        unit.put(type(house.store.get("commitment", record["id"])[0]).model_validate({**record, **own}))
    said: dict[str, list[bytes]] = {}
    for who in ("ada", "bo", "ada", "bo"):
        client.cookies.clear()
        log_in(client, who)
        said.setdefault(who, []).append(client.get(asks).content)
    assert len({*said["ada"]}) == len({*said["bo"]}) == 1
    assert name.encode() in said["ada"][0]
    assert name.encode() not in said["bo"][0]


def _commitment(house: House) -> str:  # noqa: F811
    from orepact.store.listing import Filter

    return house.store.list(Filter(kinds=("commitment",), states=("open",)), limit=1).lines[0].id


def test_a_change_shows_at_once(client: httpx2.Client) -> None:  # noqa: F811
    form = log_in(client)
    first = client.get(BODY)
    assert client.get(BODY).content == first.content
    sent = {"record": {**first.json()["record"], "note": "changed"}, "reason": "a test"}
    changed = client.put(BODY, json=sent, headers={**form, "If-Match": first.headers["etag"]})
    assert changed.status_code == 200, changed.text
    assert client.get(BODY).json()["record"]["note"] == "changed"


def test_addresses_are_forgotten_the_longest_not_asked_first() -> None:
    remembered = Remembered(most=2)
    scopes: list[dict[str, Any]] = [{"path": f"/{name}", "query_string": b"", "headers": [], "route": name} for name in "abc"]
    remembered.note(scopes[0], "A")
    remembered.note(scopes[1], "B")
    assert remembered.get(scopes[0]) == ("A", "a")
    remembered.note(scopes[2], "C")
    assert [remembered.get(scope) for scope in scopes] == [("A", "a"), None, ("C", "c")]
    assert remembered.get({**scopes[0], "query_string": b"limit=1"}) is None


def test_what_is_kept_is_told_in_the_form_that_is_wanted(client: httpx2.Client) -> None:  # noqa: F811  the fixture
    """The same address as a table and as JSON, each asked twice."""
    for _ in range(2):
        for accepted, media in (("application/json", "application/json"), ("text/csv", "text/csv"), ("*/*", "application/json")):
            found = client.get(LIST, headers={"Accept": accepted})
            assert (found.status_code, found.headers["content-type"].partition(";")[0]) == (200, media)


@pytest.mark.parametrize("path", ["/exports/claims", "/exports/sdmx-csv"])
def test_what_an_owner_takes_out_is_not_told_to_whom_he_lets_look(store: Store, tmp_path: Path, path: str) -> None:
    """Who may see a claim of another may not take it along: what its owner was told is kept for him alone."""
    columns = "subject,attribute,value,unit,year,valid_from,valid_to,source,as_of,confidence,label,note"
    labels = ("TLP:CLEAR", "TLP:AMBER/nrcan")
    rows = [
        f"FRA/cobalt,mine_production,{5555 + at},t,{2015 + at},,,ours,2025,reported,{label}," for at, label in enumerate(labels)
    ]
    (tmp_path / "mine.csv").write_text("\n".join([columns, *rows, ""]))
    source = (
        "source,producer,title,edition,published,licence,attribution,address,grade,ships\nours,We,Our book,1,2025,own,,,A,no\n"
    )
    (tmp_path / "sources.csv").write_text(source)
    owner = Reader.holding("nrcan", account="al", roles=("steward",))
    looks = Reader.holding("meti", account="bo", client_of=("nrcan",))
    keeping = House(Settings(facts=tmp_path), store, Known())
    route = next(route for route in ROUTES if route.path == path)
    asked_ = {"/exports/claims": {"thing": "cobalt", "place": "FRA"}, "/exports/sdmx-csv": {"attribute": "mine_production"}}[path]

    def told(reader: Reader) -> tuple[str, str]:
        question_ = Asked(route, replace(reader, now=NOON), asked_)
        return answer_of(route, ask(House(Settings(facts=tmp_path), store, Known()), question_)).tag, answer(
            keeping, question_
        ).tag

    alone, kept = told(owner)
    assert alone == kept
    alone, kept = told(looks)
    assert alone == kept
    assert told(owner)[1] != kept, "a claim of his own is in what the owner takes"
