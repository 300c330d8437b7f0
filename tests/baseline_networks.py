"""Small chains with observations, for the tests of the baseline."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from orepact.chain import Network

SPLITTER = Path(__file__).parent / "networks" / "splitter"
YEAR = 2024
Rows = list[dict[str, Any]]
Tables = dict[str, pd.DataFrame]


def row(observation: str, kind: str, quantity: float, spread: float | None, **names: Any) -> dict[str, Any]:
    """One row of observations."""
    told = {"observation": observation, "kind": kind, "quantity": quantity, "standard_deviation": spread}
    return told | {"year": YEAR} | names


def trade_network(
    supply: dict[str, float], need: dict[str, float], observations: Rows, *, cost: dict[tuple[str, str], float] | None = None
) -> Network:
    """Mines of one ore (capacity unlimited), buyers of it, and every route between them."""
    routes = [(start, end) for start in supply for end in need if start != end]
    places = list(dict.fromkeys([*supply, *need]))
    return Network(
        title="trade",
        years=(YEAR,),
        currency="USD",
        description="",
        commodities=pd.DataFrame({"commodity": ["ore"], "unit": ["t"], "title": ["Ore"]}),
        places=pd.DataFrame({"place": places, "name": [f"{place}land" for place in places]}),
        recipes=pd.DataFrame({"process": ["mining"], "commodity": ["ore"], "amount": [1.0]}),
        sites=pd.DataFrame(
            {"site": [f"mine_{place}" for place in supply], "process": "mining", "place": list(supply), "capacity_per_year": None}
        ),
        routes=pd.DataFrame(
            [("ore", start, end, (cost or {}).get((start, end), 0.0)) for start, end in routes],
            columns=["commodity", "origin", "destination", "cost_usd"],
        ),
        demand=pd.DataFrame(
            [("ore", place, YEAR, q) for place, q in need.items()], columns=["commodity", "place", "year", "quantity"]
        ),
        observations=pd.DataFrame(
            [*(row(f"made_{p}", "production", q, 0.0, commodity="ore", place=p) for p, q in supply.items()), *observations]
        ),
    )


def chain_network(
    *, ore_per_metal: float = 4.0, unit: float = 1.0, observations: Rows | None = None, shuffle: int | None = None
) -> Network:
    """Ore from A and B, smelted in B and C (slag falls), metal used in A, B and C; ``unit`` counts ore in other units."""
    return _chains([_chain(ore_per_metal, unit, observations or CHAIN)], shuffle)


def chains_network(seen: Sequence[Rows], units: Sequence[float] | None = None, shuffle: int | None = None) -> Network:
    """Several such chains that do not touch, in one network: ``ore1`` from ``A1`` and so on; what they cost is spent once."""
    parts = [_chain(4.0, unit, rows) for rows, unit in zip(seen, units or [1.0] * len(seen), strict=True)]
    return _chains([_named(part, number) for number, part in enumerate(parts, start=1)], shuffle)


def _chains(parts: list[Tables], shuffle: int | None) -> Network:
    tables = {name: pd.concat([part[name] for part in parts], ignore_index=True) for name in parts[0]}
    if shuffle is not None:
        tables["observations"] = tables["observations"].sample(frac=1.0, random_state=shuffle).reset_index(drop=True)
    return Network(title="chain", years=(YEAR,), currency="USD", description="", **tables)


def _named(part: Tables, number: int) -> Tables:
    """A chain whose things and places carry a number."""
    names = ["observation", "commodity", "place", "process", "site", "origin", "destination"]
    return {name: frame.assign(**{c: frame[c] + str(number) for c in names if c in frame}) for name, frame in part.items()}


def _chain(ore_per_metal: float, unit: float, observations: Rows) -> Tables:
    everywhere = ["A", "B", "C"]
    routes = [(thing, start, end) for thing in ("ore", "metal") for start in everywhere for end in everywhere if start != end]
    seen = pd.DataFrame(observations)
    ore = seen["commodity"] == "ore"
    for column in ("quantity", "standard_deviation"):
        seen[column] = seen[column].where(~ore, seen[column] * unit)
    recipes = [("mining", "ore", 1.0), ("smelting", "ore", -ore_per_metal * unit)]
    recipes += [("smelting", "metal", 1.0), ("smelting", "slag", 2.0)]
    sites = [("mine_a", "mining", "A", 500.0 * unit), ("mine_b", "mining", "B", 200.0 * unit)]
    sites += [("smelter_b", "smelting", "B", 90.0), ("smelter_c", "smelting", "C", None)]
    demand = [("metal", "A", YEAR, 30.0), ("metal", "B", YEAR, 50.0), ("metal", "C", YEAR, 40.0)]
    return {
        "commodities": pd.DataFrame({"commodity": ["ore", "metal", "slag"], "unit": ["t", "t", "t"]}),
        "places": pd.DataFrame({"place": everywhere}),
        "recipes": pd.DataFrame(recipes, columns=["process", "commodity", "amount"]),
        "sites": pd.DataFrame(sites, columns=["site", "process", "place", "capacity_per_year"]),
        "routes": pd.DataFrame(routes, columns=["commodity", "origin", "destination"]).assign(loss=0.01),
        "demand": pd.DataFrame(demand, columns=["commodity", "place", "year", "quantity"]),
        "observations": seen,
    }


#: What sources say about the chain; they contradict each other by a few per cent.
CHAIN: Rows = [
    row("ore_a", "production", 420.0, 20.0, commodity="ore", place="A"),
    row("ore_b", "production", 110.0, 10.0, commodity="ore", place="B"),
    row("metal_b", "production", 85.0, 4.0, commodity="metal", place="B"),
    row("metal_c", "production", 40.0, 4.0, commodity="metal", place="C"),
    row("ore_ab_sent", "flow", 250.0, 15.0, commodity="ore", origin="A", destination="B"),
    row("ore_ab_got", "flow", 270.0, 15.0, commodity="ore", origin="A", destination="B"),
    row("ore_c", "import", 175.0, 10.0, commodity="ore", place="C"),
    row("metal_a", "import", 28.0, 3.0, commodity="metal", place="A"),
]
