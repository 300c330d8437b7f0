"""``progress``: how far an incident has come on a day, step by step, read from what points to it; nobody sets a state by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeVar

from orepact.pact.dates.clocks import Clock
from orepact.pact.dates.days import Span, happened
from orepact.pact.dates.moments import local_day
from orepact.pact.decisions.decision import NO_AID, AidChoice, Decision, in_force
from orepact.pact.incidents.assessments import Assessment
from orepact.pact.incidents.deliveries import Delivery
from orepact.pact.incidents.reviews import Review

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orepact.pact.incidents.incident import Incident
    from orepact.pact.records.record import Record
    from orepact.pact.records.register import Register

AnyRecord = TypeVar("AnyRecord", bound="Record")
StepState = Literal["done", "open", "waiting", "left_out"]
#: From what happened to what was learned of it.
STEPS = ("event", "alert", "request", "assessment", "options", "decision", "tracking", "review")


@dataclass(frozen=True, slots=True)
class Step:
    """A step on a day: done on ``day``, open until ``due`` where that is known, waiting for another one, or left out.

    ``records``: ids of what it rests on.
    """

    name: str
    state: StepState
    words: str
    day: date | None = None
    due: date | None = None
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """An incident on a day. ``stage`` is the step that is open, ``closed`` or ``done``."""

    incident: str
    on: date
    drill: bool
    stage: str
    steps: tuple[Step, ...]
    meeting: Clock


@dataclass(frozen=True)
class Casefile:
    """The records of an incident as known on a day, each kind from the first to the last."""

    incident: Incident
    on: date
    register: Register
    assessments: tuple[Assessment, ...]
    decisions: tuple[Decision, ...]
    deliveries: tuple[Delivery, ...]
    reviews: tuple[Review, ...]

    @classmethod
    def of(cls, incident: Incident, register: Register, on: date) -> Casefile:
        """Everything that points to the incident and lies not after the day."""
        zone = incident.time_zone
        made = [each for each in _pointing(register, incident.id, Assessment) if local_day(each.made_at, zone) <= on]
        asked = [each for each in _pointing(register, incident.id, Decision) if each.outcome_on(on).state != "not_asked"]
        aid = [each for each in asked if isinstance(each.subject, AidChoice)]
        promised = [each for decision in aid for each in _pointing(register, decision.id, Delivery)]
        held = [each for each in _pointing(register, incident.id, Review) if happened(each.held_on, on)]
        return cls(
            incident,
            on,
            register,
            tuple(sorted(made, key=lambda each: each.made_at)),
            tuple(sorted(aid, key=lambda each: each.asked_at)),
            tuple(sorted(promised, key=lambda each: (Span.of(each.due).last, each.id))),
            tuple(sorted(held, key=lambda each: Span.of(each.held_on).last)),
        )

    @cached_property
    def in_force(self) -> tuple[Decision, ...]:
        """Decisions on aid that hold on the day."""
        return tuple(each for each in self.decisions if in_force(each, self.register, self.on))

    @cached_property
    def by_id(self) -> Mapping[str, Assessment]:
        """Assessments by id."""
        return {each.id: each for each in self.assessments}

    @property
    def assessment(self) -> Assessment | None:
        """The assessment that counts: the last one."""
        return self.assessments[-1] if self.assessments else None


def _pointing(register: Register, name: str, kind: type[AnyRecord]) -> list[AnyRecord]:
    return register.referring(kind, name)


def progress(incident: Incident, register: Register, on: date) -> Progress:
    """Every step on a day, and the one that is next."""
    file = Casefile.of(incident, register, on)
    found = [_event(file), _alert(file), _request(file), _assessment(file), _options(file), _decision(file)]
    steps = _in_turn(file, [*found, _tracking(file), _review(file)])
    next_ = next((step.name for step in steps if step.state == "open"), "done")
    closed = incident.closed is not None and happened(incident.closed.on, on)
    stage = "closed" if closed and next_ == "done" else next_
    return Progress(incident.id, on, incident.drill, stage, steps, incident.meeting_clock(on))


def _in_turn(file: Casefile, steps: list[Step]) -> tuple[Step, ...]:
    """The first step that is not done is open, later ones wait for it; once closed, none is open."""
    closed = file.incident.closed
    if closed is not None and happened(closed.on, file.on):
        over = f"closed on {closed.on}: {closed.reason}"
        return tuple(step if step.state == "done" else replace(step, state="left_out", words=over, due=None) for step in steps)
    out: list[Step] = []
    for step in steps:
        before = next((other.name for other in out if other.state == "open"), "")
        waits = before and step.state == "open"
        out.append(replace(step, state="waiting", words=f"after {before}") if waits else step)
    return tuple(out)


def _event(file: Casefile) -> Step:
    event = file.incident.event
    if event is None:
        return Step("event", "left_out", "no event is named")
    if event.known_from > file.on:
        return Step("event", "left_out", "nothing is known yet")
    return Step("event", "done", event.title, event.known_from, records=(event.id,) if event.id else ())


def _alert(file: Casefile) -> Step:
    alert = file.incident.alert
    if alert is None or alert.on > file.on:
        return Step("alert", "left_out", "no alert is on record")
    thing = f", {alert.commodity}" if alert.commodity else ""
    return Step("alert", "done", f"{alert.level}: {alert.place}{thing}", alert.on)


def _request(file: Casefile) -> Step:
    request, day = file.incident.request, file.incident.received_on
    if request is None or day is None or day > file.on:
        return Step("request", "open", "no party has asked for help")
    return Step("request", "done", f"{request.by} asked {', '.join(request.asked)}", day)


def _assessment(file: Casefile) -> Step:
    found = file.assessment
    if found is None:
        return Step("assessment", "open", "no assessment is made")
    day = local_day(found.made_at, file.incident.time_zone)
    words = f"{found.title}; manifest {found.manifest_hash[:12]}"
    return Step("assessment", "done", words, day, records=tuple(each.id for each in file.assessments))


def _options(file: Casefile) -> Step:
    found = file.assessment
    if found is None or not found.aid:
        return Step("options", "open", "no options of aid are ranked")
    best, day = found.aid[0], local_day(found.made_at, file.incident.time_zone)
    saving = f"saves {best.net_saving_usd:,.0f} USD net" if best.net_saving_usd > 0 else "which saves nothing, as none does"
    return Step("options", "done", f"{len(found.aid)} ranked; first {best.option}, {saving}", day, records=(found.id,))


def _decision(file: Casefile) -> Step:
    if file.in_force:
        taken = ", ".join(f"{each.subject.option}" for each in file.in_force if isinstance(each.subject, AidChoice))
        days = [each.outcome_on(file.on).day for each in file.in_force]
        first = min(day for day in days if day is not None)
        return Step("decision", "done", f"approved: {taken}", first, records=tuple(each.id for each in file.in_force))
    if not file.decisions:
        return Step("decision", "open", "no decision is asked for")
    last = file.decisions[-1]
    outcome = last.outcome_on(file.on)
    due = last.expires_on if outcome.state == "open" else None
    return Step("decision", "open", f"{last.id} is {outcome.state}: {outcome.because}", due=due, records=(last.id,))


def _tracking(file: Casefile) -> Step:
    chosen = {each.id for each in file.in_force if isinstance(each.subject, AidChoice) and each.subject.option != NO_AID}
    if file.in_force and not chosen:
        return Step("tracking", "done", "no aid was decided: nothing to deliver", _decision(file).day)
    mine = [each for each in file.deliveries if each.decision in chosen]
    if not mine:
        return Step("tracking", "open", "no delivery is promised")
    standings = [each.standing(file.on) for each in mine]
    settled = [each.settled for each in standings if each.settled is not None]
    names = tuple(each.id for each in mine)
    words = ", ".join(_counted(each.state for each in standings))
    if len(settled) == len(mine):
        return Step("tracking", "done", words, max(settled), records=names)
    due = min(Span.of(each.due).last for each, standing in zip(mine, standings, strict=True) if standing.settled is None)
    return Step("tracking", "open", words, due=due, records=names)


def _counted(states: Iterable[str]) -> Iterator[str]:
    found = list(states)
    for state in dict.fromkeys(found):
        yield f"{found.count(state)} {state}"


def _review(file: Casefile) -> Step:
    final = [each for each in file.reviews if not each.interim]
    if not final:
        return Step("review", "open", "no review is held")
    return Step("review", "done", final[-1].title, Span.of(final[-1].held_on).last, records=(final[-1].id,))
