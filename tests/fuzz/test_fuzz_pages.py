"""Addresses that somebody wrote by hand, and forms that no page gave: a clear page of a documented status, never a fault of ours.

All over the table of pages: one that is new is tried too. ``OREPACT_FUZZ=50`` tries more.
"""

from __future__ import annotations

import os
import re
from itertools import cycle, islice
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from page_document import PLACE, READ, SENT, document
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance
from starlette.responses import JSONResponse
from starlette.testclient import TestClient

from orepact.web.pages.page import Form, Page
from orepact.web.pages.table import PAGES

MANY = int(os.environ.get("OREPACT_FUZZ", "1"))
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance)
#: What is written into addresses, encoded as it stands.
ODD = (
    "nothing-of-that-name", "", "%00", "%FF%FE", "%ED%A0%80", "x" * 3000, "%3Cscript%3Ealert(1)%3C/script%3E",
    "..%2F..%2Fetc%2Fpasswd",
    "=cmd%7C'%20/C%20calc'!A0", "zqx'%20OR%20'1'='1", "-1", "99999999999999999999", "1e309", "NaN", "%7B%7B7*7%7D%7D",
    "%F0%9F%A6%86",
    "%0D%0ASet-Cookie:%20x=1", "2026-02-30", "a,b,,c", "%20", "true", "%5B%5D", "null", "../..",
    "%E2%80%AE%D7%90", "*", "a%2Fb", "~",
)  # fmt: skip
#: What is typed into fields.
TYPED = (
    "", "x" * 20_000, "<script>alert(1)</script>", "\0", "=1+1", "' OR 1=1 --", '{"a":[[[[]]]]}', "-1", "é\u202e中",
    "../../etc/passwd",
)  # fmt: skip
FORMS = [(page, form) for page in PAGES for form in page.forms]
#: A login that is not right takes a moment on purpose.
SLOW = {"login", "choose", "password", "add", "invite"}
MOVED = {303, 307, 308}
TRACE = re.compile(r"Traceback|site-packages|File &#34;|sqlite3?\.|sqlalchemy|pydantic|<script>alert", re.IGNORECASE)


@pytest.fixture(scope="module")
def client(app: Any, token: str) -> httpx2.Client:
    """A browser of somebody who may do everything."""
    return TestClient(app, headers={"Authorization": f"Bearer {token}"}, raise_server_exceptions=False, follow_redirects=False)


@pytest.fixture(scope="module")
def stranger(app: Any) -> httpx2.Client:
    """A browser of nobody."""
    return TestClient(app, raise_server_exceptions=False, follow_redirects=False)


def clear(found: httpx2.Response, allowed: set[int]) -> None:
    """A page with a heading, or the table that was asked for; nothing of the machine in it, nor what was slipped in."""
    assert found.status_code in allowed, (str(found.url)[:200], found.status_code, found.text[:300])
    assert "set-cookie" not in found.headers or found.status_code in {200, 303}
    media = found.headers.get("content-type", "")
    if found.status_code in MOVED:
        assert found.headers["location"].startswith("/")
        assert not found.headers["location"].startswith("//")
    elif media.startswith("text/html"):
        assert found.text.count("<h1>") == 1, found.text[:300]
        assert not TRACE.search(found.text), TRACE.search(found.text)
    else:
        assert media.startswith(("application/json", "text/csv")), media
        assert found.status_code == 200 or found.json()["error"]["message"]


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_addresses_written_by_hand(page: Page, client: httpx2.Client) -> None:
    """In its path, in each thing that may be asked, and with names that it does not know."""
    start = sum(map(ord, page.name))  # each page begins elsewhere among the odd texts
    odd = list(islice(cycle(ODD), start % len(ODD), start % len(ODD) + len(ODD)))
    for text in odd[: 4 * MANY] if page.in_path else ():
        clear(client.get(re.sub(r"\{[a-z_]+\}", text or "-", page.path)), READ | MOVED)
    path = re.sub(r"\{[a-z_]+\}", "KOR", page.path)
    names = [*page.asked.model_fields, "unknown%5B%5D"]
    for text, name in islice(zip(odd, cycle(names), strict=False), 6 * MANY):
        clear(client.get(f"{path}?{name}={text}"), READ)
    whole = "&".join(f"{name}={text}" for text, name in zip(odd[:12], cycle(names), strict=False) if len(text) < 100)
    clear(client.get(f"{path}.csv?{whole}&table=nothing"), READ)
    clear(client.get(f"/fr{path}?" + "&".join(f"{name}=" for name in names * 20)), READ)
    clear(client.get(f"{path}?{names[-2]}=" + "9" * 9000), {414})


@pytest.mark.parametrize("text", ODD)
def test_paths_of_nothing(text: str, client: httpx2.Client, stranger: httpx2.Client) -> None:
    """Also below the files of pages, and behind a language."""
    for path in (f"/{text}", f"/static/{text}/tokens.css", f"/ja/{text}.json"):
        clear(client.get(path), READ | MOVED)
    clear(stranger.get(f"/set?theme={text}&back={text}"), {303, 400, 422})


@pytest.mark.parametrize(("page", "form"), FORMS, ids=[f"{page.name} {form.name}" for page, form in FORMS])
def test_forms_that_no_page_gave(page: Page, form: Form, client: httpx2.Client, stranger: httpx2.Client) -> None:
    """Without their token, with doubled fields, with fields of no form, oversized, nested, in another encoding."""
    path = re.sub(r"\{[a-z_]+\}", "nothing-of-that-name", page.path)
    fields = [*form.fields.model_fields]
    usual = [("form", form.name)]
    if form.name not in SLOW:
        for text in TYPED[: 4 * MANY]:
            clear(client.post(path, content=urlencode([*usual, *((name, text) for name in fields)]), headers=KIND), SENT)
    for content in (
        urlencode([*usual, *usual, *((name, "a") for name in fields * 2)]),
        urlencode([("form", "nothing"), ("csrf", "x" * 500)]),
        urlencode([*usual, ("unknown", "1"), ("unknown[a][b]", "2"), ("__proto__", "3"), ("once", "k" * 5000)]),
        "form=%FF%FE&=&&&a",
        "&".join(f"a{number}=1" for number in range(3000)),
    ):
        clear(client.post(path, content=content, headers=KIND), SENT)
        clear(stranger.post(path, content=content, headers=KIND), SENT)
    clear(stranger.post(path, content="form=" + "x" * 3_000_000, headers=KIND), {413})
    for media in ("multipart/form-data", "text/plain", "application/json"):
        clear(client.post(path, content='{"form": 1}', headers={"Content-Type": media}), {401, 403, 415, 422})
    clear(client.put(path, content="form=1", headers=KIND), {401, 403, 404, 405})


KIND = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="session")
def pages(app: Any) -> Any:
    """The pages as their document describes them."""

    async def described(scope: Any, receive: Any, send: Any) -> None:
        inner = JSONResponse(document()) if scope.get("path") == PLACE else app
        await inner(scope, receive, send)

    return schemathesis.openapi.from_asgi(PLACE, described)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fits", "does not fit"])
@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_no_page_fails_on_what_is_asked(page: Page, mode: GenerationMode, pages: Any, token: str) -> None:
    """What its fields allow, and what they do not."""
    operation = pages[page.path]["GET"]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=2 * MANY, deadline=None, derandomize=True, phases=(Phase.generate,), database=None,
        suppress_health_check=[*HealthCheck],
    )  # fmt: skip
    def ask(case: Any) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)

    try:
        ask()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, "nothing fits the description"


def test_the_document_of_pages_is_one_of_openapi() -> None:
    """With every page."""
    from openapi_spec_validator import validate

    found = document()
    validate(found)
    assert {*found["paths"]} == {page.path for page in PAGES}
