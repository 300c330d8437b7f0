"""Built capacity from the decisions to build, with construction time and end of life."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from orepact.plan.model import Terms

if TYPE_CHECKING:
    from orepact.plan.model import PlanModel


def capacity(plan: PlanModel) -> None:
    """``K[i,t] = sum of b[i,s] over s with s + lead[i] <= t < s + lead[i] + lifetime[i]`` for every site i that can be built.

    K standing built capacity, b capacity decided in model year s; units of main output per year.
    """
    case, built, builds = plan.case, plan.blocks["capacity"], plan.blocks["build"]
    column = builds.lookup(*case.buildable.shape)
    # All (site, s, t) in which a decision stands, as positions of the two blocks.
    row, decided = np.nonzero(case.stands[built.item, :, built.year] & (column[built.item] >= 0))
    standing = Terms("build", column[built.item[row], decided], row, np.full(len(row), -1.0))
    itself = np.arange(len(built))
    plan.add_rows(
        "capacity",
        [Terms("capacity", itself, itself, np.ones(len(built))), standing],
        "=",
        item=built.item,
        year=built.year,
        rhs=np.zeros(len(built)),
        scale=built.scale,
    )
