"""The one law: what comes in, is made or released equals what goes out, is used or demanded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from orepact.plan.model import Terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.plan.model import PlanModel


def balance(plan: PlanModel) -> None:
    """``sum_j S[n,j] x[j,t] + sum_k N[n,k] f[k,t] + m[n,t] + u[n,t] - v[n,t] = d[n,t]`` for every node n and year t.

    x activity, f flow (the destination gets 1 - loss of it), m stock release, u shortage, v surplus of
    co-products, d final demand; in units of the node's commodity per year.
    """
    case, years = plan.case, len(plan.case.horizon)
    network = case.network
    stock = network.positions(network.stockpiles["commodity"], network.stockpiles["place"])
    terms = [
        through_matrix(plan, "activity", network.S),
        through_matrix(plan, "flow", network.N),
        at_nodes(plan, "release", stock, 1.0),
        at_nodes(plan, "shortage", case.demand_node, 1.0),
        at_nodes(plan, "surplus", np.arange(len(network.nodes)), -1.0),
    ]
    node, year = np.divmod(np.arange(len(network.nodes) * years), years)
    plan.add_rows(
        "balance", terms, "=", item=node, year=year, rhs=case.demand.reshape(-1), scale=np.repeat(case.node_scale, years)
    )


def through_matrix(plan: PlanModel, name: str, matrix: sparse.csc_array) -> Terms:
    """Terms of a block whose columns enter the nodes of one column of ``matrix``, in their own year."""
    columns, years = plan.blocks[name], len(plan.case.horizon)
    picked = sparse.coo_array(matrix[:, columns.item])
    return Terms(name, picked.col.astype(np.int64), picked.row * years + columns.year[picked.col], picked.data)


def at_nodes(plan: PlanModel, name: str, node_of_item: NDArray[np.int64], coefficient: float) -> Terms:
    """Terms of a block whose columns enter one node each."""
    columns, years = plan.blocks[name], len(plan.case.horizon)
    row = node_of_item[columns.item] * years + columns.year
    return Terms(name, np.arange(len(columns)), row, np.full(len(columns), coefficient))
