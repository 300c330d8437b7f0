"""Synthetic chains of any size: layered commodities, many places, capacity that can grow; same seed, same network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from orepact.chain.network import Network


@dataclass(frozen=True)
class Size:
    """About how large a synthetic network shall be."""

    commodities: int
    places: int
    sites: int
    routes: int
    years: tuple[int, ...]


def synthetic_network(size: Size, seed: int = 0) -> Network:
    """A layered chain from ore to product: each commodity is made from one to three of the layer below.

    Demand sits on the top layer and has a shortage cost, so there is always a plan.
    """
    from orepact.chain.network import Network

    rng = np.random.default_rng(seed)
    things = _things(size.commodities)
    places = pd.DataFrame(
        {"place": [f"p{i:03d}" for i in range(size.places)], "electricity_usd_per_kwh": rng.uniform(0.03, 0.15, size.places)}
    )
    return Network(
        title=f"synthetic {size.commodities} x {size.places}",
        years=size.years,
        currency="USD",
        description="",
        commodities=things.drop(columns="layer"),
        places=places,
        recipes=_recipes(rng, things),
        sites=_sites(rng, things, size),
        routes=_routes(rng, things, size),
        demand=_demand(rng, things, size),
    )


def _things(count: int) -> pd.DataFrame:
    layer = np.arange(count) * 6 // count
    names = [f"c{i:03d}" for i in range(count)]
    return pd.DataFrame({"commodity": names, "unit": "t", "price_usd_per_unit": 100.0 * 3.0**layer, "layer": layer})


def _recipes(rng: np.random.Generator, things: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for thing, layer in zip(things["commodity"], things["layer"], strict=True):
        below = things.loc[things["layer"] == layer - 1, "commodity"].tolist()
        sources = rng.choice(below, size=min(len(below), int(rng.integers(1, 4))), replace=False) if below else []
        rows.append((f"make_{thing}", thing, 1.0))
        rows += [(f"make_{thing}", str(source), -float(np.round(rng.uniform(0.2, 2.0), 3))) for source in sources]
    return pd.DataFrame(rows, columns=["process", "commodity", "amount"])


def _sites(rng: np.random.Generator, things: pd.DataFrame, size: Size) -> pd.DataFrame:
    spots = len(things) * size.places
    thing, spot = np.divmod(np.sort(rng.choice(spots, size=min(size.sites, spots), replace=False)), size.places)
    count, value = len(thing), things["price_usd_per_unit"].to_numpy()[thing]
    capacity = np.round(np.exp(rng.normal(8.0, 1.5, count)), 1)
    mined = (things["layer"].to_numpy()[thing] == 0) & (rng.random(count) < 0.3)
    return pd.DataFrame(
        {
            "site": [f"s{i:05d}" for i in range(count)],
            "process": "make_" + things["commodity"].iloc[thing].to_numpy(),
            "place": [f"p{i:03d}" for i in spot],
            "owner_country": [f"p{i:03d}" for i in rng.integers(0, min(8, size.places), count)],
            "capacity_per_year": capacity,
            "variable_cost_usd": np.round(value * rng.uniform(0.2, 0.6, count), 2),
            "fixed_cost_usd": np.round(value * 0.02, 2),
            "capex_usd": np.where(rng.random(count) < 0.6, np.round(value * rng.uniform(0.5, 3.0, count), 2), np.nan),
            "lead_time_years": rng.integers(0, 5, count).astype(float),
            "lifetime_years": 20.0,
            "max_build_per_year": np.round(capacity * 0.3, 1),
            "electricity_kwh": np.round(value * 0.5, 1),
            "reserves": np.where(mined, capacity * 10, np.nan),
        }
    )


def _routes(rng: np.random.Generator, things: pd.DataFrame, size: Size) -> pd.DataFrame:
    pairs, position = size.places**2, rng.random((size.places, 2))
    most = len(things) * pairs
    thing, pair = np.divmod(np.sort(rng.choice(most, size=min(size.routes, most), replace=False)), pairs)
    start, end = np.divmod(pair, size.places)
    keep = start != end
    thing, start, end = thing[keep], start[keep], end[keep]
    distance = np.linalg.norm(position[start] - position[end], axis=1)
    return pd.DataFrame(
        {
            "commodity": things["commodity"].iloc[thing].to_numpy(),
            "origin": [f"p{i:03d}" for i in start],
            "destination": [f"p{i:03d}" for i in end],
            "cost_usd": np.round(10 + 60 * distance, 2),
            "tariff_rate": np.where(rng.random(len(thing)) < 0.3, 0.05, 0.0),
        }
    )


def _demand(rng: np.random.Generator, things: pd.DataFrame, size: Size) -> pd.DataFrame:
    finals = things[things["layer"] == things["layer"].max()]
    rows = [
        (thing, f"p{spot:03d}", year, round(float(base) * 1.08 ** (year - size.years[0]), 2), 10.0 * price)
        for thing, price in zip(finals["commodity"], finals["price_usd_per_unit"], strict=True)
        for spot, base in enumerate(np.exp(rng.normal(7.0, 1.5, size.places)))
        for year in size.years
    ]
    return pd.DataFrame(rows, columns=["commodity", "place", "year", "quantity", "shortage_cost_usd"])
