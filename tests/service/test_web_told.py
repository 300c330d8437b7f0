"""What who asks over HTTP is told when something does not fit: at once, all of it, in words, and where it stands."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_origin
from urllib.parse import urlsplit

import httpx2
import pytest
from faces import Known, OverHttp, serving
from pydantic import BaseModel, TypeAdapter, ValidationError

from copies import copied
from orepact.pact.records.readers import Reader
from orepact.service.jobs.catalogue import KINDS
from orepact.store import open_store
from orepact.web.api.parameters import vocabulary
from orepact.web.api.routes import Does
from orepact.web.api.table import ROUTES
from orepact.web.edge.house import House
from orepact.web.edge.refusals import problems_of_request
from orepact.web.settings import Settings


@pytest.fixture(scope="module")
def http(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OverHttp]:
    """One server for all tests of the module."""
    address = str(copied(filled, tmp_path_factory.mktemp("told") / "register.db"))
    known = Known()
    house = House(Settings(database=address, anonymous_rate=100_000, account_rate=100_000), open_store(address), known)
    with serving(house) as place, httpx2.Client(base_url=place, timeout=60) as client:
        yield OverHttp(client, known, address=address)
    house.close()


ADA = Reader.holding("nrcan", account="ada", person="ada", roles=("editor",), community=True)
SEC = Reader.holding("nrcan", account="sec", person="sec", roles=("editor", "registrar"), community=True)
#: Signs of a pattern, and words of the checker of types.
MACHINE = re.compile(r"\[\^?[A-Za-z0-9]-|\\x|\(\?|Input should|should match|pydantic|regex")


def ask(http: OverHttp, method: str, path: str, **sent: Any) -> httpx2.Response:
    """What comes of a request of an editor of nrcan."""
    return http.client.request(method, f"/api/v1{path}", headers=http.headers(ADA), **sent)


def problems(found: httpx2.Response, status: int = 422) -> dict[str, dict[str, str]]:
    """The problems of an answer by where they stand."""
    assert found.status_code == status, found.text
    return {each["where"]: each for each in found.json()["error"]["problems"]}


@pytest.mark.parametrize(
    ("path", "sent", "where", "said"),
    [
        ("/plans", {"as_of": "2026-02-31"}, "body.as_of", "a day as year-month-day, such as 2026-06-30"),
        ("/measures/landed-cost", {"commodity": "cell_lfp", "place": "KOR", "day": "2026-13-01"}, "body.day", "a day as year"),
        ("/baselines", {"year": 2090}, "body.year", "a past year"),
        ("/plans", {"year": 2019}, "year", "a model year of reference"),
        ("/measures/carbon", {"commodity": "cell_lfp", "year": 2099}, "body.year", "or a model year of reference"),
        ("/measures/carbon", {"commodity": "cell_lfpp"}, "body.commodity", "did you mean cell_lfp"),
        ("/watches", {"place": "KORR"}, "body.place", "did you mean KOR"),
        ("/shocks", {"events": ["zimbabwe_lithium_ban_2062"]}, "body.events.0", "did you mean zimbabwe_lithium_ban_2026?"),
        ("/plans", {"scenario": "of-mine"}, "body.scenario", "a scenario of the package"),
    ],
    ids=str,
)  # fmt: skip
def test_a_run_that_cannot_be_answered_is_not_taken_up(
    http: OverHttp, path: str, sent: dict[str, Any], where: str, said: str
) -> None:
    before = ask(http, "GET", "/runs").json()["data"]
    told = problems(ask(http, "POST", path, json=sent))[where]
    assert said in f"{told['expected']}; {told['mend']}"
    assert ask(http, "GET", "/runs").json()["data"] == before


def test_every_problem_of_a_run_is_told_at_once(http: OverHttp) -> None:
    sent = {"commodity": "cell_lfpp", "place": "KORR", "as_of": "2026-02-31", "year": 2099, "rate": 2, "surplus": 1}
    told = problems(ask(http, "POST", "/measures/landed-cost", json=sent))
    assert {*told} == {f"body.{name}" for name in sent}
    assert told["body.as_of"]["mend"] == "give it in that form"


def test_records_tell_of_fields_and_references_together(http: OverHttp) -> None:
    """Also the references of a record that cannot be read, and those of the others; none to what was sent along."""
    person = {"kind": "person", "id": "kim", "title": "Kim", "terms": [{"organisation": "nrcann", "role": "Officer", "x": 1}]}
    other = {"kind": "person", "id": "lee", "title": "Lee", "terms": [
        {"organisation": "nrcan", "role": "Officer", "valid_from": "2020", "body": "nowhere-body"}]}  # fmt: skip
    sec = {"headers": http.headers(SEC), "json": {"reason": "new", "records": [person, other]}}
    told = problems(http.client.post("/api/v1/records", **sec))
    assert "records.0.terms.0.x" in told
    assert told["person kim, terms.organisation"]["mend"].startswith("did you mean nrcan")
    assert "person lee, terms.body" in told
    bad = {"kind": "organisation", "id": "new-org", "title": "New", "organisation_kind": "authority", "surplus": 1}
    user = {"kind": "person", "id": "max", "title": "Max", "terms": [
        {"organisation": "new-org", "role": "Officer", "valid_from": "2020"}]}  # fmt: skip
    sec["json"] = {"reason": "new", "records": [bad, user]}
    told = problems(http.client.post("/api/v1/records/check", **sec))
    assert [where for where in told if "max" in where] == [], "what is sent along is there"


def test_each_record_that_is_not_ones_own_is_named(http: OverHttp) -> None:
    """With the rule, who asked, and what to do."""
    sent = [
        {"kind": "person", "id": name, "title": name, "terms": [{"organisation": whose, "role": "Officer", "valid_from": "2020"}]}
        for name, whose in (("kim", "meti"), ("lee", "meti"))
    ]  # fmt: skip
    told = problems(ask(http, "POST", "/records", json={"reason": "new", "records": sent}), 403)
    assert {*told} == {"person kim", "person lee"}
    assert told["person kim"]["found"] == "a change by ada for nrcan"
    assert "leave this record out" in told["person kim"]["mend"]


def models() -> Iterator[type[BaseModel]]:
    """Every model of a body, and those within."""
    left = [route.body for route in ROUTES if route.body is not None]
    seen: set[type[BaseModel]] = set()
    while left:
        one = left.pop()
        if one in seen:
            continue
        seen.add(one)
        yield one
        left += [inner for field in one.model_fields.values() for inner in within(field.annotation)]


def within(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that a type names."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation) if get_origin(annotation) is not None else ():
        yield from within(inner)


def complaints(type_: Any, value: Any) -> list[str]:
    """What is said of a value that a type does not take."""
    try:
        TypeAdapter(type_).validate_python(value)
    except ValidationError as error:
        found = problems_of_request([{**each, "loc": ("query", "x", *each["loc"])} for each in error.errors()])
        return [f"{problem.expected}; {problem.mend}" for problem in found.problems]
    return []


@pytest.mark.parametrize("value", ["\x00 ^", "", "x" * 30_000, -1, 10**20, None, ["\x00"], {"\x00": 1}], ids=repr)
def test_nobody_is_told_how_a_value_is_checked(value: Any) -> None:
    """Of each name that may be given in an address and each field of a body: in words."""
    said = [words for word in vocabulary().values() for words in complaints(word.type, value)]
    for model in models():
        for name in model.model_fields:
            try:
                model.model_validate({name: value})
            except ValidationError as error:
                body = {name: value}
                found = problems_of_request([{**each, "loc": ("body", *each["loc"])} for each in error.errors()], body)
                said += [f"{problem.expected}; {problem.mend}" for problem in found.problems]
            except Exception:  # noqa: BLE001  a problem of its own, in words of its own
                continue
    assert len(said) > 20
    assert [words for words in said if MACHINE.search(words) or "mend it" in words] == []


def schemas(schema: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The fields of a schema."""
    return dict(schema["properties"])


@pytest.mark.parametrize("kind", [*KINDS])
def test_every_field_of_a_question_is_described_with_an_example_that_fits(kind: str) -> None:
    model = KINDS[kind].asks
    for name, field in schemas(model.model_json_schema()).items():
        assert len(field.get("description", "")) > 15, name
        (example,) = field["examples"]
        TypeAdapter(model.__annotations__ and _type_of(model, name)).validate_python(example)


def _type_of(model: type[BaseModel], name: str) -> Any:
    """The type of a field, without what hangs on other fields."""
    annotation = model.model_fields[name].annotation
    return Any if name in {"year", "commodity", "place", "product", "sources", "also", "places"} else annotation


PATHS = [route for route in ROUTES if route.in_path and route.does is Does.reads]


@pytest.mark.parametrize("route", PATHS, ids=lambda route: route.id)
def test_a_name_in_the_path_that_nobody_knows_is_not_there(http: OverHttp, route: Any) -> None:
    """Whether or not it could be a name at all."""
    for text in ("no-such-name", "NO%20SUCH%00"):
        path = route.path.format(**dict.fromkeys(route.in_path, text))
        found = http.client.get(f"/api/v1{path}", headers=http.headers(ADA))
        assert found.status_code == 404, (path, found.text)


UNKNOWN = {
    "/facts?place=KORR": "query.place",
    "/facts?thing=nikkel": "query.thing",
    "/facts/why?subject=nowhere&attribute=price": "query.subject",
    "/sources?source=none": "query.source",
    "/measures/concentration?thing=nikkel&stage=mine&year=2024": "query.thing",
    "/measures/reliance?place=KORR&thing=nickel": "query.place",
    "/records?instrument=no-such-name&kind=nothing": "query.kind.0",
    "/roles?organisation=Nobody+there": "query.organisation",
    "/views/tower?party=Nobody+there": "query.party",
    "/cascade?site=no-such-site": "query.site",
}


@pytest.mark.parametrize("path", UNKNOWN)
def test_a_name_in_the_query_that_nobody_knows_is_a_problem_of_it(http: OverHttp, path: str) -> None:
    told = problems(http.client.get(f"/api/v1{path}"))
    assert UNKNOWN[path] in told, told


def test_a_name_in_the_body_that_nobody_knows_is_a_problem_of_it(http: OverHttp) -> None:
    sent = {"id": "nrcan.x", "incident": "no-such", "option": "swap", "reason": "as asked"}
    told = problems(ask(http, "POST", "/decisions/aid", json=sent))
    assert "body.incident" in told
    assert "body.overlay" in problems(ask(http, "POST", "/watches", json={"overlay": "no-such"}))


def test_the_nearest_name_comes_first(http: OverHttp) -> None:
    found = ask(http, "GET", "/events/zimbabwe_lithium_bann_2026")
    assert (found.status_code, found.json()["error"]["code"]) == (404, "not_found")
    assert "did you mean zimbabwe_lithium_ban_2026" in found.json()["error"]["message"]
    assert "did you mean lithium_stocks" in ask(http, "GET", "/pools/lithium_stock").json()["error"]["message"]


def test_who_ends_a_run_that_has_ended_is_told_how_it_did(http: OverHttp) -> None:
    place = ask(http, "POST", "/watches", json={"place": "CAN"}).headers["location"].removeprefix("/api/v1")
    first = ask(http, "POST", f"{place}/cancel").json()
    assert (first["state"], first["meta"]["warnings"]) == ("cancelled", [])
    again = ask(http, "POST", f"{place}/cancel").json()
    assert "had ended already: cancelled at 20" in again["meta"]["title"]
    assert again["meta"]["warnings"][0].endswith("nothing was changed")


def test_an_address_is_text_in_utf_8(http: OverHttp) -> None:
    for path in ("/records?search=Qu%E9bec", "/records/body/%FF", "/search?search=%C3"):
        found = http.client.get(f"/api/v1{path}")
        assert (found.status_code, found.json()["error"]["code"]) == (400, "bad_request"), path
        assert "UTF-8" in found.json()["error"]["message"]
        assert found.json()["error"]["request_id"] == found.headers["x-request-id"]
    assert http.client.get("/tower?x=%FF").status_code == 400
    assert http.client.get("/api/v1/search?search=Qu%C3%A9bec").status_code == 200


def test_what_is_refused_before_it_is_read_has_an_id_too(http: OverHttp) -> None:
    address = urlsplit(str(http.client.base_url))
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=20) as line:
        line.sendall(b"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: " + b"a" * 20_000 + b"\r\n\r\n")
        told = b""
        while part := line.recv(65536):
            told += part
    head, _, body = told.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 431")
    name = re.search(rb"x-request-id: ([0-9a-f]{24})", head)
    assert name is not None
    assert b'"request_id":"' + name[1] + b'"' in body
