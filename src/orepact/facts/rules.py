"""Rules of law and policy as data: what is measured, against which threshold, from when to when, and who says so.

A rule has versions in time under one ``key``: the ratio of 2026 and that of 2027 are two rules of one key. A rule applies on a
day when ``date_from <= day <= date_to`` and its state is not ``repealed``, ``proposed`` or ``suspended``. What follows when a
suspension with an end runs out may be unknown; a reader says which branch to take (``Suspensions``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orepact.errors import NotFound

if TYPE_CHECKING:
    from orepact.facts.rule_sets import RuleSet

STATES: Mapping[str, str] = {
    "in_force": "applies",
    "scheduled": "adopted, applies from its date on",
    "target": "a goal, not a duty",
    "ended": "applied until its end",
    "suspended": "adopted, but not applied for the time being",
    "repealed": "taken back before or after it applied",
    "proposed": "not adopted",
    "uncertain": "reported, but no text was seen",
}
NEVER_APPLIES = ("repealed", "proposed")
OPERATORS: Mapping[str, str] = {
    ">=": "at least",
    "<=": "at most",
    "==": "is",
    "in": "one of",
    "includes": "names",
    "any": "any of",
}
VERIFIED, UNVERIFIED = "verified", "unverified"


class Suspensions(StrEnum):
    """What to assume of a rule that was suspended until a day."""

    extended = "extended"
    lapsed = "lapsed"
    ignored = "ignored"


@dataclass(frozen=True, slots=True)
class Member:
    """A place or a named entity on a list, and since when."""

    name: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of one rule. Of ``value``, ``values``, ``alternatives``, ``members`` and ``word`` one says what it demands.

    ``value`` is in ``unit`` (fractions in "1"); ``values`` names several thresholds; ``alternatives`` are methods of which one is
    enough; ``covers`` maps commodities to ``yes`` or ``maybe`` (only some grades). ``status`` is verified or unverified and
    ``unverified_fields`` names what was recalled.
    """

    id: str
    key: str
    jurisdiction: tuple[str, ...]
    instrument: str
    provision: str
    measures: str
    operator: str
    date_from: date
    state: str
    source: str
    status: str
    applies_to: str = ""
    date_to: date | None = None
    value: float | None = None
    values: Mapping[str, float] = field(default_factory=dict)
    alternatives: Mapping[str, float] = field(default_factory=dict)
    members: tuple[Member, ...] = ()
    word: str = ""
    unit: str = ""
    basis: str = ""
    covers: Mapping[str, str] = field(default_factory=dict)
    state_words: str = ""
    suspended_from: date | None = None
    suspended_to: date | None = None
    source_type: str = ""
    unverified_fields: tuple[str, ...] = ()
    note: str = ""
    file: str = ""

    @property
    def verified(self) -> bool:
        """Whether what the rule demands was read in a source."""
        return self.status == VERIFIED

    @property
    def threshold(self) -> str:
        """What the rule demands, in short words."""
        if self.value is not None:
            return amount(self.value, self.unit)
        for several, joint in ((self.values, "; "), (self.alternatives, " or ")):
            if several:
                return joint.join(f"{amount(number, self.unit)} {name.replace('_', ' ')}" for name, number in several.items())
        return ", ".join(member.name for member in self.members) or self.word

    def spans(self, day: date) -> bool:
        """Whether the day lies in the time of this version, whatever its state."""
        return self.date_from <= day and (self.date_to is None or day <= self.date_to)

    def applies(self, day: date, suspensions: Suspensions = Suspensions.extended) -> bool:
        """Whether the rule applies on a day.

        ``extended``: a suspended rule does not apply from the first day of its suspension on. ``lapsed``: it applies again
        after the last day. ``ignored``: as if it had never been suspended.
        """
        if self.state in NEVER_APPLIES or not self.spans(day):
            return False
        if self.state != "suspended" or suspensions is Suspensions.ignored:
            return True
        start, end = self.suspended_from or self.date_from, self.suspended_to
        if day < start:
            return True
        return suspensions is Suspensions.lapsed and end is not None and day > end

    def names(self, day: date) -> tuple[str, ...]:
        """Members of its list on a day."""
        return tuple(member.name for member in self.members if member.since is None or member.since <= day)

    def as_dict(self) -> dict[str, Any]:
        """The rule as plain values, empty ones left out."""
        listed = {name: _plain(getattr(self, name)) for name in self.__dataclass_fields__ if name != "file"}
        return {name: value for name, value in listed.items() if value not in (None, "", [], {})}


@dataclass(frozen=True)
class RuleBook:
    """All rules by id, and the named sets of tests."""

    rules: Mapping[str, Rule]
    sets: Mapping[str, RuleSet]

    @classmethod
    def shipped(cls, folders: Iterable[Path | str] = ()) -> RuleBook:
        """The rules that come with the package, with those of ``folders`` laid over them (a rule or set of the same id replaces).

        Raises ``BadInput`` with every problem of every file.
        """
        listed = tuple(str(folder) for folder in folders)
        return _shipped(listed) if not listed else _load(listed)

    def rule(self, name: str) -> Rule:
        """The rule of that id."""
        if name not in self.rules:
            raise NotFound("rule", name, self.rules)
        return self.rules[name]

    def rule_set(self, name: str) -> RuleSet:
        """The rule set of that id, in any case."""
        found = self.sets.get(name) or self.sets.get(name.lower())
        if found is None:
            raise NotFound("rule set", name, self.sets)
        return found

    def versions(self, key: str) -> tuple[Rule, ...]:
        """All versions of one rule, oldest first."""
        found = sorted((rule for rule in self.rules.values() if rule.key == key), key=lambda rule: (rule.date_from, rule.id))
        if not found:
            raise NotFound("rule key", key, {rule.key for rule in self.rules.values()})
        return tuple(found)

    def on(self, key: str, day: date, suspensions: Suspensions = Suspensions.extended) -> Rule | None:
        """The version of a rule that applies on a day; None when none does."""
        return next((rule for rule in self.versions(key) if rule.applies(day, suspensions)), None)


def amount(number: float, unit: str) -> str:
    """A threshold as people write it.

    >>> amount(0.6, "1"), amount(35000, "USD_per_MWh")
    ('60 %', '35,000 USD_per_MWh')
    """
    return f"{100 * number:.6g} %" if unit == "1" else f"{number:,.6g} {unit}".strip()


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Member):
        return value.name if value.since is None else {"name": value.name, "since": value.since.isoformat()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return dict(value) if isinstance(value, Mapping) else value


@cache
def _shipped(folders: tuple[str, ...]) -> RuleBook:
    return _load(folders)


def _load(folders: tuple[str, ...]) -> RuleBook:
    from orepact.facts.rule_loading import load_rules

    return load_rules([Path(str(files("orepact"))) / "data" / "rules", *(Path(folder) for folder in folders)])
