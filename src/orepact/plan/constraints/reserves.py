"""A deposit gives no more than it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from orepact.plan.model import Terms

if TYPE_CHECKING:
    from orepact.plan.model import PlanModel


def reserves(plan: PlanModel) -> None:
    """``sum_t span[t] x[i,t] <= reserves[i]`` for every site i with reserves.

    span: calendar years that model year t stands for (not discounted); reserves in units of main output.
    """
    case, activity = plan.case, plan.blocks["activity"]
    limit = case.network.values("sites", "reserves")
    site = np.flatnonzero(np.isfinite(limit) & np.isin(np.arange(len(limit)), activity.item))
    row_of_site = np.full(len(limit), -1, dtype=np.int64)
    row_of_site[site] = np.arange(len(site))
    column = np.flatnonzero(row_of_site[activity.item] >= 0)
    terms = [Terms("activity", column, row_of_site[activity.item[column]], case.horizon.spans[activity.year[column]])]
    year = np.zeros(len(site), dtype=np.int64)
    plan.add_rows("reserves", terms, "<=", item=site, year=year, rhs=limit[site], scale=case.site_scale[site])
