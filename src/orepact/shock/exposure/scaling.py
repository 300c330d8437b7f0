"""Sizes of quantities: what is wanted of each commodity in all, so that a solver sees numbers about one, whatever the units."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.chain.network import Network
    from orepact.shock.exposure.aggregate import Aggregate


def commodity_sizes(aggregate: Aggregate) -> dict[str, float]:
    """A typical rate of each commodity: its final demand in all, or what the recipes need of it for that, stage by stage.

    A commodity that nothing wanted needs has the size 1. Sizes keep the solver's tolerances meaningful; no answer hangs on them.
    """
    wanted = aggregate.wants.groupby("commodity")["quantity"].sum()
    sizes = {str(name): float(value) for name, value in wanted.items()}
    inputs = _inputs(aggregate.network)
    frontier = list(sizes)
    while frontier:
        reached: dict[str, float] = {}
        for made in frontier:
            for name, amount in inputs.get(made, {}).items():
                if name not in sizes:
                    reached[name] = max(reached.get(name, 0.0), amount * sizes[made])
        sizes |= reached
        frontier = list(reached)
    return {str(name): sizes.get(name, 0.0) or 1.0 for name in aggregate.network.commodities.index}


def _inputs(network: Network) -> dict[str, dict[str, float]]:
    """Main output to its inputs and the largest amount of each in any recipe."""
    found: dict[str, dict[str, float]] = {}
    needs = network.recipes[network.recipes["amount"] < 0]
    for made, name, amount in zip(needs["process"].map(network.main_output), needs["commodity"], -needs["amount"], strict=True):
        if isinstance(made, str):
            lines = found.setdefault(made, {})
            lines[name] = max(lines.get(name, 0.0), float(amount))
    return found


def node_sizes(aggregate: Aggregate) -> NDArray[np.float64]:
    """The size of the commodity of each node."""
    return _of(aggregate, aggregate.network.nodes.get_level_values(0))


def site_sizes(aggregate: Aggregate) -> NDArray[np.float64]:
    """The size of the main output of each site."""
    return _of(aggregate, aggregate.network.site_output)


def route_sizes(aggregate: Aggregate) -> NDArray[np.float64]:
    """The size of what each route carries."""
    return _of(aggregate, aggregate.network.routes["commodity"])


def _of(aggregate: Aggregate, names: Iterable[Any]) -> NDArray[np.float64]:
    sizes = commodity_sizes(aggregate)
    return np.array([sizes.get(str(name), 1.0) for name in names], dtype=float)
