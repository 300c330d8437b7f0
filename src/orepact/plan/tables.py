"""The answer as tidy tables: flows, capacities and shadow prices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.chain.flow_rows import node_rows, route_rows, site_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.plan.solution import Solution


def flow_rows_of(solution: Solution) -> list[pd.DataFrame]:
    """Everything that is not zero, as parts of a ``Flows`` table; costs in money of their year, not discounted."""
    parts = [_year_rows(solution, t) for t in range(len(solution.case.horizon))]
    return [rows for part in parts for rows in part]


def _year_rows(solution: Solution, t: int) -> list[pd.DataFrame]:
    case, network = solution.case, solution.case.network
    year, scenario = case.horizon.years[t], case.scenario.id if case.scenario else ""
    demand, stocks = network.demand, network.stockpiles

    def site(kind: str, quantity: NDArray[np.float64], cost: NDArray[np.float64] | float = 0.0) -> pd.DataFrame:
        return site_rows(network, year, kind, quantity[:, t], cost_usd=cost, scenario=scenario)

    def node(
        kind: str, nodes: NDArray[np.int64], quantity: NDArray[np.float64], unit_cost: NDArray[np.float64] | float = 0.0
    ) -> pd.DataFrame:
        return node_rows(network, year, kind, nodes, quantity[:, t], cost_usd=quantity[:, t] * unit_cost, scenario=scenario)

    activity, short = solution.sites("activity"), solution.table("shortage", len(demand))
    flow = solution.plan.blocks["flow"]
    moving = flow.year == t
    return [
        site("activity", activity, activity[:, t] * network.site_cost_usd),
        site("build", solution.sites("build")),
        site("capacity", standing(solution), _capacity_cost(solution)[:, t]),
        site("retire", retired(solution)),
        route_rows(network, year, solution.amounts["flow"][moving], routes=flow.item[moving], scenario=scenario),
        node("demand", np.arange(len(network.nodes)), case.demand),
        node("shortage", case.demand_node, short, demand["shortage_cost_usd"].fillna(0.0).to_numpy(dtype=float)),
        node("stock_out", network.positions(stocks["commodity"], stocks["place"]), solution.table("release", len(stocks))),
        node("stock_in", np.arange(len(network.nodes)), solution.table("surplus", len(network.nodes))),
    ]


def capacity_table(solution: Solution) -> pd.DataFrame:
    """Capacity of every site in every year in which it has some or decides some."""
    case, network = solution.case, solution.case.network
    built, decided = solution.sites("capacity"), solution.sites("build")
    total = case.existing + built
    site, year = np.nonzero((total > 0) | (decided > 0))
    sites, capex = network.sites.iloc[site], network.sites["capex_usd"].fillna(0.0).to_numpy(dtype=float)
    return pd.DataFrame(
        {
            "site": sites.index.array,
            "process": sites["process"].array,
            "commodity": network.site_output.iloc[site].array,
            "place": sites["place"].array,
            "owner": sites["owner"].array,
            "owner_country": sites["owner_country"].array,
            "year": np.asarray(case.horizon.years)[year],
            "existing": case.existing[site, year],
            "built": built[site, year],
            "total": total[site, year],
            "decided": decided[site, year],
            "activity": solution.sites("activity")[site, year],
            "unit": network.commodities["unit"].reindex(network.site_output.iloc[site]).array,
            "investment_usd": decided[site, year] * capex[site],
            "scarcity_usd_per_unit": scarcity(solution)[site, year] / case.horizon.weights[year],
        }
    )


def price_table(solution: Solution) -> pd.DataFrame:
    """Shadow price of every node that takes part, in money of the year: dual of ``balance`` / weight of the year."""
    case = solution.case
    rows = solution.plan.rows["balance"]
    node, year = rows.item[rows.kept], rows.year[rows.kept]
    price = solution.duals["balance"][rows.kept] / case.horizon.weights[year]
    nodes = case.network.nodes
    return pd.DataFrame(
        {
            "commodity": nodes.get_level_values(0).to_numpy()[node],
            "place": nodes.get_level_values(1).to_numpy()[node],
            "year": np.asarray(case.horizon.years)[year],
            "usd_per_unit": price + 0.0,
        }
    )


def retired(solution: Solution) -> NDArray[np.float64]:
    """Capacity that stood in the model year before and stands no more, sites x years."""
    case = solution.case
    existing = np.where(np.isfinite(case.existing), case.existing, 0.0)
    gone = np.zeros_like(existing)
    gone[:, 1:] = np.maximum(existing[:, :-1] - existing[:, 1:], 0.0)
    ended = case.stands[:, :, :-1] & ~case.stands[:, :, 1:]
    gone[:, 1:] += np.einsum("is,ist->it", solution.sites("build"), ended)
    return gone


def standing(solution: Solution) -> NDArray[np.float64]:
    """Standing capacity where it is limited, sites x years."""
    existing = solution.case.existing
    return np.where(np.isfinite(existing), existing, 0.0) + solution.sites("capacity")


def _capacity_cost(solution: Solution) -> NDArray[np.float64]:
    """Fixed cost of standing capacity plus the yearly payment for what was built, sites x years, USD of the year."""
    case = solution.case
    payment = case.yearly_capital_usd[:, None] * solution.sites("capacity")
    return case.fixed_cost_usd[:, None] * standing(solution) + payment


def scarcity(solution: Solution) -> NDArray[np.float64]:
    """Worth of one more unit of capacity, sites x years, discounted USD: from the bound or from the row."""
    worth = solution.marginal("activity", len(solution.case.network.sites))
    rows = solution.plan.rows["activity_below_capacity"]
    worth[rows.item, rows.year] = np.maximum(-solution.duals["activity_below_capacity"], 0.0)
    return worth
