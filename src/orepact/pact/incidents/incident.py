"""``Incident``: a disruption for which a party asks the others for help, from the alert to the end.

The record holds what the asking party says and what was done about a meeting; assessments, decisions, deliveries and reviews
are records that point to it, so that each is changed by itself. ``progress`` puts them together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field, ValidationInfo, field_validator

from orepact.errors import BadInput, Problem
from orepact.pact.dates.clocks import Clock, clock
from orepact.pact.dates.moments import Zone, local_day
from orepact.pact.dates.ordering import in_order
from orepact.pact.dates.past import PastDate, PastDay, PastMoment
from orepact.pact.decisions.decision import Quorum
from orepact.pact.incidents.patterns import Pattern, way_to_ask
from orepact.pact.instruments.ending import end_of, participants_on
from orepact.pact.instruments.instrument import Instrument, unknown_articles
from orepact.pact.records.changes import kept
from orepact.pact.records.codes import unknown
from orepact.pact.records.record import Confidence, Entry, Identifier, Part, Record, Text
from orepact.pact.records.references import (
    AlertLevelCode,
    InstrumentId,
    MeetingId,
    MeetingModeCode,
    OrganisationId,
    PatternId,
    PersonId,
)

if TYPE_CHECKING:
    from orepact.pact.records.register import Register

Filled = Annotated[Text, Field(min_length=1)]


class Happening(Part):
    """The event behind an incident: its id in the library of shocks where it has one, and since when it is publicly known.

    ``text``: its whole content as JSON, as it was when the incident was opened, with its SHA-256 in ``hash``; "" where nobody has
    frozen it.
    """

    id: Text = ""
    title: Filled
    known_from: date
    sources: tuple[Text, ...] = ()
    text: Text = ""
    hash: Text = Field(default="", validate_default=True)

    @field_validator("hash")
    @classmethod
    def _fits(cls, stated: str, info: ValidationInfo) -> str:
        text = info.data.get("text")
        if text is not None and stated != text_hash(text):
            raise ValueError("the SHA-256 of the text of the event: it was changed since the incident was opened")
        return stated


def text_hash(text: str) -> str:
    """SHA-256 of the text of an event; "" without a text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest() if text else ""


class Alert(Part):
    """What early warning said: the level of a commodity (or of everything, "") for a place on a day, and why.

    ``level`` is an entry of the list ``alert_level``; ``reasons`` and ``no_data`` as the watch gives them.
    """

    place: Filled
    commodity: Text = ""
    level: AlertLevelCode
    on: PastDay
    reasons: tuple[Text, ...] = ()
    no_data: tuple[Text, ...] = ()
    confidence: Confidence = "derived"


class Request(Part):
    """A party asks the others: who, when, and the answers to the form of the pattern.

    ``received_at``: when the last of ``asked`` had it; the clock of the meeting starts on the day after.
    """

    by: OrganisationId
    person: PersonId | None = None
    asked: tuple[OrganisationId, ...] = Field(min_length=1)
    sent_at: PastMoment
    received_at: PastMoment
    answers: Mapping[Identifier, Filled]


class Met(Part):
    """The meeting on the request: a day, in person or not (a list), and the meeting of a body if it was one."""

    on: PastDay
    mode: MeetingModeCode
    meeting: MeetingId | None = None
    note: Text = ""


class Closing(Part):
    """The end of an incident, with its reason: handled, withdrawn, or something else."""

    on: PastDate
    reason: Filled


#: What an incident keeps once a request started its clock; whether it is a drill it always keeps.
RUNNING = ("instrument", "pattern", "drill", "meeting_days", "time_zone")


class Incident(Record):
    """A disruption in which help may be asked for, under an instrument. ``drill``: an exercise, which counts among no real ones.

    ``meeting_days`` are those of the pattern when it was opened, so that a later pattern moves no clock that runs.
    """

    kind: ClassVar[str] = "incident"

    instrument: InstrumentId
    article: Identifier | None = None
    pattern: PatternId
    drill: bool = False
    event: Happening | None = None
    alert: Alert | None = None
    request: Request | None = None
    meeting_days: int | None = Field(default=None, ge=1, le=366)
    time_zone: Zone = "UTC"
    met: Met | None = None
    closed: Closing | None = None

    @classmethod
    def opened(cls, register: Register, **fields: Any) -> Incident:
        """A new incident with the form, the clock and the time zone of its instrument's pattern where no others are given.

        Raises ``BadInput`` with every problem, ``NotFound`` for an instrument that is not there or has no pattern.
        """
        from pydantic import ValidationError

        from orepact.facts.typed_problems import problems_of

        named = str(fields.get("instrument", ""))
        register.get(Instrument, named)
        pattern = register.get(Pattern, str(fields["pattern"])) if fields.get("pattern") else way_to_ask(register, named)
        usual = {"pattern": pattern.id, "meeting_days": pattern.meeting_days, "time_zone": pattern.time_zone}
        try:
            found = cls.model_validate({**usual, **fields})
        except ValidationError as error:
            raise BadInput(problems_of(error, "incident", fields, cls)) from error
        problems = [*register.plus([found]).problems([found])]
        if problems:
            raise BadInput(problems)
        return found

    @property
    def received_on(self) -> date | None:
        """The day of receipt, where the incident's clock is; None without a request."""
        return local_day(self.request.received_at, self.time_zone) if self.request else None

    @property
    def closed_on(self) -> str | None:
        """The date of its end; None while it is open."""
        return self.closed.on if self.closed else None

    def meeting_clock(self, on: date) -> Clock:
        """The clock of the meeting as it stands on a day."""
        return clock(self.received_on, self.meeting_days, on=on, done=self.met.on if self.met else None)

    def entry(self) -> Entry:
        """Its state is whether it is closed, and whether it is a drill; it is due when the meeting is."""
        state = "closed" if self.closed else "open" if self.request else "alert" if self.alert else "noted"
        owner = self.request.by if self.request else ""
        last = None if self.met or self.closed else self.meeting_clock(date.max).last
        title = f"Drill: {self.title}" if self.drill else self.title
        articles = (self.article,) if self.article else ()
        return Entry(title, f"drill, {state}" if self.drill else state, owner, self.instrument, articles, last)

    def problems(self, register: Register) -> Iterator[Problem]:
        """A form that is not filled in, strangers who ask, dates that contradict, names that no list knows."""
        where = f"incident {self.id}"
        yield from unknown_articles(register, f"{where}, article", self.instrument, (self.article,) if self.article else ())
        if self.alert is not None:
            yield from unknown(register, f"{where}, alert.level", "alert_level", self.alert.level)
        if self.met is not None:
            yield from unknown(register, f"{where}, met.mode", "meeting_mode", self.met.mode)
        pattern = register.records.get((Pattern.kind, self.pattern))
        if isinstance(pattern, Pattern):
            yield from self._form(pattern)
        instrument = register.records.get((Instrument.kind, self.instrument))
        if isinstance(instrument, Instrument):
            yield from self._strangers(instrument, register)
        yield from self._dates()

    def forbidden(self, before: Record | None) -> Iterator[Problem]:
        """Another clock than the one that runs, a drill made real or the other way round."""
        if isinstance(before, Incident):
            names, mend = RUNNING if before.request else ("drill",), "close this incident with the reason, and open another one"
            yield from kept(before, self, names, "what it was opened with", mend)
            frozen = before.event.hash if before.event else ""
            if frozen and (self.event is None or self.event.hash != frozen):
                yield Problem(f"incident {self.id}, event", "the event as it was frozen", "another one", mend)

    def quorum(self, register: Register) -> Quorum | None:
        """Who decides on aid, as its pattern says; None where the pattern is not there."""
        pattern = register.records.get((Pattern.kind, self.pattern))
        return pattern.quorum if isinstance(pattern, Pattern) else None

    def _form(self, pattern: Pattern) -> Iterator[Problem]:
        where = f"incident {self.id}"
        if not pattern.form:
            yield Problem(f"{where}, pattern", "a pattern with a form", pattern.id, "take a pattern that asks for help")
        if self.request is None:
            return
        asked = {question.id: question for question in pattern.form}
        for name, question in asked.items():
            if question.required and name not in self.request.answers:
                mend = "answer it; where nobody knows yet, write that"
                yield Problem(f"{where}, request.answers.{name}", question.title.lower(), "no answer", mend)
        for name in sorted(set(self.request.answers) - set(asked)):
            yield Problem(f"{where}, request.answers", f"the questions of {pattern.id}: {', '.join(asked)}", name, "leave it out")

    def _strangers(self, instrument: Instrument, register: Register) -> Iterator[Problem]:
        where, request = f"incident {self.id}, request", self.request
        if request is None or self.received_on is None:
            return
        end = end_of(instrument, register, self.received_on)
        if end is not None and end <= self.received_on:
            expected, found = f"a request before {instrument.id} ended ({end})", f"received on {self.received_on}"
            yield Problem(where, expected, found, "take an instrument that works on that day")
            return
        names = participants_on(instrument, register, self.received_on)
        sides = {name: instrument.participants[name].side for name in names}
        parties = ", ".join(sides) or "none is known"
        for name in (request.by, *request.asked):
            if name not in sides:
                yield Problem(where, f"a party of {instrument.id}: {parties}", name, "name a party, or take another instrument")
        own = sides.get(request.by)
        if own is not None and all(sides.get(name) == own for name in request.asked):
            yield Problem(f"{where}.asked", f"a party of another side than {own}", ", ".join(request.asked), "ask another side")

    def _dates(self) -> Iterator[Problem]:
        where, request = f"incident {self.id}", self.request
        if request is not None and request.received_at < request.sent_at:
            expected = f"a moment not before it was sent ({request.sent_at.isoformat()})"
            found = request.received_at.isoformat()
            yield Problem(f"{where}, request.received_at", expected, found, "mend one of the two moments")
        met, closed = self.met.on if self.met else None, self.closed.on if self.closed else None
        if met is not None and request is None:
            yield Problem(
                f"{where}, request", "the request on which they met", "none", "add the request or leave out the meeting"
            )
        sent = local_day(request.sent_at, self.time_zone) if request else None
        yield from in_order(where, request=sent, met=met)
        yield from in_order(where, request=sent, closed=closed)
        yield from in_order(where, known_from=self.event.known_from if self.event else None, closed=closed)
