"""What the register itself says of a location: permits to come, support that projects there were pledged, Nations, neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from orepact.pact.organisations.engagement import Engagement, shown
from orepact.pact.projects.permits import PermitPath, Permits, remaining
from orepact.pact.projects.project import ENDED, NOT_KNOWN, Project
from orepact.pact.projects.support import Support, balance
from orepact.pact.supply.comparison import Given, Location

if TYPE_CHECKING:
    from collections.abc import Collection

    from orepact.pact.records.register import Register

#: Criteria that follow from the register; what a location says itself of them wins.
PERMIT_DAYS, UNTIMED, PLEDGED, PAID, NEIGHBOURS, NATIONS = (
    "permit-days",
    "permit-steps-without-time",
    "support-pledged",
    "support-paid",
    "projects-there",
    "nations-named",
)


def told(
    register: Register, location: Location, on: date, project_kind: str = "facility", viewer: Collection[str] = ()
) -> dict[str, Given]:
    """What is known of a location on a day by criterion, for who belongs to the organisations ``viewer``.

    ``support-pledged`` and ``support-paid`` are in millions of Canadian dollars, upper ends summed, over the projects there.
    """
    found = {one.criterion: one for one in (*_permits(register, location, project_kind, on), *_support(register, location, on))}
    found |= {one.criterion: one for one in _people(register, location, on, viewer)}
    return found | {one.criterion: one for one in location.given}


def _permits(register: Register, location: Location, project_kind: str, on: date) -> Iterator[Given]:
    """The path of the place for a kind of project with the fewest days by law; several of one place differ by who reviews."""
    paths = [one for one in register.all(PermitPath) if (one.place, one.project_kind) == (location.place, project_kind)]
    whole = [(remaining(Permits(id="none", title="None yet", project="none", path=one.id), one, on), one) for one in paths]
    for left, path in sorted(whole, key=lambda pair: (pair[0].days, len(pair[0].untimed), pair[1].id))[:1]:
        yield Given(criterion=PERMIT_DAYS, value=float(left.days), text=path.title, confidence=path.confidence)
        yield Given(criterion=UNTIMED, value=float(len(left.untimed)), text=path.title, confidence=path.confidence)


def _support(register: Register, location: Location, on: date) -> Iterator[Given]:
    there = set(location.projects)
    sums = balance([one for one in register.all(Support) if there & set(one.projects)], on)
    for criterion, by_currency in ((PLEDGED, sums.pledged), (PAID, sums.paid)):
        if "CAD" in by_currency:
            yield Given(criterion=criterion, value=by_currency["CAD"].high, confidence="derived")


def _people(register: Register, location: Location, on: date, viewer: Collection[str]) -> Iterator[Given]:
    there = [one for one in register.all(Project) if one.id in location.projects]
    going = [one for one in there if one.standing(on).status not in ENDED | {NOT_KNOWN}]
    yield Given(criterion=NEIGHBOURS, value=float(len(going)), confidence="derived")
    known = {one.nation for one in shown(register.all(Engagement), on, viewer) if one.project in location.projects}
    names = sorted(known | set(location.nations))
    if names:
        yield Given(criterion=NATIONS, value=", ".join(names), confidence="derived")
