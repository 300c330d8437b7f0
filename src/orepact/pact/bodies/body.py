"""``Body``: a dialogue, committee or working group, with its sides and chairs, how often it meets, whose items come first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from orepact.errors import NotFound, Problem
from orepact.pact.dates.days import DateText
from orepact.pact.dates.lasting import Lasting
from orepact.pact.dates.ordering import in_order
from orepact.pact.dates.past import PastDate
from orepact.pact.instruments.instrument import Side, unknown_articles
from orepact.pact.records.codes import unknown
from orepact.pact.records.record import Entry, Identifier, Part, Record, Text
from orepact.pact.records.references import BodyId, BodyKindCode, DecisionId, InstrumentId, OrganisationId, RankCode

if TYPE_CHECKING:
    from datetime import date

    from orepact.pact.records.register import Register

#: Ways to count the time between meetings: within so many months of the last one; one in each so many months of the calendar;
#: one in each so many months since the instrument started.
Counting = Literal["from_last_meeting", "calendar_year", "from_operation"]
COUNTINGS: tuple[Counting, ...] = ("from_last_meeting", "calendar_year", "from_operation")


class Fixed(Part):
    """The chair of a side is always the same organisation."""

    rule: Literal["fixed"]
    organisation: OrganisationId


class Turn(Lasting):
    """A member of a rotation; turns of the organisations that it stands ``instead_of`` count as its own."""

    organisation: OrganisationId
    instead_of: tuple[OrganisationId, ...] = ()


class Rotation(Part):
    """The chair of a side goes round. A turn is used by a meeting that was held, not by a year that was missed.

    ``least_recently_served``: next is who has waited longest; ``listed``: next is who follows in the list. ``inferred``: the text
    says that the chair rotates, and not in which order.
    """

    rule: Literal["rotation"]
    members: tuple[Turn, ...]
    order: Literal["least_recently_served", "listed"] = "least_recently_served"
    inferred: bool = False

    def members_on(self, day: date) -> tuple[Turn, ...]:
        """Who takes turns on a day."""
        return tuple(turn for turn in self.members if turn.holds_on(day))


class BodySide(Part):
    """One side of a body. ``chair`` is null where it is not stated; ``rank``: what its chair must at least be (a list)."""

    side: Side
    chair: Annotated[Fixed | Rotation, Field(discriminator="rule")] | None = None
    rank: RankCode | None = None
    members: tuple[OrganisationId, ...] = ()


class Meets(Part):
    """How often a body meets. ``counted_inferred``: the text says how often, and not how to count."""

    every_months: int = Field(ge=1, le=1200)
    counted: Counting = "from_last_meeting"
    counted_inferred: bool = True
    article: Identifier | None = None


class Queue(Part):
    """A line of work of a body, into which its items fall."""

    id: Identifier
    title: Text


class Body(Record):
    """A dialogue, a committee or a working group.

    ``meets`` and ``guests`` are null where nothing is stated; ``look_first``: bodies whose open items come first; ``decision``:
    the one that made the body, where one did.
    """

    kind: ClassVar[str] = "body"

    body_kind: BodyKindCode
    instrument: InstrumentId | None = None
    article: Identifier | None = None
    decision: DecisionId | None = None
    parent: BodyId | None = None
    sides: tuple[BodySide, ...] = ()
    meets: Meets | None = None
    look_first: tuple[BodyId, ...] = ()
    guests: bool | None = None
    queues: tuple[Queue, ...] = ()
    announced: PastDate | None = None
    ended: DateText | None = None
    end_reason: Text = ""
    unknowns: tuple[Text, ...] = ()

    def entry(self) -> Entry:
        """Its state is its kind, or that it ended."""
        state = "ended" if self.ended else self.body_kind
        return Entry(self.title, state, instrument=self.instrument or "", articles=(self.article,) if self.article else ())

    def side(self, name: str) -> BodySide:
        """One of its sides; raises ``NotFound``."""
        for side in self.sides:
            if side.side == name:
                return side
        raise NotFound(f"side of body {self.id}", name, [side.side for side in self.sides])

    def problems(self, register: Register) -> Iterator[Problem]:
        """A rotation over nobody, a body above itself, names that no list knows, articles that are not there."""
        where = f"body {self.id}"
        yield from unknown(register, f"{where}, body_kind", "body_kind", self.body_kind)
        yield from in_order(where, announced=self.announced, ended=self.ended)
        if self.ended and not self.end_reason:
            yield Problem(f"{where}, end_reason", "why it ended", "nothing", "write the reason beside the end")
        named = [self.article, self.meets.article if self.meets else None]
        articles = tuple(article for article in named if article)
        yield from unknown_articles(register, f"{where}, article", self.instrument, articles)
        for side in self.sides:
            yield from self._side_problems(side, register)
        for name in {side.side for side in self.sides if [each.side for each in self.sides].count(side.side) > 1}:
            yield Problem(f"{where}, sides", "each side once", f"{name} twice", "join the two")
        if self.id in self.look_first:
            yield Problem(f"{where}, look_first", "other bodies", self.id, "leave the body itself out")
        yield from self._above(register)

    def _side_problems(self, side: BodySide, register: Register) -> Iterator[Problem]:
        where = f"body {self.id}, sides, {side.side}"
        if side.rank is not None:
            yield from unknown(register, f"{where}, rank", "rank", side.rank)
        if not isinstance(side.chair, Rotation):
            return
        members = [turn.organisation for turn in side.chair.members]
        if not members:
            mend = "name its members, or leave the chair out"
            yield Problem(f"{where}, chair", "members to rotate among", "a rotation over nobody", mend)
        for name in sorted({name for name in members if members.count(name) > 1}):
            yield Problem(f"{where}, chair", "each member once", f"{name} twice", "keep one of them")

    def _above(self, register: Register) -> Iterator[Problem]:
        path, above = [self.id], self.parent
        while above is not None and above not in path:
            path.append(above)
            record = register.records.get((Body.kind, above))
            above = record.parent if isinstance(record, Body) else None
        if above is not None:
            found = " → ".join([*path, above])
            yield Problem(f"body {self.id}, parent", "another body above it", found, "leave out the parent of one of them")


def below(body: str, register: Register) -> list[Body]:
    """The bodies under a body, each after the one it is under."""
    return [inner for child in register.referring(Body, body, "parent") for inner in (child, *below(child.id, register))]
