"""``Occurrence``: one event of a sampled year; member k of a seed is the same in any process and any order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.shock.ensemble.threats import Threat

#: Weeks of a sampled year.
YEAR = 52.0


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A threat (by its number) that comes true in week ``start`` (from 0) for ``weeks``."""

    threat: int
    start: float
    weeks: float

    @property
    def end(self) -> float:
        """The week in which it is over; may lie beyond the year."""
        return self.start + self.weeks


@dataclass(frozen=True, eq=False)
class Sampler:
    """Draws years of events.

    Threats strike independently of each other at constant rates (Poisson): the number of events of a year is Poisson with the
    sum of the rates, each is a threat with the odds of its rate, starts at any time of the year alike and lasts
    median x spread^Z weeks, Z standard normal, at most ``most``. Events that began before the year are not in it; events that
    begin in it count whole, also beyond its end, so that the mean is the loss of a year's events.
    """

    threats: Sequence[Threat]
    seed: int

    @cached_property
    def _rates(self) -> NDArray[np.float64]:
        return np.array([threat.rate_per_year for threat in self.threats])

    @cached_property
    def _cumulative(self) -> NDArray[np.float64]:
        return np.cumsum(self._rates)

    @property
    def events_per_year(self) -> float:
        """Expected number of events of a year."""
        return float(self._cumulative[-1]) if len(self.threats) else 0.0

    def member(self, number: int) -> tuple[Occurrence, ...]:
        """The events of one year, in order of their start.

        Its random numbers come from ``SeedSequence(seed, spawn_key=(number,))``: the ``number``-th child of the seed.
        """
        if not len(self.threats):
            return ()
        draw = np.random.Generator(np.random.PCG64(np.random.SeedSequence(self.seed, spawn_key=(number,))))
        count = int(draw.poisson(self.events_per_year))
        which = np.searchsorted(self._cumulative, draw.random(count) * self._cumulative[-1], side="right")
        starts, normal = draw.random(count) * YEAR, draw.standard_normal(count)
        events = []
        for at, start, z in zip(which.tolist(), starts.tolist(), normal.tolist(), strict=True):
            threat = self.threats[min(at, len(self.threats) - 1)]
            weeks = min(threat.median_weeks * threat.spread**z, threat.most_weeks)
            events.append(Occurrence(at, start, float(weeks)))
        return tuple(sorted(events, key=lambda event: (event.start, event.threat)))


@dataclass(frozen=True, slots=True)
class Episode:
    """Events that overlap in time, one after the other; nothing else goes on while an episode lasts."""

    events: tuple[Occurrence, ...]

    @property
    def start(self) -> float:
        """Week in which the first event begins."""
        return self.events[0].start

    @property
    def end(self) -> float:
        """Week in which the last event is over."""
        return max(event.end for event in self.events)


def episodes_of(events: Sequence[Occurrence]) -> tuple[Episode, ...]:
    """Events in order of their start, joined where one begins before all earlier ones are over.

    >>> found = episodes_of([Occurrence(0, 1, 4), Occurrence(1, 4, 2), Occurrence(2, 10, 1)])
    >>> [(episode.start, episode.end) for episode in found]
    [(1, 6), (10, 11)]
    """
    found: list[list[Occurrence]] = []
    end = -np.inf
    for event in sorted(events, key=lambda one: (one.start, one.threat)):
        if not found or event.start >= end:
            found.append([])
        found[-1].append(event)
        end = max(end, event.end)
    return tuple(Episode(tuple(one)) for one in found)


def spans_of(events: Sequence[Occurrence], most: float) -> list[tuple[float, float]]:
    """The weeks in which any of the events is under way, in spans of at most ``most`` weeks, equal within each stretch.

    >>> spans_of([Occurrence(0, 0, 4), Occurrence(1, 2, 8), Occurrence(2, 20, 3)], 8)
    [(0.0, 5.0), (5.0, 10.0), (20.0, 23.0)]
    """
    found: list[tuple[float, float]] = []
    for episode in episodes_of(events):
        count = max(1, int(np.ceil((episode.end - episode.start) / most - 1e-9)))
        edges = np.linspace(episode.start, episode.end, count + 1).tolist()
        found += list(pairwise(edges))
    return found
