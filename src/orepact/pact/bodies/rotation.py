"""``chair``: who chairs a body next, derived from its rule and the meetings that were held; nothing of it is written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from orepact.pact.bodies.body import Body, Fixed, Rotation
from orepact.pact.bodies.meetings import held_by
from orepact.pact.records.record import Confidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orepact.pact.bodies.body import Turn
    from orepact.pact.bodies.meetings import Meeting
    from orepact.pact.records.register import Register


@dataclass(frozen=True, slots=True)
class Chair:
    """Who chairs for a side: ``organisation``, or None with all ``candidates`` between whom nothing decides.

    ``certain``: no reading of the rule gives another one. ``rests_on``: the meetings from which it follows; one of them that is
    unverified makes it so.
    """

    organisation: str | None
    candidates: tuple[str, ...]
    certain: bool
    because: str
    rank: str | None = None
    rests_on: tuple[str, ...] = ()
    confidence: Confidence = "derived"


def chair(body: str, side: str, register: Register, on: date, ahead: int = 1) -> Chair:
    """Who chairs the next meeting for a side as known on a day (``ahead`` = 2: the one after it, and so on).

    Raises ``NotFound`` for a body or side that is not there.
    """
    found = register.get(Body, body).side(side)
    if found.chair is None:
        return Chair(None, (), False, "not stated", found.rank)
    if isinstance(found.chair, Fixed):
        name = found.chair.organisation
        return Chair(name, (name,), True, f"{name} always chairs for {side}", found.rank)
    meetings = held_by(body, register, on)
    served = [(meeting, one.turn_of) for meeting in meetings if (one := meeting.chair_of(side))]
    unknown = [meeting.id for meeting in meetings if meeting.chair_of(side) is None]
    if unknown:
        members = tuple(turn.organisation for turn in found.chair.members_on(on))
        return Chair(None, members, False, f"nobody knows who chaired {', '.join(unknown)} for {side}", found.rank)
    return _next(found.chair, served, on, ahead, found.rank)


def _next(rule: Rotation, served: Sequence[tuple[Meeting, str]], on: date, ahead: int, rank: str | None) -> Chair:
    members = rule.members_on(on)
    turns = _turns(members, [name for _, name in served])
    line = _listed(members, turns) if rule.order == "listed" else _waiting(members, turns)
    if not line:
        return Chair(None, (), False, f"nobody is in the rotation on {on}", rank)
    places = [group for group in line for _ in group]
    group = places[(ahead - 1) % len(places)]
    left = _left(members, turns)
    sure = len(group) == 1 and (not rule.inferred or (ahead == 1 and left == set(group)))
    told = f"rotation among {', '.join(turn.organisation for turn in members)}; {_past(served)}{_why(rule, group, left, ahead)}"
    rests = tuple(meeting.id for meeting, _ in served)
    trust: Confidence = "unverified" if any(meeting.confidence == "unverified" for meeting, _ in served) else "derived"
    return Chair(group[0] if len(group) == 1 else None, tuple(group), sure, told, rank, rests, trust)


def _turns(members: Sequence[Turn], names: Sequence[str]) -> list[str]:
    """The members whose turns the meetings used, first to last; turns of those who left are left out."""
    own = {name: turn.organisation for turn in members for name in (turn.organisation, *turn.instead_of)}
    return [own[name] for name in names if name in own]


def _waiting(members: Sequence[Turn], turns: Sequence[str]) -> list[list[str]]:
    """Members by how long they have waited, those who never served first and together."""
    last = {name: number for number, name in enumerate(turns)}
    never = [turn.organisation for turn in members if turn.organisation not in last]
    return [*([never] if never else []), *([name] for name in sorted(last, key=lambda name: last[name]))]


def _listed(members: Sequence[Turn], turns: Sequence[str]) -> list[list[str]]:
    """Members as listed, beginning after the one who served last."""
    names = [turn.organisation for turn in members]
    after = names.index(turns[-1]) + 1 if turns else 0
    return [[name] for name in names[after:] + names[:after]]


def _left(members: Sequence[Turn], turns: Sequence[str]) -> set[str]:
    """Who has not served in the round that runs; a round is over once each member has served in it."""
    names = {turn.organisation for turn in members}
    left = set(names)
    for name in turns:
        left.discard(name)
        left = left or set(names)
    return left


def _past(served: Sequence[tuple[Meeting, str]]) -> str:
    """The turns used, with those of which somebody should make sure."""
    past = ", ".join(f"{name} {meeting.held}" for meeting, name in served) or "no meeting was held"
    unsure = [meeting.id for meeting, _ in served if meeting.confidence == "unverified"]
    return past + (f" (unverified: {', '.join(unsure)})" if unsure else "")


def _why(rule: Rotation, group: Sequence[str], left: set[str], ahead: int) -> str:
    """What of an inferred order decides, in words."""
    if not rule.inferred:
        return ""
    if len(group) > 1:
        return "; the text fixes no order between them"
    if ahead == 1 and left == set(group):
        return f"; only {group[0]} has not served in this round"
    return "; the text fixes no order: taken is who has waited longest"
