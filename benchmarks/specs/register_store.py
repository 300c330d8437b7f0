"""The register at its promised size: lists, searches and the scoreboard's counts on SQLite and on PostgreSQL."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.registry import Measures, spec, timed

FULL = {"commitments": 100_000, "projects": 10_000, "changes": 1_000_000}
DAY = date(2026, 11, 22)


@spec(
    "register_store",
    title="95th percentile of questions to a register of 110 000 records and 1 000 000 changes; target 0.15 s",
    sweep=[{"where": "sqlite", **FULL}, {"where": "postgresql", **FULL}],
    smoke={"where": "sqlite", "commitments": 200, "projects": 20, "changes": 400},
)
def register_store(where: str, commitments: int, projects: int, changes: int) -> Measures:
    """Each question is asked 40 times, each time otherwise, after one that is not counted."""
    from benchmarks.register_rows import fill
    from orepact.store import upgrade_store
    from orepact.store.verifying import log_breaks

    measures: dict[str, float | str] = {}
    with _place(where) as url:
        if url is None:
            return {"skipped": "no PostgreSQL on this machine"}
        store = upgrade_store(url, create=True)
        with timed(measures, "fill"):
            fill(store.database, commitments=commitments, projects=projects, changes=changes)
        for name, ask in questions(store).items():
            taken = _taken(ask)
            measures |= {f"{name}_p50_s": taken[20], f"{name}_p95_s": taken[37], f"{name}_found": float(ask(0))}
        measures["write_p95_s"] = _taken(lambda n: _write(store, n))[37]
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
    try:
        yield cluster.database()
    finally:
        cluster.stop()


def questions(store: Any) -> Mapping[str, Callable[[int], int]]:
    """Name of each question to a function that asks the n-th of its kind and says how many rows came."""
    from orepact.store import Filter

    def listed(*, order: str = "id", **asked: Any) -> int:
        return len(store.list(Filter(**asked), order=order, limit=50).lines)

    def second_page(n: int) -> int:
        asked = Filter(kinds=("commitment",), owner=f"organisation-{n}")
        first = store.list(asked, order="due", limit=50)
        return len(store.list(asked, order="due", limit=50, after=first.after).lines) if first.after else 0

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
        "list_id": lambda n: listed(kinds=("commitment",), states=("open", "done")[: n % 2 + 1]),
        "list_title": lambda n: listed(kinds=("project", "commitment")[: n % 2 + 1], order="title"),
        "list_changed": lambda n: listed(order="changed", states=("done",)[: n % 2]),
        "list_owner": lambda n: listed(owner=f"organisation-{n}", order="due"),
        "list_article": lambda n: listed(instrument=f"instrument-{n % 40}", article=f"instrument-{n % 40}:area-{n % 25}"),
        "list_due": lambda n: listed(kinds=("commitment",), states=("open",), due_to=date(2024 + n % 3, 6, 1), order="due"),
        "list_page": second_page,
        "search": lambda n: listed(search=words[n % len(words)]),
        "search_kind": lambda n: listed(search=words[n % len(words)], kinds=("commitment",), order="title"),
        "search_due": lambda n: listed(search=words[n % len(words)], states=("open",), order="due"),
        "scoreboard": lambda _: len(store.counts(["instrument", "article", "kind", "state"], DAY)),
        "scoreboard_one": lambda n: len(
            store.counts(["article", "kind", "state"], DAY, Filter(instrument=f"instrument-{n % 40}"))
        ),
        "audit": lambda n: len(store.audit(after=n * 10, limit=100)),
    }


def _write(store: Any, number: int) -> int:
    """Keep one more record."""
    from orepact.pact.records.codes import Code

    with store.write("benchmark", "one more") as unit:
        unit.put(Code(id=f"area:new-{number}", title=f"New {number}", list="area"))
    return int(unit.head.seq)


def _taken(ask: Callable[[int], int]) -> list[float]:
    """Seconds of forty questions by the clock, sorted."""
    ask(41)
    taken = []
    for n in range(40):
        start = perf_counter()
        ask(n)
        taken.append(perf_counter() - start)
    return sorted(taken)
