"""The page on accounts: its commands answer what it shows, and its table is that of the roles that there are."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from orepact.cli.entry import run
from orepact.service.access.may import ROLES, SCOPES
from orepact.service.access.passwords import SHORTEST, VARIED
from orepact.service.access.throttle import LIMITS

PAGE = Path(__file__).parents[2] / "docs" / "accounts.md"


def test_the_page_is_true(tmp_path: Path, own: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command in order, with the lines below it; the register is made and filled before."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OREPACT_DATABASE_URL", str(own))
    text = PAGE.read_text(encoding="utf-8")
    asked = "".join(re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    steps = [part.splitlines() for part in re.split(r"^\$ ", asked, flags=re.MULTILINE)[1:]]
    accounts = [step for step in steps if step[0].startswith("orepact account")]
    assert len(accounts) == len(steps) - 2 == 8
    for command, *shown in accounts:
        assert run(shlex.split(command)[1:]) == 0, command
        answer = " ".join(capsys.readouterr().out.split())
        assert [line for line in shown if line not in answer] == [], command


def test_the_page_names_roles_scopes_and_limits() -> None:
    """As the program has them."""
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert re.findall(r"\| `([a-z_]+)` \|", text) == list(ROLES)
    assert ", ".join(f"`{scope}`" for scope in SCOPES) in text
    assert f"have {SHORTEST} characters or more, five different" in text
    assert (VARIED, LIMITS["pair"].most, LIMITS["address"].most, LIMITS["name"].most) == (5, 5, 60, 100)
