"""Every mistake of a file of watch rules has a folder in tests/cases; its problems, all of them, stand in ``problems.txt``."""

from __future__ import annotations

from pathlib import Path

import pytest

from orepact.errors import BadInput, NotFound, Problem
from orepact.facts import Ledger
from orepact.service.shock.watching import watch
from orepact.shock.watch import WatchRules

CASES = Path(__file__).parents[1] / "cases"
MISTAKES = sorted(path.name for path in CASES.glob("watch_*"))


def problems_of(file: Path) -> tuple[Problem, ...]:
    try:
        watch(Ledger.shipped(), place="KOR", commodity="graphite", rules=file)
    except BadInput as error:
        return error.problems
    return ()


@pytest.mark.parametrize("name", MISTAKES)
def test_every_problem_of_a_file_is_told_at_once(name: str) -> None:
    told = "".join(f"{problem}\n" for problem in problems_of(CASES / name / "watch.yaml"))
    assert told == (CASES / name / "problems.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name in MISTAKES if name != "watch_no_mistake"])
def test_a_problem_says_what_to_do(name: str) -> None:
    found = problems_of(CASES / name / "watch.yaml")
    assert found
    for problem in found:
        assert problem.expected
        assert problem.found
        assert problem.mend
        assert problem.file == "watch.yaml"


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path / "none.yaml")
    assert "none.yaml" in problem.expected


def test_own_rules_lie_over_the_shipped_ones_key_by_key() -> None:
    own, shipped = WatchRules.load(CASES / "watch_no_mistake" / "watch.yaml"), WatchRules.shipped()
    assert own.parties == ("KOR",)
    thresholds = {level.name: value for level, value in own.indicators["dependence"].above.items()}
    assert thresholds == {"attention": 0.1, "caution": 0.65, "alert": 0.8, "severe": 0.9}
    assert own.indicators["stock_days"] == shipped.indicators["stock_days"]


def test_unknown_names_are_told_with_near_ones() -> None:
    with pytest.raises(NotFound, match="KOR"):
        watch(Ledger.shipped(), place="KOX")
    with pytest.raises(NotFound, match="graphite"):
        watch(Ledger.shipped(), commodity="grafite")
    with pytest.raises(BadInput, match="customs figures, a price or an export control"):
        watch(Ledger.shipped(), commodity="iron")
