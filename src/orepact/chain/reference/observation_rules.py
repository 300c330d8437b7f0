"""The rules of what a baseline observes: data/reference/observations.yaml in typed form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from math import hypot
from typing import Any

from orepact.chain.reference.rules import read_rules


@dataclass(frozen=True, slots=True)
class Counted:
    """The outputs that one statistic counts.

    ``counts``: commodities whose output adds up to it; ``less``: process -> counted commodity that it uses up again;
    ``processes``: output of these alone; ``by_mass``: in the commodity's own unit, not by contained element; ``spread``:
    relative standard deviation on top, ``unless`` at these places; ``contained_by``: sources that count by element all the same,
    with their spread.
    """

    counts: tuple[str, ...] = ()
    processes: tuple[str, ...] = ()
    less: Mapping[str, str] = field(default_factory=dict)
    by_mass: bool = False
    spread: float = 0.0
    unless: Mapping[str, float] = field(default_factory=dict)
    contained_by: Mapping[str, float] = field(default_factory=dict)

    def further_spread(self, place: str, source: str = "") -> float:
        """The relative standard deviation on top of that of the claim."""
        return self.contained_by.get(source, self.unless.get(place, self.spread))

    def weighs(self, source: str) -> bool:
        """Whether a source counts the mass of the commodity and not what it holds."""
        return self.by_mass and source not in self.contained_by


@dataclass(frozen=True, slots=True)
class Scope:
    """How much of a customs code is of the chain: ``inside`` +- ``spread`` as parts of the whole, and what else it holds."""

    inside: float = 1.0
    spread: float = 0.0
    holds: str = ""


@dataclass(frozen=True, slots=True)
class ObservationRules:
    """Everything that ``observations.yaml`` says."""

    spread: Mapping[str, float]
    confidence: Mapping[str, float]
    grade: Mapping[str, float]
    floor: Mapping[str, float]
    least_trade: float
    closure: Mapping[str, float]
    statistics: Mapping[tuple[str, str], Counted]
    families: Mapping[str, tuple[str, ...]]
    national_trade: Mapping[str, Counted]
    not_observed: Mapping[str, str]
    customs: Mapping[str, Scope]
    read_by_price: frozenset[str]
    reading_spread: float
    editions: Mapping[str, str]
    other_uses: Mapping[str, tuple[str, ...]]

    def relative(self, kind: str, confidence: str, grade: str, further: float = 0.0) -> float:
        """Relative standard deviation of a statement: ``spread x factor of its confidence x factor of its grade``.

        ``further`` is independent of it and added in squares.
        """
        own = self.spread[kind] * self.confidence.get(confidence, 1.0) * self.grade.get(grade, max(self.grade.values()))
        return hypot(own, further)


@cache
def observation_rules() -> ObservationRules:
    """The rules, read once."""
    given: dict[str, Any] = read_rules("observations")
    statistics = {
        (attribute, thing): _counted(entry)
        for attribute, things in given.pop("statistics").items()
        for thing, entry in things.items()
    }
    return ObservationRules(
        statistics=statistics,
        families=_tuples(given.pop("families")),
        national_trade={thing: _counted(entry) for thing, entry in given.pop("national_trade").items()},
        customs={code: Scope(**entry) for code, entry in given.pop("customs").items()},
        read_by_price=frozenset(given.pop("read_by_price")),
        other_uses=_tuples(given.pop("other_uses")),
        **given,
    )


def _counted(entry: Mapping[str, Any]) -> Counted:
    given: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
    return Counted(**given)


def _tuples(given: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(value) for name, value in given.items()}
