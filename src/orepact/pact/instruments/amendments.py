"""``Amendment``: a change of an instrument, in force once every participant has approved it; nothing is taken out, only ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from orepact.errors import Problem
from orepact.pact.dates.days import Day, happened
from orepact.pact.dates.ordering import in_order
from orepact.pact.dates.past import PastDate, PastDay
from orepact.pact.instruments.articles import Article
from orepact.pact.instruments.ending import participants_on
from orepact.pact.instruments.instrument import Instrument
from orepact.pact.records.record import Confidence, Entry, Identifier, Part, Record, Text
from orepact.pact.records.references import InstrumentId, OrganisationId, PersonId

if TYPE_CHECKING:
    from orepact.pact.records.register import Register


class Change(Part):
    """An article put in (``new``), put in the place of another (``article`` and ``new``), or ended (``article``)."""

    article: Identifier | None = None
    new: Article | None = None


class Approval(Part):
    """A participant approves or declines, with its reason."""

    organisation: OrganisationId
    day: PastDay
    verdict: Literal["approve", "decline"] = "approve"
    person: PersonId | None = None
    reason: Text = ""
    confidence: Confidence = "reported"


class Amendment(Record):
    """A change of an instrument, proposed on a day. ``takes_effect``: a later day than the last approval, where one is set."""

    kind: ClassVar[str] = "amendment"

    instrument: InstrumentId
    text: Text = ""
    written: bool = True
    proposed: PastDate
    changes: tuple[Change, ...] = Field(min_length=1)
    approvals: tuple[Approval, ...] = ()
    takes_effect: Day | None = None
    withdrawn: PastDate | None = None

    def entry(self) -> Entry:
        """What it is on a day is asked with a day."""
        return Entry(self.title, "withdrawn" if self.withdrawn else "proposed", instrument=self.instrument)

    def problems(self, register: Register) -> Iterator[Problem]:
        """Approvals of strangers, twice or before the proposal; changes of articles that are not there, or that no list knows."""
        where = f"amendment {self.id}"
        yield from in_order(where, proposed=self.proposed, withdrawn=self.withdrawn)
        names = [one.organisation for one in self.approvals]
        for one in self.approvals:
            yield from in_order(f"{where}, approvals, {one.organisation}", proposed=self.proposed, day=one.day)
            yield from in_order(f"{where}, approvals, {one.organisation}", day=one.day, takes_effect=self.takes_effect)
        for name in sorted({name for name in names if names.count(name) > 1}):
            mend = "keep the first; a change of mind is a new amendment"
            yield Problem(f"{where}, approvals", "each participant once", f"{name} twice", mend)
        for change in self.changes:
            if change.new is not None:
                yield from change.new.problems(self.instrument, register)
        instrument = register.records.get((Instrument.kind, self.instrument))
        if isinstance(instrument, Instrument):
            yield from self._against(instrument, where)

    def _against(self, instrument: Instrument, where: str) -> Iterator[Problem]:
        for one in self.approvals:
            if one.organisation not in instrument.participants:
                yield Problem(f"{where}, approvals", f"participants of {instrument.id}", one.organisation, "leave it out")
        if instrument.change and instrument.change.written and not self.written:
            yield Problem(f"{where}, written", "a decision in writing", "not written", "write it, and date it by the writing")
        for number, change in enumerate(self.changes):
            at = f"{where}, changes.{number}"
            if change.article is None and change.new is None:
                yield Problem(at, "an article to put in or to end", "neither", "name one of the two")
            if change.article is not None and change.article not in instrument.by_id:
                yield Problem(at, f"an article of {instrument.id}", repr(change.article), "mend the id of the article")
            if change.new is not None and change.new.id in instrument.by_id:
                mend = "give the new one another id, as the old one stays"
                yield Problem(f"{at}, new", "an id of its own", repr(change.new.id), mend)


@dataclass(frozen=True, slots=True)
class Approvals:
    """An amendment on a day: who approved and declined, who is missing, and the day of effect once nobody is.

    It has ``lapsed`` where the instrument ended before all had approved.
    """

    state: Literal["not_proposed", "open", "approved", "in_force", "declined", "withdrawn", "lapsed"]
    approved: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    effect: date | None = None


def approvals(amendment: Amendment, register: Register, on: date) -> Approvals:
    """How an amendment stands on a day: every participant must have approved it, and the last approval sets the day of effect."""
    if not happened(amendment.proposed, on):
        return Approvals("not_proposed")
    instrument = register.get(Instrument, amendment.instrument)
    given = {one.organisation: one for one in amendment.approvals if one.day <= on}
    last = _carried(given, instrument, register)
    needed = participants_on(instrument, register, last or on)
    approved = tuple(name for name in needed if name in given and given[name].verdict == "approve")
    declined = tuple(name for name in needed if name in given and given[name].verdict == "decline")
    missing = tuple(name for name in needed if name not in given)
    effect = max(last, amendment.takes_effect or last) if last else None
    state = _state(amendment, on, effect, declined=bool(declined), over=not needed)
    return Approvals(state, approved, declined, missing, effect)


def _carried(given: Mapping[str, Approval], instrument: Instrument, register: Register) -> date | None:
    """The first day on which everyone who took part on that day had approved; later leavers change nothing."""
    for day in sorted({one.day for one in given.values()}):
        needed = participants_on(instrument, register, day)
        yes = {name for name, one in given.items() if one.verdict == "approve" and one.day <= day}
        if needed and yes.issuperset(needed):
            return day
    return None


def _state(
    amendment: Amendment, on: date, effect: date | None, *, declined: bool, over: bool
) -> Literal["open", "approved", "in_force", "declined", "withdrawn", "lapsed"]:
    if effect is not None:
        return "in_force" if effect <= on else "approved"
    if amendment.withdrawn and happened(amendment.withdrawn, on):
        return "withdrawn"
    if over:
        return "lapsed"
    return "declined" if declined else "open"


def amended(instrument: Instrument, register: Register, on: date) -> Instrument:
    """The instrument with the amendments in force on a day: new articles from that day, ended ones to the day before it."""
    known = register.referring(Amendment, instrument.id)
    steps = [(effect, amendment) for amendment in known if (effect := _effect(amendment, register, on))]
    articles = list(instrument.articles)
    for effect, amendment in sorted(steps, key=lambda step: step[0]):
        articles = _changed(articles, amendment, effect)
    return instrument.model_copy(update={"articles": tuple(articles)})


def _effect(amendment: Amendment, register: Register, on: date) -> date | None:
    found = approvals(amendment, register, on)
    return found.effect if found.state == "in_force" else None


def _changed(articles: list[Article], amendment: Amendment, effect: date) -> list[Article]:
    ended = {change.article for change in amendment.changes if change.article}
    until = {"valid_to": (effect - timedelta(days=1)).isoformat()}
    kept = [each.model_copy(update=until) if each.id in ended else each for each in articles]
    new = [change.new.model_copy(update={"valid_from": effect.isoformat()}) for change in amendment.changes if change.new]
    return kept + new
