"""Synthetic chains with made-up statements about one year: output of half the sites, flows on a tenth of the routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmarks.synthetic import Size, synthetic_network

if TYPE_CHECKING:
    from orepact.chain.network import Network

YEAR = 2025
#: Relative standard deviations of output and flows.
OUTPUT, FLOW = 0.1, 0.2


def observed_network(size: Size, seed: int = 0) -> Network:
    """A layered chain with observations that contradict each other by about their spread; same seed, same network."""
    network = synthetic_network(size, seed)
    network = network.with_tables(sites=network.sites.assign(capex_usd=np.nan, max_build_per_year=np.nan))
    rng = np.random.default_rng(seed)
    sites = network.sites
    made = sites["capacity_per_year"].to_numpy() * rng.uniform(0.3, 0.9, len(sites))
    output = pd.DataFrame({"observation": "output:" + sites.index, "kind": "activity", "site": sites.index, "quantity": made})
    routes = network.routes
    at = pd.MultiIndex.from_arrays([network.site_output, sites["place"]])
    supply = pd.Series(made, index=at).groupby(level=[0, 1]).sum()
    sent = supply.reindex(pd.MultiIndex.from_frame(routes[["commodity", "origin"]])).fillna(0.0).to_numpy()
    fan = routes.groupby(["commodity", "origin"])["destination"].transform("size").to_numpy()
    flows = pd.DataFrame(
        {
            "observation": [f"flow:{number}" for number in range(len(routes))],
            "kind": "flow",
            **{name: routes[name] for name in ("commodity", "origin", "destination")},
            "quantity": sent / fan * rng.lognormal(0.0, 0.5, len(routes)),
        }
    )
    seen = [output[rng.random(len(output)) < 0.5].assign(share=OUTPUT)]
    seen.append(flows[(rng.random(len(flows)) < 0.1) & (flows["quantity"] > 0)].assign(share=FLOW))
    table = pd.concat(seen, ignore_index=True)
    table["quantity"] *= 1.0 + table["share"] * rng.normal(size=len(table)).clip(-3, 3)
    table["standard_deviation"] = table.pop("share") * table["quantity"]
    return network.with_tables(observations=table.assign(year=YEAR))
