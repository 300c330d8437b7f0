"""The exposure of a network: for each event its loss, the time to survive, and its place beside the worst."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.shock.exposure.program import Losing, Loss, Surviving
from orepact.shock.exposure.sparing import sparing_plans

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.shock.exposure.aggregate import Aggregate
    from orepact.shock.exposure.hit import Hit
    from orepact.shock.exposure.recovery_file import Break

Report = Callable[[str, float], None]

#: Columns of ``Exposure.rows``.
ROWS = (
    "event",
    "kind",
    "element",
    "time_to_recover",
    "time_to_survive",
    "survives_unlimited",
    "lost_quantity",
    "loss_usd",
    "risk_exposure_index",
    "lost_without_event",
    "unit",
    "worst_commodity",
    "worst_party",
)
#: Answers kept as proof that what they do not use is not needed.
PROOFS = 64
#: What is survived by that much longer than the time to recover loses nothing.
CLEARLY = 1.0 + 1e-6
#: From so many events on it pays to look for proofs first.
MANY = 100


@dataclass(frozen=True, eq=False)
class Exposure:
    """``rows`` (columns ``ROWS``, in the order asked), by what the index is measured, and how much was solved.

    ``too_small`` demands are not asked for (``program.LEAST``). ``lost_at``: for each row the rows of ``Aggregate.wants`` that
    lose more than without the event.

    ``proved`` answers need no program of their own: an answer that loses no more than usual does without what the event breaks,
    or it is survived for longer than it lasts, or another event breaks the same.
    """

    rows: pd.DataFrame
    indexed_by: str
    solved: int
    proved: int
    largest: float
    too_small: int
    lost_at: tuple[NDArray[np.int64], ...] = ()


def expose(aggregate: Aggregate, breaks: Sequence[Break], report: Report | None = None) -> Exposure:
    """Loss, time to survive and risk exposure index of each event.

    ``risk_exposure_index`` = loss_usd / the largest loss_usd of the set, 0 where nothing is lost (Simchi-Levi et al. 2014);
    by lost quantity where some demand does not say what it is worth. Of answers with an equal loss the one with fewer units lost
    counts. ``time_to_survive`` asks how long all elements of the event can stop together, whatever their times to recover.
    """
    plans = sparing_plans(aggregate) if len(breaks) >= MANY else []
    losses, survivals = _Losses(aggregate, plans), _Survivals(aggregate, plans)
    lost: list[Loss] = []
    times: list[float] = []
    for number, event in enumerate(breaks):
        if report is not None:
            report(f"breaking {event.event}", number / len(breaks))
        times.append(survivals.of(event.stopped))
        lost.append(losses.of(event.time, event.hit, times[-1]))
    by_usd = aggregate.worth_known
    size = np.array([loss.usd if by_usd else loss.quantity for loss in lost], dtype=float)
    largest = float(size.max(initial=0.0))
    rows = [
        _row(aggregate, event, loss, time, losses.usual(event.time))
        for event, loss, time in zip(breaks, lost, times, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=[name for name in ROWS if name != "risk_exposure_index"])
    index = size / largest if largest > 0 else np.zeros(len(size))
    frame.insert(ROWS.index("risk_exposure_index"), "risk_exposure_index", index)
    solved = losses.solved + survivals.solved
    lost_at = tuple(
        np.flatnonzero(loss.lost > losses.usual(event.time).lost * CLEARLY) for event, loss in zip(breaks, lost, strict=True)
    )
    small = int((losses.program.columns.wanted == 0).sum())
    return Exposure(frame, "loss_usd" if by_usd else "lost_quantity", solved, 2 * len(breaks) - solved, largest, small, lost_at)


def _row(aggregate: Aggregate, event: Break, loss: Loss, survives: float, usual: Loss) -> tuple[object, ...]:
    unit, commodity, party = _worst(aggregate.wants, loss)
    return (
        event.event,
        event.kind,
        event.names,
        event.time,
        survives,
        bool(np.isinf(survives)),
        loss.quantity,
        loss.usd,
        usual.quantity,
        unit,
        commodity,
        party,
    )


def _worst(wants: pd.DataFrame, loss: Loss) -> tuple[str, str, str]:
    """Units of what is lost, and the commodity and party of the demand that loses most money (most units where unknown)."""
    at = np.flatnonzero(loss.rate > 0)
    if not len(at):
        return "", "", ""
    worth = loss.worth[at]
    lost = loss.lost[at] * (worth if not np.isnan(worth).any() else 1.0)
    most = wants.iloc[int(at[np.argmax(lost)])]
    return ", ".join(sorted(set(wants["unit"].iloc[at].astype(str)))), str(most["commodity"]), str(most["party"])


class _Proofs:
    """Answers that lose no more than usual: what one of them does not use, nobody misses."""

    def __init__(self, sites: int, plans: Sequence[NDArray[np.bool_]]) -> None:
        self.sites, self.first = sites, len(plans)
        self.used = list(plans)

    def cover(self, hit: Hit) -> bool:
        """Whether some answer does without everything that is hit."""
        at = np.concatenate([hit.sites, hit.routes + self.sites])
        return any(not used[at].any() for used in self.used)

    def keep(self, used: NDArray[np.bool_]) -> None:
        """Keep one more answer; the oldest goes when there are too many, the plans stay."""
        if len(self.used) >= self.first + PROOFS:
            del self.used[self.first]
        self.used.append(used)


class _Losses:
    """Losses of events, with the usual loss of each time once."""

    def __init__(self, aggregate: Aggregate, plans: Sequence[NDArray[np.bool_]]) -> None:
        self.program = Losing(aggregate)
        self.plans = plans
        self.solved = 0
        self._known: dict[bytes, Loss] = {}
        self._usual: dict[float, Loss] = {}
        self._proofs: dict[float, _Proofs] = {}

    def usual(self, time: float) -> Loss:
        """The loss over ``time`` when nothing is broken."""
        if time not in self._usual:
            self._usual[time] = self.program.solve(time)
            self._proofs[time] = _Proofs(self.program.columns.sites, self.plans)
            self._proofs[time].keep(self._usual[time].used)
        return self._usual[time]

    def of(self, time: float, hit: Hit, survives: float) -> Loss:
        """The loss of a hit; the usual one, without solving, where it is survived for longer or a proof covers it."""
        usual = self.usual(time)
        if survives > time * CLEARLY or self._proofs[time].cover(hit):
            return usual
        key = np.float64(time).tobytes() + hit.key
        if key in self._known:
            return self._known[key]
        found = self._known[key] = self.program.solve(time, hit)
        self.solved += 1
        if np.array_equal(found.rate, usual.rate):
            self._proofs[time].keep(found.used)
        return found


class _Survivals:
    """Times to survive of events."""

    def __init__(self, aggregate: Aggregate, plans: Sequence[NDArray[np.bool_]]) -> None:
        self.program = Surviving(aggregate)
        self.solved = 0
        self._known: dict[bytes, float] = {}
        self.usual, used = self.program.solve()
        self._proofs = _Proofs(self.program.columns.sites, plans)
        self._proofs.keep(used)

    def of(self, hit: Hit) -> float:
        """How long a hit is survived; as long as nothing broken, without solving, where a proof covers it."""
        if self.usual == 0.0 or self._proofs.cover(hit):
            return self.usual
        if hit.key in self._known:
            return self._known[hit.key]
        found, used = self.program.solve(hit)
        self._known[hit.key] = found
        self.solved += 1
        if found == self.usual:
            self._proofs.keep(used)
        return found
