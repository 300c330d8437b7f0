"""``Instrument``: an agreement, plan or alliance, with its parties, signatures, articles and what it says of itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from orepact.errors import Problem, nearest
from orepact.pact.dates.days import DateText
from orepact.pact.dates.lasting import Lasting
from orepact.pact.dates.ordering import in_order
from orepact.pact.dates.past import PastDate
from orepact.pact.instruments.articles import Article
from orepact.pact.instruments.terms import ChangeRule, Effect, EndRule
from orepact.pact.records.codes import unknown
from orepact.pact.records.record import Confidence, Entry, Identifier, Part, Record, Text
from orepact.pact.records.references import (
    InstrumentId,
    InstrumentKindCode,
    InstrumentRelationCode,
    OrganisationId,
    PartyRoleCode,
    PersonId,
    ProjectId,
)

if TYPE_CHECKING:
    from datetime import date

    from orepact.pact.records.register import Register


#: Who sits together: the three letters of a state where the sides are states, any short word otherwise.
Side = Annotated[Text, Field(min_length=1, max_length=40)]


class Party(Lasting):
    """An organisation in an instrument: its side, its role (a list), whether notices go to it, its name in the text."""

    organisation: OrganisationId
    side: Side
    role: PartyRoleCode = "participant"
    contact: bool | None = None
    named: Text = ""


class Signature(Part):
    """Who put a name under it, for which organisation, when. A witness is no signatory: leaders often stand by."""

    organisation: OrganisationId
    person: PersonId | None = None
    day: PastDate
    place: Text = ""
    capacity: Literal["signed", "witnessed"] = "signed"
    confidence: Confidence = "reported"
    note: Text = ""


class DateClaim(Part):
    """What a source says of a date. Where sources differ all stay, one is ``taken``, and each says why or why not."""

    of: Literal["signature", "effect"]
    day: DateText
    why: Text
    taken: bool = False
    sources: tuple[Text, ...] = ()


class Relation(Part):
    """A tie to another instrument: it implements, aligns with, succeeds, refers to it (a list)."""

    relation: InstrumentRelationCode
    instrument: InstrumentId
    article: Identifier | None = None
    note: Text = ""


class Version(Part):
    """A text of the instrument in a language."""

    language: Identifier
    url: Text
    note: Text = ""


class Instrument(Record):
    """An agreement, a plan or an alliance. ``binding`` is null where nobody saw what the text says; ``stub``: others name it, and
    nothing more is known.

    ``parent`` and the ``projects`` and ``datasets`` that it covers make a child instrument, such as a licence.
    """

    kind: ClassVar[str] = "instrument"

    instrument_kind: InstrumentKindCode
    short: Text = ""
    aliases: tuple[Text, ...] = ()
    countries: tuple[Text, ...] = ()
    binding: bool | None = None
    binding_confidence: Confidence = "reported"
    binding_note: Text = ""
    parties: tuple[Party, ...] = ()
    signatures: tuple[Signature, ...] = ()
    announced: PastDate | None = None
    effect: Effect = Effect()
    date_claims: tuple[DateClaim, ...] = ()
    articles: tuple[Article, ...] = ()
    relations: tuple[Relation, ...] = ()
    change: ChangeRule | None = None
    end: EndRule | None = None
    ended: DateText | None = None
    end_reason: Text = ""
    versions: tuple[Version, ...] = ()
    unknowns: tuple[Text, ...] = ()
    parent: InstrumentId | None = None
    projects: tuple[ProjectId, ...] = ()
    datasets: tuple[Identifier, ...] = ()
    stub: bool = False

    @cached_property
    def by_id(self) -> Mapping[str, Article]:
        """Articles by id."""
        return {article.id: article for article in self.articles}

    @cached_property
    def participants(self) -> Mapping[str, Party]:
        """Parties by organisation."""
        return {party.organisation: party for party in self.parties}

    def contacts(self, side: str | None = None) -> tuple[str, ...]:
        """Organisations to which notices go, of one side or of all."""
        return tuple(party.organisation for party in self.parties if party.contact and side in (None, party.side))

    def articles_on(self, day: date) -> tuple[Article, ...]:
        """The articles that are part of it on a day."""
        return tuple(article for article in self.articles if article.holds_on(day))

    def entry(self) -> Entry:
        """Its state is whether it is a stub, ended or written down."""
        state = "stub" if self.stub else "ended" if self.ended else "known"
        return Entry(self.title, state=state, instrument=self.id)

    def problems(self, register: Register) -> Iterator[Problem]:
        """Dates that contradict, signatures of strangers, names that no list knows, a parent that is its own child."""
        where = f"instrument {self.id}"
        yield from unknown(register, f"{where}, instrument_kind", "instrument_kind", self.instrument_kind)
        for party in self.parties:
            yield from unknown(register, f"{where}, parties, {party.organisation}, role", "party_role", party.role)
        for relation in self.relations:
            yield from unknown(register, f"{where}, relations", "instrument_relation", relation.relation)
        for article in self.articles:
            yield from article.problems(self.id, register)
        yield from self._said_twice()
        yield from self._strangers()
        yield from self._dates()
        yield from self._claims()
        yield from self._terms()
        yield from self._family(register)

    def _said_twice(self) -> Iterator[Problem]:
        where = f"instrument {self.id}"
        for what, names in (("articles", [a.id for a in self.articles]), ("parties", [p.organisation for p in self.parties])):
            for name in sorted({name for name in names if names.count(name) > 1}):
                yield Problem(f"{where}, {what}", "each once", f"{name} {names.count(name)} times", "keep one of them")

    def _strangers(self) -> Iterator[Problem]:
        for signature in self.signatures:
            if signature.capacity == "signed" and signature.organisation not in self.participants:
                mend = "make it a party, or say that it witnessed"
                yield Problem(f"instrument {self.id}, signatures", "the signature of a party", signature.organisation, mend)

    def _dates(self) -> Iterator[Problem]:
        where, effect = f"instrument {self.id}", self.effect
        if (effect.rule == "stated") != (effect.day is not None):
            mend = "give a day with the rule stated, and with no other"
            yield Problem(f"{where}, effect", "a day where the rule is stated", f"{effect.rule}, {effect.day}", mend)
        signed = [signature for signature in self.signatures if signature.capacity == "signed"]
        for signature in signed:
            yield from in_order(f"{where}, {signature.organisation}", signature=signature.day, effect=effect.day)
        for day in [signature.day for signature in signed] if effect.day is None else ():
            yield from in_order(where, signature=day, ended=self.ended)
        yield from in_order(where, effect=effect.day, ended=self.ended)
        yield from in_order(where, announced=self.announced, ended=self.ended)
        if self.ended and not self.end_reason:
            yield Problem(f"{where}, end_reason", "why it ended", "nothing", "write the reason beside the end")

    def _claims(self) -> Iterator[Problem]:
        signed = [signature.day for signature in self.signatures if signature.capacity == "signed"]
        held = {"signature": signed, "effect": [self.effect.day] if self.effect.day else []}
        for what in sorted({claim.of for claim in self.date_claims}):
            where = f"instrument {self.id}, date_claims, {what}"
            taken = [claim.day for claim in self.date_claims if claim.of == what and claim.taken]
            if len(taken) != 1:
                yield Problem(where, "one claim taken", f"{len(taken)} taken", "take one, and say why of the others")
            elif taken[0] not in held[what]:
                expected = f"the claim taken, {taken[0]}, as the date"
                yield Problem(where, expected, ", ".join(held[what]) or "no date", "mend the date or take another claim")

    def _terms(self) -> Iterator[Problem]:
        """Articles and places that the instrument's own rules name without there being any."""
        named = [term.article for term in (self.effect, self.change, self.end) if term is not None]
        for article in [*named, *(relation.article for relation in self.relations)]:
            if article is not None and article not in self.by_id:
                where = f"instrument {self.id}, rules"
                yield Problem(where, "an article of this instrument", repr(article), "mend the id of the article")

    def _family(self, register: Register) -> Iterator[Problem]:
        seen, above = [self.id], self.parent
        while above is not None:
            if above in seen:
                found = " → ".join([*seen, above])
                yield Problem(f"instrument {self.id}, parent", "a tree", found, "leave out the parent of one of them")
                return
            seen.append(above)
            record = register.records.get((Instrument.kind, above))
            above = record.parent if isinstance(record, Instrument) else None


def unknown_articles(register: Register, where: str, instrument: str | None, articles: tuple[str, ...]) -> Iterator[Problem]:
    """A problem for each article that the instrument does not have (an instrument that is not there is told elsewhere)."""
    if not articles:
        return
    if instrument is None:
        yield Problem(where, "an instrument beside its articles", articles[0], "name the instrument")
        return
    found = register.records.get((Instrument.kind, instrument))
    if not isinstance(found, Instrument):
        return
    for article in articles:
        if article not in found.by_id:
            near = nearest(article, found.by_id, least=0.6)
            mend = f"did you mean {', '.join(near)}?" if near else f"see the articles of {instrument}"
            yield Problem(where, f"an article of {instrument}", repr(article), mend)
