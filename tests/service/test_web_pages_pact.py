"""The pact and the data by their forms: what is recorded shows in pack and calendar; bad input changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx2
import pytest
from test_web_pages import Seen, whole

from orepact.service.access import change_community
from orepact.service.pact.desk import Desk
from orepact.web.edge.house import House

DIALOGUE, MEMORANDUM = "ca-jp-battery-dialogue", "ca-jp-moc-battery-2023"
SCRIPT = "<script>alert(1)</script>"
CLAIMS = "about,what,amount,units\nCAN/lithium,mine_production,5000,t\nCAN/nickel,mine_production,abc,t\n"
TRADE = (
    "Year,Reporter,Partner,HS6,Value,Tonnes\n2024,CAN,JPN,750210,1000,55\n2024,CAN,JPN,750210,x,55\n2023,XX?,392,750210,10,5\n"
)
Shows = Callable[[str], dict[str, str]]


@pytest.fixture(autouse=True, scope="module")
def community(house: House) -> None:
    """Both organisations are of the community, so that who edits may write."""
    for name in ("nrcan", "meti"):
        change_community(name, Desk(house.store, None))


def hidden(found: httpx2.Response) -> dict[str, str]:
    """Token and key of the forms of a page."""
    fields = {tag.get("name"): tag.get("value") for tag in Seen(found.text).all("input") if tag.get("type") == "hidden"}
    return {name: str(fields[name]) for name in ("csrf", "once") if fields.get(name)}


def send(client: httpx2.Client, path: str, form: str, headers: dict[str, str], **typed: object) -> httpx2.Response:
    """A form of a page, as a browser sends it."""
    return client.post(path, data={**hidden(client.get(path, headers=headers)), "form": form, **typed}, headers=headers)


@pytest.mark.parametrize("party", ["CAN", "JPN"])
def test_article_without_evidence_is_two_clicks_from_the_tower(party: str, client: httpx2.Client) -> None:
    """Tower, pact, scoreboard: its first article has none."""
    tower = Seen(client.get(f"/tower/{party}").text)
    assert "/pact" in [tag.get("href") for tag in tower.all("a")]
    pact = Seen(client.get("/pact").text)
    assert f"/pact/{MEMORANDUM}" in [tag.get("href") for tag in pact.all("a")]
    rows = client.get(f"/pact/{MEMORANDUM}.json").json()["tables"]["articles"]
    assert (len(rows), rows[0]["level"], rows[18]["level"], rows[-1]["level"]) == (44, "red", "green", "none")
    assert all(row["level"] == "red" for row in client.get(f"/pact/{MEMORANDUM}.json?show=without").json()["tables"]["articles"])


def test_meeting_and_decision_stand_in_calendar_and_pack(client: httpx2.Client, shows: Shows) -> None:
    """Planned and decided by form, seen by the community and by nobody else; sent twice, done once."""
    path, ana = f"/pact/bodies/{DIALOGUE}", shows("ana")
    before = {each: client.get(each).text for each in (path, "/pact/calendar?month=2027-02", "/pact/decisions")}
    typed = {
        "title": f"Third Dialogue {SCRIPT}", "planned": "2027-02-10", "place": "Ottawa", "label": "TLP:GREEN", "reason": "agreed",
        "agenda": "Progress\n- Investment", "form": "plan", **hidden(client.get(path, headers=ana)),
    }  # fmt: skip
    first, again = (client.post(path, data=typed, headers=ana) for _ in range(2))
    assert [first.status_code, again.status_code] == [303, 303], re.sub(r"(?s).*?<main", "", first.text)[:3000]
    shown = client.get(first.headers["location"], headers=ana)
    whole(shown)
    assert SCRIPT not in shown.text
    assert shown.text.count("Third Dialogue") >= 1
    decided = send(client, path, "decide", ana, title="Start a pilot", text="A pilot on recycling.", reason="asked")
    assert decided.status_code == 303, re.sub(r"(?s).*?<main", "", decided.text)[:3000]
    assert "Start a pilot" in client.get("/pact/decisions", headers=ana).text
    assert "Third Dialogue" in client.get("/pact/calendar?month=2027-02", headers=ana).text
    assert "Third Dialogue" in client.get("/pact/bodies/ca-jp-battery-dialogue", headers=shows("ben")).text
    assert {each: client.get(each).text for each in before} == before
    feed = client.post(
        "/account/feeds", data={**hidden(client.get("/account/feeds", headers=ana)), "form": "make", "name": "phone"}, headers=ana
    )
    link = re.search(r"/api/v1/feeds/[\w-]+/", feed.text)
    assert link is not None, feed.text[:2000]
    assert "Third Dialogue" in client.get(f"{link[0]}{DIALOGUE}.ics").text.replace("\r\n ", "")


def test_pack_is_read_and_downloaded(client: httpx2.Client, shows: Shows) -> None:
    """In each language; its own style is all that runs; without an account it is read, not taken."""
    for language in ("en", "fr", "ja", "ko"):
        found = client.get(f"/pact/pack/{DIALOGUE}?read={language}")
        assert found.status_code == 200
        assert f'<html lang="{language}"' in found.text
        assert "'sha256-" in found.headers["content-security-policy"]
    file = client.get(f"/pact/pack/{DIALOGUE}?download=fr", headers=shows("ana"))
    assert "attachment" in file.headers["content-disposition"]
    assert client.get(f"/pact/pack/{DIALOGUE}?download=fr").status_code in {401, 403}
    assert client.get("/pact/pack/nothing").status_code == 404


@pytest.mark.parametrize(
    ("path", "form", "typed", "status"),
    [
        (f"/pact/bodies/{DIALOGUE}", "plan", {"title": SCRIPT, "planned": "soon", "reason": SCRIPT}, 422),
        (f"/pact/bodies/{DIALOGUE}", "minutes", {"meeting": "nothing", "held": "2026-01-01", "reason": "x"}, 404),
        (f"/pact/bodies/{DIALOGUE}", "decide", {"title": SCRIPT, "text": "", "reason": ""}, 422),
        ("/pact/notices", "send", {"instrument": MEMORANDUM, "to": "nothing", "title": SCRIPT, "text": "x", "reason": "x"}, 422),
        ("/pact/notices", "receipt", {"notice": "nothing", "reason": SCRIPT}, 404),
        ("/data/overlays", "end", {"overlay": "nothing"}, 404),
        ("/data/import", "check", {"text": f"a,b\n1,{SCRIPT}\n"}, 200),
        ("/data/import", "check", {"text": "a", "map": "subject=999"}, 200),
        ("/data/import", "keep", {"text": f"a,b\n1,{SCRIPT}\n", "name": SCRIPT}, 422),
        ("/account/feeds", "make", {"name": "", "days": "-1"}, 422),
        ("/account/webhooks", "make", {"name": SCRIPT, "url": "http://127.0.0.1/x"}, 422),
    ],
)  # fmt: skip
def test_bad_input_is_told_and_changes_nothing(  # noqa: PLR0917  a row of the table and two fixtures
    path: str, form: str, typed: dict[str, str], status: int, client: httpx2.Client, shows: Shows
) -> None:
    """With what was typed, which never runs."""
    head = client.get("/account/audit.json", headers=shows("ana")).text
    found = send(client, path, form, shows("ana"), **typed)
    assert found.status_code == status, re.sub(r"(?s).*?<main", "", found.text)[:3000]
    whole(found)
    assert SCRIPT not in found.text
    assert client.get("/account/audit.json", headers=shows("ana")).text == head


@pytest.mark.parametrize(
    ("content", "encoding", "status", "words"),
    [
        (CLAIMS.encode(), "utf-8", 200, "Match columns"),
        (b"", "utf-8", 422, "choose a CSV file"),
        (b"PK\x03\x04\0\0", "utf-8", 422, "workbook"),
        (b"a\0b", "utf-8", 422, "not text"), ("a,b\n1,2\n".encode("utf-16-le"), "utf-8", 422, "not text"),
        ("a,b\n1,2\n".encode("utf-32"), "utf-8", 422, "not text"), (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "cp1252", 422, "not text"),
        (b'a,b\n"1,2\n', "utf-8", 200, "close the quotes"), (b",\n,\n", "utf-8", 200, "whole table"),
        (b"  \n\t\n", "utf-8", 422, "choose a CSV file"),
        (b"\xff\xfea", "utf-8", 422, "UTF-16"), ("a,b\né,1\n".encode("cp1252"), "utf-8", 422, "UTF-8"),

        ("年,値\n2024,1\n".encode("cp932"), "cp932", 200, "値"),
        ("a,b\r\n1,2\r\n".encode("utf-16"), "utf-8", 200, "Match columns"),
        (b"one column\n1\n", "utf-8", 200, "one column"), (b"a,b\n1,2,3\n", "utf-8", 200, "3"),
        (b"a,b\n" + b"1,2\n" * 260_000, "utf-8", 422, "at most"),
        (b"a,b\n" + b"1,2\n" * 2_500_000, "utf-8", 413, ""),
    ],
)  # fmt: skip
def test_uploads_that_are_no_tables_are_told(  # noqa: PLR0917  a row of the table and two fixtures
    content: bytes, encoding: str, status: int, words: str, client: httpx2.Client, shows: Shows
) -> None:
    """As a clear page, whatever was sent."""
    ana = shows("ana")
    typed = {**hidden(client.get("/data/import", headers=ana)), "form": "upload", "encoding": encoding}
    found = client.post("/data/import", data=typed, files={"file": ("my trade.csv", content, "text/csv")}, headers=ana)
    assert found.status_code == status, re.sub(r"(?s).*?<main", "", found.text)[:2000]
    whole(found)
    assert words in found.text


def test_trade_with_errors_is_mended_and_imported(client: httpx2.Client, shows: Shows) -> None:
    """Columns are guessed, wrong rows named with where, expected, found and mend; mended, it is an overlay of one's own."""
    ana = shows("ana")
    typed = {**hidden(client.get("/data/import", headers=ana)), "form": "upload", "encoding": "utf-8"}
    found = client.post("/data/import", data=typed, files={"file": ("Trade 2024.csv", TRADE.encode(), "text/csv")}, headers=ana)
    chosen = re.findall(r'<option value="([a-z]=\d)" selected', found.text)
    assert chosen == ["t=0", "i=1", "j=2", "k=3", "v=4", "q=5"]
    mapped = {**hidden(found), "layout": "trade", "before": "trade", "map": chosen, "source": "adamas_2024", "hs": "HS2017"}
    wrong = client.post("/data/import", data={**mapped, "form": "keep", "text": TRADE, "name": "trade-2024"}, headers=ana)
    assert wrong.status_code == 422
    whole(wrong)
    assert "a number of at least 0" in wrong.text
    assert "a country by number or three letters" in wrong.text
    assert "trade-2024" not in client.get("/data/overlays", headers=ana).text
    mended = TRADE.replace(",x,", ",900,").replace("XX?", "124")
    checked = client.post("/data/import", data={**mapped, "form": "check", "text": mended, "name": "trade-2024"}, headers=ana)
    assert "nothing to mend" in checked.text, re.sub(r"(?s).*?<main", "", checked.text)[:4000]
    kept = client.post("/data/import", data={**mapped, "form": "keep", "text": mended, "name": "trade-2024"}, headers=ana)
    assert kept.status_code == 303, re.sub(r"(?s).*?<main", "", kept.text)[:3000]
    assert "trade_quantity" in client.get("/data/overlays.json?overlay=trade-2024&table=claims", headers=ana).text.replace(
        " ", "_"
    )
    assert client.get("/data/overlays?overlay=trade-2024", headers=shows("ben")).status_code == 404
    assert "trade-2024" not in client.get("/data/overlays", headers=shows("ben")).text
    ended = send(client, "/data/overlays", "end", ana, overlay="trade-2024")
    assert ended.status_code == 303
