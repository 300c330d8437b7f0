"""Which solver fits the baseline best: the comparison behind decision 0005."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.observing import YEAR, observed_network
from benchmarks.quadratic import SOLVERS
from benchmarks.registry import Measures, spec, timed
from benchmarks.synthetic import Size

if TYPE_CHECKING:
    from orepact.baseline.case import Case
    from orepact.chain.network import Network

TOLERANCE = 1e-8
SIZES = {"tiny": Size(6, 4, 20, 60, (YEAR,)), "large": Size(60, 100, 3000, 100_000, (YEAR,))}


@spec(
    "baseline_solver",
    title="the quadratic program of the baseline by solver: seconds, distance from the exact optimum, work left to the polish",
    sweep=[{"solver": name, "case": case} for case in ("2024", "2023", "sharp", "large") for name in SOLVERS],
    smoke={"solver": "piqp", "case": "tiny"},
)
def baseline_solver(solver: str, case: str) -> Measures:
    """Seconds of the solver, relative excess of its objective, worst broken row, farthest unknown (in standard deviations)."""
    from orepact.baseline.polish import polish

    program = _case(case).program
    exact = polish(program, SOLVERS["piqp"](program, TOLERANCE)[0], TOLERANCE)
    measures: dict[str, float | str] = {}
    with timed(measures, "solve"):
        z, status = SOLVERS[solver](program, TOLERANCE)
    best = program.objective(exact.z)
    with timed(measures, "polish"):
        polished = polish(program, z, TOLERANCE)
    return {
        **measures,
        "status": status,
        "objective_excess": (program.objective(z) - best) / best,
        "broken": program.broken(z),
        "farthest": float(np.abs(z - exact.z).max()),
        "polish_rounds": float(polished.rounds),
        "polished_excess": (program.objective(polished.z) - best) / best,
        "columns": float(len(program.kept)),
        "rows": float(len(program.right)),
    }


@cache
def _case(name: str) -> Case:
    """The case of a network, ready to solve."""
    from orepact.baseline.fit import prepare
    from orepact.baseline.options import BaselineOptions

    return prepare(network_of(name), None, BaselineOptions())


@cache
def network_of(name: str) -> Network:
    """The baseline network of a year, the same with all spreads a thousandth (``sharp``), or a synthetic chain."""
    import orepact as op

    if name == "sharp":
        known = network_of("2024")
        seen = known.observations
        return known.with_tables(observations=seen.assign(standard_deviation=seen["standard_deviation"] / 1000.0))
    if name in SIZES:
        return observed_network(SIZES[name])
    return op.Network.baseline_case(op.Ledger.shipped(), int(name))
