"""Allocation: how a site's burden is split over what it makes.

A smelter that makes metal and acid caused one burden. Which part belongs to the metal is a convention, not a measurement:
by ``value`` (price x quantity), by ``mass``, or all on the ``main`` product.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.errors import NotFound

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.chain import Network

#: Conventions that a person may ask for.
ALLOCATIONS = ("value", "mass", "main")


def allocated(network: Network, made: pd.DataFrame, allocation: str) -> NDArray[np.float64]:
    """Share of each row of ``made`` (``site, node, quantity``) in the burden of its site; sums to 1 per site.

    ``value`` weighs by price where every output of the site has one above 0, else by mass. ``mass`` weighs by tonnes: of the
    product where it is counted in tonnes, of the elements in it where it is not; where an output has no mass at all, the
    main output takes everything. Raises ``NotFound`` for another word.
    """
    if allocation not in ALLOCATIONS:
        raise NotFound("allocation", allocation, ALLOCATIONS)
    commodity = network.nodes.get_level_values(0)[made["node"].to_numpy(dtype=np.int64)]
    site, quantity = made["site"].to_numpy(dtype=np.int64), made["quantity"].to_numpy(dtype=float)
    main = np.asarray(commodity == network.site_output.to_numpy()[site], dtype=float)
    mass = quantity * mass_per_unit(network).reindex(commodity).to_numpy(dtype=float)
    value = quantity * network.commodities["price_usd_per_unit"].reindex(commodity).to_numpy(dtype=float)
    orders = {"value": [value, mass, main], "mass": [mass, main], "main": [main]}
    return _first_that_holds(site, orders[allocation])


def mass_per_unit(network: Network) -> pd.Series:
    """Tonnes in one unit of each commodity: 1 where it is counted in t, else the tonnes of all elements in it."""
    held = network.contents.groupby("commodity")["t_per_unit"].sum().reindex(network.commodities.index, fill_value=0.0)
    return held.where(network.commodities["unit"] != "t", 1.0)


def _first_that_holds(site: NDArray[np.int64], weights: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """For each site, shares by the first weight that all of its outputs have (the last one needs one output only)."""
    share = np.full(len(site), np.nan)
    size = int(site.max()) + 1 if len(site) else 0
    for step, weight in enumerate(weights):
        known = np.nan_to_num(weight, nan=0.0)
        total = np.bincount(site, known, minlength=size)
        bare = np.bincount(site, known <= 0, minlength=size)
        usable = (total > 0) & ((bare == 0) | (step == len(weights) - 1))
        take = np.isnan(share) & usable[site]
        share[take] = known[take] / total[site[take]]
    alone = np.bincount(site, minlength=size)
    return np.where(np.isnan(share), 1.0 / alone[site], share) if size else share
