"""YAML that would fill the stack or the memory is told, by every reader of files that people write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from orepact.chain import Network
from orepact.chain.scenario import Scenario
from orepact.errors import BadInput, Problem, ProblemCollector
from orepact.facts.code_loading import read_yaml
from orepact.facts.typed_yaml import yaml_content
from orepact.facts.yaml_bounds import DEEPEST, out_of_bounds
from orepact.measure.costing.tariff_files import read_tariffs

DEEP = 100_000


def as_code_list(path: Path) -> None:
    problems = ProblemCollector()
    read_yaml(path, problems)
    problems.raise_if_any()


def as_package(path: Path) -> None:
    path.rename(path.with_name("network.yaml"))
    Network.from_package(path.parent)


READERS: dict[str, Callable[[Path], object]] = {
    "checked model": yaml_content,
    "code list": as_code_list,
    "package": as_package,
    "scenario": Scenario.load,
    "tariffs": lambda path: read_tariffs(own=path),
}


def flow(parts: int) -> str:
    return f"ok: 1\na: {'[' * parts}{']' * parts}\n"


def block(parts: int) -> str:
    return "ok: 1\n" + "".join(f"{' ' * at}a:\n" for at in range(parts))


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("text", [flow(DEEP), "ok: 1\na: " + "{b: " * DEEP, "ok: 1\na:\n  " + "- " * 1000 + "x\n", block(500)])
def test_every_reader_tells_what_is_nested_without_end(reader: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        READERS[reader](path)
    told = [problem for problem in caught.value.problems if "parts in each other" in problem.expected]
    assert [problem.file for problem in told] == [path.name if path.exists() else "network.yaml"]
    assert (told[0].row or 0) >= 2
    assert told[0].found
    assert told[0].mend


def test_the_deepest_that_may_be_and_one_more() -> None:
    assert out_of_bounds(flow(DEEPEST - 1), "a.yaml") is None
    said = out_of_bounds(flow(DEEPEST), "a.yaml")
    assert isinstance(said, Problem)
    assert (said.file, said.row, said.found) == ("a.yaml", 2, "more")


def test_an_alias_of_what_it_stands_in_is_told_even_where_aliases_may_be() -> None:
    assert out_of_bounds("a: &a [1]\nb: *a\n", "a.yaml", aliases=True) is None
    assert out_of_bounds("a: &a [1]\nb: *a\n", "a.yaml").row == 2
    said = out_of_bounds("a: &a\n- b\n- *a\n", "a.yaml", aliases=True)
    assert said is not None
    assert (said.row, said.found) == (3, "*a")


def test_what_is_no_yaml_is_left_to_the_reader() -> None:
    assert out_of_bounds("a: [1\n", "a.yaml") is None


@pytest.mark.parametrize("reader", ["package", "scenario"])
def test_a_day_that_no_calendar_has_is_told(reader: str, tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("title: 2024-02-30\n", encoding="utf-8")
    with pytest.raises(BadInput, match="day"):
        READERS[reader](path)
