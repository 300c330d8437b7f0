"""Small chains for the tests of shocks, in a usual week that can be checked on paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from orepact.chain.flows import Flows
from orepact.chain.network import Network
from orepact.shock.case.case import STORES, SUBSTITUTIONS, WANTS, ShockCase

WEEKS = 52
CAPACITY = "capacity_per_year"

#: A usual week: both mines feed the smelter at HOME (2 ore for 1 metal), the plant makes a car of each metal.
#: NEAR 60 ore (of 70), one week away; FAR 40 ore (of 80), three weeks away; smelter 50 metal (of 60); plant 50 cars (of 55).
#: HOME buys 40 cars, ABROAD 10, two weeks away.
SITES = pd.DataFrame(
    [
        ("mine_near", "mining", "NEAR", "Near Ores", "NEAR", 70.0, 60.0, 5.0),
        ("mine_far", "mining", "FAR", "Far Ores", "FAR", 80.0, 40.0, 4.0),
        ("smelter", "smelting", "HOME", "Home Metals", "HOME", 60.0, 50.0, 20.0),
        ("plant", "assembly", "HOME", "Home Cars", "HOME", 55.0, 50.0, 100.0),
    ],
    columns=["site", "process", "place", "owner", "owner_country", "capacity", "activity", "variable_cost_usd"],
)
ROUTES = pd.DataFrame(
    [
        ("ore", "NEAR", "HOME", 60.0, 7.0, 1.0),
        ("ore", "FAR", "HOME", 40.0, 21.0, 3.0),
        ("car", "HOME", "ABROAD", 10.0, 14.0, 8.0),
    ],
    columns=["commodity", "origin", "destination", "flow", "days", "cost_usd"],
)
RECIPES = [
    ("mining", "ore", 1.0),
    ("smelting", "ore", -2.0),
    ("smelting", "metal", 1.0),
    ("assembly", "metal", -1.0),
    ("assembly", "car", 1.0),
]
WANTED = [("car", "HOME", 40.0, 1000.0), ("car", "ABROAD", 10.0, 800.0)]
#: commodity, place, party, owner, kind, quantity, floor, release per week
STOCKS = [
    ("ore", "HOME", "HOME", "commercial", "warehouse", 200.0, 0.0, np.inf),
    ("metal", "HOME", "HOME", "commercial", "warehouse", 50.0, 10.0, np.inf),
    ("car", "HOME", "HOME", "commercial", "warehouse", 20.0, 0.0, np.inf),
    ("metal", "HOME", "HOME", "HOME", "stockpile", 100.0, 20.0, 25.0),
]


def chain_network() -> Network:
    """Mines at NEAR and FAR, smelter and car plant at HOME, buyers at HOME and ABROAD; quantities by the year of 52 weeks."""
    sites = SITES.assign(capacity_per_year=SITES["capacity"] * WEEKS).drop(columns=["capacity", "activity"])
    demand = [
        {"commodity": c, "place": p, "year": 2024, "quantity": q * WEEKS, "shortage_cost_usd": worth} for c, p, q, worth in WANTED
    ]
    public = [
        {"commodity": c, "place": p, "quantity": quantity, "owner": owner, "release_per_year": release * WEEKS}
        for c, p, _, owner, kind, quantity, _, release in STOCKS
        if kind == "stockpile"
    ]
    return Network(
        title="chain",
        years=(2024,),
        currency="USD",
        description="",
        commodities=pd.DataFrame(
            {
                "commodity": ["ore", "metal", "car"],
                "unit": ["t", "t", "vehicle"],
                "stage": ["mine", "refine", "vehicle"],
                "price_usd_per_unit": [10.0, 60.0, 500.0],
            }
        ),
        places=pd.DataFrame({"place": ["NEAR", "FAR", "HOME", "ABROAD"]}),
        recipes=pd.DataFrame(RECIPES, columns=["process", "commodity", "amount"]),
        sites=sites,
        routes=ROUTES.drop(columns="flow"),
        demand=pd.DataFrame(demand),
        stockpiles=pd.DataFrame(public),
    )


def chain_flows() -> Flows:
    """The usual year of ``chain_network``."""
    from orepact.chain.flow_rows import node_rows, route_rows, site_rows

    network = chain_network()
    nodes = network.positions(network.demand["commodity"], network.demand["place"])
    rows = [
        site_rows(network, 2024, "activity", SITES["activity"] * WEEKS),
        route_rows(network, 2024, ROUTES["flow"] * WEEKS),
        node_rows(network, 2024, "demand", nodes, network.demand["quantity"]),
    ]
    return Flows.of(network, rows)


def chain_case(**changes: Any) -> ShockCase:
    """The usual week of the chain, with some of its fields replaced.

    Stocks: 200 ore (two weeks of use), 50 metal (one week, 10 of it below the floor) and 20 cars in warehouses at HOME; a public
    stockpile of 100 metal at HOME, 20 below its floor, at most 25 a week.
    """
    network = chain_network()
    stores = pd.DataFrame(
        [
            (int(network.positions([c], [p])[0]), c, p, party, owner, kind, quantity, floor, release, "reported")
            for c, p, party, owner, kind, quantity, floor, release in STOCKS
        ],
        columns=list(STORES),
    )
    wants = pd.DataFrame(
        [
            (int(network.positions([c], [p])[0]), c, p, p, str(network.commodities.loc[c, "unit"]), worth)
            for c, p, _, worth in WANTED
        ],
        columns=list(WANTS),
    )
    parts: dict[str, Any] = {
        "network": network,
        "year": 2024,
        "activity": SITES["activity"].to_numpy(float),
        "capacity": SITES["capacity"].to_numpy(float),
        "ramp_weeks": np.array([8.0, 8.0, 4.0, 2.0]),
        "flow": ROUTES["flow"].to_numpy(float),
        "lag_weeks": (ROUTES["days"] / 7).to_numpy().round().astype(np.int64),
        "other": np.zeros(len(network.nodes)),
        "wants": wants,
        "demand": np.array([quantity for _, _, quantity, _ in WANTED]),
        "stores": stores,
        "substitutions": pd.DataFrame(columns=list(SUBSTITUTIONS)),
        "parties": {place: (place,) for place in network.places.index},
    }
    return ShockCase(**(parts | changes))


def trade_flows(sent: Sequence[Sequence[float]]) -> Flows:
    """A year in which seller ``S<i>`` makes a good and sends ``sent[i][j]`` of it to buyer ``B<j>``, who uses it up."""
    from orepact.chain.flow_rows import node_rows, route_rows, site_rows

    table = np.asarray(sent, dtype=float)
    sellers, buyers = ([f"{letter}{number}" for number in range(size)] for letter, size in zip("SB", table.shape, strict=True))
    pairs = [(seller, buyer) for seller in sellers for buyer in buyers]
    network = Network(
        title="trade",
        years=(2024,),
        currency="USD",
        description="",
        commodities=pd.DataFrame({"commodity": ["good"], "unit": ["t"], "stage": ["refine"], "price_usd_per_unit": [100.0]}),
        places=pd.DataFrame({"place": sellers + buyers}),
        recipes=pd.DataFrame([("making", "good", 1.0)], columns=["process", "commodity", "amount"]),
        sites=pd.DataFrame(
            [(f"works_{s}", "making", s, np.nan) for s in sellers], columns=["site", "process", "place", CAPACITY]
        ),
        routes=pd.DataFrame(
            [("good", s, b, 1.0 + number) for number, (s, b) in enumerate(pairs)],
            columns=["commodity", "origin", "destination", "cost_usd"],
        ),
        demand=pd.DataFrame(
            [("good", b, 2024, float(q)) for b, q in zip(buyers, table.sum(axis=0), strict=True)],
            columns=["commodity", "place", "year", "quantity"],
        ),
    )
    nodes = network.positions(network.demand["commodity"], network.demand["place"])
    rows = [
        site_rows(network, 2024, "activity", table.sum(axis=1)),
        route_rows(network, 2024, table.ravel()),
        node_rows(network, 2024, "demand", nodes, network.demand["quantity"]),
    ]
    return Flows.of(network, rows)
