"""Where we are: balanced activities and flows of a past year, fitted to conflicting observations.

``fit(network, year)`` returns a ``BaselineResult``. The solver is imported when a fit is made, not before.
"""

from __future__ import annotations

from orepact.baseline.fit import fit
from orepact.baseline.options import BaselineOptions
from orepact.baseline.result import BaselineResult

__all__ = ["BaselineOptions", "BaselineResult", "fit"]
