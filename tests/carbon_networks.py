"""The chain of docs/why/allocation.md: a mine, a ship, a refinery with a co-product, a cell plant; and random chains."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from orepact.chain import Flows, Network
from origin_networks import chain, flows

SHIP = ("ore", "A", "B")
EXAMPLE = {
    "recipes": {
        "mining": {"ore": 1.0},
        "refining": {"ore": -5.0, "metal": 1.0, "acid": 2.0},
        "celling": {"metal": -1.0, "cell": 1.0},
    },
    "sites": {
        "mine": {"process": "mining", "place": "A", "electricity_kwh": 20, "direct_kg_co2e": 5},
        "refinery": {
            "process": "refining",
            "place": "B",
            "electricity_kwh": 1000,
            "direct_kg_co2e": 200,
            "background_kg_co2e": 75,
        },
        "plant": {"process": "celling", "place": "B", "electricity_kwh": 5000},
    },
    "routes": [SHIP],
    "stages": {"ore": "mine", "metal": "refine", "acid": "refine", "cell": "cell"},
    "prices": {"metal": 4500.0, "acid": 750.0},
    "units": {"cell": "MWh"},
}


def graced(network: Network, grid: Mapping[str, float], kg_by_route: Mapping[tuple[str, str, str], float]) -> Network:
    """A network with grid intensities by place and emissions by route (kg per unit that leaves)."""
    places = network.places.assign(grid_kg_co2e_per_kwh=[grid.get(name, np.nan) for name in network.places.index])
    ends = zip(*(network.routes[name] for name in ("commodity", "origin", "destination")), strict=True)
    routes = network.routes.assign(kg_co2e=[kg_by_route.get(tuple(end), np.nan) for end in ends])
    return network.with_tables(places=places, routes=routes)


def example() -> Network:
    """The network of the page."""
    return graced(chain(**EXAMPLE), {"A": 0.5, "B": 0.1}, {SHIP: 10.0})  # type: ignore[arg-type]


def example_flows(network: Network | None = None) -> Flows:
    """100 t of ore, 20 t of metal, 40 t of acid, 20 MWh of cells."""
    return flows(network or example(), {"mine": 100, "refinery": 20, "plant": 20}, {SHIP: 100})


def random_flows(seed: int, *, places: int = 3) -> Flows:
    """A chain of four steps over some places with co-products, scrap that comes back, trade of everything and losses."""
    rng = np.random.default_rng(seed)
    names = [f"P{number}" for number in range(places)]
    recipes = {
        "mining": {"ore": 1.0, "gangue": 0.3},
        "refining": {"ore": -2.0, "metal": 1.0, "acid": 0.8},
        "celling": {"metal": -0.7, "cell": 1.0, "scrap": 0.1},
        "recycling": {"scrap": -1.0, "metal": 0.6},
    }
    recipes["recycling"] = {"scrap": -1.0 / 0.6, "metal": 1.0}
    sites, activity = {}, {}
    for process in recipes:
        for name in names:
            key = f"{process}_{name}"
            sites[key] = {
                "process": process,
                "place": name,
                "electricity_kwh": rng.random() * 1000,
                "direct_kg_co2e": rng.random() * 300,
                "background_kg_co2e": rng.random() * 50,
            }
    goods = ("ore", "metal", "scrap")
    routes = [(good, a, b) for good in goods for a in names for b in names if a != b]
    loss = {route: float(rng.choice([0.0, 0.05])) for route in routes}
    prices = {"ore": 50.0, "gangue": 1.0, "metal": 900.0, "acid": 40.0, "cell": 3000.0, "scrap": 300.0}
    network = chain(recipes=recipes, sites=sites, routes=routes, loss=loss, prices=prices, units={"cell": "MWh"})
    network = graced(network, {name: rng.random() for name in names}, {route: rng.random() * 20 for route in routes})
    for name in names:
        activity |= {f"mining_{name}": 100 + 50 * rng.random(), f"refining_{name}": 30 + 10 * rng.random()}
        activity |= {f"celling_{name}": 30 + 10 * rng.random(), f"recycling_{name}": 0.5 * rng.random()}
    moved = {route: float(rng.random()) for route in routes if route[0] != "scrap"}
    return flows(network, activity, moved)


def scaled(made: Flows, commodity: str, factor: float) -> Flows:
    """The same chain with one commodity counted in units ``factor`` times as large."""
    network = made.network
    recipes, sites, routes, things = (
        network.recipes.copy(),
        network.sites.copy(),
        network.routes.copy(),
        network.commodities.copy(),
    )
    main = network.main_output
    of_site = sites["process"].map(main) == commodity
    for name in ("electricity_kwh", "direct_kg_co2e", "background_kg_co2e"):
        sites.loc[of_site, name] *= factor
    of_route = routes["commodity"] == commodity
    routes.loc[of_route, "kg_co2e"] *= factor
    things.loc[commodity, "price_usd_per_unit"] *= factor
    line = recipes["commodity"] == commodity
    own = recipes["process"].map(main) == commodity
    recipes.loc[line, "amount"] /= factor
    recipes.loc[own, "amount"] *= factor
    frame = made.frame.copy()
    counted = (frame["commodity"] == commodity) & (frame["kind"] != "activity")
    ran = (frame["kind"] == "activity") & (frame["process"].map(main) == commodity)
    frame.loc[counted | ran, "quantity"] /= factor
    return Flows(frame, network.with_tables(recipes=recipes, sites=sites, routes=routes, commodities=things))


def per_unit(table: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Kg CO2e per unit by pool of ``Carbon.nodes()``."""
    return dict(zip(zip(table["commodity"], table["place"], strict=True), table["kg_co2e_per_unit"], strict=True))
