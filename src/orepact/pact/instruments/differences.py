"""``Difference``: participants read an instrument differently, and settle it by consultation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Literal

from orepact.errors import Problem
from orepact.pact.dates.days import happened
from orepact.pact.dates.ordering import in_order
from orepact.pact.dates.past import PastDate
from orepact.pact.instruments.instrument import Instrument, unknown_articles
from orepact.pact.records.record import Entry, Identifier, Part, Record, Text
from orepact.pact.records.references import BodyId, InstrumentId, MeetingId, OrganisationId

if TYPE_CHECKING:
    from orepact.pact.records.register import Register

State = Literal["not_raised", "raised", "in_consultation", "settled", "withdrawn"]


class Position(Part):
    """What a participant holds, from a day on; a later one takes the place of an earlier one, and both stay."""

    organisation: OrganisationId
    day: PastDate
    text: Text


class Consultation(Part):
    """They talked: on which day, where."""

    day: PastDate
    body: BodyId | None = None
    meeting: MeetingId | None = None
    text: Text = ""


class Difference(Record):
    """A question to be settled by consultation: positions, consultations, and the outcome once it is settled."""

    kind: ClassVar[str] = "difference"

    instrument: InstrumentId
    articles: tuple[Identifier, ...] = ()
    raised_by: OrganisationId
    raised: PastDate
    text: Text = ""
    positions: tuple[Position, ...] = ()
    consultations: tuple[Consultation, ...] = ()
    settled: PastDate | None = None
    withdrawn: PastDate | None = None
    outcome: Text = ""

    def entry(self) -> Entry:
        """Its state as written down."""
        state = "settled" if self.settled else "withdrawn" if self.withdrawn else "open"
        return Entry(self.title, state, self.raised_by, self.instrument, self.articles)

    def state_on(self, on: date) -> State:
        """Its state on a day."""
        if not happened(self.raised, on):
            return "not_raised"
        if self.settled and happened(self.settled, on):
            return "settled"
        if self.withdrawn and happened(self.withdrawn, on):
            return "withdrawn"
        return "in_consultation" if any(happened(talk.day, on) for talk in self.consultations) else "raised"

    def positions_on(self, on: date) -> dict[str, Position]:
        """The position of each participant that has taken one by a day."""
        return {one.organisation: one for one in sorted(self.positions, key=lambda one: one.day) if happened(one.day, on)}

    def problems(self, register: Register) -> Iterator[Problem]:
        """Dates that contradict, an end without outcome or without talk, people who are no party."""
        where = f"difference {self.id}"
        yield from unknown_articles(register, f"{where}, articles", self.instrument, self.articles)
        yield from in_order(where, raised=self.raised, settled=self.settled)
        yield from in_order(where, raised=self.raised, withdrawn=self.withdrawn)
        for day in (*(one.day for one in self.positions), *(one.day for one in self.consultations)):
            yield from in_order(where, raised=self.raised, day=day)
        if self.settled and self.withdrawn:
            yield Problem(f"{where}, withdrawn", "settled or withdrawn", "both", "leave out one of the two")
        if self.settled and not (self.outcome and self.consultations):
            yield Problem(f"{where}, outcome", "a consultation and what came of it", "an end without", "add what is missing")
        instrument = register.records.get((Instrument.kind, self.instrument))
        parties = instrument.participants if isinstance(instrument, Instrument) else {}
        for name in (self.raised_by, *(one.organisation for one in self.positions)) if parties else ():
            if name not in parties:
                yield Problem(where, f"parties of {self.instrument}", name, f"they are {', '.join(parties)}")
