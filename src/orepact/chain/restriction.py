"""Reduced copies of a network, for tests, comparisons and quick looks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.chain.observations import kept_observations
from orepact.errors import NotFound

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from orepact.chain.network import Network


def restrict(
    network: Network,
    *,
    places: Iterable[str] | None,
    commodities: Iterable[str] | None,
    years: Iterable[int] | None,
    routes: ArrayLike | None,
) -> Network:
    """Only these places (or groups), commodities, model years and routes (boolean mask or route numbers).

    Sites, demand and stockpiles of a dropped place go with it. A dropped commodity takes along its routes, demand,
    stocks and the processes whose main output it is; as an input of a process that stays it is then free of charge.
    Routes are renumbered. Observations stay when all they add up stays: ``kept_observations``.
    Raises ``NotFound`` for a name or year that the network does not have.
    """
    kept_places = set(network.places.index) if places is None else set(network.members(places))
    kept_things = _known_commodities(network, commodities)
    kept_years = _known_years(network, years)
    recipes = _recipes(network, kept_things)
    sites = network.sites[network.sites["place"].isin(kept_places) & network.sites["process"].isin(set(recipes["process"]))]
    demand = network.demand[_at(network.demand, kept_things, kept_places) & network.demand["year"].isin(kept_years)]
    return replace(
        network,
        years=kept_years,
        commodities=network.commodities[network.commodities.index.isin(kept_things)],
        places=network.places[network.places.index.isin(kept_places)],
        recipes=recipes[recipes["process"].isin(set(sites["process"]))],
        sites=sites,
        routes=_routes(network, kept_things, kept_places, routes),
        demand=demand,
        stockpiles=network.stockpiles[_at(network.stockpiles, kept_things, kept_places)],
        contents=network.contents[network.contents["commodity"].isin(kept_things)],
        observations=kept_observations(
            network,
            commodities=kept_things,
            places=kept_places,
            sites=set(sites.index),
            years=kept_years,
            trade=places is None and routes is None,
        ),
    )


def _known_commodities(network: Network, wanted: Iterable[str] | None) -> set[str]:
    if wanted is None:
        return set(network.commodities.index)
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    for name in names:
        if name not in network.commodities.index:
            raise NotFound("commodity", name, network.commodities.index)
    return set(names)


def _known_years(network: Network, wanted: Iterable[int] | None) -> tuple[int, ...]:
    if wanted is None:
        return network.years
    years = tuple(sorted({int(year) for year in wanted}))
    for year in years:
        if year not in network.years:
            raise NotFound("model year", str(year), map(str, network.years))
    return years


def _recipes(network: Network, commodities: set[str]) -> pd.DataFrame:
    stays = network.recipes["process"].map(network.main_output).isin(commodities)
    return network.recipes[stays & network.recipes["commodity"].isin(commodities)]


def _at(frame: pd.DataFrame, commodities: set[str], places: set[str]) -> pd.Series:
    return frame["commodity"].isin(commodities) & frame["place"].isin(places)


def _routes(network: Network, commodities: set[str], places: set[str], chosen: ArrayLike | None) -> pd.DataFrame:
    frame = network.routes
    keep: NDArray[np.bool_] = (
        frame["commodity"].isin(commodities) & frame["origin"].isin(places) & frame["destination"].isin(places)
    ).to_numpy()
    if chosen is not None:
        mask = np.asarray(chosen)
        if mask.dtype != bool:
            numbers, mask = mask.astype(int), np.zeros(len(frame), dtype=bool)
            mask[numbers] = True
        keep = keep & mask
    return frame[keep]
