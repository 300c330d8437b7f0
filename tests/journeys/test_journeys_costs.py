"""A cell maker of Korea compares lithium hydroxide of Canada, lays its own knowledge over it, and only its own result changes."""

from __future__ import annotations

import csv
import io
import shlex
import sys
from collections.abc import Callable
from typing import Any

import pytest
from town import Town, Walker
from typer.testing import CliRunner

from orepact.cli import app
from orepact.service.jobs import Times, Worker

pytestmark = pytest.mark.browser
Enter = Callable[..., Walker]
PEOPLE = {"sam": ("lg-energy-solution", ("reader", "editor")), "mia": ("panasonic-energy", ("reader", "editor"))}
TIMES = Times(lease_s=60, renew_s=20, note_s=0.1, look_s=0.1, listen_s=0.05)
COST = "/dependence/cost?commodity=lithium_hydroxide&buyer=KOR"
RULES = "/dependence/eligibility?product=lithium_hydroxide&place=CA-QC"
#: A bid for conversion, where the facts have a median of studies; and who owns a plant, which nobody has published.
BID, MEDIAN = 2600, 3103
KNOWN = f"""subject,attribute,value,unit,source,as_of,confidence
hydroxide_from_spodumene,variable_cost,{BID},USD_per_t,lges_bids,2026-06-30,reported
site:mangrove_east,owner_share,CAN:0.7; JPN:0.2; USA:0.1,text,lges_bids,2026-06-30,reported
"""
UNKNOWN = "Mangrove Lithium in Quebec: its owner is not known"
#: Rule sets that ask who owns the makers of the hydroxide.
OWNERS = ("Makers of concern, one holder of 25 % or more", "Makers of concern, 40 % or more together")


def test_a_cell_maker_lays_its_own_claims_over_the_shared_facts(
    enter: Enter, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In Korean; a rival with an account and a stranger see at the same addresses what they saw before."""
    monkeypatch.setenv("PYTHONPATH", ":".join(sys.path))
    sam, mia, stranger = enter(f"/ko{COST}", "sam"), enter(COST, "mia"), enter(COST)
    assert sam.page.locator("html").get_attribute("lang") == "ko"
    before = {path: told(mia, path) for path in (COST, RULES)}
    quebec = way(before[COST]["paths"], "Quebec")
    parts = sum(quebec[name] or 0 for name in ("production", "transport", "tariff")) - (quebec["credit"] or 0)
    assert quebec["total"] == pytest.approx(parts, rel=1e-4)
    asked = {row["rules"]: row for row in before[RULES]["verdicts"]}
    assert all(asked[name]["verdict"] == "amber" and UNKNOWN in asked[name]["why"] for name in OWNERS)

    sam.click("표 가져오기")
    import_overlay(sam)
    sam.page.locator(f'main a[href*="{COST.partition("?")[0]}"]').first.click()
    assert "own-bids@1" in sam.page.url.replace("%40", "@")
    sam.go(f"/ko{COST}")
    sam.page.select_option("#pick-overlay", "own-bids@1")
    sam.press(sam.page.get_by_role("button", name="보기", exact=True))
    compute(sam, town)
    assert sam.text(".notice.own").count("lg-energy-solution") >= 2
    assert "싸짐" in " ".join(sam.row("compared", "퀘벡주"))
    own = told(sam, f"/ko{COST}&overlay=own-bids@1")
    assert own["paths"] == before[COST]["paths"], "the shared facts are what they were"
    mine = way(own["compared"], "Quebec")
    assert mine["own_total"] == pytest.approx(quebec["total"] - (MEDIAN - BID), abs=1)
    assert mine["change"] == pytest.approx(BID - MEDIAN, abs=1)
    again = computed(sam.text("code.command"), town)
    totals = {row["origin"]: float(row["usd_per_unit"]) for row in again if row["component"] == "total"}
    assert totals["CA-QC"] == pytest.approx(mine["own_total"], rel=1e-6)

    sam.click("적격성", "nav.rooms")
    sam.go(f"/ko{RULES}&overlay=own-bids@1")
    compute(sam, town)
    verdicts = {row["rules"]: row for row in told(sam, f"/ko{RULES}&overlay=own-bids@1")["compared"]}
    for name in OWNERS:
        there, here = verdicts[name]["why"].split(" With your overlay: ")
        assert UNKNOWN in there
        assert UNKNOWN not in here, "what is left open are other makers"
    assert {name for name, row in verdicts.items() if row["turn"] == "amber"} == {*OWNERS}
    assert {row["turn"] for row in verdicts.values()} == {"amber", "none"}

    for other in (mia, stranger):
        for path in (COST, RULES):
            assert told(other, path) == told(other, f"{path}&overlay=own-bids@1") == before[path]
            other.go(f"{path}&overlay=own-bids@1")
            assert "has no overlay of the name" in other.text()
            assert other.page.locator("#table-compared, .notice.own").count() == 0
            assert "lg-energy" not in other.page.content()


def import_overlay(walker: Walker) -> None:
    """The company's table through the page that takes one, by the names of its fields."""
    walker.page.set_input_files("#upload-file", {"name": "own-bids.csv", "mimeType": "text/csv", "buffer": KNOWN.encode()})
    walker.send("upload")
    source = {"source_title": "Bids", "source_producer": "LG Energy Solution", "source_licence": "own"}
    walker.fill("check", source="lges_bids", **source, name="own-bids")
    walker.press(walker.page.locator('button[name="form"][value="check"]'))
    walker.press(walker.page.locator('button[name="form"][value="keep"]'))
    walker.page.wait_for_url("**/data/overlays**")


def compute(walker: Walker, town: Town) -> None:
    """The button, the bar that moves while a worker computes, and the page that comes of itself when it is done."""
    walker.press(walker.page.get_by_role("button", name="계산하기", exact=True))
    walker.page.locator(".run progress").wait_for()
    assert Worker(town.house.store, TIMES).run(once=True) == 1
    walker.page.locator("#table-compared").wait_for()


def told(walker: Walker, path: str) -> dict[str, list[dict[str, Any]]]:
    """The tables of a page as its reader is told them, but for how runs stand."""
    answer = walker.page.request.get(path.replace("?", ".json?", 1))
    assert answer.status == 200
    return {name: rows for name, rows in answer.json()["tables"].items() if name != "run"}


def way(rows: list[dict[str, Any]], origin: str) -> dict[str, Any]:
    """The row of a source."""
    return next(row for row in rows if row["origin"] == origin)


def computed(command: str, town: Town) -> list[dict[str, str]]:
    """The rows that a shown command gives who holds the register: those of the run, at once."""
    program, *words = shlex.split(command)
    assert program == "orepact"
    done = CliRunner().invoke(app, [*words, "--db", town.house.settings.database, "--format", "csv"])
    assert done.exit_code == 0, done.output
    return [*csv.DictReader(io.StringIO(done.stdout))]
