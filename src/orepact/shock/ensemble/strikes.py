"""What a set of events leaves of each site and route in a span of weeks, as limits for the program."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from orepact.linear.warm import Bounds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.shock.ensemble.sampling import Occurrence
    from orepact.shock.ensemble.threats import Threat
    from orepact.shock.exposure.aggregate import Aggregate


@dataclass(frozen=True, eq=False)
class Strikes:
    """Turns events into limits.

    Where several events strike the same site or route, the shares that they leave are multiplied. Over a span of weeks a column
    can do the mean of what is left of it; a route without limit counts with its usual flow, and with ``catch_up`` times that
    while it is untouched.
    """

    threats: Sequence[Threat]
    reference: NDArray[np.float64]
    free: NDArray[np.float64]

    @classmethod
    def of(cls, aggregate: Aggregate, threats: Sequence[Threat], catch_up: float) -> Strikes:
        """For the columns of an aggregate: its sites, then its routes."""
        capacity = np.concatenate([aggregate.site_capacity, aggregate.route_capacity])
        usual = np.concatenate([aggregate.site_usual, aggregate.route_usual])
        limited = np.isfinite(capacity)
        return cls(threats, np.where(limited, capacity, np.nan_to_num(usual)), np.where(limited, 1.0, catch_up))

    def shares(self, events: Sequence[Occurrence], start: float, end: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Struck columns, and the mean of what they can do from week ``start`` to ``end``, as share of the reference."""
        active = [event for event in events if event.start < end and event.end > start]
        cuts = sorted({start, end, *(t for event in active for t in (event.start, event.end) if start < t < end)})
        columns = np.unique(np.concatenate([self.threats[e.threat].columns for e in active])) if active else np.empty(0, np.int64)
        total, place = np.zeros(len(columns)), {e: np.searchsorted(columns, self.threats[e.threat].columns) for e in active}
        for low, high in pairwise(cuts):
            left, struck = np.ones(len(columns)), np.zeros(len(columns), dtype=bool)
            for event in active:
                if event.start < high and event.end > low:
                    left[place[event]] *= self.threats[event.threat].share
                    struck[place[event]] = True
            total += np.where(struck, left, self.free[columns]) * (high - low)
        return columns, total / (end - start)

    def bounds(self, events: Sequence[Occurrence], start: float, end: float, size: NDArray[np.float64]) -> Bounds:
        """Limits of the struck columns over a span of weeks, each divided by its ``size``."""
        columns, share = self.shares(events, start, end)
        return Bounds.of(columns, 0.0, self.reference[columns] * share / size[columns])

    def worst(self, threats: Iterable[int], size: NDArray[np.float64]) -> Bounds:
        """Limits as if these threats struck together all the time: no span of weeks leaves less."""
        columns, left = self.left(threats)
        return Bounds.of(columns, 0.0, self.reference[columns] * left / size[columns])

    def left(self, threats: Iterable[int]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Columns that these threats strike together, and what they leave of each."""
        left = np.ones(len(self.reference))
        struck = np.zeros(len(self.reference), dtype=bool)
        for number in threats:
            threat = self.threats[number]
            left[threat.columns] *= threat.share
            struck[threat.columns] = True
        columns = np.flatnonzero(struck)
        return columns, left[columns]
