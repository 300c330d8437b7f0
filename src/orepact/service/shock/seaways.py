"""The sea ways of a network's routes, from the distance model of the facts: usual way, ports, and the way with passages closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from orepact.chain.network import Network
    from orepact.facts import Ledger
    from orepact.shock.events.seaways import SeaWays

PORTS = ["origin_port", "destination_port"]


def seaways_of(ledger: Ledger, network: Network) -> SeaWays | None:
    """The ways of a network's routes by the distance model; None when it knows none of their places."""
    from orepact.chain import Scenario
    from orepact.chain.distance import SEA
    from orepact.chain.reference.evidence import Evidence
    from orepact.chain.reference.recipes import RecipeBook
    from orepact.chain.reference.route_table import RouteTable
    from orepact.shock.events.seaways import SeaWays

    scenario = Scenario.load("reference")
    evidence = Evidence(ledger, scenario.reference.base_year)
    recipes = RecipeBook.from_evidence(evidence)
    keys = ["commodity", "origin", "destination"]
    routes = network.routes[keys]
    tables: dict[tuple[str, ...], RouteTable] = {}

    def table(passages: tuple[str, ...]) -> RouteTable:
        if passages not in tables:
            tables[passages] = RouteTable(evidence, recipes, scenario.reference, passages)
        return tables[passages]

    def closed(passages: tuple[str, ...]) -> pd.DataFrame:
        priced = table(passages).between(routes).drop_duplicates(keys)
        return routes.merge(priced, on=keys, how="left")[["cost_usd", "days"]]

    usual = closed(())
    if usual["days"].isna().all():
        return None
    ways = table(()).ways
    sea = ways[ways["mode"] == "sea"].drop_duplicates(["origin", "destination"])
    ends = routes.merge(sea[["origin", "destination", "days"]], on=["origin", "destination"], how="left")
    by_sea = np.isclose(ends["days"].to_numpy(dtype=float), usual["days"].to_numpy(dtype=float))
    named = _ports(ledger.resolve(attribute=SEA))
    ports = routes.merge(named, on=["origin", "destination"], how="left")[PORTS].fillna("")
    known = {str(name) for column in PORTS for name in named[column].dropna()} - {""}
    return SeaWays(by_sea, *(ports[column].to_numpy(object) for column in PORTS), closed, tuple(sorted(known)))


def _ports(claims: pd.DataFrame) -> pd.DataFrame:
    """Ports of the sea way of each pair, from the note of its distance (``Busan to Hamburg``)."""
    ends = claims["subject"].str.split(">", n=1, expand=True)
    named = claims["note"].str.split(" to ", n=1, expand=True).reindex(columns=[0, 1])
    return pd.DataFrame({"origin": ends[0], "destination": ends[1], PORTS[0]: named[0], PORTS[1]: named[1]})
