"""Tiny networks for the tests of the plan, written as they would be drawn on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from orepact.chain.network import Network
from orepact.chain.scenario import Scenario

Rows = Sequence[Mapping[str, Any]]


def small_network(
    *,
    years: Sequence[int],
    recipes: Mapping[str, Mapping[str, float]],
    sites: Rows,
    demand: Rows,
    routes: Rows = (),
    stockpiles: Rows = (),
    prices: Mapping[str, float] | None = None,
    places: Mapping[str, Mapping[str, Any]] | None = None,
) -> Network:
    """A network from its recipes, sites, routes and demand; commodities and places are those that they name."""
    things = list(dict.fromkeys([c for lines in recipes.values() for c in lines] + [row["commodity"] for row in demand]))
    spots = list(
        dict.fromkeys(
            [row["place"] for row in [*sites, *demand, *stockpiles]]
            + [row[end] for row in routes for end in ("origin", "destination")]
        )
    )
    commodities = pd.DataFrame({"commodity": things, "unit": "t", "price_usd_per_unit": [(prices or {}).get(c) for c in things]})
    lines = [(process, c, amount) for process, parts in recipes.items() for c, amount in parts.items()]
    return Network(
        title="small",
        years=tuple(years),
        currency="USD",
        description="",
        commodities=commodities,
        places=pd.DataFrame([{"place": spot, **(places or {}).get(spot, {})} for spot in spots]),
        recipes=pd.DataFrame(lines, columns=["process", "commodity", "amount"]),
        sites=pd.DataFrame([{"capacity_per_year": None, **row} for row in sites]),
        routes=pd.DataFrame(list(routes)) if routes else pd.DataFrame(columns=["commodity", "origin", "destination"]),
        demand=pd.DataFrame(list(demand)),
        stockpiles=pd.DataFrame(list(stockpiles)) if stockpiles else None,
    )


def wanted(
    commodity: str, place: str, quantities: Mapping[int, float], shortage_cost_usd: float | None = None
) -> list[dict[str, Any]]:
    """Demand rows of one node over years."""
    return [
        {"commodity": commodity, "place": place, "year": year, "quantity": quantity, "shortage_cost_usd": shortage_cost_usd}
        for year, quantity in quantities.items()
    ]


def scenario(**content: Any) -> Scenario:
    """A scenario with no discounting unless told otherwise."""
    return Scenario.from_mapping({"id": "test", "discount_rate": 0.0, **content})


def one_mine(
    years: Sequence[int], quantities: Mapping[int, float], *, shortage_cost_usd: float | None = None, **site: Any
) -> Network:
    """One mine in AAA that serves demand in AAA, nothing else."""
    return small_network(
        years=years,
        recipes={"mining": {"ore": 1.0}},
        sites=[{"site": "mine", "process": "mining", "place": "AAA", "owner_country": "AAA", **site}],
        demand=wanted("ore", "AAA", quantities, shortage_cost_usd),
    )


def two_suppliers(quantity: float = 100.0, **cheap: Any) -> Network:
    """Ore for CCC from AAA (1 USD, owned by XXX) or BBB (3 USD, owned by YYY); transport is free."""
    sites = [
        {"site": "mine_a", "process": "mining", "place": "AAA", "owner_country": "XXX", "variable_cost_usd": 1.0, **cheap},
        {"site": "mine_b", "process": "mining", "place": "BBB", "owner_country": "YYY", "variable_cost_usd": 3.0},
    ]
    routes = [{"commodity": "ore", "origin": place, "destination": "CCC"} for place in ("AAA", "BBB")]
    return small_network(
        years=[2030], recipes={"mining": {"ore": 1.0}}, sites=sites, routes=routes, demand=wanted("ore", "CCC", {2030: quantity})
    )
