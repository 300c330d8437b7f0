"""Export controls in time: which rules of law are one, where each stands on a day, and how loud it is for a party."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from orepact.facts.rules import NEVER_APPLIES, Rule, RuleBook
from orepact.shock.watch.imports import NAN, Imports, held
from orepact.shock.watch.levels import Level
from orepact.shock.watch.rules import Controls, Timing, WatchRules
from orepact.shock.watch.signals import Signal

INDICATOR = "export_control"
#: States whose text nobody saw: as if only some grades were covered.
DOUBTFUL = ("uncertain",)


@dataclass(frozen=True, slots=True)
class Spell:
    """An export control without a gap: versions of one rule that follow each other, from ``start`` to ``end`` (None: no end).

    ``rule`` is the version that speaks on the day, ``timing`` where the day stands in it, ``kind`` ban, quota or licence.
    """

    rule: Rule
    kind: str
    start: date
    end: date | None
    timing: Timing

    def when(self, day: date) -> str:
        """The timing in words, as a clause that follows what the control does."""
        rule = self.rule
        words: dict[str, str] = {
            "begins_soon": f"from {self.start}, in {(self.start - day).days} days",
            "new": f"since {self.start}",
            "standing": f"since {self.start}",
            "ends_soon": f"until {self.end}",
            "suspended": f"suspended since {rule.suspended_from}",
            "suspension_ends": f"suspended until {rule.suspended_to}, {_days(rule.suspended_to, day)} days from now",
            "suspension_over": f"suspended until {rule.suspended_to}; what followed is not in the facts",
        }
        return words[self.timing]


def _days(end: date | None, day: date) -> int:
    return 0 if end is None else (end - day).days


def kind_of(rule: Rule, controls: Controls) -> str:
    """What kind of export control a rule is; "" when it is none."""
    for kind, entry in controls.kinds.items():
        said = entry.measures.get(rule.measures, ())
        if rule.word in said or rule.operator in said:
            return kind
    return ""


def spells_on(book: RuleBook, day: date, controls: Controls, *, include_unverified: bool = False) -> list[Spell]:
    """The export controls that matter on a day: in force, soon to begin, or suspended; one for each rule key."""
    found = []
    for key in sorted({rule.key for rule in book.rules.values() if kind_of(rule, controls)}):
        versions = [rule for rule in book.versions(key) if _counts(rule, controls, include_unverified)]
        spell = _spell(versions, day, controls)
        if spell is not None:
            found.append(spell)
    return found


def _counts(rule: Rule, controls: Controls, include_unverified: bool) -> bool:
    return bool(kind_of(rule, controls)) and rule.state not in NEVER_APPLIES and (rule.verified or include_unverified)


def _spell(versions: Sequence[Rule], day: date, controls: Controls) -> Spell | None:
    """The run of versions without a gap that holds the day, else the next one within the horizon."""
    horizon = timedelta(days=controls.horizon_days)
    for run in _runs(versions):
        start, end = run[0].date_from, run[-1].date_to
        if (end is None or end >= day) and start - horizon <= day:
            rule = next((version for version in run if version.spans(day)), run[0])
            return Spell(rule, kind_of(rule, controls), start, end, _timing(rule, start, end, day, controls))
    return None


def _runs(versions: Iterable[Rule]) -> list[list[Rule]]:
    """Versions that follow each other day by day, together."""
    runs: list[list[Rule]] = []
    for rule in sorted(versions, key=lambda version: version.date_from):
        last = runs[-1][-1].date_to if runs else None
        if last is not None and rule.date_from <= last + timedelta(days=1):
            runs[-1].append(rule)
        else:
            runs.append([rule])
    return runs


def _timing(rule: Rule, start: date, end: date | None, day: date, controls: Controls) -> Timing:
    horizon = timedelta(days=controls.horizon_days)
    if rule.state == "suspended" and day >= (rule.suspended_from or start):
        until = rule.suspended_to
        if until is None or until - day > horizon:
            return "suspended"
        return "suspension_ends" if day <= until else "suspension_over"
    if day < start:
        return "begins_soon"
    if end is not None and end - day <= horizon:
        return "ends_soon"
    return "new" if (day - start).days < controls.new_days else "standing"


def covers(rule: Rule, commodity: str, controls: Controls) -> str:
    """``yes``, ``maybe`` (only some grades, or a rule of which nobody saw the text) or "" for a commodity."""
    said: str = rule.covers.get(commodity) or controls.covers.get(rule.key, {}).get(commodity) or ""
    return "maybe" if said and rule.state in DOUBTFUL else said


def control_signal(
    imports: Imports,
    spells: Sequence[Spell],
    rules: WatchRules,
    day: date,
    *,
    inside: frozenset[str] = frozenset(),
    world: Mapping[str, float] | None = None,
) -> Signal:
    """How loud the export controls of other places are for one party and commodity.

    ``inside``: the party's own countries, whose controls do not count; ``world``: place to its share of the world's supply,
    for what no customs table holds and for what takes quantities off the market. The worst control makes the level; the
    value is the share at its place.
    """
    said = heard(imports, spells, rules, inside=inside, world=world)
    about = (imports.place, imports.commodity, INDICATOR)
    if not said:
        return Signal(*about, 0.0, Level.calm, "no export control of another place on it is in the facts", confidence="reported")
    reasons = "; ".join(loud.words(imports, rules.controls, day) for loud in said)
    sources = tuple(dict.fromkeys(loud.spell.rule.id for loud in said))
    signal = Signal(*about, said[0].share, said[0].level, reasons, day.year, sources, rules.controls.confidence)
    return held(signal, imports, rules) if imports.counted else signal


def heard(
    imports: Imports,
    spells: Sequence[Spell],
    rules: WatchRules,
    *,
    inside: frozenset[str] = frozenset(),
    world: Mapping[str, float] | None = None,
) -> list[Loud]:
    """The export controls of other places that cover a commodity, as loud as each is for one party; the loudest first."""
    mine = [spell for spell in spells if _concerns(spell, imports.commodity, rules, inside)]
    loud = [_loudness(imports, spell, rules, world or {}) for spell in mine]
    return sorted(loud, key=lambda each: (-each.level, each.spell.rule.id))


def _concerns(spell: Spell, commodity: str, rules: WatchRules, inside: frozenset[str]) -> bool:
    return bool(covers(spell.rule, commodity, rules.controls)) and not set(spell.rule.jurisdiction) <= inside


@dataclass(frozen=True, slots=True)
class Loud:
    """One control as it sounds for one party: level, share and what the share is of; ``maybe``: it covers some grades only."""

    spell: Spell
    level: Level
    share: float
    share_of: str
    maybe: bool

    def words(self, imports: Imports, controls: Controls, day: date) -> str:
        """Who does what since or until when, and how much comes from there."""
        rule, places = self.spell.rule, " and ".join(imports.named(name) for name in self.spell.rule.jurisdiction)
        grades = " for some grades" if self.maybe else ""
        does = f"{places} {controls.kinds[self.spell.kind].title}{grades}, {self.spell.when(day)} ({rule.id})"
        known = (
            "how much comes from there is not known" if math.isnan(self.share) else f"{100 * self.share:.0f} % {self.share_of}"
        )
        return f"{does}; {known}"


def _loudness(imports: Imports, spell: Spell, rules: WatchRules, world: Mapping[str, float]) -> Loud:
    controls, maybe = rules.controls, covers(spell.rule, imports.commodity, rules.controls) == "maybe"
    share, share_of = _share(imports, spell, controls, world)
    level = controls.levels[spell.kind][spell.timing].down(controls.maybe_steps if maybe else 0)
    return Loud(spell, controls.capped(level, share), share, share_of, maybe)


def _share(imports: Imports, spell: Spell, controls: Controls, world: Mapping[str, float]) -> tuple[float, str]:
    """The larger of the share of imports and, where it counts, the share of the world's supply; with what it is of."""
    places = spell.rule.jurisdiction
    direct = math.fsum(imports.share(place) for place in places) if imports.counted else NAN
    made = math.fsum(world.get(place, NAN) for place in places)
    takes = controls.kinds[spell.kind].counts == "world" or math.isnan(direct)
    if takes and not math.isnan(made) and not direct >= made:
        return made, "of the world's supply is made there"
    return direct, f"of {imports.made_of} come from there"
