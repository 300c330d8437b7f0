"""Journeys through the pact and the data in a browser: from the first page to what is taken away."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Page
from test_web_pages_browser import browser, flaws, opened
from test_web_pages_pact import DIALOGUE, MEMORANDUM, TRADE, community

__all__ = ["browser", "community", "opened"]
pytestmark = pytest.mark.browser


def test_analyst_finds_articles_without_evidence_and_makes_the_pack(opened: Callable[..., Page]) -> None:
    """In French, in three clicks from the tower of Canada; then the pack, opened and downloaded."""
    page = opened("/fr/tower/CAN", "ana")
    page.locator("nav.tabs").get_by_role("link", name="Pacte").click()
    page.locator(f"a[href='/fr/pact/{MEMORANDUM}']").first.click()
    first = page.locator("li.article").first
    assert "aucun" in first.inner_text()
    assert page.locator("li.article.red").count() == 18
    page.get_by_role("link", name="Préparer le dossier").first.click()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Télécharger Français").click()
    assert taken.value.suggested_filename == f"pack.{DIALOGUE}.fr.html"
    page.get_by_role("link", name="Ouvrir en Français").click()
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.locator(".masthead").evaluate("it => getComputedStyle(it).backgroundColor") == "rgb(11, 47, 74)"


def test_secretariat_plans_records_and_the_feed_carries_it(opened: Callable[..., Page], client: httpx2.Client) -> None:
    """A meeting planned, the sides asked to decide, what came of an earlier one; a private feed link shows the meeting."""
    page = opened(f"/pact/bodies/{DIALOGUE}", "ana")
    page.locator("#form-plan summary").click()
    page.fill("#plan-title", "Fourth Dialogue")
    page.fill("#plan-planned", "2027-09-01")
    page.fill("#plan-reason", "agreed")
    page.get_by_role("button", name="Plan the meeting").click()
    assert "in the calendar" in page.locator(".notice.good").inner_text()
    page.locator("#form-decide summary").click()
    page.fill("#decide-title", "Pilot on recycling")
    page.fill("#decide-text", "Begin a pilot on recycling.")
    page.fill("#decide-reason", "asked by both")
    page.get_by_role("button", name="Ask the sides", exact=True).click()
    assert "Pilot on recycling" in page.locator("main").inner_text()
    page.goto("/account/feeds")
    page.fill("#make-name", "my calendar")
    page.get_by_role("button", name="Make the link").click()
    told = re.search(rf"/api/v1/feeds/[\w-]+/{DIALOGUE}\.ics", page.locator(".notice.good").inner_text())
    assert told is not None
    assert "Fourth Dialogue" in client.get(told[0]).text


def test_steward_mends_a_trade_file_in_the_preview(opened: Callable[..., Page], tmp_path: Path) -> None:
    """In Korean: sent with errors, rows and source mended where they stand, imported; the preview passes axe-core."""
    file = tmp_path / "Trade.csv"
    file.write_text(TRADE)
    page = opened("/ko/data/import", "ana")
    page.set_input_files("#upload-file", file)
    page.get_by_role("button", name="살펴보기").click()
    page.fill("#check-source", "adamas_2024")
    page.get_by_role("button", name="다시 확인").click()
    assert flaws(page) == []
    assert page.locator("#table-problems tbody tr").count() == 2
    page.fill("#check-text", TRADE.replace(",x,", ",900,").replace("XX?", "KOR"))
    page.fill("#check-name", "mended-trade")
    page.get_by_role("button", name="우리 덮어쓰기 자료로 가져오기").click()
    page.wait_for_url("**/ko/data/overlays?overlay=mended-trade*")
    assert page.locator("#table-claims tbody tr").count() >= 2
