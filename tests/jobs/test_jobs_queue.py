"""The line of jobs: who is next, who holds one, what a slow or dead worker can still do to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from orepact.store import answers, queue
from orepact.store.queue import CANCELLED, DONE, FAILED, QUEUED, RUNNING, Job
from orepact.store.store import Store


def job(name: str, organisation: str = "nrcan", **values: object) -> Job:
    """A job."""
    return replace(Job(name, "plan", organisation, "ana", "", "{}", f"hash of {name}"), **values)  # type: ignore[arg-type]


@pytest.fixture
def put(store: Store) -> Callable[..., None]:
    """Put jobs in line."""

    def put_(*jobs: Job) -> None:
        for one in jobs:
            with store.database.writing() as connection:
                assert queue.add(connection, one)

    return put_


def taken(store: Store, worker: str = "w", lease_s: float = 60.0) -> Job | None:
    """The next job."""
    with store.database.writing() as connection:
        return queue.take(connection, worker, lease_s)


def ended(store: Store, one: Job, state: str = DONE) -> bool:
    """Whether a worker could end a job."""
    with store.database.writing() as connection:
        return queue.end(connection, one, state)


def now(store: Store, name: str) -> Job:
    """A job as it stands."""
    with store.database.reading() as connection:
        found = queue.find(connection, name)
    assert found is not None
    return found


def test_who_waited_longest_and_was_not_served_is_next(store: Store, put: Callable[..., None]) -> None:
    """Priority goes first; then organisations take turns, however many jobs one of them put in line."""
    put(job("a1"), job("a2"), job("a3", priority=9), job("b1", "meti"), job("urgent", "metis", priority=0))
    order = []
    while (one := taken(store)) is not None:
        order.append(one.id)
        assert ended(store, one)
    assert order == ["urgent", "a1", "b1", "a2", "a3"]
    with store.database.reading() as connection:
        assert not queue.any_left(connection)


def test_a_question_stands_in_line_once_for_an_organisation(store: Store, put: Callable[..., None]) -> None:
    """Until it is answered; of another organisation it is another one."""
    put(job("first"))
    with store.database.writing() as connection:
        assert not queue.add(connection, job("second", request_hash="hash of first"))
        assert queue.add(connection, job("theirs", "meti", request_hash="hash of first"))
    held = taken(store)
    assert held is not None
    assert ended(store, held)
    with store.database.writing() as connection:
        assert queue.add(connection, job("third", request_hash="hash of first"))


def test_two_workers_do_not_wait_for_each_other(store: Store, put: Callable[..., None], backend: str) -> None:
    """In PostgreSQL the second takes the next job while the first is still taking; neither takes the other's."""
    if backend == "sqlite":
        pytest.skip("SQLite lets one write at a time: one worker is meant")
    put(job("one"), job("two"))
    with store.database.writing() as first, store.database.writing() as second, store.database.writing() as third:
        names = [one.id for one in (queue.take(first, "f", 60), queue.take(second, "s", 60)) if one]
        assert names == ["one", "two"]
        assert queue.take(third, "t", 60) is None


def test_what_a_dead_worker_left_is_taken_and_his_late_words_reach_nothing(store: Store, put: Callable[..., None]) -> None:
    """Each write names the attempt; the third worker that ends without a word ends the job."""
    put(job("one"))
    dead = taken(store, "dead", lease_s=-1)
    assert dead is not None
    next_ = taken(store, "next", lease_s=-1)
    assert next_ is not None
    assert (dead.attempt, dead.lost, next_.attempt, next_.lost) == (1, 0, 2, 1)
    with store.database.writing() as connection:
        assert queue.renew(connection, dead, 60, 500, "late") is None
        assert queue.to_end(connection, dead) is None
        assert not queue.end(connection, dead, DONE)
        assert not queue.give_back(connection, dead, lost=True)
    assert now(store, "one") == next_
    third = taken(store, "third", lease_s=-1)
    assert third is not None
    assert taken(store) is None
    found = now(store, "one")
    assert (found.state, found.attempt, found.lost) == (FAILED, 3, 3)
    assert "the worker ended three times" in found.error


def test_a_lease_is_renewed_by_the_time_of_the_database(store: Store, put: Callable[..., None]) -> None:
    """While it lasts nobody else takes the job; progress is told with it."""
    put(job("one"))
    held = taken(store, lease_s=-1)
    assert held is not None
    with store.database.writing() as connection:
        assert queue.renew(connection, held, 60, 250, "a quarter") is False
    assert taken(store) is None
    found = now(store, "one")
    assert (found.progress, found.step, found.state) == (250, "a quarter", RUNNING)
    assert found.created_at < found.started_at < found.lease_until


def test_who_stops_in_order_gives_back_and_loses_no_try(store: Store, put: Callable[..., None]) -> None:
    """However often workers are stopped, the job is not failed for it."""
    put(job("one"))
    for attempt in range(1, 6):
        held = taken(store)
        assert held is not None
        assert held.attempt == attempt
        with store.database.writing() as connection:
            assert queue.give_back(connection, held, lost=False)
    assert (now(store, "one").state, now(store, "one").lost) == (QUEUED, 0)


def test_jobs_are_cancelled_wherever_they_are(store: Store, put: Callable[..., None]) -> None:
    """In line at once; at work when its worker looks; when that worker is dead, by the next; not after the end."""
    # Moments have milliseconds: of two jobs put in line within one, the first by name is next.
    put(job("waits"), job("works"), job("worse", "meti"))
    with store.database.writing() as connection:
        queue.cancel(connection, "waits")
    assert now(store, "waits").state == CANCELLED
    works, dead = taken(store), taken(store, lease_s=-1)
    assert works is not None
    assert dead is not None
    with store.database.writing() as connection:
        queue.cancel(connection, "works")
        queue.cancel(connection, "worse")
        assert queue.to_end(connection, works) is True
        assert queue.renew(connection, works, 60, 0, "") is True
    assert taken(store) is None
    assert now(store, "worse").state == CANCELLED
    assert ended(store, works, CANCELLED)
    with store.database.writing() as connection:
        queue.cancel(connection, "works")
    assert now(store, "works").state == CANCELLED


def test_answers_are_kept_for_their_organisation_and_let_go_of(store: Store, put: Callable[..., None]) -> None:
    """A later one takes the place of the first; old ones go with the jobs that ended before."""
    found = answers.Found({"answer": b"a", "flows": b"f"}, "{}", "h", 5)
    put(job("old"), job("open"))
    held = taken(store)
    assert held is not None
    assert ended(store, held)
    with store.database.writing() as connection:
        answers.keep(connection, "nrcan", "q", found)
        answers.keep(connection, "nrcan", "q", replace(found, parts={"answer": b"b"}))
        assert answers.read(connection, "nrcan", "q") == b"b"
        assert answers.read(connection, "meti", "q") is None
        assert answers.names(connection, "nrcan", "q") == []
        assert answers.forget(connection, "2000") == 0
        assert answers.forget(connection, "9999") == 1
        assert answers.noted(connection, "nrcan", "q") is None
        assert [one.id for one in queue.page(connection, None)] == ["open"]
