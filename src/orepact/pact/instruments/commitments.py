"""``Commitment``: who does what by when, by which number it shows, with which evidence; overdue is asked with a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

from pydantic import FiniteFloat

from orepact.errors import Problem
from orepact.pact.dates.days import DateText, Span, happened
from orepact.pact.dates.ordering import in_order
from orepact.pact.dates.past import PastDate
from orepact.pact.instruments.instrument import unknown_articles
from orepact.pact.records.record import Brief, Confidence, Entry, Identifier, Part, Record, Text
from orepact.pact.records.references import BodyId, InstrumentId, MeetingId, OrganisationId, ProjectId

if TYPE_CHECKING:
    from orepact.pact.records.register import Register


class Indicator(Part):
    """The number by which it shows: from which engine, from what to what, in which unit. Unknown ends stay null."""

    engine: Identifier | None = None
    name: Text
    unit: Text = "1"
    baseline: FiniteFloat | None = None
    baseline_year: int | None = None
    target: FiniteFloat | None = None


class Evidence(Part):
    """Something that shows what was done: where it stands, its date, its number if it has one."""

    what: Text
    url: Text = ""
    day: PastDate
    value: FiniteFloat | None = None
    confidence: Confidence = "reported"


class NewDate(Part):
    """The due date was moved, on the day ``said``, to another."""

    said: PastDate
    due: DateText | None
    why: Text = ""


class CommitmentBrief(Brief):
    """What boards need of a commitment."""

    kind: ClassVar[str] = "commitment"

    owner: str
    instrument: str | None = None
    articles: tuple[str, ...] = ()
    body: str | None = None
    made: str
    due: str | None = None
    moved: tuple[NewDate, ...] = ()
    indicator: Indicator | None = None
    evidence: tuple[Evidence, ...] = ()
    done: str | None = None
    withdrawn: str | None = None


class Commitment(Record):
    """What somebody undertook to do. ``due``: as first promised, null where no date was; ``moved``: what became of the date.

    It is done or withdrawn from a day on; one of the two, and withdrawn with a reason. It is never taken away.
    """

    kind: ClassVar[str] = "commitment"
    in_brief: ClassVar[type[Brief] | None] = CommitmentBrief

    owner: OrganisationId
    partners: tuple[OrganisationId, ...] = ()
    instrument: InstrumentId | None = None
    articles: tuple[Identifier, ...] = ()
    body: BodyId | None = None
    meeting: MeetingId | None = None
    projects: tuple[ProjectId, ...] = ()
    text: Text = ""
    made: PastDate
    due: DateText | None = None
    moved: tuple[NewDate, ...] = ()
    indicator: Indicator | None = None
    evidence: tuple[Evidence, ...] = ()
    done: PastDate | None = None
    withdrawn: PastDate | None = None
    reason: Text = ""

    def entry(self) -> Entry:
        """Due on the last day of the last date that was set for it."""
        state = "done" if self.done else "withdrawn" if self.withdrawn else "open"
        due = self.moved[-1].due if self.moved else self.due
        return Entry(self.title, state, self.owner, self.instrument or "", self.articles, Span.of(due).last if due else None)

    def problems(self, register: Register) -> Iterator[Problem]:
        """Dates that contradict, an end without reason, done and withdrawn at once, articles that are not there."""
        where = f"commitment {self.id}"
        yield from unknown_articles(register, f"{where}, articles", self.instrument, self.articles)
        yield from in_order(where, made=self.made, due=self.due)
        yield from in_order(where, made=self.made, done=self.done)
        yield from in_order(where, made=self.made, withdrawn=self.withdrawn)
        yield from in_order(where, made=self.made, **{f"moved.{n}": step.said for n, step in enumerate(self.moved)})
        for number, step in enumerate(self.moved):
            yield from in_order(f"{where}, moved.{number}", made=self.made, due=step.due)
        if self.done and self.withdrawn:
            yield Problem(f"{where}, withdrawn", "done or withdrawn", "both", "leave out one of the two")
        if self.withdrawn and not self.reason:
            yield Problem(f"{where}, reason", "why it was withdrawn", "nothing", "write the reason beside the end")


def due_on(commitment: Commitment | CommitmentBrief, on: date) -> str | None:
    """The due date as known on a day."""
    known = [step.due for step in commitment.moved if happened(step.said, on)]
    return known[-1] if known else commitment.due


class Progress(NamedTuple):
    """A commitment on a day. ``overdue_days``: since the due date, for one that was done late until it was done.

    ``slip_days``: by how much the due date was moved since it was made; ``shown``: whether any evidence is there by that day.
    """

    state: Literal["not_made", "open", "overdue", "done", "withdrawn"]
    due: str | None
    overdue_days: int = 0
    slip_days: int | None = None
    shown: bool = False
    latest: float | None = None


def progress(commitment: Commitment | CommitmentBrief, on: date) -> Progress:
    """How a commitment stands on a day. A due date of a month or a year is overdue once the whole of it is over."""
    if not happened(commitment.made, on):
        return Progress("not_made", None)
    due = due_on(commitment, on)
    shown, latest = _proof(commitment, on) if commitment.evidence else (False, None)  # most have none
    slip = (Span.of(due).last - Span.of(commitment.due).last).days if due and commitment.due else None
    done = commitment.done if commitment.done and happened(commitment.done, on) else None
    if commitment.withdrawn and happened(commitment.withdrawn, on):
        return Progress("withdrawn", due, 0, slip, shown, latest)
    until = Span.of(done).last if done else on
    late = max(0, (until - Span.of(due).last).days) if due else 0
    state: Literal["done", "overdue", "open"] = "done" if done else "overdue" if late else "open"
    return Progress(state, due, late, slip, shown, latest)


def _proof(commitment: Commitment | CommitmentBrief, on: date) -> tuple[bool, float | None]:
    """Whether any evidence is there by a day, and the last value that it gives."""
    proof = [one for one in commitment.evidence if happened(one.day, on)]
    proof.sort(key=lambda one: Span.of(one.day).last)
    return bool(proof), next((one.value for one in reversed(proof) if one.value is not None), None)
