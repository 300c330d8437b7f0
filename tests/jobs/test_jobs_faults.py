"""Two workers on one PostgreSQL, with deaths and a restart in the middle: no run is lost, and none has two answers."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from jobs_world import grounded, lives, pids, until, worker_on
from tools.postgresql import Cluster

from orepact.service.jobs import show_run, submit_run
from orepact.service.pact.desk import Desk
from orepact.store import queue
from orepact.store.store import Store, open_store

#: Runs in line; ``OREPACT_TEST_RUNS`` makes it more.
RUNS = int(os.environ.get("OREPACT_TEST_RUNS", "6"))

pytestmark = [
    pytest.mark.usefixtures("stand_in"),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a process that ends with its parent: Linux"),
]


def standing(store: Store) -> list[queue.Job]:
    """Every run as it stands."""
    with store.database.reading() as connection:
        return queue.page(connection, None, limit=500)


def test_two_workers_with_deaths_and_a_restart(
    copy_of: Callable[..., str], cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker is killed, then the process of the other's run, then the database; a third worker comes, and all is done."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    url = copy_of("postgresql", grounded)
    store = open_store(url)
    holder = Desk(store)
    places = [tmp_path / f"run{number}" for number in range(RUNS)]
    for place in places:
        place.mkdir()
    named = {
        str(submit_run("plan", {"network": {"network.yaml": f"title: tell\nplace: {place}"}}, holder).top["run"]): place
        for place in places
    }
    with worker_on(url) as first, worker_on(url) as second:
        until(lambda: sum(job.progress == 500 for job in standing(store)) == 2)
        held = {job.worker: job for job in standing(store) if job.state == "running"}
        assert len(held) == 2, "each has one of its own"
        theirs = {int(name.rpartition(":")[2]): named[job.id] for name, job in held.items()}
        first.send_signal(signal.SIGKILL)
        first.wait()
        orphan, (victim,) = pids(theirs[first.pid]), pids(theirs[second.pid])
        until(lambda: not any(map(lives, orphan)))
        os.kill(victim, signal.SIGKILL)
        until(lambda: any(map(lives, (pid for place in places for pid in pids(place)))))
        cluster.kill()
        for place in places:
            (place / "go").touch()
        cluster.start()
        with worker_on(url):
            until(lambda: all(job.state == "done" for job in standing(store)), 240)
        second.send_signal(signal.SIGTERM)
        second.wait()
    for name, place in named.items():
        found = show_run(name, holder)
        (pid,) = found.data["pid"]
        assert pid in pids(place), "its answer is one of its own"
        assert pid not in (*orphan, victim)
    with store.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM result").scalar() == RUNS
    lost = {job.id: job.lost for job in standing(store)}
    assert all(lost[name] for name, place in named.items() if place in theirs.values()), "both deaths are counted"
    store.close()
