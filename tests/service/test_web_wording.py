"""What an answer over HTTP and a page tell somebody to do next: in their own words, which lead there."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx2
import pytest
from markupsafe import Markup

from orepact.report.voice import Voice
from orepact.service.result import Result, Rows
from orepact.web.api.serving import told
from orepact.web.pages.wording import OnPages, in_page
from orepact.web.pages.words import saying
from orepact.wording import deed, field
from plain_words import typed

Shows = Callable[[str], dict[str, str]]
BODY = "ca-jp-battery-dialogue"
#: A path that is refused or warns, and what is told.
SAID = {
    f"/records/body/{BODY}?revision=99": f"see `GET /api/v1/records/body/{BODY}/history`",
    "/facts?place=CAN&limit=1": "more claims fit: raise `limit`",
    "/records?kind=instrument&limit=1": "`after` with its mark begins the next",
    f"/bodies/{BODY}/agenda?limit=1": "give a higher `limit`",
    "/kinds": "`GET /api/v1/kinds/{kind}` gives a form of one",
    "/kinds/body": "keep it with `POST /api/v1/records`",
    "/events": "`GET /api/v1/events/{event}` says which and why",
    "/views/tower?party=KOR": "is in `POST /api/v1/measures/origin`",
    "/incidents/drill-moa-2026/options": "make one with `POST /api/v1/incidents/drill-moa-2026/assessments`",
}


@pytest.mark.parametrize("path", SAID)
def test_an_answer_names_routes_and_fields(path: str, client: httpx2.Client) -> None:
    """Where there is something to do next."""
    found = client.get(f"/api/v1{path}")
    assert SAID[path] in found.text.replace("\\n", "\n"), found.text[:3000]
    assert typed(found.text) == []


def test_what_was_sent_stands_as_it_was_sent(client: httpx2.Client, shows: Shows) -> None:
    """Also where it looks like a mark: nobody's words are changed."""
    mark = deed("pact.list_kinds")
    refused = client.get("/api/v1/records", params={"kind": mark}).json()["error"]
    assert mark in refused["problems"][0]["found"]
    row = told(Result(Rows(("text",), [(mark,)]), {"title": mark}))
    assert row["data"] == [{"text": mark}]
    assert row["meta"]["title"] == "`GET /api/v1/kinds`"
    assert f"&#34;{mark}" not in client.get("/records", params={"search": mark}, headers=shows("ana")).text


def test_a_page_leads_to_the_page_that_is_meant(client: httpx2.Client) -> None:
    """By its title, in the reader's language and as he looks at the whole site; without marks, without a way to write into it."""
    voice = Voice("fr")
    guide, say = saying(voice, lambda path: f"/fr{path}"), saying(voice)
    mend = f"see {deed('shock.list_events')}"
    told_so = guide("expected {expected}, found {found}; {mend}", expected="a", found="<b>", mend=mend)
    assert told_so.endswith('see <a href="/fr/shocks">« Chocs »</a>')
    assert "&lt;b&gt;" in told_so
    assert str(say(f"{field('year')} & {deed('pact.show_record', kind='body', name='<x>')}")) == (
        f"« {voice.translated('Year')} » &amp; « {voice.translated('Record')} » (/records/body/%3Cx%3E)"
    )
    assert in_page(Markup("{no} mark"), OnPages(voice)) == "{no} mark"
    assert str(guide(deed("jobs.show_run", run="run-1"))) == "`GET /api/v1/runs/run-1`"
    assert re.search(r"<a href=\"/fr/dependence\">[^<]+</a>", str(guide(deed("measure_origin"))))
    tower = client.get("/fr/tower/KOR")
    assert typed(tower.text) == []
