"""The reduced reference network against PyPSA (extra ``peers``): from mine to car, the same cost to 1e-6."""

from __future__ import annotations

import pytest
from pypsa_twin import Twin

from orepact.plan import solve
from reference_networks import base_scenario, reduced_reference

pytest.importorskip("pypsa", reason="extra `peers` is not installed")

pytestmark = [
    pytest.mark.peers,
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


def test_the_reduced_reference_network() -> None:
    """Seven places, 15 commodities, three years: own recipes of places, lead times, reserves, shortage."""
    network = reduced_reference()
    ours = solve(network, base_scenario())
    assert ours.objective_usd == pytest.approx(Twin(network, base_scenario()).solve(), rel=1e-6)
    assert ours.flows.check_balance(network) <= 1e-6


def test_the_reduced_network_still_says_something() -> None:
    """Most of its demand is served, something is built, and goods move between its places."""
    network = reduced_reference()
    assert (len(network.places), len(network.commodities), len(network.years)) == (7, 15, 3)
    frame = solve(network, base_scenario()).flows.frame
    sums = frame.groupby(["kind", "commodity"])["quantity"].sum()
    for car in ("ev_car_lfp", "ev_car_nickel"):
        assert sums.get(("shortage", car), 0.0) < 0.5 * sums["demand", car]
    assert {"build", "route", "capacity", "activity"} <= set(frame["kind"])
