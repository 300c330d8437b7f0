"""Journeys of those who build: a miner, a province, and the steward of a company's data."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from town import Walker

pytestmark = pytest.mark.browser
Enter = Callable[..., Walker]
PEOPLE = {"sam": ("lg-energy-solution", ("reader", "editor", "steward")), "mia": ("panasonic-energy", ("reader", "editor"))}
#: A trade file as somebody sends it: heads of his own, a year and a country that are none.
TRADE = """an,pays_vendeur,pays_acheteur,produit,milliers_usd,tonnes
2024,124,410,250410,5400,2100
20X4,124,392,250410,100,40
2024,Canadda,392,250410,90,30
"""
MENDED = TRADE.replace("20X4", "2023").replace("Canadda", "CAN")


def test_a_miner_finds_buyers_with_reasons_and_prints_the_sheet(enter: Enter) -> None:
    """Buyers of his graphite stand by fit, each with what speaks for it; the sheet is a PDF that has its text."""
    miner = enter("/projects")
    miner.click("Find buyers")
    miner.page.select_option("#pick-project", "nmg-becancour")
    miner.page.fill("#pick-year", "2030")
    miner.press(miner.page.get_by_role("button", name="Find buyers"))
    buyers = miner.page.locator("article.match")
    assert buyers.count() > 0
    assert buyers.first.locator("ul.reasons li").count() > 0
    assert "lacks" in buyers.first.inner_text()
    rows = miner.sheet("matches")
    assert rows[0]["buyer"] in buyers.first.inner_text()
    miner.click("The sheet of this project, to print")
    title = miner.text("h1")
    miner.page.emulate_media(media="print")
    assert not miner.page.locator("nav.tabs").is_visible()
    paper = miner.page.pdf(tagged=True, outline=True)
    assert paper.startswith(b"%PDF-")
    assert title.encode() in paper
    assert b"Who could take it in 2030" in paper


def test_a_province_sees_what_falls_if_one_of_its_projects_pauses(enter: Enter) -> None:
    """Each project that would take others with it, by how much, and why."""
    ontario = enter("/projects")
    ontario.click("If one pauses")
    ontario.page.select_option("#pick-place", "CA-ON")
    ontario.press(ontario.page.get_by_role("button", name="Show", exact=True))
    pauses = ontario.page.locator("section.match")
    assert pauses.count() > 0
    assert "may fall with it" in pauses.first.inner_text()
    fallen = ontario.page.request.get("/projects/cascade.json?place=CA-ON").json()["tables"]["falls"]
    assert fallen
    assert all(0 < row["strength"] <= 1 and row["because"] for row in fallen)
    name = pauses.first.locator("h2").inner_text()
    assert {row["falls"] for row in fallen if row["pauses"] == name} >= set(pauses.first.locator("li strong").all_inner_texts())


def test_a_data_steward_mends_a_trade_file_in_the_preview(enter: Enter) -> None:
    """Columns that are not known are matched, rows with errors are named and mended; what is kept is the company's alone."""
    steward = enter("/data/import", "sam")
    steward.page.set_input_files("#upload-file", {"name": "trade.csv", "mimeType": "text/csv", "buffer": TRADE.encode()})
    steward.send("upload")
    steward.page.select_option("#check-layout", "trade")
    steward.press(steward.page.get_by_role("button", name="Check again"))
    for field, column in zip("tijkvq", TRADE.splitlines()[0].split(","), strict=True):
        steward.page.select_option(f"#map-{field}", label=column)
    source = {"source": "lges_customs", "source_title": "Customs declarations", "source_producer": "LG Energy Solution"}
    steward.fill("check", **source, source_licence="own")
    steward.press(steward.page.get_by_role("button", name="Check again"))
    problems = steward.text("#table-problems")
    assert "20X4" in problems
    assert "Canadda" in problems
    steward.fill("check", text=MENDED, name="customs")
    steward.press(steward.page.get_by_role("button", name="Check again"))
    assert "nothing to mend" in steward.text()
    steward.press(steward.page.get_by_role("button", name="Import into our overlay"))
    steward.page.wait_for_url("**/data/overlays**")
    steward.go("/data/overlays")
    assert "customs" in steward.text()
    other = enter("/data/overlays", "mia")
    assert "customs" not in other.text()
