"""``feed``: a body's meetings, its next due date, decisions and commitments as an iCalendar file.

Every entry is a whole day, so that no time zone moves it; nothing repeats by rule, as the next date follows from the last
meeting. An entry keeps its UID for life; its SEQUENCE is the sum of the versions of the records from which it follows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal

from orepact.pact.bodies.body import Body
from orepact.pact.bodies.due import next_due
from orepact.pact.bodies.meetings import meetings_of
from orepact.pact.bodies.rotation import chair
from orepact.pact.dates.days import Span, happened
from orepact.pact.decisions.decision import AidChoice, Decision
from orepact.pact.decisions.subjects import matter_of
from orepact.pact.instruments.commitments import Commitment, progress

if TYPE_CHECKING:
    from icalendar import Event

    from orepact.pact.bodies.meetings import Meeting
    from orepact.pact.records.register import Register

#: The domain part of every UID.
HOME = "orepact"


@dataclass(frozen=True, slots=True)
class Occasion:
    """An entry of the calendar: whole days from ``first`` to ``last``; ``about``: the records from which it follows; ``word``:
    what stands before its name ("" for a meeting).
    """

    uid: str
    first: date
    last: date
    name: str
    text: str
    about: tuple[tuple[str, str], ...]
    place: str = ""
    status: Literal["CONFIRMED", "CANCELLED", "TENTATIVE"] = "CONFIRMED"
    word: str = ""

    @property
    def title(self) -> str:
        """Its name with what it is."""
        return f"{self.word}: {self.name}" if self.word else self.name


@dataclass(frozen=True, slots=True)
class Last:
    """The last version of a record, and its moment (None: not known)."""

    version: int = 0
    at: datetime | None = None


#: Of a record of which nothing is known but that it is there.
UNKNOWN = Last()


def feed(
    body: str,
    register: Register,
    on: date,
    last: Mapping[tuple[str, str], Last] | None = None,
    language: str = "en",
    *,
    without: Collection[tuple[str, str]] = (),
    label: str = "",
    called: Callable[[Occasion], str] | None = None,
) -> bytes:
    """The calendar of a body as known on a day, as UTF-8; ``last``: the last version of each record by kind and id.

    An entry is stamped with the moment of the last change of what it follows from, with the begin of the day where that is not
    known: the same entries give the same bytes. ``without``: what follows from these records is left out. ``label``: who may know
    of it, for people to read. ``called``: the title of an entry in the language; its name after its word in English where none is
    given.

    It holds whatever the register holds: what a reader may not see must be left out of that before. Raises ``NotFound`` for a
    body that is not there.
    """
    from icalendar import Calendar

    found = register.get(Body, body)
    calendar = Calendar()
    calendar.add("prodid", "-//orepact//pact//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", found.title_in(language))
    if label:
        calendar.add("x-wr-caldesc", label)
    for one in occasions(found, register, on, language):
        if not any(key in without for key in one.about):
            title = called(one) if called else one.title
            calendar.add_component(_event(one, title, on, [(last or {}).get(key, UNKNOWN) for key in one.about]))
    return bytes(calendar.to_ical())


def occasions(body: Body, register: Register, on: date, language: str = "en") -> list[Occasion]:
    """The entries of the calendar, in the order of their days."""
    meetings = (_meeting(meeting, on, language) for meeting in meetings_of(body.id, register))
    found = [*(one for one in meetings if one)]
    for told in (_due, _decisions, _commitments):
        found += told(body, register, on, language)
    return sorted(found, key=lambda one: (one.first, one.uid))


def _meeting(meeting: Meeting, on: date, language: str) -> Occasion | None:
    """A meeting on its day held, or the day planned; None while nothing of it is known."""
    held = meeting.held if meeting.held and happened(meeting.held, on) else None
    known = meeting.announced is None or happened(meeting.announced, on)
    day = held or (meeting.planned if known else None)
    if day is None:
        return None
    cancelled = meeting.cancelled is not None and happened(meeting.cancelled, on)
    sure = held is not None and meeting.confidence != "unverified"
    status: Literal["CONFIRMED", "CANCELLED", "TENTATIVE"] = "CANCELLED" if cancelled else "CONFIRMED" if sure else "TENTATIVE"
    chairs = "\n".join(f"{chair.side}: {chair.organisation}" for chair in meeting.chairs) if held else ""
    doubt = "The date or the chairs are unverified." if meeting.confidence == "unverified" else ""
    text = "\n".join(
        part for part in (chairs, *(f"- {item.text}" for item in meeting.agenda), meeting.cancel_reason, doubt) if part
    )
    span, uid, about = Span.of(day), f"meeting-{meeting.id}@{HOME}", ((meeting.kind, meeting.id),)
    return Occasion(uid, span.first, span.last, meeting.title_in(language), text, about, meeting.place, status)


def _due(body: Body, register: Register, on: date, language: str) -> Iterator[Occasion]:
    due = next_due(body.id, register, on)
    if due.day is None:
        return
    chairs = ((side.side, chair(body.id, side.side, register, on)) for side in body.sides)
    words = [f"{side}: {found.organisation or ' / '.join(found.candidates) or 'not stated'}" for side, found in chairs]
    after = due.last.id if due.last else "start"
    uid, name = f"due-{body.id}-after-{after}@{HOME}", body.title_in(language)
    about = ((body.kind, body.id), *(((due.last.kind, due.last.id),) if due.last else ()))
    # what follows from a reading of the text is no day that anybody set
    status: Literal["CONFIRMED", "TENTATIVE"] = "TENTATIVE" if body.meets and body.meets.counted_inferred else "CONFIRMED"
    yield Occasion(uid, due.day, due.day, name, "\n".join([due.rule, *words]), about, status=status, word="Due")


#: By state of a decision: what stands before its title, and how sure its day is.
_DECIDED: dict[str, tuple[str, Literal["CONFIRMED", "CANCELLED", "TENTATIVE"]]] = {
    "open": ("To be decided", "TENTATIVE"),
    "approved": ("Approved", "CONFIRMED"),
    "declined": ("Declined", "CONFIRMED"),
    "expired": ("Expired", "CANCELLED"),
}


def _decisions(body: Body, register: Register, on: date, language: str) -> Iterator[Occasion]:
    """Decisions under its instrument: on the day on which they were settled, else until which keys may be turned, else asked for.

    What is decided in an exercise is no date of the body.
    """
    for one in register.referring(Decision, body.instrument) if body.instrument else ():
        outcome = one.outcome_on(on)
        matter = matter_of(one.subject, register) if isinstance(one.subject, AidChoice) else None
        if outcome.state not in _DECIDED or (matter is not None and matter.drill):
            continue
        word, status = _DECIDED[outcome.state]
        day = outcome.day or one.expires_on or one.day_of(one.asked_at)
        text = "\n".join(part for part in (f"{one.asked_by}: {one.subject.text}", outcome.because) if part)
        about = ((one.kind, one.id),)
        name = one.title_in(language)
        yield Occasion(f"decision-{one.id}@{HOME}", day, day, name, text, about, status=status, word=word)


def _commitments(body: Body, register: Register, on: date, language: str) -> Iterator[Occasion]:
    """Commitments before the body or under its instrument that are open, on the last day that they have."""
    mine = {one.id: one for name in (body.id, body.instrument) if name for one in register.referring(Commitment, name)}
    for one in mine.values():
        stand = progress(one, on)
        if stand.due and stand.state in ("open", "overdue"):
            last = Span.of(stand.due).last
            text = f"{one.owner}: {one.text or one.title}"
            about = ((one.kind, one.id),)
            yield Occasion(f"commitment-{one.id}@{HOME}", last, last, one.title_in(language), text, about, word="Due")


def _event(one: Occasion, title: str, on: date, last: Sequence[Last]) -> Event:
    from icalendar import Event

    moments = [each.at for each in last if each.at is not None]
    stamp = max(moments) if len(moments) == len(last) else datetime.combine(on, time(), UTC)
    event = Event()
    event.add("uid", one.uid)
    event.add("dtstamp", stamp.replace(microsecond=0))
    event.add("dtstart", one.first)
    event.add("dtend", one.last + timedelta(days=1))
    event.add("summary", title)
    event.add("sequence", sum(each.version for each in last))
    event.add("status", one.status)
    event.add("transp", "TRANSPARENT")
    if one.text:
        event.add("description", one.text)
    if one.place:
        event.add("location", one.place)
    return event
