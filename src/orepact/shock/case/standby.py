"""What works and ways can do: capacity above the usual week, how long it takes to reach it, and how long goods are under way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from orepact.shock.case.rules import Capacities, Way
    from orepact.shock.case.usual import Usual

DAYS_PER_WEEK = 7.0


def capacity_of(usual: Usual, rules: Capacities | None) -> NDArray[np.float64]:
    """The most that each site can do in a year, never below its usual activity.

    With rules: ``max(usable_share x stated, usual)`` where a capacity is stated, ``usual x (1 + headroom)`` where it is empty.
    Without (a package): the stated one, and no limit where it is empty.
    """
    network = usual.network
    stated = network.site_capacity(usual.year).to_numpy(dtype=float)
    if rules is None:
        only_stated: NDArray[np.float64] = np.maximum(stated, usual.activity)
        return only_stated
    stages = _stages(usual)
    headroom = np.array([rules.stages.get(stage, rules.default).headroom for stage in stages])
    usable = np.array([rules.stages.get(stage, rules.default).usable_share for stage in stages])
    unstated = network.sites["capacity_per_year"].isna().to_numpy()
    reachable = np.where(unstated, usual.activity * (1.0 + headroom), usable * np.where(unstated, 0.0, stated))
    return np.maximum(reachable, usual.activity) + _shared_lines(usual, rules)


def ramp_of(usual: Usual, rules: Capacities | None) -> NDArray[np.float64]:
    """Weeks until output above the usual is wholly there; 0 without rules."""
    if rules is None:
        return np.zeros(len(usual.activity))
    return np.array([rules.stages.get(stage, rules.default).ramp_weeks for stage in _stages(usual)])


def lag_of(usual: Usual, ways: Iterable[Way]) -> NDArray[np.int64]:
    """Whole weeks under way on each route: its days, or those of a way that is known to take longer."""
    routes = usual.network.routes
    weeks = usual.network.values("routes", "days") / DAYS_PER_WEEK
    for way in ways:
        on_it = (routes["origin"] == way.origin) & routes["commodity"].isin(way.commodities)
        if way.destinations:
            on_it &= routes["destination"].isin(way.destinations)
        weeks = np.where(on_it, np.maximum(weeks, way.weeks), weeks)
    return np.rint(weeks).astype(np.int64)


def _stages(usual: Usual) -> NDArray[np.object_]:
    """Stage of the main output of each site."""
    network = usual.network
    stages: NDArray[np.object_] = network.site_output.map(network.commodities["stage"]).fillna("").to_numpy(dtype=object)
    return stages


def _shared_lines(usual: Usual, rules: Capacities) -> NDArray[np.float64]:
    """What a site may take over from the other processes of its flexible family at the same place."""
    extra = np.zeros(len(usual.activity))
    sites = usual.network.sites
    process, place = sites["process"].to_numpy(), sites["place"].to_numpy()
    for family in rules.flexible:
        inside = np.isin(process, family.processes)
        for spot in np.unique(place[inside]):
            here = np.flatnonzero(inside & (place == spot))
            for one in here:
                others = here[process[here] != process[one]]
                makers = here[process[here] == process[one]]
                extra[one] += family.share * usual.activity[others].sum() / len(makers)
    return extra
