"""Which solver settings are best for a plan: the comparison behind decision 0003."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from benchmarks.registry import Measures, spec, timed
from benchmarks.specs.plan_scaling import SIZES
from benchmarks.synthetic import synthetic_network

if TYPE_CHECKING:
    from orepact.chain.network import Network
    from orepact.chain.scenario import Scenario

SETTINGS: dict[str, dict[str, Any]] = {
    "dantzig": {"edge_weights": 0},
    "devex": {"edge_weights": 1},
    "default": {"edge_weights": -1},
    "steepest": {"edge_weights": 2},
    "no_presolve": {"presolve": "off"},
    "unscaled": {"scaled": False},
    "ipx": {"method": "ipx"},
    "pdlp": {"method": "pdlp"},
}


@spec(
    "plan_solver",
    title="seconds of the solver alone, by setting (dual simplex prices, presolve, scaling, interior point, first order)",
    sweep=[{"setting": name, "network": network} for network in ("reference", "large") for name in SETTINGS],
    smoke={"setting": "dantzig", "network": "tiny"},
)
def plan_solver(setting: str, network: str) -> Measures:
    """Seconds, iterations, status and objective of one setting on the reference or a synthetic chain."""
    from orepact.linear import minimise
    from orepact.plan import PlanOptions
    from orepact.plan.declare import declare
    from orepact.plan.prepare import prepare

    options = PlanOptions(**{"time_limit_seconds": 120.0, **SETTINGS[setting]})
    plan = declare(prepare(*_case(network), scaled=options.scaled))
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


@cache
def _case(name: str) -> tuple[Network, Scenario | None]:
    """The reference network with its scenario, or a synthetic chain with none."""
    if name != "reference":
        return synthetic_network(SIZES[name]), None
    from orepact.chain.network import Network
    from orepact.chain.scenario import Scenario
    from orepact.facts import Ledger

    scenario = Scenario.load("reference")
    return Network.from_facts(Ledger.shipped(), scenario), scenario
