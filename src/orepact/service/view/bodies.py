"""Bodies as pages show them: the tree of them, who chairs next and by which rule, in words, and their meetings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from orepact.service.pact.desk import asked
from orepact.service.rules import day_of
from orepact.service.view.said import Named, Said
from orepact.service.view.tower_duties import due_rule, meeting_rows
from orepact.service.view.tower_steps import titles

if TYPE_CHECKING:
    from datetime import date

    from orepact.pact.bodies.body import Body
    from orepact.pact.bodies.meetings import Meeting
    from orepact.pact.briefing.overview import BodyLine
    from orepact.pact.records.register import Register
    from orepact.service.pact.desk import Where
    from orepact.service.view.tower_duties import NextMeeting


@dataclass(frozen=True, slots=True)
class Seat:
    """A body in the tree, ``depth`` steps below a root: when it meets next and why, a row for each of its sides."""

    id: str
    title: Named
    kind: str
    instrument: str
    parent: str
    depth: int
    meetings: int
    last: str
    due: str
    overdue: bool
    planned: str
    rule: Said
    sides: tuple[NextMeeting, ...]


def tree(db: Where, *, on: str | None = None) -> tuple[Seat, ...]:
    """Every body known of on a day, each under the one above it."""
    from orepact.pact.briefing.overview import bodies

    day = day_of(on)
    with asked(db) as (_, register):
        seats = {line.body.id: _seat(register, line, day) for line in bodies(register, day)}
    return tuple(_below(seats, "", 0))


def seat(name: str, db: Where, *, on: str | None = None) -> Seat:
    """One body; raises ``NotFound``."""
    from orepact.pact.bodies.body import Body
    from orepact.pact.briefing.overview import body_line

    day = day_of(on)
    with asked(db) as (_, register):
        return _seat(register, body_line(register.get(Body, name), register, day), day)


def _seat(register: Register, line: BodyLine, on: date) -> Seat:
    body, due = line.body, line.due
    return Seat(
        body.id,
        Named(body.title, titles(body.titles)),
        body.body_kind,
        body.instrument or "",
        body.parent or "",
        0,
        line.meetings,
        (due.last.held or "") if due.last else "",
        due.day.isoformat() if due.day else "",
        due.overdue(on),
        (due.planned.planned or "") if due.planned else "",
        due_rule(body, due),
        tuple(meeting_rows(register, line, on)),
    )


def _below(seats: dict[str, Seat], parent: str, depth: int) -> Iterator[Seat]:
    for one in seats.values():
        if one.parent == parent or (not depth and one.parent and one.parent not in seats):
            yield replace(one, depth=depth)
            yield from _below(seats, one.id, depth + 1)


@dataclass(frozen=True, slots=True)
class Sitting:
    """A meeting of a body: its day held, or planned; outcomes and minutes; ``version``: to change it from."""

    id: str
    title: str
    number: int | None
    planned: str
    held: str
    cancelled: str
    place: str
    chairs: tuple[tuple[str, str], ...]
    agenda: tuple[str, ...]
    outcomes: tuple[str, ...]
    minutes: str
    decisions: tuple[str, ...]
    label: str
    confidence: str


def sittings(body: str, db: Where, *, on: str | None = None, language: str = "en") -> tuple[Sitting, ...]:
    """The meetings of a body that are known of on a day, the last first; raises ``NotFound``."""
    from orepact.pact.bodies.body import Body
    from orepact.pact.bodies.meetings import held_by, meetings_of, planned_by

    day = day_of(on)
    with asked(db) as (_, register):
        found: Body = register.get(Body, body)
        shown = {one.id for one in (*held_by(found.id, register, day), *planned_by(found.id, register, day))}
        every = [one for one in meetings_of(found.id, register) if one.id in shown or one.cancelled]
    return tuple(
        sorted((_sitting(one, language) for one in every), key=lambda one: one.held or one.planned or one.cancelled, reverse=True)
    )


def _sitting(one: Meeting, language: str) -> Sitting:
    return Sitting(
        one.id,
        one.title_in(language),
        one.number,
        one.planned or "",
        one.held or "",
        one.cancelled or "",
        one.place,
        tuple((each.side, each.organisation) for each in one.chairs),
        tuple(item.text for item in one.agenda),
        one.outcomes,
        one.minutes,
        one.decisions,
        one.label,
        one.confidence,
    )
