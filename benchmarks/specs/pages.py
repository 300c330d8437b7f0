"""Pages of the tower: the first of a server that has just begun, and all of them under fifty readers."""

from __future__ import annotations

import tempfile
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING
from urllib.request import urlopen

from benchmarks.registry import Measures, spec

if TYPE_CHECKING:
    from benchmarks.service_client import Answered, Session

#: What stands for names in paths.
NAMED = {
    "party": "KOR", "kind": "instrument", "record": "ca-jp-moc-battery-2023", "instrument": "ca-jp-moc-battery-2023",
    "body": "ca-jp-battery-dialogue",
}  # fmt: skip
FIRST = "/tower/CAN"


def addresses() -> list[str]:
    """An address of every page that anybody may open."""
    from orepact.web.pages.table import PAGES

    return [page.path.format(**NAMED) for page in PAGES if page.deed == "read" and page.kept and {*page.in_path} <= {*NAMED}]


@spec(
    "pages",
    title="seconds until the first page of a cold server, and milliseconds of all pages under 50 readers; targets 1 s, p95 0.2 s",
    sweep=[{"processes": 1, "rate": 5, "seconds": 20}, {"processes": 2, "rate": 10, "seconds": 30}],
    smoke={"processes": 1, "rate": 2, "seconds": 3},
)
def pages(*, processes: int, rate: float, seconds: float) -> Measures:
    """A register of the package is served; the first page is asked, each other once, then all of them by fifty sessions."""
    from benchmarks.service_load import percentile
    from benchmarks.service_sessions import let_in, processor_s, served
    from orepact.service.pact import init_register, seed_register

    with tempfile.TemporaryDirectory() as folder:
        db = str(Path(folder) / "register.db")
        init_register(db)
        seed_register(db)
        sessions = let_in(db, _organisations(db))
        began = perf_counter()
        with served(db, processes=processes) as (server, port):
            measures: dict[str, float | str] = {"start_s": perf_counter() - began, "first_s": _took(port, FIRST)[0]}
            each = {path: _took(port, path) for path in addresses()}
            slowest, largest = max(each, key=lambda path: each[path][0]), max(each, key=lambda path: each[path][1])
            measures |= {"slowest": slowest, "slowest_first_s": each[slowest][0], "largest": largest}
            measures["largest_kb"] = each[largest][1] / 1000
            before = processor_s(server)
            answers = _load(port, sessions, rate, seconds)
            measures["server_cpu_ms"] = (processor_s(server) - before) / max(1, len(answers)) * 1000
    taken = [one.took_s for one in answers]
    wrong = [one for one in answers if one.status not in {200, 303, 304}]
    measures |= {"pages": float(len(answers)), "errors": float(len(wrong))}
    measures |= {"wrong": " ".join(sorted({f"{one.status} {one.asked.path}" for one in wrong}))} if wrong else {}
    return measures | {f"p{percent}_s": percentile(taken, percent) for percent in (50, 95, 99)}


def _organisations(db: str) -> list[str]:
    """Ten organisations of the package."""
    from orepact.store import open_store

    store = open_store(db)
    try:
        return [name for kind, name in store.register().records if kind == "organisation"][:10]
    finally:
        store.close()


def _took(port: int, path: str) -> tuple[float, int]:
    """Seconds until a page is there, and its bytes."""
    began = perf_counter()
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        return perf_counter() - began, len(answer.read())


def _load(port: int, sessions: list[Session], rate: float, seconds: float) -> list[Answered]:
    import asyncio

    from benchmarks.service_client import Load
    from benchmarks.service_mix import Asked

    asked = [Asked("page", path) for path in islice(cycle(addresses()), int(2 * rate * seconds) + 100)]

    async def run() -> list[Answered]:
        return await Load("127.0.0.1", port, sessions, rate=rate, seconds=seconds).run(asked)

    return asyncio.run(run())
