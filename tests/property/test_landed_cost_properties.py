"""Laws of unit costs on a small chain with drawn numbers: dollars are conserved, cost is linear, units do not matter."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from drawing import draws
from orepact.chain.flows import Flows
from orepact.chain.network import Network
from orepact.measure.costing.border_cost import Duties, costs_with_duties
from orepact.measure.costing.tariffs import Regime, TariffMeasure, TariffTable, cheapest
from orepact.measure.costing.unit_cost import CostBasis, UnitCosts, site_costs
from orepact.measure.tracing.transfers import Transfers
from orepact.plan import solve
from plan_networks import small_network, wanted

COMMON = settings(
    max_examples=draws(10), deadline=None, derandomize=True, database=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate), suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
money = st.sampled_from([0.0, 0.5, 3.0, 20.0, 400.0])
losses = st.sampled_from([0.0, 0.3])
rates = st.sampled_from([0.0, 0.02, 0.1, 1.0])


@st.composite
def chain(draw: st.DrawFn) -> Network:
    """A mine in two places, a smelter with a co-product in two, losses and a limited cheaper one."""

    def site(name: str, process: str, place: str, capacity: float | None = None) -> dict[str, Any]:
        numbers = {column: draw(money) for column in ("variable_cost_usd", "fixed_cost_usd")}
        return {"site": name, "process": process, "place": place, "capacity_per_year": capacity, **numbers}

    routes = [
        {
            "commodity": thing,
            "origin": start,
            "destination": end,
            "cost_usd": draw(money),
            "loss": draw(st.sampled_from([0.0, 0.3])),
        }
        for thing, start, end in (("ore", "AAA", "BBB"), ("ore", "BBB", "AAA"), ("metal", "AAA", "BBB"), ("acid", "AAA", "BBB"))
    ]
    return small_network(
        years=[2030],
        recipes={"mining": {"ore": 1.0}, "smelting": {"metal": 1.0, "acid": 0.5, "ore": -1.5}},
        sites=[
            site("mine_a", "mining", "AAA", 70.0), site("mine_b", "mining", "BBB"),
            site("smelter_a", "smelting", "AAA", 40.0), site("smelter_b", "smelting", "BBB"),
        ],
        routes=routes,
        demand=[*wanted("metal", "BBB", {2030: 100.0}), *wanted("acid", "BBB", {2030: 10.0})],
    )  # fmt: skip


def costs_of(flows: Flows, rate: float, scale: float = 1.0) -> UnitCosts:
    transfers = Transfers.of(flows, 2030)
    freight = scale * flows.network.values("routes", "cost_usd")[transfers.moved["route"].to_numpy()]
    duties = Duties(np.full(len(freight), rate), np.ones(len(freight), dtype=bool))
    return costs_with_duties(transfers, site_costs(flows.network, CostBasis(0.05)) * scale, freight, duties)


@COMMON
@given(network=chain(), rate=rates)
def test_dollars_are_conserved_and_cost_is_linear(network: Network, rate: float) -> None:
    flows = solve(network).flows
    costs = costs_of(flows, rate)
    assert costs.carried_out.sum() == pytest.approx(costs.caused.sum(), rel=1e-7, abs=1e-6)
    tenfold = costs_of(flows, rate, 10.0)
    np.testing.assert_allclose(tenfold.made_total.to_numpy(), 10.0 * costs.made_total.to_numpy(), rtol=1e-6, atol=1e-6)


@COMMON
@given(network=chain(), factor=st.sampled_from([0.001, 1000.0]))
def test_another_unit_of_ore_changes_no_metal(network: Network, factor: float) -> None:
    flows = solve(network).flows
    recipes = network.recipes.assign(
        amount=np.where((network.recipes["commodity"] == "ore") & (network.recipes["process"] == "smelting"), factor, 1.0)
        * network.recipes["amount"]
    )
    dear = network.routes["cost_usd"] / np.where(network.routes["commodity"] == "ore", factor, 1.0)
    mining = (network.sites["process"] == "mining").to_numpy()
    per_unit = {name: network.sites[name] / np.where(mining, factor, 1.0) for name in ("variable_cost_usd", "fixed_cost_usd")}
    other = network.with_tables(
        recipes=recipes, routes=network.routes.assign(cost_usd=dear), sites=network.sites.assign(**per_unit)
    )
    frame = flows.frame
    frame = frame.assign(quantity=frame["quantity"] * np.where(frame["commodity"] == "ore", factor, 1.0))
    before, after = costs_of(flows, 0.1), costs_of(Flows(frame, other), 0.1)
    pd.testing.assert_series_equal(after.made_total["metal"], before.made_total["metal"], rtol=1e-6, atol=1e-6)


@st.composite
def measure(draw: st.DrawFn) -> TariffMeasure:
    rate = draw(st.one_of(st.none(), st.sampled_from([0.0, 0.05, 0.3])))
    start = draw(st.sampled_from([0, 20240101, 20250101]))
    return TariffMeasure(
        f"m{draw(st.integers(0, 10**6))}", draw(st.sampled_from(["mfn", "pact", "anger"])), "AAA",
        draw(st.sampled_from(["any", "BBB"])), rate, headings=draw(st.sampled_from([(), ("85",), ("850760",)])), start=start,
        end=draw(st.sampled_from([20241231, 99999999])),
    )  # fmt: skip


@COMMON
@given(measures=st.lists(measure(), max_size=6), day=st.sampled_from([20231231, 20240630, 20250630]))
def test_the_order_of_measures_does_not_matter_and_the_cheapest_is_no_dearer(measures: list[TariffMeasure], day: int) -> None:
    regimes = {name: Regime(name, name, kind) for name, kind in (("mfn", "duty"), ("pact", "preference"), ("anger", "surtax"))}
    ranked = {(m.regime, m.exporter, m.headings, m.start): m for m in measures}
    kept = tuple(ranked.values())
    one = TariffTable(regimes, kept, {"cell": "850760"}).options("BBB", "AAA", "cell", day)
    two = TariffTable(regimes, tuple(reversed(kept)), {"cell": "850760"}).options("BBB", "AAA", "cell", day)
    assert [(option.rules, option.unknown) for option in one] == [(option.rules, option.unknown) for option in two]
    assert [option.rate for option in one] == pytest.approx([option.rate for option in two], nan_ok=True)
    best = cheapest(one)
    sure = [option.rate for option in one if not option.unknown]
    assert not sure or best.rate == min(sure)
