"""``solve``: the least-cost plan of a network under a scenario."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from orepact.errors import SolverFailed
from orepact.linear import Solved, minimise
from orepact.plan.declare import declare
from orepact.plan.limits import limit_table
from orepact.plan.options import PlanOptions
from orepact.plan.prepare import prepare
from orepact.plan.result import PlanResult
from orepact.plan.solution import Solution, read_solution
from orepact.plan.tables import capacity_table, flow_rows_of, price_table

if TYPE_CHECKING:
    from orepact.chain.manifest import Manifest
    from orepact.chain.network import Network
    from orepact.chain.scenario import Scenario
    from orepact.plan.case import Case
    from orepact.plan.model import PlanModel


def solve(network: Network, scenario: Scenario | None = None, *, options: PlanOptions | None = None) -> PlanResult:
    """The plan of least discounted cost that keeps the balance and every limit.

    Minimise  sum_t w_t (variable + energy + fixed + transport + tariff + shortage + shortfall cost + annuity x capex x K)
    subject to the constraints in ``plan/constraints``; w_t see ``Horizon.weights``. Without a scenario the discount
    rate is 0.05.

    Raises ``BadInput`` for a case that cannot be posed, ``NoFeasibleAnswer`` naming the limits that conflict,
    ``SolverFailed`` when the solver stops early.
    """
    options = options or PlanOptions()
    clock = _Clock()
    case = prepare(network, scenario, scaled=options.scaled)
    plan = declare(case)
    clock.mark("declare")
    solved = _optimum(plan, options)
    clock.mark("solve")
    solution = read_solution(plan, solved)
    result = _result(solution, solved, options, clock)
    clock.mark("read")
    return result


class _Clock:
    """Seconds by phase."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = perf_counter()

    def mark(self, phase: str) -> None:
        """End a phase."""
        now = perf_counter()
        self.seconds[phase], self._last = now - self._last, now


def _optimum(plan: PlanModel, options: PlanOptions) -> Solved:
    """The solver's optimum, or the reason why there is none as an error."""
    from orepact.plan.explain import raise_infeasible, raise_unbounded

    if plan.impossible:
        raise_infeasible(plan.case, options)
    settings = options.solver_settings()
    solved = minimise(plan.program(), settings)
    if solved.status == "unbounded_or_infeasible":
        solved = minimise(plan.program(), {**settings, "presolve": "off"})
    if solved.status in {"infeasible", "unbounded_or_infeasible"}:
        raise_infeasible(plan.case, options)
    if solved.status == "unbounded":
        raise_unbounded(plan.case)
    if solved.status != "optimal":
        raise SolverFailed(f"no optimum within {options.time_limit_seconds:g} s; raise the time limit or make the case smaller")
    return solved


def _result(solution: Solution, solved: Solved, options: PlanOptions, clock: _Clock) -> PlanResult:
    from orepact.chain.flows import Flows

    case, money = solution.case, solution.plan.money
    manifest = _manifest(case, solved, options)
    objective = solved.objective * money + case.constant_usd
    bound = solved.bound * money + case.constant_usd
    flows = Flows.of(case.network, flow_rows_of(solution), manifest)
    flows.check_balance()
    flows.check_demand()
    rows, columns = solution.plan.program().shape
    return PlanResult(
        status=solved.status,
        objective_usd=objective,
        bound_usd=min(bound, objective),
        gap=max(objective - bound, 0.0) / max(abs(objective), 1.0),
        flows=flows,
        capacities=capacity_table(solution),
        shadow_prices=price_table(solution),
        limits=limit_table(solution),
        manifest=manifest,
        assumptions=_assumptions(case, options),
        size={"rows": rows, "columns": columns, "iterations": solved.iterations},
        seconds=clock.seconds,
    )


def _manifest(case: Case, solved: Solved, options: PlanOptions) -> Manifest:
    from orepact.chain.manifest import Manifest

    solver = f"HiGHS {solved.version} {options.method}"
    scenario_hash = case.scenario.hash if case.scenario else ""
    return Manifest.of(case.network, scenario_hash=scenario_hash, solver=solver, solver_status=solved.status, seed=0)


def _assumptions(case: Case, options: PlanOptions) -> dict[str, object]:
    """What the numbers rest on besides the inputs."""
    return {
        "discount_rate": case.horizon.discount_rate,
        "years": list(case.horizon.years),
        "weights": case.horizon.weights.tolist(),
        "options": options.as_dict(),
    }
