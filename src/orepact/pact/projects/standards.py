"""Standards in the making: items with the positions of each side over time, where they differ, and what is due when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from orepact.errors import Problem
from orepact.pact.dates.days import DateText, Span, happened
from orepact.pact.dates.past import PastDate
from orepact.pact.projects.project import Served, places_of, served_problems
from orepact.pact.records.codes import unknown
from orepact.pact.records.record import Confidence, Entry, Part, Record, Text
from orepact.pact.records.references import OrganisationId, StanceCode, StandardTopicCode

if TYPE_CHECKING:
    from orepact.pact.records.register import Register


class Position(Part):
    """What a side says of an item from a date on: ``stance`` is an entry of the list of stances, ``country`` the side."""

    country: Text = Field(min_length=1)
    organisation: OrganisationId | None = None
    date: PastDate
    stance: StanceCode
    text: Text = ""
    source: Text = ""
    confidence: Confidence = "reported"


class StandardMilestone(Part):
    """A step in the making of a standard: planned for, reached."""

    title: Text = Field(min_length=1)
    planned_for: DateText | None = None
    reached_on: PastDate | None = None


class Standard(Record):
    """A method, a scheme, a technical standard. ``body_name`` makes it, ``gap`` is what is missing between sides."""

    kind: ClassVar[str] = "standard"

    topic: StandardTopicCode
    body_name: Text = ""
    reference: Text = ""
    serves: tuple[Served, ...] = ()
    positions: tuple[Position, ...] = ()
    milestones: tuple[StandardMilestone, ...] = ()
    gap: Text = ""

    def entry(self) -> Entry:
        """Its topic and the articles that it serves."""
        return Entry(self.title, self.topic, "", *places_of(self.serves))

    def problems(self, register: Register) -> Iterator[Problem]:
        """Unknown topics, stances and articles; two stances of a side on one day."""
        where = f"standard {self.id}"
        yield from unknown(register, f"{where}, topic", "standard_topic", self.topic)
        yield from served_problems(register, where, self.serves)
        seen: dict[tuple[str, str], str] = {}
        for number, one in enumerate(self.positions, start=1):
            place = f"{where}, positions {number}"
            yield from unknown(register, f"{place}, stance", "stance", one.stance)
            if seen.setdefault((one.country, one.date), one.stance) != one.stance:
                found = f"{seen[one.country, one.date]} and {one.stance} of {one.country} on {one.date}"
                yield Problem(place, "one stance of a side at a time", found, "keep the one that holds")


def stances(standard: Standard, on: date) -> dict[str, Position]:
    """The last position of each side by a day."""
    found: dict[str, Position] = {}
    for one in sorted(standard.positions, key=lambda one: Span.of(one.date)):
        if happened(one.date, on):
            found[one.country] = one
    return found


@dataclass(frozen=True, slots=True)
class Alignment:
    """Whether sides agree on a day: ``differ`` when two stances do; ``silent`` sides have stated nothing."""

    standard: str
    stances: dict[str, str]
    differ: bool
    silent: tuple[str, ...]


def alignment(standard: Standard, sides: tuple[str, ...], on: date) -> Alignment:
    """The stances of sides on an item; silence is neither agreement nor difference."""
    known = {side: one.stance for side, one in stances(standard, on).items() if side in sides}
    return Alignment(standard.id, known, len(set(known.values())) > 1, tuple(side for side in sides if side not in known))


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A milestone not reached by a day; ``missed`` when its date has passed."""

    standard: str
    title: str
    planned_for: str
    missed: bool


def upcoming(standard: Standard, on: date) -> tuple[Upcoming, ...]:
    """Milestones with a date that are not reached by a day, the next first."""
    ahead = [one for one in standard.milestones if one.planned_for and not (one.reached_on and happened(one.reached_on, on))]
    ahead.sort(key=lambda one: Span.of(one.planned_for or "").last)
    return tuple(Upcoming(standard.id, one.title, text := one.planned_for or "", Span.of(text).last < on) for one in ahead)
