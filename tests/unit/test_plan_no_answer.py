"""What a person reads when there is no plan."""

from __future__ import annotations

import pytest

from orepact.errors import BadInput, NoFeasibleAnswer, SolverFailed
from orepact.plan import PlanOptions, solve
from orepact.plan.explain import raise_unbounded
from orepact.plan.prepare import prepare
from plan_networks import one_mine, scenario, small_network, two_suppliers, wanted


def reasons(network: object, limits: object = ()) -> list[str]:
    """The conflicting limits in words."""
    with pytest.raises(NoFeasibleAnswer) as caught:
        solve(network, scenario(limits=limits))  # type: ignore[arg-type]
    assert caught.value.exit_code == 4
    return list(caught.value.conflicts)


def test_too_little_capacity_is_named_with_the_missing_amount() -> None:
    """100 of 120 can be made."""
    assert reasons(one_mine([2030], {2030: 120}, capacity_per_year=100)) == [
        "demand of ore in AAA in 2030: 20 of 120 t cannot be supplied",
        "capacity of mine (100 t per year) in 2030 binds",
    ]


def test_a_build_rate_that_binds_is_named() -> None:
    """Capacity can grow, but not fast enough."""
    found = reasons(
        one_mine([2030, 2031], {2030: 5, 2031: 50}, capacity_per_year=5, capex_usd=1, lead_time_years=1, max_build_per_year=10)
    )
    assert found[0] == "demand of ore in AAA in 2031: 35 of 50 t cannot be supplied"
    assert "build rate of mine (10 t per year) in 2030 binds" in found


def test_capacity_that_comes_too_late_is_named() -> None:
    """The mine opens in 2032."""
    found = reasons(one_mine([2030, 2032], {2030: 5, 2032: 5}, capacity_per_year=5, start_year=2032))
    assert found[0].startswith("demand of ore in AAA in 2030: 5 of 5 t cannot be supplied; nothing that can run")


def test_a_demand_that_nothing_reaches_is_named() -> None:
    """No route from the mine to BBB."""
    network = small_network(
        years=[2030],
        recipes={"mining": {"ore": 1.0}},
        sites=[{"site": "mine", "process": "mining", "place": "AAA"}],
        demand=wanted("ore", "BBB", {2030: 7}),
    )
    assert reasons(network) == [
        "demand of ore in BBB in 2030: 7 of 7 t cannot be supplied; nothing that can run makes it or brings it there"
    ]


def test_reserves_that_run_out_and_what_they_would_have_to_be() -> None:
    """30 wanted, 25 in the ground."""
    found = reasons(one_mine([2030, 2031], {2030: 15, 2031: 15}, reserves=25))
    assert found[0].startswith("demand of ore in AAA in 203")
    assert "5 of 15 t cannot be supplied" in found[0]
    assert "reserves of mine (25 t) binds" in found
    assert found[-1] == "all demand could be met if reserves of mine held 5 more than 25"


def test_a_share_that_no_supply_can_keep_and_the_share_it_takes() -> None:
    """The second supplier has 10, so the first must have 0.9 of 100 where 0.7 is allowed."""
    network = two_suppliers()
    small = network.with_tables(sites=network.sites.assign(capacity_per_year=[1000.0, 10.0]))
    limit = {"kind": "largest_supplier_share", "commodities": "ore", "places": "CCC", "max_share": 0.7, "name": "cap"}
    found = reasons(small, [limit])
    assert found[0] == "demand of ore in CCC in 2030: 66.6667 of 100 t cannot be supplied"
    assert "cap (AAA at most 0.7) in 2030 binds" in found
    assert "capacity of mine_b (10 t per year) in 2030 binds" in found
    assert found[-1] == "all demand could be met if AAA could have 0.9 instead of 0.7 under cap in 2030"


def test_a_target_that_cannot_be_reached() -> None:
    """120 wanted, 100 there, nothing can be built."""
    limit = {"kind": "capacity_target", "commodities": "ore", "owner_country": "XXX", "minimum": 120, "name": "home"}
    found = reasons(two_suppliers(capacity_per_year=100), [limit])
    assert found == ["home in 2030: 20 of 120 t per year cannot be reached; 1 sites count, 0 of them can grow by then"]


def test_a_soft_demand_is_missed_before_a_hard_one() -> None:
    """50 of capacity for 40 hard and 30 soft: feasible, 20 short."""
    demand = wanted("ore", "AAA", {2030: 40}) + wanted("ore", "AAA", {2030: 30}, shortage_cost_usd=5)
    network = small_network(
        years=[2030],
        recipes={"mining": {"ore": 1.0}},
        sites=[{"site": "mine", "process": "mining", "place": "AAA", "capacity_per_year": 50}],
        demand=demand,
    )
    assert solve(network).objective_usd == pytest.approx(20 * 5)


def test_many_missing_demands_are_told_by_commodity() -> None:
    """Thirty years short: one line with the worst year instead of thirty."""
    years = range(2030, 2060)
    demand = dict.fromkeys(years, 2.0) | {2044: 7.0}
    found = reasons(one_mine(years, demand, capacity_per_year=1))
    assert found[0] == "demand of ore: 6 of 7 t, in 1 place, cannot be supplied in 2044 (years with a gap: 30)"


def test_earning_without_limit_is_bad_input() -> None:
    """Slag that earns, from a site without capacity limit, disposed of without end."""
    network = small_network(
        years=[2030],
        recipes={"a": {"ore": 1.0, "slag": 0.5}, "b": {"slag": 1.0}},
        sites=[
            {"site": "a", "process": "a", "place": "AAA"},
            {"site": "b", "process": "b", "place": "AAA", "variable_cost_usd": -5},
        ],
        demand=wanted("ore", "AAA", {2030: 1}),
    )
    with pytest.raises(BadInput, match="-5 USD per unit at b"):
        solve(network)


def test_unbounded_without_a_cause_is_our_fault() -> None:
    """Exit code 1, not 3."""
    with pytest.raises(SolverFailed):
        raise_unbounded(prepare(one_mine([2030], {2030: 1}), None))


def test_a_tariff_without_a_price_is_bad_input() -> None:
    """A rate needs something to be charged on."""
    network = two_suppliers()
    with pytest.raises(BadInput, match="price of ore"):
        solve(network.with_tables(routes=network.routes.assign(tariff_rate=0.1)))


def test_years_that_the_network_does_not_have_are_bad_input() -> None:
    """The scenario asks for 2040."""
    with pytest.raises(BadInput, match="2040"):
        solve(one_mine([2030], {2030: 1}), scenario(years=[2030, 2040]))


def test_a_time_limit_is_said() -> None:
    """Nothing can be solved in no time."""
    with pytest.raises(SolverFailed):
        solve(
            one_mine([2030], {2030: 1}, capacity_per_year=2, capex_usd=1),
            options=PlanOptions(time_limit_seconds=0.0, presolve="off"),
        )
