"""A fit made ready: what is unknown, what was seen, what is thought beforehand, and the program they make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from orepact.baseline.prior import Prior, prior_of
from orepact.baseline.program import Program, program_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.baseline.options import BaselineOptions
    from orepact.baseline.terms import Observed
    from orepact.baseline.unknowns import Unknowns


@dataclass(frozen=True, eq=False)
class Case:
    """Everything that a fit is made from."""

    unknowns: Unknowns
    seen: Observed
    prior: Prior
    program: Program
    options: BaselineOptions

    @classmethod
    def of(cls, unknowns: Unknowns, seen: Observed, options: BaselineOptions) -> Case:
        """The case with its prior and program."""
        prior = prior_of(unknowns, seen, options)
        return cls(unknowns, seen, prior, program_of(unknowns, prior, seen), options)

    def squares(self, values: NDArray[np.float64]) -> float:
        """The sum of squares of the fit: observations in their spread, unknowns in their prior."""
        soft = self.seen.fitted & ~self.seen.exact
        off = ((self.seen.matrix @ values - self.seen.quantity)[soft] / self.seen.spread[soft]) ** 2
        kept = self.program.kept
        moved = (values - self.prior.mean)[kept] ** 2 / self.prior.variance[kept]
        return float(off.sum() + moved.sum())
