"""``Meeting``: planned, held or cancelled, with chairs, agenda, minutes, who was there, and guests with scope and expiry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from orepact.errors import Problem
from orepact.pact.bodies.body import Body, Fixed, Rotation
from orepact.pact.dates.days import DateText, Span, happened
from orepact.pact.dates.lasting import Lasting
from orepact.pact.dates.ordering import in_order
from orepact.pact.dates.past import PastDate
from orepact.pact.instruments.articles import instrument_of
from orepact.pact.instruments.instrument import Side, unknown_articles
from orepact.pact.organisations.people import RankCheck, rank_check
from orepact.pact.records.codes import unknown
from orepact.pact.records.record import Confidence, Entry, Identifier, Part, Record, Text
from orepact.pact.records.references import BodyId, DecisionId, ItemId, OrganisationId, PersonId, RankCode

if TYPE_CHECKING:
    from orepact.pact.records.register import Register


class MeetingChair(Part):
    """Who chaired for a side. ``acting_for``: whose turn it was, where another one sat in."""

    side: Side
    organisation: OrganisationId
    acting_for: OrganisationId | None = None
    person: PersonId | None = None
    rank: RankCode | None = None
    confidence: Confidence = "reported"

    @property
    def turn_of(self) -> str:
        """Whose turn the meeting used."""
        return self.acting_for or self.organisation


class AgendaItem(Part):
    """A point of an agenda: the articles it serves, the work item it takes up, the body from which it came."""

    id: Identifier
    text: Text
    articles: tuple[Identifier, ...] = ()
    item: ItemId | None = None
    from_body: BodyId | None = None


class Attendee(Part):
    """Who was there."""

    organisation: OrganisationId
    person: PersonId | None = None


class Guest(Lasting):
    """Who may come, to which agenda items (none named: to all), from when to when."""

    organisation: OrganisationId
    person: PersonId | None = None
    scope: tuple[Identifier, ...] = ()


class Meeting(Record):
    """A meeting of a body. ``planned`` is known from ``announced`` on, ``held`` once it is over; outcomes in our own words."""

    kind: ClassVar[str] = "meeting"

    body: BodyId
    number: int | None = Field(default=None, ge=1)
    announced: PastDate | None = None
    planned: DateText | None = None
    held: PastDate | None = None
    cancelled: PastDate | None = None
    cancel_reason: Text = ""
    place: Text = ""
    chairs: tuple[MeetingChair, ...] = ()
    agenda: tuple[AgendaItem, ...] = ()
    minutes: Text = ""
    outcomes: tuple[Text, ...] = ()
    decisions: tuple[DecisionId, ...] = ()
    attendees: tuple[Attendee, ...] = ()
    guests: tuple[Guest, ...] = ()

    def entry(self) -> Entry:
        """Due on the day for which it is planned."""
        state = "held" if self.held else "cancelled" if self.cancelled else "planned"
        due = Span.of(self.planned).last if self.planned and state == "planned" else None
        articles = self._articles
        instrument = instrument_of(articles[0]) if articles else ""
        return Entry(self.title, state, instrument=instrument, articles=articles, due=due)

    @property
    def _articles(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(article for item in self.agenda for article in item.articles))

    def chair_of(self, side: str) -> MeetingChair | None:
        """Who chaired for a side, where it is known."""
        return next((chair for chair in self.chairs if chair.side == side), None)

    def problems(self, register: Register) -> Iterator[Problem]:
        """Dates that contradict, two meetings of one number, chairs of no side, guests who may not come, unknown articles."""
        where = f"meeting {self.id}"
        yield from in_order(where, announced=self.announced, planned=self.planned)
        if self.held and self.cancelled:
            yield Problem(f"{where}, cancelled", "a meeting held or cancelled", "both", "leave out one of the two")
        if not (self.held or self.planned or self.cancelled):
            yield Problem(f"{where}, planned", "a date planned or held", "none", "give one")
        scopes = {item.id for item in self.agenda}
        for guest in self.guests:
            for name in sorted(set(guest.scope) - scopes):
                expected = "an item of the agenda"
                yield Problem(f"{where}, guests, {guest.organisation}", expected, repr(name), "mend the item, or leave it out")
        body = register.records.get((Body.kind, self.body))
        if isinstance(body, Body):
            yield from self._beside(body, register)

    def _beside(self, body: Body, register: Register) -> Iterator[Problem]:
        where = f"meeting {self.id}"
        yield from unknown_articles(register, f"{where}, agenda", body.instrument, self._articles)
        if self.guests and body.guests is False:
            yield Problem(f"{where}, guests", f"none, as {body.id} takes none", f"{len(self.guests)} guests", "leave them out")
        for chair in self.chairs:
            yield from self._chair_problems(chair, body, register)
        for other in meetings_of(body.id, register):
            if other.id < self.id and other.number == self.number is not None:
                expected = f"one meeting {self.number} of {body.id}"
                yield Problem(f"{where}, number", expected, f"also {other.id}", "mend one of the two")
            if self.number is not None and other.number is not None and self.number < other.number:
                yield from in_order(f"meeting {other.id}", **{f"meeting {self.number}": self.held, "held": other.held})

    def _chair_problems(self, chair: MeetingChair, body: Body, register: Register) -> Iterator[Problem]:
        where = f"meeting {self.id}, chairs, {chair.side}"
        sides = {side.side: side for side in body.sides}
        if chair.rank is not None:
            yield from unknown(register, f"{where}, rank", "rank", chair.rank)
        if chair.side not in sides:
            yield Problem(where, f"a side of {body.id}", chair.side, f"its sides: {', '.join(sides) or 'none is known'}")
            return
        rule = sides[chair.side].chair
        may = [rule.organisation] if isinstance(rule, Fixed) else []
        if isinstance(rule, Rotation):
            may = [name for turn in rule.members for name in (turn.organisation, *turn.instead_of)]
        if rule is not None and chair.turn_of not in may:
            mend = "name whose turn it was in acting_for, or mend the rule of the body"
            yield Problem(where, f"one of {', '.join(may)}", chair.turn_of, mend)


def meetings_of(body: str, register: Register) -> list[Meeting]:
    """Every meeting of a body, by id."""
    return register.referring(Meeting, body, "body")


def held_by(body: str, register: Register, on: date) -> list[Meeting]:
    """The meetings of a body that were surely over on a day, first to last."""
    found = [meeting for meeting in meetings_of(body, register) if meeting.held and happened(meeting.held, on)]
    return sorted(found, key=lambda meeting: (Span.of(str(meeting.held)).last, meeting.number or 0))


def planned_by(body: str, register: Register, on: date) -> list[Meeting]:
    """The meetings that were known on a day to be planned, and neither held nor cancelled by then; soonest first."""
    found = []
    for meeting in meetings_of(body, register):
        known = meeting.planned and (meeting.announced is None or happened(meeting.announced, on))
        over = any(day and happened(day, on) for day in (meeting.held, meeting.cancelled))
        found += [meeting] if known and not over else []
    return sorted(found, key=lambda meeting: Span.of(str(meeting.planned)).first)


def rank_of_chair(meeting: Meeting, side: str, register: Register) -> RankCheck:
    """Whether who chaired for a side ranks as high as the body asks; null where that is not known."""
    needed = register.get(Body, meeting.body).side(side).rank
    chair = meeting.chair_of(side)
    return rank_check(register, chair.rank if chair else None, needed)
