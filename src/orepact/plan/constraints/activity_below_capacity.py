"""A site makes no more than its capacity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from orepact.plan.model import Terms

if TYPE_CHECKING:
    from orepact.plan.model import PlanModel


def activity_below_capacity(plan: PlanModel) -> None:
    """``x[i,t] - K[i,t] <= E[i,t]`` for every site i where capacity can be built.

    x activity, K built and E existing capacity (expected value of announced projects); units of main output per year.
    Elsewhere the bound ``site_capacity`` says the same without a row.
    """
    case, activity, built = plan.case, plan.blocks["activity"], plan.blocks["capacity"]
    column = built.lookup(*case.buildable.shape)[activity.item, activity.year]
    bound = np.flatnonzero(column >= 0)
    row = np.arange(len(bound))
    item, year = activity.item[bound], activity.year[bound]
    terms = [Terms("activity", bound, row, np.ones(len(row))), Terms("capacity", column[bound], row, np.full(len(row), -1.0))]
    plan.add_rows(
        "activity_below_capacity", terms, "<=", item=item, year=year, rhs=case.existing[item, year], scale=activity.scale[bound]
    )
