"""The page of a shock in Debian's Chromium, offline: everything drawn, no error, no request, every choice works."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_brief_browser import FLAGS, Visit

from orepact.report.shock_page import write_page
from shock_outcomes import sample_aid, sample_event, sample_outcomes

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_page(tmp_path_factory.mktemp("shock"), [sample_event()], sample_outcomes(), aid=sample_aid())


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield found
        found.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_draws_everything_without_an_error_or_a_request(browser: Any, path: Path, width: int) -> None:
    visit = Visit(browser, path, width)
    assert visit.errors == []
    assert [url for url in visit.requests if not url.startswith(("file:", "data:"))] == []
    assert visit.page.locator(".plot .main-svg").count() > 0
    assert visit.page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth")


def test_every_choice_of_every_picture_draws(browser: Any, path: Path) -> None:
    visit = Visit(browser, path, 1280)
    choosers = visit.page.locator("select[data-for]")
    pictures = [choosers.nth(at).get_attribute("data-for") for at in range(choosers.count())]
    assert pictures == ["weekly", "by_party", "stops_map", "cover_chart"]  # the help is ranked one way and has none
    for at in range(choosers.count()):
        chooser = choosers.nth(at)
        for label in chooser.locator("option").all_inner_texts():
            chooser.select_option(label)
            visit.page.wait_for_timeout(60)
    assert visit.errors == []
    visit.page.locator("select[data-for=stops_map]").select_option("Pact")
    visit.page.wait_for_timeout(60)
    shown = visit.page.evaluate("document.querySelector('[data-picture=stops_map] .plot').data[0].y")
    assert shown == ["ore, FAR (mine_far)"]  # only the mine itself falls below half
