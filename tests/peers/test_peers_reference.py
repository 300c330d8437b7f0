"""The reduced reference network against PyPSA (extra ``peers``): from mine to car, the same cost to 1e-6."""

from __future__ import annotations

import pytest
from pypsa_twin import Twin

from orepact.chain.scenario import Scenario
from orepact.plan import PlanResult, solve
from plan_networks import scenario
from reference_networks import base_scenario, reduced_reference

pytest.importorskip("pypsa", reason="extra `peers` is not installed")

pytestmark = [
    pytest.mark.peers,
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


@pytest.fixture(scope="module")
def case() -> Scenario:
    """Korea and Japan buy at most half of their hydroxide from one place from 2030 on."""
    share = {"kind": "largest_supplier_share", "commodities": "lithium_hydroxide", "places": ["KOR", "JPN"], "max_share": 0.5}
    return scenario(discount_rate=base_scenario().discount_rate, limits=[{**share, "from_year": 2030}])


@pytest.fixture(scope="module")
def ours(case: Scenario) -> PlanResult:
    return solve(reduced_reference(), case)


def test_the_reduced_reference_network(ours: PlanResult, case: Scenario) -> None:
    """Seven places, 15 commodities, three years: own recipes of places, lead times, reserves, shortage, a limit that binds."""
    network = reduced_reference()
    assert ours.objective_usd == pytest.approx(Twin(network, case).solve(), rel=1e-6)
    assert ours.flows.check_balance(network) <= 1e-6
    assert ours.limits["binding"].any()


def test_the_reduced_network_still_says_something(ours: PlanResult) -> None:
    """Most of its demand is served, something is built, and goods move between its places."""
    network = reduced_reference()
    assert (len(network.places), len(network.commodities), len(network.years)) == (7, 15, 3)
    frame = ours.flows.frame
    sums = frame.groupby(["kind", "commodity"])["quantity"].sum()
    for car in ("ev_car_lfp", "ev_car_nickel"):
        assert sums.get(("shortage", car), 0.0) < 0.5 * sums["demand", car]
    assert {"build", "route", "capacity", "activity"} <= set(frame["kind"])
