"""What people read without an account: four answers within three clicks, and a number that is traced and computed again."""

from __future__ import annotations

import csv
import io
import shlex
from collections.abc import Callable

import pytest
from town import Walker
from typer.testing import CliRunner

from orepact.cli import app

pytestmark = pytest.mark.browser
Enter = Callable[..., Walker]
MEMORANDUM = "Memorandum of Cooperation on battery supply chains between Japan and Canada"
#: Losses of Japan in a graphite stop, in million USD: more with contracts kept, less with the pact.
MUCH, LITTLE = 500, 10
#: As many clicks as it takes at most.
THREE = 3
#: GWh a year.
TARGET = 600


def test_three_clicks_to_the_graphite_of_korea_by_owner(enter: Enter) -> None:
    """Traced to the mine, nine tenths are controlled from China; of what is delivered, less."""
    newcomer = enter("/tower")
    newcomer.click("Dependence", "nav.tabs")
    assert "Korea: Graphite" in newcomer.text("h1")
    traced = newcomer.row("shares", "Origin controlled from", "China")
    direct = newcomer.row("shares", "Deliverer controlled from", "China")
    assert percent(traced[2]) == pytest.approx(91, abs=2)
    assert percent(direct[2]) == pytest.approx(61, abs=3)
    assert newcomer.clicks <= THREE


def test_three_clicks_to_what_a_graphite_stop_costs_japan(enter: Enter) -> None:
    """Under the contracts that stand, and with the pact, beside each other."""
    newcomer = enter("/tower")
    newcomer.click("Japan", ".glances")
    newcomer.click("Dependence", "nav.tabs")
    japan = newcomer.row("stop", "Japan")
    heads = newcomer.page.locator("#table-stop thead th").all_inner_texts()
    without, with_pact = (
        amount(japan[next(at for at, head in enumerate(heads) if name in head)]) for name in ("Contracts", "With the pact")
    )
    assert without > MUCH
    assert 0 < with_pact < LITTLE
    assert newcomer.clicks <= THREE


def test_three_clicks_to_the_articles_without_evidence(enter: Enter) -> None:
    """Of the memorandum of Canada and Japan."""
    newcomer = enter("/tower")
    newcomer.click("Pact", "nav.tabs")
    newcomer.click(MEMORANDUM, ".boardcards")
    assert MEMORANDUM in newcomer.text("h1")
    bare = newcomer.page.locator("li.article.red")
    assert int(newcomer.page.locator(".facts strong").first.inner_text()) == bare.count() > 10
    assert "Recitals" not in bare.filter(has_text="2(c)(ii)").inner_text()
    assert "In an emergency" in bare.filter(has_text="2(c)(ii)").inner_text()
    assert newcomer.clicks <= THREE


@pytest.mark.parametrize(
    ("tab", "number"),
    [("Dependence", "#table-shares a.number"), ("Dependence", "#table-stop a.number"), ("Atlas", "main a.number")],
)
def test_three_clicks_to_the_source_of_a_number(tab: str, number: str, enter: Enter) -> None:
    """Pressed, a number leads to the sources behind it."""
    newcomer = enter("/tower")
    newcomer.click(tab, "nav.tabs")
    newcomer.press(newcomer.page.locator(number).locator("visible=true").first)
    shown = newcomer.page.locator("#sources, [role=dialog]").locator("visible=true").first
    shown.wait_for()
    assert "International Energy Agency" in shown.inner_text() or "Geological Survey" in shown.inner_text()
    assert newcomer.clicks <= THREE


def test_three_clicks_to_the_source_of_a_light(enter: Enter) -> None:
    """A light of the tower says why it is red, and on what that rests."""
    newcomer = enter("/tower/KOR")
    light = newcomer.page.locator(".lightgrid tr", has_text="Graphite").locator("td.light.red").first
    newcomer.press(light.locator("summary"))
    assert "came from China" in light.inner_text()
    assert "Rests on: BACI bilateral trade" in light.inner_text()
    assert newcomer.clicks <= THREE


def test_a_researcher_traces_a_number_and_computes_it_again(enter: Enter) -> None:
    """He follows a permalink, reads a share, finds its sources, takes the table, and the shown command gives the same."""
    researcher = enter("/dependence?party=KOR&element=graphite&good=cell&stage=mine&basis=production&year=2024")
    read = percent(researcher.row("shares", "Origin controlled from", "China")[2])
    researcher.press(researcher.page.locator("#table-shares a.number").last)
    sources = researcher.page.locator("#sources")
    assert "Global EV Outlook" in sources.inner_text()
    kept = {row["origin"]: float(row["share"]) for row in researcher.sheet("shares") if row["side"] == "Origin controlled from"}
    assert 100 * kept["China"] == pytest.approx(read, abs=0.06)
    again = computed(researcher.text("code.command"))
    assert {row["origin"]: float(row["share"]) for row in again}["CHN"] == pytest.approx(kept["China"], rel=1e-4)


def test_an_official_of_japan_reads_the_gap_of_600_gwh(enter: Enter) -> None:
    """In Japanese, by owner, with what Canada can carry; what he takes along adds up to the target."""
    official = enter("/ja/tower/JPN")
    official.click("依存度", "nav.tabs")
    official.click("日本の目標", "nav.rooms")
    assert official.page.locator("html").get_attribute("lang") == "ja"
    assert "日本の目標:2030年に年600GWh" in official.text("h1")
    assert "424GWhが不足" in official.text(".lead")
    assert "43" in official.row("owners", "Panasonic Energy")[1]
    assert percent(official.row("minerals", "ニッケル")[3]) == pytest.approx(58.9, abs=0.1)
    owners = {row["owner"]: float(row["counted"] or 0) for row in official.sheet("owners")}
    target = owners.pop("Target")
    assert target == TARGET
    assert sum(owners.values()) == pytest.approx(target, abs=0.05)
    assert owners["Gap: target less expected"] == pytest.approx(423.7, abs=0.1)
    minerals = {row["element"]: row for row in official.sheet("minerals")}
    graphite = minerals["Graphite"]
    assert float(graphite["supply"]) / float(graphite["need"]) == pytest.approx(float(graphite["part"]), rel=1e-3)
    assert official.clicks <= THREE + 2


def computed(command: str) -> list[dict[str, str]]:
    """The rows that a shown command gives."""
    program, *words = shlex.split(command)
    assert program == "orepact"
    done = CliRunner().invoke(app, [*words, "--format", "csv"])
    assert done.exit_code == 0, done.output
    return [*csv.DictReader(io.StringIO(done.stdout))]


def percent(cell: str) -> float:
    """A share as it is read, in per cent."""
    return float(cell.rpartition(" ")[2].removesuffix("%"))


def amount(cell: str) -> float:
    """A number as it is read."""
    return float(cell.rpartition(" ")[2].replace(",", ""))
