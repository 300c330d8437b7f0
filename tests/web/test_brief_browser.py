"""The page in Debian's Chromium, offline: no console error, no request, nothing wider than the window, paper that holds it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from brief_sample import sample_brief
from orepact.report.files import write_brief

pytestmark = pytest.mark.browser
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("brief")
    return write_brief(sample_brief(folder / "facts"), folder / "out")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield found
        found.close()


class Visit:
    """One opened page with what it said and asked for."""

    def __init__(self, browser: Any, path: Path, width: int) -> None:
        self.errors: list[str] = []
        self.requests: list[str] = []
        self.page = browser.new_context(viewport={"width": width, "height": 900}, offline=True).new_page()
        self.page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(path.as_uri())
        self.page.wait_for_selector("html[data-drawn]")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_draws_everything_without_an_error_or_a_request(browser: Any, path: Path, width: int) -> None:
    visit = Visit(browser, path, width)
    page = visit.page
    assert visit.errors == []
    assert [url for url in visit.requests if not url.startswith(("file:", "data:"))] == []
    drawn = int(page.evaluate("document.documentElement.dataset.drawn"))
    assert drawn == page.locator(".plot .main-svg").evaluate_all("all => new Set(all.map(one => one.closest('.plot'))).size")
    assert page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth")


def test_a_reader_can_choose_another_element_by_keyboard(browser: Any, path: Path) -> None:
    visit = Visit(browser, path, 1280)
    chooser = visit.page.locator("select[data-for=pipeline_chart]")
    axis = "document.querySelector('[data-picture=pipeline_chart] .plot').layout.title.text"
    before = visit.page.evaluate(axis)
    chooser.focus()
    visit.page.keyboard.press("End")
    visit.page.wait_for_function(f"{axis} !== {before!r}")
    assert visit.errors == []


def test_numbers_say_where_they_come_from_on_hover(browser: Any, path: Path) -> None:
    page = Visit(browser, path, 1280).page
    assert page.evaluate("[...document.querySelectorAll('[data-said]')].every(cell => cell.title.length > 10)")


def test_tables_open_and_download(browser: Any, path: Path) -> None:
    page = Visit(browser, path, 1280).page
    details = page.locator("details").first
    details.locator("summary").click()
    with page.expect_download() as waiting:
        details.locator("a[download]").click()
    assert waiting.value.suggested_filename.endswith(".csv")


def test_the_page_prints_on_paper(browser: Any, path: Path, tmp_path: Path) -> None:
    visit = Visit(browser, path, 1280)
    target = tmp_path / "brief.pdf"
    visit.page.pdf(path=str(target), format="A4", prefer_css_page_size=True, print_background=True)
    assert target.read_bytes().startswith(b"%PDF")
    visit.page.emulate_media(media="print")
    assert visit.page.locator("nav").is_hidden()
