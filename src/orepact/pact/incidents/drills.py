"""``Drill``: an exercise on an incident that is marked as one, with injects at set hours and an after-action report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from orepact.errors import Problem
from orepact.facts.labels import Label
from orepact.pact.dates.moments import iso
from orepact.pact.dates.past import PastMoment
from orepact.pact.incidents.incident import Incident
from orepact.pact.records.record import Entry, Identifier, Part, Record, Text
from orepact.pact.records.references import CommitmentId, IncidentId, OrganisationId, PersonId
from orepact.pact.records.scripted import ROLE

if TYPE_CHECKING:
    from typing import Self

    from orepact.pact.records.register import Register

#: ``told``: it is for nobody by name, and nobody answered in time; ``not_told``: the exercise ended before its hour.
InjectState = Literal["planned", "not_told", "told", "waiting", "in_time", "late", "missed"]


class Inject(Part):
    """What the players are told ``at_hours`` after the start, and what is expected within ``within_hours`` of that.

    ``of``: of whom; where it names nobody anybody may answer, and nobody misses it.
    """

    id: Identifier
    at_hours: float = Field(ge=0, le=24 * 366, allow_inf_nan=False)
    text: Text = Field(min_length=1)
    expected: Text = Field(min_length=1)
    of: tuple[OrganisationId, ...] = ()
    within_hours: float = Field(gt=0, le=24 * 366, allow_inf_nan=False)


class Action(Part):
    """What a player did on an inject."""

    inject: Identifier
    at: PastMoment
    by: OrganisationId
    text: Text = Field(min_length=1)


class Finding(Part):
    """A lesson of the exercise, and the commitment to mend it where somebody took it."""

    text: Text = Field(min_length=1)
    commitment: CommitmentId | None = None


class Drill(Record):
    """An exercise on an incident: a script, and what the players did.

    Without ``started_at`` it is a script that can be played; hours are elapsed hours, whatever the clocks do. Before its hour an
    inject is known to those alone who conduct the exercise: ``conductors``; where nobody is named, the organisation that owns the
    label; and of a label without owner the registrar. ``announced``: hours at which, as the players know beforehand, something
    comes.
    """

    kind: ClassVar[str] = "drill"
    script: ClassVar[tuple[str, ...]] = ("injects", "conductors", "announced", "started_at", "ended_at")

    incident: IncidentId
    started_at: PastMoment | None = None
    ended_at: PastMoment | None = None
    injects: tuple[Inject, ...]
    conductors: tuple[PersonId, ...] = ()
    announced: tuple[Annotated[float, Field(ge=0, le=24 * 366, allow_inf_nan=False)], ...] = ()
    actions: tuple[Action, ...] = ()
    findings: tuple[Finding, ...] = ()

    def entry(self) -> Entry:
        """Its state is how far it was played."""
        return Entry(self.title, "ended" if self.ended_at else "running" if self.started_at else "planned")

    def conducted_by(self) -> frozenset[str]:
        """Persons who are named; else all of the organisation that owns the label, or the registrar."""
        if self.conductors:
            return frozenset(f"person:{name}" for name in self.conductors)
        label = Label.parse(self.label)
        return frozenset({f"of:{label.owner.casefold()}" if label is not None and label.owner else f"{ROLE}registrar"})

    def at_hour(self, moment: datetime, latest: Self | None = None) -> Self:
        """With the injects that were told by then, or until the end; what was never told stays with who conducts it."""
        told = self._told(moment)
        if latest is None:  # actions stay: one on what was not told is checked as one on an inject that there is not
            return self.model_copy(update={"injects": tuple(each for each in self.injects if each.id in told)})
        told &= latest._told(moment)  # noqa: SLF001  of the same record
        injects = tuple(each for each in self.injects if each.id in told)
        return self.model_copy(
            update={"injects": injects, "actions": tuple(each for each in self.actions if each.inject in told)}
        )

    def _told(self, moment: datetime) -> set[str]:
        last = self.ended_at or moment
        return {each.id for each in self.injects if (at := self.told_at(each)) is not None and at <= last}

    def next_hour(self, moment: datetime) -> datetime | None:
        """When the next inject is told; None where none is to come, and while the clock does not run."""
        if self.ended_at is not None:
            return None
        return min((at for each in self.injects if (at := self.told_at(each)) is not None and at > moment), default=None)

    def next_announced(self, moment: datetime) -> datetime | None:
        """The first moment after this one at which, as the players know, something comes; None where they know of none."""
        start = self.started_at
        if start is None or self.ended_at is not None:
            return None
        hours = (start + timedelta(hours=each) for each in self.announced)
        return min((at for at in hours if at > moment), default=None)

    def forbidden(self, before: Record | None) -> Iterator[Problem]:  # noqa: ARG002  asked of the record alone
        """A script without an inject."""
        if not self.injects:
            yield Problem(f"drill {self.id}, injects", "at least one inject", "none", "write what the players are told, and when")

    def problems(self, register: Register) -> Iterator[Problem]:
        """A real incident played with, injects said twice, actions before their inject was told or after the end."""
        where = f"drill {self.id}"
        incident = register.records.get((Incident.kind, self.incident))
        if isinstance(incident, Incident) and not incident.drill:
            found = f"{incident.id}, a real one"
            yield Problem(
                f"{where}, incident", "an incident marked as a drill", found, "open an incident of its own for the drill"
            )
        names = [inject.id for inject in self.injects]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Problem(f"{where}, injects", "each inject once", f"{name} {names.count(name)} times", "rename one of them")
        if self.started_at is None and (self.actions or self.ended_at):
            yield Problem(f"{where}, started_at", "the start of what was played", "nothing", "add the moment of the start")
        if self.started_at and self.ended_at and self.ended_at < self.started_at:
            found = iso(self.ended_at)
            yield Problem(
                f"{where}, ended_at", f"not before the start ({iso(self.started_at)})", found, "mend one of the moments"
            )
        yield from self._actions()

    def _actions(self) -> Iterator[Problem]:
        told = {inject.id: self.told_at(inject) for inject in self.injects}
        for number, action in enumerate(self.actions):
            where = f"drill {self.id}, actions.{number}"
            if action.inject not in told:
                yield Problem(where, f"an inject of the drill: {', '.join(told)}", repr(action.inject), "mend the id")
                continue
            start = told[action.inject]
            if start is not None and action.at < start:
                yield Problem(where, f"an action after it was told ({iso(start)})", iso(action.at), "mend the moment")
            if self.ended_at is not None and action.at > self.ended_at:
                expected = f"an action before the exercise ended ({iso(self.ended_at)})"
                mend = "mend the moment; what was done later belongs into a finding"
                yield Problem(where, expected, iso(action.at), mend)

    @property
    def not_told(self) -> tuple[str, ...]:
        """Injects whose hour had not come when the exercise ended; none while it has not."""
        told = ((inject.id, self.told_at(inject)) for inject in self.injects)
        end = self.ended_at
        return tuple(name for name, at in told if end is not None and at is not None and at > end)

    def told_at(self, inject: Inject) -> datetime | None:
        """When an inject is told; None before there is a start."""
        return self.started_at + timedelta(hours=inject.at_hours) if self.started_at else None


@dataclass(frozen=True, slots=True)
class Answered:
    """An inject in the report. ``hours``: from telling until all had acted; ``silent``: for whom it is and who did nothing."""

    inject: str
    expected: str
    told_at: datetime | None
    due_at: datetime | None
    state: InjectState
    hours: float | None
    silent: tuple[OrganisationId, ...]
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class AfterAction:
    """What was expected, when it was done, and the gaps: injects that were answered late, not at all, or not by all.

    ``at``: the moment as of which it speaks.
    """

    drill: str
    at: datetime
    answered: tuple[Answered, ...]
    findings: tuple[Finding, ...]

    @property
    def gaps(self) -> tuple[Answered, ...]:
        """Injects with something to learn from: late or missed by those of whom something was expected."""
        return tuple(each for each in self.answered if each.state in ("late", "missed"))


def after_action(drill: Drill, at: datetime) -> AfterAction:
    """The report as of a moment, or as of the end of the exercise where that came first; what happened later is not in it.

    An inject is answered once all of whom it expects something (anybody, where it names none) have acted, and as late as the
    last of them.
    """
    over = drill.ended_at is not None and drill.ended_at <= at
    last = min(at, drill.ended_at) if drill.ended_at is not None else at
    found = (_answered(drill, inject, last) for inject in drill.injects)
    answered = tuple(replace(each, state="not_told") if over and each.state == "planned" else each for each in found)
    return AfterAction(drill.id, last, answered, drill.findings)


def _answered(drill: Drill, inject: Inject, at: datetime) -> Answered:
    told = drill.told_at(inject)
    if told is None:
        return Answered(inject.id, inject.expected, None, None, "planned", None, inject.of, ())
    due = told + timedelta(hours=inject.within_hours)
    done = tuple(sorted((each for each in drill.actions if each.inject == inject.id and each.at <= at), key=lambda each: each.at))
    firsts: dict[str, datetime] = {}
    for each in done:
        firsts.setdefault(each.by, each.at)
    silent = tuple(name for name in inject.of if name not in firsts)
    counted = [firsts[name] for name in inject.of if name in firsts] if inject.of else [*firsts.values()][:1]
    last = max(counted) if counted and not silent else None
    hours = (last - told).total_seconds() / 3600 if last else None
    state = _state(told, due, last, at)
    if not inject.of and state in ("late", "missed"):
        state = "told"
    return Answered(inject.id, inject.expected, told, due, state, hours, silent, done)


def _state(told: datetime, due: datetime, last: datetime | None, at: datetime) -> InjectState:
    if told > at:
        return "planned"
    if last is not None:
        return "in_time" if last <= due else "late"
    return "waiting" if at <= due else "missed"
