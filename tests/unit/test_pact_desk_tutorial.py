"""The page on the register: every command of it runs, in order, and answers what the page shows."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from orepact.cli.entry import run

PAGE = Path(__file__).parents[2] / "docs" / "register.md"


def blocks() -> Iterator[tuple[str, str]]:
    """Language and text of every block of the page."""
    yield from re.findall(r"^```(\w+)\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def steps() -> Iterator[tuple[str, list[str]]]:
    """Every command of the page, with the lines that it shows of the answer."""
    for language, text in blocks():
        if language == "console":
            for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
                command, *shown = part.splitlines()
                yield command, shown


def plain(text: str) -> str:
    """Words alone: no frames of tables, one space between."""
    return " ".join(re.sub("[│┃]", " ", text).split())


def test_the_page_is_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OREPACT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("OREPACT_DATABASE_URL", raising=False)
    (form,) = [text for language, text in blocks() if language == "yaml"]
    Path("seminar.yaml").write_text(form, encoding="utf-8")
    commands = 0
    for command, shown in steps():
        program, *words = shlex.split(command)
        assert program == "orepact"
        assert run(words) == 0, command
        answer = plain(capsys.readouterr().out)
        for line in shown:
            assert plain(line) in answer, f"{command}: {line}"
        commands += 1
    assert commands > 15
    assert {file.name for file in Path("pack").iterdir()} == {f"pack.{name}.html" for name in ("en", "fr", "ja", "ko")}
