"""Workers and their processes killed in the middle, on both databases: no job is lost, nothing is left, none is done twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread
from time import sleep

import pytest
from jobs_world import QUICK, lives, pids, until, worker_on

from orepact.service.jobs import Worker, cancel_run, scratch, show_run, submit_run
from orepact.service.pact.desk import Desk
from orepact.store import queue
from orepact.store.store import Store

pytestmark = [
    pytest.mark.usefixtures("stand_in"),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a process that ends with its parent: Linux"),
]


@pytest.fixture(autouse=True)
def own_scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders of runs in a place of the test's own."""
    place = tmp_path / "scratch"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    monkeypatch.setenv("TMPDIR", str(place))
    return place


def asked(place: Path, title: str, **said: object) -> dict[str, dict[str, str]]:
    """What stands in for a run."""
    words = {"title": title, "place": str(place), **said}
    return {"network": {"network.yaml": "\n".join(f"{name}: {value}" for name, value in words.items())}}


def submitted(store: Store, place: Path, title: str, **options: object) -> str:
    """A run in line."""
    times = {"times": options.pop("times")} if "times" in options else {}
    return str(submit_run("plan", asked(place, title, **times), Desk(store), **options).top["run"])


def standing(store: Store, name: str) -> queue.Job:
    """A run as it stands."""
    with store.database.reading() as connection:
        found = queue.find(connection, name)
    assert found is not None
    return found


@contextmanager
def working(store: Store) -> Iterator[Worker]:
    """A worker in a thread."""
    worker = Worker(store, QUICK)
    thread = Thread(target=worker.run)
    thread.start()
    try:
        yield worker
    finally:
        worker.stopping.set()
        thread.join()


def test_a_killed_worker_takes_its_process_along_and_the_next_one_does_the_job(
    store: Store, url: str, tmp_path: Path, own_scratch: Path
) -> None:
    """After the lease has ended; the folder with what is private is taken away."""
    name = submitted(store, tmp_path, "tell")
    with worker_on(url) as first:
        until(lambda: standing(store, name).progress == 500)
        first.send_signal(signal.SIGKILL)
        first.wait()
    (orphan,) = pids(tmp_path)
    until(lambda: not lives(orphan))
    left = [*own_scratch.glob("orepact-runs-*/run-*")]
    assert len(left) == 1
    assert left[0].stat().st_mode & 0o777 == 0o700
    (tmp_path / "go").touch()
    worker = Worker(store, QUICK)
    assert standing(store, name).state == "running"
    until(lambda: worker.run(once=True))
    found = standing(store, name)
    assert (found.state, found.attempt, found.lost) == ("done", 2, 1)
    assert [*own_scratch.glob("orepact-runs-*/*")] == []
    assert len(show_run(name, Desk(store)).data) == 1


def test_a_process_that_is_killed_is_started_again_three_times_at_most(store: Store, tmp_path: Path) -> None:
    """The second time it may pass; what ends so each time fails and does not hold up the line."""
    twice, always = tmp_path / "twice", tmp_path / "always"
    for place in (twice, always):
        place.mkdir()
    first, second = submitted(store, twice, "die", times=2), submitted(store, always, "die", times=99)
    assert Worker(store, QUICK).run(once=True) == 6
    assert (standing(store, first).state, standing(store, first).lost, len(pids(twice))) == ("done", 2, 3)
    assert (standing(store, second).state, standing(store, second).lost, len(pids(always))) == ("failed", 3, 3)


def test_a_solve_is_ended_by_cancel_and_by_its_time(store: Store, tmp_path: Path, own_scratch: Path) -> None:
    """In the middle of the solver's own code, which asks nobody."""
    for word in ("cancelled", "timed_out"):
        place = tmp_path / word
        place.mkdir()
        name = submitted(store, place, "toil", **({"time_limit_s": 2} if word == "timed_out" else {}))
        with working(store):
            if word == "cancelled":
                until((place / "solving").exists)
                cancel_run(name, Desk(store))
            until(lambda name=name: standing(store, name).ended_at)  # type: ignore[misc]
        assert standing(store, name).state == word
        assert not any(map(lives, pids(place)))
        assert not (place / "solved").exists()
    assert [*own_scratch.glob("orepact-runs-*/*")] == []


def test_a_worker_that_is_told_to_stop_gives_its_job_back(store: Store, url: str, tmp_path: Path) -> None:
    """At once, and it costs the job no try."""
    name = submitted(store, tmp_path, "tell")
    with working(store):
        until(lambda: standing(store, name).progress == 500)
    found = standing(store, name)
    assert (found.state, found.lost, found.worker) == ("queued", 0, "")
    assert not any(map(lives, pids(tmp_path)))


def test_a_worker_that_lost_its_lease_keeps_nothing(small: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was only slow: meanwhile another one took the job, and its answer counts."""
    name = submitted(small, tmp_path, "tell")
    with working(small):
        until(lambda: standing(small, name).progress == 500)
        with small.database.writing() as connection:
            connection.exec_driver_sql("UPDATE job SET lease_until = ''")
            other = queue.take(connection, "another", 600)
        assert other is not None
        (slow,) = pids(tmp_path)
        until(lambda: not lives(slow))
        assert standing(small, name) == other
    assert standing(small, name) == other


def test_a_bug_is_not_tried_again(small: Store, tmp_path: Path) -> None:
    """An exception would come again; what it says is for the log of the worker."""
    name = submitted(small, tmp_path, "no such title")
    assert Worker(small, replace(QUICK)).run(once=True) == 1
    error = show_run(name, Desk(small)).top["run"]["error"]
    assert error == {"code": "internal_error", "message": "our fault: the log of the worker says more"}


def test_the_log_of_a_run_has_no_words_of_an_error() -> None:
    """Kind and place alone, whether its task cannot be read or cannot be worked on; 1 says that it would come again."""
    task = {"use_case": "plan", "arguments": {"network": {"secret-4471": 1}}, "folder": "/secret-4471", "parent": os.getpid()}
    for content in (json.dumps({"secret-4471": 1}), '"secret-4471', json.dumps(task)):
        found = subprocess.run(
            [sys.executable, "-P", "-m", "orepact.service.jobs.child"], input=content, capture_output=True, text=True, check=False
        )
        assert found.returncode == 1, found
        assert "secret-4471" not in found.stderr
        (line,) = map(json.loads, found.stderr.splitlines())
        assert line["logger"] == "orepact.worker"
        assert any("child.py" in place for place in line["errors"][0]["places"])


def test_folders_of_workers_that_live_are_left_alone(own_scratch: Path) -> None:
    """And those of this one too."""
    with scratch.folder() as mine:
        (mine / "claims.csv").write_text("private")
        child = os.fork()
        if child == 0:
            os._exit(scratch.sweep())
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert (mine / "claims.csv").exists()
    assert [*own_scratch.glob("orepact-runs-*/*")] == []


def test_the_database_is_gone_while_a_job_ends(
    store: Store, backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """What was found is kept when the database is back."""
    if backend == "sqlite":
        pytest.skip("a file does not restart")
    name = submitted(store, tmp_path, "tell")
    cluster = request.getfixturevalue("cluster")
    with working(store):
        until(lambda: standing(store, name).progress == 500)
        cluster.kill()
        (tmp_path / "go").touch()
        (pid,) = pids(tmp_path)
        until(lambda: not lives(pid))
        sleep(QUICK.look_s)
        cluster.start()
        until(lambda: standing(store, name).state == "done")
    assert len(show_run(name, Desk(store)).data) == 1
