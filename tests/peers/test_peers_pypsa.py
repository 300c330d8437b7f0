"""The plan against PyPSA (extra ``peers``): the same objective to 1e-6."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from pypsa_twin import Twin

from orepact.chain.network import Network
from orepact.chain.scenario import Scenario
from orepact.plan import solve
from plan_networks import one_mine, scenario, small_network, two_suppliers, wanted

pytest.importorskip("pypsa", reason="extra `peers` is not installed")

pytestmark = [
    pytest.mark.peers,
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]
PACKAGES = Path(__file__).parent.parent / "networks"


def agrees(network: Network, case: Scenario | None = None) -> None:
    """Both find the same cost."""
    ours = solve(network, case)
    assert ours.objective_usd == pytest.approx(Twin(network, case).solve(), rel=1e-6)
    assert ours.flows.check_balance() <= 1e-6


@pytest.mark.parametrize("name", ["toy", "magnets", "chips"])
def test_a_package(name: str) -> None:
    """Chains of three sectors."""
    agrees(Network.from_package(PACKAGES / name))


GROWING: dict[str, Any] = {
    "capacity_per_year": 40,
    "capex_usd": 90,
    "lifetime_years": 3,
    "lead_time_years": 1,
    "fixed_cost_usd": 2,
}


def test_building_over_uneven_years() -> None:
    """Lead time, life, build rate, fixed cost, discounting, years of different weight."""
    demand = {2025: 30.0, 2026: 60.0, 2028: 80.0, 2030: 90.0, 2035: 50.0}
    mine = one_mine(list(demand), demand, shortage_cost_usd=500, max_build_per_year=12, reserves=600, **GROWING)
    agrees(mine, scenario(discount_rate=0.08))


def test_stock_tariff_loss_and_co_products() -> None:
    """Everything that is no capacity."""
    network = small_network(
        years=[2030, 2032, 2033],
        recipes={"mining": {"ore": 1.0, "gold": 0.01}, "smelting": {"metal": 1.0, "ore": -4.0, "slag": 2.0}},
        sites=[
            {"site": "mine", "process": "mining", "place": "AAA", "variable_cost_usd": 10, "reserves": 1500},
            {
                "site": "smelter",
                "process": "smelting",
                "place": "BBB",
                "variable_cost_usd": 50,
                "capacity_per_year": 200,
                "end_year": 2032,
            },
        ],
        routes=[{"commodity": "ore", "origin": "AAA", "destination": "BBB", "cost_usd": 2, "loss": 0.03, "tariff_rate": 0.1}],
        demand=wanted("metal", "BBB", {2030: 80, 2032: 90, 2033: 70}, 900) + wanted("gold", "AAA", {2030: 1}, 50),
        stockpiles=[{"commodity": "metal", "place": "BBB", "quantity": 60, "release_per_year": 25}],
        prices={"ore": 12},
    )
    agrees(network)


SHARE = {"kind": "largest_supplier_share", "commodities": "ore", "places": "CCC", "max_share": 0.6}
OWNED = {**SHARE, "places": ["AAA", "BBB"], "by": "owner", "max_share": 0.55}
TARGET = {"kind": "capacity_target", "commodities": "ore", "owner_country": "XXX", "minimum": 70}


@pytest.mark.parametrize(
    "limits", [[SHARE], [OWNED], [TARGET], [{**TARGET, "shortfall_cost_usd": 3}], [SHARE, {**TARGET, "minimum": 45}]], ids=str
)
def test_policy_limits(limits: list[dict[str, Any]]) -> None:
    """Shares by place and owner, hard and soft targets."""
    agrees(two_suppliers(**{**GROWING, "lead_time_years": 0}), scenario(limits=limits))


def test_a_synthetic_chain() -> None:
    """Nine commodities in five places over uneven years."""
    sys.path.insert(0, str(Path(__file__).parent.parent.parent))
    from benchmarks.synthetic import Size, synthetic_network

    agrees(synthetic_network(Size(9, 5, 35, 120, (2025, 2026, 2028, 2032)), seed=3))
