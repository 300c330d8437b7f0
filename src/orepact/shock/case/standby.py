"""What works can do: capacity above the usual week and how long it takes to reach it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.shock.case.rules import Capacities
    from orepact.shock.case.usual import Usual


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
