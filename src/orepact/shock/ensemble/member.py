"""``MemberLoss``: what one sampled year loses, and to what."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from orepact.shock.ensemble.block import BlockProgram
from orepact.shock.ensemble.bridge import Bridge
from orepact.shock.ensemble.sampling import Episode, Occurrence, Sampler, episodes_of, spans_of
from orepact.shock.ensemble.strikes import Strikes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.shock.ensemble.study import Study


@dataclass(frozen=True)
class EventLoss:
    """One event of a member and the loss that is laid at its door (dollars)."""

    threat: int
    start: float
    weeks: float
    loss_usd: float


@dataclass(frozen=True)
class MemberLoss:
    """One sampled year: its events, what is lost in all (dollars), and by each demand (its number to units; only those hit)."""

    member: int
    loss_usd: float
    episodes: int
    events: tuple[EventLoss, ...]
    lost: dict[int, float]

    def as_plain(self) -> dict[str, Any]:
        """As plain values that come back bit for bit (``from_plain``)."""
        events = [[one.threat, one.start, one.weeks, one.loss_usd] for one in self.events]
        lost = [[int(want), quantity] for want, quantity in self.lost.items()]
        return {"member": self.member, "loss_usd": self.loss_usd, "episodes": self.episodes, "events": events, "lost": lost}

    @classmethod
    def from_plain(cls, content: dict[str, Any]) -> MemberLoss:
        """The member that ``as_plain`` wrote."""
        events = tuple(EventLoss(int(t), float(s), float(w), float(loss)) for t, s, w, loss in content["events"])
        lost = {int(want): float(quantity) for want, quantity in content["lost"]}
        return cls(int(content["member"]), float(content["loss_usd"]), int(content["episodes"]), events, lost)


@dataclass(frozen=True, eq=False)
class Alone:
    """Whether a threat loses anything if it is true all of the time and there are no stocks, and the basis of that answer."""

    hurts: bool
    basis: Any


class MemberSolver:
    """Solves members of one study; holds the program of its network. One for each process (not for threads)."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.program = BlockProgram(study.aggregate)
        self._last = BlockProgram(study.aggregate, sparing=False)
        self.strikes = Strikes.of(study.aggregate, study.threats, study.catch_up)
        self.bridge = Bridge(study.aggregate, self.strikes)
        self.sampler = Sampler(study.threats, study.seed)
        self._worth = study.worth
        self._singles: dict[int, Alone] = {}
        self._sets: dict[frozenset[int], bool] = {}

    def solve(self, number: int) -> MemberLoss:
        """Member ``number``: the sum of its episodes."""
        drawn = self.sampler.member(number)
        beside = [event for event in drawn if self._beside(event.threat)]
        episodes = episodes_of([event for event in drawn if not self._beside(event.threat)])
        lost: dict[int, float] = {}
        events: list[EventLoss] = []
        for episode in episodes:
            company = _within(beside, episode.start, episode.end)
            missing = self.lost(episode.events, company)
            total = self.usd(missing)
            for want in np.flatnonzero(missing > 0).tolist():
                lost[want] = lost.get(want, 0.0) + float(missing[want])
            shares = self._blame(episode, total)
            events += [EventLoss(e.threat, e.start, e.weeks, loss) for e, loss in zip(episode.events, shares, strict=True)]
        loss = math.fsum(event.loss_usd for event in events)
        return MemberLoss(number, loss, len(episodes), tuple(events), dict(sorted(lost.items())))

    def usd(self, lost: NDArray[np.float64]) -> float:
        """What lost quantities are worth."""
        return float(self._worth @ lost)

    def _beside(self, threat: int) -> bool:
        """Whether a threat is a small plant that loses nothing alone, so that it counts beside other events only."""
        return self.study.threats[threat].small and not self._single(threat).hurts

    def lost(self, events: Sequence[Occurrence], company: Sequence[Occurrence] = ()) -> NDArray[np.float64]:
        """Lost quantity of each demand over one episode, block by block; stocks carry over.

        ``company`` are stops of small plants that are under way meanwhile.
        Nothing is lost where stocks at the spot bridge what the events take away from the usual. Events that lose nothing
        together, even all of the time and without stocks, are *mild*: only weeks in which another event is under way are solved.
        """
        total = np.zeros(len(self._worth))
        if self.bridge.holds(events) and (not company or self.bridge.holds([*events, *company])):
            return total
        hurting = [event for event in events if self._single(event.threat).hurts]
        mild = [event for event in events if not self._single(event.threat).hurts]
        for stretch in episodes_of(mild):
            if self._hurts(frozenset(event.threat for event in stretch.events)):
                hurting += stretch.events
        spans = spans_of(hurting, self.study.block_weeks)
        stock, before, basis = self.program.quantity, None, None
        for start, end in spans:
            leading = [event for event in events if event.start < end and event.end > start]
            active = [*leading, *(event for event in company if event.start < end and event.end > start)]
            limits = self.strikes.bounds(active, start, end, self.program.size)
            begin = basis if active == before else self._start(leading)
            program = self._last if (start, end) == spans[-1] else self.program
            found = program.solve(limits, end - start, stock, start=begin)
            total += found.lost
            stock, before, basis = np.maximum(stock - found.drawn, 0.0), active, program.warm.basis()
        return total

    def _start(self, events: Sequence[Occurrence]) -> Any:
        """The basis to begin from: that of the one threat that strikes most."""
        widest = max(events, key=lambda event: (len(self.study.threats[event.threat].columns), -event.threat))
        return self._single(widest.threat).basis

    def _single(self, threat: int) -> Alone:
        """What a threat does if it is true all of the time and there are no stocks."""
        if threat not in self._singles:
            hurts = self._solve_worst((threat,), None)
            self._singles[threat] = Alone(hurts, self.program.warm.basis())
        return self._singles[threat]

    def _hurts(self, threats: frozenset[int]) -> bool:
        """Whether threats that lose nothing alone do so together, all of the time and without stocks."""
        if len(threats) < 2:
            return False
        if threats not in self._sets:
            widest = max(threats, key=lambda threat: (len(self.study.threats[threat].columns), -threat))
            self._sets[threats] = self._solve_worst(sorted(threats), self._single(widest).basis)
        return self._sets[threats]

    def _solve_worst(self, threats: Sequence[int], start: Any) -> bool:
        limits = self.strikes.worst(threats, self.program.size)
        return bool(self.program.solve(limits, 1.0, np.zeros(len(self.program.quantity)), start=start).lost.any())

    def _blame(self, episode: Episode, total: float) -> list[float]:
        """The loss of an episode shared among its events, in proportion to what each would lose alone.

        Where none would lose anything alone, all of them share alike: only together, or in their company, did they hurt.
        """
        count = len(episode.events)
        if count == 1 or total <= 0:
            return [total / count if count == 1 else 0.0] * count
        alone = [self.usd(self.lost((event,))) for event in episode.events]
        whole = math.fsum(alone)
        return [total * one / whole for one in alone] if whole > 0 else [total / count] * count


def _within(events: Sequence[Occurrence], start: float, end: float) -> list[Occurrence]:
    """Those under way from week ``start`` to ``end``, cut to these weeks."""
    found = [event for event in events if event.start < end and event.end > start]
    return [Occurrence(e.threat, max(e.start, start), min(e.end, end) - max(e.start, start)) for e in found]
