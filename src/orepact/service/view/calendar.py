"""What the calendars of bodies hold between two days: meetings, days by which they are due, decisions, commitments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol

from orepact.errors import BadInput, Problem
from orepact.report.sentences import Said, said, sentence, spoken
from orepact.report.voice import Voice
from orepact.service.pact.desk import asked, manifest_of, opened
from orepact.service.result import Result, Rows
from orepact.service.rules import day_of

if TYPE_CHECKING:
    from orepact.service.pact.desk import Where

#: So far ahead a calendar is told where no last day is given; and at most.
AHEAD, LONGEST = timedelta(days=400), timedelta(days=3660)
#: Kinds and states of occasions, as they are said.
KINDS = {
    "meeting": sentence("meeting"),
    "body": sentence("a meeting is due"),
    "commitment": sentence("a commitment is due"),
    "decision": sentence("decision"),
}
WORDS = {
    "Due": sentence("Due"),
    "To be decided": sentence("To be decided"),
    "Approved": sentence("Approved"),
    "Declined": sentence("Declined"),
    "Expired": sentence("Expired"),
}
STATES = {"CONFIRMED": sentence("certain"), "TENTATIVE": sentence("not certain"), "CANCELLED": sentence("cancelled")}
COLUMNS = ("first", "last", "title", "kind", "record", "body", "place", "status", "text")


@dataclass(frozen=True, slots=True)
class Occasion:
    """A whole day, or several, in the calendar of a body; ``kind``: meeting, body (due to meet), decision or commitment, and
    which record; ``word``: what stands before its ``name`` in its title.
    """

    body: str
    first: date
    last: date
    title: str
    text: str
    place: str
    status: str
    kind: str
    record: str
    name: str
    word: str


class Entry(Protocol):
    """What stands in a calendar by a name, after a word for what it is ("" for a meeting)."""

    @property
    def name(self) -> str:
        """The name."""

    @property
    def word(self) -> str:
        """One of ``WORDS``, or none."""


def called(one: Entry) -> str | Said:
    """The name of an entry, after the word for what it is."""
    return said("{what}: {name}", what=said(WORDS[one.word]), name=one.name) if one.word else one.name


def called_in(language: str) -> Callable[[Entry], str]:
    """What an entry is called in a language; raises ``NotFound`` for one without a catalogue."""
    voice = Voice.of(language)
    return lambda one: str(spoken(called(one), voice))


def occasions(
    db: Where, first: date, last: date, *, bodies: Sequence[str] = (), on: str | None = None, language: str = "en"
) -> tuple[Occasion, ...]:
    """What falls between two days in the calendars of bodies (of all when none is named), each once."""
    from orepact.pact.bodies.body import Body
    from orepact.pact.briefing.calendar import occasions as of_body

    found: dict[str, Occasion] = {}
    day = day_of(on)
    with asked(db) as (_, register):
        for body in sorted(register.all(Body), key=lambda one: one.id):
            if bodies and body.id not in bodies:
                continue
            for one in of_body(body, register, day, language):
                kind, record = one.about[0]
                if one.last >= first and one.first <= last and one.uid not in found:
                    found[one.uid] = Occasion(
                        body.id, one.first, one.last, one.title, one.text, one.place, one.status, kind, record, one.name, one.word
                    )
    return tuple(sorted(found.values(), key=lambda one: (one.first, one.title)))


def view_calendar(
    db: Where = None, *, first: str | None = None, last: str | None = None, bodies: Sequence[str] = (), on: str | None = None,
    language: str = "en",
) -> Result:  # fmt: skip
    """The occasions between two days as known on a day, in the calendars of bodies (of all when none is named), a row each.

    ``first``: the day asked about where none is given; ``last``: 400 days after it. Raises ``BadInput`` for more than ten years.
    """
    day = day_of(on)
    begin = day_of(first) if first else day
    end = day_of(last) if last else begin + AHEAD
    if not begin <= end <= begin + LONGEST:
        expected = f"a day from {begin} on, within {LONGEST.days} days"
        raise BadInput([Problem("last", expected, str(end), "ask for a shorter time")])
    title = called_in(language)
    told = [{**_row(one), "title": title(one)} for one in occasions(db, begin, end, bodies=bodies, on=on, language=language)]
    with opened(db) as store:
        manifest = manifest_of(store, day)
    meta = {"title": f"{len(told)} entries from {begin} to {end}, as known on {day}", "manifest": manifest}
    return Result(Rows(COLUMNS, told), meta, shown=lambda data: data.drop(columns=["last", "text"]))


def _row(one: Occasion) -> dict[str, str]:
    return {**{name: getattr(one, name) for name in COLUMNS}, "first": one.first.isoformat(), "last": one.last.isoformat()}
