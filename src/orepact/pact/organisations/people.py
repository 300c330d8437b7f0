"""``Person``: who holds which role at what rank, and whether a rank is high enough for a chair."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from orepact.errors import BadInput, Problem
from orepact.pact.dates.days import Span
from orepact.pact.dates.lasting import Lasting
from orepact.pact.dates.past import PastDate
from orepact.pact.records.codes import known, unknown
from orepact.pact.records.record import Confidence, Entry, Record, Text
from orepact.pact.records.references import BodyId, OrganisationId, RankCode

if TYPE_CHECKING:
    from orepact.pact.records.register import Register


class Term(Lasting):
    """A role of a person in an organisation, or in a body. ``seen``: dates at which sources show the person in it."""

    role: Text = Field(min_length=1)
    organisation: OrganisationId
    body: BodyId | None = None
    rank: RankCode | None = None
    seen: tuple[PastDate, ...] = ()
    confidence: Confidence = "reported"
    sources: tuple[Text, ...] = ()

    def known_on(self, day: date) -> bool:
        """Whether the role is known of on a day: begun by then, or somebody was seen in it; undated it always is."""
        told = [*self.seen, *([self.valid_from] if self.valid_from else [])]
        return not told or any(Span.of(text).first <= day for text in told)

    def held_on(self, day: date) -> bool | None:
        """Whether the role was held on a day; None where sources leave it open.

        With a stated start it is held from then to its stated end; without one only on the days on which the person was seen. On
        most days of a month or a year in which it began or ended, sources leave it open.
        """
        if not self.holds_on(day):
            return False
        if any(Span.of(text).first <= day <= Span.of(text).last for text in self.seen):
            return True
        begun = self.valid_from is not None and Span.of(self.valid_from).last <= day
        lasts = self.valid_to is None or day <= Span.of(self.valid_to).first
        return True if begun and lasts else None


class Person(Record):
    """A person in public office or in a role of a register. ``title`` is the name as people write it."""

    kind: ClassVar[str] = "person"

    terms: tuple[Term, ...] = ()

    def entry(self) -> Entry:
        """The owner is the organisation of the last role on record."""
        last = self.terms[-1] if self.terms else None
        return Entry(self.title, state=last.rank or "" if last else "", owner=last.organisation if last else "")

    def term_on(self, day: date, organisation: str | None = None) -> Term | None:
        """The role surely held on a day, the last on record where there are several."""
        for term in reversed(self.terms):
            if term.held_on(day) and organisation in (None, term.organisation):
                return term
        return None

    def problems(self, register: Register) -> Iterator[Problem]:
        """Ranks that no list knows, and sightings outside the term."""
        for number, term in enumerate(self.terms):
            where = f"person {self.id}, terms.{number}"
            if term.rank is not None:
                yield from unknown(register, f"{where}.rank", "rank", term.rank)
            for text in term.seen:
                span = Span.of(text)
                if span.surely_before(term.span) or term.span.surely_before(span):
                    yield Problem(f"{where}.seen", "a date within the term", text, "mend valid_from, valid_to or seen")


@dataclass(frozen=True, slots=True)
class RankCheck:
    """Whether a rank suffices; None where it is not known."""

    enough: bool | None
    because: str


def rank_check(register: Register, rank: str | None, needed: str | None) -> RankCheck:
    """Whether a rank is at least the one that a rule asks for, by the order of the list ``rank``.

    Raises ``BadInput`` for a rank that the list does not know.
    """
    problems = [p for name in (rank, needed) if name is not None for p in unknown(register, "rank", "rank", name)]
    if problems:
        raise BadInput(problems)
    if needed is None:
        return RankCheck(enough=True, because="no rank is asked for")
    ranks = known(register, "rank")
    title = ranks[needed].title
    if rank is None:
        return RankCheck(None, f"the rank is not stated; {title} is asked for")
    enough = ranks[rank].order >= ranks[needed].order
    return RankCheck(enough, f"{ranks[rank].title} {'is at least' if enough else 'ranks below'} {title}")


def holders(register: Register, organisation: str, on: date) -> list[tuple[Person, Term]]:
    """People who surely held a role in an organisation on a day."""
    found = ((person, person.term_on(on, organisation)) for person in register.all(Person))
    return [(person, term) for person, term in found if term is not None]
