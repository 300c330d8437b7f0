"""What an instrument says of itself, as its page shows it: force, sides, signatures, start, changes, ties to others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orepact.service.pact.desk import asked
from orepact.service.rules import day_of
from orepact.service.view.said import Amount, Day, Named, Said, Several, say
from orepact.service.view.tower_party import name_of
from orepact.service.view.tower_steps import titles

if TYPE_CHECKING:
    from datetime import date

    from orepact.pact.instruments.instrument import Instrument
    from orepact.pact.records.register import Register
    from orepact.service.pact.desk import Where

FORCE = {
    True: say("It binds in law."),
    False: say("It does not bind in law."),
    None: say("Whether it binds is not stated."),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A name under an instrument: whose, for whom, when and where; ``note`` in the words of the record."""

    person: Named | None
    organisation: Named
    day: str
    place: str
    note: str
    witnessed: bool


@dataclass(frozen=True, slots=True)
class Tie:
    """Another instrument that it names (``back``: that names it), and how."""

    relation: Named
    id: str
    title: Named
    back: bool


@dataclass(frozen=True, slots=True)
class Change:
    """An amendment with its state and its day, or a notice to end with the day on which it does."""

    title: Named
    state: str
    day: str


@dataclass(frozen=True, slots=True)
class About:
    """An instrument on a day: its state since when, its force and what is noted of that, who takes part by side, who signed, why
    it started when it did, the dates that others give, its changes, and its ties.
    """

    state: str
    since: str
    force: Said
    note: str
    sides: tuple[tuple[str, tuple[tuple[str, Named], ...]], ...]
    marks: tuple[Mark, ...]
    start: Said
    rivals: tuple[tuple[str, str], ...]
    changes: tuple[Change, ...]
    ties: tuple[Tie, ...]


def about(name: str, db: Where = None, *, on: str | None = None) -> About:
    """What an instrument says of itself, as known on a day; raises ``NotFound``."""
    from orepact.pact.instruments.ending import standing
    from orepact.pact.instruments.instrument import Instrument

    day = day_of(on)
    with asked(db) as (_, register):
        found = register.get(Instrument, name)
        stand = standing(found, register, day)
        return About(
            stand.stage,
            stand.since or "",
            FORCE[found.binding],
            found.binding_note,
            tuple(_sides(found, register, day)),
            tuple(_marks(found, register, day)),
            _start(found, register, day),
            tuple((claim.day, claim.why) for claim in found.date_claims if not claim.taken),
            tuple(_changes(found, register, day)),
            tuple(_ties(found, register, day)),
        )


def _sides(found: Instrument, register: Register, on: date) -> Iterator[tuple[str, tuple[tuple[str, Named], ...]]]:
    """The organisations of each side, in the order of the text."""
    there = [party for party in found.parties if party.holds_on(on)]
    for side in dict.fromkeys(party.side for party in there):
        yield side, tuple((one.organisation, name_of(register, one.organisation)) for one in there if one.side == side)


def _marks(found: Instrument, register: Register, on: date) -> Iterator[Mark]:
    from orepact.pact.dates.days import happened

    for one in found.signatures:
        if happened(one.day, on):
            person = register.records.get(("person", one.person or ""))
            named = Named(person.title, titles(person.titles)) if person else None
            organisation, witnessed = name_of(register, one.organisation), one.capacity == "witnessed"
            yield Mark(named, organisation, one.day, one.place, one.note, witnessed)


def _start(found: Instrument, register: Register, on: date) -> Said:
    """When it started, or what that waits for."""
    from orepact.pact.instruments.operation import start

    begun = start(found, on)
    if found.effect.rule == "not_stated":
        return say("No start is stated in what was seen of the text.")
    if begun.day is None:
        waits = Several(tuple(name_of(register, name) for name in begun.waiting))
        return say("It starts with the last signature; not signed yet: {names}.", names=waits)
    if found.effect.rule == "stated":
        return say("It starts on {day}, as its text says.", day=Day(begun.day))
    number = sum(one.capacity == "signed" for one in found.signatures)
    return say("It starts with the last of {n} signatures: {day}.", n=Amount(number), day=Day(begun.day))


def _changes(found: Instrument, register: Register, on: date) -> Iterator[Change]:
    from orepact.pact.instruments.amendments import Amendment, approvals
    from orepact.pact.instruments.ending import clocks

    for one in sorted(register.all(Amendment), key=lambda one: one.id):
        if one.instrument == found.id:
            stand = approvals(one, register, on)
            day = stand.effect.isoformat() if stand.effect else one.proposed
            yield Change(Named(one.title, titles(one.titles)), stand.state, day)
    for clock in clocks(found, register, on):
        ends = clock.ends_on.isoformat() if clock.ends_on else ""
        yield Change(name_of(register, clock.notice.organisation), "notice_to_end", ends)


def _ties(found: Instrument, register: Register, on: date) -> Iterator[Tie]:
    """Those that it names, then those that name it; each once for each way."""
    from orepact.pact.instruments.instrument import Instrument
    from orepact.pact.instruments.known import known_on

    others = sorted(register.all(Instrument), key=lambda one: one.id)
    own = [(one.relation, register.get(Instrument, one.instrument), False) for one in found.relations]
    theirs = [(one.relation, other, True) for other in others for one in other.relations if one.instrument == found.id]
    for relation, other, back in dict.fromkeys((name, other.id, back) for name, other, back in (*own, *theirs)):
        tied = register.get(Instrument, other)
        if known_on(tied, on):
            code = register.records.get(("code", f"instrument_relation:{relation}"))
            words = Named(code.title, titles(code.titles)) if code else Named(relation.replace("_", " "))
            yield Tie(words, other, Named(tied.title, titles(tied.titles)), back)
