"""Every mistake of an event has a folder in tests/cases; its problems, all of them, stand in ``problems.txt``."""

from __future__ import annotations

from pathlib import Path

import pytest

from orepact.errors import BadInput, Problem
from orepact.shock.events.disruption import Disruption
from orepact.shock.events.reading import load_events
from shock_networks import chain_case

CASES = Path(__file__).parents[1] / "cases"
MISTAKES = sorted(path.name for path in CASES.glob("events_*"))


def problems_of(folder: Path) -> tuple[Problem, ...]:
    """What is wrong with the events of a folder, together, on the small chain."""
    try:
        Disruption.of(chain_case(), load_events(sorted(folder.glob("*.yaml"))))
    except BadInput as error:
        return error.problems
    return ()


@pytest.mark.parametrize("name", MISTAKES)
def test_every_problem_of_an_event_is_told_at_once(name: str) -> None:
    told = "".join(f"{problem}\n" for problem in problems_of(CASES / name))
    assert told == (CASES / name / "problems.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name in MISTAKES if name != "events_no_mistake"])
def test_a_problem_of_an_event_says_what_to_do(name: str) -> None:
    found = problems_of(CASES / name)
    assert found
    assert len(set(found)) == len(found)
    for problem in found:
        assert problem.where
        assert problem.expected
        assert problem.found
        assert problem.mend


def test_there_are_cases() -> None:
    assert len(MISTAKES) >= 15
