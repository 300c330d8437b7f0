"""One worker, two, a cluster, a kill and a resume: the same bits; workers that die and clusters that vanish: said."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from ensemble_worlds import MANY, study
from orepact.errors import BadInput, WorkStopped
from orepact.shock.ensemble import ensemble as running
from orepact.shock.ensemble.ensemble import run_members
from orepact.shock.ensemble.journal import Journal
from orepact.shock.ensemble.member import MemberLoss
from orepact.shock.ensemble.runners import Cluster, Processes, WorkersGone, runner_for
from orepact.shock.ensemble.study import Study
from orepact.shock.ensemble.work import solve_members
from orepact.wording import field
from shock_networks import chain_case

MEMBERS = range(60)
HERE = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def chosen() -> Study:
    return study(*MANY, case=chain_case())


@pytest.fixture(scope="module")
def alone(chosen) -> tuple[MemberLoss, ...]:
    return run_members(chosen, MEMBERS)


def test_the_study_is_named_by_what_it_depends_on(chosen):
    assert chosen.key == study(*MANY, case=chain_case()).key
    other = [
        study(*MANY, case=chain_case(), seed=4),
        study(*MANY[:3], case=chain_case()),
        study(*MANY),
        study(*MANY, case=chain_case(), block_weeks=4),
    ]
    assert len({chosen.key, *(one.key for one in other)}) == 5


def test_two_processes_give_the_bits_of_one(chosen, alone):
    assert any(member.loss_usd > 0 for member in alone)
    assert run_members(chosen, MEMBERS, runner=Processes(2)) == alone


def test_a_part_is_the_part_of_the_whole(chosen, alone):
    assert run_members(chosen, [41, 7, 7]) == (alone[41], alone[7])


@pytest.mark.slow
def test_a_cluster_of_two_workers_gives_the_bits_of_one(chosen, alone, tmp_path):
    from distributed import LocalCluster

    journal = Journal(tmp_path / "j")
    with LocalCluster(n_workers=2, threads_per_worker=2, processes=True, dashboard_address=None) as cluster:
        found = run_members(chosen, MEMBERS, runner=Cluster(cluster.scheduler_address), journal=journal)
    assert found == alone
    assert len(journal.read(chosen.key)) == len(MEMBERS)


@pytest.mark.slow
def test_a_cluster_that_vanishes_is_said_and_what_is_done_is_kept(chosen, alone, tmp_path, monkeypatch):
    from distributed import LocalCluster

    monkeypatch.setattr(running, "CHUNK", 5)
    journal = Journal(tmp_path / "j")
    cluster = LocalCluster(n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None)

    def vanish(step: str, _share: float) -> None:
        if step.startswith("solving"):
            cluster.close()

    with pytest.raises(WorkStopped) as caught:
        run_members(chosen, MEMBERS, runner=Cluster(cluster.scheduler_address, patience=3), journal=journal, report=vanish)
    assert 0 < caught.value.done < caught.value.wanted == len(MEMBERS)
    assert str(journal.path) in caught.value.resume
    assert len(journal.read(chosen.key)) == caught.value.done
    assert run_members(chosen, MEMBERS, journal=journal) == alone


def test_no_cluster_at_the_address_is_said(chosen):
    said: list[str] = []
    began = time.monotonic()
    with pytest.raises(WorkStopped, match=r"no cluster answers at tcp://127\.0\.0\.1:9 .*: 0 of 3 are done") as caught:
        run_members(chosen, range(3), runner=Cluster("tcp://127.0.0.1:9", patience=1), report=lambda step, _: said.append(step))
    assert caught.value.done == 0
    assert field("journal") in caught.value.resume
    assert said == ["connecting to tcp://127.0.0.1:9 (at most 1 s): 0 of 3 done"]
    assert time.monotonic() - began < 2.5  # once, not over and over: three tries would be 3 s at least


VANISH = """
import logging, subprocess, sys
sys.path.insert(0, {here!r})
from ensemble_worlds import MANY, study
from shock_networks import chain_case
from orepact.errors import WorkStopped
from orepact.shock.ensemble import ensemble
from orepact.shock.ensemble.runners import Cluster
ensemble.CHUNK = 2
quiet = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
dask = lambda name, *words: subprocess.Popen([sys.executable, "-m", f"distributed.cli.dask_{{name}}", *words], **quiet)
scheduler = dask("scheduler", "--host", "127.0.0.1", "--port", "{port}", "--no-dashboard")
worker = dask("worker", "tcp://127.0.0.1:{port}", "--no-nanny", "--nthreads", "1", "--no-dashboard")
def tell(step, share):
    print(step, flush=True)
    if step.startswith("solving"):
        scheduler.kill()
levels = lambda: [logging.getLogger(name).level for name in ("distributed", "distributed.client", "tornado")]
import distributed
before = levels()
try:
    ensemble.run_members(study(*MANY, case=chain_case()), range(4000), runner=Cluster("tcp://127.0.0.1:{port}"), report=tell)
except WorkStopped as error:
    print(error)
assert levels() == before
worker.kill()
"""


@pytest.mark.slow
def test_a_scheduler_that_dies_is_said_in_our_words_and_no_others(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = textwrap.dedent(VANISH.format(here=str(HERE), port=port))
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert found.stderr == ""
    lines = found.stdout.splitlines()
    assert lines[0] == f"connecting to tcp://127.0.0.1:{port} (at most 10 s): 0 of 4000 done"
    assert re.search(r"no cluster answers at \S+ \(waited 10 s\): \d+ of 4000 are done", lines[-1])
    assert " 0 of 4000" not in lines[-1]


ORPHANS = """
import os, sys
sys.path.insert(0, {here!r})
from ensemble_worlds import MANY, study
from shock_networks import chain_case
from orepact.shock.ensemble import ensemble
from orepact.shock.ensemble.runners import Processes
ensemble.CHUNK = {chunk}
def tell(step, share):
    print(step, flush=True)
ensemble.run_members(study(*MANY, case=chain_case()), range({members}), runner=Processes(2), report=tell)
print("done", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks into /proc")
@pytest.mark.parametrize(("chunk", "members", "line", "worked"), [(100_000, 200_000, "starting", 2), (4, 8, "done", 0)])
def test_workers_end_soon_after_their_parent_is_killed(chunk, members, line, worked):
    # in the midst of a chunk that takes minutes, and idle when all is done
    code = textwrap.dedent(ORPHANS.format(here=str(HERE), chunk=chunk, members=members))
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        for said in process.stdout:
            if said.startswith(line):
                break
        workers = at_work(process.pid, worked)
        process.kill()
    try:
        assert len(workers) == 2
        until = time.monotonic() + 15
        while any(alive(worker) for worker in workers) and time.monotonic() < until:
            time.sleep(0.2)
        assert not [worker for worker in workers if alive(worker)]
    finally:
        for worker in workers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)


def at_work(parent: int, worked: float) -> list[int]:
    """The two workers of a process, once each has used so many seconds of the processor."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        found = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit() and is_worker(path, parent)]
        if len(found) == 2 and all(seconds(worker) >= worked for worker in found):
            return found
        time.sleep(0.2)
    return []


def is_worker(path: Path, parent: int) -> bool:
    try:
        return f"PPid:\t{parent}\n" in (path / "status").read_text() and "LokyProcess" in (path / "cmdline").read_text()
    except OSError:
        return False


def seconds(process: int) -> float:
    """Seconds of the processor that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


SCRIPT = """
import sys, os
sys.path.insert(0, {here!r})
from pathlib import Path
from ensemble_worlds import MANY, study
from shock_networks import chain_case
from orepact.shock.ensemble import ensemble
from orepact.shock.ensemble.journal import Journal
ensemble.CHUNK = 3
def tell(step, share):
    print(step, flush=True)
ensemble.run_members(study(*MANY, case=chain_case()), range(60), journal=Journal(Path({journal!r})), report=tell)
"""


def test_kill_9_in_the_middle_then_resume_gives_the_same_bits(chosen, alone, tmp_path):
    journal = tmp_path / "years.journal"
    code = textwrap.dedent(SCRIPT.format(here=str(HERE), journal=str(journal)))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        for _ in range(3):
            process.stdout.readline()
        os.kill(process.pid, signal.SIGKILL)
    done = Journal(journal).read(chosen.key)
    assert 9 <= len(done) < 60
    with journal.open("ab") as file:
        file.write(b"0123 torn by the ki")
    assert run_members(chosen, MEMBERS, journal=Journal(journal)) == alone
    assert Journal(journal).read(chosen.key) == {member.member: member for member in alone}


class Dying:
    """Workers that die after each chunk, or at once."""

    opening = ""

    def __init__(self, *, after: int) -> None:
        self.after, self.times = after, 0

    def run(self, chosen: Study, chunks: Sequence[tuple[int, ...]]) -> Iterator[list[MemberLoss]]:
        self.times += 1
        for chunk in chunks[: self.after]:
            yield solve_members(chosen.key, chosen.packed, chunk)
        raise WorkersGone("a worker process died")


def test_work_goes_on_when_workers_die_now_and_then(chosen, alone):
    dying = Dying(after=1)
    assert run_members(chosen, MEMBERS, runner=dying) == alone
    assert dying.times == 3


def test_workers_that_keep_dying_stop_the_work_with_the_count(chosen, tmp_path):
    with pytest.raises(WorkStopped, match=r"died: 0 of 60 are done") as caught:
        run_members(chosen, MEMBERS, runner=Dying(after=0), journal=Journal(tmp_path / "j"))
    assert "ask the same again" in caught.value.resume


def test_a_process_that_is_killed_is_replaced(chosen, alone, tmp_path, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 5)
    flag = tmp_path / "once"

    class Killed(Processes):
        def run(self, chosen, chunks):
            from joblib import Parallel, delayed
            from joblib.externals.loky.process_executor import BrokenProcessPool

            work = Parallel(n_jobs=2, return_as="generator_unordered")
            try:
                yield from work(delayed(solve_or_die)(chosen.key, chosen.packed, chunk, flag) for chunk in chunks)
            except BrokenProcessPool as error:
                raise WorkersGone("a worker process died") from error

    assert run_members(chosen, MEMBERS, runner=Killed(2)) == alone
    assert flag.exists()


def solve_or_die(key, packed, chunk, flag):
    if 30 in chunk and not flag.exists():
        flag.touch()
        time.sleep(0.2)
        os.kill(os.getpid(), signal.SIGKILL)
    return solve_members(key, packed, chunk)


def test_a_journal_serves_several_studies(chosen, alone, tmp_path):
    journal, other = Journal(tmp_path / "j"), study(*MANY, case=chain_case(), seed=9)
    first = run_members(other, range(10), journal=journal)
    assert run_members(chosen, range(10), journal=journal) == alone[:10]
    assert tuple(journal.read(other.key).values()) == first


def test_a_damaged_journal_is_refused(chosen, tmp_path):
    journal = Journal(tmp_path / "j")
    run_members(chosen, range(3), journal=journal)
    text = journal.path.read_text(encoding="utf-8")
    journal.path.write_text(text.replace('"loss_usd":', '"loss_usd":1', 1), encoding="utf-8")
    with pytest.raises(BadInput, match="damaged"):
        journal.read(chosen.key)
    journal.path.write_text("member,loss\n1,2\n", encoding="utf-8")
    with pytest.raises(BadInput, match="another file"):
        run_members(chosen, range(3), journal=journal)
    with pytest.raises(BadInput, match="name a file"):
        run_members(chosen, range(3), journal=Journal(tmp_path))


def test_members_come_back_bit_for_bit(alone):
    import json

    for member in alone:
        assert MemberLoss.from_plain(json.loads(json.dumps(member.as_plain()))) == member


def test_the_runner_that_was_asked_for():
    assert type(runner_for()).__name__ == "Here"
    assert runner_for(2) == Processes(2)
    assert runner_for(2, "tcp://a:1") == Cluster("tcp://a:1")
