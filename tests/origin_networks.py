"""Small chains with flows written down, for the tests of origin and footprint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from orepact.chain import Flows, Network
from orepact.chain.flow_rows import node_rows, route_rows, site_rows

YEAR = 2030
Route = tuple[str, str, str]
Pool = tuple[str, str]


def chain(
    *,
    recipes: Mapping[str, Mapping[str, float]],
    sites: Mapping[str, Mapping[str, Any]],
    routes: Sequence[Route] = (),
    contents: Mapping[str, Mapping[str, float]] | None = None,
    stages: Mapping[str, str] | None = None,
    prices: Mapping[str, float] | None = None,
    units: Mapping[str, str] | None = None,
    loss: Mapping[Route, float] | None = None,
    stocks: Sequence[Pool] = (),
) -> Network:
    """A network of one year from its recipes, sites (``process, place``, ...), routes, contents by element and stages."""
    things = list(dict.fromkeys(c for lines in recipes.values() for c in lines))
    places = dict.fromkeys([row["place"] for row in sites.values()] + [end for _, a, b in routes for end in (a, b)])
    commodities = pd.DataFrame(
        {
            "commodity": things,
            "unit": [(units or {}).get(c, "t") for c in things],
            "stage": [(stages or {}).get(c, "") for c in things],
            "price_usd_per_unit": [(prices or {}).get(c, np.nan) for c in things],
        }
    )
    held = [(c, element, t) for element, parts in (contents or {}).items() for c, t in parts.items()]
    moves = [(*route, (loss or {}).get(route, 0.0)) for route in routes]
    return Network(
        title="small chain",
        years=(YEAR,),
        currency="USD",
        description="",
        commodities=commodities,
        places=pd.DataFrame({"place": list(places)}),
        recipes=pd.DataFrame(
            [(p, c, a) for p, lines in recipes.items() for c, a in lines.items()], columns=["process", "commodity", "amount"]
        ),
        sites=pd.DataFrame([{"site": name, "capacity_per_year": np.nan, **row} for name, row in sites.items()]),
        routes=pd.DataFrame(moves, columns=["commodity", "origin", "destination", "loss"]),
        demand=pd.DataFrame(columns=["commodity", "place", "year", "quantity"]),
        stockpiles=pd.DataFrame([{"commodity": c, "place": p, "quantity": 1e9} for c, p in stocks]) if stocks else None,
        contents=pd.DataFrame(held, columns=["commodity", "element", "t_per_unit"]),
    )


def flows(
    network: Network, activity: Mapping[str, float], routes: Mapping[Route, float] | None = None, **nodes: Mapping[Pool, float]
) -> Flows:
    """Flows of one year; what is left at each node goes to final demand unless ``demand`` says what does."""
    known = network.routes.reset_index().set_index(["commodity", "origin", "destination"])["route"]
    amounts = routes or {}
    numbers = [int(known[route]) for route in amounts]
    x = network.sites.index.map(dict(activity)).fillna(0.0).to_numpy(dtype=float)
    f = np.zeros(len(network.routes))
    f[numbers] = list(amounts.values())
    parts = [site_rows(network, YEAR, "activity", x), route_rows(network, YEAR, f)]
    m = np.zeros(len(network.nodes))
    for kind, where in nodes.items():
        at = [network.nodes.get_loc(pool) for pool in where]
        parts.append(node_rows(network, YEAR, kind, at, list(where.values())))
        if kind in {"stock_out", "recovered"}:
            m[at] += list(where.values())
        if kind == "stock_in":
            m[at] -= list(where.values())
    if "demand" not in nodes:
        left = network.S @ x + network.N @ f + m
        left[np.abs(left) < 1e-9] = 0.0
        parts.append(node_rows(network, YEAR, "demand", np.arange(len(left)), left))
    return Flows.of(network, parts)


def at(network: Network, *pools: Pool) -> list[int]:
    """Positions of pools in ``network.nodes``."""
    return [int(network.nodes.get_loc(pool)) for pool in pools]


#: The example of docs/why/mixing.md: two mines, two refineries, one cell maker; cobalt counts 1 t per t throughout.
COBALT = {
    "recipes": {
        "mining": {"ore": 1.0},
        "refining": {"ore": -1.0, "sulphate": 1.0},
        "celling": {"sulphate": -1.1, "cell": 1.0, "scrap": 0.1},
        "recycling": {"scrap": -1.0, "sulphate": 1.0},
    },
    "sites": {
        "mine_congo": {"process": "mining", "place": "Congo", "owner": "Red Mining", "owner_country": "China"},
        "mine_cuba": {"process": "mining", "place": "Cuba", "owner": "Blue Mining", "owner_country": "Canada"},
        "refinery_china": {"process": "refining", "place": "China", "owner": "Red Refining", "owner_country": "China"},
        "refinery_korea": {"process": "refining", "place": "Korea", "owner": "White Refining", "owner_country": "Korea"},
        "recycler_korea": {"process": "recycling", "place": "Korea", "owner": "White Refining", "owner_country": "Korea"},
        "cells_korea": {"process": "celling", "place": "Korea", "owner": "White Cells", "owner_country": "Korea"},
    },
    "routes": [
        ("ore", "Congo", "China"),
        ("ore", "Cuba", "China"),
        ("ore", "Congo", "Korea"),
        ("sulphate", "China", "Korea"),
    ],
    "contents": {"cobalt": {"ore": 1.0, "sulphate": 1.0, "cell": 1.0, "scrap": 1.0}},
    "stages": {"ore": "mine", "sulphate": "refine", "cell": "cell", "scrap": "collect"},
    "prices": {"ore": 10_000.0, "sulphate": 16_000.0, "cell": 40_000.0},
}


def cobalt_chain() -> Network:
    """The network of the example."""
    return chain(**COBALT)  # type: ignore[arg-type]


def cobalt_flows(network: Network | None = None) -> Flows:
    """100 t mined, 44 t of cobalt in the pool of sulphate in Korea, of which 4 t came back as scrap."""
    activity = {
        "mine_congo": 80,
        "mine_cuba": 20,
        "refinery_china": 80,
        "refinery_korea": 20,
        "cells_korea": 40,
        "recycler_korea": 4,
    }
    routes = {
        ("ore", "Congo", "China"): 60,
        ("ore", "Cuba", "China"): 20,
        ("ore", "Congo", "Korea"): 20,
        ("sulphate", "China", "Korea"): 20,
    }
    return flows(network or cobalt_chain(), activity, routes)
