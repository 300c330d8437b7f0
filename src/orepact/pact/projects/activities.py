"""Activities: missions, workshops, pilots, joint research and what came of them, asked after 6, 12 and 24 months.

An activity without an outcome is not a failure; an outcome that nobody asked for in time is. Results refer to the records that
came of it (projects, contracts, other activities), so that they can be counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from orepact.errors import Problem
from orepact.pact.dates.days import DateText, Span, happened, months_after
from orepact.pact.dates.past import PastDate
from orepact.pact.projects.project import PartyOf, Served, places_of, served_problems
from orepact.pact.records.codes import unknown
from orepact.pact.records.fields import Reference
from orepact.pact.records.record import Confidence, Entry, Identifier, Part, Record, Text
from orepact.pact.records.references import ActivityId, ActivityKindCode, ContractId, ProjectId

if TYPE_CHECKING:
    from orepact.pact.records.register import Register

#: Months after the end of an activity when its outcomes are asked for.
ASKED_AFTER = (6, 12, 24)
#: Days around such a day within which an answer counts for it.
AROUND = 60


class Outcome(Part):
    """What came of it: said at a date, for one of the reviews (``months``) or in between; nothing came of it when ``nothing``."""

    date: PastDate
    text: Text = Field(min_length=1)
    months: int | None = None
    nothing: bool = False
    projects: tuple[ProjectId, ...] = ()
    contracts: tuple[ContractId, ...] = ()
    activities: tuple[ActivityId, ...] = ()
    source: Text = ""
    confidence: Confidence = "reported"


class Stop(Part):
    """A place on the way of a mission, and whom it asked to meet."""

    date: DateText | None = None
    place: Text = Field(min_length=1)
    project: ProjectId | None = None
    asked: Text = ""


class Trial(Part):
    """A pilot: what it should show, measured how, against what; and what it showed."""

    hypothesis: Text = Field(min_length=1)
    metric: Text = Field(min_length=1)
    unit: Text = ""
    baseline: float | None = None
    target: float | None = None
    result: float | None = None
    higher_is_better: bool = True

    def succeeded(self) -> bool | None:
        """Whether the result reached the target, None before there are both."""
        if self.result is None or self.target is None:
            return None
        return self.result >= self.target if self.higher_is_better else self.result <= self.target


class Readiness(Part):
    """Technology readiness (1 to 9) of a piece of research at a date."""

    date: PastDate
    level: int = Field(ge=1, le=9)


class Research(Part):
    """Joint research: its readiness over time, and the parameters of processes that a result would change."""

    readiness: tuple[Readiness, ...] = ()
    parameters: tuple[Text, ...] = ()
    property_agreement: Annotated[Identifier, Reference(("instrument",))] | None = None


class Activity(Record):
    """A mission, a workshop, a pilot, research: who, when, where, and what came of it."""

    kind: ClassVar[str] = "activity"

    activity_kind: ActivityKindCode
    begins: DateText
    ends: DateText | None = None
    place: Text = ""
    host: PartyOf | None = None
    parties: tuple[PartyOf, ...] = ()
    participants: int | None = Field(default=None, ge=1)
    serves: tuple[Served, ...] = ()
    route: tuple[Stop, ...] = ()
    trial: Trial | None = None
    research: Research | None = None
    outcomes: tuple[Outcome, ...] = ()
    follows: tuple[ActivityId, ...] = ()

    @property
    def last_day(self) -> date:
        """The last day on which it may have ended."""
        return Span.of(self.ends or self.begins).last

    def entry(self) -> Entry:
        """Its kind, host and the articles that it serves."""
        owner = (self.host.organisation or "") if self.host else ""
        return Entry(self.title, self.activity_kind, owner, *places_of(self.serves))

    def problems(self, register: Register) -> Iterator[Problem]:
        """Unknown kinds and articles, an end before the begin, outcomes before the activity, reviews that nobody asks for."""
        where = f"activity {self.id}"
        yield from unknown(register, f"{where}, activity_kind", "activity_kind", self.activity_kind)
        yield from served_problems(register, where, self.serves)
        begin = Span.of(self.begins)
        if self.ends and Span.of(self.ends).surely_before(begin):
            yield Problem(f"{where}, ends", f"a date not before {self.begins}", self.ends, "mend one of the two dates")
        for number, outcome in enumerate(self.outcomes, start=1):
            place = f"{where}, outcomes {number}"
            if Span.of(outcome.date).surely_before(begin):
                yield Problem(place, f"a date not before {self.begins}", outcome.date, "mend one of the two dates")
            if outcome.months is not None and outcome.months not in ASKED_AFTER:
                expected = f"one of {', '.join(map(str, ASKED_AFTER))} months"
                yield Problem(place, expected, str(outcome.months), "leave it out for an outcome in between")
            if outcome.nothing and (outcome.projects or outcome.contracts or outcome.activities):
                yield Problem(place, "results, or that nothing came of it", "both", "keep one of the two")


@dataclass(frozen=True, slots=True)
class Review:
    """Outcomes asked for so many months after an activity: ``due`` that day; ``done`` when it was answered, or None."""

    activity: str
    months: int
    due: date
    done: str | None
    overdue: bool


def reviews(activity: Activity, on: date) -> tuple[Review, ...]:
    """The reviews of an activity as they stand on a day; none before it has ended.

    An outcome counts for the review that it names, or for the one nearest to its date within two months.
    """
    if activity.last_day >= on:
        return ()
    known = [one for one in activity.outcomes if happened(one.date, on)]
    found = []
    days = {months: months_after(activity.last_day, months) for months in ASKED_AFTER}
    for months, due in days.items():
        answer = next((one.date for one in known if _answered(one, days) == months), None)
        found.append(Review(activity.id, months, due, answer, answer is None and due < on))
    return tuple(found)


def _answered(outcome: Outcome, days: Mapping[int, date]) -> int | None:
    """The review that an outcome answers, in months: one at most, however coarse its date."""
    if outcome.months is not None:
        return outcome.months
    said = Span.of(outcome.date)
    middle = said.first + (said.last - said.first) / 2
    months = min(days, key=lambda months: abs(days[months] - middle))
    near = said.first - timedelta(AROUND) <= days[months] <= said.last + timedelta(AROUND)
    return months if near else None


def overdue(activities: Iterable[Activity], on: date) -> tuple[Review, ...]:
    """Reviews whose day has passed without an answer, the oldest first."""
    late = (review for activity in activities for review in reviews(activity, on) if review.overdue)
    return tuple(sorted(late, key=lambda one: (one.due, one.activity)))


@dataclass(frozen=True, slots=True)
class Yield:
    """What came of activities of one kind: how many, of how many something came, of how many nothing, and which records."""

    activity_kind: str
    held: int
    fruitful: int
    fruitless: int
    projects: tuple[str, ...]
    contracts: tuple[str, ...]


def yields(activities: Iterable[Activity], on: date) -> tuple[Yield, ...]:
    """By kind, what came of the activities that had ended by a day; each record once."""
    by_kind: dict[str, list[Activity]] = {}
    for activity in activities:
        if activity.last_day < on:
            by_kind.setdefault(activity.activity_kind, []).append(activity)
    return tuple(_yield(name, held, on) for name, held in sorted(by_kind.items()))


def _yield(name: str, held: list[Activity], on: date) -> Yield:
    said = [[one for one in activity.outcomes if happened(one.date, on)] for activity in held]
    fruitful = sum(any(not one.nothing for one in outcomes) for outcomes in said)
    fruitless = sum(bool(outcomes) and all(one.nothing for one in outcomes) for outcomes in said)
    every = [one for outcomes in said for one in outcomes]
    projects = sorted({name for one in every for name in one.projects})
    contracts = sorted({name for one in every for name in one.contracts})
    return Yield(name, len(held), fruitful, fruitless, tuple(projects), tuple(contracts))
