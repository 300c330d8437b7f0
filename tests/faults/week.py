"""A week of use in minutes: many users of several organisations write and read over HTTP while workers, servers and the database
are killed. What each was told is noted by himself, and held against the register at the end.

What is asked, by whom and in which order follows from the seed; what meets which fault does not, as processes are real. All
listen on 127.0.0.1. ``python -m benchmarks.week`` lives through a whole one and prints its figures.
"""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

import httpx2
from week_clock import Clock
from week_people import MARK, Person, settle
from week_processes import Processes
from week_user import PATIENCE_S, Ledger, User

from orepact.store.store import Store, open_store, upgrade_store

if TYPE_CHECKING:
    from tools.postgresql import Cluster

HOURS = 7 * 24
#: Nothing that is asked waits for longer, by the clock of the week: keys are remembered for a day of it.
LONGEST_WAIT_S = 12 * 3600


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How large a week: users, what each does, and how often what is killed."""

    users: int = 20
    deeds: int = 40
    servers: int = 2
    workers: int = 2
    worker_kills: int = 20
    restarts: int = 5
    server_kills: int = 6
    seed: int = 1


@dataclass
class Week:
    """The week on a database; ``restart`` ends the database and begins it anew (none: SQLite)."""

    url: str
    folder: Path
    plan: Plan
    restart: Callable[[int], None] | None = None
    ledger: Ledger = field(default_factory=Ledger)

    def run(self) -> dict[str, Any]:
        """Live through it; its figures, and under ``wrongs`` all that must not have been."""
        began = monotonic()
        clock = Clock(self.folder / "clock")
        upgrade_store(self.url, create=True).close()
        store = open_store(self.url, clock=clock)
        people = settle(store, self.plan.users)
        processes = Processes(self.url, self.folder, self.plan.servers, self.plan.workers)
        try:
            processes.wait()
            users = self._users([*people, Person()], clock, processes)
            heads = self._through(users, store, processes, clock)
            self._settle_runs(users[0], users, processes)
            self._compare_lists(users, clock)
        finally:
            processes.end()
        self._compare_register(store)
        for head in heads:
            store.verify(head)
        verified = store.verify()
        store.close()
        counts = dict(sorted(self.ledger.counts.items()))
        return {
            **counts,
            "entries verified": verified.head.seq,
            "wall_s": round(monotonic() - began),
            "wrongs": self.ledger.wrongs,
        }

    def _users(self, people: list[Person], clock: Clock, processes: Processes) -> list[User]:
        return [
            User(who, self.ledger, clock, processes.addresses(), random.Random(f"{self.plan.seed} {number}"))
            for number, who in enumerate(people)
        ]

    def _through(self, users: list[User], store: Store, processes: Processes, clock: Clock) -> list[Any]:
        """Tell each user what to do when, and let faults happen meanwhile; where the log ended from time to time."""
        threads = [Thread(target=user.live, daemon=True) for user in users]
        for thread in threads:
            thread.start()
        heads = []
        for moment, user, name, number in self._schedule(users):
            while any(one.begun is not None and moment - one.begun > LONGEST_WAIT_S for one in users) or (
                sum(one.deeds.qsize() for one in users) > 2 * len(users)
            ):
                processes.mend()
                sleep(0.02)
            clock.turn(moment)
            if user is not None:
                user.deeds.put((number, name))
                continue
            with suppress(Exception):  # the database may be gone just now
                heads.append(store.head())
            self._fault(name, number, store, processes)
        for user in users:
            user.deeds.put(None)
        for thread in threads:
            thread.join(PATIENCE_S)
        assert not any(thread.is_alive() for thread in threads), "somebody is not told"
        return heads

    def _schedule(self, users: list[User]) -> list[tuple[float, User | None, str, int]]:
        """What happens in the week, by its clock."""
        draw, plan = random.Random(self.plan.seed), self.plan
        found: list[tuple[float, User | None, str, int]] = []
        number = 0
        for user in users:
            for _ in range(plan.deeds):
                number += 1
                name = draw.choices(("write", "stale", "read", "run"), (35, 5, 50, 10))[0] if user.who.token else "read"
                found.append((draw.uniform(0, HOURS * 3600), user, name, number))
        faults = [("worker", plan.worker_kills), ("server", plan.server_kills), ("restart", plan.restarts)]
        for name, times in faults:
            for each in range(times):  # spread over the week, none in its first hours
                moment = (0.08 + 0.9 * (each + draw.random()) / times) * HOURS * 3600
                found.append((moment, None, name, each))
        return sorted(found, key=lambda one: (one[0], one[3]))

    def _fault(self, name: str, number: int, store: Store, processes: Processes) -> None:
        counts = self.ledger.counts
        if name == "worker":
            at_work = False
            with suppress(Exception):
                at_work = processes.kill_worker(store)
            counts["workers killed"] += 1
            counts["workers killed at a run"] += at_work
        elif name == "server":
            processes.kill_server(number % self.plan.servers)
            counts["servers killed"] += 1
        else:
            assert self.restart is not None, "a database that is restarted"
            self.restart(number)
            counts["database restarts"] += 1

    def _settle_runs(self, holder: User, users: list[User], processes: Processes) -> None:
        """Wait until every run has ended."""
        by_name = {user.who.name: user for user in users}
        end = monotonic() + PATIENCE_S
        for user in users:
            user.client = httpx2.Client(timeout=30)
        for name, (who, words) in self.ledger.runs.items():
            while (state := by_name[who.name].look_at(name)) in {"queued", "running"}:
                assert monotonic() < end, f"{name} does not end"
                processes.mend()
                sleep(0.1)
            self.ledger.counts[f"runs {state}"] += 1
            if state == "done" and words not in self.ledger.answers[name].decode():
                holder.wrong(f"{name} was answered with another's answer")
            if state not in {"done", "failed"}:
                holder.wrong(f"{name} ended as {state}")

    def _compare_lists(self, users: list[User], clock: Clock) -> None:
        """Each user is shown what he may see, whole and alone."""
        clock.turn(clock.seconds + 3 * 86_400)  # every embargo is over
        known = self.ledger.by_mark()
        for user in users:
            seen: set[str] = set()
            after: dict[str, str] = {}
            while True:
                found = user.ask("GET", "/records", params={"kind": "commitment", "limit": 200, **after})
                seen |= set(MARK.findall(json.dumps(found.json()["data"])))
                mark = found.json()["meta"].get("after")
                if mark is None:
                    break
                after = {"after": mark}
            wanted = {mark for mark, one in known.items() if one.version and one.seen_by(user.who, clock.seconds)}
            if seen != wanted:
                user.wrong(f"is shown {sorted(seen - wanted)} too much and {sorted(wanted - seen)} too little")
            self.ledger.counts["lists compared"] += 1
            user.client.close()

    def _compare_register(self, store: Store) -> None:
        """Each acknowledged write is there once, in its order; what was refused is nowhere; each run ended once."""
        with store.database.reading() as connection:
            rows = connection.exec_driver_sql("SELECT id, version, content FROM revision WHERE kind = 'commitment'").all()
            jobs = connection.exec_driver_sql("SELECT id, state, lost FROM job").all()
        kept: dict[str, dict[int, str]] = {}
        for name, version, content in rows:
            kept.setdefault(name, {})[version] = json.loads(content)["note"]
        for one in self.ledger.written:
            found = [words for _, words in sorted(kept.pop(one.id, {}).items())]
            if found != one.acknowledged:
                self.ledger.wrongs.append(f"{one.id}: acknowledged {one.acknowledged}, kept {found}")
            self.ledger.counts["writes found"] += len(found)
        if kept:
            self.ledger.wrongs.append(f"nobody wrote {sorted(kept)}")
        if {name for name, *_ in jobs} != set(self.ledger.runs):
            self.ledger.wrongs.append(f"runs {sorted({name for name, *_ in jobs} ^ set(self.ledger.runs))}")
        for name, state, lost in jobs:
            self.ledger.counts["runs taken again"] += bool(lost)
            if state != "done" and not (state == "failed" and lost == 3):
                self.ledger.wrongs.append(f"{name}: {state} after {lost} losses")


@contextmanager
def on(backend: str, plan: Plan, cluster: Cluster | None = None) -> Iterator[Week]:
    """A week on a new database in a folder of its own; ``cluster``: the PostgreSQL server that it may restart."""
    folder = Path(tempfile.mkdtemp(prefix="orepact-week-"))
    try:
        if backend == "sqlite":
            yield Week(str(folder / "register.db"), folder, plan)
        else:
            assert cluster is not None, "a server to restart"

            def restart(number: int) -> None:
                (cluster.kill if number % 2 else cluster.halt)()
                sleep(1.0)
                cluster.start()

            yield Week(cluster.schema(), folder, plan, restart)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


#: On a file nothing is restarted: servers are killed in place of it, and one of each works on it.
SQLITE = {"servers": 1, "workers": 1, "restarts": 0}
