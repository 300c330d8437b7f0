"""Exposure of every element of the reference network, and one answer against building and solving anew."""

from __future__ import annotations

from functools import cache
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from benchmarks.registry import Measures, spec, timed

if TYPE_CHECKING:
    from orepact.shock.exposure.aggregate import Aggregate

#: So many events are asked again by a program built for the question.
ASKED = 25


@spec(
    "shock_exposure",
    title="seconds for the exposure of all elements (sites, owners, places, routes, nodes); target: 60 s on the reference",
    sweep=[{"network": "reference"}],
    smoke={"network": "two_makers"},
)
def shock_exposure(network: str) -> Measures:
    """All elements as the command asks them, and for some of them the time of a warm and a cold answer."""
    from orepact.shock.exposure.exposing import expose
    from orepact.shock.exposure.recovery_times import every_break

    aggregate = _aggregate(network)
    measures: dict[str, float | str] = {}
    events = every_break(aggregate.network)
    with timed(measures, "expose"):
        found = expose(aggregate, events)
    warm, cold, apart = _warm_and_cold(aggregate)
    return {
        **measures,
        "elements": float(len(events)),
        "programs_solved": float(found.solved),
        "proved": float(found.proved),
        "warm_median_s": warm,
        "cold_median_s": cold,
        "cold_over_warm": cold / warm,
        "largest_difference": apart,
    }


def _warm_and_cold(aggregate: Aggregate) -> tuple[float, float, float]:
    """Median seconds of an answer by a program kept warm and by one built anew, and how far apart the losses are (relative)."""
    from orepact.shock.exposure.program import Losing
    from orepact.shock.exposure.recovery_times import every_break

    events = every_break(aggregate.network, kinds=("site", "owner", "place", "node"))
    asked = events[:: max(len(events) // ASKED, 1)]
    kept = Losing(aggregate)
    kept.solve(1.0)  # builds the program
    warm, cold, apart = [], [], 0.0
    for event in asked:
        start = perf_counter()
        one = kept.solve(event.time, event.hit)
        middle = perf_counter()
        other = Losing(aggregate).solve(event.time, event.hit)
        warm.append(middle - start)
        cold.append(perf_counter() - middle)
        apart = max(apart, abs(one.usd - other.usd) / max(abs(other.usd), 1.0))
    return median(warm), median(cold), apart


@cache
def _aggregate(network: str) -> Aggregate:
    """The usual week of the reference network, or a small chain."""
    from pathlib import Path

    from orepact.chain.network import Network
    from orepact.service import open_ledger
    from orepact.service.shock.cases import case_for
    from orepact.shock.exposure.aggregate import Aggregate

    if network == "reference":
        return Aggregate.of_case(case_for(open_ledger()))
    folder = Path(__file__).parents[2] / "tests" / "networks" / "recovery"
    return Aggregate.of_network(Network.from_package(folder))
