"""A country's owners hold enough capacity, wherever it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from orepact.chain.policy import AnyLimit, CapacityTarget, bound_years
from orepact.plan.columns import Block
from orepact.plan.model import Terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.chain.network import Network
    from orepact.plan.case import Case
    from orepact.plan.model import PlanModel


def target_limits(case: Case) -> list[CapacityTarget]:
    """The limits of this kind, in the order of the scenario."""
    return [limit for limit in case.limits if isinstance(limit, CapacityTarget)]


def counted_sites(network: Network, limit: CapacityTarget) -> NDArray[np.bool_]:
    """Sites whose capacity counts: owned from the country, with one of the commodities as main output."""
    counted: NDArray[np.bool_] = (
        (network.sites["owner_country"] == limit.owner_country) & network.site_output.isin(limit.commodities)
    ).to_numpy()
    return counted


def targeted_sites(network: Network, limits: Sequence[AnyLimit]) -> NDArray[np.bool_]:
    """Sites that count in any capacity target."""
    mask = np.zeros(len(network.sites), dtype=bool)
    for limit in limits:
        if isinstance(limit, CapacityTarget):
            mask |= counted_sites(network, limit)
    return mask


def existing_capacity(case: Case, limit: CapacityTarget) -> NDArray[np.float64]:
    """Existing capacity that counts, by model year; ``inf`` when a site that counts is unlimited."""
    return np.asarray(case.existing[counted_sites(case.network, limit)].sum(axis=0))


def capacity_target(plan: PlanModel) -> None:
    """``sum over counted sites i of (E[i,t] + K[i,t]) + z[t] >= minimum`` for each bound year t.

    E existing and K built capacity; z shortfall, only where the target has a ``shortfall_cost_usd``;
    in units of the commodities per year. A site with unlimited capacity meets any target.
    """
    case, limits = plan.case, target_limits(plan.case)
    if not limits:
        return
    pairs = [(i, t) for i, limit in enumerate(limits) for t in bound_years(limit, case.horizon.years)]
    item, year = (np.asarray([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    minimum = np.asarray([limits[i].minimum for i in item])
    existing = np.asarray([existing_capacity(case, limits[i])[t] for i, t in pairs])
    scale = np.asarray([float(case.scale_of(limits[i].commodities)[0]) for i in item])
    _shortfall_block(plan, limits, item, year, scale)
    terms = [_built(plan, limits, item, year), _shortfall(plan, item, year)]
    rhs = minimum - np.minimum(existing, minimum)
    plan.add_rows("capacity_target", terms, ">=", item=item, year=year, rhs=rhs, scale=scale)


def _shortfall_block(
    plan: PlanModel, limits: list[CapacityTarget], item: NDArray[np.int64], year: NDArray[np.int64], scale: NDArray[np.float64]
) -> None:
    soft = np.flatnonzero([limits[i].shortfall_cost_usd is not None for i in item])
    cost = np.asarray([limits[i].shortfall_cost_usd or 0.0 for i in item[soft]]) * plan.case.horizon.weights[year[soft]]
    upper = np.asarray([limits[i].minimum for i in item[soft]], dtype=float)
    plan.add_block(Block("shortfall", item[soft], year[soft], upper, cost, scale[soft]))


def _built(plan: PlanModel, limits: list[CapacityTarget], item: NDArray[np.int64], year: NDArray[np.int64]) -> Terms:
    built = plan.blocks["capacity"]
    row, column = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for number, (i, t) in enumerate(zip(item, year, strict=True)):
        found = np.flatnonzero(counted_sites(plan.case.network, limits[i])[built.item] & (built.year == t))
        row.append(np.full(len(found), number))
        column.append(found)
    rows = np.concatenate(row)
    return Terms("capacity", np.concatenate(column), rows, np.ones(len(rows)))


def _shortfall(plan: PlanModel, item: NDArray[np.int64], year: NDArray[np.int64]) -> Terms:
    missing = plan.blocks["shortfall"]
    place = {(int(i), int(t)): n for n, (i, t) in enumerate(zip(item, year, strict=True))}
    row = np.asarray([place[int(i), int(t)] for i, t in zip(missing.item, missing.year, strict=True)], dtype=np.int64)
    return Terms("shortfall", np.arange(len(missing)), row, np.ones(len(missing)))
