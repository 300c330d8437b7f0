"""Reading a YAML file as a checked model: every mistake, doubled keys, and one file laid over another."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from orepact.errors import BadInput
from orepact.facts.typed_yaml import read_model, yaml_content


class Stage(BaseModel):
    """A part of a file."""

    model_config = ConfigDict(extra="forbid")

    days: float
    source: str


class Stages(BaseModel):
    """A file."""

    model_config = ConfigDict(extra="forbid")

    stages: dict[str, Stage]
    version: int = 1


def written(folder: Path, text: str, name: str = "a.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def told(path: Path, over: Path | None = None) -> list[str]:
    with pytest.raises(BadInput) as caught:
        read_model(path, Stages, over)
    return [str(problem) for problem in caught.value.problems]


def test_a_sound_file_and_one_laid_over_it(tmp_path: Path) -> None:
    base = written(tmp_path, "stages:\n  mine: {days: 3, source: me}\n  refine: {days: 4, source: me}\n")
    over = written(tmp_path, "stages:\n  mine: {days: 5}\n", "over.yaml")
    assert {name: stage.days for name, stage in read_model(base, Stages).stages.items()} == {"mine": 3, "refine": 4}
    assert {name: stage.days for name, stage in read_model(base, Stages, over).stages.items()} == {"mine": 5, "refine": 4}


def test_a_key_given_twice_is_refused_at_any_depth(tmp_path: Path) -> None:
    path = written(
        tmp_path, "version: 1\nstages:\n  mine: {days: 3, source: me}\n  mine: {days: 5, source: me, days: 6}\nversion: 2\n"
    )
    assert told(path) == [
        "a.yaml, row 4, mine: expected each key once, found mine twice; keep one of them",
        "a.yaml, row 4, days: expected each key once, found days twice; keep one of them",
        "a.yaml, row 5, version: expected each key once, found version twice; keep one of them",
    ]


def test_every_mistake_at_once_with_file_and_key(tmp_path: Path) -> None:
    said = told(written(tmp_path, "stages:\n  mine: {day: 3, source: me}\nversion: soon\n"))
    assert [line.split(":")[0] for line in said] == ["a.yaml, stages.mine.day", "a.yaml, version"]
    assert "did you mean days?" in said[0]  # and not told as missing too


def test_mistakes_of_the_upper_file_are_told_of_it(tmp_path: Path) -> None:
    base = written(tmp_path, "stages:\n  mine: {days: 3, source: me}\n")
    said = told(base, written(tmp_path, "stages:\n  mine: {days: many}\n", "over.yaml"))
    assert len(said) == 1
    assert said[0].startswith("over.yaml, stages.mine.days")


@pytest.mark.parametrize("text", ["- a\n", "", "a: [1\n", "a: 2024-02-30\n"])
def test_what_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    assert told(written(tmp_path, text))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "check the path" in told(tmp_path / "none.yaml")[0]


def test_aliases_are_refused_before_they_multiply(tmp_path: Path) -> None:
    lines = ["a: &a [x, x]"] + [f"b{n}: &b{n} [{', '.join(['*' + ('a' if n == 0 else f'b{n - 1}')] * 9)}]" for n in range(9)]
    bomb = tmp_path / "bomb.yaml"
    bomb.write_text("\n".join(lines), "utf-8")
    with pytest.raises(BadInput) as caught:
        yaml_content(bomb)
    assert caught.value.problems[0].row == 2
    assert "written out" in str(caught.value)
