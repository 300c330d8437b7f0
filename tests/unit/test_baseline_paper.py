"""The fit against paper: three streams at a splitter, a closed form in dense algebra, gravity by hand."""

import numpy as np
import pandas as pd
import pytest

import orepact as op
from baseline_networks import SPLITTER, chain_network, row, trade_network
from orepact.baseline import BaselineOptions
from orepact.baseline.fit import prepare

#: Nothing but the observations and the balance speaks.
BARE = BaselineOptions(stock_share=0, activity_spread=100, flow_spread=100)


@pytest.fixture(scope="module")
def splitter():
    return op.baseline.fit(op.Network.from_package(SPLITTER), 2024, options=BARE)


def test_three_streams_by_hand(splitter):
    """mined 103+-2; left 60+-1 and 63+-2, together 60.6 of variance 0.8; right 38+-2.

    4.4 t too much at the mine, variances 4 + 0.8 + 4 = 8.8: each stream takes its part, 2.0, 0.4 and 2.0.
    """
    quantity = splitter.flows.frame["quantity"].tolist()
    assert quantity == pytest.approx([101.0, 61.0, 40.0, 61.0, 40.0], abs=0.005)
    spread = splitter.flows.quality["standard_deviation"].tolist()
    by_hand = [np.sqrt(4 - 4 * 4 / 8.8), np.sqrt(0.8 - 0.8 * 0.8 / 8.8), np.sqrt(4 - 4 * 4 / 8.8)]
    assert spread[:3] == pytest.approx(by_hand, rel=2e-3)
    assert splitter.status == "optimal"
    # chi-square of the observations: 2^2/4 + 1^2/1 + 2^2/4 + 2^2/4 = 4
    seen = splitter.observations
    assert float((seen.loc[seen["counts"], "standardised"] ** 2).sum()) == pytest.approx(4.0, abs=0.01)


def test_what_does_not_count_is_shown_and_moves_nothing(splitter):
    seen = splitter.observations.set_index("observation")
    assert seen.loc["burnt_left", ["quantity", "fitted", "residual"]].tolist() == pytest.approx([55, 61, 6], abs=0.01)
    assert not seen.loc["burnt_left", "counts"]
    assert not splitter.disagreements["words"].str.contains("guess").any()


def test_both_reports_of_a_flow_come_in_one_sentence(splitter):
    words = [text for text in splitter.disagreements["words"] if text.startswith("Leftland's imports")]
    told = "leftland_customs says 63 t (±3.2 %), mineland_customs says 60 t (±1.7 %)"
    assert words == [f"Leftland's imports of ore from Mineland: {told}; the balance needs 61 t (1 standard deviations)"]


def test_quality_says_who_knows(splitter):
    kinds = splitter.flows.frame["kind"]
    assert splitter.flows.quality.index.equals(splitter.flows.frame.index)
    words = splitter.flows.quality["confidence"].groupby(kinds).agg(set).to_dict()
    assert words == {"activity": {"reported"}, "route": {"reported"}, "demand": {"derived"}}


def test_dense_algebra_gives_the_same():
    """The whole problem as one dense system of equations (no bound is active), with values and covariances."""
    options = BaselineOptions(surplus_share=0.0)
    network = op.Network.from_package(SPLITTER)
    case = prepare(network, 2024, options)
    fitted = case.seen.fitted
    A, o, sigma = case.seen.matrix.toarray()[fitted], case.seen.quantity[fitted], case.seen.spread[fitted]
    B, g, variance = case.unknowns.balance.toarray(), case.prior.mean, case.prior.variance
    H = A.T @ np.diag(sigma**-2) @ A + np.diag(1 / variance)
    kkt = np.block([[H, B.T], [B, np.zeros((len(B), len(B)))]])
    inverse = np.linalg.inv(kkt)
    v = (inverse @ np.concatenate([A.T @ (o / sigma**2) + g / variance, np.zeros(len(B))]))[: len(g)]
    assert (v[case.unknowns.blocks["activity"]] > 0).all()
    result = op.baseline.fit(network, 2024, options=options)
    frame, at = result.flows.frame, case.unknowns.blocks
    for kind, block in (("activity", "activity"), ("route", "route"), ("demand", "demand")):
        chosen = (frame["kind"] == kind).to_numpy()
        assert frame.loc[chosen, "quantity"].tolist() == pytest.approx(v[at[block]].tolist(), rel=1e-9)
        expected = np.sqrt(np.diag(inverse)[: len(g)][at[block]])
        assert result.flows.quality.loc[chosen, "standard_deviation"].tolist() == pytest.approx(expected.tolist(), rel=1e-6)
    squares = ((A @ v - o) ** 2 / sigma**2).sum() + ((v - g) ** 2 / variance).sum()
    assert result.objective == pytest.approx(squares, rel=1e-9)


def test_flows_that_nobody_measured_follow_gravity():
    """Supply 60 and 40, need 50 and 50, all equally near: 30, 30, 20, 20, however the solver walks."""
    network = trade_network({"P": 60.0, "Q": 40.0}, {"X": 50.0, "Y": 50.0}, [])
    result = op.baseline.fit(network, options=BaselineOptions(stock_share=0))
    routes = result.flows.frame[result.flows.frame["kind"] == "route"]
    assert routes["quantity"].tolist() == pytest.approx([30.0, 30.0, 20.0, 20.0], rel=1e-6)
    assert set(result.flows.quality["confidence"][routes.index]) == {"estimated"}


def test_gravity_falls_with_cost():
    """Friction 1 / (1 + t / median): 1/2 at the median 10, 1/4 at 30; the balanced table has the cross ratio of the frictions."""
    cost = {("P", "X"): 10.0, ("P", "Y"): 10.0, ("Q", "X"): 10.0, ("Q", "Y"): 30.0}
    network = trade_network({"P": 50.0, "Q": 50.0}, {"X": 50.0, "Y": 50.0}, [], cost=cost)
    result = op.baseline.fit(network, options=BaselineOptions(stock_share=0))
    px, py, qx, qy = result.flows.frame.loc[result.flows.frame["kind"] == "route", "quantity"]
    assert px * qy / (py * qx) == pytest.approx(0.5, rel=1e-5)
    assert px == pytest.approx(50 / (1 + np.sqrt(2)), rel=1e-5)  # p^2 / (50 - p)^2 = 1/2


def test_a_measured_flow_moves_the_others_in_proportion():
    """60 and 40 to 50 and 50; P to X measured as 40: the rest follows from the margins, and stays balanced."""
    seen = [row("px", "flow", 40.0, 0.01, commodity="ore", origin="P", destination="X")]
    network = trade_network({"P": 60.0, "Q": 40.0}, {"X": 50.0, "Y": 50.0}, seen)
    result = op.baseline.fit(network, options=BaselineOptions(stock_share=0, demand_share=0.001))
    assert result.flows.frame.loc[result.flows.frame["kind"] == "route", "quantity"].tolist() == pytest.approx(
        [40.0, 20.0, 10.0, 30.0], abs=0.02
    )
    words = result.flows.quality["confidence"][result.flows.frame["kind"] == "route"].tolist()
    assert words == ["reported", "derived", "derived", "derived"]


def test_exact_demand_is_met_when_asked():
    network = chain_network()
    result = op.baseline.fit(network, options=BaselineOptions(demand_share=0))
    result.flows.check_demand()
    loose = op.baseline.fit(network)
    assert abs(loose.flows.frame.loc[loose.flows.frame["kind"] == "demand", "quantity"].sum() - 120.0) > 0.01


def test_stock_changes_are_what_is_left(splitter):
    network = op.Network.from_package(SPLITTER)
    with_stock = op.baseline.fit(network)
    assert {"stock_in"} <= set(with_stock.flows.frame["kind"])
    assert with_stock.flows.check_balance() < 1e-9
    assert with_stock.objective < splitter.objective + 1e-9
    change = [row("stock", "stock_change", 2.5, 0.01, commodity="ore", place="AAA")]
    told = network.with_tables(observations=pd.concat([network.observations, pd.DataFrame(change)], ignore_index=True))
    fitted = op.baseline.fit(told).flows.frame
    held = fitted.loc[(fitted["kind"] == "stock_in") & (fitted["origin"] == "AAA"), "quantity"].sum()
    assert held == pytest.approx(2.5, abs=0.02)


def test_what_a_group_sends_is_the_sum_over_its_places():
    places = pd.DataFrame({"place": ["P", "Q", "X"], "group": ["PQ", "PQ", ""]})
    network = trade_network({"P": 60.0, "Q": 40.0}, {"X": 90.0}, [row("pq", "export", 95.0, 1.0, commodity="ore", place="PQ")])
    result = op.baseline.fit(network.with_tables(places=places))
    seen = result.observations.set_index("observation").loc["pq"]
    routes = result.flows.frame[result.flows.frame["kind"] == "route"]
    assert seen["fitted"] == pytest.approx(routes["quantity"].sum())
    assert routes["quantity"].iloc[0] / routes["quantity"].iloc[1] == pytest.approx(1.5, rel=0.02)


def test_a_factor_counts_contained_tonnes():
    contents = pd.DataFrame({"commodity": ["ore"], "element": ["copper"], "t_per_unit": [0.25]})
    seen = [row("copper", "import", 25.0, 0.1, commodity="ore", place="X", factor=0.25)]
    network = trade_network({"P": 100.0}, {"X": 60.0}, seen).with_tables(contents=contents)
    result = op.baseline.fit(network, options=BaselineOptions(demand_share=1.0))
    told = result.observations.set_index("observation").loc["copper"]
    assert told["unit"] == "t of copper"
    assert told["fitted"] == pytest.approx(25.0, abs=0.3)


def test_the_page_prints_what_the_program_says(splitter):
    page = (SPLITTER.parents[2] / "docs" / "why" / "reconciliation.md").read_text(encoding="utf-8")
    frame, quality = splitter.flows.frame, splitter.flows.quality
    streams = ["dug at the mine", "to Leftland", "to Rightland"]
    for name, quantity, spread in zip(streams, frame["quantity"], quality["standard_deviation"], strict=False):
        assert f"| {name} | {quantity:.1f} | {spread:.2f} |" in page
    for row_ in splitter.observations.itertuples():
        if row_.counts:
            assert f"| {row_.quantity:.0f} | {row_.standard_deviation:.0f} | {row_.standard_deviation**2:.0f} |" in page
    told = next(words for words in splitter.disagreements["words"] if words.startswith("Leftland"))
    assert told.partition(" (1 standard")[0] in page
