"""What a good is worth: one price for every question of a shock."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from orepact import shock
from orepact.chain.flows import Flows
from orepact.facts import Codes
from orepact.shock.case.pricing import input_worth, prices_of, words_of
from orepact.shock.case.rules import CaseRules
from orepact.shock.case.worth import node_price, want_worth
from shock_networks import chain_flows, chain_network


def priced(*price: float):
    """The chain with other list prices of ore, metal and car."""
    network = chain_network()
    return network.with_tables(commodities=network.commodities.assign(price_usd_per_unit=list(price)))


def test_without_a_list_price_a_good_is_worth_what_its_recipe_takes_in() -> None:
    """Two ore of 10 make a metal, a metal a car: both are worth 20."""
    found = prices_of(priced(10.0, math.nan, math.nan))
    assert found["price_usd_per_unit"].to_dict() == {"ore": 10.0, "metal": 20.0, "car": 20.0}
    assert found["basis"].to_dict() == {"ore": "list", "metal": "inputs", "car": "inputs"}
    assert "metal, car" in words_of(found)[0]


def test_the_cheapest_of_several_recipes_counts() -> None:
    network = chain_network()
    dear = pd.DataFrame([("dear", "ore", -5.0), ("dear", "metal", 1.0)], columns=["process", "commodity", "amount"])
    both = network.with_tables(recipes=pd.concat([dear, network.recipes], ignore_index=True))
    assert input_worth(both, {"ore": 10.0})["metal"] == 20.0


def test_what_nothing_prices_is_unknown_and_said_once() -> None:
    found = prices_of(priced(math.nan, math.nan, math.nan))
    assert found["price_usd_per_unit"].isna().all()
    assert len(words_of(found)) == 1
    assert "ore, metal, car" in words_of(found)[0]


def test_a_list_price_goes_before_an_estimate_and_that_before_the_metal_in_a_good() -> None:
    network = priced(10.0, 60.0, math.nan)
    goods = network.commodities.rename(index={"car": "cam_lfp"}).assign(element="m", element_t_per_unit=[0.1, 0.5, 0.2], unit="t")
    renamed = network.with_tables(commodities=goods.loc[["ore", "metal", "cam_lfp"]])
    estimates = CaseRules.reference().prices
    assert estimates is not None
    found = prices_of(renamed, estimates)
    assert found.loc["cam_lfp"].tolist() == [estimates.prices["cam_lfp"].value, "estimate"]
    assert found.loc["metal"].tolist() == [60.0, "list"]


def test_lost_and_missing_units_of_a_good_count_the_same() -> None:
    flows = chain_flows()
    bare = flows.network.with_tables(
        demand=flows.network.demand.assign(shortage_cost_usd=np.nan),
        commodities=flows.network.commodities.assign(price_usd_per_unit=[10.0, np.nan, np.nan]),
    )
    case = shock.case_of(Flows(flows.frame, bare), rules=CaseRules.package())
    assert want_worth(case) == pytest.approx(node_price(case)[case.wants["node"]])
    assert want_worth(case).tolist() == [20.0, 20.0]


def test_each_shipped_price_is_of_a_known_good_in_its_own_unit() -> None:
    estimates = CaseRules.reference().prices
    assert estimates is not None
    goods = Codes.shipped().commodities
    for name, entry in estimates.prices.items():
        assert entry.unit == f"USD/{goods[name].unit}", name
