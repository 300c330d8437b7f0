"""How a plan is solved; the defaults are the measured best (docs/decisions/0003)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class PlanOptions:
    """Settings of one solve.

    ``method`` is the solver's name for it: ``simplex``, ``ipm``, ``ipx`` or ``pdlp``. ``edge_weights`` are the prices of
    the dual simplex (-1 choose, 0 Dantzig, 1 Devex, 2 steepest edge). ``scaled`` writes the program in magnitudes near 1
    (million USD, powers of ten for each commodity); results are in original units either way.
    """

    method: str = "simplex"
    edge_weights: int = 1
    presolve: str = "on"
    threads: int = 1
    time_limit_seconds: float = 600.0
    feasibility_tolerance: float = 1e-7
    scaled: bool = True

    def solver_settings(self) -> dict[str, Any]:
        """The solver's own option names and values."""
        return {
            "solver": self.method,
            "simplex_dual_edge_weight_strategy": self.edge_weights,
            "presolve": self.presolve,
            "threads": self.threads,
            "time_limit": float(self.time_limit_seconds),
            "primal_feasibility_tolerance": self.feasibility_tolerance,
            "dual_feasibility_tolerance": self.feasibility_tolerance,
            "random_seed": 0,
        }

    def as_dict(self) -> dict[str, Any]:
        """All settings as plain values, for manifests."""
        return asdict(self)
