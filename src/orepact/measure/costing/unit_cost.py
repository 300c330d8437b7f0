"""What a unit of every commodity costs where it is made: own costs and those of its inputs, carried along the flows of a year.

The burden of ``Footprint`` is dollars. A site causes running, electricity, fixed and capital cost; a route causes freight and
duty. A pool mixes what enters it, so an input costs what it costs on average where it is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from orepact.measure.tracing.footprint import Footprint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.chain import Network
    from orepact.measure.tracing.transfers import Transfers

#: Cost components of a site, of a move, and of inputs that are bought at their price.
OF_SITES = ("variable", "electricity", "fixed", "capital")
OF_MOVES = ("transport", "tariff")
BOUGHT, STOCK = "inputs", "stock"
COMPONENTS = (*OF_SITES, BOUGHT, *OF_MOVES, STOCK)
SOLD = "sold"


def annuity(rate: float, years: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Yearly payment for a unit of investment: ``r / (1 - (1 + r)^-n)``, and ``1 / n`` without interest.

    >>> float(annuity(0.05, 20.0).round(4)), float(annuity(0.0, 20.0))
    (0.0802, 0.05)
    """
    life = np.asarray(years, dtype=float)
    if rate == 0:
        return np.asarray(1.0 / life)
    return np.asarray(rate / (1.0 - (1.0 + rate) ** -life))


@dataclass(frozen=True, eq=False)
class CostBasis:
    """What the cost of a plant is spread over.

    - ``rate``: yearly interest on capital. ``lifetime`` comes from the sites.
    - ``utilisation``: output over capacity of a plant at normal running, by process; 1 where none is given.
    - ``capital_usd``: investment per unit of yearly capacity, by site, where the network names none.
    - ``running_level``: running cost of a site relative to what the network says, by site; 1 where none is given.
    """

    rate: float = 0.05
    utilisation: Mapping[str, float] = field(default_factory=dict)
    capital_usd: Mapping[str, float] = field(default_factory=dict)
    running_level: Mapping[str, float] = field(default_factory=dict)


def site_costs(network: Network, basis: CostBasis | None = None) -> pd.DataFrame:
    """USD per unit of main output of every site, by component: ``variable, electricity, fixed, capital``.

    ``electricity = kWh x price at the place``; ``fixed = fixed cost / utilisation``;
    ``capital = investment x annuity(rate, lifetime) / utilisation``, nothing where no investment is known.
    """
    basis = basis or CostBasis()
    variable = network.values("sites", "variable_cost_usd")
    process = network.sites["process"].str.partition("@")[0]
    use = process.map(dict(basis.utilisation)).astype(float).fillna(1.0).to_numpy()
    given = network.sites.index.map(dict(basis.capital_usd)).to_numpy(dtype=float)
    invest = network.sites["capex_usd"].to_numpy(dtype=float)
    invest = np.nan_to_num(np.where(np.isnan(invest), given, invest))
    payment = annuity(basis.rate, network.values("sites", "lifetime_years"))
    columns = {
        "variable": variable * network.sites.index.map(dict(basis.running_level)).to_numpy(dtype=float, na_value=1.0),
        "electricity": network.site_cost_usd - variable,
        "fixed": network.values("sites", "fixed_cost_usd") / use,
        "capital": invest * payment / use,
    }
    return pd.DataFrame(columns, index=network.sites.index)


@dataclass(frozen=True, eq=False)
class UnitCosts:
    """Unit cost of every pool of a year: ``pooled`` of what is there, ``made`` of what is made there (nodes x categories).

    ``categories`` are (component, stage) pairs; a component without a stage of its commodity stands under "".
    """

    transfers: Transfers
    categories: pd.MultiIndex
    pooled: NDArray[np.float64]
    made: NDArray[np.float64]
    caused: pd.Series  # dollars of the year by category
    carried_out: pd.Series  # dollars that leave with final uses, by category

    @classmethod
    def of(
        cls,
        transfers: Transfers,
        sites: pd.DataFrame,
        moved: pd.DataFrame,
        prices: Mapping[str, float] | None = None,
        stock: Mapping[str, float] | None = None,
    ) -> UnitCosts:
        """Costs carried along the flows.

        ``sites``: USD per unit of main output (rows: the sites of the network, columns: components). ``moved``: USD per unit that
        leaves the origin (rows: ``transfers.moved``, columns ``transport, tariff``). With ``prices`` (USD per unit by commodity)
        every input that has a price is bought at it, and what it cost to make goes with the product that was sold. ``stock``:
        USD per unit by commodity of what comes out of stocks or from nowhere (nothing where none is given).
        """
        system = _Dollars(transfers, prices or {})
        return system.solve(sites, moved, stock or {})

    @cached_property
    def made_total(self) -> pd.Series:
        """USD per unit made in each pool (commodity, place); NaN where nothing is made."""
        return pd.Series(self.made.sum(axis=1), index=self.transfers.nodes, name="usd_per_unit")

    @cached_property
    def pooled_total(self) -> pd.Series:
        """USD per unit in each pool, made or arrived; NaN where it is empty."""
        return pd.Series(self.pooled.sum(axis=1), index=self.transfers.nodes, name="usd_per_unit")

    def row(self, commodity: str, place: str) -> pd.Series:
        """USD per unit made of a commodity at a place, by (component, stage); NaN where none is made."""
        at = self.transfers.network.positions([commodity], [place])[0]
        values = self.made[at] if at >= 0 else np.full(len(self.categories), np.nan)
        return pd.Series(values, index=self.categories, name="usd_per_unit")


class _Dollars:
    """The burden system with dollars in it."""

    def __init__(self, transfers: Transfers, prices: Mapping[str, float]) -> None:
        self.whole, self.network = transfers, transfers.network
        commodity = pd.Series(transfers.commodity)
        own = commodity.map({**dict.fromkeys(commodity, float("nan")), **prices})
        self.price: NDArray[np.float64] = own.to_numpy(dtype=float)
        self.stage = self.network.commodities["stage"].reindex(commodity).to_numpy(dtype=object)
        self.bought, self.transfers = _cut_at_prices(transfers, self.price)

    def solve(self, sites: pd.DataFrame, moved: pd.DataFrame, stock: Mapping[str, float]) -> UnitCosts:
        parts = [self._of_sites(sites), self._of_moves(moved), self._of_bought(), self._of_stock(stock)]
        entries = pd.concat(parts, ignore_index=True)
        keys = pd.MultiIndex.from_frame(entries[["component", "stage"]])
        listed = sorted({(str(component), str(stage)) for component, stage in keys}, key=_order)
        categories = pd.MultiIndex.from_tuples(listed, names=["component", "stage"])
        entries["column"] = categories.get_indexer(keys)
        by_site = _matrix(entries[entries["of"] == "site"], len(self.network.sites), len(categories))
        by_move = _matrix(entries[entries["of"] == "move"], len(self.whole.moved), len(categories))
        by_node = _matrix(entries[entries["of"] == "node"], len(self.whole.nodes), len(categories))
        system = Footprint(self.transfers)
        through = system.through(sites=by_site, moved=by_move, nodes=by_node)
        made = system.handed @ (by_site + sparse.csr_array(system.taken @ through))
        out = system.carried_out(sites=by_site, moved=by_move, nodes=by_node)
        caused = sum((np.asarray(part.sum(axis=0)).ravel() for part in (by_site, by_move, by_node)), np.zeros(len(categories)))
        supply, amount = self.whole.supply[:, None], self.whole.amount("made")[:, None]
        dense = np.asarray(made.toarray() if hasattr(made, "toarray") else made, dtype=float)
        return UnitCosts(
            self.whole,
            categories,
            np.divide(through, supply, out=np.full(through.shape, np.nan), where=supply > 0),
            np.divide(dense, amount, out=np.full(dense.shape, np.nan), where=amount > 0),
            pd.Series(caused, index=categories),
            pd.Series(out.sum(axis=0), index=categories),
        )

    def _of_sites(self, costs: pd.DataFrame) -> pd.DataFrame:
        """Dollars of the year of each site and component."""
        made = self.whole.made
        output = self.network.site_output.to_numpy()
        main = made[self.whole.commodity[made["node"]] == output[made["site"]]]
        spent = costs.iloc[main["site"].to_numpy()].mul(main["quantity"].to_numpy(), axis=0)
        stage = self.stage[main["node"].to_numpy()]
        long = [_entries("site", main["site"], name, stage, spent[name]) for name in costs.columns]
        return pd.concat(long, ignore_index=True)

    def _of_moves(self, costs: pd.DataFrame) -> pd.DataFrame:
        """Dollars of the year of each route with flow."""
        moved = self.whole.moved
        stage, row = self.stage[moved["source"].to_numpy()], np.arange(len(moved))
        sent = moved["sent"].to_numpy(dtype=float)
        return pd.concat([_entries("move", row, name, stage, sent * costs[name].to_numpy()) for name in costs.columns])

    def _of_bought(self) -> pd.DataFrame:
        """Dollars of the year for inputs that are bought at their price."""
        node = self.bought["node"].to_numpy()
        return _entries("site", self.bought["site"], BOUGHT, self.stage[node], self.bought["quantity"] * self.price[node])

    def _of_stock(self, stock: Mapping[str, float]) -> pd.DataFrame:
        """Dollars of the year for what comes out of stocks or from nowhere."""
        drawn = self.whole.drawn
        node = drawn["node"].to_numpy(dtype=np.int64)
        each = np.array([stock.get(str(name), 0.0) for name in self.whole.commodity[node]], dtype=float)
        return _entries("node", node, STOCK, self.stage[node], drawn["quantity"].to_numpy() * np.nan_to_num(each))


def _cut_at_prices(transfers: Transfers, price: NDArray[np.float64]) -> tuple[pd.DataFrame, Transfers]:
    """Inputs with a price, and the transfers in which their pools sell them to the outside."""
    priced = ~np.isnan(price[transfers.used["node"].to_numpy()])
    bought = transfers.used[priced].reset_index(drop=True)
    if not len(bought):
        return bought, transfers
    sold = bought.groupby("node")["quantity"].sum().reset_index().assign(kind=SOLD)
    left = pd.concat([transfers.left, sold], ignore_index=True)
    return bought, replace(transfers, used=transfers.used[~priced].reset_index(drop=True), left=left)


def _entries(of: str, row: object, component: str, stage: object, usd: object) -> pd.DataFrame:
    table = pd.DataFrame({"row": np.asarray(row, dtype=np.int64), "stage": np.asarray(stage, dtype=object)})
    table = table.assign(of=of, component=component, usd=np.asarray(usd, dtype=float))
    return table[table["usd"] != 0]


def _matrix(entries: pd.DataFrame, rows: int, columns: int) -> sparse.csr_array:
    at = entries["row"].to_numpy(dtype=np.int64), entries["column"].to_numpy(dtype=np.int64)
    return sparse.csr_array((entries["usd"].to_numpy(dtype=float), at), shape=(rows, columns))


def _order(key: tuple[str, str]) -> tuple[int, str]:
    return COMPONENTS.index(key[0]), str(key[1])
