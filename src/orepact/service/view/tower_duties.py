"""What a party owes and attends: commitments that are due, the next meeting of each of its bodies, incidents that are open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orepact.pact.bodies.body import Body, Fixed
from orepact.pact.bodies.known import known_on
from orepact.pact.briefing.overview import body_line
from orepact.pact.dates.days import happened
from orepact.pact.incidents.incident import Incident
from orepact.pact.incidents.progress import progress as incident_progress
from orepact.pact.instruments.commitments import Commitment, progress
from orepact.pact.instruments.instrument import Instrument
from orepact.service.rules import day_of
from orepact.service.view.said import Named, Said, Several, say
from orepact.service.view.tower_party import name_of
from orepact.service.view.tower_steps import titles
from orepact.store.listing import Filter

if TYPE_CHECKING:
    from datetime import date

    from orepact.pact.bodies.body import BodySide
    from orepact.pact.bodies.due import Due
    from orepact.pact.briefing.overview import BodyLine, SideOf
    from orepact.pact.records.register import Register
    from orepact.service.view.said import Value
    from orepact.service.view.tower_party import Party
    from orepact.store.store import Store


@dataclass(frozen=True, slots=True)
class Duty:
    """A commitment that is not settled: whose, under what, by when, days by which it is late, whether any evidence is there."""

    id: str
    title: Named
    owner: str
    owner_name: Named
    instrument: str
    articles: tuple[str, ...]
    due: str
    overdue_days: int
    shown: bool
    confidence: str


@dataclass(frozen=True, slots=True)
class NextMeeting:
    """The next meeting of a body: by when and by which rule, and for each side who chairs it and why."""

    body: str
    title: Named
    instrument: str
    due: str
    overdue: bool
    planned: str
    last: str
    rule: Said
    side: str
    chair: str
    chair_name: Value
    certain: bool
    because: Said
    confidence: str


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An incident that is not closed: how far it has come, and the last day of the clock that runs ("" for none)."""

    id: str
    title: Named
    instrument: str
    stage: str
    drill: bool
    last_day: str
    commodity: str
    place: str


def duties(store: Store, register: Register, party: Party, on: date, most: int) -> tuple[Duty, ...]:
    """Commitments of the party's organisations that are open on a day: overdue ones first, then by due date, undated last."""
    states = ("open",) if on >= day_of(None) else ()
    found = []
    for owner in party.organisations:
        asked = Filter(kinds=(Commitment.kind,), owner=owner, states=states)
        lines = store.list(asked, order="due", limit=most).lines
        found += [duty for line in lines if (duty := _duty(register, line.id, on))]
    return tuple(sorted(found, key=lambda duty: (-duty.overdue_days, duty.due == "", duty.due, duty.id))[:most])


def _duty(register: Register, name: str, on: date) -> Duty | None:
    one = register.get(Commitment, name)
    stand = progress(one, on)
    if stand.state not in {"open", "overdue"}:
        return None
    return Duty(
        one.id, Named(one.title, titles(one.titles)), one.owner, name_of(register, one.owner), one.instrument or "", one.articles,
        stand.due or "", stand.overdue_days, stand.shown, one.confidence,
    )  # fmt: skip


def meetings(register: Register, party: Party, on: date) -> tuple[NextMeeting, ...]:
    """The next meeting of each body on which the party sits, a row for each side; what is overdue or due first comes first."""
    lines = [body_line(body, register, on) for body in register.all(Body) if known_on(body, register, on) and _sits(body, party)]
    live = [line for line in lines if line.due.over is None and not (line.body.ended and happened(line.body.ended, on))]
    live.sort(key=lambda line: (line.due.day is None, line.due.day.isoformat() if line.due.day else "", line.body.id))
    return tuple(row for line in live for row in meeting_rows(register, line, on))


def _sits(body: Body, party: Party) -> bool:
    own = set(party.organisations)
    sits = any(own & set(side.members) or own & _chairs(side) for side in body.sides)
    return sits or (party.sort == "country" and any(side.side in party.sides for side in body.sides))


def _chairs(side: BodySide) -> set[str]:
    if side.chair is None:
        return set()
    return {side.chair.organisation} if isinstance(side.chair, Fixed) else {turn.organisation for turn in side.chair.members}


def meeting_rows(register: Register, line: BodyLine, on: date) -> Iterator[NextMeeting]:
    """The next meeting of a body, a row for each of its sides."""
    body, due = line.body, line.due
    for side in line.sides:
        own = body.side(side.side)
        yield NextMeeting(
            body=body.id,
            title=Named(body.title, titles(body.titles)),
            instrument=body.instrument or "",
            due=due.day.isoformat() if due.day else "",
            overdue=due.overdue(on),
            planned=(due.planned.planned or "") if due.planned else "",
            last=(due.last.held or "") if due.last else "",
            rule=due_rule(body, due),
            side=side.side,
            chair=side.following.organisation or "",
            chair_name=_next(register, side),
            certain=side.following.certain,
            because=chair_rule(register, own, side),
            confidence=side.following.confidence if side.following.candidates else "",
        )


def due_rule(body: Body, due: Due) -> Said:
    """By which rule a body meets."""
    if body.meets is None:
        return say("How often it meets is not stated.")
    months = Named(str(body.meets.every_months))
    rules = {
        "from_last_meeting": lambda: say("It meets within {months} months of the last meeting.", months=months),
        "calendar_year": lambda: say("It meets once in each {months} months of the calendar.", months=months),
        "from_operation": lambda: say("It meets once in each {months} months since its instrument started.", months=months),
    }
    said = rules[body.meets.counted]()
    if body.meets.counted_inferred:
        said = said + say("This is our reading: the text does not say how to count.")
    return said + say("There is no meeting and no start to count from.") if due.day is None else said


def _next(register: Register, side: SideOf) -> Value:
    """Who chairs next, or between whom nothing decides; the word for nothing where nobody knows."""
    if side.following.organisation:
        return name_of(register, side.following.organisation)
    return Several(tuple(name_of(register, name) for name in side.following.candidates), either=True)


def chair_rule(register: Register, side: BodySide, line: SideOf) -> Said:
    """Why that organisation chairs for a side."""
    found = line.following
    if side.chair is None:
        return say("Who chairs is not stated.")
    if isinstance(side.chair, Fixed):
        return say("{name} always chairs.", name=name_of(register, side.chair.organisation))
    turns = Several(tuple(name_of(register, turn.organisation) for turn in side.chair.members))
    said = say("Turns among {members}.", members=turns)
    if found.organisation is None:
        return said + say("The text fixes no order between those who are left.")
    if found.certain:
        return said + say("Only {name} has not served in this round.", name=name_of(register, found.organisation))
    return said + say("The text fixes no order: taken is who has waited longest.")


def incidents(register: Register, party: Party, on: date) -> tuple[OpenIncident, ...]:
    """Incidents under the party's instruments that are open on a day, real ones first."""
    found = [_incident(register, one, on) for one in register.all(Incident) if _concerned(register, one, party)]
    return tuple(
        sorted((one for one in found if one is not None), key=lambda one: (one.drill, one.last_day == "", one.last_day, one.id))
    )


def _incident(register: Register, one: Incident, on: date) -> OpenIncident | None:
    closed = one.closed is not None and happened(one.closed.on, on)
    known = one.event is None or one.event.known_from <= on
    if closed or not known:
        return None
    found = incident_progress(one, register, on)
    clock = found.meeting
    last = clock.last.isoformat() if clock.last and clock.done is None else ""
    about = (one.alert.commodity, one.alert.place) if one.alert else ("", "")
    return OpenIncident(one.id, Named(one.title, titles(one.titles)), one.instrument, found.stage, one.drill, last, *about)


def _concerned(register: Register, one: Incident, party: Party) -> bool:
    """Whether the party takes part in the instrument of an incident, or asked or was asked."""
    found = register.records.get((Instrument.kind, one.instrument))
    own = set(party.organisations)
    if one.request is not None and own & {one.request.by, *one.request.asked}:
        return True
    if not isinstance(found, Instrument):
        return False
    parties = {each.organisation for each in found.parties}
    sides = {each.side for each in found.parties} | set(found.countries)
    return bool(own & parties) or (party.sort == "country" and bool(sides & party.sides))
