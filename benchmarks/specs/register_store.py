"""The register at its promised size: lists, searches and the scoreboard on SQLite and on PostgreSQL, as services ask them."""

from __future__ import annotations

import contextlib
import gc
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from benchmarks.registry import Measures, spec, timed

if TYPE_CHECKING:
    from orepact.service.pact.desk import Where

FULL = {"commitments": 100_000, "projects": 10_000, "changes": 1_000_000}
DAY = date(2026, 11, 22)
#: Processes of PostgreSQL whose time counts.
SERVERS: list[int] = []


@spec(
    "register_store",
    title="95th percentile of questions to a register of 110 000 records and 1 000 000 changes; target 0.15 s",
    sweep=[{"where": "sqlite", **FULL}, {"where": "postgresql", **FULL}],
    smoke={"where": "sqlite", "commitments": 200, "projects": 20, "changes": 2000},
)
def register_store(where: str, commitments: int, projects: int, changes: int) -> Measures:
    """One worker that holds the register open: each question 40 times, each time otherwise, after one that is not counted; as
    ``command_`` the longest of them as commands ask, which open and close the register. Seconds by the clock, and as
    ``_cpu_s`` those of the processor, in this process and in the server's: on a shared machine only these mean something.
    """
    from benchmarks.register_rows import fill
    from orepact.service.pact.desk import Desk
    from orepact.store import upgrade_store
    from orepact.store.verifying import log_breaks

    measures: dict[str, float | str] = {}
    with _place(where) as url:
        if url is None:
            return {"skipped": "no PostgreSQL on this machine"}
        store = upgrade_store(url, create=True)
        with timed(measures, "fill"):
            fill(store.database, commitments=commitments, projects=projects, changes=changes)
        measures["audit_rows"] = float(_rows(store))
        for name, ask in {**questions(Desk(store)), **tables(store)}.items():
            measures |= {f"{name}_{key}": value for key, value in _taken(ask).items()}
            measures[f"{name}_found"] = float(ask(0))
        for name in ("search_kind", "scoreboard"):
            measures |= {f"command_{name}_{key}": value for key, value in _taken(questions(url)[name]).items()}
        measures |= {f"write_{key}": value for key, value in _taken(lambda n: _write(store, n)).items()}
        with timed(measures, "log_checked"), store.database.reading() as connection:
            measures["breaks"] = float(len([*log_breaks(connection)]))
        store.close()
    return measures


@contextmanager
def _place(where: str) -> Iterator[str | None]:
    from tools.postgresql import Cluster, programs

    if where == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield str(Path(folder) / "register.db")
        return
    found = programs()
    if found is None:
        yield None
        return
    cluster = Cluster.new(found)
    assert cluster.process is not None
    SERVERS.append(cluster.process.pid)
    try:
        yield cluster.database()
    finally:
        SERVERS.clear()
        cluster.stop()


def questions(url: Where) -> Mapping[str, Callable[[int], int]]:
    """Name of each use case to a function that asks the n-th of its kind and says how many rows came; at an address the register
    is opened, asked and closed, as for each command.
    """
    from orepact.service.pact import list_records, show_scoreboard

    def listed(*kinds: str, **asked: Any) -> int:
        return len(list_records(kinds or ("commitment", "project"), url, **{"limit": 50, **asked}).data)

    def second_page(n: int) -> int:
        asked: dict[str, Any] = {"owner": f"organisation-{n}", "order": "due", "limit": 50}
        first = list_records(["commitment"], url, **asked)
        after = first.meta.get("after")
        return len(list_records(["commitment"], url, **asked, after=after).data) if after else 0

    words = (
        "니켈",
        "프레이저",
        "硫酸",
        "フレーザー渓谷",
        "graphite",
        "fraser valley",
        "전구체 공장",
        "workshop 코발트",
        "nothing like it",
        "7",
    )
    return {
        "list_id": lambda n: listed("commitment", states=("open", "done")[: n % 2 + 1]),
        "list_title": lambda n: listed(*("project", "commitment")[: n % 2 + 1], order="title"),
        "list_changed": lambda n: listed(order="changed", states=("done",)[: n % 2]),
        "list_owner": lambda n: listed(owner=f"organisation-{n}", order="due"),
        "list_instrument": lambda n: listed(instrument=f"instrument-{n % 40}", order=("id", "due", "title")[n % 3]),
        "list_article": lambda n: listed(instrument=f"instrument-{n % 40}", article=f"instrument-{n % 40}:area-{n % 25}"),
        "list_overdue": lambda n: listed("commitment", overdue=True, on=f"{2024 + n % 3}-06-01", order="due"),
        "list_second_page": second_page,
        "search": lambda n: listed(search=words[n % len(words)]),
        "search_kind": lambda n: listed("commitment", search=words[n % len(words)], order="title"),
        "search_due": lambda n: listed(search=words[n % len(words)], states=("open",), order="due"),
        "scoreboard": lambda n: len(show_scoreboard(f"instrument-{n % 40}", url, on="2026-11-22").data),
    }


def tables(store: Any) -> Mapping[str, Callable[[int], int]]:
    """The same for what the store answers beside: all instruments counted at once, a page of the audit log."""
    by = ["instrument", "article", "kind", "state"]
    return {
        "counts": lambda _: len(store.counts(by, DAY)),
        "audit": lambda n: len(store.audit(after=n * 10, limit=100)),
    }


def _rows(store: Any) -> int:
    from sqlalchemy import text

    with store.database.reading() as connection:
        return int(connection.execute(text("SELECT count(*) FROM audit")).scalar_one())


def _write(store: Any, number: int) -> int:
    """Keep one more record."""
    from orepact.pact.records.codes import Code

    with store.write("benchmark", "one more", seeding=True) as unit:
        unit.put(Code(id=f"area:new-{number}", title=f"New {number}", list="area"))
    return int(unit.head.seq)


def _taken(ask: Callable[[int], int]) -> dict[str, float]:
    """What forty questions take: the middle one and the 38th of them, by the clock and of the processor.

    What is there after the first is left out of the search for garbage, as in a worker that serves for days: going through all
    modules takes 0.1 s, and is done at every third board otherwise.
    """
    ask(41)
    gc.collect()
    gc.freeze()
    clock, busy = [], []
    for n in range(40):
        start, used = perf_counter(), _processor_s()
        ask(n)
        clock.append(perf_counter() - start)
        busy.append(_processor_s() - used)
    clock.sort()
    busy.sort()
    return {"p50_s": clock[20], "p95_s": clock[37], "p95_cpu_s": busy[37]}


def _processor_s() -> float:
    """Seconds of the processor of this process, and of servers of PostgreSQL that it has started, ended ones included."""
    used = os.times()
    return used.user + used.system + sum(_server_s(pid) for pid in SERVERS)


def _server_s(pid: int) -> float:
    """Of a server and of all that it has started."""
    own = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    ticks = sum(map(int, own[11:15]))  # of itself and of those of its children that ended, user and system
    running = 0
    for child in children:
        with contextlib.suppress(OSError):
            running += sum(map(int, Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[11:13]))
    return (ticks + running) / os.sysconf("SC_CLK_TCK")
