"""Where do we go? The least-cost build-out of a chain over years, under policy limits.

``solve(network, scenario)`` returns a ``PlanResult``. linopy and the solver are imported when a plan is made, not before.
"""

from __future__ import annotations

from orepact.plan.options import PlanOptions
from orepact.plan.result import PlanResult
from orepact.plan.solve import solve

__all__ = ["PlanOptions", "PlanResult", "solve"]
