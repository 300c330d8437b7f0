"""Limits on single variables, written as bounds: cheaper than rows, and their duals are reduced costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.plan.case import Case


def site_capacity(case: Case) -> NDArray[np.float64]:
    """Bound of activity where nothing can be built (sites x years): ``x[i,t] <= E[i,t]``.

    E is the existing capacity. Where capacity can be built the bound is open and
    ``activity_below_capacity`` binds instead.
    """
    return np.where(case.buildable, np.inf, case.existing)


def build_rate(case: Case) -> NDArray[np.float64]:
    """Bound of new capacity (sites x years): ``b[i,s] <= max_build_per_year[i] x years represented by s``."""
    return np.asarray(case.network.values("sites", "max_build_per_year")[:, None] * case.horizon.spans[None, :])


def route_capacity(case: Case) -> NDArray[np.float64]:
    """Bound of flow (routes x 1): ``f[k,t] <= capacity_per_year[k]``."""
    return case.network.values("routes", "capacity_per_year")[:, None]


def release_rate(case: Case) -> NDArray[np.float64]:
    """Bound of stock release (stockpiles x 1): ``m[j,t] <= release_per_year[j]``."""
    return case.network.values("stockpiles", "release_per_year")[:, None]


def shortage(case: Case) -> NDArray[np.float64]:
    """Bound of shortage (demand rows x 1): ``u[j] <= quantity[j]``."""
    return np.asarray(case.network.demand["quantity"].to_numpy(dtype=float)[:, None])
