"""Exact observations that cannot hold together: the smallest set that contradicts itself, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orepact.baseline.terms import Observed
    from orepact.baseline.unknowns import Unknowns


def demand_consistent(unknowns: Unknowns, seen: Observed) -> None:
    """Raise ``BadInput`` unless all exact observations can hold together with the balance."""
