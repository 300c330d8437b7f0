"""``Permits``: what a response may do, as arrays over a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from orepact.shock.case.stores import released_only
from orepact.shock.response.columns import NONE
from orepact.shock.response.rules import NEVER, Allowed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from orepact.shock.case.case import ShockCase


@dataclass(frozen=True, eq=False)
class Permits:
    """What a response may do in a case.

    ``capacity`` and ``ramp_weeks`` (sites): the most each may make and the weeks until it may; ``open_week`` (routes): first week
    in which a route may carry more than usual; ``swap_week``, ``swap_most`` (substitutions): first week and most per week;
    ``release`` (stores): most released per week, 0 where the response may not; ``priority`` (wants): weight of a lost unit.
    """

    capacity: NDArray[np.float64]
    ramp_weeks: NDArray[np.float64]
    open_week: NDArray[np.float64]
    swap_week: NDArray[np.float64]
    swap_most: NDArray[np.float64]
    release: NDArray[np.float64]
    priority: NDArray[np.float64]

    @classmethod
    def of(cls, case: ShockCase, allowed: Allowed, parties: Sequence[str]) -> Permits:
        """The permits of a response whose pact has these ``parties``."""
        places = {place for party in parties for place in case.parties.get(party, (party,))}
        swaps = case.substitutions
        wanted = swaps["wanted"].to_numpy(dtype=np.int64)
        delay = swaps["delay_weeks"].to_numpy(dtype=float)
        return cls(
            *_sites(case, allowed, places),
            open_week=_open_weeks(case, allowed, places),
            swap_week=np.where(allowed.substitution, delay, NEVER),
            swap_most=swaps["most_share"].to_numpy(dtype=float) * case.demand[wanted],
            release=_release(case, allowed, parties),
            priority=np.where(case.wants["party"].isin(parties), allowed.party_priority, 1.0),
        )

    def ramp(self, week: int, weeks: int) -> NDArray[np.float64]:
        """Share of the spare capacity that is there in each of the next weeks (sites x weeks): (week + 1) / ramp, at most 1."""
        after = np.arange(week, week + weeks) + 1.0
        share: NDArray[np.float64] = np.minimum(after / np.maximum(self.ramp_weeks, 1.0)[:, None], 1.0)
        return share

    def open(self, week: int, weeks: int) -> NDArray[np.bool_]:
        """Whether each route may carry more than usual in each of the next weeks (routes x weeks)."""
        opened: NDArray[np.bool_] = np.arange(week, week + weeks) >= self.open_week[:, None]
        return opened

    def replace(self, week: int, weeks: int) -> NDArray[np.float64]:
        """Most that each substitution may replace in each of the next weeks (substitutions x weeks)."""
        return np.where(np.arange(week, week + weeks) >= self.swap_week[:, None], self.swap_most[:, None], 0.0)


def _sites(case: ShockCase, allowed: Allowed, places: set[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    partner = case.network.sites["place"].isin(places).to_numpy()
    capacity = np.where(allowed.spare_capacity, case.capacity, case.activity)
    surge = np.where(partner & (case.activity > NONE), allowed.party_surge_share, 0.0)
    factor = np.where(partner, allowed.party_ramp_factor, 1.0)
    return capacity * (1.0 + surge), case.ramp_weeks * factor


def _open_weeks(case: ShockCase, allowed: Allowed, places: set[str]) -> NDArray[np.float64]:
    routes = case.network.routes
    between = (routes["origin"].isin(places) & routes["destination"].isin(places)).to_numpy()
    new = np.where(between, allowed.party_opens, allowed.opens)
    return np.where(case.flow > NONE, 0.0 if allowed.reallocation else NEVER, new)


def _release(case: ShockCase, allowed: Allowed, parties: Sequence[str]) -> NDArray[np.float64]:
    """Commercial stocks with a limit are always released; public ones by the parties of a pact that says so."""
    public = (case.stores["kind"] == "stockpile").to_numpy()
    owned = (case.stores["owner"].isin(parties) | case.stores["party"].isin(parties)).to_numpy()
    may = released_only(case) & np.where(public, owned & allowed.stockpiles, True)
    most = case.stores["release_per_week"].to_numpy(dtype=float)
    return np.where(may, np.where(np.isnan(most), np.inf, most), 0.0)
