"""The pages of projects as tables: the pipeline, the provinces and territories, and what falls if each of some pauses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from orepact.service.pact.asking import NO_PROBABILITY
from orepact.service.pact.desk import facts_for, manifest_of, opened
from orepact.service.result import Result, Rows
from orepact.service.rules import day_of
from orepact.service.view.project_cascade import LEAST, pauses
from orepact.service.view.project_pipeline import Wanted, pipeline
from orepact.service.view.project_words import GROUPS, group_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orepact.facts import Ledger
    from orepact.service.pact.desk import Where
    from orepact.service.view.project_cascade import Pausing
    from orepact.service.view.project_pipeline import Line

Show = Literal["projects", "places"]
PROJECTS = (
    "project", "title", "place", "makes", "capacity", "unit", "owner", "status", "since", "planned_for", "first_planned", "moved",
    "late", "site",
)  # fmt: skip
FALLS = ("project", "site", "falls", "name", "place", "status", "strength", "way", "of", "commodity", "because", "contracts")


def view_projects(
    ledger: Ledger, db: Where = None, *, rows: Show = "projects", place: str = "", commodity: str = "", status: str = "",
    owner: str = "", on: str | None = None,
) -> Result:  # fmt: skip
    """The projects of a place, that make a commodity, in a state, of an owner, on a day; or how many each province has.

    ``moved``: months by which the date has moved since it was first said; ``late``: months since a date passed in silence.
    """
    wanted = Wanted(place, commodity, status, owner)
    found = pipeline(ledger, db, on=on, wanted=wanted)
    if rows == "places":
        columns: Sequence[str] = ("place", "projects", *GROUPS, "moved")
        told = [counted(name, found.lines) for name in found.places]
    else:
        columns, told = PROJECTS, [_project(one) for one in found.lines]
    units = {"moved": "month", "late": "month"} if rows == "projects" else {}
    return _told(Rows(columns, told), f"{len(told)} {rows}", ledger, db, on, units=units)


def counted(place: str, lines: Sequence[Line]) -> dict[str, Any]:
    """How many projects a place has, by how they stand, and of how many the date has moved."""
    mine = [one for one in lines if one.place == place]
    groups = {group: sum(group_of(one.status) == group for one in mine) for group in GROUPS}
    return {"place": place, "projects": len(mine), **groups, "moved": sum(bool(one.moved) for one in mine)}


def _project(one: Line) -> dict[str, Any]:
    own = {"project": one.id, "title": one.title.title}
    return {**own, **{name: getattr(one, name) for name in PROJECTS if name not in own}}


def view_cascade(
    ledger: Ledger, db: Where = None, *, place: str = "", project: str = "", least: float = LEAST, on: str | None = None
) -> Result:
    """What may fall with each project of a place, or with one, if it alone pauses on a day; a row for each site that may."""
    found = pauses(ledger, db, place=place, projects=(project,) if project else (), on=on, least=least)
    told = [row for one in found for row in _falls(one)]
    title = f"{len(told)} sites that may fall with one of {len(found)} projects"
    return _told(Rows(FALLS, told), title, ledger, db, on, units={"strength": "1"}, warnings=[NO_PROBABILITY])


def _falls(one: Pausing) -> list[dict[str, Any]]:
    return [
        {"project": one.line.id, "site": one.line.site, "falls": each.site, "name": each.name, "place": each.place,
         "status": each.status, "strength": round(each.strength, 4), "way": each.way, "of": each.of,
         "commodity": each.commodity, "because": each.because, "contracts": list(each.contracts)}
        for each in one.falls
    ]  # fmt: skip


def _told(
    rows: Rows, title: str, ledger: Ledger, db: Where, on: str | None, *, units: Mapping[str, str],
    warnings: Sequence[str] = (),
) -> Result:  # fmt: skip
    day = day_of(on)
    with opened(db) as store:
        manifest = manifest_of(store, day, facts_for(store, ledger))
    return Result(rows, {"title": f"{title} on {day}", "manifest": manifest, "units": dict(units), "warnings": [*warnings]})
