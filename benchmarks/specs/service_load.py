"""The service under the reads of fifty sessions, 200 a second, on a register at its promised size."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.registry import Measures, spec

if TYPE_CHECKING:
    from benchmarks.service_load import Place

FULL = {"commitments": 100_000, "projects": 10_000, "changes": 1_000_000, "rate": 200, "seconds": 30}
SERIES = ("used", "fresh", "tags")
#: One record in so many is not for all.
CLOSED = 10


@spec(
    "service_load",
    title="milliseconds until an answer at 200 reads a second by 50 sessions, and of the processor for each; target p95 0.15 s",
    sweep=[{"where": where, "series": series, **FULL} for where in ("sqlite", "postgresql") for series in SERIES],
    smoke={"where": "sqlite", "series": "tags", "commitments": 200, "projects": 20, "changes": 2000, "rate": 20, "seconds": 3},
)
def service_load(
    *, where: str, series: str, commitments: int, projects: int, changes: int, rate: float, seconds: float
) -> Measures:
    """A register is filled, served by two processes, and asked (``benchmarks.service_load`` says how)."""
    from benchmarks.service_load import figures, measure

    with _filled(where, commitments=commitments, projects=projects, changes=changes) as place:
        if place is None:
            return {"skipped": "no PostgreSQL on this machine"}
        return figures(measure(place, series, rate=rate, seconds=seconds, warm_s=min(5.0, seconds)))


@contextmanager
def _filled(where: str, *, commitments: int, projects: int, changes: int) -> Iterator[Place | None]:
    from benchmarks.register_rows import fill
    from benchmarks.service_load import Place
    from orepact.store import upgrade_store

    with _address(where) as (url, process):
        if not url:
            yield None
            return
        store = upgrade_store(url, create=True)
        fill(store.database, commitments=commitments, projects=projects, changes=changes, closed=CLOSED)
        store.close()
        yield Place(url, commitments, projects, database=process)


@contextmanager
def _address(where: str) -> Iterator[tuple[str, int]]:
    """An empty place for a register, and the process of its server; "" where there is none."""
    from tools.postgresql import Cluster, programs

    if where == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield str(Path(folder) / "register.db"), 0
        return
    found = programs()
    if found is None:
        yield "", 0
        return
    cluster = Cluster.new(found)
    assert cluster.process is not None
    try:
        yield cluster.database(), cluster.process.pid
    finally:
        cluster.stop()
