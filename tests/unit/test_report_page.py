"""The page: self-contained, safe, accessible in its structure; and the files beside it."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from brief_sample import sample_brief
from orepact.report.brief import Brief, Picture
from orepact.report.files import write_brief
from orepact.report.page import inert, render_page


class Outline(HTMLParser):
    """Ids, addresses, headings and described pictures of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.headings: list[int] = []
        self.undescribed = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [str(found["id"])] if "id" in found else []
        self.addresses += [str(found[name]) for name in ("href", "src", "action") if name in found]
        self.headings += [int(tag[1])] if re.fullmatch(r"h[1-6]", tag) else []
        self.undescribed += found.get("role") == "img" and not found.get("aria-label")


@pytest.fixture(scope="module")
def brief(tmp_path_factory: pytest.TempPathFactory) -> Brief:
    return sample_brief(tmp_path_factory.mktemp("brief") / "facts")


@pytest.fixture(scope="module")
def page(brief: Brief) -> str:
    return render_page(brief)


def test_nothing_is_fetched_from_anywhere(page: str) -> None:
    addresses = Outline(page).addresses
    assert addresses
    assert all(address.startswith(("#", "data:")) for address in addresses)
    assert "@import" not in page.partition("</style>")[0]


def test_text_from_facts_is_escaped(page: str) -> None:
    visible = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert "<brief>" not in visible
    assert "Sample &amp; &lt;brief&gt;" in visible
    assert "North &lt;Mine&gt;" in visible
    assert "World Minerals &lt;2025&gt;" in visible


def test_data_cannot_end_its_script() -> None:
    assert "</script" not in inert('{"a": "</script><script>alert(1)</script>"}')


def test_ids_are_unique_and_every_inner_link_leads_somewhere(page: str) -> None:
    outline = Outline(page)
    assert max(Counter(outline.ids).values()) == 1
    targets = {address[1:] for address in outline.addresses if address.startswith("#")}
    assert targets <= set(outline.ids)


def test_headings_go_down_one_level_at_a_time_and_pictures_are_described(page: str) -> None:
    outline = Outline(page)
    assert outline.headings[0] == 1
    assert outline.headings.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in zip(outline.headings, outline.headings[1:], strict=False))
    assert outline.undescribed == 0


def test_plotly_is_there_once_and_the_page_stays_small(page: str) -> None:
    assert page.count("plotly.js v") == 1
    assert len(page.encode()) < 6_000_000


def test_every_number_points_at_its_words(page: str, brief: Brief) -> None:
    said = json.loads(re.search(r'id="said">(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]
    numbers = [int(at) for at in re.findall(r'data-said="(\d+)"', page)]
    assert numbers
    assert max(numbers) < len(said)
    assert all(any(word in words for word in ("Reported", "Derived", "Estimated", "Modelled")) for words in said)
    cells = re.findall(r'<td class="number (?:reported|derived|estimated|modelled)[^"]*"([^>]*)>(.*?)</td>', page)
    assert all("data-said" in attributes for attributes, text in cells if text != "–")


def test_estimates_are_marked_in_sight(page: str) -> None:
    cells = re.findall(r'<td class="number estimated"[^>]*data-said[^>]*>(.*?)</td>', page)
    assert cells
    assert all("≈" in cell for cell in cells)


def test_every_picture_has_its_figures_and_most_a_table_twin(page: str, brief: Brief) -> None:
    for picture in brief.pictures.values():
        content = json.loads(re.search(rf'id="{picture.id}-figures">(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]
        assert set(content["figures"]) == set(picture.figures)
        assert picture.alt
    twins = {name for name, picture in brief.pictures.items() if picture.table is not None}
    assert {"sankey", "timeline", "pipeline_chart"} <= twins


def test_a_brief_without_pictures_carries_no_plotly(brief: Brief) -> None:
    from dataclasses import replace

    bare = tuple(replace(s, blocks=tuple(b for b in s.blocks if not isinstance(b, Picture))) for s in brief.sections)
    assert len(render_page(replace(brief, sections=bare))) < 400_000


def test_files_hold_the_same_tables(brief: Brief, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    path = write_brief(brief, tmp_path)
    told = json.loads((tmp_path / "brief.json").read_text(encoding="utf-8"))
    assert path == tmp_path / "index.html"
    assert set(told) == {"data", "tables", "meta"}
    assert set(told["tables"]) == set(brief.tables) == {file.stem for file in (tmp_path / "data").glob("*.csv")}
    for name, table in brief.tables.items():
        with (tmp_path / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            assert len(list(csv.DictReader(stream))) == len(table.rows)
    assert {"data_edition", "scenario_hash", "code_version", "solver", "as_of"} <= set(told["meta"]["manifest"])
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_a_failure_leaves_the_earlier_brief_as_it_was(brief: Brief, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_brief(brief, tmp_path)
    before = {file.relative_to(tmp_path): file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}

    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("orepact.report.files._write_tables", broken)
    with pytest.raises(OSError, match="disk full"):
        write_brief(brief, tmp_path)
    assert {file.relative_to(tmp_path): file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


def test_the_same_brief_gives_the_same_page(page: str, brief: Brief) -> None:
    assert render_page(brief) == page


def test_the_terminal_tells_the_same_findings(brief: Brief) -> None:
    from io import StringIO

    from rich.console import Console

    from orepact.cli.brief_tables import print_brief

    stream = StringIO()
    print_brief(brief, Path("brief/index.html"), Console(file=stream, width=160))
    text = stream.getvalue()
    assert "brief/index.html" in text
    assert all(finding.title[:40] in text for finding in brief.findings)
    assert "Sample & <brief>" in text
    assert "≈" in text
