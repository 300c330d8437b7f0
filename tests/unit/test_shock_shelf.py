"""Stocks are refilled, and what empty shelves, idle plants, emptied stocks and empty ways cost: figures worked out on paper."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from orepact.shock import respond
from orepact.shock.case.case import ShockCase
from orepact.shock.events.disruption import DETOURS
from orepact.shock.outcome.costing import Costs
from orepact.shock.response.rules import ResponseRules
from response_disruptions import site_stop
from shock_disruptions import broken
from shock_networks import chain_case

NEAR = 0
WAREHOUSES = slice(0, 3)  # ore, metal, cars; the fourth store is public
FULL = (200.0, 50.0, 20.0)
RULES = ResponseRules.shipped()


def without_shelf() -> ResponseRules:
    """The shipped rules, but an empty shelf costs nothing."""
    return RULES.model_copy(update={"empty_shelf_per_week": RULES.empty_shelf_per_week.model_copy(update={"value": 0.0})})


def free_of_cost() -> ShockCase:
    """The chain with output and freight for nothing: who refills later pays no more for it."""
    case = chain_case()
    network = case.network
    free = replace(network, sites=network.sites.assign(variable_cost_usd=0.0), routes=network.routes.assign(cost_usd=0.0))
    return replace(case, network=free)


# Refilling -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", [chain_case(), free_of_cost()], ids=["output costs", "output is free"])
@pytest.mark.parametrize("until", [3, 6])
def test_the_market_refills_its_warehouses_once_a_stop_is_over(case: ShockCase, until: int) -> None:
    found = respond(case, site_stop(case, NEAR, until, 40), "market")
    assert found.stock[0].min() < 100  # the stop did empty them
    assert found.stock[WAREHOUSES, -1] == pytest.approx(FULL)
    assert found.costs_usd["stock"] == pytest.approx(0.0, abs=1e-6)


def test_where_output_is_free_and_an_empty_shelf_costs_nothing_refilling_is_put_off() -> None:
    """The control: 34 weeks after the stop the warehouses still stand below their start."""
    case = free_of_cost()
    found = respond(case, site_stop(case, NEAR, 6, 40), "market", rules=without_shelf())
    assert (found.stock[WAREHOUSES, -1] < np.array(FULL) - 5).any()
    assert found.costs_usd["stock"] > 1_000
    assert found.costs_usd["shelf"] == 0


# Costs by hand ---------------------------------------------------------------------------------------


def test_an_empty_shelf_costs_its_weeks_times_units_times_price_times_rate() -> None:
    """NEAR stops for 8 of 20 weeks; under contracts nobody refills (the stocks by week: test_shock_contracts).

    At the ends of the weeks lack: ore 0, 60, 120, 180, then 16 times 200, together 3,560; metal 20, then 15 times 40, together
    620; cars 10, then 14 times 20, together 290. 3,560 x 10 + 620 x 60 + 290 x 500 = 217,800 USD x 0.002 = 435.60 USD.
    """
    case = chain_case()
    found = respond(case, site_stop(case, NEAR, 8), "contracts")
    assert RULES.empty_shelf_per_week.value == 0.002
    assert found.costs_usd["shelf"] == pytest.approx(435.60)
    assert found.costs_by_place is not None
    assert found.costs_by_place.loc["HOME", "shelf"] == pytest.approx(435.60)
    assert respond(case, site_stop(case, NEAR, 8), "contracts", rules=without_shelf()).costs_usd["shelf"] == 0


def test_idle_output_costs_a_tenth_of_its_price_where_the_plant_stands() -> None:
    """The same stop: 480 t of ore are not mined, 20 + 4 x 30 = 140 t of metal and 10 + 3 x 30 = 100 cars are not made.

    480 x 10 = 4,800 USD, 140 x 60 = 8,400 and 100 x 500 = 50,000, each x 0.1.
    """
    case = chain_case()
    found = respond(case, site_stop(case, NEAR, 8), "contracts")
    assert RULES.idle_output.value == 0.1
    assert found.costs_by_place is not None
    assert found.costs_by_place["idle"].to_dict() == pytest.approx({"NEAR": 480.0, "FAR": 0.0, "HOME": 5_840.0, "ABROAD": 0.0})
    assert found.costs_usd["idle"] == pytest.approx(6_320.0)


def test_a_plant_goes_on_where_only_its_buyer_has_turned_away() -> None:
    """The way from NEAR is closed for 12 weeks; the way round costs 7.50 USD a tonne more and takes no longer.

    A tonne from FAR costs 4 to mine and 3 to bring, so HOME takes 40 t a week more of it once FAR has them. NEAR makes its 60 t
    all the same: idle they would cost 1 USD a tonne, let go they cost nothing.
    """
    case = chain_case()
    ways = pd.DataFrame([(NEAR, 1, 7.5, 0, 11, "suez")], columns=list(DETOURS))
    event = broken(case, 30, detours=ways, end_week=12, end_known_week=0)
    event.route_share[NEAR, :12] = 0.0
    found = respond(case, event, "market", foresight="perfect")
    assert found.sent[NEAR, 5:12].max() < 60.0
    assert found.surplus[int(case.network.positions(["ore"], ["NEAR"])[0])].sum() > 100.0
    assert found.activity[NEAR, :12] == pytest.approx(60.0)
    assert found.costs_usd["idle"] == pytest.approx(0.0, abs=1e-6)


def test_of_a_stop_that_goes_on_the_ways_lack_too_and_stand_apart() -> None:
    """NEAR stands still all 20 weeks: at the end 200 ore, 40 metal and 20 cars are gone from the shelves.

    Of 20 cars made a week 4 go abroad in place of 10. Under way lack 60 ore from NEAR (one week) and 2 x 6 cars: 600 + 6,000 USD.
    """
    case = chain_case()
    found = respond(case, site_stop(case, NEAR, 20), "contracts")
    assert found.costs_usd["stock"] == pytest.approx(200 * 10 + 40 * 60 + 20 * 500)
    assert found.costs_usd["under_way"] == pytest.approx(60 * 10 + 2 * 6 * 500)
    parties = found.parties.set_index("party")
    assert parties["less_under_way_usd"].to_dict() == pytest.approx({"HOME": 600.0, "ABROAD": 6_000.0, "NEAR": 0.0})
    shown = sum(found.costs_usd.values()) - found.costs_usd["under_way"]
    assert parties["total_usd"].sum() == pytest.approx(shown)


def test_what_burns_lacks_from_the_first_week_on() -> None:
    """All 200 t of ore at HOME burn, and half of the 100 t of public metal: 40 weeks of 2,000 USD x 0.002, and 2,000 + 3,000 USD.

    Under contracts nobody refills, and nobody lacks any ore, as as much arrives as is used. The market refills, mostly from NEAR:
    10 t a week for 5 + 1 USD, after its ramp; FAR would take 4 + 3. What burned of the public stock is gone either way.
    """
    case = chain_case()
    event = broken(case, 40)
    event.stores_lost[[0, 3]] = 1.0, 0.5
    kept = respond(case, event, "contracts").costs_usd
    assert {kind: usd for kind, usd in kept.items() if usd} == pytest.approx({"shelf": 160.0, "stock": 5_000.0})
    refilled = respond(case, event, "market")
    assert refilled.stock[0, -1] == pytest.approx(200.0)
    assert refilled.costs_usd["stock"] == pytest.approx(3_000.0)
    assert 200 * 4 < refilled.costs_usd["production"] <= 200 * 5


@pytest.mark.parametrize(
    ("in_stock", "in_all", "stock", "under_way"),
    [
        (5.0, 5.0, 5.0, 0.0),  # all of it from the shelf
        (5.0, 8.0, 5.0, 3.0),  # and the way lacks three
        (5.0, 2.0, 2.0, 0.0),  # three more than usual are on their way and make up for it
        (5.0, -1.0, 0.0, 0.0),  # more than that
        (0.0, 4.0, 0.0, 4.0),  # the way alone
        (-2.0, 4.0, 0.0, 4.0),  # a shelf fuller than at the start covers two of the six that the way lacks
        (-2.0, -2.0, 0.0, 0.0),  # nothing lacks
    ],
)
def test_what_lacks_is_first_in_stock_then_under_way(in_stock: float, in_all: float, stock: float, under_way: float) -> None:
    case = chain_case()
    costs = Costs(case)
    at = int(case.network.positions(["ore"], ["HOME"])[0])
    units = np.zeros((2, len(case.network.nodes)))
    units[:, at] = in_stock, in_all
    costs.add_missing(np.full(len(case.network.nodes), 10.0), *units)
    table = costs.table()
    assert table.loc["HOME", ["stock", "under_way"]].tolist() == [10 * stock, 10 * under_way]
    assert table.drop(index="HOME").to_numpy().sum() == 0
