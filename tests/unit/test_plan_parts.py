"""The parts of the plan: solver door, reach, magnitudes, determinism, manifest."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from orepact.errors import SolverFailed
from orepact.linear import LinearProgram, apply_settings, minimise
from orepact.plan import PlanOptions, solve
from orepact.plan.declare import declare
from orepact.plan.prepare import prepare
from orepact.plan.scales import commodity_magnitudes
from plan_networks import one_mine, scenario, small_network, two_suppliers, wanted


def tiny_program() -> LinearProgram:
    """min 2x + 3y, x + y >= 4, x <= 3: x = 3, y = 1, cost 9; dual of the row 3, of x's bound -1."""
    return LinearProgram(
        cost=np.array([2.0, 3.0]),
        lower=np.zeros(2),
        upper=np.array([3.0, np.inf]),
        matrix=sparse.csr_array(np.array([[1.0, 1.0]])),
        row_lower=np.array([4.0]),
        row_upper=np.array([np.inf]),
    )


@pytest.mark.parametrize("method", ["simplex", "ipm", "ipx", "pdlp"])
def test_every_method_finds_the_optimum_and_its_bound(method: str) -> None:
    """Values, duals and the bound from the duals alone."""
    solved = minimise(tiny_program(), PlanOptions(method=method).solver_settings())
    assert solved.status == "optimal"
    assert solved.objective == pytest.approx(9, rel=1e-4)
    assert solved.bound == pytest.approx(9, rel=1e-4)
    assert solved.duals == pytest.approx([3], rel=1e-3)
    assert solved.reduced_costs == pytest.approx([-1, 0], abs=1e-3)


@pytest.mark.parametrize(
    ("name", "value"), [("no_such_option", 1), ("simplex_dual_edge_weight_strategy", 9), ("threads", "many"), ("solver", "magic")]
)
def test_a_refused_option_is_an_error(name: str, value: object) -> None:
    """HiGHS itself only returns a status."""
    with pytest.raises(SolverFailed, match=name):
        minimise(tiny_program(), {name: value})


def test_an_option_that_is_read_back_changed_is_an_error() -> None:
    """A solver that takes what it is given for something else."""

    class Stubborn:
        def setOptionValue(self, name: str, value: object) -> object:  # noqa: N802
            return type("Status", (), {"name": "kOk"})()

        def getOptionValue(self, name: str) -> tuple[object, object]:  # noqa: N802
            return type("Status", (), {"name": "kOk"})(), "something else"

    with pytest.raises(SolverFailed, match="something else"):
        apply_settings(Stubborn(), {"threads": 1})


def dead_ends() -> object:
    """Ore is made in AAA; the smelter in BBB has no coal; CCC is fed but wants nothing; DDD wants and is fed through CCC."""
    routes = [("AAA", "BBB"), ("AAA", "CCC"), ("CCC", "DDD"), ("DDD", "CCC"), ("BBB", "EEE")]
    return small_network(
        years=[2030, 2031],
        recipes={"mining": {"ore": 1.0}, "smelting": {"metal": 1.0, "ore": -2.0, "coal": -1.0}},
        sites=[
            {"site": "mine", "process": "mining", "place": "AAA", "start_year": 2031},
            {"site": "smelter", "process": "smelting", "place": "BBB"},
        ],
        routes=[{"commodity": "ore", "origin": o, "destination": d} for o, d in routes],
        demand=wanted("ore", "DDD", {2030: 1, 2031: 1}, 100) + wanted("metal", "BBB", {2031: 1}, 100),
    )


def test_only_what_can_move_becomes_a_variable() -> None:
    """The smelter, everything in 2030 and routes to where nothing is wanted do not exist."""
    plan = declare(prepare(dead_ends(), None))  # type: ignore[arg-type]
    assert (len(plan.blocks["activity"]), len(plan.blocks["flow"]), len(plan.blocks["shortage"])) == (1, 3, 3)
    assert plan.blocks["flow"].item.tolist() == [1, 2, 3]
    assert solve(dead_ends()).objective_usd == pytest.approx((1 + 1 / 1.05) * 100)  # type: ignore[arg-type]


def test_magnitudes_follow_recipes_to_commodities_nobody_counts() -> None:
    """Demand of 2 000 metal, 5 ore each: ore is counted in 10^4."""
    network = small_network(
        years=[2030],
        recipes={"mining": {"ore": 1.0}, "smelting": {"metal": 1.0, "ore": -5.0}},
        sites=[{"site": "m", "process": "mining", "place": "A"}, {"site": "s", "process": "smelting", "place": "A"}],
        demand=wanted("metal", "A", {2030: 2000}),
    )
    assert commodity_magnitudes(network).to_dict() == {"ore": 1e4, "metal": 1e3}


@pytest.mark.parametrize("factor", [1e-6, 1e7])
def test_units_do_not_matter(factor: float) -> None:
    """Grams or megatonnes: the same plan, scaled or not."""
    small, large = (
        one_mine([2030], {2030: 3}, variable_cost_usd=2),
        one_mine([2030], {2030: 3 * factor}, variable_cost_usd=2 / factor),
    )
    for options in (PlanOptions(), PlanOptions(scaled=False)):
        assert solve(large, options=options).objective_usd == pytest.approx(solve(small, options=options).objective_usd)


def test_the_same_numbers_twice() -> None:
    """Bit for bit, and the same manifest."""
    limits = [{"kind": "largest_supplier_share", "commodities": "ore", "places": "CCC", "max_share": 0.6}]
    first, second = (solve(two_suppliers(), scenario(limits=limits)) for _ in range(2))
    pd.testing.assert_frame_equal(first.flows.frame, second.flows.frame, check_exact=True)
    pd.testing.assert_frame_equal(first.limits, second.limits, check_exact=True)
    assert first.objective_usd == second.objective_usd
    assert first.manifest.hash == second.manifest.hash


def test_the_manifest_says_what_the_numbers_rest_on() -> None:
    """Solver, status, hashes, and the discount rate that holds without a scenario."""
    result = solve(two_suppliers())
    assert result.manifest.solver.startswith("HiGHS ")
    assert result.manifest.solver_status == "optimal"
    assert result.manifest.network_hash
    assert result.manifest.scenario_hash == ""
    assert result.assumptions["discount_rate"] == 0.05
    assert result.size == {"rows": 3, "columns": 4, "iterations": result.size["iterations"]}
    assert repr(result).startswith("PlanResult(optimal, 100 USD")


def test_prices_are_what_one_more_unit_costs() -> None:
    """Against a second solve with a little more demand; 2031 counts for one year at 1/1.05."""
    limits = [{"kind": "largest_supplier_share", "commodities": "ore", "places": "CCC", "max_share": 0.6}]
    base, more = (solve(two_suppliers(quantity), scenario(limits=limits, discount_rate=0.05)) for quantity in (100.0, 101.0))
    price = base.shadow_prices.query("commodity == 'ore' and place == 'CCC'")["usd_per_unit"].iloc[0]
    assert more.objective_usd - base.objective_usd == pytest.approx(price)
    assert price == pytest.approx(0.6 * 1 + 0.4 * 3)


def test_a_network_without_demand_costs_its_fixed_cost() -> None:
    """Nothing to decide."""
    result = solve(one_mine([2030], {2030: 0}, capacity_per_year=10, fixed_cost_usd=2))
    assert result.objective_usd == pytest.approx(20)
    assert result.flows.frame["kind"].tolist() == ["capacity"]
