"""Every page in a browser: nothing that axe-core finds wrong, nothing asked of another machine, nothing that the policy stops.

One browser and one server for all.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from test_web_pages import address

from orepact.service.jobs import Times, Worker
from orepact.service.pact.desk import Desk
from orepact.service.sharing import put_network
from orepact.store import queue
from orepact.web.edge.house import House
from orepact.web.pages.page import Page as Row
from orepact.web.pages.table import PAGES

pytestmark = pytest.mark.browser
#: What is looked for: the success criteria of WCAG 2.2, levels A and AA.
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
#: What a browser says of a page that asks for an account, or for a role.
KNOWN = ("status of 401", "status of 403")
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Debian's chromium."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def opened(browser: Browser, client: httpx2.Client, shows: Callable[[str], dict[str, str]]) -> Iterator[Callable[..., Page]]:
    """Open a page as somebody; at the end nothing was asked of another machine, and nothing was complained of."""
    host, wrong, contexts = urlsplit(str(client.base_url)).netloc, list[str](), list[Any]()

    def look(path: str, reader: str = "nobody", **how: Any) -> Page:
        context = browser.new_context(base_url=str(client.base_url), **{"viewport": WIDE, **how})
        contexts.append(context)
        if reader != "nobody":
            name, _, value = shows(reader)["Cookie"].partition("=")
            context.add_cookies([{"name": name, "value": value, "url": str(client.base_url)}])
        page = context.new_page()
        page.on("request", lambda asked: elsewhere(asked.url))
        page.on("console", lambda said: complaint(said.type, said.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(path)
        return page

    def elsewhere(url: str) -> None:
        if urlsplit(url).scheme not in {"data", "blob"} and urlsplit(url).netloc != host:
            wrong.append(f"asked {url}")

    def complaint(kind: str, text: str) -> None:
        if kind == "error" and not any(known in text for known in KNOWN):
            wrong.append(text)

    yield look
    for context in contexts:
        context.close()
    assert wrong == []


def flaws(page: Page) -> list[str]:
    """What axe-core finds wrong, with the places."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{each['id']} ({each['impact']}): {node['html'][:160]}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("row", PAGES, ids=[row.name for row in PAGES])
def test_axe_finds_nothing(row: Row, opened: Callable[..., Page]) -> None:
    """Wide and light as somebody with an account, on a phone and dark as nobody; nothing sticks out of the phone."""
    assert flaws(opened(address(row), "ana", color_scheme="light")) == []
    narrow = opened(address(row), color_scheme="dark", viewport=PHONE)
    assert flaws(narrow) == []
    assert narrow.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_where_a_number_comes_from_beside_it_and_without_scripts(opened: Callable[..., Page]) -> None:
    """A click opens it beside, Escape closes it, the focus is where it was; without scripts the link leads to the page."""
    path = "/fr/why?subject=COD/cobalt&attribute=mine_production&year=2024"
    page = opened(path)
    page.evaluate(
        "path => { const a = document.createElement('a'); a.href = path; a.dataset.why = ''; a.textContent = '226'; "
        "document.querySelector('main').append(a); }", path,
    )  # fmt: skip
    link = page.get_by_role("link", name="226", exact=True)
    link.click()
    box = page.get_by_role("dialog")
    box.wait_for()
    assert "Mineral Commodity Summaries" in box.inner_text()
    page.keyboard.press("Escape")
    assert box.is_hidden()
    assert link.evaluate("it => it === document.activeElement")
    still = opened(path, java_script_enabled=False)
    assert "Mineral Commodity Summaries" in still.locator("main").inner_text()


def test_a_keyboard_reaches_the_content_and_the_tower_opens(opened: Callable[..., Page]) -> None:
    """The first stop skips to the content; a cell of the grid opens with the keyboard and says why."""
    page = opened("/tower/KOR")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    cell = page.locator("td.light.red summary").first
    cell.focus()
    page.keyboard.press("Enter")
    assert page.locator("td.light.red .bubble").first.is_visible()


def test_a_run_moves_its_bar_and_is_ended(opened: Callable[..., Page], house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bar follows a run without anybody's click, a click ends it; another one is loaded anew when it is done."""
    monkeypatch.setenv("PYTHONPATH", ":".join(sys.path))
    files = Path(__file__).parents[1] / "networks" / "toy"
    put_network("toy", {file.name: file.read_text() for file in files.iterdir()}, Desk(house.store), organisation="nrcan")

    def asked(rate: str) -> Page:
        page = opened("/plans/new", "ana")
        page.get_by_label("Title").fill("Dearer money")
        page.get_by_label("Discount rate").fill(rate)
        page.get_by_label("Network of your organisation").fill("toy")
        page.get_by_role("button", name="Plan it").click()
        page.locator("[data-run]").wait_for()
        return page

    page = asked("0.08")
    with house.store.database.writing() as connection:
        job = queue.take(connection, "somebody", 60)
        assert job is not None
        queue.renew(connection, job, 60, 400, "solving the plan")
    page.locator("[data-percent]", has_text="40").wait_for()
    assert page.locator("progress").evaluate("it => it.value") == 40
    assert "solving the plan" in page.locator("[data-step]").inner_text()
    page.get_by_role("button", name="End this run").click()
    page.locator("[role=status]").wait_for()
    with house.store.database.writing() as connection:
        queue.end(connection, job, queue.CANCELLED)
    page.get_by_text("Somebody of your organisation ended it").wait_for()
    page = asked("0.07")
    assert Worker(house.store, Times(note_s=0.1, look_s=0.1, listen_s=0.05)).run(once=True) == 1
    page.locator(".headline").wait_for()
