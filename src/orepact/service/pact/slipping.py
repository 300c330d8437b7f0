"""Use cases of plans: how far dates slipped each time they were said anew, what is late, and what became of earlier projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput, Problem
from orepact.service.pact.desk import asked, manifest_of
from orepact.service.pact.telling import table, titled
from orepact.service.result import Result
from orepact.service.rules import day_of

if TYPE_CHECKING:
    from datetime import date

    from orepact.pact.projects.project import Milestone, Project
    from orepact.service.pact.desk import Where

SLIPS = ("project", "title", "state", "milestone", "said_on", "planned_for", "months", "low", "high", "reached", "confidence")
LATE = ("project", "title", "state", "milestone", "planned_for", "months")
OUTCOME = ("months", "followed", "working", "ended", "resting", "under_way", "share", "low_share", "high_share")
SILENCE = "a date that has passed in silence: that it was missed is not reported, and neither is that it was kept"
NO_SAMPLE = "projects that somebody followed are no fair sample: what was given up in silence is missing"


def list_slips(projects: Sequence[str] = (), db: Where = None, *, on: str | None = None, milestone: str | None = None) -> Result:
    """The slip curve of projects as known on a day: what was planned for when, and how many months after the first plan.

    Without ``projects``: those of which a date has moved or is given up. ``months`` is None where there is no date any more.
    """
    from orepact.pact.projects.project import IN_ORDER, Project

    wanted = _milestones(milestone, IN_ORDER)
    day = day_of(on)
    with asked(db) as (store, register):
        chosen = [register.get(Project, name) for name in dict.fromkeys(projects)] or register.all(Project)
        manifest = manifest_of(store, day)
    rows, moved = [], set[str]()
    for project in sorted(chosen, key=lambda one: one.id):
        for each in wanted:
            points = _points(project, each, day)
            moved |= {project.id} if len(points) > 1 else set()
            rows += points if projects or len(points) > 1 else []
    data = table(rows, SLIPS)
    silent = [name for name in projects if name not in {row["project"] for row in rows}]
    meta = {
        "title": titled(len(moved), "project of which a date moved", "projects of which a date moved", f"as known on {day}"),
        "manifest": manifest,
        "units": {"months": "month", "low": "month", "high": "month"},
        "warnings": [f"no plan of {name} is on record by {day}" for name in silent],
    }
    return Result(data, meta, shown=lambda data: data.drop(columns=["project" if len(projects) == 1 else "title", "confidence"]))


def _milestones(name: str | None, known: Sequence[Milestone]) -> Sequence[Milestone]:
    if name is None:
        return known
    found = [one for one in known if one == name]
    if not found:
        raise BadInput([Problem("milestone", f"one of {', '.join(known)}", repr(name), "name one of them, or leave it out")])
    return found


def _points(project: Project, milestone: Milestone, on: date) -> list[dict[str, Any]]:
    from orepact.pact.projects.history import slip_curve

    own = {"project": project.id, "title": project.title, "state": project.standing(on).status, "milestone": milestone}
    return [{**own, **asdict(point)} for point in slip_curve(project, on, milestone)]


def list_late(db: Where = None, *, on: str | None = None, at_least: float = 0.0) -> Result:
    """Milestones whose last planned date has passed without a report that they were reached, the longest first.

    ``months``: at least so many months ago; those of fewer than ``at_least`` are left out.
    """
    from orepact.pact.projects.history import late
    from orepact.pact.projects.project import Project

    day = day_of(on)
    with asked(db) as (store, register):
        found = [one for one in late(register.all(Project), day) if one.months >= at_least]
        known = {one.id: one for one in register.all(Project)}
        manifest = manifest_of(store, day)
    rows = [{**asdict(one), "title": known[one.project].title, "state": known[one.project].standing(day).status} for one in found]
    meta = {
        "title": titled(len(rows), "milestone that passed in silence", "milestones that passed in silence", f"on {day}"),
        "manifest": manifest,
        "units": {"months": "month"},
        "warnings": [SILENCE] if rows else [],
    }
    return Result(table(rows, LATE), meta)


def count_realised(db: Where = None, *, on: str | None = None, months: int = 36) -> Result:
    """What projects were so many months after their first report, of those that have this long behind them: one row.

    ``share`` of them worked, with 90 % between ``low_share`` and ``high_share`` (Wilson); all None where no project is that old.
    """
    from orepact.pact.projects.history import realised
    from orepact.pact.projects.project import Project

    if months < 1:
        raise BadInput([Problem("months", "1 or more", str(months), "ask about a time after the first report")])
    day = day_of(on)
    with asked(db) as (store, register):
        found = realised(register.all(Project), day, months)
        manifest = manifest_of(store, day)
    meta = {
        "title": f"{found.working} of {found.followed} projects worked {months} months after their first report (on {day})",
        "manifest": manifest,
        "units": {"months": "month", **dict.fromkeys(OUTCOME[1:6], "project"), **dict.fromkeys(OUTCOME[6:], "1")},
        "warnings": [NO_SAMPLE],
    }
    row = {**asdict(found), "low_share": found.low, "high_share": found.high}
    return Result(table([row], OUTCOME), meta)
