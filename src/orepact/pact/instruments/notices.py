"""``Notice``: a message through contact points, with a deadline for each of them to acknowledge it.

Moments are kept in UTC. Days are those of the notice's own time zone: a deadline of so many days ends with the last of them
there, the day after sending being the first, whatever the clocks do in between.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from orepact.errors import Problem
from orepact.pact.dates.lasting import Lasting
from orepact.pact.dates.moments import Zone, iso, local_day
from orepact.pact.dates.past import PastMoment
from orepact.pact.instruments.instrument import Instrument
from orepact.pact.records.record import Entry, Part, Record, Text
from orepact.pact.records.references import InstrumentId, OrganisationId, PersonId

if TYPE_CHECKING:
    from orepact.pact.records.register import Register


class Delegate(Lasting):
    """Who answers for a contact point, from when to when."""

    of: OrganisationId
    to: OrganisationId
    person: PersonId | None = None


class Acknowledgement(Part):
    """A contact point, or its delegate, has the notice; ``of``: for whom, where it is not for itself."""

    organisation: OrganisationId
    of: OrganisationId | None = None
    person: PersonId | None = None
    at: PastMoment
    words: Text = ""


class Notice(Record):
    """A message through contact points, under an instrument. ``days``: calendar days to acknowledge it; null: none set."""

    kind: ClassVar[str] = "notice"

    instrument: InstrumentId
    sender: OrganisationId
    to: tuple[OrganisationId, ...] = Field(min_length=1)
    sent_at: PastMoment
    zone: Zone = "UTC"
    days: int | None = Field(default=None, ge=1, le=3660)
    text: Text = ""
    delegates: tuple[Delegate, ...] = ()
    acknowledgements: tuple[Acknowledgement, ...] = ()

    @property
    def sent_on(self) -> date:
        """The day of sending in the notice's zone."""
        return local_day(self.sent_at, self.zone)

    @property
    def deadline(self) -> date | None:
        """The last day on which it is acknowledged in time."""
        return None if self.days is None else self.sent_on + timedelta(days=self.days)

    def entry(self) -> Entry:
        """Open until everyone has acknowledged it."""
        left = set(self.to) - {answer.of or answer.organisation for answer in self.acknowledgements}
        return Entry(self.title, "open" if left else "acknowledged", self.sender, self.instrument, due=self.deadline)

    def problems(self, register: Register) -> Iterator[Problem]:
        """Addressees that are no contact points, answers before the notice or by nobody's delegate."""
        where = f"notice {self.id}"
        instrument = register.records.get((Instrument.kind, self.instrument))
        contacts = instrument.contacts() if isinstance(instrument, Instrument) else ()
        for name in (self.sender, *self.to) if contacts else ():
            if name not in contacts:
                yield Problem(where, f"contact points of {self.instrument}", name, f"they are {', '.join(contacts)}")
        if self.sender in self.to:
            mend = "leave it out of those to whom it goes"
            yield Problem(f"{where}, to", "others than who sends it", self.sender, mend)
        given = [answer.of or answer.organisation for answer in self.acknowledgements]
        for name in sorted({name for name in given if given.count(name) > 1}):
            mend = "nothing is left to do: it is acknowledged for this one"
            yield Problem(f"{where}, acknowledgements", f"one for {name}", f"{given.count(name)} of them", mend)
        for answer in self.acknowledgements:
            at, whose = f"{where}, acknowledgements, {answer.organisation}", answer.of or answer.organisation
            if answer.at < self.sent_at:
                yield Problem(at, f"a moment not before {iso(self.sent_at)}", iso(answer.at), "mend one of the two")
            if whose not in self.to:
                yield Problem(at, f"one of {', '.join(self.to)}", whose, "say in `of` for whom it answers")
            if answer.of and answer.of != answer.organisation and not self._stands_in(answer):
                mend = "name the delegate with the days on which it stands in"
                yield Problem(at, f"a delegate of {answer.of} on that day", answer.organisation, mend)

    def _stands_in(self, answer: Acknowledgement) -> bool:
        day = local_day(answer.at, self.zone)
        return any((one.of, one.to) == (answer.of, answer.organisation) and one.holds_on(day) for one in self.delegates)


@dataclass(frozen=True, slots=True)
class Answer:
    """The state of a notice for one addressee on a day.

    ``late_days``: days beyond the deadline; ``ask``: whom to ask, its delegate of that day or itself.
    """

    organisation: str
    state: Literal["acknowledged", "waiting", "late"]
    at: datetime | None = None
    late_days: int = 0
    ask: str = ""


def answers(notice: Notice, on: date) -> tuple[Answer, ...]:
    """The state for each addressee at the end of a day; none before it was sent."""
    if notice.sent_on > on:
        return ()
    return tuple(_answer(notice, name, on) for name in notice.to)


def _answer(notice: Notice, name: str, on: date) -> Answer:
    given = (one for one in notice.acknowledgements if (one.of or one.organisation) == name)
    known = [one for one in given if local_day(one.at, notice.zone) <= on]
    first = min(known, key=lambda one: one.at, default=None)
    day = on if first is None else local_day(first.at, notice.zone)
    late = max(0, (day - notice.deadline).days) if notice.deadline else 0
    if first is not None:
        return Answer(name, "acknowledged", first.at, late)
    ask = next((one.to for one in notice.delegates if one.of == name and one.holds_on(on)), name)
    return Answer(name, "late" if late else "waiting", None, late, ask)
