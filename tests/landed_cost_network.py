"""A chain small enough for paper: a mine, two smelters, one buyer. docs/why/landed-cost.md works it by hand."""

from __future__ import annotations

import pandas as pd

from orepact.chain.network import Network
from plan_networks import small_network, wanted

MINE = {"site": "mine", "process": "mining", "place": "AAA", "variable_cost_usd": 10, "fixed_cost_usd": 2}
ABROAD = {
    "site": "abroad", "process": "smelting", "place": "BBB", "capacity_per_year": 60, "variable_cost_usd": 30,
    "electricity_kwh": 100, "fixed_cost_usd": 1, "capex_usd": 100, "lifetime_years": 20, "max_build_per_year": 0,
}  # fmt: skip
HOME = {
    "site": "home",
    "process": "smelting",
    "place": "CCC",
    "variable_cost_usd": 45,
    "electricity_kwh": 100,
    "fixed_cost_usd": 5,
}
ROUTES = [
    {"commodity": "ore", "origin": "AAA", "destination": "BBB", "cost_usd": 5},
    {"commodity": "ore", "origin": "AAA", "destination": "CCC", "cost_usd": 9},
    {"commodity": "metal", "origin": "BBB", "destination": "CCC", "cost_usd": 4, "tariff_rate": 0.1, "days": 7},
]


def paper_chain() -> Network:
    """Ore from AAA; metal from BBB (at most 60 t) and CCC for 100 t of demand in CCC."""
    network = small_network(
        years=[2030],
        recipes={"mining": {"ore": 1.0}, "smelting": {"metal": 1.0, "ore": -2.0}},
        sites=[MINE, ABROAD, HOME],
        routes=ROUTES,
        demand=wanted("metal", "CCC", {2030: 100.0}),
        prices={"metal": 120.0},
        places={"BBB": {"electricity_usd_per_kwh": 0.1}, "CCC": {"electricity_usd_per_kwh": 0.05}},
    )
    stage = pd.Series({"ore": "mine", "metal": "refine"})
    return network.with_tables(commodities=network.commodities.assign(stage=stage.reindex(network.commodities.index)))
