"""What a decision is about, checked: the option of an assessment, the code of a list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from orepact.errors import Problem
from orepact.pact.dates.days import Span
from orepact.pact.decisions.decision import NO_AID, AidChoice, Amending, Decision, NewCode, Quorum
from orepact.pact.instruments.amendments import Amendment
from orepact.pact.instruments.instrument import Instrument
from orepact.pact.records.codes import strange_list
from orepact.wording import deed

if TYPE_CHECKING:
    from orepact.pact.records.register import Register


@runtime_checkable
class Matter(Protocol):
    """What a decision on aid needs of its incident: the instrument that it is under, the pattern that it goes by, whether it is
    an exercise.
    """

    id: str
    instrument: str
    pattern: str
    drill: bool

    @property
    def closed_on(self) -> str | None:
        """The date of its end; None while it is open."""

    def quorum(self, register: Register) -> Quorum | None:
        """Who has to agree; None where nobody says."""


@runtime_checkable
class Offer(Protocol):
    """What a decision on aid needs of the assessment that it chooses from."""

    id: str
    incident: str
    made_at: datetime

    @property
    def options(self) -> tuple[str, ...]:
        """The names of its options."""


def matter_of(choice: AidChoice, register: Register) -> Matter | None:
    """The incident that a choice is about; None where it is not there."""
    found: object = register.records.get(("incident", choice.incident))
    return found if isinstance(found, Matter) else None


def subject_problems(decision: Decision, register: Register) -> Iterator[Problem]:
    """What is wrong with the subject among the other records."""
    if isinstance(decision.subject, AidChoice):
        yield from _aid(decision, decision.subject, register)
    elif isinstance(decision.subject, NewCode):
        yield from _code(decision, decision.subject, register)
    elif isinstance(decision.subject, Amending):
        yield from _amending(decision, decision.subject, register)


def _quorum(decision: Decision, wanted: Quorum, whose: str) -> Iterator[Problem]:
    if decision.quorum != wanted:
        where = f"decision {decision.id}, quorum"
        yield Problem(where, f"{wanted}, the rule of {whose}", decision.quorum, "ask for the decision by that rule")


def _newer(offer: Offer, register: Register, asked_at: datetime) -> str:
    """The assessment that had taken the place of this one when a decision was asked for; "" for none."""
    found: Iterator[object] = (record for record, link in register.pointing.get(offer.id, ()) if link.relation == "supersedes")
    return next((each.id for each in found if isinstance(each, Offer) and each.made_at <= asked_at), "")


def _amending(decision: Decision, subject: Amending, register: Register) -> Iterator[Problem]:
    amendment = register.records.get((Amendment.kind, subject.amendment))
    if isinstance(amendment, Amendment) and amendment.instrument != decision.instrument:
        found = f"{amendment.id} of {amendment.instrument}"
        where = f"decision {decision.id}, subject.amendment"
        yield Problem(where, f"an amendment of {decision.instrument}", found, "mend one of the ids")
    instrument = register.records.get((Instrument.kind, decision.instrument))
    if isinstance(instrument, Instrument) and instrument.change is not None:
        yield from _quorum(decision, instrument.change.by, instrument.id)


def _aid(decision: Decision, choice: AidChoice, register: Register) -> Iterator[Problem]:
    offer: object = register.records.get(("assessment", choice.assessment))
    if isinstance(offer, Offer):
        yield from _chosen(decision, choice, offer, register)
    matter = matter_of(choice, register)
    if matter is None:
        return
    if matter.instrument != decision.instrument:
        expected = f"that of the incident, {matter.instrument}"
        yield Problem(f"decision {decision.id}, instrument", expected, decision.instrument, f"write {matter.instrument}")
    quorum = matter.quorum(register)
    if quorum is not None:
        yield from _quorum(decision, quorum, matter.pattern)
    yield from _closed(decision, matter)


def _closed(decision: Decision, matter: Matter) -> Iterator[Problem]:
    """A question, or a key, after the incident was closed: the first of them."""
    if matter.closed_on is None:
        return
    told = (("asked_at", decision.asked_at), *((f"key of {key.side}", key.given_at) for key in decision.keys))
    for where, moment in told:
        if decision.day_of(moment) > Span.of(matter.closed_on).last:
            yield over(f"decision {decision.id}, {where}", matter, f"{decision.day_of(moment)}")
            return


def over(where: str, matter: Matter, found: str) -> Problem:
    """The problem of what comes after the end of an incident."""
    mend = (
        f"open another incident; or, where it goes on, take `closed` out of {matter.id}: "
        f"{deed('pact.put_record', kind='incident', name=matter.id)}"
    )
    return Problem(where, f"an incident that is open ({matter.id} was closed on {matter.closed_on})", found, mend)


def _chosen(decision: Decision, choice: AidChoice, offer: Offer, register: Register) -> Iterator[Problem]:
    """An assessment of another incident, an option that it does not have, one that was not made yet or not the last any more."""
    where = f"decision {decision.id}, subject"
    if offer.incident != choice.incident:
        found = f"{offer.id}, of {offer.incident}"
        yield Problem(f"{where}.assessment", f"an assessment of {choice.incident}", found, "mend one of the two ids")
    known = (*offer.options, NO_AID)
    if choice.option not in known:
        expected = f"an option of {offer.id}: {', '.join(known)}"
        yield Problem(f"{where}.option", expected, repr(choice.option), "choose one of them")
    newer = _newer(offer, register, decision.asked_at)
    if newer:
        yield Problem(f"{where}.assessment", "the last assessment", f"{offer.id}, before {newer}", "decide on the last one")
    if decision.asked_at < offer.made_at:
        found = decision.asked_at.isoformat()
        yield Problem(where, f"a question after the assessment ({offer.made_at.isoformat()})", found, "mend a moment")


def _code(decision: Decision, new: NewCode, register: Register) -> Iterator[Problem]:
    """The proposed code by itself; whether it is new is asked when it is added."""
    where = f"decision {decision.id}, subject.code"
    if new.code.decision is not None:
        yield Problem(f"{where}.decision", "nothing: it is set when the code is added", new.code.decision, "leave it out")
    yield from new.code.problems(register)
    yield from strange_list(register, where, new.code)
