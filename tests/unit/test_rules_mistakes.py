"""Every mistake of a rules folder has a folder in tests/cases; its problems, all of them, stand in ``problems.txt``."""

from __future__ import annotations

from pathlib import Path

import pytest

from orepact.errors import BadInput, Problem
from orepact.facts.rules import RuleBook

CASES = Path(__file__).parents[1] / "cases"
MISTAKES = sorted(path.name for path in CASES.glob("rules_*"))


def problems_of(folder: Path) -> tuple[Problem, ...]:
    try:
        RuleBook.shipped([folder])
    except BadInput as error:
        return error.problems
    return ()


@pytest.mark.parametrize("name", MISTAKES)
def test_every_problem_of_a_rules_folder_is_told_at_once(name: str) -> None:
    told = "".join(f"{problem}\n" for problem in problems_of(CASES / name)).replace(str(CASES), "CASES")
    assert told == (CASES / name / "problems.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name in MISTAKES if name != "rules_no_mistake"])
def test_a_problem_of_a_rule_says_what_to_do(name: str) -> None:
    found = problems_of(CASES / name)
    assert found
    for problem in found:
        assert problem.where
        assert problem.expected
        assert problem.found
        assert problem.mend
        assert problem.file


def test_a_folder_that_is_not_there_is_told() -> None:
    (problem,) = problems_of(CASES / "no_such_rules")
    assert problem.expected == "a folder of rules"
