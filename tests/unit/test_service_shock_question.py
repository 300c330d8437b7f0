"""A question about shocks: of which network, which year; the four use cases take it, and the older words for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from orepact import service
from orepact.cli.entry import run
from orepact.errors import BadInput
from orepact.facts import Ledger
from orepact.service.shock.question import Question

NETWORKS = Path(__file__).parents[1] / "networks"
TOY, RECOVERY, MAGNETS = (NETWORKS / name for name in ("toy", "recovery", "magnets"))


def test_a_question_is_about_one_network() -> None:
    with pytest.raises(BadInput, match="found neither") as caught:
        Question(year=2024)
    assert [problem.column for problem in caught.value.problems] == ["network"]
    with pytest.raises(BadInput) as caught:
        Question(Ledger.shipped(), network=TOY, scenario="reference")
    assert [(problem.column, problem.found) for problem in caught.value.problems] == [
        ("network", "both"),
        ("scenario", "'reference'"),
    ]


def test_the_older_words_make_the_same_question() -> None:
    found = Question.of(None, network=TOY, year=2030)
    assert (found.network, found.year, found.ledger) == (TOY, 2030, None)
    assert Question.of(found) is found
    with pytest.raises(TypeError, match="year itself"):
        Question.of(found, year=2031)
    with pytest.raises(TypeError, match="month"):
        Question.of(None, network=TOY, month=5)


def test_the_week_is_that_of_the_year() -> None:
    assert [Question(network=MAGNETS, year=year).case().year for year in (2030, 2035)] == [2030, 2035]


def test_what_an_answer_depends_on() -> None:
    ledger = Ledger.shipped().at("2024-06-30", hindsight=True)
    manifest = Question(ledger).manifest(seed=7)
    assert (manifest["as_of"], manifest["hindsight"], manifest["seed"]) == ("2024-06-30", True, 7)
    assert any(words.startswith("hindsight: ") for words in Question(ledger).late_words())
    package = Question(network=TOY)
    assert (package.manifest(seed=7), package.late_words()) == ({"seed": 7}, [])


@pytest.mark.parametrize(
    ("name", "folder", "year", "options"),
    [
        ("exposure", RECOVERY, 2025, {"time": 2.0}),
        ("ensemble", TOY, 2030, {"members": 10, "rows": "members"}),
        ("watch", TOY, 2031, {"rows": "all"}),
    ],
)
def test_a_question_and_the_older_words_are_answered_alike(name: str, folder: Path, year: int, options: dict[str, Any]) -> None:
    ask = getattr(service.shock, name)
    asked = ask(Question(network=folder, year=year), **options)
    assert len(asked.data)
    assert asked.data.equals(ask(None, network=folder, year=year, **options).data)


def test_flows_without_a_package_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["shock", "watch", "--flows", "mine.csv", "--format", "json"]) == 3
    (problem,) = json.loads(capsys.readouterr().err)["error"]["problems"]
    assert (problem["column"], problem["expected"]) == ("flows", "a network package that they run on")


def test_the_watch_looks_at_no_plan() -> None:
    with pytest.raises(BadInput, match="scenario"):
        service.shock.watch(Ledger.shipped(), scenario="reference")


@pytest.mark.parametrize("command", ["exposure", "ensemble"])
def test_hindsight_needs_a_day(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["shock", command, "--hindsight"]) == 3
    assert "--as-of DATE" in capsys.readouterr().err
