"""Landed cost and eligibility with an overlay: side by side for its organisation, and for anybody else as if there were none."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote

import httpx2
import pytest
from test_web_pages import whole

from cost_answers import DESK, PAID, costs_found, plant, verdicts_found
from orepact.service.pact.desk import Desk
from orepact.service.sharing import end_overlay, put_overlay
from orepact.service.view import costs, verdicts
from orepact.store import queue
from orepact.web.edge.house import House

COST = "/dependence/cost?commodity=lithium_hydroxide&buyer=KOR"
RULES = "/dependence/eligibility?product=lithium_hydroxide&place=CA-QC"
Shows = Callable[[str], dict[str, str]]


@pytest.fixture(scope="module")
def overlay(house: House) -> str:
    """What nrcan was offered; meti has one of another name; one of nrcan is for stewards alone."""
    desk = Desk(house.store, None)
    put_overlay("bids", PAID.format(value=2600, level="AMBER+STRICT", owner="nrcan"), desk, sources=DESK, organisation="nrcan")
    put_overlay("theirs", PAID.format(value=2500, level="AMBER+STRICT", owner="meti"), desk, sources=DESK, organisation="meti")
    red = PAID.format(value=2000, level="RED", owner="nrcan")
    put_overlay("secret", red, desk, sources=DESK, organisation="nrcan", label="TLP:RED/nrcan")
    return "bids@1"


def token(client: httpx2.Client, path: str, headers: dict[str, str]) -> str:
    """The token of the forms of a page."""
    return client.get(path, headers=headers).text.split('name="csrf" value="')[1].split('"')[0]


def send(client: httpx2.Client, path: str, headers: dict[str, str], **fields: str) -> httpx2.Response:
    """A form of a page as its button sends it."""
    return client.post(path, data={"csrf": token(client, path, headers), **fields}, headers=headers)


def tables(client: httpx2.Client, path: str, headers: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
    """The tables of a page for programs."""
    found = client.get(path.replace("?", ".json?", 1), headers=headers)
    assert found.status_code == 200, found.text
    return dict(json.loads(found.text)["tables"])


def body(page: httpx2.Response, *names: str) -> str:
    """What a page says, without names that its address carries and the token of the session."""
    text = re.sub(r'name="csrf" value="[^"]*"', "", page.text)
    for name in names:
        for written in (name, quote(name), quote(quote(name))):
            text = text.replace(written, "NAME")
    return text


def test_an_overlay_is_computed_as_a_run_and_stands_beside_the_shared_facts(
    client: httpx2.Client, house: House, shows: Shows, overlay: str
) -> None:
    """Asked, waiting, ended, asked again, done: each is a page at one address; numbers side by side, what differs marked."""
    ana, path = shows("ana"), f"{COST}&overlay={overlay}"
    before = tables(client, COST, ana)["paths"]
    first = client.get(path, headers=ana)
    whole(first)
    assert f'<option value="{overlay}" selected>' in first.text
    assert "secret" not in first.text
    assert tables(client, path, ana)["paths"] == before
    sent = send(client, path, ana, form="compute")
    assert sent.status_code == 303, sent.text[:3000]
    assert unquote(sent.headers["location"]) == path
    waiting = client.get(path, headers=ana)
    whole(waiting)
    assert "data-run=" in waiting.text
    run = tables(client, path, ana)["run"][0]["run"]
    assert send(client, path, ana, form="cancel", run=run).status_code == 303
    ended = client.get(path, headers=ana)
    whole(ended)
    assert "Compute it again" in ended.text
    assert send(client, path, ana, form="compute").status_code == 303
    asked = costs.question("lithium_hydroxide", "KOR")
    done = plant(
        house.store, costs_found(asked, {"CA-QC": 0.9}), {"what": "overlay", "ref": overlay, "sha256": "x", "label": "y"}
    )
    page = client.get(path, headers=ana)
    whole(page)
    for words in ("TLP:AMBER+STRICT/nrcan", "members of nrcan alone", "as if there were no overlay", f"/api/v1/runs/{done}"):
        assert words in page.text, words
    found = tables(client, path, ana)
    assert found["paths"] == before, "the shared facts are what they were"
    quebec = next(row for row in found["compared"] if row["origin"] == "Quebec")
    shared = next(row for row in before if row["origin"] == "Quebec")
    assert quebec["own_total"] == pytest.approx(shared["total"] - 0.1 * shared["production"])
    assert quebec["change"] == pytest.approx(quebec["own_total"] - quebec["total"])
    assert quebec["turn"] == "green"
    assert {row["turn"] for row in found["compared"] if row["origin"] != "Quebec"} == {"none"}
    parts = [row for row in found["parts"] if row["component"] not in {"Landed", "Duty at the border"}]
    assert sum(row["own"] for row in parts) == pytest.approx(quebec["own_total"], rel=1e-4)
    claim = found["claims"][0]
    assert (claim["value"], claim["shared"]) == (2600, 3103)
    assert "--overlay bids@1 --for nrcan" in page.text


def test_verdicts_side_by_side_with_reasons_and_fixes(client: httpx2.Client, house: House, shows: Shows, overlay: str) -> None:
    """The same of eligibility: a verdict that turns is marked, both reasons are told."""
    ana, path = shows("ana"), f"{RULES}&overlay={overlay}"
    assert send(client, path, ana, form="compute").status_code == 303
    plant(house.store, verdicts_found(verdicts.question("lithium_hydroxide", "CA-QC"), {"concern-25": "pass"}))
    page = client.get(path, headers=ana)
    whole(page)
    rows = tables(client, path, ana)["compared"]
    turned = [row for row in rows if row["turn"] == "amber"]
    assert [(row["verdict"], row["own_verdict"]) for row in turned] == [("amber", "green")]
    assert "what the company alone knows" in turned[0]["why"]
    assert "Mangrove Lithium" in turned[0]["why"]
    assert all(row["verdict"] == row["own_verdict"] for row in rows if row["turn"] == "none")
    assert tables(client, RULES, ana)["verdicts"] == tables(client, path, ana)["verdicts"]


@pytest.mark.parametrize(("path", "reader"), [(path, reader) for path in (COST, RULES) for reader in ("ben", "nobody", "cleo")])
def test_for_anybody_else_there_is_no_overlay(  # noqa: PLR0917  fixtures
    path: str, reader: str, client: httpx2.Client, house: House, shows: Shows, overlay: str
) -> None:
    """Whoever asked before him: the same bytes as for a name of nothing, as page, JSON and CSV; and nothing to compute."""
    his = shows(reader)
    client.get(f"{path}&overlay={overlay}", headers=shows("ana"))
    for ending in ("?", ".json?", ".csv?"):
        for name in (overlay, "bids", "secret"):
            found, none = (
                client.get(f"{path}&overlay={each}".replace("?", ending, 1), headers=his) for each in (name, "zzz-none")
            )
            assert (found.status_code, body(found, name)) == (none.status_code, body(none, "zzz-none")), (ending, name)
    shown = tables(client, path, his)
    assert tables(client, f"{path}&overlay={overlay}", his) == shown
    assert not {"compared", "own", "claims"} & {*shown}
    if reader == "ben":
        assert "theirs@1" in client.get(path, headers=his).text
        assert send(client, f"{path}&overlay={overlay}", his, form="compute").status_code == 303
        with house.store.database.reading() as connection:
            assert not queue.any_left(connection), "by hand too, nothing is computed for him"


def test_what_is_for_stewards_is_offered_to_them_alone(client: httpx2.Client, house: House, shows: Shows, overlay: str) -> None:
    """A member of the same organisation is told what he is told of a name of nothing."""
    ana = shows("ana")
    found, none = (client.get(f"{COST}&overlay={name}", headers=ana) for name in ("secret", "zzz-none"))
    assert body(found, "secret") == body(none, "zzz-none")
    assert "no overlay of the name" in found.text


def test_a_new_version_is_another_question_and_an_ended_one_computes_no_more(
    client: httpx2.Client, house: House, shows: Shows, overlay: str
) -> None:
    """The address by version stays what it was; by name it is the last version, at once, whatever was kept of the page."""
    ana, holder = shows("ana"), Desk(house.store, None)
    assert "compared" in tables(client, f"{COST}&overlay=bids", ana)
    claims = PAID.format(value=2400, level="AMBER+STRICT", owner="nrcan")
    put_overlay("bids", claims, holder, sources=DESK, organisation="nrcan")
    assert "compared" not in tables(client, f"{COST}&overlay=bids", ana)
    assert "compared" in tables(client, f"{COST}&overlay={overlay}", ana)
    assert "bids@2" in client.get(COST, headers=ana).text
    end_overlay("bids", holder, organisation="nrcan")
    assert "compared" in tables(client, f"{COST}&overlay={overlay}", ana), "what rests on it stays"
    gone = client.get(f"{COST}&overlay=bids@2", headers=ana)
    assert "no new run uses it" in gone.text
    assert 'value="compute"' not in gone.text
    assert "bids" not in client.get(COST, headers=ana).text


def test_facts_of_another_day_are_computed_where_somebody_may_run(client: httpx2.Client, house: House, shows: Shows) -> None:
    """For a stranger a warning and the command line, for a member the run; its answer stands in place of the kept one."""
    path = f"{COST}&as_of=2026-11-01"
    stranger = client.get(path)
    assert "--as-of 2026-11-01" in stranger.text
    assert 'value="compute"' not in stranger.text
    ben = shows("ben")
    assert 'value="compute"' in client.get(path, headers=ben).text
    assert send(client, path, ben, form="compute").status_code == 303
    plant(house.store, costs_found(costs.question("lithium_hydroxide", "KOR"), {"CHN": 1.5}))
    then, now = tables(client, path, ben)["paths"], tables(client, COST, ben)["paths"]
    cost = {row["origin"]: row["production"] for row in then}
    assert cost["China"] == pytest.approx(1.5 * next(row["production"] for row in now if row["origin"] == "China"))
    assert tables(client, path, shows("ana"))["paths"] == now, "another organisation computes for itself"


def test_addresses_that_somebody_mended_by_hand(client: httpx2.Client) -> None:
    """A clear page each time."""
    for query, status in (("overlay=../etc", 422), ("overlay=a%00b", 422), ("source=Mars", 200), ("buyer=MARS", 422)):
        found = client.get(f"/dependence/cost?{query}")
        assert found.status_code == status, query
        whole(found)
    assert client.get("/dependence/eligibility?place=every").text.count("<tbody") == 1
