"""Answers that the processes of a server keep together: told again as they were, apart for each who asks, within their room."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from orepact.facts.labels import Audience
from orepact.service.jobs import scratch
from orepact.web.edge.answers import BESIDES, Answer, Kept, Packed
from orepact.web.edge.shared import Shared, digest

QUESTION = ("list", frozenset({"all", "of:meti"}), ("head", "until"))
ANSWER = Answer(b'{"data":[]}' + b" " * 10_000, '"tag"', 200, after="mark", file="records.csv", left_out=("one", "two"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where they lie."""
    return tmp_path / "answers.db"


def test_what_one_process_keeps_another_tells(file: Path) -> None:
    one, other = Kept(10**6, Shared(file, 10**6)), Kept(10**6, Shared(file, 10**6))
    assert other.get(QUESTION) is None
    one.keep(QUESTION, ANSWER)
    assert other.at_hand(QUESTION) is None  # it has to be asked for
    assert other.get(QUESTION) == ANSWER
    assert other.at_hand(QUESTION) == ANSWER  # and then is at hand
    assert (other.hits, other.misses) == (2, 1)


@pytest.mark.parametrize(
    "another",
    [
        ("list", frozenset({"all"}), ("head", "until")),
        ("list", frozenset({"all", "of:meti"}), ("later head", "until")),
        ("show", frozenset({"all", "of:meti"}), ("head", "until")),
    ],
)
def test_who_holds_less_or_asks_later_is_told_nothing_of_it(file: Path, another: tuple[object, ...]) -> None:
    Shared(file, 10**6).keep(QUESTION, Packed.of(ANSWER))
    assert Shared(file, 10**6).get(another) is None


def test_audiences_are_told_apart() -> None:
    mine, theirs = Audience("meti", True, frozenset({"gac"})), Audience("meti", True, frozenset())
    assert digest((mine,)) == digest((Audience("meti", True, frozenset({"gac"})),))
    assert digest((mine,)) != digest((theirs,))


def test_a_question_that_cannot_be_told_from_others_is_refused() -> None:
    with pytest.raises(TypeError, match="not JSON serializable: object"):
        digest((object(),))


def test_the_oldest_go_where_room_is_short(file: Path) -> None:
    shared = Shared(file, 20 * (BESIDES + 100))
    for number in range(50):
        shared.keep((number,), Packed.of(Answer(b"x" * 100, '"t"')))
    there = [number for number in range(50) if shared.get((number,)) is not None]
    assert there == [*range(min(there), 50)]
    assert 10 <= len(there) <= 20


def test_a_file_that_is_no_good_costs_an_answer_and_nothing_else(file: Path) -> None:
    file.write_bytes(b"no database, but long enough to be taken for one" * 100)
    kept = Kept(10**6, Shared(file, 10**6))
    kept.keep(QUESTION, ANSWER)
    assert kept.get(QUESTION) == ANSWER
    assert Shared(file, 10**6).get(QUESTION) is None


def test_where_less_is_free_less_is_kept(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10 * (BESIDES + 100)))
    shared = Shared(file, 10**6)
    for number in range(30):
        shared.keep((number,), Packed.of(Answer(b"x" * 100, '"t"')))
    there = [number for number in range(30) if shared.get((number,)) is not None]
    assert 2 <= len(there) <= 5
    assert there[-1] == 29


def test_nobody_else_opens_the_file(file: Path) -> None:
    Shared(file, 10**6).keep(QUESTION, Packed.of(ANSWER))
    assert file.stat().st_mode & 0o077 == 0


def test_what_a_killed_server_left_is_gone_when_the_next_one_begins(tmp_path: Path) -> None:
    """A folder is held by whoever made it; one that nobody holds is swept."""
    code = (
        "import os, sys; from pathlib import Path; from orepact.service.jobs import scratch\n"
        "with scratch.folder('answers', Path(sys.argv[1])) as made: print(made, flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    left = Path(done.stdout.strip())
    assert left.is_dir()
    with scratch.folder("answers", tmp_path) as mine:
        assert scratch.sweep("answers", tmp_path) == 1
        assert mine.is_dir()
    assert not left.exists()


def test_secrets_are_kept_nowhere(file: Path) -> None:
    with pytest.raises(AssertionError, match="no answer to a question"):
        Shared(file, 10**6).keep(QUESTION, Packed.of(Answer(b"{}", '"t"', session="secret")))
