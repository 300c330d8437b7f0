"""What the line of jobs costs, on SQLite and PostgreSQL: processor time of each step, with many jobs behind, and of asking again.

``python -m benchmarks.jobs_line`` prints a table; where there is no PostgreSQL, that part is left out.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time

from sqlalchemy import Connection

from orepact.service.jobs import show_run, submit_run
from orepact.service.jobs.worker import Worker
from orepact.service.pact.desk import Desk
from orepact.store import queue
from orepact.store.queue import DONE, Job
from orepact.store.store import Store, open_store, upgrade_store

#: Jobs that have ended, jobs in line, organisations, and steps that are timed.
BEHIND, LINE, ORGANISATIONS, STEPS = 10_000, 200, 20, 100
TOY = Path(__file__).parent.parent / "tests" / "networks" / "toy"


@contextmanager
def timed(says: str, steps: int) -> Iterator[None]:
    """Print milliseconds of a step: of this process, and by the clock."""
    cpu, wall = process_time(), perf_counter()
    yield
    print(f"  {says:<46} {(process_time() - cpu) / steps * 1e3:8.2f} ms {(perf_counter() - wall) / steps * 1e3:8.2f} ms")


def fill(store: Store) -> None:
    """Jobs behind and in line."""
    with store.database.writing() as connection:
        for number in range(BEHIND + LINE):
            state = DONE if number < BEHIND else queue.QUEUED
            one = Job(f"run-{number}", "plan", f"o{number % ORGANISATIONS}", "", "", "{}", str(number), state)
            queue.add(connection, one)


def measure(store: Store) -> None:
    """Every step of a job, one transaction each as a worker makes them."""
    fill(store)
    held: list[Job] = []

    def each(step: Callable[[Connection, Job], object]) -> None:
        for one in held:
            with store.database.writing() as connection:
                step(connection, one)

    with timed("take (10,000 behind, 200 in line)", STEPS):
        while len(held) < STEPS:
            with store.database.writing() as connection:
                found = queue.take(connection, "w", 600)
            assert found is not None, "there are more in line"
            held.append(found)
    with timed("renew the lease and tell of progress", STEPS):
        each(lambda connection, one: queue.renew(connection, one, 600, 500, "half"))
    with timed("end", STEPS):
        each(lambda connection, one: queue.end(connection, one, DONE))
    with timed("look at the line", STEPS):
        for _ in range(STEPS):
            with store.database.reading() as connection:
                queue.any_left(connection)
    again(store)


def again(store: Store) -> None:
    """A plan of a small network, asked for twice."""
    with store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE job SET state = 'done'")
    desk, asked = Desk(store), {"network": {file.name: file.read_text() for file in TOY.iterdir()}}
    submit_run("plan", asked, desk)
    with timed("a worker's own part of a run of 1 to 5 s", 1):
        Worker(store).run(once=True)
    with timed("ask again and read the answer", STEPS):
        for _ in range(STEPS):
            show_run(str(submit_run("plan", asked, desk).top["run"]), desk)


def main() -> None:
    """Both databases."""
    from tools.postgresql import Cluster, programs

    with tempfile.TemporaryDirectory() as folder:
        url = f"{folder}/register.db"
        print("sqlite")
        upgrade_store(url, create=True).close()
        measure(open_store(url))
    found = programs()
    if found is None:
        print("no PostgreSQL on this machine")
        return
    cluster = Cluster.new(found)
    try:
        print("postgresql")
        upgrade_store(cluster.database(), create=True).close()
        measure(open_store(cluster.url("register_0")))
    finally:
        cluster.stop()


if __name__ == "__main__":
    main()
