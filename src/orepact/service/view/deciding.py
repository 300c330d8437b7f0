"""Decisions as pages show them: what is asked, a key for each side, which of them who asks may turn, what may be carried out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orepact.pact.decisions.decision import AidChoice, Amending, Decision, NewCode, in_force
from orepact.pact.decisions.proposals import carries
from orepact.pact.decisions.subjects import matter_of
from orepact.pact.incidents.assessments import Assessment
from orepact.service.pact.desk import Desk, asked
from orepact.service.rules import day_of
from orepact.service.view.incident_words import names
from orepact.service.view.tower_party import name_of

if TYPE_CHECKING:
    from datetime import date

    from orepact.pact.decisions.decision import Holder, Key
    from orepact.pact.records.readers import Reader
    from orepact.pact.records.register import Register
    from orepact.service.pact.desk import Where
    from orepact.service.view.said import Named, Several


@dataclass(frozen=True, slots=True)
class KeySide:
    """A side of a decision: who holds its key, and the key once it is turned; ``mine``: who asks may turn it now."""

    side: str
    holders: Several
    key: Key | None
    organisation: Named | None
    mine: bool


@dataclass(frozen=True, slots=True)
class Deciding:
    """A decision as it stands. ``option``: of aid, with its title in the assessment; "" for other questions; ``carriable``: it is
    approved, and a change of the register that nobody has made yet.
    """

    id: str
    title: str
    option: str
    option_title: str
    state: str
    asked_by: Named
    asked_on: str
    expires_on: str
    why: str
    sides: tuple[KeySide, ...]
    in_force: bool
    carriable: bool

    @property
    def called(self) -> str:
        """What it is called in a list."""
        return self.option_title or self.option or self.title


def deciding(one: Decision, register: Register, on: date, reader: Reader | None, option_title: str = "") -> Deciding:
    """A decision on a day, as a reader may act on it."""
    outcome, holds = one.outcome_on(on), in_force(one, register, on)
    matter = matter_of(one.subject, register) if isinstance(one.subject, AidChoice) else None
    option_title = option_title or _option_of(one, register)
    still = outcome.state in {"open", "declined"} and (matter is None or matter.closed_on is None)
    return Deciding(
        one.id, one.title, one.subject.option if isinstance(one.subject, AidChoice) else "", option_title, outcome.state,
        name_of(register, one.asked_by), one.day_of(one.asked_at).isoformat(),
        one.expires_on.isoformat() if one.expires_on else "", one.subject.text,
        tuple(_side(one, holder, register, on, reader, still=still) for holder in one.holders), holds,
        holds and _is_to_do(one, register),
    )  # fmt: skip


def _option_of(one: Decision, register: Register) -> str:
    """What an option of aid is called in its assessment; "" for other questions, and for none of them."""
    subject = one.subject
    sealed = register.records.get((Assessment.kind, subject.assessment)) if isinstance(subject, AidChoice) else None
    found = sealed.option(subject.option) if isinstance(sealed, Assessment) and isinstance(subject, AidChoice) else None
    return found.title if found else ""


def _side(one: Decision, holder: Holder, register: Register, on: date, reader: Reader | None, *, still: bool) -> KeySide:
    key = next((each for each in one.keys if each.side == holder.side and one.day_of(each.given_at) <= on), None)
    mine = still and key is None and reader is not None and reader.organisation in holder.organisations
    return KeySide(
        holder.side, names(register, holder.organisations), key, name_of(register, key.organisation) if key else None, mine
    )


def _is_to_do(one: Decision, register: Register) -> bool:
    """Whether it changes the register, and the change is still to be made."""
    subject = one.subject
    if isinstance(subject, NewCode):
        key = ("code", subject.code.id)
    elif isinstance(subject, Amending):
        key = ("amendment", subject.amendment)
    else:
        return False
    record = register.records.get(key)
    return record is None or not carries(record, one)


def turnable(db: Where) -> tuple[tuple[Deciding, KeySide], ...]:
    """The keys that who asks may turn now, with what is decided; none for who holds the database."""
    reader = db.reader if isinstance(db, Desk) else None
    if reader is None or not reader.organisation:
        return ()
    day = day_of(None)
    with asked(db) as (_, register):
        found = [deciding(one, register, day, reader) for one in register.all(Decision)]
    return tuple((one, side) for one in sorted(found, key=lambda one: one.id) for side in one.sides if side.mine)


def since(instrument: str, register: Register, begin: date, on: date, reader: Reader | None) -> tuple[Deciding, ...]:
    """What else was asked under an instrument from a day on: all but aid in an incident, the first first."""
    every = sorted(register.referring(Decision, instrument), key=lambda one: one.asked_at)
    others = (one for one in every if not isinstance(one.subject, AidChoice) and begin <= one.day_of(one.asked_at) <= on)
    return tuple(deciding(one, register, on, reader) for one in others)
