"""How much the service carries: mixed reads of fifty sessions at a set rate, for a bounded time, on this machine alone.

``python -m benchmarks.service_load ADDRESS`` starts ``orepact serve`` on a register that is there (one of ``register_rows``) and
asks. Three series: ``used``, where the same is asked again, as people do; ``fresh``, of a server that keeps no answer; ``tags``,
where two in three show the tag of an answer that they had.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from benchmarks.service_client import Answered, Load, Session
from benchmarks.service_mix import SHARES, Mix
from benchmarks.service_sessions import let_in, processor_s, served

#: Name of a series: settings of its server, and how many show the tag of an answer that they had.
SERIES: dict[str, tuple[dict[str, str], float]] = {
    "used": ({}, 0.0),
    "fresh": ({"OREPACT_SERVE_CACHE_BYTES": "1"}, 0.0),
    "tags": ({}, 2 / 3),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A register and how it is served. ``database``: the process of its server of PostgreSQL, 0 for a file."""

    db: str
    commitments: int = 100_000
    projects: int = 10_000
    processes: int = 2
    database: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """What a series found: every answer, and seconds of the processor of the service, of the database's server, of the client."""

    answers: list[Answered]
    server_s: float
    database_s: float
    client_s: float


def measure(place: Place, series: str, *, rate: float, seconds: float, warm_s: float, seed: int = 1) -> Found:
    """One series. What comes in the first ``warm_s``, at the same rate, is not in the figures."""
    settings, revisit = SERIES[series]
    sessions = let_in(place.db)
    with served(place.db, processes=place.processes, settings=settings) as (server, port):
        if warm_s:
            asyncio.run(_asked(place, port, sessions, rate=rate, seconds=warm_s, seed=seed + 1000))
        pids = (server, place.database, os.getpid())
        before = [processor_s(pid) for pid in pids[:2]] + [_own_s()]
        answers = asyncio.run(_asked(place, port, sessions, rate=rate, seconds=seconds, seed=seed, revisit=revisit))
        after = [processor_s(pid) for pid in pids[:2]] + [_own_s()]
    return Found(answers, *(last - first for first, last in zip(before, after, strict=True)))


def _own_s() -> float:
    """Without the processes that this one has started."""
    used = os.times()
    return used.user + used.system


async def _asked(
    place: Place, port: int, sessions: Sequence[Session], *, rate: float, seconds: float, seed: int, revisit: float = 0.0
) -> list[Answered]:
    load = Load("127.0.0.1", port, sessions, rate=rate, seconds=seconds, revisit=revisit, seed=seed)
    mix = Mix(place.commitments, place.projects, seed)
    return await load.run([*islice(mix.questions(), int(2 * rate * seconds) + 100)])


def figures(found: Found) -> dict[str, float]:
    """What a benchmark keeps of a series: seconds, shares, milliseconds of the processor for each question."""
    answers, number = found.answers, max(1, len(found.answers))
    wrong = sum(one.status not in {200, 304, 404} for one in answers)  # 404: one that is not for who asks
    measures = {
        "questions": float(len(answers)), "errors": float(wrong), "unchanged_share": _share(answers, 304),
        "again_share": again(answers), "server_cpu_ms": found.server_s / number * 1000,
        "database_cpu_ms": found.database_s / number * 1000, "client_cpu_ms": found.client_s / number * 1000,
    }  # fmt: skip
    for percent in (50, 95, 99):
        measures[f"p{percent}_s"] = percentile([one.took_s for one in answers], percent)
    return measures | {"sent_late_p95_s": percentile([one.late_s for one in answers], 95)}


def again(answers: Sequence[Answered]) -> float:
    """The share of questions that had been asked before in the series, for the same organisation: so many can be kept at most."""
    seen: Counter[tuple[str, str]] = Counter((one.organisation, one.asked.path) for one in answers)
    return 1 - len(seen) / max(1, len(answers))


def _share(answers: Sequence[Answered], status: int) -> float:
    return sum(one.status == status for one in answers) / max(1, len(answers))


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that so many of a hundred do not exceed; 0 of none.

    >>> percentile([4.0, 1.0, 3.0, 2.0], 50), percentile([4.0, 1.0, 3.0, 2.0], 95), percentile([], 50)
    (2.0, 4.0, 0.0)
    """
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else 0.0


def by_route(answers: Sequence[Answered]) -> Iterator[str]:
    """Lines of a table: each kind of question with how many there were, and milliseconds until they were answered."""
    parts: Mapping[str, list[Answered]] = defaultdict(list)
    for one in answers:
        parts[one.asked.name].append(one)
    yield f"  {'':<16} {'number':>7} {'p50':>8} {'p95':>8} {'p99':>8} ms   statuses"
    for name in [*SHARES, "unanswered"]:
        mine = parts.get(name, [])
        if mine:
            taken = [percentile([one.took_s * 1000 for one in mine], percent) for percent in (50, 95, 99)]
            statuses = ", ".join(f"{status}: {number}" for status, number in sorted(Counter(one.status for one in mine).items()))
            yield f"  {name:<16} {len(mine):>7} {taken[0]:>8.1f} {taken[1]:>8.1f} {taken[2]:>8.1f}      {statuses}"


def main(arguments: list[str]) -> int:
    """Measure the series that are named, and print what was found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.service_load", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("db", help="address of a register that benchmarks.register_rows has filled")
    parser.add_argument("--series", nargs="+", choices=[*SERIES], default=[*SERIES])
    parser.add_argument("--commitments", type=int, default=100_000)
    parser.add_argument("--projects", type=int, default=10_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--database", type=int, default=0, help="process of the server of PostgreSQL")
    parser.add_argument("--rate", type=float, default=200.0, help="questions a second")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--warm", type=float, default=5.0, help="seconds that are not counted")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    place = Place(asked.db, asked.commitments, asked.projects, asked.processes, asked.database)
    for name in asked.series:
        found = measure(place, name, rate=asked.rate, seconds=asked.seconds, warm_s=asked.warm, seed=asked.seed)
        print(name, ", ".join(f"{key} {value:.4g}" for key, value in figures(found).items()))
        print(*by_route(found.answers), sep="\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
