"""Linear programs and the one door to the solver; engines state their programs, this room solves them."""

from __future__ import annotations

from orepact.linear.highs import Solved, apply_settings, minimise
from orepact.linear.program import LinearProgram, empty_program
from orepact.linear.warm import WarmProgram

__all__ = ["LinearProgram", "Solved", "WarmProgram", "apply_settings", "empty_program", "minimise"]
