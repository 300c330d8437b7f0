"""Permits: the path of a kind of project in a jurisdiction, its statutory clocks, and how far a project has come on it.

A path is data: steps, who decides, after which other steps, within how many days by law. Days that no law sets are None, so a
remaining time is a lower bound and names the steps that may take any time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from orepact.errors import Problem
from orepact.pact.dates.days import Span, happened
from orepact.pact.dates.past import PastDate, PastDay
from orepact.pact.records.codes import unknown
from orepact.pact.records.fields import Reference
from orepact.pact.records.record import Confidence, Entry, Identifier, Part, Record, Text
from orepact.pact.records.references import OrganisationId, PermitKindCode, ProjectId, ProjectKindCode

if TYPE_CHECKING:
    from orepact.pact.records.register import Register

PathId = Annotated[Identifier, Reference(("permit_path",))]
Outcome = Literal["granted", "refused", "withdrawn", "not_needed"]
#: States after which the next step may begin; "through" is a step that a later one, which has begun, leaves behind.
PASSED = frozenset({"granted", "not_needed", "through"})


class Step(Part):
    """One permit or assessment: ``after`` are steps that must be through first, ``days`` the statutory time, None when none."""

    id: Identifier
    title: Text
    permit_kind: PermitKindCode
    authority: OrganisationId | None = None
    authority_name: Text = ""
    after: tuple[Identifier, ...] = ()
    days: int | None = Field(default=None, gt=0)
    law: Text = ""
    confidence: Confidence = "reported"


class PermitPath(Record):
    """The steps of a kind of project in a place (``CAN`` for all of Canada). Not legal advice."""

    kind: ClassVar[str] = "permit_path"

    place: Text
    project_kind: ProjectKindCode
    steps: tuple[Step, ...] = Field(min_length=1)

    @cached_property
    def by_id(self) -> Mapping[str, Step]:
        """Steps by id."""
        return {step.id: step for step in self.steps}

    def problems(self, register: Register) -> Iterator[Problem]:
        """Steps twice, steps after steps that are not there, circles."""
        where = f"permit_path {self.id}"
        yield from unknown(register, f"{where}, project_kind", "project_kind", self.project_kind)
        if len(self.by_id) < len(self.steps):
            yield Problem(f"{where}, steps", "each step once", "an id twice", "rename one of them")
        for step in self.steps:
            yield from unknown(register, f"{where}, {step.id}, permit_kind", "permit_kind", step.permit_kind)
            for name in step.after:
                if name not in self.by_id:
                    yield Problem(f"{where}, {step.id}, after", "a step of this path", repr(name), "add the step or mend the id")
        yield from _circle(where, self)


def _circle(where: str, path: PermitPath) -> Iterator[Problem]:
    """A problem when steps wait for each other: what is left once every step without open predecessor is taken away."""
    left = {step.id: {name for name in step.after if name in path.by_id} for step in path.steps}
    while free := [name for name, before in left.items() if not before & left.keys()]:
        for name in free:
            del left[name]
    if left:
        found = ", ".join(sorted(left))
        yield Problem(f"{where}, after", "steps that do not wait for each other", found, "break the circle")


class Pause(Part):
    """Days in which the clock stands still, for instance while an authority waits for an answer."""

    begins: date
    ends: date | None = None
    why: Text = ""


class Progress(Part):
    """How far a project has come with a step: begun, from ``applied_on`` where that is known, and decided."""

    step: Identifier
    applied_on: PastDate | None = None
    decided_on: PastDate | None = None
    outcome: Outcome | None = None
    pauses: tuple[Pause, ...] = ()
    text: Text = ""
    confidence: Confidence = "reported"


class Question(Part):
    """A question of an investor or an authority, and its answer."""

    asked_on: PastDay
    text: Text = Field(min_length=1)
    asked_by: OrganisationId | None = None
    asked_of: OrganisationId | None = None
    answered_on: PastDay | None = None
    answer: Text = ""


class Permits(Record):
    """The permits of one project along one path."""

    kind: ClassVar[str] = "permits"

    project: ProjectId
    path: PathId
    progress: tuple[Progress, ...] = ()
    questions: tuple[Question, ...] = ()

    def entry(self) -> Entry:
        """How many steps are decided."""
        return Entry(self.title, state=f"{sum(one.outcome is not None for one in self.progress)} decided")

    def problems(self, register: Register) -> Iterator[Problem]:
        """Steps that the path lacks, decisions before the application, outcomes without a date, answers before questions."""
        path = register.records.get((PermitPath.kind, self.path))
        for one in self.progress:
            where = f"permits {self.id}, {one.step}"
            if isinstance(path, PermitPath) and one.step not in path.by_id:
                known = ", ".join(path.by_id)
                yield Problem(where, f"a step of {path.id}: {known}", repr(one.step), "mend the id")
            yield from _progress_problems(where, one)
        for number, question in enumerate(self.questions, start=1):
            if question.answered_on and question.answered_on < question.asked_on:
                where, found = f"permits {self.id}, questions {number}", f"answered {question.answered_on}"
                yield Problem(where, f"an answer not before {question.asked_on}", found, "mend one of the two dates")


def _progress_problems(where: str, one: Progress) -> Iterator[Problem]:
    if one.applied_on and one.decided_on and Span.of(one.decided_on).surely_before(Span.of(one.applied_on)):
        yield Problem(where, f"a decision not before {one.applied_on}", one.decided_on, "mend one of the two dates")
    if (one.outcome is None) != (one.decided_on is None) and one.outcome != "not_needed":
        yield Problem(where, "an outcome together with its date", "one of the two", "give both or neither")
    for pause in one.pauses:
        if pause.ends and pause.ends < pause.begins:
            yield Problem(where, f"a pause that ends not before {pause.begins}", f"{pause.ends}", "mend one of the two dates")


@dataclass(frozen=True, slots=True)
class PermitClock:
    """A step on a day: ``state`` is waiting, open, running, through, granted, refused, withdrawn or not_needed.

    A running clock has a ``due`` day where the law sets one (days of pauses added, those of an open pause up to the day asked)
    and ``overdue`` days past it.
    """

    step: str
    title: str
    state: str
    days: int | None
    due: date | None = None
    paused: bool = False
    overdue: int = 0


def clocks(permits: Permits, path: PermitPath, on: date) -> tuple[PermitClock, ...]:
    """Every step of the path on a day, in the order of the path. A month counts once it is over."""
    progress = {one.step: one for one in permits.progress}
    behind = _behind(path, [name for name, one in progress.items() if _begun(one, on)])
    passed = behind | _passed(path, {name for name, one in progress.items() if _outcome(one, on) in PASSED}, behind)
    return tuple(_clock(step, progress.get(step.id), passed, behind, on) for step in path.steps)


def _begun(one: Progress, on: date) -> bool:
    """Whether a step has begun: one that is not needed never does, so it says nothing of those before it."""
    outcome = _outcome(one, on)
    return outcome != "not_needed" and (bool(outcome) or one.applied_on is None or happened(one.applied_on, on))


def _passed(path: PermitPath, settled: set[str], behind: set[str]) -> set[str]:
    """Steps that hold nobody up: granted or not needed, where nothing before those not needed is still to come."""
    found: set[str] = set()
    for step in _in_order(path):
        if step.id in settled and set(step.after) <= found | behind:
            found.add(step.id)
    return found


def _behind(path: PermitPath, begun: list[str]) -> set[str]:
    """The steps that those which have begun wait for, and those before them."""
    found: set[str] = set()
    queue = [name for step in begun if step in path.by_id for name in path.by_id[step].after]
    while queue:
        name = queue.pop()
        if name not in found and name in path.by_id:
            found.add(name)
            queue.extend(path.by_id[name].after)
    return found


def _outcome(one: Progress | None, on: date) -> str:
    if one is None or one.outcome is None:
        return ""
    return one.outcome if one.decided_on is None or happened(one.decided_on, on) else ""


def _clock(step: Step, one: Progress | None, passed: set[str], behind: set[str], on: date) -> PermitClock:
    outcome = _outcome(one, on)
    if outcome:
        return PermitClock(step.id, step.title, outcome, step.days)
    if step.id in behind:
        return PermitClock(step.id, step.title, "through", step.days)
    if one and (one.applied_on is None or happened(one.applied_on, on)):
        due = None
        if step.days is not None and one.applied_on is not None:
            due = Span.of(one.applied_on).last + timedelta(step.days + _stood_still(one, on))
        overdue = max(0, (on - due).days) if due else 0
        paused = any(pause.begins <= on and (pause.ends is None or on < pause.ends) for pause in one.pauses)
        return PermitClock(step.id, step.title, "running", step.days, due, paused, overdue)
    return PermitClock(step.id, step.title, "open" if set(step.after) <= passed else "waiting", step.days)


def _stood_still(one: Progress, on: date) -> int:
    """Days of pauses from the application to a day; a day in two pauses counts once."""
    stood, reached = 0, Span.of(one.applied_on).last if one.applied_on else date.min
    for pause in sorted(one.pauses, key=lambda pause: pause.begins):
        begins, ends = max(pause.begins, reached), min(pause.ends or on, on)
        stood += max(0, (ends - begins).days)
        reached = max(reached, ends)
    return stood


@dataclass(frozen=True, slots=True)
class Remaining:
    """The critical path on a day: the steps still to come, in order, that take longest, and at least how many days.

    ``untimed`` names the steps on any path of which no law sets the time, or whose begin is not known: they may add to it.
    ``stopped`` names steps refused or withdrawn, after which nothing can be told.
    """

    days: int
    steps: tuple[str, ...]
    untimed: tuple[str, ...]
    stopped: tuple[str, ...]
    ready_on: date


def remaining(permits: Permits, path: PermitPath, on: date) -> Remaining:
    """What is still to come: each step begins when the last before it is through, and takes its statutory days or none.

    A running step takes what is left until its due day, 0 when that has passed.
    """
    states = {clock.step: clock for clock in clocks(permits, path, on)}
    left = {name: _left(clock, on) for name, clock in states.items() if clock.state not in PASSED}
    longest: dict[str, tuple[int, tuple[str, ...]]] = {}
    for step in _in_order(path):
        before = max((longest[name] for name in step.after if name in longest), default=(0, ()), key=lambda one: one[0])
        own = (step.id,) if step.id in left else ()
        longest[step.id] = (before[0] + left.get(step.id, 0), (*before[1], *own))
    days, steps = max(longest.values(), key=lambda one: (one[0], len(one[1])))
    untimed = tuple(name for name in left if _untimed(states[name]))
    stopped = tuple(name for name, clock in states.items() if clock.state in {"refused", "withdrawn"})
    return Remaining(days, steps, untimed, stopped, on + timedelta(days))


def _untimed(clock: PermitClock) -> bool:
    return clock.days is None or (clock.state == "running" and clock.due is None)


def _left(clock: PermitClock, on: date) -> int:
    if clock.due is not None:
        return max(0, (clock.due - on).days)
    return 0 if _untimed(clock) else clock.days or 0


def _in_order(path: PermitPath) -> list[Step]:
    """The steps, each after those that it waits for."""
    done: list[Step] = []
    left = list(path.steps)
    while left:
        names = {step.id for step in left}
        free = [step for step in left if not names & set(step.after)]
        done += free or left  # steps in a circle are told by ``problems``
        left = [step for step in left if step not in done]
    return done


def open_questions(permits: Permits, on: date) -> tuple[Question, ...]:
    """Questions asked by a day and not answered by it, oldest first."""
    asked = (one for one in permits.questions if one.asked_on <= on and (one.answered_on is None or one.answered_on > on))
    return tuple(sorted(asked, key=lambda one: one.asked_on))
