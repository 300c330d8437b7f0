"""docs/coverage.md lists all 92 requirements once, and what it points at exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \| (.*) \|$")
STATES = {"works", "partly", "not yet"}


def rows() -> list[tuple[int, str, str, str]]:
    text = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    found = [ROW.match(line) for line in text.splitlines()]
    return [(int(m[1]), m[2].strip(), m[3].strip(), m[4].strip()) for m in found if m]


def test_every_requirement_stands_once() -> None:
    assert [row[0] for row in rows()] == list(range(1, 93))


def test_every_state_is_one_of_three_and_shown_where_it_claims_something() -> None:
    for number, _, state, shown in rows():
        assert state in STATES, number
        assert (shown != "-") == (state != "not yet"), number


@pytest.mark.parametrize("path", sorted({p for row in rows() for p in re.findall(r"`((?:src|tests|docs)/[^`]+)`", row[3])}))
def test_paths_that_the_table_points_at_exist(path: str) -> None:
    assert (ROOT / path).exists()


def test_commands_that_the_table_points_at_exist() -> None:
    from typer.main import get_command

    from orepact.cli import app

    root = get_command(app)
    for row in rows():
        for words in re.findall(r"`orepact ([a-z_ ]+)", row[3]):
            name = words.split()[0]
            assert name in root.commands, words  # type: ignore[attr-defined]


def test_pages_that_the_table_points_at_exist() -> None:
    from orepact.web.pages.table import PAGES

    shapes = [re.compile(re.sub(r"\{[a-z_]+\}", "[^/]+", page.path)) for page in PAGES]
    named = sorted({path for row in rows() for path in re.findall(r"`(/[^`]*)`", row[3])})
    assert len(named) > 20
    assert [path for path in named if not any(shape.fullmatch(path) for shape in shapes)] == []
