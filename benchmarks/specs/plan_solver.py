"""Which solver settings are best for a plan: the comparison behind decision 0003."""

from __future__ import annotations

from typing import Any

from benchmarks.registry import Measures, spec, timed
from benchmarks.specs.plan_scaling import SIZES
from benchmarks.synthetic import synthetic_network

SETTINGS: dict[str, dict[str, Any]] = {
    "devex": {},
    "default": {"edge_weights": -1},
    "dantzig": {"edge_weights": 0},
    "steepest": {"edge_weights": 2},
    "no_presolve": {"presolve": "off"},
    "unscaled": {"scaled": False},
    "ipx": {"method": "ipx"},
    "pdlp": {"method": "pdlp"},
}


@spec(
    "plan_solver",
    title="seconds of the solver alone, by setting (dual simplex prices, presolve, scaling, interior point, first order)",
    sweep=[{"setting": name, "size": "large"} for name in SETTINGS],
    smoke={"setting": "devex", "size": "tiny"},
)
def plan_solver(setting: str, size: str) -> Measures:
    """Seconds, iterations, status and objective of one setting on one synthetic chain."""
    from orepact.plan import PlanOptions
    from orepact.plan.declare import declare
    from orepact.plan.prepare import prepare
    from orepact.plan.solver import minimise

    options = PlanOptions(**{"time_limit_seconds": 180.0, **SETTINGS[setting]})
    plan = declare(prepare(synthetic_network(SIZES[size]), None, scaled=options.scaled))
    measures: dict[str, float | str] = {}
    program = plan.program()
    with timed(measures, "solve"):
        solved = minimise(program, options.solver_settings())
    return {
        **measures,
        "iterations": float(solved.iterations),
        "status": solved.status,
        "objective_musd": solved.objective * plan.money / 1e6,
    }
