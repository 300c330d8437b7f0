"""The two keys in two browsers, a Nation's record before and after, buyers of a miner and the sheet that is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import httpx2
import pytest
import test_web_pages_browser
import test_web_rooms
from playwright.sync_api import Browser, BrowserContext, Page
from test_web_pages_browser import flaws
from test_web_rooms import MOC, NATION, assessed

from orepact.web.edge.house import House
from pact_incidents import ANSWERS

pytestmark = pytest.mark.browser
house, client, shows = test_web_rooms.house, test_web_rooms.client, test_web_rooms.shows
browser = test_web_pages_browser.browser


@pytest.fixture
def opened(browser: Browser, client: httpx2.Client, shows: Callable[[str], dict[str, str]]) -> Iterator[Callable[..., Page]]:
    """A browser of somebody's own; none asks another machine for anything."""
    host, elsewhere, contexts = urlsplit(str(client.base_url)).netloc, list[str](), list[BrowserContext]()

    def look(path: str, reader: str = "") -> Page:
        context = browser.new_context(base_url=str(client.base_url), viewport={"width": 1280, "height": 900})
        contexts.append(context)
        if reader:
            name, _, value = shows(reader)["Cookie"].partition("=")
            context.add_cookies([{"name": name, "value": value, "url": str(client.base_url)}])
        page = context.new_page()
        page.on("request", lambda asked: elsewhere.append(asked.url) if urlsplit(asked.url).netloc not in {host, ""} else None)
        page.goto(path)
        return page

    yield look
    for context in contexts:
        context.close()
    assert elsewhere == []


def test_two_browsers_turn_two_keys(house: House, opened: Callable[..., Page]) -> None:
    """Canada asks in French, Japan turns the second key in Japanese; both see the same room."""
    ana = opened(f"/fr/incidents/new?instrument={MOC}&event=moa_stop_2026", "ana")
    ana.locator("#ask-title").fill("Arrêt de Moa")
    for name, words in ANSWERS.items():
        ana.locator(f"#ask-{name}").fill(words)
    ana.get_by_role("button", name="Envoyer la demande").click()
    ana.wait_for_url("**/fr/incidents/arret-de-moa-*")
    assert "jours restants" in ana.locator(".clock").inner_text()
    name = urlsplit(ana.url).path.rpartition("/")[2]
    assessed(house, name)
    ana.reload()
    ana.locator("#aid-option").select_option("stockpiles")
    ana.locator("#aid-reason").fill("Rien d'autre n'aide")
    ana.get_by_role("button", name="Demander aux deux parties").click()
    ana.locator("#key-verdict").select_option("approve")
    ana.locator("#key-reason").fill("Nous le demandons")
    ana.get_by_role("button", name="Tourner la clé").click()
    ana.locator(".keys .approve").wait_for()
    emi = opened(f"/ja/incidents/{name}", "emi")
    assert emi.locator(".keys .missing").count() == 1
    assert flaws(ana) + flaws(emi) == []
    emi.locator("#key-verdict").select_option("approve")
    emi.locator("#key-reason").fill("在庫があります")
    emi.get_by_role("button", name="鍵を回す").click()
    emi.locator(".decision .level.green").wait_for()
    ana.reload()
    assert ana.locator(".keys .approve").count() == 2
    assert "在庫があります" in ana.locator(".keys").inner_text()


def test_a_nation_hides_and_releases_in_a_browser(opened: Callable[..., Page]) -> None:
    """A stranger's browser shows what the Nation lets it."""
    path = "/projects/nmg-matawinie"
    stranger, theirs = opened(path), opened(path, "nation")
    assert stranger.get_by_text("Atikamekw of Manawan").count() > 0
    assert flaws(theirs) == []
    for showing, there in (("hide", False), ("publish", True)):
        theirs.locator("#showing-showing").select_option(showing)
        theirs.locator("#showing-reason").fill("Ours to say")
        theirs.get_by_role("button", name="Say so").click()
        theirs.get_by_role("status").wait_for()
        stranger.reload()
        assert (stranger.get_by_text("Atikamekw of Manawan").count() > 0) is there
    assert NATION in opened("/records/engagement/matawinie-manawan").content()


def test_a_miner_finds_buyers_and_prints_a_sheet(opened: Callable[..., Page]) -> None:
    """With reasons, in Korean; the sheet on paper leaves out what only a screen needs."""
    page = opened("/ko/projects/match?project=nemaska-becancour&grade=battery&makes=yes")
    assert page.locator(".match .reasons li").count() > 3
    page.get_by_role("link", name="이 사업의 인쇄용 시트").click()
    page.wait_for_url("**/ko/projects/nemaska-becancour*")
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    assert page.locator(".pills").first.is_hidden()
    assert len(page.pdf(format="A4")) > 10_000


def test_a_province_sees_what_falls(opened: Callable[..., Page]) -> None:
    """Three clicks from the projects."""
    page = opened("/fr/projects")
    page.get_by_role("link", name="Provinces et").first.click()
    page.locator("tr", has_text="Québec").get_by_role("link", name="Ce qui tombe").click()
    page.wait_for_url("**/fr/projects/cascade?place=CA-QC")
    assert page.locator(".match").count() > 3
