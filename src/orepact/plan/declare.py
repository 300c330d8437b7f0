"""From a case to a model: declare the variables that can move, then every constraint, then the objective."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from orepact.plan.columns import Block, block
from orepact.plan.constraints import CONSTRAINTS, bounds, constraint
from orepact.plan.model import PlanModel, sparse_semantics

if TYPE_CHECKING:
    from orepact.plan.case import Case


def declare(case: Case, elastic: frozenset[str] = frozenset()) -> PlanModel:
    """The model of a case; with ``elastic`` families it asks for the smallest breach of those instead of the least cost."""
    plan = PlanModel(case, elastic)
    with sparse_semantics():
        for columns in (_activity, _flow, _build, _capacity, _release, _shortage, _surplus):
            plan.add_block(columns(case))
        for name in CONSTRAINTS:
            constraint(name)(plan)
        plan.add_objective()
    return plan


def _activity(case: Case) -> Block:
    """x[i,t]: main output of site i; costs variable cost and electricity."""
    cost = case.network.site_cost_usd[:, None] * case.horizon.weights
    return block("activity", case.reach.sites, upper=bounds.site_capacity(case), cost_usd=cost, scale=case.site_scale[:, None])


def _flow(case: Case) -> Block:
    """f[k,t]: what leaves the origin of route k; costs transport and tariff."""
    cost = case.network.route_cost_usd[:, None] * case.horizon.weights
    return block("flow", case.reach.routes, upper=bounds.route_capacity(case), cost_usd=cost, scale=case.route_scale[:, None])


def _build(case: Case) -> Block:
    """b[i,s]: capacity of site i decided in model year s; paid through K."""
    useful = np.asarray((case.stands & (case.reach.sites | case.targeted[:, None])[:, None, :]).any(axis=2))
    return block("build", useful, upper=bounds.build_rate(case), cost_usd=0.0, scale=case.site_scale[:, None])


def _capacity(case: Case) -> Block:
    """K[i,t]: standing built capacity of site i; costs fixed cost and annualised capital."""
    useful = np.asarray((case.buildable & (case.reach.sites | case.targeted[:, None])).any(axis=1))
    cost = (case.fixed_cost_usd + case.yearly_capital_usd)[:, None] * case.horizon.weights
    exists = case.buildable & useful[:, None]
    return block("capacity", exists, upper=np.inf, cost_usd=cost, scale=case.site_scale[:, None])


def _release(case: Case) -> Block:
    """m[j,t]: release from stockpile j, where somebody can take it."""
    stocks = case.network.stockpiles
    filled = (stocks["quantity"].to_numpy(dtype=float) > 0)[:, None]
    takers = case.reach.useful | case.network.co_product_nodes[:, None]
    filled = filled & takers[case.network.positions(stocks["commodity"], stocks["place"])]
    scale = case.scale_of(stocks["commodity"])[:, None]
    return block("release", filled, upper=bounds.release_rate(case), cost_usd=0.0, scale=scale)


def _shortage(case: Case) -> Block:
    """u[j]: unmet part of demand row j, where a shortage cost is given."""
    demand = case.network.demand
    cost = demand["shortage_cost_usd"].to_numpy(dtype=float)
    exists = np.zeros((len(demand), len(case.horizon)), dtype=bool)
    soft = np.flatnonzero((case.demand_year >= 0) & np.isfinite(cost) & (demand["quantity"].to_numpy(dtype=float) > 0))
    exists[soft, case.demand_year[soft]] = True
    weighted = np.where(np.isfinite(cost), cost, 0.0)[:, None] * case.horizon.weights
    scale = case.scale_of(demand["commodity"])[:, None]
    return block("shortage", exists, upper=bounds.shortage(case), cost_usd=weighted, scale=scale)


def _surplus(case: Case) -> Block:
    """v[n,t]: what a node fed by a co-product disposes of, free of charge."""
    exists = case.network.co_product_nodes[:, None] & case.reach.supplied
    return block("surplus", exists, upper=np.inf, cost_usd=0.0, scale=case.node_scale[:, None])
