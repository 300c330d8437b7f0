"""``account``: an incident in figures: how long each step took, what was chosen and what arrived."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from orepact.pact.dates.clocks import Clock
from orepact.pact.decisions.decision import NO_AID, AidChoice
from orepact.pact.incidents.progress import STEPS, Casefile, progress

if TYPE_CHECKING:
    from orepact.pact.incidents.deliveries import Standing
    from orepact.pact.incidents.incident import Incident
    from orepact.pact.incidents.reviews import Lesson
    from orepact.pact.records.register import Register


@dataclass(frozen=True, slots=True)
class Lapse:
    """A step that was done, and how many days after receipt of the request (negative: before)."""

    step: str
    day: date
    days: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What was decided against what was ranked first, USD saved net of cost by the assessment; None where no aid was chosen."""

    decision: str
    option: str
    best: str | None
    net_saving_usd: float
    best_net_saving_usd: float


@dataclass(frozen=True, slots=True)
class Arrived:
    """A delivery by its id: what was promised and how it stands, in its unit."""

    delivery: str
    what: str
    promised: float | None
    unit: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Account:
    """An incident in figures, as known on a day."""

    incident: str
    on: date
    drill: bool
    clock: Clock
    lapses: tuple[Lapse, ...]
    choices: tuple[Choice, ...]
    arrived: tuple[Arrived, ...]
    lessons: tuple[Lesson, ...]


def account(incident: Incident, register: Register, on: date) -> Account:
    """The figures that a review starts from: days, choices, deliveries, lessons; what lies after ``on`` is not in it."""
    file = Casefile.of(incident, register, on)
    steps = {step.name: step for step in progress(incident, register, on).steps}
    start = incident.received_on
    done = [steps[name] for name in STEPS if steps[name].state == "done"]
    lapses = tuple(Lapse(step.name, step.day, (step.day - start).days) for step in done if step.day and start)
    arrived = tuple(Arrived(each.id, each.what, each.quantity, each.unit, each.standing(on)) for each in file.deliveries)
    lessons = tuple(lesson for review in file.reviews for lesson in review.lessons)
    return Account(incident.id, on, incident.drill, incident.meeting_clock(on), lapses, tuple(_choices(file)), arrived, lessons)


def _choices(file: Casefile) -> Iterator[Choice]:
    for decision in file.in_force:
        subject = decision.subject
        assessment = file.by_id.get(subject.assessment) if isinstance(subject, AidChoice) else None
        if assessment is None or not isinstance(subject, AidChoice):
            continue
        best = assessment.aid[0] if assessment.aid else None
        chosen = None if subject.option == NO_AID else assessment.option(subject.option)
        saved = chosen.net_saving_usd if chosen else 0.0
        yield Choice(decision.id, subject.option, best.option if best else None, saved, best.net_saving_usd if best else 0.0)
