"""``Signal``: one indicator of one commodity and party, read; ``Alarm``: what all of them make together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from orepact.facts.claims import CONFIDENCE_RANK
from orepact.shock.watch.levels import Level, level_on
from orepact.shock.watch.rules import Combination, Kind, Need, WatchRules


@dataclass(frozen=True, slots=True)
class Signal:
    """What one indicator says: ``value`` in its unit (NaN: not known), its level (None: no data) and why in words.

    ``year`` is the year that it speaks of (0: none), ``sources`` are ids of sources or rules, ``confidence`` is the weakest one.
    """

    place: str
    commodity: str
    indicator: str
    value: float
    level: Level | None
    reason: str
    year: int = 0
    sources: tuple[str, ...] = ()
    confidence: str = ""

    def at_most(self, most: Level, why: str) -> Signal:
        """The same signal, held at a level, with the reason."""
        if self.level is None or self.level <= most:
            return self
        return replace(self, level=most, reason=f"{self.reason} ({why})")


@dataclass(frozen=True, slots=True)
class Alarm:
    """The level of one commodity and party, and the signals that it was made of; ``way`` says which rule made it, in words."""

    place: str
    commodity: str
    level: Level | None
    way: str
    signals: tuple[Signal, ...]

    @property
    def ringing(self) -> tuple[Signal, ...]:
        """Signals at attention or worse, the worst first."""
        loud = [signal for signal in self.signals if signal.level]
        return tuple(sorted(loud, key=lambda signal: -(signal.level or 0)))

    @property
    def silent(self) -> tuple[Signal, ...]:
        """Signals without data."""
        return tuple(signal for signal in self.signals if signal.level is None)


def rung(rules: WatchRules, indicator: str, value: float) -> Level | None:
    """The level of a value of an indicator; None for NaN."""
    entry = rules.indicators[indicator]
    return level_on(value, entry.above, entry.below)


def weakest(confidences: Iterable[str]) -> str:
    """The weakest of some confidences; "" for none.

    >>> weakest(["reported", "estimated", "derived"])
    'estimated'
    """
    return max(confidences, key=lambda name: CONFIDENCE_RANK.get(name, len(CONFIDENCE_RANK)), default="")


def alarm_of(signals: Sequence[Signal], rules: WatchRules) -> Alarm:
    """The alarm that the signals of one commodity and party make: the highest level of which one way is met wholly.

    Where no standing signal has data, what a way asks of standing ones is taken as met (``unknown_standing``). None of the
    signals has data, or too few for ``calm``: no level.
    """
    place, commodity = signals[0].place, signals[0].commodity
    known = [signal for signal in signals if signal.level is not None]
    if not known:
        return Alarm(place, commodity, None, "no indicator has data", tuple(signals))
    ordered = sorted(rules.combination.ways, key=lambda way: -way.level)
    for way in ordered:
        unknown = [need for need in way.needs if _taken_as_met(need, known, rules)]
        if len(unknown) < len(way.needs) and all(need in unknown or _met(need, known, rules) for need in way.needs):
            return Alarm(place, commodity, way.level, _words(way.needs, unknown), tuple(signals))
    if len(known) < rules.combination.calm_needs:
        few = f"{len(known)} of {len(signals)} indicators have data: too few to call it calm"
        return Alarm(place, commodity, None, few, tuple(signals))
    return Alarm(place, commodity, Level.calm, "no way to a level is met", tuple(signals))


def _met(need: Need, known: Sequence[Signal], rules: WatchRules) -> bool:
    return sum(rules.kinds[signal.indicator] == need.kind and (signal.level or 0) >= need.level for signal in known) >= need.count


def _taken_as_met(need: Need, known: Sequence[Signal], rules: WatchRules) -> bool:
    silent: Combination = rules.combination
    none = not any(rules.kinds[signal.indicator] == "standing" for signal in known)
    return need.kind == "standing" and silent.unknown_standing == "met" and none


def _words(needs: Sequence[Need], unknown: Sequence[Need]) -> str:
    """Which needs made the level.

    >>> _words([Need(kind="moving", level="alert", count=2)], [])
    'two moving indicators at alert or worse'
    """
    said = [_need(need.kind, need.level, need.count) for need in needs if need not in unknown]
    return " and ".join(said) + ("; no standing indicator has data, which counts as bad" if unknown else "")


def _need(kind: Kind, level: Level, count: int) -> str:
    number = {1: "one", 2: "two", 3: "three"}.get(count, str(count))
    return f"{number} {kind} indicator{'s' if count > 1 else ''} at {level.name}{' or worse' if level < Level.severe else ''}"
