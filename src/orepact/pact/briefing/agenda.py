"""``agenda``: a draft for the next meeting of a body, from what the register holds on a day; sister bodies come first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from orepact.pact.bodies.body import Body
from orepact.pact.bodies.due import next_due
from orepact.pact.bodies.items import alike, items_of
from orepact.pact.bodies.rotation import chair
from orepact.pact.dates.days import so_many_days
from orepact.pact.decisions.proposals import waits
from orepact.pact.instruments.amendments import Amendment, approvals
from orepact.pact.instruments.commitments import Commitment, due_on, progress
from orepact.pact.instruments.differences import Difference
from orepact.pact.instruments.notices import Notice, answers

if TYPE_CHECKING:
    from orepact.pact.records.record import Record
    from orepact.pact.records.register import Register

Section = Literal["sister", "overdue", "notice", "difference", "amendment", "item", "open", "next"]


@dataclass(frozen=True, slots=True)
class Line:
    """A point of the draft: its section, the record that it is about, and why it is there."""

    section: Section
    kind: str
    id: str
    title: str
    because: str


def agenda(body: str, register: Register, on: date) -> tuple[Line, ...]:
    """The draft of an agenda: first what sister bodies work on, so that nothing is done twice, then what is late, then the rest.

    Raises ``NotFound`` for a body that is not there.
    """
    found = register.get(Body, body)
    return (
        *_sisters(found, register, on),
        *_commitments(found, register, on),
        *_notices(found, register, on),
        *_differences(found, register, on),
        *_amendments(found, register, on),
        *_items(found, register, on),
        *_next(found, register, on),
    )


def _line(section: Section, record: Record, because: str) -> Line:
    return Line(section, record.kind, record.id, record.title, because)


def _sisters(body: Body, register: Register, on: date) -> Iterator[Line]:
    for name in body.look_first:
        title = register.get(Body, name).title
        for item in items_of(name, register, on):
            yield _line("sister", item, f"open since {item.opened} before {title}, whose work comes first")


def _about(body: Body, register: Register) -> list[Record]:
    """The records about a body or its instrument, by id."""
    names = [body.id, *([body.instrument] if body.instrument else [])]
    found = {(record.kind, record.id): record for name in names for record, _ in register.pointing.get(name, ())}
    return [found[key] for key in sorted(found)]


def _commitments(body: Body, register: Register, on: date) -> Iterator[Line]:
    stands = [(progress(one, on), one) for one in _about(body, register) if isinstance(one, Commitment)]
    for stand, one in sorted(stands, key=lambda pair: -pair[0].overdue_days):
        if stand.state == "overdue":
            yield _line("overdue", one, f"due {stand.due}, overdue by {so_many_days(stand.overdue_days)}; owner {one.owner}")


def _notices(body: Body, register: Register, on: date) -> Iterator[Line]:
    for notice in (one for one in _about(body, register) if isinstance(one, Notice)):
        waiting = [answer for answer in answers(notice, on) if answer.state != "acknowledged"]
        if waiting:
            asked = ", ".join(f"{one.ask} ({so_many_days(one.late_days)} late)" if one.late_days else one.ask for one in waiting)
            yield _line("notice", notice, f"sent {notice.sent_on}, not acknowledged by {asked}")


def _differences(body: Body, register: Register, on: date) -> Iterator[Line]:
    for one in (one for one in _about(body, register) if isinstance(one, Difference)):
        state = one.state_on(on)
        if state in ("raised", "in_consultation"):
            yield _line("difference", one, f"raised {one.raised} by {one.raised_by}, {state.replace('_', ' ')}")


def _amendments(body: Body, register: Register, on: date) -> Iterator[Line]:
    for one in (one for one in _about(body, register) if isinstance(one, Amendment)):
        if approvals(one, register, on).state == "open":
            yield _line("amendment", one, f"proposed {one.proposed}, {waits(one, register, on)}")


def _items(body: Body, register: Register, on: date) -> Iterator[Line]:
    for item in items_of(body.id, register, on):
        others = (f"{one.item.id} before {one.item.before(on)} ({', '.join(one.shared)})" for one in alike(item, register, on))
        yield _line("item", item, "; looks like ".join((f"open since {item.opened}", *others)))
    open_ = (one for one in _about(body, register) if isinstance(one, Commitment) and progress(one, on).state == "open")
    for one in open_:
        yield _line("open", one, f"due {due_on(one, on) or 'on no stated day'}; owner {one.owner}")


def _next(body: Body, register: Register, on: date) -> Iterator[Line]:
    due = next_due(body.id, register, on)
    late = " (overdue)" if due.overdue(on) else ""
    yield _line("next", body, f"next meeting due {due.day or 'on no stated day'}{late}: {due.rule}")
    for side in body.sides:
        found = chair(body.id, side.side, register, on)
        name = found.organisation or " or ".join(found.candidates) or "not stated"
        yield _line("next", body, f"chair for {side.side}: {name}; {found.because}")
