"""What somebody needs to ask for help: the instruments under which he may, whom he may ask, and the questions to answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orepact.errors import NotFound
from orepact.pact.incidents.patterns import way_to_ask
from orepact.pact.instruments.ending import participants_on
from orepact.pact.instruments.instrument import Instrument
from orepact.service.pact.desk import Desk, asked
from orepact.service.rules import day_of
from orepact.service.view.said import Named
from orepact.service.view.tower_party import name_of
from orepact.service.view.tower_steps import titles

if TYPE_CHECKING:
    from datetime import date

    from orepact.pact.records.register import Register
    from orepact.service.pact.desk import Where


@dataclass(frozen=True, slots=True)
class Asking:
    """How help is asked for under an instrument. ``others``: parties of the other sides, by id, contact points first;
    ``questions``: id, words, help, whether it must be answered; ``days``: of the clock; ``basis``: whose rule that is.
    """

    instrument: str
    title: Named
    others: tuple[tuple[str, Named, bool], ...]
    questions: tuple[tuple[str, str, str, bool], ...]
    days: int | None
    basis: str


def ways(db: Where = None, *, on: str | None = None) -> tuple[tuple[str, Named], ...]:
    """The instruments under which the organisation of who asks may ask for help on a day: between two sides, with a form."""
    own, day = _own(db), day_of(on)
    with asked(db) as (_, register):
        found = [one for one in register.all(Instrument) if _may(one, register, own, day)]
        return tuple((one.id, Named(one.title, titles(one.titles))) for one in sorted(found, key=lambda one: one.title))


def way(instrument: str, db: Where = None, *, on: str | None = None, language: str = "en") -> Asking:
    """How the organisation of who asks asks for help under an instrument; raises ``NotFound`` where it may not."""
    own, day = _own(db), day_of(on)
    with asked(db) as (_, register):
        found = register.get(Instrument, instrument)
        if not _may(found, register, own, day):
            raise NotFound("instrument under which your organisation may ask for help", instrument, [])
        form = way_to_ask(register, instrument)
        side = found.participants[own].side if own else ""
        rest = [(each, found.participants[each]) for each in participants_on(found, register, day)]
        others = [(each, name_of(register, each), bool(party.contact)) for each, party in rest if party.side != side]
        questions = tuple((one.id, one.title_in(language), one.help, one.required) for one in form.form)
        title = Named(found.title, titles(found.titles))
        return Asking(
            instrument, title, tuple(sorted(others, key=lambda one: not one[2])), questions, form.meeting_days, form.basis
        )


def _own(db: Where) -> str:
    return db.reader.organisation if isinstance(db, Desk) and db.reader is not None else ""


def _may(one: Instrument, register: Register, own: str, on: date) -> bool:
    present = participants_on(one, register, on)
    sides = {one.participants[each].side for each in present}
    if len(sides) < 2 or (own and own not in present):
        return False
    try:
        return bool(way_to_ask(register, one.id).form)
    except NotFound:
        return False
