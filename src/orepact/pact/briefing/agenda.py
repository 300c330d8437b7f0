"""``agenda``: a draft for the next meeting of a body, from what the register holds on a day; sister bodies come first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

from orepact.pact.bodies.body import Body
from orepact.pact.bodies.due import next_due
from orepact.pact.bodies.items import alike, items_of
from orepact.pact.bodies.rotation import chair
from orepact.pact.dates.days import so_many_days
from orepact.pact.decisions.proposals import waits
from orepact.pact.instruments.amendments import Amendment, approvals
from orepact.pact.instruments.commitments import Commitment, CommitmentBrief, Progress, due_on, progress
from orepact.pact.instruments.differences import Difference
from orepact.pact.instruments.notices import Notice, answers
from orepact.pact.records.record import Record

if TYPE_CHECKING:
    from orepact.pact.records.register import AnyRecord, Register

Section = Literal["sister", "overdue", "notice", "difference", "amendment", "item", "open", "next"]


@dataclass(frozen=True, slots=True)
class Line:
    """A point of the draft: its section, the record that it is about, and why it is there."""

    section: Section
    kind: str
    id: str
    title: str
    because: str


@dataclass(frozen=True, slots=True)
class Draft:
    """The points of a draft, and how many more there are of a section."""

    lines: tuple[Line, ...]
    more: Mapping[Section, int]


def agenda(body: str, register: Register, on: date) -> tuple[Line, ...]:
    """The draft of an agenda: first what sister bodies work on, so that nothing is done twice, then what is late, then the rest.

    Raises ``NotFound`` for a body that is not there.
    """
    return draft(body, register, on).lines


def draft(body: str, register: Register, on: date, most: int | None = None) -> Draft:
    """The same, with so many points of each section at most: nobody talks about a thousand. Raises ``NotFound``."""
    found = register.get(Body, body)
    stands = _stands(found, register, on)
    points = (
        *_sisters(found, register, on),
        *_overdue(stands),
        *_notices(found, register, on),
        *_differences(found, register, on),
        *_amendments(found, register, on),
        *_items(found, register, on),
        *_open(stands, on),
        *_next(found, register, on),
    )
    numbers: Counter[Section] = Counter()
    told = []
    for point in points:
        numbers[point.section] += 1
        if most is None or numbers[point.section] <= most:
            told.append(point)
    over = {section: number - most for section, number in numbers.items() if number > most} if most is not None else {}
    return Draft(_lines(told, register), over)


class _Point(NamedTuple):
    """What a line will be about, whole or in brief."""

    section: Section
    about: Record | CommitmentBrief
    because: str


def _lines(points: list[_Point], register: Register) -> tuple[Line, ...]:
    """Points with the titles of what they are about."""
    short = [point.about.id for point in points if not isinstance(point.about, Record)]
    titles = {one.id: one.title for one in register.several(Commitment, short)}
    named = ((point.about.title if isinstance(point.about, Record) else titles[point.about.id], point) for point in points)
    return tuple(Line(one.section, one.about.kind, one.about.id, title, one.because) for title, one in named)


def _sisters(body: Body, register: Register, on: date) -> Iterator[_Point]:
    for name in body.look_first:
        title = register.get(Body, name).title
        for item in items_of(name, register, on):
            yield _Point("sister", item, f"open since {item.opened} before {title}, whose work comes first")


def _names(body: Body) -> list[str]:
    return [body.id, *([body.instrument] if body.instrument else [])]


def _about(body: Body, register: Register, kind: type[AnyRecord]) -> list[AnyRecord]:
    """The records of a kind about a body or its instrument, by id."""
    found = {record.id: record for name in _names(body) for record in register.referring(kind, name)}
    return [found[name] for name in sorted(found)]


def _stands(body: Body, register: Register, on: date) -> list[tuple[Progress, Commitment | CommitmentBrief]]:
    """How each commitment about a body or its instrument stands, by id."""
    found = {one.id: one for name in _names(body) for one in register.in_brief(Commitment, CommitmentBrief, name)}
    return [(progress(found[name], on), found[name]) for name in sorted(found)]


def _overdue(stands: Iterable[tuple[Progress, Commitment | CommitmentBrief]]) -> Iterator[_Point]:
    """The longest first."""
    for stand, one in sorted(stands, key=lambda pair: -pair[0].overdue_days):
        if stand.state == "overdue":
            yield _Point("overdue", one, f"due {stand.due}, overdue by {so_many_days(stand.overdue_days)}; owner {one.owner}")


def _notices(body: Body, register: Register, on: date) -> Iterator[_Point]:
    for notice in _about(body, register, Notice):
        waiting = [answer for answer in answers(notice, on) if answer.state != "acknowledged"]
        if waiting:
            asked = ", ".join(f"{one.ask} ({so_many_days(one.late_days)} late)" if one.late_days else one.ask for one in waiting)
            yield _Point("notice", notice, f"sent {notice.sent_on}, not acknowledged by {asked}")


def _differences(body: Body, register: Register, on: date) -> Iterator[_Point]:
    for one in _about(body, register, Difference):
        state = one.state_on(on)
        if state in ("raised", "in_consultation"):
            yield _Point("difference", one, f"raised {one.raised} by {one.raised_by}, {state.replace('_', ' ')}")


def _amendments(body: Body, register: Register, on: date) -> Iterator[_Point]:
    for one in _about(body, register, Amendment):
        if approvals(one, register, on).state == "open":
            yield _Point("amendment", one, f"proposed {one.proposed}, {waits(one, register, on)}")


def _items(body: Body, register: Register, on: date) -> Iterator[_Point]:
    for item in items_of(body.id, register, on):
        others = (f"{one.item.id} before {one.item.before(on)} ({', '.join(one.shared)})" for one in alike(item, register, on))
        yield _Point("item", item, "; looks like ".join((f"open since {item.opened}", *others)))


def _open(stands: Iterable[tuple[Progress, Commitment | CommitmentBrief]], on: date) -> Iterator[_Point]:
    for stand, one in stands:
        if stand.state == "open":
            yield _Point("open", one, f"due {due_on(one, on) or 'on no stated day'}; owner {one.owner}")


def _next(body: Body, register: Register, on: date) -> Iterator[_Point]:
    due = next_due(body.id, register, on)
    late = " (overdue)" if due.overdue(on) else ""
    yield _Point("next", body, f"next meeting due {due.day or 'on no stated day'}{late}: {due.rule}")
    for side in body.sides:
        found = chair(body.id, side.side, register, on)
        name = found.organisation or " or ".join(found.candidates) or "not stated"
        yield _Point("next", body, f"chair for {side.side}: {name}; {found.because}")
