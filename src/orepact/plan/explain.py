"""Why there is no plan: the smallest breach of the demands, and the limits that force it, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from orepact.errors import BadInput, NoFeasibleAnswer, Problem, SolverFailed

if TYPE_CHECKING:
    from orepact.plan.case import Case
    from orepact.plan.options import PlanOptions


def raise_infeasible(case: Case, options: PlanOptions) -> NoReturn:
    raise NotImplementedError


def raise_unbounded(case: Case) -> NoReturn:
    raise NotImplementedError
