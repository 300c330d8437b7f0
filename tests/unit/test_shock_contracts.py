"""Contracts on the small chain, against figures worked out on paper and against a second implementation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from orepact.errors import BalanceBroken
from orepact.shock import respond
from orepact.shock.events.disruption import Quota
from shock_disruptions import broken
from shock_networks import chain_case

NEAR, FAR, SMELTER, PLANT = range(4)
FROM_NEAR, FROM_FAR, CARS_ABROAD = range(3)
ORE, METAL, CARS, PUBLIC_METAL = range(4)
HOME, ABROAD = range(2)


def test_without_an_event_the_usual_week_goes_on() -> None:
    case = chain_case()
    found = respond(case, broken(case), "contracts")
    assert not found.unmet.any()
    assert not found.released.any()
    assert not any(found.costs_usd.values())
    assert (found.activity == case.activity[:, None]).all()
    assert found.check_balance() == 0
    assert not len(found.lost)
    assert not len(found.stops)
    assert not len(found.parties)


def test_a_mine_stops_for_eight_weeks() -> None:
    """The last ore of the mine arrives in week 0; 200 in stock bridge the missing 60 a week until 20 are left after week 3.

    Week 4: 20 + 40 ore make 30 metal, of the 40 metal above the floor 20 lift it to the 50 of the plant. Week 5: 40 ore make 20
    metal, the last 20 of stock go too: 40 cars and 10 of stock. Weeks 6-8: 20 metal, 20 cars; HOME and ABROAD get 30 / 50, then
    20 / 50 of what they want; cars sent abroad come two weeks later. Ore is sent again from week 8 and arrives in week 9.
    """
    case = chain_case()
    event = broken(case, weeks=20)
    event.site_share[NEAR, :8] = 0.0
    found = respond(case, event, "contracts")
    found.check_balance()
    assert found.activity[SMELTER, 3:10] == pytest.approx([50, 30, 20, 20, 20, 20, 50])
    assert found.activity[PLANT, 3:10] == pytest.approx([50, 50, 40, 20, 20, 20, 50])
    assert found.stock[ORE, :5] == pytest.approx([200, 140, 80, 20, 0])
    assert found.stock[METAL, 3:7] == pytest.approx([50, 30, 10, 10])
    assert found.stock[CARS, 4:7] == pytest.approx([20, 10, 0])
    assert found.stock[PUBLIC_METAL] == pytest.approx(np.full(20, 100))
    assert found.unmet[HOME, 5:10] == pytest.approx([0, 16, 24, 24, 0])
    assert found.unmet[ABROAD, 7:12] == pytest.approx([0, 4, 6, 6, 0])
    assert found.costs_usd["loss"] == pytest.approx(64 * 1000 + 16 * 800)
    # at the end all of ore, 40 of metal and 20 cars are missing
    assert found.costs_usd["stock"] == pytest.approx(200 * 10 + 40 * 60 + 20 * 500)


def test_spare_capacity_of_a_hit_plant_keeps_its_usual_output() -> None:
    """70 x 0.9 = 63 is above the usual 60; 70 x 0.5 = 35 is not."""
    case = chain_case()
    for share, made in ((0.9, 60), (0.5, 35)):
        event = broken(case)
        event.site_share[NEAR] = share
        assert respond(case, event, "contracts").activity[NEAR] == pytest.approx(np.full(event.weeks, made))


def test_a_plant_without_limit_loses_the_share_of_its_usual() -> None:
    case = chain_case(capacity=np.full(4, np.inf))
    event = broken(case)
    event.site_share[NEAR] = 0.9
    assert respond(case, event, "contracts").activity[NEAR] == pytest.approx(np.full(event.weeks, 54))


def test_a_banned_route_is_not_replaced_and_the_seller_keeps_its_ore() -> None:
    case = chain_case()
    event = broken(case, weeks=16)
    event.route_share[FROM_FAR] = 0.0
    found = respond(case, event, "contracts")
    found.check_balance()
    assert not found.sent[FROM_FAR].any()
    assert found.arrived[FROM_FAR, :4] == pytest.approx([40, 40, 40, 0])
    assert found.sent[FROM_NEAR] == pytest.approx(np.full(16, 60))
    far = case.network.positions(["ore"], ["FAR"])[0]
    assert found.surplus[far] == pytest.approx(np.full(16, 40))


def test_a_quota_cuts_all_its_routes_alike() -> None:
    case = chain_case()
    quota = Quota("ore", np.array([FROM_NEAR, FROM_FAR]), np.array([1.0, 1.0]), np.full(12, 50.0))
    found = respond(case, replace(broken(case), quotas=(quota,)), "contracts")
    assert found.sent[FROM_NEAR] == pytest.approx(np.full(12, 30))
    assert found.sent[FROM_FAR] == pytest.approx(np.full(12, 20))


def test_a_detour_comes_late_and_costs_more() -> None:
    """Three weeks longer: nothing arrives for three weeks, then as usual; 12 weeks of 60 ore at 2 USD more."""
    case = chain_case()
    ways = pd.DataFrame(
        {
            "route": [FROM_NEAR],
            "lag_weeks": [4],
            "extra_cost_usd": [2.0],
            "first_week": [0],
            "last_week": [11],
            "passage": ["canal"],
        }
    )
    event = replace(broken(case), detours=ways)
    event.route_share[FROM_NEAR] = 0.0
    found = respond(case, event, "contracts")
    found.check_balance()
    assert found.sent[FROM_NEAR] == pytest.approx(np.full(12, 60))
    assert found.arrived[FROM_NEAR, :6] == pytest.approx([60, 0, 0, 0, 60, 60])
    assert found.stock[ORE, :5] == pytest.approx([200, 140, 80, 20, 20])
    assert found.costs_usd["transport"] == pytest.approx(12 * 60 * 2)
    assert not found.unmet.any()


def test_more_demand_than_usual_is_rationed_alike() -> None:
    """60 + 15 cars wanted at HOME and for ABROAD's usual 10: the stock of 20 cars lasts one week, then 50 go to 70 wants."""
    case = chain_case()
    event = broken(case)
    event.demand_share[HOME] = 1.5
    found = respond(case, event, "contracts")
    found.check_balance()
    assert found.unmet[HOME, :2] == pytest.approx([0, 60 - 60 * 50 / 70])
    assert found.sent[CARS_ABROAD, 1] == pytest.approx(10 * 50 / 70)


def test_a_tariff_is_paid_on_what_is_sent() -> None:
    case = chain_case()
    event = broken(case)
    event.route_cost_usd[FROM_NEAR, 4:] = 3.0
    found = respond(case, event, "contracts")
    assert found.costs_usd["tariff"] == pytest.approx(8 * 60 * 3)
    assert not found.unmet.any()


def test_a_burnt_warehouse_bridges_nothing() -> None:
    case = chain_case()
    event = broken(case)
    event.stores_lost[ORE] = 1.0
    event.site_share[NEAR] = 0.0
    found = respond(case, event, "contracts")
    found.check_balance()
    assert found.activity[SMELTER, :3] == pytest.approx([50, 20, 20])


def test_a_stock_below_its_floor_after_a_fire_is_no_breach() -> None:
    case = chain_case()
    event = broken(case)
    event.stores_lost[METAL] = 0.9
    found = respond(case, event, "contracts")
    assert found.check_balance() < 1e-12
    assert found.stock[METAL] == pytest.approx(np.full(event.weeks, 5))


def test_stock_building_of_the_base_year_gives_way() -> None:
    """Ten metal a week usually leave for stocks outside: they are what is missed last."""
    other = np.zeros(len(chain_case().network.nodes))
    at = chain_case().network.positions(["metal"], ["HOME"])[0]
    other[at] = -10.0
    case = chain_case(other=other, activity=np.array([60.0, 40.0, 50.0, 40.0]), demand=np.array([30.0, 10.0]))
    assert np.abs(case.residual).max() == 0
    event = broken(case, weeks=20)
    event.site_share[NEAR] = 0.0
    found = respond(case, event, "contracts")
    found.check_balance()
    assert (found.surplus >= np.minimum(other, 0)[:, None] - 1e-9).all()
    assert found.surplus[at, 0] == pytest.approx(0)
    assert found.surplus[at, -1] == pytest.approx(-10)


def test_an_outcome_that_does_not_close_is_refused_by_name() -> None:
    case = chain_case()
    found = respond(case, broken(case), "contracts")
    for name, of, words in (
        ("activity", SMELTER, "metal in HOME"),
        ("arrived", FROM_FAR, "ore in HOME"),
        ("stock", CARS, "the stock of car in HOME"),
    ):
        wrong = getattr(found, name).copy()
        wrong[of, 3] += 1.0
        with pytest.raises(BalanceBroken, match=words):
            replace(found, **{name: wrong}).check_balance()


def test_stock_below_the_floor_is_refused() -> None:
    case = chain_case()
    found = respond(case, broken(case), "contracts")
    stock, released, surplus = found.stock.copy(), found.released.copy(), found.surplus.copy()
    stock[METAL] -= 45.0
    released[METAL, 0] += 45.0
    surplus[case.network.positions(["metal"], ["HOME"])[0], 0] += 45.0
    with pytest.raises(BalanceBroken, match="the floor of metal in HOME"):
        replace(found, stock=stock, released=released, surplus=surplus).check_balance()


def test_a_loop_of_lanes_without_lag_settles() -> None:
    """Cars go back and forth between HOME and ABROAD at once, 15 there and 5 back; with no car made or in stock none goes."""
    base = chain_case()
    routes = base.network.routes
    back = pd.DataFrame([{**routes.iloc[CARS_ABROAD].to_dict(), "origin": "ABROAD", "destination": "HOME"}])
    network = base.network.with_tables(routes=pd.concat([routes, back], ignore_index=True))
    case = chain_case(
        network=network,
        flow=np.array([60.0, 40.0, 15.0, 5.0]),
        lag_weeks=np.array([1, 3, 0, 0]),
    )
    assert np.abs(case.residual).max() == 0
    event = broken(case, weeks=20)
    event.site_share[PLANT] = 0.0
    found = respond(case, event, "contracts")
    assert found.check_balance() < 1e-9
    assert found.unmet[:, -1] == pytest.approx([40, 10], abs=1e-6)


# A second implementation -------------------------------------------------------------------------------


def by_hand(share: np.ndarray, weeks: int) -> tuple[list[float], list[float]]:
    """The chain as a story in plain Python: one number after the other, in the order in which goods move."""
    ore, metal, cars = 200.0, 50.0, 20.0
    near_sent, far_sent, abroad_sent = [60.0], [40.0] * 3, [10.0] * 2
    home_short, abroad_short = [], []
    for t in range(weeks):
        near_sent.append(min(60.0, 70.0 * share[NEAR, t]))
        far_sent.append(min(40.0, 80.0 * share[FAR, t]))
        can_smelt, can_build = min(50.0, 60.0 * share[SMELTER, t]), min(50.0, 55.0 * share[PLANT, t])
        ore += near_sent[t] + far_sent[t]
        smelted = min(can_smelt, ore / 2)
        ore -= 2 * smelted
        metal += smelted
        built = min(can_build, max(metal - 10.0, 0.0))
        metal -= built
        cars += built
        part = min(1.0, cars / 50.0)
        cars -= 50.0 * part
        abroad_sent.append(10.0 * part)
        home_short.append(40.0 * (1 - part))
        abroad_short.append(10.0 - abroad_sent[t])
    return home_short, abroad_short


@pytest.mark.parametrize("seed", range(20))
def test_the_story_in_plain_python_ends_alike(seed: int) -> None:
    case = chain_case()
    dice = np.random.default_rng(seed)
    event = broken(case, weeks=30)
    event.site_share[:] = np.where(dice.random((4, 30)) < 0.5, dice.random((4, 30)), 1.0)
    found = respond(case, event, "contracts")
    found.check_balance()
    home, abroad = by_hand(event.site_share, 30)
    assert found.unmet[HOME] == pytest.approx(home, abs=1e-9)
    assert found.unmet[ABROAD] == pytest.approx(abroad, abs=1e-9)
    assert sum(home) > 0
