"""Who may turn which key of a decision: ``turned`` adds one, and what is wrong with those that are there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from orepact.errors import BadInput, Problem
from orepact.pact.decisions.decision import Decision, Key, holders_of
from orepact.pact.instruments.ending import participants_on
from orepact.pact.instruments.instrument import Instrument
from orepact.pact.organisations.people import Person

if TYPE_CHECKING:
    from orepact.pact.records.register import Register


def turned(decision: Decision, key: Key, register: Register) -> Decision:
    """The decision with one more key; raises ``BadInput`` with everything that is wrong with the key."""
    after = decision.model_copy(update={"keys": (*decision.keys, key)})
    problems = [*_strangers(after, key, register), *_again(after, key), *_time(after, key)]
    if problems:
        raise BadInput(problems)
    return after


def key_problems(decision: Decision, register: Register) -> Iterator[Problem]:
    """What is wrong with the keys of a decision, one after the other."""
    for number, key in enumerate(decision.keys):
        until = decision.model_copy(update={"keys": decision.keys[: number + 1]})
        yield from _strangers(until, key, register)
        yield from _again(until, key)
        yield from _time(until, key)


def _where(decision: Decision, key: Key) -> str:
    return f"decision {decision.id}, key of {key.side}"


def _strangers(decision: Decision, key: Key, register: Register) -> Iterator[Problem]:
    """A side that has no key, an organisation that does not hold it, a person who is not of the organisation."""
    held = {holder.side: holder.organisations for holder in decision.holders}
    where = _where(decision, key)
    if key.side not in held:
        yield Problem(where, f"a side of the decision: {', '.join(held)}", repr(key.side), "name one of these sides")
    elif key.organisation not in held[key.side]:
        holders = ", ".join(held[key.side])
        yield Problem(where, f"a holder of this key: {holders}", key.organisation, "let one of the holders turn it")
    person = register.records.get((Person.kind, key.person))
    day = decision.day_of(key.given_at)
    terms = person.terms if isinstance(person, Person) else ()
    if terms and all(term.organisation != key.organisation or term.held_on(day) is False for term in terms):
        mend = "name another person, or add the role that this one had"
        yield Problem(where, f"a person of {key.organisation} on {day}", key.person, mend)


def _again(decision: Decision, key: Key) -> Iterator[Problem]:
    """A second key of one side, organisation or person: two keys have two hands. Of a stranger's key nothing more is said."""
    earlier, where = decision.keys[:-1], _where(decision, key)
    if all(holder.side != key.side or key.organisation not in holder.organisations for holder in decision.holders):
        return
    change = "a change of mind is a new decision that supersedes this one"
    if decision.quorum == "each_side" and any(other.side == key.side for other in earlier):
        yield Problem(where, "one key of each side", f"a second key of {key.side}", change)
    elif any(other.organisation == key.organisation for other in earlier):
        yield Problem(where, "one key of each organisation", f"a second key of {key.organisation}", change)
    elif any(other.person == key.person for other in earlier):
        yield Problem(where, "another hand at each key", f"{key.person} again", "let another person turn this key")


def _time(decision: Decision, key: Key) -> Iterator[Problem]:
    """A key before the decision was asked for, or once it had expired."""
    where, day = _where(decision, key), decision.day_of(key.given_at)
    if key.given_at < decision.asked_at:
        asked = decision.asked_at.isoformat()
        yield Problem(where, f"a key not before it is asked for ({asked})", key.given_at.isoformat(), "mend one of the moments")
    if decision.expires_on is not None and day > decision.expires_on:
        yield Problem(where, f"a key until {decision.expires_on}", str(day), "the decision has expired: ask for a new one")


def holder_problems(decision: Decision, register: Register) -> Iterator[Problem]:
    """Sides and organisations that the instrument did not have on the day, or that were left out."""
    where = f"decision {decision.id}, holders"
    instrument = register.records.get((Instrument.kind, decision.instrument))
    if not isinstance(instrument, Instrument):
        return
    sides = [holder.side for holder in decision.holders]
    names = [name for holder in decision.holders for name in holder.organisations]
    twice = sorted({item for item in [*sides, *names] if [*sides, *names].count(item) > 1})
    if twice:
        yield Problem(where, "each side and organisation once", f"{', '.join(twice)} more than once", "keep one of them")
    asked = decision.day_of(decision.asked_at)
    if decision.asked_by not in participants_on(instrument, register, asked):
        mend = "let a participant ask"
        yield Problem(
            f"decision {decision.id}, asked_by", f"a participant of {instrument.id} on {asked}", decision.asked_by, mend
        )
    rightful = holders_of(instrument, register, decision.quorum, asked)
    if len(rightful) < 2:
        found = ", ".join(holder.side for holder in rightful) or "none"
        yield Problem(where, f"two sides or more in {instrument.id}", found, "take an instrument between two sides")
    wanted = {holder.side: set(holder.organisations) for holder in rightful}
    given = {holder.side: set(holder.organisations) for holder in decision.holders}
    if given != wanted:
        expected = "; ".join(f"{side}: {', '.join(sorted(who))}" for side, who in wanted.items())
        shown = "; ".join(f"{side}: {', '.join(sorted(who))}" for side, who in given.items())
        yield Problem(
            where, f"the holders in {instrument.id}, {expected or 'none'}", shown or "none", "take those of the instrument"
        )
