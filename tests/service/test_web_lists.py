"""Long lists stand on pages one after the other, with counts and the filters kept; files hold all; calendars hold decisions."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from html import unescape

import httpx2
import pytest
from test_web_pages import Seen, whole

from orepact.pact.records.readers import PUBLIC
from orepact.service import pact
from orepact.service.access import change_community
from orepact.service.pact.desk import Desk
from orepact.web.edge.house import House
from orepact.web.pages.turning import A_PAGE

MOC, DIALOGUE, MANY = "ca-jp-moc-battery-2023", "ca-jp-battery-dialogue", 230
BRACES = "Braces {x} {0} { %s"
Shows = Callable[[str], dict[str, str]]


@pytest.fixture(autouse=True, scope="module")
def crowded(house: House) -> None:
    """More notices than stand on two pages, one for the community alone, and decisions of each sort."""
    desk, sent = Desk(house.store, None), "2026-03-02T10:00:00Z"
    for name in ("nrcan", "meti"):
        change_community(name, desk)
    records = [
        {"kind": "notice", "id": f"told-{number:03}", "title": f"Notice {number:03}", "instrument": MOC, "sender": "nrcan",
         "to": ["meti"], "sent_at": sent, "label": "TLP:CLEAR" if number else "TLP:GREEN"}
        for number in range(MANY)
    ]  # fmt: skip
    meeting = {
        "kind": "meeting",
        "id": "braces",
        "title": BRACES,
        "body": DIALOGUE,
        "announced": "2026-01-01",
        "planned": "2099-01-05",
    }
    records.append(meeting)
    pact.record_values(records, desk, reason="told", actor="test")
    for name, expires, label in (("in-time", "2099-01-31", "TLP:CLEAR"), ("quiet", "2099-02-28", "TLP:GREEN")):
        pact.ask_for_values(
            name, desk, title=f"A question {name}", subject={"what": "other", "text": "Begin a pilot."}, by="nrcan",
            reason="asked", instrument=MOC, expires_on=expires, label=label, actor="test",
        )  # fmt: skip


def links(page: httpx2.Response, rel: str) -> list[str]:
    return [str(tag["href"]) for tag in Seen(page.text).all("a") if tag.get("rel") == rel]


def test_notices_are_turned_page_by_page(client: httpx2.Client, shows: Shows) -> None:
    """With who has each, counts, and the filter; back again; and in a file all of them."""
    ana = shows("ana")
    first = client.get(f"/pact/notices?instrument={MOC}", headers=ana)
    whole(first)
    assert f"Rows 1 to {A_PAGE} of {MANY}" in first.text
    assert not links(first, "prev")
    second = client.get(links(first, "next")[0], headers=ana)
    assert f"Rows {A_PAGE + 1} to {2 * A_PAGE} of {MANY}" in second.text
    assert f"instrument={MOC}" in links(second, "next")[0]
    third = client.get(links(second, "next")[0], headers=ana)
    assert f"Rows {2 * A_PAGE + 1} to {MANY} of {MANY}" in third.text
    assert not links(third, "next")
    assert third.text.count("Ministry of Economy, Trade and Industry: waiting") == MANY - 2 * A_PAGE
    back = client.get(links(third, "prev")[0], headers=ana)
    assert "Notice 150" in back.text
    begin = client.get(links(back, "prev")[0], headers=ana)
    assert f"Rows 1 to {A_PAGE} of {MANY}" in begin.text
    told = csv.DictReader(io.StringIO(client.get(f"/pact/notices.csv?instrument={MOC}", headers=ana).text))
    rows = [*told]
    assert (len(rows), {row["answers"].rpartition(": ")[2] for row in rows}) == (MANY, {"waiting"})
    public = client.get(f"/pact/notices.json?instrument={MOC}").json()["tables"]["notices"]
    assert len(public) == MANY - 1


def test_who_is_asked_is_offered_every_notice_that_waits(client: httpx2.Client, shows: Shows) -> None:
    """Not those of a page alone."""
    page = client.get("/pact/notices", headers=shows("ben")).text
    offered = re.search(r'<select id="receipt-notice".*?</select>', page, re.DOTALL)
    assert offered is None or offered[0].count("<option") == MANY


@pytest.mark.parametrize("path", ["/records/notice", "/records?search=notice", "/account/audit"])
def test_lists_of_the_register_are_turned(path: str, client: httpx2.Client, shows: Shows) -> None:
    """Onward and back to where one was, and whole as a file."""
    ana = shows("ana")
    first = client.get(path, headers=ana)
    second = client.get(links(first, "next")[0], headers=ana)
    assert re.search(rf"Rows {A_PAGE + 1} to", unescape(second.text))
    assert _rows(client.get(links(second, "prev")[0], headers=ana)) == _rows(first)
    before, mark, query = path.partition("?")
    assert len(client.get(f"{before}.csv{mark}{query}", headers=ana).text.splitlines()) > MANY


def _rows(page: httpx2.Response) -> list[str]:
    return re.findall(r'<th scope="row">(.*?)</th>', page.text)


def test_a_long_table_is_cut_and_says_so(client: httpx2.Client) -> None:
    """Claims: page by page with their number; beyond the last page it is the last; a file has all."""
    path = "/data/claims?place=CAN"
    first = client.get(path)
    total = int(re.search(r"Rows 1 to 100 of ([\d,]+)", first.text)[1].replace(",", ""))  # type: ignore[index]  # there is one
    assert total > 3 * A_PAGE
    third = client.get(f"{path}&of=claims&page=3")
    assert "Rows 201 to 300" in third.text
    assert {*_rows(first)} != {*_rows(third)}
    last = client.get(f"{path}&of=claims&page=100000")
    assert f"to {total:,} of {total:,}" in last.text
    assert len(client.get("/data/claims.csv?place=CAN").text.splitlines()) == total + 1
    assert client.get(f"{path}&page=0").status_code == 422
    assert client.get(f"{path}&of=nothing&page=7").status_code == 200


@pytest.mark.parametrize(
    "query", ["after=%FF", "after=x", "row=0", "before=" + "x" * 5000, "&".join(["before=x"] * 60), "page=-1"]
)
def test_marks_that_nobody_gave_are_told(query: str, client: httpx2.Client) -> None:
    found = client.get(f"/records/notice?{query}")
    assert found.status_code == (400 if "%FF" in query else 422), "what is no text is no address"
    whole(found)


def test_the_calendar_of_a_body_holds_decisions_for_who_may_see_them(house: House, client: httpx2.Client) -> None:
    """Until when keys may be turned; not those for the community alone; the same bytes by the same tag."""
    place = f"/api/v1/bodies/{DIALOGUE}/calendar.ics"
    found = client.get(place)
    text = found.text.replace("\r\n ", "")
    assert "To be decided: A question in-time" in text
    assert "DTSTART;VALUE=DATE:20990131" in text
    assert "quiet" not in text
    assert "Due: " in text
    again = client.get(place, headers={"If-None-Match": found.headers["etag"]})
    assert again.status_code == 304
    assert b"A question quiet" in pact.calendar_bytes(DIALOGUE, Desk(house.store, None)).replace(b"\r\n ", b"")
    assert b"A question quiet" not in pact.calendar_bytes(DIALOGUE, Desk(house.store, PUBLIC)).replace(b"\r\n ", b"")
    month = client.get("/pact/calendar?month=2099-01")
    assert "A question in-time" in month.text


def test_the_number_of_a_column_that_is_none_is_passed_over(client: httpx2.Client, shows: Shows) -> None:
    """As long as a page takes: it once broke the preview of an import."""
    page = client.get("/data/import", headers=shows("ana"))
    fields = {str(tag["name"]): str(tag["value"]) for tag in Seen(page.text).all("input") if tag.get("name") in {"csrf", "once"}}
    for place in ("9" * 5000, "٣", "-1", "999", "1.5"):
        sent = {**fields, "form": "check", "text": "subject,value\nCAN/lithium,1\n", "map": f"subject={place}"}
        found = client.post("/data/import", data=sent, headers=shows("ana"))
        assert found.status_code in {200, 422}, place
        whole(found)


@pytest.mark.parametrize(
    "path", ["/records/meeting", "/records/meeting/braces", f"/pact/bodies/{DIALOGUE}", "/pact/calendar?month=2099-01"]
)
@pytest.mark.parametrize("language", ["", "/ko"])
def test_braces_in_what_people_write_are_braces(language: str, path: str, client: httpx2.Client) -> None:
    """They stand for nothing."""
    found = client.get(f"{language}{path}")
    assert found.status_code == 200
    assert BRACES in found.text
