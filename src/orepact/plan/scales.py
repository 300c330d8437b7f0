"""Magnitudes: what one column or row is counted in, so that the program's numbers lie near 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.chain.network import Network

#: Money inside the program is counted in million USD.
MONEY_USD = 1e6


def commodity_magnitudes(network: Network) -> pd.Series:
    """Power of ten near the usual yearly quantity of each commodity, indexed by commodity.

    The usual quantity is the median of its positive demands, capacities and stocks. A commodity with none
    takes it from the processes that turn it into one that has: |amount| x magnitude of their main output.
    """
    seen = pd.concat([_demand(network), _capacity(network), _stock(network)])
    median = seen.groupby(level=0).median() if len(seen) else seen
    known = _spread(network, median.reindex(network.commodities.index))
    power = np.round(np.log10(known.fillna(1.0).to_numpy(dtype=float)))
    return pd.Series(10.0**power, index=network.commodities.index)


def _positive(values: NDArray[np.float64], names: pd.Series) -> pd.Series:
    keep = (values > 0) & np.isfinite(values)
    return pd.Series(values[keep], index=names.to_numpy()[keep], dtype=float)


def _demand(network: Network) -> pd.Series:
    return _positive(network.demand["quantity"].to_numpy(dtype=float), network.demand["commodity"])


def _capacity(network: Network) -> pd.Series:
    return _positive(network.values("sites", "capacity_per_year"), network.site_output)


def _stock(network: Network) -> pd.Series:
    return _positive(network.stockpiles["quantity"].to_numpy(dtype=float), network.stockpiles["commodity"])


def _spread(network: Network, known: pd.Series) -> pd.Series:
    """Fill unknown magnitudes through recipes, from main outputs to the other lines, until nothing changes."""
    lines = network.recipes.assign(main=network.recipes["process"].map(network.main_output))
    lines = lines[lines["amount"] != 0]
    for _ in range(len(network.commodities)):
        implied = lines["amount"].abs() * lines["main"].map(known)
        new = implied.groupby(lines["commodity"]).median().reindex(known.index)
        filled = known.where(known.notna(), new)
        if filled.notna().equals(known.notna()):
            break
        known = filled
    return known
