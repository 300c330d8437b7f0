"""Members of an ensemble on the reference network: seconds by one worker and by two, and what ten thousand would take."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from benchmarks.registry import Measures, spec, timed

if TYPE_CHECKING:
    from orepact.shock.ensemble.study import Study

MEMBERS = 10_000


@spec(
    "shock_ensemble",
    title="seconds for sampled years; target: 10,000 on the reference in 600 s on two cores, two workers 1.8 x one",
    sweep=[{"network": "reference", "members": 400}],
    smoke={"network": "toy", "members": 20},
)
def shock_ensemble(network: str, members: int) -> Measures:
    """The same members by one process and by two; both start their processes and build their programs before the clock does."""
    from orepact.shock.ensemble.ensemble import run_members
    from orepact.shock.ensemble.runners import Processes, Runner

    chosen = _study(network)
    measures: dict[str, float | str] = {}
    found = []
    for workers in (1, 2):
        runner: Runner = Processes(workers)
        run_members(chosen, range(10_000, 10_000 + 40 * workers), runner=runner)
        with timed(measures, f"workers_{workers}"):
            found.append(run_members(chosen, range(members), runner=runner))
    one, two = float(measures["workers_1_s"]), float(measures["workers_2_s"])
    return {
        **measures,
        "two_over_one": one / two,
        "ten_thousand_on_two_s": two / members * MEMBERS,
        "equal_bits": str(found[0] == found[1]),
        "threats": float(len(chosen.threats)),
    }


@cache
def _study(network: str) -> Study:
    from orepact import service
    from orepact.service.shock.cases import case_for, case_of_package
    from orepact.shock.ensemble.book import hazard_book
    from orepact.shock.ensemble.study import Study

    if network == "reference":
        case = case_for(service.open_ledger(), year=2024)
    else:
        from pathlib import Path

        folder = Path(__file__).parents[2] / "tests" / "networks" / network
        case = case_of_package(folder, year=2030)
    return Study.of(case, hazard_book(), 1)
