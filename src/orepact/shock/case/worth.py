"""What a unit of each thing of a usual week is worth, USD: goods at their nodes, lost demand, output of plants, one more haul."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from orepact.shock.case.pricing import counted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.shock.case.case import ShockCase


def haul_cost(case: ShockCase) -> NDArray[np.float64]:
    """Cost of one more unit on each route: transport plus the usual tariff, USD per unit."""
    network = case.network
    price = counted(case.price.reindex(network.routes["commodity"]).to_numpy(dtype=float))
    return np.asarray(network.values("routes", "cost_usd") + network.values("routes", "tariff_rate") * price)


def node_price(case: ShockCase) -> NDArray[np.float64]:
    """Price of the good at each node, USD per unit; a unit of unknown worth counts as it does in every sum."""
    return counted(case.price.reindex(case.network.nodes.get_level_values(0)).to_numpy(dtype=float))


def output_worth(case: ShockCase) -> NDArray[np.float64]:
    """What a unit of activity of each site makes is worth, USD: all of its goods at their prices."""
    made = case.network.S.maximum(0.0)
    return np.asarray(made.T @ node_price(case))


def want_worth(case: ShockCase) -> NDArray[np.float64]:
    """What a lost unit of each want counts, USD."""
    return counted(case.wants["loss_usd_per_unit"].to_numpy(dtype=float))
