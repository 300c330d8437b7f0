"""Every mistake has a folder in tests/cases named after it; its problems, all of them, stand in ``problems.txt``.

A case starts from ``facts_no_mistake`` and lays its own files over it; ``change.yaml`` may remove or empty folders and files.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from orepact.errors import BadInput, Problem
from orepact.facts import Codes, Ledger

CASES = Path(__file__).parents[1] / "cases"
GOOD = CASES / "facts_no_mistake"
MISTAKES = sorted(path.name for path in CASES.glob("facts_*"))


def lay_out(case: Path, folder: Path) -> None:
    shutil.copytree(GOOD, folder, dirs_exist_ok=True)
    shutil.copytree(case, folder, dirs_exist_ok=True)
    change_file = case / "change.yaml"
    change = yaml.safe_load(change_file.read_text()) if change_file.exists() else {}
    for name in [*change.get("remove", []), *change.get("empty", [])]:
        target = folder / name
        shutil.rmtree(target) if target.is_dir() else target.unlink()
    for name in change.get("empty", []):
        (folder / name).mkdir()


def problems_of(folder: Path) -> tuple[Problem, ...]:
    try:
        Ledger.load(folder / "facts", Codes.load(folder / "codes"), as_of="2026-01-31")
    except BadInput as error:
        return error.problems
    return ()


@pytest.mark.parametrize("name", MISTAKES)
def test_every_problem_of_a_mistake_is_told_at_once(name: str, tmp_path: Path) -> None:
    lay_out(CASES / name, tmp_path)
    told = "".join(f"{problem}\n" for problem in problems_of(tmp_path)).replace(str(tmp_path), "FOLDER")
    assert told == (CASES / name / "problems.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name in MISTAKES if name != GOOD.name])
def test_a_problem_says_what_to_do(name: str, tmp_path: Path) -> None:
    lay_out(CASES / name, tmp_path)
    found = problems_of(tmp_path)
    assert found
    for problem in found:
        assert problem.where
        assert problem.expected
        assert problem.found
        assert problem.mend
        assert problem.file


def test_nothing_is_wrong_with_the_good_case() -> None:
    assert problems_of(GOOD) == ()
