"""Origin and footprint on random multi-regional input-output tables, against pymrio (extra ``peers``)."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from orepact.chain import Flows, Network
from orepact.measure.origin import trace_all
from orepact.measure.tracing.footprint import Footprint
from orepact.measure.tracing.transfers import Transfers
from origin_networks import YEAR, chain, flows

pymrio = pytest.importorskip("pymrio", reason="extra `peers` is not installed")

pytestmark = [
    pytest.mark.peers,
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]
REGIONS, SECTORS = 4, 5


@dataclass(frozen=True, eq=False)
class Table:
    """A random table: deliveries between (region, sector) pairs, final demand, value added; every column closes."""

    deliveries: pd.DataFrame
    demand: pd.Series
    added: pd.Series

    @property
    def output(self) -> pd.Series:
        return self.deliveries.sum(axis=1) + self.demand

    def system(self, stressors: pd.DataFrame) -> pd.DataFrame:
        """pymrio's multipliers: stressors (rows) per unit of output of each (region, sector)."""
        buyers = pd.MultiIndex.from_product([self.demand.index.levels[0], ["final"]], names=["region", "category"])
        demand = pd.DataFrame(0.0, index=self.demand.index, columns=buyers)
        demand.iloc[:, 0] = self.demand
        table = pymrio.IOSystem(Z=self.deliveries, Y=demand)
        table.extension = pymrio.Extension(name="extension", F=stressors)
        table.calc_all()
        return table.extension.M


def random_table(seed: int) -> Table:
    """Deliveries with cycles and own use, a third of the cells empty; what each sector lacks to its output is value added."""
    rng = np.random.default_rng(seed)
    pairs = pd.MultiIndex.from_product(
        [[f"r{number}" for number in range(REGIONS)], [f"s{number}" for number in range(SECTORS)]], names=["region", "sector"]
    )
    size = len(pairs)
    cells = rng.random((size, size)) * (rng.random((size, size)) < 0.6)
    np.fill_diagonal(cells, 0.0)
    demand = rng.random(size) * 10
    bought, sold = cells.sum(axis=0), cells.sum(axis=1)
    demand += np.maximum(bought - sold - demand, 0.0) + 1.0
    deliveries = pd.DataFrame(cells, index=pairs, columns=pairs)
    return Table(deliveries, pd.Series(demand, index=pairs), pd.Series(sold + demand - bought, index=pairs))


def as_flows(table: Table, *, with_mines: bool) -> Flows:
    """The table as a chain: good ``r.s`` made in region r and moved to whoever uses it; own value may come from a mine."""
    goods = [f"{region}.{sector}" for region, sector in table.output.index]
    cells, output = table.deliveries.to_numpy(), table.output.to_numpy()
    bought = cells.sum(axis=0)
    base = bought if with_mines else output
    recipes = {
        f"make_{good}": {goods[i]: -cells[i, j] / base[j] for i in range(len(goods)) if cells[i, j] > 0} | {good: 1.0}
        for j, good in enumerate(goods)
    }
    sites = {f"site_{good}": {"process": f"make_{good}", "place": good[:2], "owner_country": "o" + good[1]} for good in goods}
    activity = {f"site_{good}": base[j] for j, good in enumerate(goods)}
    if with_mines:
        recipes |= {f"mine_{good}": {good: 1.0} for good in goods}
        sites |= {
            f"mine_{good}": {"process": f"mine_{good}", "place": good[:2], "owner_country": "o" + good[1]} for good in goods
        }
        activity |= {f"mine_{good}": table.added.iloc[j] for j, good in enumerate(goods)}
    moved: dict[tuple[str, str, str], float] = {}
    for (i, good), (j, user) in itertools.product(enumerate(goods), enumerate(goods)):
        if cells[i, j] > 0 and good[:2] != user[:2]:
            route = (good, good[:2], user[:2])
            moved[route] = moved.get(route, 0.0) + cells[i, j]
    network = chain(
        recipes=recipes,
        sites=sites,
        routes=list(moved),
        prices=dict.fromkeys(goods, 1.0),
        contents={"stuff": dict.fromkeys(goods, 1.0)},
    )
    return flows(network, activity, moved)


def own_nodes(network: Network, pairs: pd.MultiIndex) -> list[int]:
    return [int(network.nodes.get_loc((f"{region}.{sector}", region))) for region, sector in pairs]


def by_region(table: Table) -> pd.DataFrame:
    """Value added as stressors, one row for each region."""
    regions = table.output.index.get_level_values("region")
    rows = {region: np.where(regions == region, table.added, 0.0) for region in regions.unique()}
    return pd.DataFrame(rows, index=table.output.index).T.rename_axis("stressor")


@pytest.mark.parametrize("seed", range(5))
def test_footprints_are_leontief_multipliers(seed):
    table = random_table(seed)
    rng = np.random.default_rng(100 + seed)
    stressors = pd.DataFrame(rng.random((3, len(table.output))), index=["a", "b", "c"], columns=table.output.index)
    made = as_flows(table, with_mines=False)
    network = made.network
    caused = stressors.T.to_numpy()  # sites stand in the order of the sectors
    footprint = Footprint(Transfers.of(made, YEAR))
    ours = footprint.of(caused)[own_nodes(network, table.output.index)]
    assert ours == pytest.approx(table.system(stressors).T.to_numpy(), rel=1e-9)
    assert footprint.carried_out(caused).sum(axis=0) == pytest.approx(stressors.sum(axis=1).to_numpy())
    basket = np.zeros(len(network.nodes))
    basket[own_nodes(network, table.output.index)[7]] = 1.0
    assert footprint.row(basket).total(caused) == pytest.approx(table.system(stressors).iloc[:, 7].to_numpy(), rel=1e-9)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("what", "with_mines"), [("value", False), ("stuff", True)])
def test_origin_is_value_added_by_region(seed, what, with_mines):
    table = random_table(seed)
    made = as_flows(table, with_mines=with_mines)
    expected = table.system(by_region(table)).T
    found = trace_all(made, what, YEAR)
    ours = pd.DataFrame(found.shares.toarray(), columns=list(found.origins)).iloc[own_nodes(made.network, table.output.index)]
    assert ours[list(expected.columns)].to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-9, abs=1e-12)
    assert ours.sum(axis=1).to_numpy() == pytest.approx(1.0)
