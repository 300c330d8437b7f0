"""``WorkItem``: a piece of work before a body, how it is routed from body to body, and which others do the same work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from orepact.errors import Problem
from orepact.pact.bodies.body import Body
from orepact.pact.dates.days import Span, happened
from orepact.pact.dates.ordering import in_order
from orepact.pact.dates.past import PastDate
from orepact.pact.instruments.articles import instrument_of
from orepact.pact.instruments.instrument import unknown_articles
from orepact.pact.records.codes import unknown
from orepact.pact.records.record import Entry, Identifier, Part, Record, Text
from orepact.pact.records.references import AreaCode, BodyId, OrganisationId, ProjectId

if TYPE_CHECKING:
    from orepact.pact.records.register import Register


class Route(Part):
    """The item went to another body. ``answer``: what that body decided, carried back on the day ``answered``."""

    day: PastDate
    to: BodyId
    why: Text = ""
    answered: PastDate | None = None
    answer: Text = ""


class WorkItem(Record):
    """Work before a body, in one of its queues where it has some; closed with an outcome."""

    kind: ClassVar[str] = "item"

    body: BodyId
    queue: Identifier | None = None
    opened: PastDate
    closed: PastDate | None = None
    outcome: Text = ""
    owner: OrganisationId | None = None
    areas: tuple[AreaCode, ...] = ()
    commodities: tuple[Identifier, ...] = ()
    organisations: tuple[OrganisationId, ...] = ()
    projects: tuple[ProjectId, ...] = ()
    articles: tuple[Identifier, ...] = ()
    routes: tuple[Route, ...] = ()

    def entry(self) -> Entry:
        """Open or closed."""
        instrument = instrument_of(self.articles[0]) if self.articles else ""
        return Entry(self.title, "closed" if self.closed else "open", self.owner or "", instrument, self.articles)

    def open_on(self, on: date) -> bool:
        """Whether it was opened, and not closed, by a day."""
        return happened(self.opened, on) and not (self.closed is not None and happened(self.closed, on))

    def before(self, on: date) -> str:
        """The body that has it on a day: the last one to which it went and which has not answered."""
        sent = sorted((route for route in self.routes if happened(route.day, on)), key=lambda route: Span.of(route.day).last)
        waiting = [route.to for route in sent if not (route.answered and happened(route.answered, on))]
        return waiting[-1] if waiting else self.body

    def problems(self, register: Register) -> Iterator[Problem]:
        """Dates that contradict, an end without outcome, areas, queues and articles that are not there."""
        where = f"item {self.id}"
        yield from in_order(where, opened=self.opened, closed=self.closed)
        if self.closed and not self.outcome:
            yield Problem(f"{where}, outcome", "what came of it", "nothing", "write the outcome beside the end")
        for number, route in enumerate(self.routes):
            yield from in_order(f"{where}, routes.{number}", opened=self.opened, day=route.day, answered=route.answered)
        for area in self.areas:
            yield from unknown(register, f"{where}, areas", "area", area)
        body = register.records.get((Body.kind, self.body))
        if isinstance(body, Body):
            yield from unknown_articles(register, f"{where}, articles", body.instrument, self.articles)
            queues = [queue.id for queue in body.queues]
            if self.queue is not None and self.queue not in queues:
                mend = f"its queues: {', '.join(queues) or 'none'}"
                yield Problem(f"{where}, queue", f"a queue of {body.id}", repr(self.queue), mend)


def items_of(body: str, register: Register, on: date) -> list[WorkItem]:
    """The open items that a body has before it on a day, oldest first."""
    mine = (item for item in register.referring(WorkItem, body) if item.open_on(on) and item.before(on) == body)
    return sorted(mine, key=lambda item: (item.opened, item.id))


def queues(body: str, register: Register, on: date) -> dict[str, list[WorkItem]]:
    """The open items of a body by its queues, also of those that are empty; "" holds what is in none.

    Raises ``NotFound`` for a body that is not there.
    """
    items = items_of(body, register, on)
    names = [*(queue.id for queue in register.get(Body, body).queues), ""]
    return {name: [item for item in items if (item.queue or "") == name] for name in names}


@dataclass(frozen=True, slots=True)
class Alike:
    """Another item of another body that seems to be the same work, and what both have in common."""

    item: WorkItem
    shared: tuple[str, ...]


def alike(item: WorkItem, register: Register, on: date) -> list[Alike]:
    """Open items of other bodies that share a project, or two of area, commodity and organisation; most in common first."""
    found = []
    for other in register.all(WorkItem):
        if other.id != item.id and other.before(on) != item.before(on) and other.open_on(on):
            shared = _shared(item, other)
            found += [Alike(other, tuple(name for names in shared.values() for name in names))] if _enough(shared) else []
    return sorted(found, key=lambda each: (-len(each.shared), each.item.id))


def _shared(one: WorkItem, other: WorkItem) -> dict[str, list[str]]:
    fields = ("projects", "areas", "commodities", "organisations")
    return {name: sorted(set(getattr(one, name)) & set(getattr(other, name))) for name in fields}


def _enough(shared: dict[str, list[str]]) -> bool:
    return bool(shared["projects"]) or sum(bool(names) for names in shared.values()) >= 2
