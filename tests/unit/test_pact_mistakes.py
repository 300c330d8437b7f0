"""Every mistake in records of governance has a folder in tests/cases; its problems, all of them, stand in ``problems.txt``."""

from __future__ import annotations

from pathlib import Path

import pytest

from orepact.errors import BadInput, Problem
from orepact.pact.records.reading import read_records, seed

CASES = Path(__file__).parents[1] / "cases"
MISTAKES = sorted(path.name for path in CASES.glob("pact_*") if (path / "records.yaml").exists())


def problems_of(file: Path) -> tuple[Problem, ...]:
    """What is wrong with the records of a file among those that come with the package."""
    try:
        records = read_records(file)
    except BadInput as error:
        return error.problems
    return tuple(seed().plus(records).problems(records))


@pytest.mark.parametrize("name", MISTAKES)
def test_every_problem_of_a_file_is_told_at_once(name: str) -> None:
    told = "".join(f"{problem}\n" for problem in problems_of(CASES / name / "records.yaml"))
    assert told == (CASES / name / "problems.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name in MISTAKES if name != "pact_no_mistake"])
def test_a_problem_says_what_to_do(name: str) -> None:
    found = problems_of(CASES / name / "records.yaml")
    assert found
    assert all(problem.expected and problem.found and problem.mend for problem in found)


def test_there_is_a_case_for_each_mistake_that_people_make() -> None:
    assert {"pact_rotation_over_nobody", "pact_body_above_itself", "pact_signature_after_effect"} <= set(MISTAKES)
    assert problems_of(CASES / "pact_no_mistake" / "records.yaml") == ()
