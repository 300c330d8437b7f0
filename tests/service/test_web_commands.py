"""The command line and the address that a page shows tell the same rows as the page, whatever it is asked."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable

import httpx2
import pytest
from test_web_pages import address
from typer.testing import CliRunner

from orepact.cli import app
from orepact.pact.records.readers import Reader
from orepact.service import pact
from orepact.service.pact.desk import Desk
from orepact.web.edge.house import House
from orepact.web.pages.page import Page
from orepact.web.pages.table import PAGES

MOC, DIALOGUE, ON = "ca-jp-moc-battery-2023", "ca-jp-battery-dialogue", "2026-03-02"
#: A page with what it is asked, the table of it, what tells its rows apart there, and what the command calls that.
ASKED = {
    "calendar of a body": ("/pact/calendar?month=2025-08&body=ca-jp-battery-dialogue", "agenda", "first", "first"),
    "calendar of all": (f"/pact/calendar?month=2026-01&as_of={ON}", "agenda", "first", "first"),
    "projects of a place": ("/projects?place=CA-QC&status=construction", "projects", "place", ""),
    "projects that make": (f"/projects?commodity=lithium_hydroxide&as_of={ON}", "projects", "since", ""),
    "projects of an owner": ("/projects?owner=vale-base-metals", "projects", "since", ""),
    "commitments": ("/pact/commitments?instrument=ca-jp-csp-2026&due_before=2028-01-01", "commitments", "due", "due"),
    "commitments of an owner": (f"/pact/commitments?owner=meti&as_of={ON}", "commitments", "due", "due"),
    "decisions": (f"/pact/decisions?state=open&instrument={MOC}", "decisions", "decision", "title"),
    "notices": (f"/pact/notices?instrument={MOC}", "notices", "notice", "title"),
    "records": ("/records/organisation?owner=government-of-canada&search=canada", "records", "title", "title"),
    "records in a state": ("/records/commitment?state=open&owner=meti", "records", "title", "title"),
    "records with words": ("/records?search=graphite", "records", "title", "title"),
    "kinds": ("/records", "kinds", "kind", ""),
    "what falls in a province": ("/projects/cascade?place=CA-QC", "falls", "because", "because"),
    "what falls with a project": (f"/projects/cascade?project=nemaska-becancour&as_of={ON}", "falls", "because", "because"),
    "provinces": ("/projects/places", "places", "projects", "projects"),
    "sites": ("/projects/compare?site=becancour&site=windsor", "sites", "title", "title"),
    "instruments": ("/pact?party=CAN&since=2024-01-01", "instruments", "since", "since"),
    "instruments in a state": (f"/pact?state=in_operation&until=2023-12-31&as_of={ON}", "instruments", "since", "since"),
    "articles": (f"/pact/{MOC}?show=without&chapter=area", "articles", "ref", "ref"),
    "bodies": (f"/pact/bodies?as_of={ON}", "bodies", "side", "side"),
    "agenda": (f"/pact/bodies/{DIALOGUE}?as_of={ON}", "agenda", "title", "title"),
    "documents": (f"/pact/documents?as_of={ON}", "documents", "source", ""),
    "claims": ("/data/claims?place=CAN&thing=nickel&year=2024", "claims", "subject", "subject"),
    "sources": ("/data?fresh=amber&search=survey", "sources", "licence", "licence"),
    "a source": ("/data/sources/adamas_2024", "", "", ""),
    "incidents": (f"/incidents?as_of={ON}", "", "", ""),
}  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def asked(house: House) -> None:
    """A decision and a notice, of which the register that comes with the package has none."""
    desk = Desk(house.store, None)
    subject = {"what": "other", "text": "A pilot on recycling."}
    pact.ask_for_values(
        "pilot", desk, title="Start a pilot", subject=subject, by="nrcan", reason="asked", instrument=MOC, actor="test"
    )
    pact.send_notice(
        "told", desk, instrument=MOC, sender="nrcan", to=["meti"], title="A notice", reason="sent", text="Words.", actor="test"
    )


def told(command: str, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """The rows of a command, as somebody without an account is told them: the register is that of the server."""
    monkeypatch.setenv("OREPACT_DATABASE_URL", str(desk.store.database.address))
    words = shlex.split(command)
    assert words[0] == "orepact"
    found = CliRunner().invoke(app, [*words[1:], "--format", "json"])
    assert found.exit_code == 0, f"{command}\n{found.output}"
    rows: list[dict[str, object]] = json.loads(found.stdout)["data"]
    return rows


@pytest.fixture
def public(house: House) -> Desk:
    """The register of the server, as the public sees it."""
    return Desk(house.store, Reader.on_behalf((), house.clock().date()))


@pytest.mark.parametrize("name", ASKED)
def test_the_shown_command_tells_the_rows_of_the_page(
    name: str, client: httpx2.Client, public: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the filters that are set; the register holds nothing that the public may not see."""
    path, table, column, called = ASKED[name]
    before, mark, query = path.partition("?")
    page = client.get(f"{before}.json{mark}{query}").json()
    rows = told(page["meta"]["command"], public, monkeypatch)
    if not table:
        return
    shown = page["tables"][table]
    assert shown, "a page that is asked for nothing proves nothing"
    assert len(rows) == len(shown), page["meta"]["command"]
    if called:
        assert sorted(_plain(row[called]) for row in rows) == sorted(_plain(row[column]) for row in shown)


def _plain(value: object) -> str:
    """What is not there is None on pages, and "" or None in lists."""
    return "" if value in (None, []) else str(value)


@pytest.mark.parametrize("name", ASKED)
def test_the_shown_address_tells_as_many(name: str, client: httpx2.Client) -> None:
    """As far as one page of it goes."""
    path, table, *_ = ASKED[name]
    before, mark, query = path.partition("?")
    page = client.get(f"{before}.json{mark}{query}").json()
    place = page["meta"]["api"]
    assert place.startswith("/api/v1/")
    found = client.get(place)
    assert found.status_code == 200, f"{place}\n{found.text[:500]}"
    body = found.json()
    if table and "data" in body and not body["meta"].get("after"):
        assert len(body["data"]) == len(page["tables"][table]), place


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_every_shown_command_is_one(page: Page, client: httpx2.Client, shows: Callable[[str], dict[str, str]]) -> None:
    """It is known, and takes the options that are shown."""
    before, mark, query = address(page).partition("?")
    found = client.get(f"{before}.json{mark}{query}", headers=shows("ana"))
    command = found.json()["meta"]["command"] if found.status_code == 200 and found.content[:1] == b"{" else ""
    if command:
        helped = CliRunner().invoke(app, [*shlex.split(command)[1:], "--help"])
        assert helped.exit_code == 0, command
        assert "No such" not in helped.output
