"""The sea ways of a network's routes by the distance model: the usual way, its ports, and the way left when passages close."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable

    from orepact.chain.network import Network
    from orepact.chain.reference.route_table import RouteTable
    from orepact.facts import Ledger
    from orepact.shock.events.seaways import SeaWays

PORTS = ["origin_port", "destination_port"]
ENDS = ["origin", "destination"]
ROUTE = ["commodity", *ENDS]


def seaways_of(ledger: Ledger, network: Network) -> SeaWays | None:
    """The ways of a network's routes by the distance model; None when it knows none of their places."""
    from orepact.chain.distance import SEA
    from orepact.shock.events.seaways import SeaWays

    routes, tables = network.routes[ROUTE], _route_tables(ledger)

    def closed(passages: tuple[str, ...]) -> pd.DataFrame:
        priced = tables(passages).between(routes).drop_duplicates(ROUTE)
        return routes.merge(priced, on=ROUTE, how="left")[["cost_usd", "days"]]

    usual = closed(())["days"].to_numpy(dtype=float)
    if np.isnan(usual).all():
        return None
    ways = tables(()).ways
    sea = ways[ways["mode"] == "sea"].drop_duplicates(ENDS)[[*ENDS, "days"]]
    by_sea = np.isclose(routes.merge(sea, on=ENDS, how="left")["days"].to_numpy(dtype=float), usual)
    named = _ports(ledger.resolve(attribute=SEA))
    used = routes.merge(named, on=ENDS, how="left")[PORTS].fillna("")
    known = {str(name) for column in PORTS for name in named[column].dropna()} - {""}
    origins, destinations = (used[column].to_numpy(dtype=object) for column in PORTS)
    return SeaWays(by_sea, origins, destinations, closed, tuple(sorted(known)))


def _route_tables(ledger: Ledger) -> Callable[[tuple[str, ...]], RouteTable]:
    """Route tables of the reference network by the passages that are closed, each made once."""
    from orepact.chain import Scenario
    from orepact.chain.reference.evidence import Evidence
    from orepact.chain.reference.recipes import RecipeBook
    from orepact.chain.reference.route_table import RouteTable

    settings = Scenario.load("reference").reference
    evidence = Evidence(ledger, settings.base_year)
    recipes = RecipeBook.from_evidence(evidence)
    return cache(lambda passages: RouteTable(evidence, recipes, settings, passages))


def _ports(claims: pd.DataFrame) -> pd.DataFrame:
    """Ports of the sea way of each pair, from the note of its distance (``Busan to Hamburg``)."""
    ends = claims["subject"].str.split(">", n=1, expand=True)
    named = claims["note"].str.split(" to ", n=1, expand=True).reindex(columns=[0, 1])
    return pd.DataFrame({"origin": ends[0], "destination": ends[1], PORTS[0]: named[0], PORTS[1]: named[1]})
