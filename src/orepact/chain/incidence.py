"""The incidence matrices of a network: nodes as rows, sites (``S``) or routes (``N``) as columns.

The one law of the house is ``S x + N f + m = d`` (x activity, f flow, m stock release, d final demand).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import sparse

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from orepact.chain.network import Network


def codes(index: pd.Index, values: ArrayLike | pd.Series) -> NDArray[np.int64]:
    """Position of each name in ``index`` (the first one where it is repeated); -1 where it is not in it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    names: Any = values if isinstance(values, (pd.Series, pd.Index)) else pd.Series(values, dtype="str")
    found = pc.index_in(pa.array(names, type=pa.large_string()), value_set=pa.array(index, type=pa.large_string()))
    return np.asarray(found.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)


def node_keys(network: Network, commodity: ArrayLike | pd.Series, place: ArrayLike | pd.Series) -> NDArray[np.int64]:
    """One number for each (commodity, place) pair, increasing in the order of both lists; -1 for an unknown name."""
    c, p = codes(network.commodities.index, commodity), codes(network.places.index, place)
    return np.where((c < 0) | (p < 0), -1, c * len(network.places) + p)


def recipe_lines(network: Network) -> pd.DataFrame:
    """One row for each recipe line at each site: position ``site``, ``commodity``, ``place``, ``amount``, ``process``."""
    sites = pd.DataFrame(
        {
            "site": np.arange(len(network.sites)),
            "process": network.sites["process"].array,
            "place": network.sites["place"].array,
        }
    )
    return sites.merge(network.recipes, on="process", how="inner", sort=False)


def nodes(network: Network) -> pd.MultiIndex:
    """Every (commodity, place) that a site, route, demand or stockpile touches, in the order of the two lists."""
    lines = recipe_lines(network)
    keys = np.concatenate(
        [
            node_keys(network, lines["commodity"], lines["place"]),
            *network.route_keys,
            node_keys(network, network.demand["commodity"], network.demand["place"]),
            node_keys(network, network.stockpiles["commodity"], network.stockpiles["place"]),
        ]
    )
    unique = np.unique(keys[keys >= 0])
    width = max(len(network.places), 1)
    pairs = [network.commodities.index[unique // width], network.places.index[unique % width]]
    return pd.MultiIndex.from_arrays(pairs, names=["commodity", "place"])


def site_matrix(network: Network) -> sparse.csc_array:
    """``S`` (nodes x sites): column j holds the recipe of site j, per unit of activity.

    Negative inputs, +1 main output, positive co-products; unit: units of the row's commodity per unit of main output.
    """
    lines = recipe_lines(network)
    rows = network.positions(lines["commodity"], lines["place"])
    keep = rows >= 0
    entries = (lines["amount"].to_numpy()[keep], (rows[keep], lines["site"].to_numpy()[keep]))
    return sparse.coo_array(entries, shape=(len(network.nodes), len(network.sites))).tocsc()


def route_matrix(network: Network) -> sparse.csc_array:
    """``N`` (nodes x routes): column k is -1 at the origin and +(1 - loss) at the destination of route k."""
    start, end = network.route_nodes
    keep = np.flatnonzero((start >= 0) & (end >= 0))
    arriving = 1.0 - network.values("routes", "loss")[keep]
    data = np.concatenate([np.full(len(keep), -1.0), arriving])
    place = (np.concatenate([start[keep], end[keep]]), np.concatenate([keep, keep]))
    return sparse.coo_array((data, place), shape=(len(network.nodes), len(network.routes))).tocsc()
