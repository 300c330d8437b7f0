"""Plans that can be solved on paper; the arithmetic stands beside each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from orepact.chain.network import Network
from orepact.plan import PlanResult, solve
from plan_networks import one_mine, scenario, small_network, two_suppliers, wanted

TOY = Path(__file__).parent.parent / "networks" / "toy"


def quantity(result: PlanResult, kind: str, year: int, **where: str) -> float:
    """Sum of one kind in a year."""
    rows = result.flows.frame.query("kind == @kind and year == @year")
    for column, value in where.items():
        rows = rows[rows[column] == value]
    return float(rows["quantity"].sum())


def test_the_toy_on_paper() -> None:
    """Two places, two years at 5 %.

    Metal of smelter_a in BBB: 4 x 10 (ore) + 50 + 200 x 0.05 (power) + 15 (freight) + 0.1 x 1000 (tariff) = 215.
    Metal of smelter_b: 4 x (10 + 20) / 0.98 (ore, 2 % lost) + 60 + 200 x 0.1 = 202.4490 once it stands;
    new capacity there would add 5 + 400 x annuity(5 %, 20) = 37.10 and so cost more than 215: nothing is built.
    2030: 80 x 215 + 100 x 5 (fixed cost of smelter_a) = 17 700.
    2031: 60 (half of 120, planned) x 202.4490 + 50 x 215 + 100 x 5 + 60 x 5 = 23 696.94.
    """
    result = solve(Network.from_package(TOY))
    cheap = 4 * 30 / 0.98 + 80
    assert result.objective_usd == pytest.approx(17_700 + (60 * cheap + 50 * 215 + 800) / 1.05, rel=1e-9)
    assert result.status == "optimal"
    assert result.gap < 1e-9
    assert quantity(result, "activity", 2031, site="smelter_b") == pytest.approx(60)
    assert quantity(result, "stock_in", 2030, commodity="slag") == pytest.approx(160), "2 t of slag for each t of metal"
    assert quantity(result, "build", 2030) == 0
    prices = result.shadow_prices.set_index(["commodity", "place", "year"])["usd_per_unit"]
    assert prices["metal", "BBB", 2031] == pytest.approx(215), "in money of 2031, not discounted"
    assert result.flows.check_balance() < 1e-9


def test_what_is_built_stands_after_its_lead_time_and_until_its_life_ends() -> None:
    """Demand 10 a year from 2027; lead 2 years, life 2 years, no discounting, capex 100 per unit: 50 a year while it stands.

    Capacity for 2027 and 2028 is decided in 2025, for 2029 in 2027: 10 x 50 x 2 + 10 x 50 x 1 (2029 is the last year) = 1500.
    """
    years = range(2025, 2030)
    mine = one_mine(
        years, {2027: 10, 2028: 10, 2029: 10}, capacity_per_year=0, capex_usd=100, lead_time_years=2, lifetime_years=2
    )
    result = solve(mine, scenario())
    assert result.objective_usd == pytest.approx(1500)
    assert [quantity(result, "build", year) for year in years] == pytest.approx([10, 0, 10, 0, 0])
    assert [quantity(result, "capacity", year) for year in years] == pytest.approx([0, 0, 10, 10, 10])
    assert quantity(result, "retire", 2029) == pytest.approx(10)


def test_a_model_year_stands_for_the_years_before_the_next_one() -> None:
    """2025 stands for 2025, 2026 and 2027, 2028 for itself: (1 + 1/1.1 + 1/1.21 + 1/1.331) x 5 x 2 USD."""
    result = solve(one_mine([2025, 2028], {2025: 5, 2028: 5}, variable_cost_usd=2), scenario(discount_rate=0.1))
    assert result.objective_usd == pytest.approx((1 + 1 / 1.1 + 1 / 1.21 + 1 / 1.331) * 10)


def test_capital_is_paid_each_year_it_stands_and_fixed_cost_on_all_capacity() -> None:
    """5 existing and 5 built: 3 x 10 fixed cost + 5 x 1000 x annuity(8 %, 10) in the one year."""
    result = solve(
        one_mine([2030], {2030: 10}, capacity_per_year=5, capex_usd=1000, lifetime_years=10, fixed_cost_usd=3),
        scenario(discount_rate=0.08),
    )
    annuity = 0.08 / (1 - 1.08**-10)
    assert result.objective_usd == pytest.approx(30 + 5000 * annuity)
    row = result.capacities.iloc[0]
    assert (row["existing"], row["built"], row["total"]) == pytest.approx((5, 5, 10))
    assert row["investment_usd"] == pytest.approx(5000)
    assert row["scarcity_usd_per_unit"] == pytest.approx(3 + 1000 * annuity)


def test_capacity_retires_after_its_last_year() -> None:
    """8 of demand each year; the mine of 10 ends with 2030, then 8 a year are short at 100 USD."""
    result = solve(
        one_mine([2030, 2031], {2030: 8, 2031: 8}, shortage_cost_usd=100, capacity_per_year=10, end_year=2030), scenario()
    )
    assert result.objective_usd == pytest.approx(800)
    assert quantity(result, "retire", 2031) == pytest.approx(10)
    assert quantity(result, "shortage", 2031) == pytest.approx(8)


def test_no_more_is_decided_than_the_build_rate_times_the_years() -> None:
    """2030 stands for two years, 3 a year: 6 can be decided; 4 of the 10 wanted stay short (2 years x 4 x 1000)."""
    mine = one_mine(
        [2030, 2032],
        {2030: 10, 2032: 0},
        shortage_cost_usd=1000,
        capacity_per_year=0,
        capex_usd=10,
        lifetime_years=1,
        max_build_per_year=3,
    )
    result = solve(mine, scenario())
    assert quantity(result, "build", 2030) == pytest.approx(6)
    assert result.objective_usd == pytest.approx(2 * 4 * 1000 + 2 * 6 * 10)
    rate = result.limits.query("kind == 'build_rate'").iloc[0]
    assert (rate["bound"], rate["value"]) == pytest.approx((6, 6))
    assert rate["dual_usd_per_unit"] == pytest.approx(2 * 1000 - 2 * 10)


def test_reserves_count_every_year_that_a_model_year_stands_for() -> None:
    """Reserves 25; 10 a year in 2030 and 2031 (one model year), so 20 and then 5; 5 short at 50."""
    mine = one_mine([2030, 2032], {2030: 10, 2032: 10}, shortage_cost_usd=50, reserves=25)
    result = solve(mine, scenario())
    assert result.objective_usd == pytest.approx(250)
    row = result.limits.query("kind == 'reserves'").iloc[0]
    assert (row["bound"], row["value"], row["dual_usd_per_unit"]) == pytest.approx((25, 25, 50))
    assert row["binding"]


def test_tariff_and_loss_on_a_route() -> None:
    """100 must arrive, 20 % is lost: 125 leave, each 2 (mine) + 3 (freight) + 0.1 x 40 (tariff on the price)."""
    network = small_network(
        years=[2030],
        recipes={"mining": {"ore": 1.0}},
        sites=[{"site": "mine", "process": "mining", "place": "AAA", "variable_cost_usd": 2}],
        routes=[{"commodity": "ore", "origin": "AAA", "destination": "BBB", "cost_usd": 3, "loss": 0.2, "tariff_rate": 0.1}],
        demand=wanted("ore", "BBB", {2030: 100}),
        prices={"ore": 40},
    )
    result = solve(network)
    assert result.objective_usd == pytest.approx(125 * 9)
    route = result.flows.frame.query("kind == 'route'").iloc[0]
    assert (route["quantity"], route["cost_usd"], route["tariff_usd"]) == pytest.approx((125, 375, 500))


def test_a_stockpile_gives_its_yearly_release_until_it_is_empty() -> None:
    """Stock 50, at most 20 a year; three years of 30 at 7 USD from the mine: 20 + 20 + 10 released, 40 mined."""
    network = small_network(
        years=[2030, 2031, 2032],
        recipes={"mining": {"ore": 1.0}},
        sites=[{"site": "mine", "process": "mining", "place": "AAA", "variable_cost_usd": 7}],
        demand=wanted("ore", "AAA", {2030: 30, 2031: 30, 2032: 30}),
        stockpiles=[{"commodity": "ore", "place": "AAA", "quantity": 50, "release_per_year": 20, "owner": "AAA"}],
    )
    result = solve(network, scenario())
    assert result.objective_usd == pytest.approx(40 * 7)
    assert result.flows.frame.query("kind == 'stock_out'")["quantity"].sum() == pytest.approx(50)
    row = result.limits.query("kind == 'stock_release'").iloc[0]
    assert (row["value"], row["dual_usd_per_unit"]) == pytest.approx((50, 7))


def test_shortage_where_it_is_cheaper_than_supply() -> None:
    """Supply costs 9, a missing unit 4: nothing is made."""
    result = solve(one_mine([2030], {2030: 10}, shortage_cost_usd=4, variable_cost_usd=9))
    assert result.objective_usd == pytest.approx(40)
    assert quantity(result, "shortage", 2030) == pytest.approx(10)
    assert quantity(result, "activity", 2030) == 0


def test_route_capacity_shows_its_worth() -> None:
    """60 of 100 fit on the cheap route (1 USD); the rest comes for 3: one more unit of route is worth 2."""
    network = two_suppliers()
    result = solve(network.with_tables(routes=network.routes.assign(capacity_per_year=[60.0, np.nan])))
    assert result.objective_usd == pytest.approx(60 * 1 + 40 * 3)
    row = result.limits.query("kind == 'route_capacity'").iloc[0]
    assert row["subject"] == "ore AAA > CCC"
    assert (row["value"], row["dual_usd_per_unit"]) == pytest.approx((60, 2))


def test_electricity_is_paid_at_the_price_of_the_place() -> None:
    """30 kWh at 0.1 USD."""
    network = small_network(
        years=[2030],
        recipes={"mining": {"ore": 1.0}},
        sites=[{"site": "mine", "process": "mining", "place": "AAA", "electricity_kwh": 30, "variable_cost_usd": 1}],
        demand=wanted("ore", "AAA", {2030: 10}),
        places={"AAA": {"electricity_usd_per_kwh": 0.1}},
    )
    assert solve(network).objective_usd == pytest.approx(10 * 4)


def test_a_co_product_is_used_before_it_is_made_elsewhere() -> None:
    """Each t of nickel (8 USD) brings 0.1 t of cobalt; 5 t of cobalt are wanted, 2 come along, 3 are mined at 50."""
    network = small_network(
        years=[2030],
        recipes={"nickel_mining": {"nickel": 1.0, "cobalt": 0.1}, "cobalt_mining": {"cobalt": 1.0}},
        sites=[
            {"site": "ni", "process": "nickel_mining", "place": "AAA", "variable_cost_usd": 8},
            {"site": "co", "process": "cobalt_mining", "place": "AAA", "variable_cost_usd": 50},
        ],
        demand=wanted("nickel", "AAA", {2030: 20}) + wanted("cobalt", "AAA", {2030: 5}),
    )
    assert solve(network).objective_usd == pytest.approx(20 * 8 + 3 * 50)


def test_announced_capacity_counts_with_its_probability() -> None:
    """100 planned at 30 % is 30; where the site states no probability, the scenario's for its status holds."""
    planned = {"capacity_per_year": 100, "status": "planned", "shortage_cost_usd": 1.0}
    own = solve(one_mine([2030], {2030: 100}, realisation_probability=0.3, **planned))
    assert quantity(own, "shortage", 2030) == pytest.approx(70)
    by_status = solve(one_mine([2030], {2030: 100}, **planned), scenario(status_probability={"planned": 0.6}))
    assert quantity(by_status, "shortage", 2030) == pytest.approx(40)
    both = solve(
        one_mine([2030], {2030: 100}, realisation_probability=0.3, **planned), scenario(status_probability={"planned": 0.6})
    )
    assert quantity(both, "shortage", 2030) == pytest.approx(70)


def test_the_scenario_may_choose_some_of_the_years() -> None:
    """Of 2030-2032 only 2030 and 2032 are model years; 2030 then stands for two years."""
    result = solve(one_mine([2030, 2031, 2032], {2030: 1, 2031: 100, 2032: 1}, variable_cost_usd=1), scenario(years=[2030, 2032]))
    assert result.objective_usd == pytest.approx(2 * 1 + 1)
