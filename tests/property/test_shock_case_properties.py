"""Laws of the usual week on random networks: thinning changes no margin, and what stands ready is never less than the usual."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from drawing import draws
from orepact import shock
from orepact.shock.case.rules import CaseRules, Setting, Thinning
from shock_networks import trade_flows

AMOUNT = st.one_of(st.just(0.0), st.floats(1e-6, 1e6), st.floats(1.0, 10.0))


@st.composite
def any_trade(draw: st.DrawFn) -> list[list[float]]:
    """What sellers send to buyers: quantities of twelve orders of magnitude, some none; each place sends or receives."""
    sellers, buyers = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    sent = [[draw(AMOUNT) for _ in range(buyers)] for _ in range(sellers)]
    for seller in range(sellers):
        sent[seller][seller % buyers] += draw(st.floats(1e-3, 1e3))
    for buyer in range(buyers):
        sent[buyer % sellers][buyer] += draw(st.floats(1e-3, 1e3))
    return sent


def rules_of(least_share: float, suppliers: int) -> CaseRules:
    """The shipped assumptions, with every network thinned."""
    values = {
        "above_routes": 0.0,
        "least_share": least_share,
        "spare_suppliers": suppliers,
        "supplier_share": 0.0,
        "buyer_share": 0.0,
    }
    thinning = Thinning(
        **{k: Setting(title=k, source="test", confidence="estimated", value=v, unit="1") for k, v in values.items()}
    )
    return CaseRules.reference().model_copy(update={"thinning": thinning})


@settings(max_examples=draws(50), deadline=None)
@given(any_trade(), st.sampled_from([0.0, 0.5, 0.9, 0.97, 1.0]), st.integers(0, 3))
def test_thinning_moves_routes_and_nothing_else(sent: list[list[float]], least_share: float, suppliers: int) -> None:
    case = shock.case_of(trade_flows(sent), rules=rules_of(least_share, suppliers))
    table = np.array(sent) / 52
    routes = case.network.routes.assign(flow=case.flow)
    assert (case.flow >= 0).all()
    for side, margin, letter in (("origin", table.sum(axis=1), "S"), ("destination", table.sum(axis=0), "B")):
        got = routes.groupby(side)["flow"].sum()
        np.testing.assert_allclose([got[f"{letter}{number}"] for number in range(len(margin))], margin, rtol=1e-9)
    throughput = np.maximum(
        np.abs(case.network.S) @ case.activity, np.bincount(case.wants["node"], case.demand, len(case.network.nodes))
    )
    assert (np.abs(case.residual) <= 1e-9 * throughput).all()
    assert case.route_numbers is not None
    kept = case.flow > 0
    assert (table.ravel()[case.route_numbers[kept]] > 0).all()  # no usual flow on a way that carried nothing


@settings(max_examples=draws(30), deadline=None)
@given(any_trade())
def test_what_stands_ready_covers_the_usual_week(sent: list[list[float]]) -> None:
    case = shock.case_of(trade_flows(sent), rules=rules_of(1.0, 0))
    assert (case.capacity >= case.activity).all()
    assert (case.stores["floor"] <= case.stores["quantity"]).all()
    assert (case.stores["quantity"] > 0).all()
    assert case.wants["loss_usd_per_unit"].eq(100.0).all()
    assert (case.lag_weeks >= 0).all()
