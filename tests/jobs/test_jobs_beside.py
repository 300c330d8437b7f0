"""A worker beside a server: begun with it, ended with it, begun anew when it dies."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from jobs_world import TOY, environment, lives, until

from orepact.cli.entry import run
from orepact.service.jobs import show_run, submit_run
from orepact.service.jobs.beside import Beside
from orepact.service.pact.desk import Desk
from orepact.store.store import Store

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a process that ends with its parent: Linux")
#: Writes its number, then waits to be ended.
SAYS = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(float(sys.argv[2]))"


def told(file: Path) -> list[int]:
    """The numbers of the processes so far."""
    return [*map(int, file.read_text().split())] if file.exists() else []


def test_one_that_dies_is_begun_anew_and_the_last_one_ends_with_the_block(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Which is said in the log."""
    file = tmp_path / "pids"
    with caplog.at_level(logging.WARNING, "orepact.worker"), Beside([sys.executable, "-c", SAYS, str(file), "600"], pause_s=0.05):
        until(lambda: len(told(file)) == 1)
        os.kill(told(file)[0], signal.SIGKILL)
        until(lambda: len(told(file)) == 2)
        assert lives(told(file)[1])
    assert not any(map(lives, told(file)))
    assert "the worker ended (-9): started anew in" in caplog.text


def test_pauses_grow_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that cannot begin does not take the machine; one that lived well begins at once again."""
    beside, waited = Beside(["worker"], pause_s=1, longest_s=4, well_s=60), []
    clock, lived = [0.0], iter([0, 0, 0, 0, 100, 0])

    def one() -> int:
        clock[0] += next(lived)
        return 1

    def wait(seconds: float) -> bool:
        waited.append(seconds)
        if len(waited) == 6:
            beside._stopping.set()
        return False

    monkeypatch.setattr("orepact.service.jobs.beside.monotonic", lambda: clock[0])
    monkeypatch.setattr(beside, "_one", one)
    monkeypatch.setattr(beside._stopping, "wait", wait)
    beside._watch()
    assert waited == [1, 2, 4, 4, 1, 2]


def children() -> set[int]:
    """The processes that this one has begun."""
    listed = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return {int(pid) for file in listed for pid in file.read_text().split()}


@LINUX
def test_a_server_with_a_worker_answers_what_is_asked(small: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It computes while the server serves; after that it is gone, also when the server was killed."""
    uvicorn = pytest.importorskip("uvicorn")
    monkeypatch.setenv("PYTHONPATH", environment()["PYTHONPATH"])
    holder = Desk(small)
    name = str(submit_run("plan", {"network": TOY}, holder).top["run"])
    workers: list[int] = []
    before = children()

    def serves(*_: object, **__: object) -> None:
        until(lambda: show_run(name, holder).top["run"]["state"] == "done")
        workers.extend(children() - before)

    monkeypatch.setattr(uvicorn, "run", serves)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setenv("OREPACT_DATABASE_URL", "elsewhere")
    assert run(["serve", "--worker", "--db", str(small.database.address)]) == 0
    assert workers
    assert not any(map(lives, workers))


@LINUX
def test_it_ends_with_a_server_that_is_killed(small: Store, tmp_path: Path) -> None:
    """Nobody is left to tell it, but the system."""
    text = "from orepact.service.jobs.beside import Beside\nimport time\nwith Beside() as one:\n    time.sleep(600)\n"
    own = {**environment(), "OREPACT_DATABASE_URL": str(small.database.address), "TMPDIR": str(tmp_path)}
    server = subprocess.Popen([sys.executable, "-c", text], env=own)
    try:
        children = Path(f"/proc/{server.pid}/task")
        found: list[int] = []

        def begun() -> bool:
            found[:] = [int(pid) for file in children.glob("*/children") for pid in file.read_text().split()]
            return bool(found) and "--parent" in Path(f"/proc/{found[0]}/cmdline").read_text()

        until(begun)
        until(lambda: any(tmp_path.glob("orepact-runs-*")))  # it works: its folder is there
        server.send_signal(signal.SIGKILL)
        server.wait()
        until(lambda: not lives(found[0]))
    finally:
        server.kill()
        server.wait()
