"""No supplier is too large: a limit on the share of any one place or owner in what a group of nodes receives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.chain.policy import NOT_ONE_SUPPLIER, LargestSupplierShare, bound_years
from orepact.plan.columns import Block
from orepact.plan.model import Terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.plan.case import Case
    from orepact.plan.model import PlanModel


@dataclass(frozen=True)
class Supply:
    """What enters a node group, one row for each column of a block: supplier, column, coefficient, model year."""

    block: str
    supplier: NDArray[np.object_]
    column: NDArray[np.int64]
    coefficient: NDArray[np.float64]
    year: NDArray[np.int64]


def share_limits(case: Case) -> list[LargestSupplierShare]:
    """The limits of this kind, in the order of the scenario."""
    return [limit for limit in case.limits if isinstance(limit, LargestSupplierShare)]


def largest_supplier_share(plan: PlanModel) -> None:
    """``sum of supply of s[g,t] <= max_share x T[g,t]`` for each supplier s of node group g, where
    ``T[g,t] = all supply - what leaves g``.

    By place: supply is (1 - loss) f on routes from outside the group, and positive entries of S x inside it; f on routes
    out of the group leaves T. By owner: only the production inside, by the owner's home country.
    What is no single supplier (unknown owner, rest of the world) counts in T alone.
    T is the block ``supply``, its definition the rows ``supply_total``.
    """
    limits = share_limits(plan.case)
    if not limits:
        return
    parts = [_frame(number, limit, plan) for number, limit in enumerate(limits)]
    supply = pd.concat(parts, ignore_index=True)
    totals = supply.drop_duplicates(["limit", "year"])[["limit", "year"]].sort_values(["limit", "year"], ignore_index=True)
    scale = np.asarray([float(plan.case.scale_of(limits[i].commodities)[0]) for i in totals["limit"]])
    limit, year = totals["limit"].to_numpy(dtype=np.int64), totals["year"].to_numpy(dtype=np.int64)
    plan.add_block(Block("supply", limit, year, np.full(len(totals), np.inf), np.zeros(len(totals)), scale))
    _total_rows(plan, supply, totals, scale)
    _share_rows(plan, supply, totals, scale, limits)


def _total_rows(plan: PlanModel, supply: pd.DataFrame, totals: pd.DataFrame, scale: NDArray[np.float64]) -> None:
    """``T[g,t] - sum of all supply = 0``."""
    row = _position(supply, totals, ["limit", "year"])
    itself = np.arange(len(totals))
    terms = [Terms("supply", itself, itself, np.ones(len(totals))), *_terms(supply, row, -1.0)]
    limit, year = totals["limit"].to_numpy(dtype=np.int64), totals["year"].to_numpy(dtype=np.int64)
    plan.add_rows("supply_total", terms, "=", item=limit, year=year, rhs=np.zeros(len(totals)), scale=scale)


def _share_rows(
    plan: PlanModel, supply: pd.DataFrame, totals: pd.DataFrame, scale: NDArray[np.float64], limits: list[LargestSupplierShare]
) -> None:
    """``sum of supply of s - max_share x T[g,t] <= 0`` for each supplier that is bound."""
    bound = supply[supply["bound"]]
    rows = bound.drop_duplicates(["limit", "supplier", "year"])[["limit", "supplier", "year"]].reset_index(drop=True)
    who = rows.drop_duplicates(["limit", "supplier"])[["limit", "supplier"]].reset_index(drop=True)
    plan.details["largest_supplier_share"] = who
    total = _position(rows, totals, ["limit", "year"])
    share = np.asarray([limits[i].max_share for i in rows["limit"]])
    itself = np.arange(len(rows))
    terms = [Terms("supply", total, itself, -share), *_terms(bound, _position(bound, rows, ["limit", "supplier", "year"]), 1.0)]
    item, year = _position(rows, who, ["limit", "supplier"]), rows["year"].to_numpy(dtype=np.int64)
    plan.add_rows("largest_supplier_share", terms, "<=", item=item, year=year, rhs=np.zeros(len(rows)), scale=scale[total])


def _terms(supply: pd.DataFrame, row: NDArray[np.int64], factor: float) -> list[Terms]:
    found = []
    for name in ("activity", "flow"):
        here = (supply["block"] == name).to_numpy()
        column = supply["column"].to_numpy(dtype=np.int64)[here]
        found.append(Terms(name, column, row[here], factor * supply["coefficient"].to_numpy(dtype=float)[here]))
    return found


def _position(rows: pd.DataFrame, table: pd.DataFrame, keys: list[str]) -> NDArray[np.int64]:
    """Row of ``table`` that has the same keys."""
    index = pd.MultiIndex.from_frame(table[keys])
    return np.asarray(index.get_indexer(pd.MultiIndex.from_frame(rows[keys])), dtype=np.int64)


def _frame(number: int, limit: LargestSupplierShare, plan: PlanModel) -> pd.DataFrame:
    """Everything that enters the node group in bound years, with its supplier."""
    parts = [_production(limit, plan)]
    if limit.by == "place":
        parts += [_crossings(limit, plan, inward=True), _crossings(limit, plan, inward=False)]
    frame = pd.concat([pd.DataFrame(vars(part)) for part in parts], ignore_index=True)
    frame = frame[frame["year"].isin(bound_years(limit, plan.case.horizon.years))]
    free = frame["supplier"].isin({*limit.exempt, *NOT_ONE_SUPPLIER})
    return frame.assign(limit=number, bound=~free)


def _production(limit: LargestSupplierShare, plan: PlanModel) -> Supply:
    case, columns = plan.case, plan.blocks["activity"]
    network = case.network
    inside = set(network.members(limit.places))
    rows = np.flatnonzero(
        network.nodes.get_level_values(0).isin(limit.commodities) & network.nodes.get_level_values(1).isin(inside)
    )
    picked = network.S.tocsr()[rows][:, columns.item].tocoo()
    made = picked.data > 0
    column = picked.col[made].astype(np.int64)
    who = network.sites["place" if limit.by == "place" else "owner_country"].to_numpy(dtype=object)
    return Supply("activity", who[columns.item[column]], column, picked.data[made], columns.year[column])


def _crossings(limit: LargestSupplierShare, plan: PlanModel, *, inward: bool) -> Supply:
    """Flows that enter the group, by origin; or those that leave it, which count against the total and for nobody."""
    network, columns = plan.case.network, plan.blocks["flow"]
    inside, routes = set(network.members(limit.places)), network.routes
    near, far = ("destination", "origin") if inward else ("origin", "destination")
    crosses = routes["commodity"].isin(limit.commodities) & routes[near].isin(inside) & ~routes[far].isin(inside)
    column = np.flatnonzero(crosses.to_numpy()[columns.item])
    route = columns.item[column]
    amount = 1.0 - network.values("routes", "loss")[route] if inward else np.full(len(route), -1.0)
    who = routes["origin"].to_numpy(dtype=object)[route] if inward else np.full(len(route), "", dtype=object)
    return Supply("flow", who, column, amount, columns.year[column])
