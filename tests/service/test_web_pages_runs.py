"""Plans, shocks and exercises: forms with bad input, runs of others, the way from the tower to the graphite stop."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from test_web_pages import whole

from orepact.service.access import change_community
from orepact.service.jobs import Times, Worker
from orepact.service.pact import start_drill
from orepact.service.pact.desk import Desk
from orepact.service.sharing import put_network
from orepact.web.edge.house import House

TOY = {file.name: file.read_text() for file in (Path(__file__).parents[1] / "networks" / "toy").iterdir()}
TIMES = Times(lease_s=60, renew_s=20, note_s=0.1, look_s=0.1, listen_s=0.05)
EVENT = {
    "form": "written",
    "title": "A <script>alert(1)</script> mine stops",
    "target": "site",
    "names": "mine_a",
    "effect": "share_left",
}


@pytest.fixture(scope="module")
def toys(house: House) -> None:
    """A small network of nrcan and one of meti."""
    for organisation in ("nrcan", "meti"):
        put_network("toy", TOY, Desk(house.store, None), organisation=organisation)


def token(client: httpx2.Client, path: str, headers: dict[str, str]) -> str:
    """The token of the forms of a page."""
    return client.get(path, headers=headers).text.split('name="csrf" value="')[1].split('"')[0]


def test_a_plan_of_a_small_network_is_asked_computed_shown_and_nobody_elses(
    client: httpx2.Client, house: House, shows: Callable[[str], dict[str, str]], toys: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sent twice it is one run; a reader of another organisation is told what he is told of a run that never was."""
    ana = shows("ana")
    sent = {
        "form": "own",
        "csrf": token(client, "/plans/new", ana),
        "title": "Dearer <b>money</b>",
        "discount_rate": "0.09",
        "network": "toy",
        "capacity_target_owner_country": "BBB",
        "capacity_target_commodities": "metal",
        "capacity_target_minimum": "1000",
        "capacity_target_shortfall_cost_usd": "10",
    }
    first = client.post("/plans/new", data=sent, headers=ana)
    assert first.status_code == 303, first.text[:3000]
    place = first.headers["location"].partition("?")[0]
    assert client.post("/plans/new", data=sent, headers=ana).headers["location"].partition("?")[0] == place
    waiting = client.get(place, headers=ana)
    assert 'http-equiv="refresh"' in waiting.text
    assert "data-run=" in waiting.text
    assert "Dearer <b>" not in waiting.text
    whole(waiting)
    early = client.get(f"/plans/compare?b={place.rpartition('/')[2]}", headers=ana)
    assert (early.status_code, "This plan has no answer to lay beside another" in early.text) == (200, True)
    monkeypatch.setenv("PYTHONPATH", ":".join(sys.path))
    assert Worker(house.store, TIMES).run(once=True) == 1
    done = client.get(place, headers=ana)
    assert done.status_code == 200
    assert 'class="headline"' in done.text, done.text[-4000:]
    assert "discount_rate: 0.09" in done.text
    targets = client.get(f"{place}.json", headers=ana).json()["tables"]["targets"]
    assert [(row["year"], row["asked"], row["state"]) for row in targets] == [("2030", 1000, "red"), ("2031", 1000, "red")]
    assert all(row["reached"] + row["missing"] == pytest.approx(1000) for row in targets), "while demand is told apart"
    assert "Target of capacity: missed" in done.text
    whole(done)
    run = place.rpartition("/")[2]
    beside = client.get(f"/plans/compare?a={run}&b={run}", headers=ana)
    assert beside.status_code == 200
    assert beside.text.count('class="headline"') == 2
    assert "Both do the same in every year" in beside.text, "what does not differ is no difference"
    assert "all limits stand below" not in beside.text
    missing = "run-0000000000000000"
    for page in ("/plans/{}", "/shocks/{}", "/plans/compare?b={}"):
        for reader in ("ben", "nobody"):
            theirs = client.get(page.format(run), headers=shows(reader))
            none = client.get(page.format(missing), headers=shows(reader))
            assert (theirs.status_code, none.status_code) == (404, 404)
            assert bare(theirs, run) == bare(none, missing)
        assert client.get(page.format(missing), headers=ana).status_code == 404
    assert client.get(f"/shocks/{run}", headers=ana).status_code == 404


def bare(page: httpx2.Response, name: str) -> str:
    """A page without the id that it was asked for, the id of the request and the token of the session."""
    text = page.text.replace(name, "RUN").replace(page.headers.get("x-request-id", "-"), "REQUEST")
    return text.partition("<main")[2]


def test_what_does_not_fit_stands_at_its_field_and_nothing_is_lost(
    client: httpx2.Client, shows: Callable[[str], dict[str, str]]
) -> None:
    """All at once, with what was typed, and what is a script in it is text."""
    ana = shows("ana")
    bad = {
        "form": "own", "csrf": token(client, "/plans/new", ana), "title": "<script>alert(1)</script>", "discount_rate": "7",
        "base_year": "soon", "largest_supplier_share_max_share": "0.5", "years": "2030, 2025",
    }  # fmt: skip
    found = client.post("/plans/new", data=bad, headers=ana)
    assert found.status_code == 422
    whole(found)
    for name in ("discount_rate", "base_year", "largest_supplier_share_commodities", "years"):
        assert f'id="own-{name}-wrong"' in found.text, name
    assert 'value="&lt;script&gt;alert(1)&lt;/script&gt;"' in found.text
    assert 'value="soon"' in found.text
    event = {**EVENT, "csrf": token(client, "/shocks/new", ana), "amount": "7", "start": "2026-02-31"}
    found = client.post("/shocks/new", data=event, headers=ana)
    assert found.status_code == 422
    whole(found)
    assert 'id="written-start-wrong"' in found.text
    found = client.post("/shocks/new", data={**event, "start": "2026-02-01"}, headers=ana)
    assert (found.status_code, 'id="written-amount-wrong"' in found.text) == (422, True)
    assert "<script>alert" not in found.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/plans/nothing", 404), ("/plans/..%2Fetc", 404), ("/plans/reference?year=soon", 422),
        ("/plans/reference?good=nothing", 200),
        ("/plans/new?parent=nothing", 404), ("/plans/compare?a=nothing", 404), ("/plans/diversified", 200),
        ("/plans/japan_600", 200),
        ("/shocks/nothing", 404), ("/shocks/graphite_stop?party=XYZ", 404), ("/shocks/graphite_stop?party=%3Cscript%3E", 422),
        ("/shocks/moa_stop_2026", 200), ("/shocks/exercise?drill=nothing", 404), ("/shocks/exercise", 200),
        ("/shocks/run-1", 404),
    ],
)  # fmt: skip
def test_addresses_that_somebody_mended_by_hand(path: str, status: int, client: httpx2.Client) -> None:
    """A clear page each time."""
    found = client.get(path)
    assert found.status_code == status, found.text[:2000]
    whole(found)


def test_a_table_that_is_cut_says_so_and_its_file_holds_all(client: httpx2.Client) -> None:
    page = client.get("/plans/reference").text
    told = page.partition('id="table-builds"')[2].partition("</figure>")[0]
    assert told.count("<tr>") == 13
    assert "The first 12 of" in told
    assert "All of them as CSV" in told
    assert len(client.get("/plans/reference.csv?table=builds").text.splitlines()) > 100


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/tower/KOR?as_of=soon", "a day as year-month-day, such as 2026-06-30"),
        ("/tower/KOR?as_of=2026-02-31", "a day as year-month-day, such as 2026-06-30"),
        ("/fr/tower/KOR?days=many", "un nombre entier, comme 7"),
        ("/tower/KOR?days=9999", "a number of 366 or less"),
        ("/shocks/graphite_stop?party=%3Cb%3E", "such as KOR or lithium_hydroxide"),
    ],
)
def test_what_does_not_fit_in_an_address_is_told_in_words(path: str, words: str, client: httpx2.Client) -> None:
    """With an example, never as a pattern."""
    found = client.get(path)
    assert found.status_code == 422
    assert words in found.text
    assert "pattern" not in found.text
    assert "(19|20|21)" not in found.text


def test_from_the_tower_of_japan_to_what_a_graphite_stop_costs(client: httpx2.Client) -> None:
    """One click; Japan and Korea with and without the pact."""
    assert 'href="/shocks/graphite_stop"' in client.get("/tower/JPN").text
    page = client.get("/shocks/graphite_stop").text
    for party in ("JPN", "KOR"):
        card = page.split(f'id="verdict-{party}"')[1].split("</li>")[0]
        assert all(words in card for words in ("Contracts alone", "Acting together", "m USD"))
    assert "/incidents/new?event=graphite_stop" in page


def test_an_exercise_runs_and_an_answer_is_noted_once(
    client: httpx2.Client, house: House, shows: Callable[[str], dict[str, str]]
) -> None:
    """The clock runs; what is to come is not shown before its hour."""
    ana, path = shows("ana"), "/shocks/exercise?drill=moa-2026"
    before = client.get(path, headers=ana).text
    assert "mining at Moa pauses" not in before
    assert "Start the clock" not in before, "the secretariat starts what is nobody else's"
    change_community("nrcan", Desk(house.store, None))
    start_drill("moa-2026", Desk(house.store, None), reason="exercise")
    page = client.get(path, headers=ana).text
    assert "mining at Moa pauses" in page
    act = {"form": "act", "csrf": token(client, path, ana), "once": "a2", "inject": "notice", "text": "Told <i>METI</i>"}
    for _ in range(2):
        sent = client.post(path, data=act, headers=ana)
        assert sent.status_code == 303, sent.text.partition("<main")[2][:1500]
    page = client.get(path, headers=ana).text
    assert page.count("Told &lt;i&gt;METI&lt;/i&gt;") == 1
