"""Laws of the carbon footprint on random chains: nothing lost, linear in what is caused, blind to units, fair to contracts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbon_networks import per_unit, random_flows, scaled
from drawing import draws
from orepact.measure.carbon import Carbon
from orepact.measure.emissions.emission_factors import EmissionFactors, factors_of_network
from orepact.measure.emissions.power_contracts import with_contracts
from orepact.measure.tracing.transfers import Transfers
from origin_networks import YEAR

SEEDS = st.integers(0, 10_000)
FEW = settings(max_examples=draws(8), deadline=None)


def carbon(made, allocation: str = "value", factors: EmissionFactors | None = None) -> Carbon:
    return Carbon(Transfers.of(made, YEAR, allocation=allocation), factors or factors_of_network(made.network))


def times(factors: EmissionFactors, number: float) -> EmissionFactors:
    sites, routes = factors.sites.copy(), factors.routes.copy()
    sites[["kg_co2e_per_kwh", "direct_kg_co2e", "background_kg_co2e"]] *= number
    routes["kg_co2e"] *= number
    return replace(factors, sites=sites, routes=routes)


@FEW
@given(seed=SEEDS, allocation=st.sampled_from(["value", "mass", "main"]))
def test_what_is_emitted_leaves_with_final_uses(seed, allocation):
    found = carbon(random_flows(seed), allocation)
    assert found.carried_out_kg() == pytest.approx(found.emitted_kg + found.stock_kg, rel=1e-9)


@FEW
@given(seed=SEEDS, number=st.floats(0.1, 10))
def test_footprints_are_linear_in_the_factors(seed, number):
    made = random_flows(seed)
    plain = factors_of_network(made.network)
    once, more = per_unit(carbon(made).nodes()), per_unit(carbon(made, factors=times(plain, number)).nodes())
    assert more == pytest.approx({pool: number * value for pool, value in once.items()}, rel=1e-9)


@FEW
@given(seed=SEEDS, factor=st.sampled_from([0.001, 2.0, 1000.0]), commodity=st.sampled_from(["ore", "metal", "cell"]))
def test_counting_in_other_units_changes_nothing(seed, factor, commodity):
    made = random_flows(seed)
    once, other = per_unit(carbon(made).nodes()), per_unit(carbon(scaled(made, commodity, factor)).nodes())
    expected = {pool: value * (factor if pool[0] == commodity else 1.0) for pool, value in once.items()}
    assert other == pytest.approx(expected, rel=1e-7)


@FEW
@given(seed=SEEDS, basis=st.sampled_from(["supply", "production"]))
def test_a_basket_splits_into_sources_places_and_pools(seed, basis):
    made = random_flows(seed)
    found = carbon(made)
    basket = found.basket(["metal", "cell"], ["P0", "P1"], basis=basis)
    for keys in (["stage", "place"], ["place"], ["process"], ["confidence"]):
        assert basket.by(keys)["kg_co2e_per_unit"].sum() == pytest.approx(basket.kg_per_unit)
    table = found.nodes(basis)
    inside = table[table["commodity"].isin(["metal", "cell"]) & table["place"].isin(["P0", "P1"])]
    mean = float((inside["quantity"] * inside["kg_co2e_per_unit"]).sum() / inside["quantity"].sum())
    assert basket.kg_per_unit == pytest.approx(mean)
    assert table[["electricity", "direct", "background", "transport", "stock"]].sum(axis=1).to_numpy() == pytest.approx(
        table["kg_co2e_per_unit"].to_numpy()
    )


@FEW
@given(seed=SEEDS, share=st.floats(0, 1))
def test_clean_power_never_adds_and_contracts_at_the_grid_change_nothing(seed, share):
    made = random_flows(seed)
    network, plain = made.network, factors_of_network(made.network)
    empty = {"site": "", "process": "", "year": np.nan, "share": share}
    clean = pd.DataFrame([empty | {"place": "P1", "kg_co2e_per_kwh": 0.0}])
    same = clean.assign(kg_co2e_per_kwh=network.places["grid_kg_co2e_per_kwh"]["P1"])
    once = per_unit(carbon(made).nodes())
    assert per_unit(carbon(made, factors=with_contracts(plain, network, same, YEAR)).nodes()) == pytest.approx(once)
    cleaner = per_unit(carbon(made, factors=with_contracts(plain, network, clean, YEAR)).nodes())
    assert all(cleaner[pool] <= value * (1 + 1e-9) + 1e-9 for pool, value in once.items())
