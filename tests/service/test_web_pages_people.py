"""Pages of people and pacts: what a scoreboard counts, meetings of the past, feeds by language, who got in and what left."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import httpx2
import pytest
from pages_world import CLEO
from test_web_pages_pact import DIALOGUE, MEMORANDUM, Shows, send

from orepact.service.access import New, add_account, change_community
from orepact.service.access.noting import note_export
from orepact.service.access.sessions import begin
from orepact.service.pact.desk import Desk
from orepact.store.people import account_of, changing
from orepact.web.edge.house import House

#: What an entry of a calendar is called before its name, by language.
DUE = {"en": "Due: ", "fr": "Échéance : ", "ja": "期限：", "ko": "기한: "}


@pytest.fixture(autouse=True, scope="module")
def community(house: House) -> None:
    """Both organisations are of the community, so that who edits may write."""
    for name in ("nrcan", "meti"):
        change_community(name, Desk(house.store, None))


@pytest.fixture(scope="module")
def auditor(house: House) -> dict[str, str]:
    """The header fields of one who may read the whole log of access."""
    holder = Desk(house.store, None)
    add_account(New(id="aud", name="Aud", organisation="meti", roles=("reader", "auditor")), holder)
    with changing(house.store.database) as connection:
        account = account_of(connection, "aud")
        assert account is not None
        secret = begin(connection, house.store, account, how="log_in").secret
    return {"Cookie": f"orepact={secret}"}


def test_a_scoreboard_counts_operative_articles_alone(client: httpx2.Client) -> None:
    """By what the record of the instrument says of each; the rule stands beside the number, also where all instruments are."""
    rows = client.get(f"/pact/{MEMORANDUM}.json").json()["tables"]["articles"]
    counted = [row for row in rows if row["operative"]]
    red = [row for row in rows if row["level"] == "red"]
    assert (len(rows), len(counted)) == (44, 28)
    assert red == [row for row in counted if not row["number"]] == rows[: len(red)]
    assert {row["ref"] for row in rows if not row["operative"]} == {
        *(f"R{n}" for n in range(1, 13)),
        "8(a)",
        "9(a)",
        "9(b)",
        "9(c)",
    }
    assert {row["level"] for row in rows if not row["operative"] and not row["number"]} == {"none"}
    page = client.get(f"/pact/{MEMORANDUM}").text
    assert f"<strong>{len(red)}</strong> <span>of 28 operative articles without evidence" in page
    assert "Of the other 16 (recitals, definitions," in page
    assert f"<strong>{len(red)}</strong> / 28" in client.get("/pact").text
    bare = client.get(f"/pact/{MEMORANDUM}.json?show=without").json()["tables"]["articles"]
    assert [row["ref"] for row in bare] == [row["ref"] for row in red]


def test_a_meeting_on_a_day_that_has_passed_is_no_plan(client: httpx2.Client, shows: Shows) -> None:
    """It is refused in words until somebody says that it is over; then it is on record as held."""
    path, ana = f"/pact/bodies/{DIALOGUE}", shows("ana")
    typed = {"title": "Talks of the past", "planned": "2026-01-15", "reason": "found in old papers", "label": "TLP:GREEN"}
    refused = send(client, f"/fr{path}", "plan", ana, **typed)
    assert refused.status_code == 422
    assert "Ce jour est passé" in refused.text
    assert "2026-01-15" in refused.text
    assert "Talks of the past" not in client.get(f"{path}.json", headers=ana).text
    ahead = send(client, path, "plan", ana, **{**typed, "planned": "2199-01-15", "over": "1"})
    assert (ahead.status_code, "still to come" in ahead.text) == (422, True)
    kept = send(client, path, "plan", ana, **typed, over="1")
    assert kept.status_code == 303, re.sub(r"(?s).*?<main", "", kept.text)[:2000]
    (row,) = [
        row for row in client.get(f"{path}.json", headers=ana).json()["tables"]["meetings"] if "of the past" in row["meeting"]
    ]
    assert (row["state"], row["day"]) == ("held", "2026-01-15")


@pytest.mark.parametrize("language", [*DUE])
def test_a_feed_speaks_its_language(language: str, client: httpx2.Client) -> None:
    """What stands before the name of an entry too; the page leads to the feed of its own language."""
    feed = client.get(f"/api/v1/bodies/{DIALOGUE}/calendar.ics?language={language}").text.replace("\r\n ", "")
    titles = [line.partition(":")[2] for line in feed.splitlines() if line.startswith("SUMMARY")]
    assert [title for title in titles if title.startswith(DUE[language])]
    if language != "en":
        assert not [title for title in titles if "Due" in title]
        assert f"{DIALOGUE}/calendar.ics?language={language}" in client.get(f"/{language}/pact/calendar").text


@pytest.mark.parametrize("prefix", ["", "/fr", "/ja", "/ko"])
def test_an_instrument_tells_of_itself_in_words(prefix: str, client: httpx2.Client) -> None:
    """Names of sides, people and ties, days in the words of the language; no ids of the register."""
    page = client.get(f"{prefix}/pact/{MEMORANDUM}").text
    words = re.sub(r"<[^>]+>", " ", page.partition('id="about-title"')[2].partition('class="besides"')[0])
    assert re.findall(r"20\d\d-\d\d-\d\d|mofa-jp|nishimura-yasutoshi|jp-bis-2022", words) == []
    assert {"": "Ministry of Economy, Trade and Industry", "/ja": "経済産業省"}.get(prefix, "2023") in words
    if prefix:
        assert "Is in line with" not in words
        assert ">study<" not in page
        assert ">final<" not in page


def test_days_of_a_body_are_written_one_way(client: httpx2.Client) -> None:
    """That of the language, also in the reasons of a draft agenda; no day as machines write it."""
    for prefix in ("", "/fr", "/ja", "/ko"):
        page = client.get(f"{prefix}/pact/bodies/{DIALOGUE}").text
        main = re.sub(r"<(script|input|a|form|link)\b[^>]*>", "", page.partition("<main")[2].partition('class="besides"')[0])
        words = re.sub(r"<[^>]+>", " ", main)
        assert re.findall(r".{40}\b20\d\d-\d\d-\d\d\b.{20}", words) == [], prefix


def log_of(client: httpx2.Client, headers: dict[str, str], query: str = "") -> list[dict[str, str]]:
    """The rows of the log of access, as the page gives them to programs; as a sheet the same."""
    found = client.get(f"/account/access.json{query}", headers=headers)
    assert found.status_code == 200, found.text
    rows: list[dict[str, str]] = json.loads(found.text)["tables"]["access"]
    sheet = client.get(f"/account/access.csv{query}", headers=headers)
    assert len(sheet.text.splitlines()) == len(rows) + 1
    return rows


def test_the_log_of_access_tells_an_auditor_of_all(
    house: House, client: httpx2.Client, shows: Shows, auditor: dict[str, str]
) -> None:
    """Who got in, whom somebody let in, what left; by account, sort and day; with the days that the page shows."""
    ana = shows("ana")
    assert send(client, "/account/tokens", "make", ana, name="mine", scopes="read").status_code in {200, 303}
    note_export("export_records", "commitment", "TLP:AMBER/nrcan", Desk(house.store, None))
    rows = log_of(client, auditor)
    assert {row["what"] for row in rows} >= {"Added an account", "Gave a role", "Logged in", "Took something out of the register"}
    assert {row["who"] for row in rows} >= {"who holds the database", "ana", "aud", CLEO}
    assert {row["who"] for row in log_of(client, auditor, "?account=ana")} == {"ana"}
    people = {row["what"] for row in log_of(client, auditor, "?sort=people")}
    assert people <= {"Added an account", "Invited somebody", "Gave a role", "Let an organisation into the community"}
    (left,) = log_of(client, auditor, "?sort=left")
    assert (left["key"], left["label"]) == ("commitment", "TLP:AMBER/nrcan")
    assert log_of(client, auditor, "?since=2199-01-01") == []
    page = client.get("/account/access", headers=auditor).text
    assert "From the beginning" not in page
    assert rows[0]["at"][:4] in page.partition('class="pages"')[2], "the days that are shown"


def test_an_account_reads_its_own_deeds_and_nobody_elses(client: httpx2.Client, shows: Callable[[str], dict[str, str]]) -> None:
    """Whatever it asks for; nobody without an account reads any."""
    ben = shows("ben")
    rows = log_of(client, ben)
    assert {row["who"] for row in rows} == {"ben"}
    assert "Logged in" in {row["what"] for row in rows}
    assert "What your account did" in client.get("/account", headers=ben).text
    page = client.get("/account/access", headers=ben)
    assert "What your account did</h1>" in page.text
    assert "ana" not in re.sub(r"<[^>]+>", " ", page.text).split()
    for path in ("/account/access?account=ana", "/account/access.json?account=ana"):
        assert client.get(path, headers=ben).status_code == 403
    assert client.get("/api/v1/access-log", headers=ben).status_code == 403
    assert client.get("/account/access").status_code == 401


def test_who_may_start_an_exercise_is_told(client: httpx2.Client, shows: Shows) -> None:
    """To all who cannot; its moments stand as people write them."""
    for reader in ("ana", "nobody"):
        page = client.get("/shocks/exercise?drill=moa-2026", headers=shows(reader)).text
        assert "It has not begun. The clock is started by those who conduct it" in page
        assert "Start the clock" not in page
