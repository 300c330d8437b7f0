"""``dossier``: everything that a meeting of a body needs to have on the table, as known on a day, in no language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from orepact.errors import BadInput, Problem
from orepact.pact.bodies.body import Body, Counting
from orepact.pact.bodies.due import Due, readings
from orepact.pact.bodies.known import known_since
from orepact.pact.bodies.meetings import Meeting, held_by
from orepact.pact.briefing.agenda import Line, agenda
from orepact.pact.briefing.overview import BodyLine, body_line
from orepact.pact.briefing.readings import Measured, Reading, reading_of
from orepact.pact.briefing.scoreboard import Scoreboard, scoreboard
from orepact.pact.dates.days import Span, happened
from orepact.pact.decisions.decision import Decision, Outcome
from orepact.pact.instruments.amendments import Amendment, Approvals, approvals
from orepact.pact.instruments.commitments import Commitment, Progress, progress
from orepact.pact.instruments.differences import Difference
from orepact.pact.instruments.instrument import Instrument
from orepact.pact.instruments.notices import Answer, Notice, answers
from orepact.pact.projects.history import Slip, slip_curve
from orepact.pact.projects.project import Plan, Project, Standing, Status

if TYPE_CHECKING:
    from orepact.pact.records.record import Record
    from orepact.pact.records.register import Register

AnyRecord = TypeVar("AnyRecord", bound="Record")


@dataclass(frozen=True, slots=True)
class Duty:
    """A commitment and how it stands."""

    commitment: Commitment
    progress: Progress


@dataclass(frozen=True, slots=True)
class Moved:
    """A project of which something was reported since the last meeting (ever, before the first one).

    ``slip``: the last point of its curve where a plan or the start itself is new, in months after the first plan.
    """

    project: Project
    before: Standing
    now: Standing
    statuses: tuple[Status, ...]
    plans: tuple[Plan, ...]
    slip: Slip | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """A body on a day. ``since``: the day of its last meeting, None before the first; ``board`` is None without an instrument.

    ``decisions``: those that passed or failed since then, and those that are open. ``later``: commitments that are not late.
    ``by_reading``: when the next meeting is due by each way to count.
    """

    body: Body
    on: date
    line: BodyLine
    since: date | None
    last: Meeting | None
    by_reading: Mapping[Counting, Due]
    agenda: tuple[Line, ...]
    board: Scoreboard | None
    decisions: tuple[tuple[Decision, Outcome], ...]
    overdue: tuple[Duty, ...]
    later: tuple[Duty, ...]
    moved: tuple[Moved, ...]
    notices: tuple[tuple[Notice, tuple[Answer, ...]], ...]
    differences: tuple[Difference, ...]
    amendments: tuple[tuple[Amendment, Approvals], ...]
    readings: tuple[Reading, ...]


def dossier(body: str, register: Register, on: date, measured: Sequence[Measured] = ()) -> Dossier:
    """What a body needs for its next meeting. Raises ``NotFound`` for a body that is not there, ``BadInput`` for a day before it.

    It holds whatever the register holds: what a reader may not see must be left out of that before.
    """
    found = register.get(Body, body)
    _demand_known(found, register, on)
    held = held_by(body, register, on)
    last = held[-1] if held else None
    since = Span.of(str(last.held)).last if last else None
    instrument = found.instrument if (Instrument.kind, found.instrument or "") in register else None
    board = scoreboard(instrument, register, on, measured) if instrument else None
    duties = _duties(found, register, on, board)
    told = [one for duty in duties if (one := reading_of(duty.commitment, on, measured))]
    aims = [one for line in board.lines for one in line.readings if not one.commitment] if board else []
    return Dossier(
        found,
        on,
        body_line(found, register, on),
        since,
        last,
        readings(body, register, on) if found.meets else {},
        agenda(body, register, on),
        board,
        _decisions(found, register, on, since),
        tuple(duty for duty in duties if duty.progress.state == "overdue"),
        tuple(duty for duty in duties if duty.progress.state == "open"),
        tuple(_moved(found, register, on, since)),
        tuple(_notices(found, register, on)),
        tuple(one for one in _of(Difference, found, register) if one.state_on(on) in ("raised", "in_consultation")),
        tuple(_amendments(found, register, on)),
        (*told, *aims),
    )


def _demand_known(body: Body, register: Register, on: date) -> None:
    """Refuse a day on which nothing is known of the body yet."""
    since = known_since(body, register)
    if since is not None and since > on:
        expected = f"a day from {since} on, when it is first known of"
        raise BadInput([Problem(f"body {body.id}", expected, str(on), "take a later day")])


def _of(kind: type[AnyRecord], body: Body, register: Register) -> list[AnyRecord]:
    """The records of a kind about a body or its instrument, by id."""
    names = [body.id, *([body.instrument] if body.instrument else [])]
    found = {record.id: record for name in names for record in register.referring(kind, name)}
    return [found[name] for name in sorted(found)]


def _duties(body: Body, register: Register, on: date, board: Scoreboard | None) -> list[Duty]:
    """Commitments about the body, its instrument and its articles: the longest overdue first, then the soonest due."""
    found = {one.id: Duty(one, progress(one, on)) for one in _of(Commitment, body, register)}
    served = (duty for line in (board.lines if board else ()) for duty in line.duties)
    found.update({duty.id: Duty(register.get(Commitment, duty.id), duty.progress) for duty in served})
    known = [duty for duty in found.values() if duty.progress.state != "not_made"]
    return sorted(known, key=lambda duty: (-duty.progress.overdue_days, *_due(duty), duty.commitment.id))


def _due(duty: Duty) -> tuple[date]:
    return (Span.of(duty.progress.due).last if duty.progress.due else date.max,)


def _decisions(body: Body, register: Register, on: date, since: date | None) -> tuple[tuple[Decision, Outcome], ...]:
    found = [(one, one.outcome_on(on)) for one in _of(Decision, body, register)]
    known = [(one, outcome) for one, outcome in found if outcome.state != "not_asked"]
    kept = [pair for pair in known if pair[1].day is None or since is None or pair[1].day > since]
    return tuple(sorted(kept, key=lambda pair: pair[0].asked_at))


def _moved(body: Body, register: Register, on: date, since: date | None) -> Iterator[Moved]:
    for project in _of(Project, body, register):
        statuses = tuple(one for one in project.statuses if _new(one.date, on, since))
        plans = tuple(one for one in project.plans if _new(one.said_on, on, since))
        reached = [one for one in project.reached if _new(one.date, on, since)]
        if not (statuses or plans or reached):
            continue
        curve = slip_curve(project, on)
        before = project.standing(since) if since else Standing("unknown")
        slip = curve[-1] if curve and _new(curve[-1].said_on, on, since) else None
        yield Moved(project, before, project.standing(on), statuses, plans, slip)


def _new(day: str, on: date, since: date | None) -> bool:
    return happened(day, on) and not (since is not None and happened(day, since))


def _notices(body: Body, register: Register, on: date) -> Iterator[tuple[Notice, tuple[Answer, ...]]]:
    for notice in _of(Notice, body, register):
        waiting = tuple(answer for answer in answers(notice, on) if answer.state != "acknowledged")
        if waiting:
            yield notice, waiting


def _amendments(body: Body, register: Register, on: date) -> Iterator[tuple[Amendment, Approvals]]:
    for one in _of(Amendment, body, register):
        stand = approvals(one, register, on)
        if stand.state in ("open", "approved"):
            yield one, stand
