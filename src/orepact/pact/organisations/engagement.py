"""Engagement with rights-holders: what happened, what was agreed, whether they consent, told by them and under their control.

A Nation controls the records that are about it. It may hide one: that is a new state of the record, which nothing deletes, and
who is not of the Nation then sees no sign of it: not the record, not its links, not its number. Consent is what the Nation says
it is; where it has said nothing, it is not known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from orepact.errors import Problem
from orepact.facts.labels import Label
from orepact.pact.dates.days import DateText, Span, happened
from orepact.pact.dates.past import PastDate
from orepact.pact.records.codes import unknown
from orepact.pact.records.record import Confidence, Entry, Part, Record, Text
from orepact.pact.records.references import ContactKindCode, OrganisationId, ProjectId

if TYPE_CHECKING:
    from orepact.pact.records.register import Register

Consent = Literal["not_stated", "sought", "given", "given_with_conditions", "withheld", "withdrawn"]


class Contact(Part):
    """Something that happened between a Nation and the people of a project: a meeting, a study paid for, a visit."""

    date: PastDate
    contact_kind: ContactKindCode
    text: Text = Field(min_length=1)
    source: Text = ""
    confidence: Confidence = "reported"


class Agreement(Part):
    """An agreement with a Nation: impact and benefit, exploration, equity. ``share`` of 1 where it gives equity."""

    title: Text = Field(min_length=1)
    signed: PastDate | None = None
    ended: DateText | None = None
    share: float | None = Field(default=None, gt=0, le=1)
    text: Text = ""
    source: Text = ""
    confidence: Confidence = "reported"


class ConsentState(Part):
    """What the Nation said of its consent, from a date on, and in whose words."""

    date: PastDate
    state: Consent
    text: Text = ""
    said_by: Text = ""


class Showing(Part):
    """Whether the record is shown to others, from a day on; only the Nation sets it. ``by`` is who set it, for the Nation."""

    since: date
    hidden: bool
    by: Text = ""


class Engagement(Record):
    """What passed between one Nation and one project.

    ``label`` names the Nation as owner unless the Nation has it published (TLP:CLEAR).
    """

    kind: ClassVar[str] = "engagement"

    nation: OrganisationId
    project: ProjectId
    contacts: tuple[Contact, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    consent: tuple[ConsentState, ...] = ()
    showing: tuple[Showing, ...] = ()
    approved_for_publication_on: date | None = None

    def entry(self) -> Entry:
        """The last word on consent; owned by the Nation."""
        return Entry(self.title, state=_last(self.consent), owner=self.nation)

    def hidden(self, on: date) -> bool:
        """Whether the Nation hides the record on a day; of two words of one day the one that is written last holds."""
        known = [one for one in reversed(self.showing) if one.since <= on]
        return bool(known) and max(known, key=lambda one: one.since).hidden

    def kept_alone(self) -> tuple[str, tuple[str, ...]]:
        """When it was hidden and shown, and who said so, is for the Nation alone: what was hidden leaves no sign."""
        return self.nation, ("showing",) if self.showing else ()

    def closed_times(self) -> Iterator[tuple[str, date | None, date | None]]:
        """The days on which the Nation hides the record."""
        turns = [(day, self.hidden(day)) for day in sorted({one.since for one in self.showing})]
        for number, (day, hidden) in enumerate(turns, start=1):
            if hidden:
                yield self.nation, day, turns[number][0] if number < len(turns) else None

    def consent_on(self, on: date) -> str:
        """The consent as the Nation had stated it by a day: "not_stated" where it has said nothing."""
        return _last([one for one in self.consent if happened(one.date, on)])

    def in_force(self, on: date) -> tuple[Agreement, ...]:
        """Agreements signed by a day and not ended by it."""
        signed = (one for one in self.agreements if one.signed and happened(one.signed, on))
        return tuple(one for one in signed if not (one.ended and happened(one.ended, on)))

    def problems(self, register: Register) -> Iterator[Problem]:
        """A label that another owns, unknown kinds of contact, agreements that end before they are signed."""
        where = f"engagement {self.id}"
        label = Label.parse(self.label)
        owner = (label.owner or "") if label else ""
        if owner and owner.casefold() != self.nation.casefold():
            yield Problem(f"{where}, label", f"a label that {self.nation} owns, or none", self.label, "name the Nation as owner")
        for number, one in enumerate(self.contacts, start=1):
            yield from unknown(register, f"{where}, contacts {number}", "contact_kind", one.contact_kind)
        for number, agreement in enumerate(self.agreements, start=1):
            if agreement.signed and agreement.ended and Span.of(agreement.ended).surely_before(Span.of(agreement.signed)):
                expected = f"an end not before {agreement.signed}"
                yield Problem(f"{where}, agreements {number}", expected, agreement.ended, "mend one of the two dates")


def _last(states: Sequence[ConsentState]) -> str:
    last = max(reversed(states), key=lambda one: Span.of(one.date), default=None)
    return last.state if last else "not_stated"


def shown(engagements: Iterable[Engagement], on: date, viewer: Collection[str] = ()) -> tuple[Engagement, ...]:
    """The records that who belongs to the organisations ``viewer`` may know of on a day: those hidden only by their Nation."""
    return tuple(one for one in engagements if not one.hidden(on) or one.nation in viewer)


def awaiting(engagements: Iterable[Engagement], on: date) -> tuple[Engagement, ...]:
    """The records that no Nation has approved for publication by a day, hidden ones aside: a list for the Nations themselves."""
    open_ones = (one for one in engagements if not one.hidden(on))
    return tuple(one for one in open_ones if one.approved_for_publication_on is None or one.approved_for_publication_on > on)


def may_change(engagement: Engagement, organisations: Collection[str]) -> bool:
    """Whether somebody of these organisations may change the record: the Nation alone may."""
    return engagement.nation in organisations
