"""Carbon footprint on random multi-regional input-output tables, against pymrio (extra ``peers``)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("pymrio", reason="extra `peers` is not installed")

from test_peers_pymrio import Table, as_flows, own_nodes, random_table

from orepact.chain import Flows
from orepact.measure.carbon import OUTSIDE, Carbon
from orepact.measure.emissions.emission_factors import factors_of_network
from orepact.measure.tracing.transfers import Transfers
from origin_networks import YEAR

pytestmark = [
    pytest.mark.peers,
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


def with_energy(table: Table, seed: int) -> tuple[Flows, pd.DataFrame]:
    """The table as a chain whose sites use power and fuel in regions of different grids, and the emissions of each sector."""
    made = as_flows(table, with_mines=False)
    rng = np.random.default_rng(seed)
    network = made.network
    grid = pd.Series(rng.random(len(network.places)), index=network.places.index)
    size = len(network.sites)
    energy = {"electricity_kwh": rng.random(size), "direct_kg_co2e": rng.random(size), "background_kg_co2e": rng.random(size)}
    sites = network.sites.assign(**energy)
    richer = network.with_tables(sites=sites, places=network.places.assign(grid_kg_co2e_per_kwh=grid))
    output = table.output.to_numpy()  # sites stand in the order of the sectors
    power = energy["electricity_kwh"] * sites["place"].map(grid).to_numpy(dtype=float)
    emitted = {"electricity": power * output, "direct": energy["direct_kg_co2e"] * output}
    emitted["background"] = energy["background_kg_co2e"] * output
    return Flows(made.frame, richer), pd.DataFrame(emitted, index=table.output.index)


@pytest.mark.parametrize("seed", range(5))
def test_carbon_by_source_is_a_leontief_multiplier(seed):
    table = random_table(seed)
    made, emitted = with_energy(table, 200 + seed)
    found = Carbon(Transfers.of(made, YEAR), factors_of_network(made.network))
    expected = table.system(emitted.T.rename_axis("stressor")).T
    nodes = found.nodes().set_index(["commodity", "place"])
    pools = made.network.nodes[own_nodes(made.network, table.output.index)]
    assert nodes.loc[pools, list(emitted)].to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-9)
    assert found.carried_out_kg() == pytest.approx(emitted.to_numpy().sum())


@pytest.mark.parametrize("seed", range(3))
def test_carbon_by_place_of_emission_is_a_regional_multiplier(seed):
    table = random_table(seed)
    made, emitted = with_energy(table, 300 + seed)
    found = Carbon(Transfers.of(made, YEAR), factors_of_network(made.network))
    regions = emitted.index.get_level_values("region")
    at_home = emitted[["electricity", "direct"]].sum(axis=1)
    stressors = {str(name): np.where(regions == name, at_home, 0.0) for name in regions.unique()}
    stressors[OUTSIDE] = emitted["background"].to_numpy()
    expected = table.system(pd.DataFrame(stressors, index=emitted.index).T.rename_axis("stressor")).iloc[:, 11]
    commodity, place = made.network.nodes[own_nodes(made.network, table.output.index)[11]]
    ours = found.basket([commodity], [place]).by(["place"]).set_index("place")["kg_co2e_per_unit"]
    assert ours.reindex(expected.index).to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-9)
