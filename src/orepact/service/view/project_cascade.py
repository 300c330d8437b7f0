"""What falls with each project of a place if it pauses: for provinces and territories, and for the sheet of one project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orepact.pact.projects.project import ENDED, RESTING, Project
from orepact.pact.supply.cascade import Fall, cascade
from orepact.service.pact.desk import asked
from orepact.service.rules import day_of
from orepact.service.view.chains import chain_of
from orepact.service.view.project_pipeline import lines_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orepact.facts import Ledger
    from orepact.pact.supply.cascade import Chain
    from orepact.service.pact.desk import Where
    from orepact.service.view.project_pipeline import Line

#: Weaker than this is too little to be told of a whole province.
LEAST = 0.1


@dataclass(frozen=True, slots=True)
class Falling:
    """A site that may fall too: ``strength`` (of 1) with what it loses, and through whom; ``project``: where it is followed."""

    site: str
    name: str
    project: str
    place: str
    status: str
    strength: float
    way: str
    of: str
    commodity: str
    because: str
    contracts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pausing:
    """A project that could pause, and what may fall with it, the strongest first."""

    line: Line
    falls: tuple[Falling, ...]


def pauses(
    ledger: Ledger, db: Where = None, *, place: str = "", projects: tuple[str, ...] = (), on: str | None = None,
    least: float = LEAST,
) -> tuple[Pausing, ...]:  # fmt: skip
    """What may fall with each project of a place (or with each of ``projects``) if it pauses on a day; most first.

    Projects that have ended or rest already are left out.
    """
    day = day_of(on)
    with asked(db) as (store, register):
        chain = chain_of(ledger, store, register, day)
        every = register.all(Project)
        followed = {one.site: one.id for one in every if one.site}
        chosen = [one for one in every if (one.id in projects if projects else place in ("", one.place))]
        lines = [
            line for line in lines_of(chosen, chain, register, day)
            if line.site in chain.plants and line.status not in ENDED | RESTING
        ]  # fmt: skip
        found = [Pausing(line, _falls(line, chain, followed, least)) for line in lines]
    return tuple(sorted(found, key=lambda one: (-sum(each.strength for each in one.falls), one.line.title.title)))


def _falls(line: Line, chain: Chain, followed: Mapping[str, str], least: float) -> tuple[Falling, ...]:
    return tuple(_falling(one, chain, followed) for one in cascade([line.site], chain, least=least).falls)


def _falling(one: Fall, chain: Chain, followed: Mapping[str, str]) -> Falling:
    last = one.path[-1]
    contracts = tuple(step.contract for step in one.path if step.contract)
    lost = chain.plants[last.lost].name
    return Falling(
        one.site, one.name, followed.get(one.site, ""), chain.plants[one.site].place, one.status, one.strength, last.way, lost,
        last.commodity, one.words, contracts,
    )  # fmt: skip
