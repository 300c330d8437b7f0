"""Use cases of permits: the path of a kind of project in a place, and the clocks and the critical path of projects on a day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from orepact.errors import NotFound
from orepact.service.pact.desk import asked, manifest_of
from orepact.service.pact.telling import table, titled
from orepact.service.result import Result
from orepact.service.rules import day_of

if TYPE_CHECKING:
    from datetime import date

    from orepact.pact.projects.permits import PermitPath, Permits, Remaining, Step
    from orepact.pact.records.register import Register
    from orepact.service.pact.desk import Where

PATHS = ("path", "title", "place", "project_kind", "steps", "days", "critical", "untimed", "confidence")
STEPS = ("step", "title", "authority", "after", "days", "law", "critical", "confidence")
CLOCKS = ("project", "step", "title", "authority", "state", "days", "due", "overdue", "paused", "critical", "confidence")
LOWER_BOUND = "days are those that a law sets: steps without any may add to them; paths are no legal advice"


def list_permit_paths(db: Where = None, *, place: str = "", project_kind: str = "") -> Result:
    """Every path of permits, of a place and a kind of project where they are given, with the days that laws set in all."""
    from orepact.pact.projects.permits import PermitPath

    with asked(db) as (store, register):
        found = [
            one
            for one in sorted(register.all(PermitPath), key=lambda one: one.id)
            if place in ("", one.place) and project_kind in ("", one.project_kind)
        ]
        manifest = manifest_of(store)
    rows = []
    for path in found:
        left = _untouched(path)
        rows.append(
            {"path": path.id, "title": path.title, "place": path.place, "project_kind": path.project_kind,
             "steps": len(path.steps), "days": left.days, "critical": list(left.steps), "untimed": list(left.untimed),
             "confidence": path.confidence}
        )  # fmt: skip
    data = table(rows, PATHS)
    rest = " ".join(word for word in (f"for a {project_kind}" if project_kind else "", f"in {place}" if place else "") if word)
    title = titled(len(rows), "path of permits", "paths of permits", rest)
    meta = {"title": title.strip(), "manifest": manifest, "units": {"days": "day"}, "warnings": [LOWER_BOUND] if rows else []}
    return Result(data, meta, shown=lambda data: data.drop(columns=["critical"]))


def show_permit_path(name: str, db: Where = None) -> Result:
    """The steps of a path, with who decides, after what, and within how many days by which law."""
    from orepact.pact.dates.days import so_many_days
    from orepact.pact.projects.permits import PermitPath

    with asked(db) as (store, register):
        path = register.get(PermitPath, name)
        manifest = manifest_of(store)
    left = _untouched(path)
    rows = [
        {"step": one.id, "title": one.title, "authority": _authority(one), "after": list(one.after), "days": one.days,
         "law": one.law, "critical": one.id in left.steps, "confidence": one.confidence}
        for one in path.steps
    ]  # fmt: skip
    meta = {
        "title": f"{path.title}: at least {so_many_days(left.days)}",
        "critical": list(left.steps),
        "untimed": list(left.untimed),
        "note": path.note,
        "manifest": manifest,
        "units": {"days": "day"},
        "warnings": [LOWER_BOUND],
    }
    return Result(table(rows, STEPS), meta)


def permit_clocks(projects: Sequence[str] = (), db: Where = None, *, on: str | None = None) -> Result:
    """Every step of the permits of projects (of all that have some) on a day, with its clock; ``critical``: on the longest path.

    ``meta["paths"]``: what is still to come of each, and from which day on it could be built at the earliest;
    ``meta["questions"]``: those not answered yet. Raises ``NotFound`` for a project that is not there.
    """
    from orepact.pact.projects.permits import PermitPath, open_questions, remaining

    day = day_of(on)
    rows, paths, questions = [], [], []
    with asked(db) as (store, register):
        found, silent = _chosen(register, projects)
        for permits in found:
            path = register.get(PermitPath, permits.path)
            left = remaining(permits, path, day)
            rows += _clocks(permits, path, left, day)
            paths.append(_still(permits, left))
            questions += [
                {"project": permits.project, "asked_on": one.asked_on, "text": one.text} for one in open_questions(permits, day)
            ]
        manifest = manifest_of(store, day)
    data = table(rows, CLOCKS)
    meta = {
        "title": titled(len(found), "set of permits", "sets of permits", f"on {day}"),
        "paths": paths,
        "questions": questions,
        "manifest": manifest,
        "units": {"days": "day", "overdue": "day"},
        "warnings": [f"no permits of {name} are on record" for name in silent] + ([LOWER_BOUND] if rows else []),
    }
    return Result(data, meta, shown=lambda data: data.drop(columns=["title", "paused"]))


def _untouched(path: PermitPath) -> Remaining:
    """The whole of a path, for a project that has begun none of it: no step depends on the day."""
    from datetime import date

    from orepact.pact.projects.permits import Permits, remaining

    return remaining(Permits(id="none", title="None yet", project="none", path=path.id), path, date(2000, 1, 1))


def _still(permits: Permits, left: Remaining) -> dict[str, Any]:
    """What is still to come for a project, in plain values."""
    return {
        "project": permits.project, "path": permits.path, "days": left.days, "steps": list(left.steps),
        "untimed": list(left.untimed), "stopped": list(left.stopped), "ready_on": left.ready_on.isoformat(),
    }  # fmt: skip


def _chosen(register: Register, projects: Sequence[str]) -> tuple[list[Permits], list[str]]:
    """The permits of projects, named by the project or by themselves, and the projects of which none are on record."""
    from orepact.pact.projects.permits import Permits
    from orepact.pact.projects.project import Project

    every = sorted(register.all(Permits), key=lambda one: one.id)
    if not projects:
        return every, []
    known = {one.id for one in register.all(Project)} | {one.id for one in every}
    for name in projects:
        if name not in known:
            raise NotFound("project", name, known)
    silent = [name for name in projects if not any(name in (one.project, one.id) for one in every)]
    return [one for one in every if one.project in projects or one.id in projects], silent


def _clocks(permits: Permits, path: PermitPath, left: Remaining, on: date) -> list[dict[str, Any]]:
    from orepact.pact.projects.permits import clocks

    said = {one.step: one.confidence for one in permits.progress}
    return [
        {"project": permits.project, "step": one.step, "title": one.title, "authority": _authority(path.by_id[one.step]),
         "state": one.state, "days": one.days, "due": one.due.isoformat() if one.due else "", "overdue": one.overdue,
         "paused": one.paused, "critical": one.step in left.steps,
         "confidence": said.get(one.step, path.by_id[one.step].confidence)}
        for one in clocks(permits, path, on)
    ]  # fmt: skip


def _authority(step: Step) -> str:
    return step.authority or step.authority_name
