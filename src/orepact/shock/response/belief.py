"""What actors see of an event on the day they decide: what is, and how long they expect it to last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from orepact.shock.events.disruption import Disruption


@dataclass(frozen=True, eq=False)
class Seen:
    """The weeks ahead as actors expect them: arrays of a ``Disruption`` whose last axis starts at the week of the decision."""

    site_share: NDArray[np.float64]
    route_share: NDArray[np.float64]
    demand_share: NDArray[np.float64]
    route_cost_usd: NDArray[np.float64]
    most: NDArray[np.float64]
    detour_open: NDArray[np.float64]


def weekly(disruption: Disruption) -> Seen:
    """The event as it comes, from its first week on."""
    weeks = np.arange(disruption.weeks)
    ways = disruption.detours
    first, last = (ways[name].to_numpy(dtype=float)[:, None] for name in ("first_week", "last_week"))
    most = [quota.most_per_week for quota in disruption.quotas]
    return Seen(
        disruption.site_share,
        disruption.route_share,
        disruption.demand_share,
        disruption.route_cost_usd,
        np.array(most, dtype=float).reshape(len(most), len(weeks)),
        ((weeks >= first) & (weeks <= last)).astype(float),
    )


#: What each array holds when nothing is broken.
USUAL = {"site_share": 1.0, "route_share": 1.0, "demand_share": 1.0, "route_cost_usd": 0.0, "most": np.inf, "detour_open": 0.0}


def ahead(event: Seen, disruption: Disruption, week: int, weeks: int, *, least_weeks: int, perfect: bool = False) -> Seen:
    """The next ``weeks`` weeks as expected in ``week``.

    Once the end is known: as it will be. Until then: as it is now, for as long again as it has lasted, at least ``least_weeks``.
    """
    if perfect or week >= disruption.end_known_week:
        return _each(event, lambda now, usual: _known(now, usual, week, weeks, lasts=disruption.end_week >= disruption.weeks))
    expected = min(max(least_weeks, week), weeks)
    return _each(event, lambda now, usual: _held(now[..., week], usual, expected, weeks))


def _each(event: Seen, change: Callable[[NDArray[np.float64], float], NDArray[np.float64]]) -> Seen:
    return Seen(**{name: change(getattr(event, name), usual) for name, usual in USUAL.items()})


def _known(values: NDArray[np.float64], usual: float, week: int, weeks: int, *, lasts: bool) -> NDArray[np.float64]:
    part = values[..., week : week + weeks]
    short = weeks - part.shape[-1]
    if not short:
        return part
    after = values[..., -1:] if lasts else np.full_like(values[..., -1:], usual)
    return np.concatenate([part, np.repeat(after, short, axis=-1)], axis=-1)


def _held(now: NDArray[np.float64], usual: float, held: int, weeks: int) -> NDArray[np.float64]:
    found = np.full((*now.shape, weeks), usual)
    found[..., :held] = now[..., None]
    return found


def decision_weeks(event: Seen, disruption: Disruption, every: int, *, perfect: bool = False) -> list[int]:
    """Weeks in which actors decide: every so often, and whenever something changes that they did not foresee."""
    weeks, known = disruption.weeks, -1 if perfect else disruption.end_known_week
    changed = np.zeros(weeks, dtype=bool)
    for name in USUAL:
        values = getattr(event, name)
        changed[1:] |= (values[:, 1:] != values[:, :-1]).any(axis=0)
    unforeseen = {int(week) for week in np.flatnonzero(changed) if week <= known} | {known}
    decided, last = [], 0
    for week in range(weeks):
        if week == 0 or week in unforeseen or week - last >= every:
            decided.append(week)
            last = week
    return decided
