"""Values of the engines on the board: computed once for the same facts, code and question, and said where nothing is known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from copies import Copies, seeded
from orepact.cli.entry import run
from orepact.service.pact import computing, remembering

MOC = "ca-jp-moc-battery-2023"
INDICATOR = "{name: reliance on lithium, engine: 'net_import_reliance:jpn:lithium', unit: '1', target: 0.5}"


@pytest.fixture(scope="module")
def filled(copies: Copies, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register with one commitment that names an engine, and one that names none."""
    folder = tmp_path_factory.mktemp("register")
    (folder / "more.yaml").write_text(
        "records:\n"
        f"- {{kind: commitment, id: less, title: Less reliance, owner: meti, instrument: {MOC}, text: Less of it,\n"
        f"   articles: ['{MOC}:area-2-c-iii'], made: 2024-07-09, due: 2030, indicator: {INDICATOR}}}\n"
        f"- {{kind: commitment, id: talk, title: Talk, owner: nrcan, instrument: {MOC}, text: Talk, made: 2024-07-09}}\n",
        "utf-8",
    )
    db = Path(copies.of("sqlite", seeded, folder))
    assert run(["pact", "record", str(folder / "more.yaml"), "--reason", "test", "--db", str(db)]) == 0
    return db


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A data folder of its own."""
    monkeypatch.setenv("OREPACT_HOME", str(tmp_path))
    return tmp_path / "answers"


@pytest.fixture
def board(filled: Path, capsys: pytest.CaptureFixture[str]):
    """The reply of the scoreboard of the memorandum."""

    def asked() -> dict[str, Any]:
        capsys.readouterr()
        code = run(["pact", "scoreboard", MOC, "--on", "2026-11-22", "--db", str(filled), "--format", "json"])
        said = capsys.readouterr()
        assert code == 0, said.err
        return json.loads(said.out)

    return asked


def lithium(reply: dict[str, Any]) -> dict[str, Any]:
    return next(one for row in reply["data"] for one in row["indicators"] if one["commitment"] == "less")


def test_the_same_question_is_computed_once(board, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def rows(_: object, question: dict[str, Any]) -> Iterator[tuple[int, float, str, str]]:
        asked.append(question["thing"])
        yield from ((2023, 0.9, "t", "abc"), (2024, 0.8, "t", "bcd"))

    monkeypatch.setattr(computing, "_rows", rows)
    first, second = board(), board()
    assert asked == ["lithium"]
    assert first["data"] == second["data"]
    found = lithium(second)
    assert [(one["day"], one["value"]) for one in found["values"]] == [("2023", 0.9), ("2024", 0.8)]
    assert (found["baseline"], found["trend"]) == (None, "towards")
    told = next(one for one in second["meta"]["indicators"] if one["of"] == "less")
    assert told == {
        "of": "less", "name": "reliance on lithium", "baseline": "not known", "target": "0.5 (2030)", "last": "0.8 (2024)",
        "trend": "towards",
    }  # fmt: skip
    assert "talk" in second["meta"]["without_indicator"]
    (file,) = home.iterdir()
    file.write_text("{", "utf-8")
    assert board()["data"] == first["data"]
    assert asked == ["lithium", "lithium"]


def test_other_code_is_another_question(board, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(computing, "_rows", lambda *_: iter([(2024, 0.8, "t", "bcd")]))
    board()
    monkeypatch.setattr(computing, "code_mark", lambda: "changed")
    board()
    assert len([*home.iterdir()]) == 2


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home").write_text("a file where the folder should be", "utf-8")
    monkeypatch.setenv("OREPACT_HOME", str(tmp_path / "home"))
    assert remembering.remembered({"a": 1}, lambda: [1]) == [1]


def test_the_engine_itself(board, home: Path) -> None:
    found = lithium(board())
    assert [one["day"] for one in found["values"]] == sorted(one["day"] for one in found["values"])
    assert all(0 < one["value"] <= 1 for one in found["values"])  # Japan mines no lithium
    assert all(one["source"].startswith("net_import_reliance, ") for one in found["values"])
    assert len([*home.iterdir()]) == 1
