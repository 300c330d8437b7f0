"""Measures by third states: bans, licences, quotas, duties, with the states that each went through, and the shocks it feeds.

A measure names the events of the shock engine that play it, one for each branch, and the rules of the facts that tell it. What
comes after the last dated state is not known: a suspension that ends on a day leaves branches, not a forecast.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Literal

from orepact.errors import Problem
from orepact.pact.dates.days import DateText, Span, happened
from orepact.pact.dates.past import PastDate
from orepact.pact.records.codes import unknown
from orepact.pact.records.record import Confidence, Entry, Identifier, Part, Record, Text
from orepact.pact.records.references import MeasureKindCode

if TYPE_CHECKING:
    from orepact.pact.records.register import Register

MeasureState = Literal["announced", "in_force", "suspended", "ended", "repealed"]
#: States after which a measure is felt no more.
OVER = frozenset({"ended", "repealed"})


class Stage(Part):
    """A state of a measure from a date on, until a date where one is set; ``known_from`` when it was published."""

    date: DateText
    state: MeasureState
    until: DateText | None = None
    known_from: PastDate | None = None
    text: Text = ""
    source: Text = ""
    confidence: Confidence = "reported"


class Measure(Record):
    """A measure of a state that others feel (``country``): ``commodities`` of the facts, ``against`` whom ("" is all)."""

    kind: ClassVar[str] = "measure"

    country: Text
    measure_kind: MeasureKindCode
    commodities: tuple[Identifier, ...] = ()
    against: tuple[Text, ...] = ()
    stages: tuple[Stage, ...] = ()
    rules: tuple[Text, ...] = ()
    events: tuple[Identifier, ...] = ()

    def entry(self) -> Entry:
        """Its last state."""
        last = max(reversed(self.stages), key=lambda one: Span.of(one.date).first, default=None)
        return Entry(self.title, state=last.state if last else "unknown")

    def problems(self, register: Register) -> Iterator[Problem]:
        """Unknown kinds, and stages that end before they begin."""
        where = f"measure {self.id}"
        yield from unknown(register, f"{where}, measure_kind", "measure_kind", self.measure_kind)
        for number, stage in enumerate(self.stages, start=1):
            if stage.until and Span.of(stage.until).surely_before(Span.of(stage.date)):
                place = f"{where}, stages {number}, until"
                yield Problem(place, f"a date not before {stage.date}", stage.until, "mend one of the two dates")


@dataclass(frozen=True, slots=True)
class Standing:
    """A measure on a day: its state, "unknown" before the first stage and once a stage with an end has run out."""

    measure: str
    state: str
    since: str
    until: str
    known_next: str


def stands(measure: Measure, on: date, known: date | None = None) -> Standing:
    """The state of a measure on a day as far as it was known by another (the same day unless said).

    ``known_next`` is the next stage already published. A stage begins on the first day that its date may mean.
    """
    asked = known or on
    told = [one for one in measure.stages if _published(one, asked)]
    begun = [one for one in told if Span.of(one.date).first <= on]
    ahead = [one for one in told if Span.of(one.date).first > on]
    next_one = min(ahead, key=lambda one: Span.of(one.date).first, default=None)
    coming = f"{next_one.state} from {next_one.date}" if next_one else ""
    if not begun:
        return Standing(measure.id, "unknown", "", "", coming)
    last = max(reversed(begun), key=lambda one: Span.of(one.date).first)
    if last.until and Span.of(last.until).last < on:
        return Standing(measure.id, "unknown", last.until, "", coming)
    return Standing(measure.id, last.state, last.date, last.until or "", coming)


def _published(stage: Stage, on: date) -> bool:
    return happened(stage.known_from, on) if stage.known_from else Span.of(stage.date).first <= on


@dataclass(frozen=True, slots=True)
class Ending:
    """A stage that runs out within some days: after it the measure may come back, stay away or be changed."""

    measure: str
    state: str
    until: str
    days: int
    events: tuple[str, ...]


def running_out(measures: Iterable[Measure], on: date, within: int = 90) -> tuple[Ending, ...]:
    """Stages that end within so many days with nothing known after them, the soonest first: scenarios worth running now."""
    found = []
    for measure in measures:
        standing = stands(measure, on)
        if standing.until and not standing.known_next:
            days = (Span.of(standing.until).last - on).days
            if 0 <= days <= within:
                found.append(Ending(measure.id, standing.state, standing.until, days, measure.events))
    return tuple(sorted(found, key=lambda one: (one.days, one.measure)))


def scenarios(measures: Iterable[Measure], on: date) -> dict[str, tuple[str, ...]]:
    """Events of the shock engine to play on a day, with the measures that they play.

    Measures that are over are left out, and those of which nothing was published by the day.
    """
    found: dict[str, list[str]] = {}
    for measure in measures:
        standing = stands(measure, on)
        if standing.state not in OVER and (standing.since or standing.known_next):
            for event in measure.events:
                found.setdefault(event, []).append(measure.id)
    return {event: tuple(names) for event, names in found.items()}
