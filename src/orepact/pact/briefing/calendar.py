"""``feed``: a body's meetings, its next due date and its commitments as an iCalendar file.

Every entry is a whole day, so that no time zone moves it; nothing repeats by rule, as the next date follows from the last
meeting. An entry keeps its UID for life; its SEQUENCE is the sum of the versions of the records from which it follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal

from orepact.pact.bodies.body import Body
from orepact.pact.bodies.due import next_due
from orepact.pact.bodies.meetings import meetings_of
from orepact.pact.bodies.rotation import chair
from orepact.pact.dates.days import Span, happened
from orepact.pact.instruments.commitments import Commitment, progress

if TYPE_CHECKING:
    from icalendar import Event

    from orepact.pact.bodies.meetings import Meeting
    from orepact.pact.records.register import Register

#: The domain part of every UID.
HOME = "orepact"


@dataclass(frozen=True, slots=True)
class Occasion:
    """An entry of the calendar: whole days from ``first`` to ``last``; ``about``: the records from which it follows."""

    uid: str
    first: date
    last: date
    title: str
    text: str
    about: tuple[tuple[str, str], ...]
    place: str = ""
    status: Literal["CONFIRMED", "CANCELLED", "TENTATIVE"] = "CONFIRMED"


def feed(
    body: str, register: Register, on: date, versions: Mapping[tuple[str, str], int] | None = None, language: str = "en"
) -> bytes:
    """The calendar of a body as known on a day, as UTF-8; ``versions``: version of each record by kind and id, 0 where not given.

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
    for one in occasions(found, register, on, language):
        calendar.add_component(_event(one, on, sum((versions or {}).get(key, 0) for key in one.about)))
    return bytes(calendar.to_ical())


def occasions(body: Body, register: Register, on: date, language: str = "en") -> list[Occasion]:
    """The entries of the calendar, in the order of their days."""
    meetings = (_meeting(meeting, on, language) for meeting in meetings_of(body.id, register))
    found = [*(one for one in meetings if one), *_due(body, register, on, language), *_commitments(body, register, on, language)]
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
    uid, title = f"due-{body.id}-after-{after}@{HOME}", f"Due: {body.title_in(language)}"
    about = ((body.kind, body.id), *(((due.last.kind, due.last.id),) if due.last else ()))
    # what follows from a reading of the text is no day that anybody set
    status: Literal["CONFIRMED", "TENTATIVE"] = "TENTATIVE" if body.meets and body.meets.counted_inferred else "CONFIRMED"
    yield Occasion(uid, due.day, due.day, title, "\n".join([due.rule, *words]), about, status=status)


def _commitments(body: Body, register: Register, on: date, language: str) -> Iterator[Occasion]:
    """Commitments before the body or under its instrument that are open, on the last day that they have."""
    pointing = [*register.pointing.get(body.id, ()), *register.pointing.get(body.instrument or "", ())]
    mine = {record.id: record for record, _ in pointing if isinstance(record, Commitment)}
    for one in mine.values():
        stand = progress(one, on)
        if stand.due and stand.state in ("open", "overdue"):
            last = Span.of(stand.due).last
            text = f"{one.owner}: {one.text or one.title}"
            about = ((one.kind, one.id),)
            yield Occasion(f"commitment-{one.id}@{HOME}", last, last, f"Due: {one.title_in(language)}", text, about)


def _event(one: Occasion, on: date, version: int) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", one.uid)
    event.add("dtstamp", datetime.combine(on, time(), UTC))
    event.add("dtstart", one.first)
    event.add("dtend", one.last + timedelta(days=1))
    event.add("summary", one.title)
    event.add("sequence", version)
    event.add("status", one.status)
    event.add("transp", "TRANSPARENT")
    if one.text:
        event.add("description", one.text)
    if one.place:
        event.add("location", one.place)
    return event
