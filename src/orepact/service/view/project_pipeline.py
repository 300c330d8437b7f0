"""The pipeline: every project with its state, what it makes, whose it is, and how far its date has moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orepact.pact.projects.history import Late, late, slip_curve
from orepact.pact.projects.project import IN_ORDER, NOT_KNOWN, Project
from orepact.service.pact.desk import asked
from orepact.service.rules import day_of
from orepact.service.view.chains import chain_of
from orepact.service.view.said import Named
from orepact.service.view.tower_steps import titles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from orepact.facts import Ledger
    from orepact.pact.records.register import Register
    from orepact.pact.supply.cascade import Chain
    from orepact.service.pact.desk import Where


@dataclass(frozen=True, slots=True)
class Line:
    """A project on a day. ``makes``: its main output; ``capacity``: a year of it in ``unit``; ``moved``: months by which the date
    of its last planned milestone has moved since it was first said; ``late``: months since a date passed in silence.
    """

    id: str
    title: Named
    project_kind: str
    place: str
    town: str
    owner: str
    owner_name: str
    site: str
    makes: str
    capacity: float | None
    unit: str
    status: str
    since: str
    milestone: str
    first_planned: str
    planned_for: str
    moved: float | None
    late: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which projects are asked for; "" is any."""

    place: str = ""
    commodity: str = ""
    status: str = ""
    owner: str = ""

    def holds(self, line: Line, parties: Iterable[str]) -> bool:
        """Whether a project is one of them; ``parties``: the organisations of it."""
        return (
            self.place in ("", line.place)
            and self.commodity in ("", line.makes)
            and self.status in ("", line.status)
            and (not self.owner or self.owner in {*parties})
        )


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Projects, and what one may choose among: places, goods, states and owners of all of them, each with its number."""

    lines: tuple[Line, ...]
    places: Mapping[str, int]
    goods: Mapping[str, int]
    states: Mapping[str, int]
    owners: Mapping[str, str]


def pipeline(ledger: Ledger, db: Where = None, *, on: str | None = None, wanted: Wanted | None = None) -> Pipeline:
    """The projects that are asked for on a day, as who asks may know of them, by place and name."""
    day, wish = day_of(on), wanted or Wanted()
    with asked(db) as (store, register):
        every = {one.id: one for one in register.all(Project)}
        lines = lines_of(every.values(), chain_of(ledger, store, register, day), register, day)
    parties = {name: [each.organisation for each in one.parties if each.organisation] for name, one in every.items()}
    named = {each.organisation: each.name for one in every.values() for each in one.parties if each.organisation}
    return Pipeline(
        tuple(line for line in lines if wish.holds(line, parties[line.id])), _counted(line.place for line in lines),
        _counted(line.makes for line in lines), _counted(line.status for line in lines), named,
    )  # fmt: skip


def _counted(names: Iterable[str]) -> dict[str, int]:
    found = [name for name in names if name]
    return {name: found.count(name) for name in sorted(set(found))}


def lines_of(projects: Iterable[Project], chain: Chain, register: Register, on: date) -> list[Line]:
    """A line for each project, by place and name."""
    behind: dict[str, Late] = {one.project: one for one in reversed(late(register.all(Project), on))}
    return sorted((_line(one, chain, behind.get(one.id), on) for one in projects), key=lambda one: (one.place, one.title.title))


def _line(one: Project, chain: Chain, delay: Late | None, on: date) -> Line:
    plant, stand = chain.plants.get(one.site or ""), one.standing(on)
    owner = next((each for each in one.parties if each.organisation), None)
    milestone, first, last, moved = _moved(one, on)
    known = stand.status != NOT_KNOWN or plant is None
    return Line(
        one.id, Named(one.title, titles(one.titles)), one.project_kind, one.place, one.town,
        (owner.organisation or "") if owner else "", owner.name if owner else "", one.site or "",
        (chain.makes(plant) or "") if plant else "", plant.capacity if plant else None,
        plant.unit if plant and plant.capacity is not None else "", stand.status if known else plant.status if plant else "",
        stand.since, milestone, first, last, moved, delay.months if delay else 0.0,
    )  # fmt: skip


def _moved(project: Project, on: date) -> tuple[str, str, str, float | None]:
    """The last milestone with plans: its name, what was planned first and last, months between."""
    for milestone in reversed(IN_ORDER):
        points = slip_curve(project, on, milestone)
        if points:
            return milestone, points[0].planned_for, points[-1].planned_for, points[-1].months
    return "", "", "", None
