"""Buyers whose need the goods of a project fit: what their sites use in a year, less what contracts bring them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orepact.pact.projects.project import ENDED, RESTING, Project
from orepact.pact.supply.matching import Gap
from orepact.service.pact.asking import match_supply
from orepact.service.pact.desk import asked
from orepact.service.pact.knowing import Known
from orepact.service.rules import day_of
from orepact.service.view.chains import chain_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from orepact.facts import Ledger
    from orepact.pact.supply.cascade import Chain, Plant
    from orepact.service.pact.desk import Where
    from orepact.service.result import Result


@dataclass(frozen=True, slots=True)
class Buyer:
    """A site that uses a good: ``need`` of it in a year, in ``unit``; ``brought``: what contracts that tie sites bring it."""

    site: str
    name: str
    place: str
    country: str
    status: str
    need: float
    brought: float
    unit: str

    @property
    def lacking(self) -> float:
        """What no contract brings, a year."""
        return max(0.0, self.need - self.brought)


@dataclass(frozen=True, slots=True)
class Pair:
    """A buyer with what speaks for and against the site; ``score`` of 1, 0 for one that is refused."""

    buyer: Buyer
    score: float
    covers: float | None
    reasons: tuple[str, ...]
    unknowns: tuple[str, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matches:
    """What a site makes, and who may want it, the best first. ``goods``: the site's main output ("" where nothing is known);
    ``without_size``: sites that use it and of which nobody says how much.
    """

    project: str
    site: str
    name: str
    goods: str
    year: int
    pairs: tuple[Pair, ...]
    without_size: tuple[str, ...]
    result: Result | None


def matches(
    ledger: Ledger, project: str, db: Where = None, *, year: int, on: str | None = None, grade: str = "",
    makes: bool | None = None, carbon: float | None = None, most: float | None = None, places: Sequence[str] = (),
) -> Matches:  # fmt: skip
    """Who could take what a project makes in a year, with reasons, unknowns and refusals.

    ``grade``: that buyers ask for, ``makes``: whether the project makes it (None: nobody knows); ``carbon``: of the project's
    goods, kg CO2e per kg, ``most``: what buyers take at most; ``places``: countries of buyers. Raises ``NotFound``.
    """
    day = day_of(on)
    with asked(db) as (store, register):
        found = register.get(Project, project)
        chain = chain_of(ledger, store, register, day)
        plant = chain.plants.get(found.site or "")
        goods = (chain.makes(plant) or "") if plant else ""
        if plant is None or not goods:
            return Matches(project, found.site or "", found.title, "", year, (), (), None)
        users = [one for one in chain.users(goods) if one.site != plant.site and (not places or one.country in places)]
        buyers = {one.site: one for one in _buyers(users, chain, goods)}
        silent = tuple(sorted(one.name for one in users if one.site not in buyers))
    gaps = [
        Gap(one.site, goods, one.lacking, year, plant.unit, grade, carbon=most)
        for one in buyers.values() if one.lacking > 0 and one.unit == plant.unit
    ]  # fmt: skip
    if not gaps:
        return Matches(project, plant.site, found.title, goods, year, (), silent, None)
    told = Known(carbon=carbon, grades=None if makes is None or not grade else ((grade,) if makes else ()))
    result = match_supply(ledger, gaps, db, on=day.isoformat(), known={plant.site: told})
    rows = [row for row in result.told() if row["site"] == plant.site]
    words = ("reasons", "unknowns", "refused")
    pairs = [Pair(buyers[row["buyer"]], row["score"], row["covers"], *(tuple(row[name]) for name in words)) for row in rows]
    best = sorted(pairs, key=lambda one: (bool(one.refused), -one.score, -(one.covers or 0), one.buyer.name))
    return Matches(project, plant.site, found.title, goods, year, tuple(best), silent, result)


def _buyers(users: Sequence[Plant], chain: Chain, goods: str) -> Iterator[Buyer]:
    for one in users:
        need = chain.amount(one, goods)
        if not need or one.status in ENDED | RESTING:
            continue
        ties = (tie for tie in chain.ties if tie.buyer == one.site and tie.commodity == goods)
        brought = sum(_brings(chain, tie.seller, tie.sold, goods) for tie in ties)
        unit = "t" if one.unit in {"MWh", "vehicle"} else one.unit
        yield Buyer(one.site, one.name, one.place, one.country, one.status, need, brought, unit)


def _brings(chain: Chain, seller: str, share: float | None, goods: str) -> float:
    plant = chain.plants.get(seller)
    made = chain.amount(plant, goods) if plant and goods in chain.recipes.get(plant.process, {}) else None
    return (share or 0.0) * (made or 0.0)


def match_makers(ledger: Ledger, db: Where = None, *, on: str | None = None) -> Mapping[str, str]:
    """The projects that make something, with what."""
    day: date = day_of(on)
    with asked(db) as (store, register):
        chain = chain_of(ledger, store, register, day)
        found = {one.id: chain.plants[one.site] for one in register.all(Project) if one.site and one.site in chain.plants}
        return {name: made for name, plant in found.items() if (made := chain.makes(plant))}
