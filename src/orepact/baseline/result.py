"""``BaselineResult``: what a fit answers, in original units, with everything needed to repeat it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from orepact.chain.flows import Flows
    from orepact.chain.manifest import Manifest


@dataclass(frozen=True, eq=False)
class BaselineResult:
    """A balanced year.

    - ``flows``: activity, route, demand, stock_in and stock_out of the year; ``flows.quality`` says how sure each row is.
    - ``observations``: observation, words, quantity, unit, fitted, residual (fitted - quantity), standard_deviation, standardised
      (residual in standard deviations), counts, source, confidence, note.
    - ``disagreements``: the twenty largest residuals, those of one quantity together, with ``words``.
    - ``status``: ``optimal``; ``objective``: the sum of squares at the optimum (observations + prior).
    - ``manifest``: what the numbers depend on; ``assumptions``: the options; ``size`` and ``seconds`` of the fit.
    """

    flows: Flows
    observations: pd.DataFrame
    disagreements: pd.DataFrame
    status: str
    objective: float
    manifest: Manifest
    assumptions: Mapping[str, Any] = field(default_factory=dict)
    size: Mapping[str, int] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)

    def __repr__(self) -> str:
        rows, seen = len(self.flows.frame), len(self.observations)
        return f"BaselineResult({self.status}, {self.flows.years}, {seen} observations, {rows} rows)"
