"""The board and the pack from the command line, on a register of their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from orepact.cli.entry import run

DIALOGUE, MOC = "ca-jp-battery-dialogue", "ca-jp-moc-battery-2023"


def _asked(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    code = run([*words, "--format", "json"])
    said = capsys.readouterr()
    assert code == 0, said.err
    found: dict[str, Any] = json.loads(said.out)
    return found


def test_the_board_names_what_has_no_evidence_first(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reply = _asked(capsys, "pact", "scoreboard", MOC, "--on", "2026-11-22", "--db", str(filled))
    rows = reply["data"]
    assert (len(rows), reply["meta"]["without_evidence"], reply["meta"]["operative"]) == (44, 18, 28)
    assert [bool(row["evidence"]) for row in rows] == [False] * 18 + [True] * 11 + [False] * 15
    assert [row["operative"] for row in rows[:18]] == [True] * 18
    assert not any(row["operative"] for row in rows[29:])
    research = next(row for row in rows if row["article"] == f"{MOC}:area-2-c-vii")
    assert research["meetings"] == ["ca-jp-battery-dialogue-1", "ca-jp-battery-dialogue-2"]
    assert (research["next_chairs"], research["meeting_due"]) == (["gac", "meti"], "2026-08-26")
    (aim,) = next(row for row in rows if row["ref"] == "R9")["indicators"]
    assert (aim["target"], aim["unit"], aim["by"], aim["baseline"], aim["trend"]) == (600, "GWh/y", "2030", None, "unknown")


def test_the_pack_is_written_in_every_language(filled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--on", "2026-11-22", "--db", str(filled), "--output", str(tmp_path / "pack"), "--language", "all"]
    reply = _asked(capsys, "pact", "pack", DIALOGUE, *words)
    assert [row["language"] for row in reply["data"]] == ["en", "fr", "ja", "ko"]
    assert reply["meta"]["next_due"] == "2026-08-26"
    head = reply["meta"]["manifest"]["head"]
    for row in reply["data"]:
        text = Path(row["file"]).read_text(encoding="utf-8")
        assert f'<html lang="{row["language"]}">' in text
        assert head in text


def test_a_name_that_is_not_there_writes_nothing(filled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "pack"
    assert run(["pact", "pack", "ca-jp-batery-dialogue", "--db", str(filled), "--output", str(folder)]) == 3
    assert DIALOGUE in capsys.readouterr().err
    assert not folder.exists()
    assert run(["pact", "pack", DIALOGUE, "--language", "de", "--db", str(filled), "--output", str(folder)]) == 2
    assert run(["pact", "scoreboard", "ca-jp-moc", "--db", str(filled)]) == 3


@pytest.mark.browser
def test_the_pack_fits_a_telephone_and_a_sheet(
    filled: Path, tmp_path: Path, chromium: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from playwright.sync_api import sync_playwright

    words = ["--on", "2026-11-22", "--db", str(filled), "--output", str(tmp_path), "--language", "all"]
    files = [row["file"] for row in _asked(capsys, "pact", "pack", DIALOGUE, *words)["data"]]
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for file in files:
            page = browser.new_page()
            page.goto(Path(file).resolve().as_uri())
            for width in (390, 1200):
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (file, width)
            broken = "[...document.querySelectorAll('td.whole, th.whole')].filter(cell => cell.offsetHeight > 0 && "
            assert page.evaluate(f"{broken}getComputedStyle(cell).whiteSpace !== 'nowrap').length") == 0
            assert 1 < page.pdf(format="A4").count(b"/Type /Page\n") <= 8, file
            page.close()
        browser.close()
