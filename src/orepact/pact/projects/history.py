"""What became of plans: how far a date slipped each time it was said anew, and what share of projects came true."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from orepact.pact.dates.days import Span, happened, months_after
from orepact.pact.projects.project import ENDED, IN_ORDER, NOT_KNOWN, RESTING, WORKING, Milestone, Plan, Project

DAYS_IN_MONTH = 365.2425 / 12


@dataclass(frozen=True, slots=True)
class Slip:
    """One point of a slip curve: what was planned for when, as said on a date, and how many months after the first plan.

    Dates are often years or half-years: ``months`` compares their middles, ``low`` and ``high`` are the least and the most
    that both dates allow. All three are None where there is no date any more. ``reached`` marks the milestone itself.
    """

    said_on: str
    planned_for: str
    months: float | None
    low: float | None
    high: float | None
    reached: bool = False
    confidence: str = "reported"


def slip_curve(project: Project, on: date, milestone: Milestone = "start") -> tuple[Slip, ...]:
    """The plans for a milestone as known on a day, in the order in which they were said; the milestone itself last.

    The first plan with a date slips by 0. A plan that repeats the one before it is left out.
    """
    plans = [plan for plan in _said(project.plans, on) if plan.milestone == milestone]
    first = next((plan for plan in plans if plan.planned_for), plans[0] if plans else None)
    points = [_slip(first, plan) for plan in _without_repeats(plans) if first]
    done = next((one for one in project.reached if one.milestone == milestone and happened(one.date, on)), None)
    if done and first:
        made = Plan(said_on=done.date, milestone=milestone, planned_for=done.date, confidence=done.confidence)
        last = _slip(first, made)
        points.append(Slip(last.said_on, last.planned_for, last.months, last.low, last.high, True, last.confidence))
    return tuple(points)


def _said(plans: Sequence[Plan], on: date) -> list[Plan]:
    return sorted((plan for plan in plans if happened(plan.said_on, on)), key=lambda plan: Span.of(plan.said_on).last)


def _without_repeats(plans: Sequence[Plan]) -> list[Plan]:
    return [plan for at, plan in enumerate(plans) if at == 0 or plan.planned_for != plans[at - 1].planned_for]


def _slip(first: Plan, plan: Plan) -> Slip:
    if plan.planned_for is None or first.planned_for is None:
        return Slip(plan.said_on, plan.planned_for or "", None, None, None, confidence=plan.confidence)
    if plan is first or plan.planned_for == first.planned_for:
        return Slip(plan.said_on, plan.planned_for, 0.0, 0.0, 0.0, confidence=plan.confidence)
    low, middle, high = months_between(first.planned_for, plan.planned_for)
    return Slip(plan.said_on, plan.planned_for, middle, low, high, confidence=plan.confidence)


def months_between(earlier: str, later: str) -> tuple[float, float, float]:
    """Months from one date to another: the least that both allow, from middle to middle, the most; rounded to 0.1.

    >>> months_between("2027", "2029-H1")
    (12.1, 21.0, 29.9)
    """
    one, other = Span.of(earlier), Span.of(later)
    spans = [
        (other.first - one.last).days,
        ((other.first - one.first).days + (other.last - one.last).days) / 2,
        (other.last - one.first).days,
    ]
    low, middle, high = (round(days / DAYS_IN_MONTH, 1) for days in spans)
    return low, middle, high


@dataclass(frozen=True, slots=True)
class Late:
    """A milestone whose date has passed without a report that it was reached: at least so many months ago."""

    project: str
    milestone: str
    planned_for: str
    months: float


def late(projects: Iterable[Project], on: date) -> tuple[Late, ...]:
    """Milestones whose last plan lies surely before a day and which no report says reached, longest first.

    Projects that had ended or rest by then are left out: they are not late. Silence is no proof either way.
    """
    found = []
    for project in projects:
        if project.standing(on).status in ENDED | RESTING:
            continue
        for milestone, plan in _last_plans(project, on).items():
            passed = plan.planned_for and Span.of(plan.planned_for).last
            if passed and passed < on and not _reached(project, milestone, on):
                months = round((on - passed).days / DAYS_IN_MONTH, 1)
                found.append(Late(project.id, milestone, plan.planned_for or "", months))
    return tuple(sorted(found, key=lambda one: (-one.months, one.project)))


def _last_plans(project: Project, on: date) -> dict[Milestone, Plan]:
    return {plan.milestone: plan for plan in _said(project.plans, on)}


def _reached(project: Project, milestone: Milestone, on: date) -> bool:
    """Whether a milestone is reported as reached, or one that comes after it, or a state that follows it."""
    state = project.standing(on).status
    if state in WORKING and milestone in {"construction", "start"}:
        return True
    if state == "construction" and milestone == "construction":
        return True
    reached = {one.milestone for one in project.reached if happened(one.date, on)}
    return any(later in reached for later in IN_ORDER[IN_ORDER.index(milestone) :])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What projects were ``months`` after they were first reported: numbers of projects.

    ``share`` of them worked; ``low`` and ``high`` bound the share with 90 % were they a fair sample. They are not: they are what
    somebody followed, and what was given up in silence is missing, so the share is, if anything, too high.
    """

    months: int
    followed: int
    working: int
    ended: int
    resting: int
    under_way: int
    share: float | None
    low: float | None
    high: float | None


def realised(projects: Iterable[Project], on: date, months: int = 36) -> Outcome:
    """What projects were so many months after their first report, of those that this long had passed for by a day.

    A project first reported when it worked, had ended or rested was no plan, and is left out.
    """
    states = [state for project in projects if (state := _state_after(project, on, months))]
    working, ended, resting = (sum(state in kind for state in states) for kind in (WORKING, ENDED, RESTING))
    if not states:
        return Outcome(months, 0, 0, 0, 0, 0, None, None, None)
    low, high = wilson(working, len(states))
    under_way = len(states) - working - ended - resting
    return Outcome(months, len(states), working, ended, resting, under_way, working / len(states), low, high)


def _state_after(project: Project, on: date, months: int) -> str:
    """The state so many months after the first report, "" where that is not over by a day or the first was no plan."""
    first = min(project.statuses, key=lambda one: Span.of(one.date), default=None)
    if first is None or first.status in WORKING | ENDED | RESTING | {NOT_KNOWN}:
        return ""
    then = months_after(Span.of(first.date).last, months)
    return project.standing(then).status if then <= on else ""


def wilson(successes: int, trials: int, z: float = 1.6449) -> tuple[float, float]:
    """The Wilson score interval of a share (Wilson 1927); ``z`` = 1.6449 for 90 %.

    >>> [round(bound, 3) for bound in wilson(3, 10)]
    [0.127, 0.558]
    """
    share = successes / trials
    middle = share + z * z / (2 * trials)
    spread = z * (share * (1 - share) / trials + z * z / (4 * trials * trials)) ** 0.5
    whole = 1 + z * z / trials
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)
