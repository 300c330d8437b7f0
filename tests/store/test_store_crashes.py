"""Writers killed in the middle, again and again: nothing acknowledged is lost, nothing half-written is seen, the log closes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import sleep

import pytest
from register_things import Leaf
from tools.postgresql import Cluster, programs

from orepact.store.store import Store, open_store, upgrade_store

LONG = os.environ.get("OREPACT_LONG") == "1"
#: Killed writers, and killed servers.
ROUNDS, DEATHS = (100, 10) if LONG else (20, 3)
HERE = Path(__file__).parent


@dataclass
class Writer:
    """The program that writes, and what it said in all rounds."""

    process: subprocess.Popen[str]
    kept: list[int] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def round(self, begin: int, changes: int, end: Callable[[int], None]) -> None:
        """Let a child write until so many changes were kept, then end it (its id is given) in the middle of whatever it does."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{begin}\n")
        self.process.stdin.flush()
        pid, kept = 0, 0
        for line in self.lines():
            word, _, said = line.partition(" ")
            if word == "ended":
                return
            pid = int(said) if word == "pid" else pid
            if word == "failed":
                self.failed.append(said)
            if word == "kept":
                self.kept.append(int(said))
                kept += 1
            if pid and kept >= changes:
                end(pid)
                pid = 0
        raise AssertionError(f"the writer is gone: {self.process.poll()}")

    def lines(self) -> Iterator[str]:
        """What it says."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            yield line.rstrip("\n")


@contextmanager
def writing(url: str) -> Iterator[Writer]:
    """The program, ended when the block ends."""
    paths = os.pathsep.join([str(HERE), *sys.path])
    command = [sys.executable, str(HERE / "crash_writer.py"), url]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": paths}
    )
    try:
        yield Writer(process)
    finally:
        process.kill()
        process.wait()


def kill(pid: int) -> None:
    """No last word."""
    os.kill(pid, signal.SIGKILL)


def check(store: Store, writer: Writer) -> int:
    """What was acknowledged is there; what belongs together is there together. How many changes there are."""
    with store.reading() as register:  # one state: the last change of a killed writer may come through while we look
        there = {name for _, name in register.records}
        counter = register.get(Leaf, "counter").title
    left = {int(name[1:].partition("-")[0]) for name in there if name.endswith("-left")}
    right = {int(name[1:].partition("-")[0]) for name in there if name.endswith("-right")}
    assert left == right
    assert left >= set(writer.kept)
    assert counter == (f"Counter {max(left)}" if left else "Counter")
    return len(left)


def begin(url: str) -> Store:
    """The record that all changes change."""
    store = open_store(url)
    with store.write("ana", "begin") as unit:
        unit.put(Leaf(id="counter", title="Counter"))
    return store


def test_killed_writers_lose_nothing(url: str) -> None:
    """Each a moment after an acknowledgement, in its next change or the next but some; a hundred with ``OREPACT_LONG=1``."""
    draw = random.Random(7)
    store = begin(url)

    def end(pid: int) -> None:
        sleep(draw.uniform(0, 0.03))
        kill(pid)

    with writing(url) as writer:
        for number in range(ROUNDS):
            writer.round(number * 1000, draw.randrange(0, 4), end)
            check(store, writer)
    assert not writer.failed
    changes = check(store, writer)
    assert len(writer.kept) >= ROUNDS
    assert len(store.register()) == 1 + 2 * changes
    assert store.verify().head.seq == 1 + 3 * changes
    store.close()


@pytest.fixture
def lasting() -> Iterator[Cluster]:
    """A server that waits for the disk, as one does that people rely on: that of the other tests does not."""
    found = programs()
    if found is None:
        pytest.skip("no PostgreSQL on this machine (as root, `make test` installs it)")
    cluster = Cluster.new(found)
    yield cluster
    cluster.stop()


def test_a_killed_server_loses_nothing(lasting: Cluster) -> None:
    """The server with all its processes, three times (ten with ``OREPACT_LONG=1``); what it acknowledged is there when it is
    started again.
    """
    url = lasting.schema()
    upgrade_store(url, create=True).close()
    draw = random.Random(8)
    store = begin(url)

    def end(_: int) -> None:
        sleep(draw.uniform(0, 0.03))
        lasting.kill()

    with writing(url) as writer:
        for number in range(DEATHS):
            writer.round(number * 1000, draw.randrange(1, 4), end)
            lasting.start()
            check(store, writer)
    assert len(writer.failed) == DEATHS
    assert all(said.startswith("StoreUnavailable") for said in writer.failed)
    assert store.verify().head.seq == 1 + 3 * check(store, writer)
    store.close()


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_check_itself_sees_a_loss(url: str, number: int) -> None:
    """A change said to be kept that is not there; half a change; a counter that is not that of the last."""
    store = begin(url)
    writer = Writer(subprocess.Popen([sys.executable, "-c", ""], text=True))
    writer.process.wait()
    if number == 0:
        writer.kept.append(5)
    with store.write("ana", "half") as unit:
        if number == 1:
            unit.put(Leaf(id="n1-left", title="Left"))
        if number == 2:
            unit.put(Leaf(id="counter", title="Counter 9"), 1)
    with pytest.raises(AssertionError):
        check(store, writer)
    store.close()
