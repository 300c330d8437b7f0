"""The page on sharing: its record is kept, and its commands answer what the page shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from orepact.cli.entry import run

PAGE = Path(__file__).parents[2] / "docs" / "sharing.md"


def test_the_page_is_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command in order, with the lines below it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OREPACT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("OREPACT_DATABASE_URL", raising=False)
    text = PAGE.read_text(encoding="utf-8")
    form, _ = re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    (asked,) = re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    Path("stock.yaml").write_text(form, encoding="utf-8")
    steps = [part.splitlines() for part in re.split(r"^\$ ", asked, flags=re.MULTILINE)[1:]]
    assert len(steps) == 5
    for command, *shown in steps:
        assert run(shlex.split(command)[1:]) == 0, command
        answer = " ".join(capsys.readouterr().out.split())
        assert [line for line in shown if line not in answer] == [], command
