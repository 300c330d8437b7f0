"""``Worker``: takes jobs from the line, one after the other, each into a process of its own, until it is told to stop.

It renews its lease while it works. Should it be slow, or lose the database for longer than the lease, another worker takes the
job, and what this one found is let go of. What it cannot write now it writes when the database is back.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from orepact.chain.manifest import hash_value
from orepact.errors import OrepactError, StoreUnavailable, Unauthorised
from orepact.service.jobs import assessments, scratch
from orepact.service.jobs.child import described
from orepact.service.jobs.process import Child, started
from orepact.service.jobs.requests import Request, audience_values, request_of
from orepact.service.jobs.working import FIGURES, Task, answer_of, packed, unpacked
from orepact.store import answers, queue
from orepact.store.canonical import instant
from orepact.store.queue import CANCELLED, DONE, FAILED, TIMED_OUT, Job

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from orepact.pact.records.readers import Reader
    from orepact.service.jobs.questions import Assessment
    from orepact.service.result import Result
    from orepact.store.store import Store

#: In place of a state: another worker has the job; this one stops; its process ended without a word.
TAKEN, STOPPED, BROKE = "taken", "stopped", "broke"
BUG = {"code": "internal_error", "message": "our fault: the log of the worker says more"}


@dataclass(frozen=True, slots=True)
class _Taken:
    """A job that this worker holds, its request, and the hash of what that depends on as the work began."""

    job: Job
    request: Request
    mark: str


@dataclass(frozen=True, slots=True)
class Times:
    """How long things take, in seconds: a lease, until it is renewed, between notes of progress, looks at an empty line, and at
    the child; ``keep_days``: for how long answers are kept.
    """

    lease_s: float = 30.0
    renew_s: float = 10.0
    note_s: float = 1.0
    look_s: float = 1.0
    listen_s: float = 0.2
    keep_days: int = 365


def _nobody(_: str) -> None:
    """Tell nobody."""


def claims_of(request: Request) -> dict[str, str] | None:
    """The overlay of a request as its process is told it."""
    one = request.overlay
    return None if one is None else {"claims": one.claims, "sources": one.sources}


def arguments_of(request: Request) -> dict[str, Any]:
    """The arguments of a request as its process is told them: with the files of a network that was named."""
    from orepact.service.sharing.networks import files_of

    return request.arguments | ({"network": files_of(request.network)} if request.network else {})


def own_name() -> str:
    """A worker by its machine and process."""
    return f"{socket.gethostname()}:{os.getpid()}"[:100]


@dataclass
class Worker:
    """One worker on an open register. ``memory_mib``: what a run may take (0: what there is); ``tell``: hears what it does."""

    store: Store
    times: Times = field(default_factory=Times)
    memory_mib: int = 0
    tell: Callable[[str], None] = _nobody
    name: str = field(default_factory=own_name)
    stopping: Event = field(default_factory=Event)
    _tidied: float = float("-inf")

    def run(self, *, once: bool = False) -> int:
        """Work until ``stopping`` is set, or with ``once`` until nothing is left to take; how many jobs it took."""
        done = 0
        scratch.sweep()
        while not self.stopping.is_set():
            job = self._next()
            if job is not None:
                done += 1
                self._attend(job)
            elif once:
                break
            else:
                self.stopping.wait(self.times.look_s)
        return done

    def _next(self) -> Job | None:
        try:
            self._tidy()
            with self.store.database.reading() as connection:
                if not queue.any_left(connection):
                    return None
            with self.store.database.writing() as connection:
                return queue.take(connection, self.name, self.times.lease_s)
        except StoreUnavailable as fault:
            self.tell(f"waiting for the database: {fault.why}")
            self.stopping.wait(self.times.look_s)
            return None

    def _tidy(self) -> None:
        """Once an hour, let go of what was kept for long enough, and of folders that others left behind."""
        if monotonic() - self._tidied < 3600:
            return
        self._tidied = monotonic()
        scratch.sweep()
        with self.store.database.writing() as connection:
            before = queue.clock_of(connection) - timedelta(days=self.times.keep_days)
            answers.forget(connection, instant(before))

    def _attend(self, job: Job) -> None:
        """From taking a job to its end, whatever that is."""
        begun = monotonic()
        self.tell(f"{job.id}: {job.use_case}, attempt {job.attempt}")
        try:
            request = self._request(job)
            mark = request.hash(self.store.clock())
        except StoreUnavailable:
            return  # the lease ends by itself
        except OrepactError as error:
            self._end(job, FAILED, error=described(error))
            return
        try:
            with scratch.folder() as folder, started(self._task(request, folder)) as child:
                ending = self._watch(job, child)
                self._settle(_Taken(job, request, mark), child, ending, round((monotonic() - begun) * 1000))
        except OSError as fault:
            self.tell(f"{job.id}: {fault.strerror} ({fault.filename})")
            self._write(lambda connection: queue.give_back(connection, job, lost=True))
            self.stopping.wait(self.times.look_s)

    def _reader(self, job: Job) -> Reader | None:
        """Who asked for a job, as he stands now; raises ``Unauthorised`` when he does not act for its organisation any more."""
        from orepact.service.access.callers import reader_as
        from orepact.service.pact.desk import Desk

        if not job.account:
            return None
        reader = reader_as(job.account, job.organisation, Desk(self.store))
        if reader.organisation != job.organisation:
            raise Unauthorised(f"the account {job.account} does not act for {job.organisation} any more")
        return reader

    def _request(self, job: Job) -> Request:
        """The request of a job, as who asked for it stands now."""
        said, reader = json.loads(job.request), self._reader(job)
        store = self.store if reader is None else self.store.seen_by(reader)
        return request_of(store, said["use_case"], said["arguments"], job.organisation, again=True)

    def _task(self, request: Request, folder: Path) -> Task:
        from orepact.service.jobs.marks import facts_folder

        facts = facts_folder()
        return Task(
            request.use_case, arguments_of(request), str(folder), os.getpid(), str(facts.resolve()) if facts else None,
            audience_values(request.audience), claims_of(request), self.memory_mib,
            request.begun.event if request.begun else "", request.own,
        )  # fmt: skip

    def _watch(self, job: Job, child: Child) -> str:
        """Wait for the end of the work, or end it: how it ended."""
        begun = noted = renewed = monotonic()
        told = (0, "")
        while child.lives:
            child.listen(self.times.listen_s)
            now = monotonic()
            if self.stopping.is_set():
                return STOPPED
            if now - begun > job.time_limit_s:
                return TIMED_OUT
            if now - noted < self.times.note_s:
                continue
            noted, news = now, (child.progress, child.step)
            due = now - renewed >= self.times.renew_s
            word = self._note(job, news, write=due or news != told)
            if word is None:
                return TAKEN
            if word:
                return CANCELLED
            if due or news != told:
                told, renewed = news, now
        return DONE

    def _note(self, job: Job, news: tuple[int, str], *, write: bool) -> bool | None:
        """Tell how far a job is: whether somebody asked to end it, None when another worker has it."""
        try:
            if write:
                with self.store.database.writing() as connection:
                    return queue.renew(connection, job, self.times.lease_s, *news)
            with self.store.database.reading() as connection:
                return queue.to_end(connection, job)
        except StoreUnavailable as fault:
            self.tell(f"{job.id}: goes on without the database: {fault.why}")
            return False

    def _settle(self, held: _Taken, child: Child, ending: str, took_ms: int) -> None:
        """Write how a job ended."""
        job = held.job
        if ending != DONE:
            child.kill()
        if ending == TAKEN:
            self.tell(f"{job.id}: another worker has it")
        elif ending == STOPPED:
            self._write(lambda connection: queue.give_back(connection, job, lost=False))
        elif ending != DONE:
            self._end(job, ending)
        elif (parts := child.parts()) is not None:
            self._keep(held, parts, took_ms)
        elif (error := child.error()) is not None:
            self._end(job, FAILED, error=error)
        elif child.process.returncode == 1:  # an exception that nobody expected: it would come again
            self._end(job, FAILED, error=BUG)
        else:
            self.tell(f"{job.id}: its process ended without a word ({child.process.returncode})")
            self._write(lambda connection: queue.give_back(connection, job, lost=True))

    def _end(self, job: Job, state: str, *, error: dict[str, Any] | None = None) -> None:
        said = json.dumps(error) if error else ""
        self._write(lambda connection: queue.end(connection, job, state, error=said))
        self.tell(" ".join([f"{job.id}: {state}", *([error["code"]] if error else [])]))

    def _keep(self, held: _Taken, parts: dict[str, bytes], took_ms: int) -> None:
        """Keep an answer under what it was computed from: program and facts may be others than when it was asked for. What is
        for the register is kept there in the same moment, or the answer is not kept either.
        """
        job, figures = held.job, parts.pop(FIGURES, None)

        def write(connection: Connection) -> bool:
            return _ended(connection, held, parts, took_ms)

        def write_told(connection: Connection, answer: Result) -> bool:
            told = packed(answer_of(answer, held.request.own))
            return _ended(connection, held, {**parts, answers.ANSWER: told}, took_ms)

        try:
            if figures is None:
                kept = self._write(write)
            else:
                said, asked = unpacked(figures), cast("Assessment", held.request.question)
                kept = self._patient(
                    lambda: assessments.keep(self.store, self._reader(job), asked, said, write_told, by=job.organisation)
                )
        except OrepactError as error:
            self._end(job, FAILED, error=described(error))
            return
        self.tell(f"{job.id}: done in {took_ms / 1000:.1f} s" if kept else f"{job.id}: another worker has it")

    def _write(self, change: Callable[[Connection], bool]) -> bool:
        """Make a change as soon as the database takes it."""

        def once() -> bool:
            with self.store.database.writing() as connection:
                return change(connection)

        return self._patient(once)

    def _patient(self, change: Callable[[], bool]) -> bool:
        """Do something as soon as the database can; a worker that stops tries once, and leaves it to the next."""
        while True:
            try:
                return change()
            except StoreUnavailable as fault:
                self.tell(f"waiting for the database: {fault.why}")
                if self.stopping.wait(self.times.look_s):
                    return False


def _ended(connection: Connection, held: _Taken, parts: Mapping[str, bytes], took_ms: int) -> bool:
    """End a job with its answer; False when another worker has it."""
    job, mark = held.job, held.mark
    if not queue.end(connection, job, DONE, progress=1000, request_hash=mark):
        return False
    manifest = unpacked(parts[answers.ANSWER])["meta"]["manifest"]
    found = answers.Found(parts, json.dumps(manifest, sort_keys=True), hash_value(manifest), took_ms)
    answers.keep(connection, job.organisation, mark, found)
    return True
