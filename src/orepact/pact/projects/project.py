"""Projects: plants, mines and roads that parties follow together, each with its dated states and dated plans.

A project is joined to a site of the facts by id; what the site makes and how much stands there. Here stands what happened when,
and what was promised when, so that a slip shows without anybody typing it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from orepact.errors import Problem
from orepact.pact.dates.days import DateText, Span, happened
from orepact.pact.dates.past import PastDate
from orepact.pact.instruments.instrument import unknown_articles
from orepact.pact.records.codes import unknown
from orepact.pact.records.record import Brief, Confidence, Entry, Identifier, Part, Record, Text
from orepact.pact.records.references import InstrumentId, OrganisationId, ProjectKindCode, ProjectStatusCode

if TYPE_CHECKING:
    from orepact.pact.records.register import Register

#: States after which nothing more is expected of a project or a contract.
ENDED = frozenset({"cancelled", "closed", "completed", "ended"})
#: Those of them in which nothing came of it, or no longer does.
CALLED_OFF = frozenset({"cancelled", "closed"})
#: States in which work rests: neither a buyer nor a supplier for now.
RESTING = frozenset({"paused", "suspended"})
#: States in which a plant works, well or badly.
WORKING = frozenset({"operating", "rampup", "at_risk"})
#: What may be planned: the first spade, the first run, goods for sale, full output.
Milestone = Literal["construction", "start", "product", "full"]
#: Milestones in the order in which they can be reached.
IN_ORDER: tuple[Milestone, ...] = ("construction", "start", "product", "full")
NOT_KNOWN = "unknown"


class PartyOf(Part):
    """Who takes part in a project or a contract: a known organisation, or a name that is none yet. ``share`` of 1."""

    name: Text = Field(min_length=1)
    organisation: OrganisationId | None = None
    role: Text = ""
    share: float | None = Field(default=None, gt=0, le=1)


class Status(Part):
    """A state, and the date at which it was first reported; ``recorded``: the date says only when it was written down here."""

    date: PastDate
    status: ProjectStatusCode
    recorded: bool = False
    text: Text = ""
    source: Text = ""
    confidence: Confidence = "reported"


class Plan(Part):
    """What was said when: that a milestone is planned for a date, or (without one) that there is no date any more."""

    said_on: PastDate
    milestone: Milestone = "start"
    planned_for: DateText | None = None
    text: Text = ""
    source: Text = ""
    confidence: Confidence = "reported"


class Reached(Part):
    """A milestone that was reached."""

    milestone: Milestone = "start"
    date: PastDate
    text: Text = ""
    confidence: Confidence = "reported"


class Served(Part):
    """An article of an instrument that something is evidence for: ``derived`` when we read it so and no party says it."""

    instrument: InstrumentId
    article: Identifier
    confidence: Confidence = "reported"


@dataclass(frozen=True, slots=True)
class Standing:
    """The state on a day: since when without a break, when it was last reported, and by whom it is doubted.

    ``since`` and ``seen`` are "" where nothing is known; ``since`` also where it is known only when the state was written down.
    A state holds until another is reported, so an old ``seen`` is a reason to ask, not a fact about the day.
    """

    status: str
    since: str = ""
    seen: str = ""
    confidence: str = ""
    text: str = ""


class ProjectBrief(Brief):
    """What boards need of a project."""

    kind: ClassVar[str] = "project"

    serves: tuple[Served, ...] = ()
    statuses: tuple[Status, ...] = ()


class Project(Record):
    """Something that is to be built, is built or was to be built."""

    kind: ClassVar[str] = "project"
    in_brief: ClassVar[type[Brief] | None] = ProjectBrief

    project_kind: ProjectKindCode
    site: Identifier | None = None
    place: Text = ""
    town: Text = ""
    parties: tuple[PartyOf, ...] = ()
    serves: tuple[Served, ...] = ()
    statuses: tuple[Status, ...] = ()
    plans: tuple[Plan, ...] = ()
    reached: tuple[Reached, ...] = ()

    def entry(self) -> Entry:
        """Its last state, first party and the articles that it serves."""
        owner = next((party.organisation for party in self.parties if party.organisation), None) or ""
        return Entry(self.title, last_state(self.statuses), owner, *places_of(self.serves))

    def standing(self, on: date) -> Standing:
        """The state on a day, from what had happened by then."""
        return standing(self.statuses, on)

    def problems(self, register: Register) -> Iterator[Problem]:
        """Names that the lists do not know, and dates that contradict each other."""
        where = f"project {self.id}"
        yield from unknown(register, f"{where}, project_kind", "project_kind", self.project_kind)
        yield from status_problems(register, where, self.statuses)
        yield from served_problems(register, where, self.serves)
        yield from _plan_problems(where, self.plans)
        yield from _reached_problems(where, self.reached)
        yield from share_problems(where, self.parties)


def last_state(statuses: Sequence[Status]) -> str:
    """The last state that is written down; of one date the one that is written last."""
    return max(reversed(statuses), key=lambda one: Span.of(one.date)).status if statuses else NOT_KNOWN


def standing(statuses: Sequence[Status], on: date) -> Standing:
    """The state that holds on a day among dated ones, in any order; of one date the one that is written last.

    A year counts before a month in it: a state that is dated coarsely, once the year is over, undoes no finer one.
    ``since`` goes back over reports of the same state without another in between.
    """
    known = sorted((one for one in statuses if happened(one.date, on)), key=lambda one: Span.of(one.date))
    if not known:
        return Standing(NOT_KNOWN)
    last = known[-1]
    run = [last]
    for earlier in reversed(known[:-1]):
        if earlier.status != last.status:
            break
        run.append(earlier)
    since = "" if run[-1].recorded else run[-1].date
    return Standing(last.status, since, last.date, last.confidence, last.text)


def status_problems(register: Register, where: str, statuses: Sequence[Status]) -> Iterator[Problem]:
    """States that the list does not know, and two different ones on one day."""
    on_day: dict[date, str] = {}
    for number, one in enumerate(statuses, start=1):
        yield from unknown(register, f"{where}, statuses {number}", "project_status", one.status)
        span = Span.of(one.date)
        if span.exact and on_day.setdefault(span.first, one.status) != one.status:
            found = f"{on_day[span.first]} and {one.status} on {one.date}"
            yield Problem(f"{where}, statuses {number}", "one state on one day", found, "keep the one that the source says")


def places_of(serves: tuple[Served, ...]) -> tuple[str, tuple[str, ...]]:
    """The first instrument that is served, and every article, as a line of the register has them."""
    return serves[0].instrument if serves else "", tuple(one.article for one in serves)


def served_problems(register: Register, where: str, serves: Sequence[Served]) -> Iterator[Problem]:
    """Articles that their instrument does not have."""
    for one in serves:
        yield from unknown_articles(register, f"{where}, serves", one.instrument, (one.article,))


def share_problems(where: str, parties: Sequence[PartyOf]) -> Iterator[Problem]:
    """Shares that add up to more than the whole."""
    total = sum(party.share or 0 for party in parties)
    if total > 1 + 1e-9:
        yield Problem(f"{where}, parties", "shares of 1 in all at most", f"{total:g}", "mend the shares")


def _plan_problems(where: str, plans: Sequence[Plan]) -> Iterator[Problem]:
    for number, plan in enumerate(plans, start=1):
        if plan.planned_for and Span.of(plan.planned_for).surely_before(Span.of(plan.said_on)):
            expected = f"a date not before {plan.said_on}, when it was said"
            yield Problem(f"{where}, plans {number}, planned_for", expected, plan.planned_for, "mend one of the two dates")


def _reached_problems(where: str, reached: Sequence[Reached]) -> Iterator[Problem]:
    """Milestones reached twice, or before one that comes first."""
    dates: dict[str, str] = {}
    for one in reached:
        place = f"{where}, reached {one.milestone}"
        if one.milestone in dates:
            yield Problem(place, "each milestone once", "twice", "keep the one that the source says")
        dates[one.milestone] = one.date
    known = [(milestone, dates[milestone]) for milestone in IN_ORDER if milestone in dates]
    for (first, early), (then, late) in pairwise(known):
        if Span.of(late).surely_before(Span.of(early)):
            expected = f"a date not before {first} on {early}"
            yield Problem(f"{where}, reached {then}", expected, late, "mend one of the two dates")
