"""The solver's answer as arrays by block and by constraint, in original units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.linear import Solved
    from orepact.plan.case import Case
    from orepact.plan.model import PlanModel

#: Values below this many magnitudes of their commodity are solver noise and read as 0.
NOISE = 1e-12


@dataclass(frozen=True, eq=False)
class Solution:
    """Values, reduced costs (USD per unit) and duals (USD per unit of right-hand side), by block and by constraint."""

    plan: PlanModel
    amounts: Mapping[str, NDArray[np.float64]]
    reduced_costs: Mapping[str, NDArray[np.float64]]
    duals: Mapping[str, NDArray[np.float64]]

    @property
    def case(self) -> Case:
        """The case that was solved."""
        return self.plan.case

    def table(self, block: str, items: int) -> NDArray[np.float64]:
        """Values of a block as items x years, 0 where there is no column."""
        return self._spread(block, items, self.amounts[block])

    def sites(self, block: str) -> NDArray[np.float64]:
        """Values of a block of sites, sites x years."""
        return self.table(block, len(self.case.network.sites))

    def marginal(self, block: str, items: int) -> NDArray[np.float64]:
        """Worth of one more unit of a block's upper bound, items x years, USD (discounted), at least 0."""
        return self._spread(block, items, np.maximum(-self.reduced_costs[block], 0.0))

    def _spread(self, block: str, items: int, values: NDArray[np.float64]) -> NDArray[np.float64]:
        columns = self.plan.blocks[block]
        out = np.zeros((items, len(self.case.horizon)))
        out[columns.item, columns.year] = values
        return out


def read_solution(plan: PlanModel, solved: Solved) -> Solution:
    """The answer in original units, noise and negative zeros removed."""
    values = plan.by_block(solved.values)
    clean = {name: np.where(v > NOISE * plan.blocks[name].scale, v, 0.0) for name, v in values.items()}
    return Solution(plan, clean, plan.by_block(solved.reduced_costs, costs=True), plan.by_rows(solved.duals))
