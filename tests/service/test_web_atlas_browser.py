"""The atlas in a browser: what is selected in one view is selected in all, without a reload; and without scripts by links."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from test_web_pages_browser import browser, opened

__all__ = ["browser", "opened"]
pytestmark = pytest.mark.browser


def drawn(page: Page, name: str) -> None:
    """Wait until a picture is there."""
    frame = page.locator(f'figure[data-figure="{name}"]')
    frame.scroll_into_view_if_needed()
    page.locator(f'figure[data-figure="{name}"][data-drawn] .main-svg').first.wait_for()


def press(page: Page, shape: str, number: int) -> None:
    """A click on a drawn shape, over which the chart lays what catches the mouse."""
    found = page.locator(shape).nth(number)
    found.scroll_into_view_if_needed()
    box = found.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x - 2, y)
    page.mouse.move(x, y)
    page.wait_for_timeout(150)
    page.mouse.click(x, y)


def followed(page: Page) -> None:
    """Wait until everything follows the selection."""
    page.locator("#atlas[data-took]:not([aria-busy])").wait_for()


def test_a_bar_a_box_and_a_chip_select_in_all_views(opened: Callable[..., Page]) -> None:
    """Address, heading, chips and table follow; the page itself stays."""
    page = opened("/atlas?element=graphite")
    page.evaluate("window.stays = 1")
    drawn(page, "time")
    press(page, 'figure[data-figure="time"] .bars .point path', 3)
    page.wait_for_url("**origin=CHN**")
    followed(page)
    assert "2026" in page.locator("h1").inner_text()
    assert page.locator("#table-largest tbody tr").first.locator("td").first.inner_text() == "China"
    drawn(page, "sankey")
    press(page, 'figure[data-figure="sankey"] .node-rect', 0)
    page.wait_for_url("**place=CHN**")
    followed(page)
    page.locator(".chips a.chip", has_text="From: China").click()
    page.wait_for_url(lambda url: "origin" not in url)
    followed(page)
    page.select_option("#pick-element", "lithium")
    page.wait_for_url("**element=lithium**")
    followed(page)
    assert "Lithium" in page.locator("h1").inner_text()
    assert page.evaluate("window.stays") == 1
    page.go_back()
    page.wait_for_url("**element=graphite**")


def test_links_do_without_scripts(opened: Callable[..., Page]) -> None:
    """Years, ends in the table and the form are links and fields."""
    page = opened("/atlas?element=graphite", java_script_enabled=False)
    page.locator(".years a", has_text="2030").click()
    page.locator("#table-largest tbody a", has_text="China").first.click()
    assert "China" in page.locator(".chips").inner_text()
    page.select_option("#pick-destination", "KOR")
    page.get_by_role("button", name="Show", exact=True).click()
    assert "2030" in page.locator("h1").inner_text()
    assert "To: Korea" in page.locator(".chips").inner_text()


def test_what_a_newcomer_looks_for_is_three_clicks_from_the_tower(opened: Callable[..., Page]) -> None:
    """Korea's traced graphite by owner, and what a six-month stop costs Japan with and without the pact."""
    page = opened("/tower")
    page.locator("nav.tabs a", has_text="Dependence").click()
    traced = page.locator("#table-shares tr", has_text="Origin controlled from").first
    assert "China" in traced.inner_text()
    assert "Korea: Graphite" in page.locator("h1").inner_text()
    japan = page.locator("#table-stop tbody tr", has_text="Japan")
    assert "722" in japan.locator("td").first.inner_text()
    heads = page.locator("#table-stop thead").inner_text()
    assert "Contracts kept" in heads
    assert "With the pact" in heads
