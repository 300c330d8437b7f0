"""What must hold between the keys of an event: one target and one effect a break, times in order, nothing said twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from orepact.errors import Problem
from orepact.shock.events.event import EFFECTS, TARGETS, Break, Event
from orepact.shock.events.timing import days_of, span_of

SHARES = ("share_left", "lost_share")
#: Effects that make sense for each target.
POSSIBLE: Mapping[str, tuple[str, ...]] = {
    "site": (*SHARES, "quota"),
    "owner": (*SHARES, "quota"),
    "place": (*SHARES, "quota"),
    "port": SHARES,
    "route": (*SHARES, "quota", "tariff"),
    "chokepoint": SHARES,
    "commodity": (*SHARES, "quota", "tariff"),
    "rule": (*SHARES, "quota", "tariff"),
    "demand": (*SHARES, "factor"),
    "price": ("factor",),
    "stock": SHARES,
}
#: Keys that narrow each target; any other one would have no effect.
SCOPE: Mapping[str, tuple[str, ...]] = {
    "site": ("commodities", "places"),
    "owner": ("commodities", "places"),
    "place": ("commodities",),
    "port": ("commodities", "origins", "destinations", "exports"),
    "route": ("commodities", "exports"),
    "chokepoint": ("commodities", "origins", "destinations", "exports", "around"),
    "commodity": ("origins", "destinations", "exports"),
    "rule": ("commodities", "origins", "destinations", "branch", "also_maybe", "exports"),
    "demand": ("places",),
    "price": (),
    "stock": ("places",),
}
NARROWING = ("exports", "commodities", "places", "origins", "destinations", "around")


def check_event(head: Event, breaks: Mapping[int, Break], file: str = "") -> Iterator[Problem]:
    """Everything wrong between the keys of an event; ``breaks`` by their number in the file stand for those of ``head``."""
    yield from _times(head, file)
    for number, item in breaks.items():
        yield from _break(item, f"breaks.{number}", file)
        yield from _break_times(head, item, f"breaks.{number}", file)
    for (one, first), (other, second) in combinations(breaks.items(), 2):
        if contradict((head, first), (head, second)):
            yield Problem(
                f"breaks.{other}",
                f"one effect on {describe(first)} at a time",
                f"{effect_words(first)} in breaks.{one}, {effect_words(second)} here",
                "keep one of them, or give them times that do not overlap",
                file,
            )


def contradictions(events: Sequence[Event]) -> Iterator[Problem]:
    """A problem for each two events that name the same thing at the same time and disagree, or that are the same event."""
    for one, other in combinations(events, 2):
        if one.id == other.id:
            yield Problem("event", "each event once", f"{one.id} twice", "name it once", other.file)
            continue
        for first in one.breaks:
            for second in other.breaks:
                if contradict((one, first), (other, second)):
                    found = f"{effect_words(first)} in {one.id}, {effect_words(second)} in {other.id}"
                    mend = "leave out one event, or give them times that do not overlap"
                    yield Problem("event", f"one effect on {describe(first)} at a time", found, mend, other.file)


def contradict(one: tuple[Event, Break], other: tuple[Event, Break]) -> bool:
    """Whether two breaks name the same thing within the same scope, at overlapping times, and disagree about what happens.

    Duties never do: they add up.
    """
    (first_event, first), (second_event, second) = one, other
    if not first.target or first.target != second.target or not _same_scope(first, second):
        return False
    if not {_fold(name) for name in first.names} & {_fold(name) for name in second.names}:
        return False
    kind = _effect_kind(first)
    if kind == "tariff" or kind != _effect_kind(second) or effect_words(first) == effect_words(second):
        return False
    start = min(first_event.start, second_event.start)
    return span_of(first_event, first, start).overlaps(span_of(second_event, second, start))


def describe(item: Break) -> str:
    """Target and names of a break in short words."""
    shown = ", ".join(item.names[:4]) + (" ..." if len(item.names) > 4 else "")
    return f"{item.target} {shown}"


def effect_words(item: Break) -> str:
    """What happens to the target, in short words.

    >>> effect_words(Break(site=("a",), lost_share=0.25))
    '75 % left'
    """
    if item.left is not None:
        return f"{100 * item.left:.6g} % left"
    if item.factor is not None:
        return f"{item.factor:.6g} times the usual"
    if item.quota is not None:
        of = f" of contained {item.quota.element}" if item.quota.element else ""
        per = "in all" if item.quota.per == "duration" else f"a {item.quota.per}"
        return f"at most {item.quota.quantity:,.6g} {item.quota.unit}{of} {per}"
    if item.tariff is not None:
        return f"duty {100 * item.tariff.rate_change:+.6g} points"
    return "nothing"


def _break(item: Break, where: str, file: str) -> Iterator[Problem]:
    targets, effects = item.named_targets, item.named_effects
    if len(targets) != 1:
        found = f"{len(targets)}: {', '.join(targets)}" if targets else "none"
        yield Problem(where, f"one of {', '.join(TARGETS)}", found, "name one thing that breaks; write several breaks", file)
    if len(effects) > 1 or (not effects and "rule" not in targets):
        found = f"{len(effects)}: {', '.join(effects)}" if effects else "none"
        yield Problem(where, f"one of {', '.join(EFFECTS)}", found, "say once what happens to it", file)
    if len(targets) != 1:
        return
    possible = POSSIBLE[item.target]
    for effect in effects:
        if effect not in possible:
            found = f"{effect} of a {item.target}"
            yield Problem(f"{where}.{effect}", f"one of {', '.join(possible)}", found, "use one of them", file)
    for key in NARROWING:
        if getattr(item, key) and key not in SCOPE[item.target]:
            usable = ", ".join(SCOPE[item.target]) or "no further key"
            yield Problem(f"{where}.{key}", usable, f"{key} of a {item.target}", f"remove {key}", file)
    if item.target == "commodity" and item.destinations and not item.exports:
        yield Problem(f"{where}.destinations", "exports: true", "destinations of what is made", "add `exports: true`", file)
    if item.target == "commodity" and item.tariff is not None and not item.exports:
        yield Problem(f"{where}.tariff", "exports: true", "a duty on what is made", "add `exports: true`", file)


def _times(head: Event, file: str) -> Iterator[Problem]:
    if head.weeks is None and head.until is None:
        yield Problem("weeks", "weeks, or until, or `weeks: unknown`", "nothing", "say how long it lasts", file)
    if head.weeks is not None and head.until is not None:
        yield Problem("until", "weeks or until, not both", f"weeks {head.weeks} and until {head.until}", "remove one", file)
    if head.until is not None and head.until <= head.start:
        yield Problem("until", f"a day after the start {head.start}", str(head.until), "mend the dates", file)
    known = head.end_known_from
    if head.end_announced and known is not None:
        yield Problem("end_known_from", "end_announced: false", str(known), "an announced end is known from the start", file)
    if (head.end_announced or known is not None) and head.weeks == "unknown":
        yield Problem("weeks", "a duration, since its end is known", "unknown", "give weeks or until", file)


def _break_times(head: Event, item: Break, where: str, file: str) -> Iterator[Problem]:
    if item.weeks is not None and item.until is not None:
        yield Problem(f"{where}.until", "weeks or until, not both", f"{item.weeks} and {item.until}", "remove one", file)
    start, end = days_of(head, item)
    if end is not None and end <= start and (item.start, item.until) != (None, None):
        yield Problem(where, f"an end after its start {start}", str(end), "mend the dates", file)


def _same_scope(one: Break, other: Break) -> bool:
    return all(_key(getattr(one, name)) == _key(getattr(other, name)) for name in (*NARROWING, "branch", "also_maybe"))


def _key(value: object) -> object:
    return frozenset(_fold(name) for name in value) if isinstance(value, tuple) else value


def _fold(name: str) -> str:
    return name.strip().casefold()


def _effect_kind(item: Break) -> str:
    return "share" if item.left is not None else next(iter(item.named_effects), "")
