"""One tiny case for each constraint and bound of the plan; ``python tests/golden/plan_cases.py`` writes the LP files anew.

Read the difference before committing it: a golden file is the formula as the solver sees it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent))

from orepact.plan.case import Case  # noqa: E402
from orepact.plan.declare import declare  # noqa: E402
from orepact.plan.prepare import prepare  # noqa: E402
from plan_networks import one_mine, scenario, small_network, two_suppliers, wanted  # noqa: E402


def balance() -> Case:
    """A smelter with slag, a route with loss, a stock and demand that may stay short."""
    network = small_network(
        years=[2030],
        recipes={"mining": {"ore": 1.0}, "smelting": {"metal": 1.0, "ore": -4.0, "slag": 2.0}},
        sites=[
            {"site": "mine", "process": "mining", "place": "AAA", "variable_cost_usd": 10},
            {"site": "smelter", "process": "smelting", "place": "BBB", "variable_cost_usd": 50},
        ],
        routes=[{"commodity": "ore", "origin": "AAA", "destination": "BBB", "cost_usd": 20, "loss": 0.02}],
        demand=wanted("metal", "BBB", {2030: 80}, 5000),
        stockpiles=[{"commodity": "metal", "place": "BBB", "quantity": 7, "owner": "BBB"}],
    )
    return prepare(network, scenario(), scaled=False)


def _growing(**site: object) -> Case:
    mine = {"capacity_per_year": 4, "capex_usd": 100, "lead_time_years": 1, "lifetime_years": 2, **site}
    return prepare(one_mine([2030, 2031, 2032], {2031: 10, 2032: 10}, shortage_cost_usd=900, **mine), scenario(), scaled=False)


def capacity() -> Case:
    """Built with one year of lead time, standing two years."""
    return _growing()


def activity_below_capacity() -> Case:
    """Existing capacity of 4 and what is built."""
    return _growing(fixed_cost_usd=3)


def build_rate() -> Case:
    """At most 5 a year."""
    return _growing(max_build_per_year=5)


def reserves() -> Case:
    """25 in the ground; 2030 stands for two years."""
    return prepare(one_mine([2030, 2032], {2030: 10, 2032: 10}, shortage_cost_usd=50, reserves=25), scenario(), scaled=False)


def site_capacity() -> Case:
    """A mine that cannot grow and ends with 2030."""
    mine = one_mine([2030, 2031], {2030: 8, 2031: 8}, shortage_cost_usd=100, capacity_per_year=10, end_year=2030)
    return prepare(mine, scenario(), scaled=False)


def shortage() -> Case:
    """Unmet demand costs its price in the discounted weight of its year."""
    mine = one_mine([2030, 2031], {2030: 8, 2031: 9}, shortage_cost_usd=100, capacity_per_year=5)
    return prepare(mine, scenario(discount_rate=0.25), scaled=False)


def _stocked() -> Case:
    network = small_network(
        years=[2030, 2032],
        recipes={"mining": {"ore": 1.0}},
        sites=[{"site": "mine", "process": "mining", "place": "AAA", "variable_cost_usd": 7}],
        demand=wanted("ore", "AAA", {2030: 30, 2032: 30}),
        stockpiles=[{"commodity": "ore", "place": "AAA", "quantity": 50, "release_per_year": 20, "owner": "AAA"}],
    )
    return prepare(network, scenario(), scaled=False)


def stock_release() -> Case:
    """50 in stock; 2030 stands for two years."""
    return _stocked()


def release_rate() -> Case:
    """At most 20 a year."""
    return _stocked()


def route_capacity() -> Case:
    """60 fit on the cheap route."""
    network = two_suppliers()
    return prepare(network.with_tables(routes=network.routes.assign(capacity_per_year=[60.0, None])), scenario(), scaled=False)


def largest_supplier_share() -> Case:
    """70 % by place in CCC, half by owner in both mining places."""
    limits = [
        {"kind": "largest_supplier_share", "commodities": "ore", "places": "CCC", "max_share": 0.7},
        {"kind": "largest_supplier_share", "commodities": "ore", "places": ["AAA", "BBB"], "by": "owner", "max_share": 0.5},
    ]
    return prepare(two_suppliers(), scenario(limits=limits), scaled=False)


def capacity_target() -> Case:
    """A hard and a soft target on the same mine."""
    target = {"kind": "capacity_target", "commodities": "ore", "owner_country": "XXX"}
    limits = [{**target, "minimum": 150}, {**target, "minimum": 400, "shortfall_cost_usd": 6}]
    mine = {"capacity_per_year": 100, "capex_usd": 40, "lifetime_years": 4}
    return prepare(two_suppliers(**mine), scenario(limits=limits), scaled=False)


CASES: dict[str, Callable[[], Case]] = {
    case.__name__: case
    for case in (
        balance,
        capacity,
        activity_below_capacity,
        reserves,
        stock_release,
        largest_supplier_share,
        capacity_target,
        site_capacity,
        build_rate,
        route_capacity,
        release_rate,
        shortage,
    )
}


def write(name: str, folder: Path) -> Path:
    """Write the LP file of one case."""
    return declare(CASES[name]()).write(folder / f"{name}.lp")


if __name__ == "__main__":
    for known in CASES:
        write(known, FOLDER)
