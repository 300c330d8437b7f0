"""What the reference network cannot do without: families of facts, and what is said when a ledger does not know them yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from orepact.chain.distance import SEA
from orepact.chain.reference.car_market import PROJECTED_YEAR, WORLD
from orepact.chain.reference.evidence import Evidence
from orepact.chain.reference.rules import base_year_rules, final_uses
from orepact.chain.reference_settings import ReferenceSettings
from orepact.errors import BadInput, Problem

COSTS = ("variable_cost", "fixed_cost", "capital_cost", "lead_time", "lifetime")
#: What is found where no source ever says it.
NO_CLAIM = "no such claim"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One family of claims: an attribute, the thing and place it is about ("" for any), and the last year it may have.

    Without ``year`` any claim will do; with it, one of that year or as far back as the attribute still counts.
    """

    attribute: str
    thing: str = ""
    place: str = ""
    year: int | None = None

    def __str__(self) -> str:
        about = " of ".join(part for part in (self.attribute, self.thing) if part)
        where = f" in the {self.place}" if self.place == WORLD else f" in {self.place}" if self.place else ""
        return f"{about}{where}{f' for {self.year}' if self.year else ''}"


def require(evidence: Evidence, settings: ReferenceSettings, *, ahead: bool = True) -> None:
    """Raise ``BadInput`` with every family of facts that the ledger does not know, and since when it would know it.

    ``ahead``: whether the network has years after the base year, which need projections.
    """
    wanted = [*_needed(evidence), *(_projections(settings) if ahead else ())]
    problems = [_problem(evidence, needed) for needed in wanted if not _known(evidence, needed)]
    if problems:
        raise BadInput(problems)


def years_with_mines(evidence: Evidence) -> list[int]:
    """Years for which the ledger has a figure of every mine statistic, rising; the base year need not be among them."""
    statistics = {(r.statistic.attribute, r.statistic.thing) for r in base_year_rules().values() if r.statistic is not None}
    known = [set(evidence.yearly(*key)) for key in statistics if key[0] == "mine_production"]
    return sorted(set.intersection(*known)) if known else []


def _needed(evidence: Evidence) -> Iterator[Requirement]:
    base = evidence.base_year
    yield from (Requirement(name) for name in ("recipe_amount", *COSTS))
    yield from (Requirement("freight_cost", mode) for mode in ("sea", "land"))
    yield Requirement("handling_cost", "sea")
    yield Requirement(SEA)
    yield Requirement("sales", "ev_car", WORLD, base)
    yield Requirement("chemistry_share")
    yield Requirement("electronics_battery_demand", "cell_lco", WORLD)
    uses = final_uses()
    yield from (Requirement(name, year=base) for name in dict.fromkeys([uses.spread_by, uses.storage_spread_by]))
    yield from (Requirement("use_outside_batteries", element, WORLD) for element in uses.outside_batteries)
    yield from (Requirement("use_grid_storage", element, WORLD) for element in ("lithium", "nickel"))
    statistics = {(r.statistic.attribute, r.statistic.thing) for r in base_year_rules().values() if r.statistic is not None}
    yield from (Requirement(attribute, thing, year=base) for attribute, thing in sorted(statistics))


def _projections(settings: ReferenceSettings) -> Iterator[Requirement]:
    yield Requirement("sales_projection_icct", "ev_car")
    if settings.ev_projection != "icct":
        yield Requirement(f"sales_projection_{settings.ev_projection}", "ev_car", WORLD, PROJECTED_YEAR)


def _known(evidence: Evidence, needed: Requirement) -> bool:
    if needed.attribute == SEA:
        return len(evidence.ledger.select(SEA)) > 0
    if needed.year is None:
        return any(fact.thing == (needed.thing or fact.thing) for fact in evidence.facts(needed.attribute))
    if needed.year == evidence.base_year:
        found = evidence.recent(needed.attribute, needed.thing)
    else:
        found = evidence.by_place(needed.attribute, needed.thing, needed.year)
    return needed.place in found if needed.place else bool(found)


def _problem(evidence: Evidence, needed: Requirement) -> Problem:
    ledger = evidence.ledger
    always = replace(ledger, view=replace(ledger.view, day=None))
    claims = always.select(needed.attribute, thing=needed.thing or None, place=needed.place or None)
    if needed.year is not None:
        claims = claims[claims["year"] == str(needed.year)]
    if not len(claims):
        mend = f"import such claims, or set another reference.base_year than {evidence.base_year}"
        return Problem("facts", str(needed), NO_CLAIM, mend)
    day = str(int(np.min(claims["as_of_day"])))
    first = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    return Problem("facts", str(needed), "none that was known on that day", f"ask as of {first} or later")
