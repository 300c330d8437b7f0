"""Use cases that put the register and the facts together: what falls with a site, who could supply whom, sites side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import BadInput, Problem, nearest
from orepact.service.pact.desk import asked, facts_for, manifest_of
from orepact.service.pact.knowing import read_known
from orepact.service.result import Result
from orepact.service.rules import day_of

if TYPE_CHECKING:
    from datetime import date

    from orepact.facts import Ledger
    from orepact.pact.records.register import Register
    from orepact.pact.supply.cascade import Chain, Fall
    from orepact.pact.supply.matching import Gap, Match
    from orepact.service.pact.desk import Where
    from orepact.service.pact.knowing import Known

FALL_COLUMNS = ("site", "name", "status", "strength", "way", "of", "commodity", "because", "contracts")
MATCH_COLUMNS = ("site", "buyer", "commodity", "year", "score", "covers", "allotted", "reasons", "unknowns", "refused")
NO_PROBABILITY = "a strength is a reason to look, not a probability; the world market may step in"
DOUBTFUL = "of rules, grades and footprints of sites only a file of your own tells: unknown ones refuse nothing, lower the score"


def find_cascade(
    ledger: Ledger, sites: Sequence[str], db: Where = None, *, on: str | None = None, least: float = 0.05, depth: int = 4
) -> Result:
    """What else may fall when sites fall, as known on a day: by contract, and by recipe and place; the strongest first.

    The ledger should be one of that day. Raises ``NotFound`` for a site that is not there or had ended by then.
    """
    from orepact.pact.supply.cascade import cascade
    from orepact.pact.supply.plants import chain_on

    day = day_of(on)
    with asked(db) as (store, register):
        ledger = facts_for(store, ledger)
        found = cascade(sites, chain_on(ledger, register, day), least=least, depth=depth)
        manifest = manifest_of(store, day, ledger)
    data = pd.DataFrame([_fall(fall) for fall in found.falls], columns=list(FALL_COLUMNS))
    silent = [f"nothing can be said of {len(found.unjudged)} sites there: no recipe"] if found.unjudged else []
    meta = {
        "title": f"{len(data)} sites that may fall with {', '.join(sites)}, as known on {day}",
        "manifest": manifest,
        "unjudged": list(found.unjudged),
        "units": {"strength": "1"},
        "warnings": [NO_PROBABILITY, *silent],
    }
    return Result(data, meta, shown=data[["site", "name", "status", "strength", "because"]])


def _fall(fall: Fall) -> dict[str, Any]:
    last = fall.path[-1]
    return {
        "site": fall.site, "name": fall.name, "status": fall.status, "strength": round(fall.strength, 4), "way": last.way,
        "of": last.lost, "commodity": last.commodity, "because": fall.words,
        "contracts": [step.contract for step in fall.path if step.contract],
    }  # fmt: skip


def match_supply(
    ledger: Ledger,
    gaps: Sequence[Gap],
    db: Where = None,
    *,
    on: str | None = None,
    known: Path | Mapping[str, Known] | None = None,
) -> Result:
    """Sites whose main output a buyer lacks, the best first, with reasons, unknowns and refusals; no tonne is given twice.

    Warnings name sites that have promised more than they can make. ``known``: a file with what one knows of sites
    (``knowing.read_known``), or that itself by site. Raises ``BadInput`` for a commodity that no recipe makes, and with every
    problem of the file.
    """
    from orepact.pact.supply.matching import matches
    from orepact.pact.supply.offers import offers
    from orepact.pact.supply.plants import chain_on

    day = day_of(on)
    with asked(db) as (store, register):
        ledger = facts_for(store, ledger)
        chain = chain_on(ledger, register, day)
        _demand_made(gaps, {made for plant in chain.plants.values() if (made := chain.makes(plant))})
        told = known if isinstance(known, Mapping) else read_known(known, chain.plants, [*chain.plants])
        grades = {site: frozenset(one.grades) for site, one in told.items() if one.grades is not None}
        carbon = {site: one.carbon for site, one in told.items() if one.carbon is not None}
        passes = {site: one.rules for site, one in told.items()}
        found: list[Match] = []
        for commodity, year in dict.fromkeys((gap.commodity, gap.year) for gap in gaps):
            mine = [gap for gap in gaps if (gap.commodity, gap.year) == (commodity, year)]
            sold = offers(chain, register, commodity, year, day, passes=passes, carbon=carbon, grades=grades)
            found += matches(sold, mine)
        twice = [words for year in sorted({gap.year for gap in gaps}) for words in _sold_twice(chain, register, year, day)]
        manifest = manifest_of(store, day, ledger)
    data = pd.DataFrame([_pair(match) for match in found], columns=list(MATCH_COLUMNS))
    meta = {
        "title": f"{sum(not match.refused for match in found)} of {len(found)} pairs could work, as known on {day}",
        "manifest": manifest,
        "units": {"covers": "the unit of the gap a year", "allotted": "the unit of the gap a year", "score": "1"},
        "warnings": [DOUBTFUL, *twice],
    }
    return Result(
        data, meta, shown=data.drop(columns=["buyer", "commodity", "year"]) if len({gap.buyer for gap in gaps}) == 1 else None
    )


def _pair(match: Match) -> dict[str, Any]:
    found = {name: getattr(match, name) for name in MATCH_COLUMNS}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}


def _sold_twice(chain: Chain, register: Register, year: int, on: date) -> Iterator[str]:
    from orepact.pact.supply.offers import doubly_sold

    for site, commodity, promised, capacity in doubly_sold(chain, register, year, on):
        unit = chain.plants[site].unit
        yield f"{site} has promised {promised:,.0f} {unit} of {commodity} in {year}, and can make {capacity:,.0f} {unit} a year"


def _demand_made(gaps: Sequence[Gap], made: set[str]) -> None:
    problems = []
    for gap in gaps:
        if gap.commodity not in made:
            near = ", ".join(nearest(gap.commodity, made, least=0.6)) or "see the codes of commodities in the documentation"
            problems.append(Problem("commodity", "the main output of some site", repr(gap.commodity), near))
        if not gap.quantity > 0:
            problems.append(Problem("quantity", "more than 0", str(gap.quantity), "write what is lacking in a year"))
    if problems:
        raise BadInput(problems)


def compare_sites(
    locations: Sequence[str] = (),
    db: Where = None,
    *,
    on: str | None = None,
    weights: Mapping[str, float] | None = None,
    organisations: Sequence[str] = (),
    language: str | None = None,
) -> Result:
    """Locations (all when none is named) side by side: a row for each criterion, a column for each; blank where nothing is known.

    ``language``: titles of criteria in it.
    With ``weights`` by criterion, ``meta["scores"]`` holds a range for each: all unknowns at their worst and at their best.
    """
    from orepact.pact.supply.comparison import Criterion, Location, compare, scores
    from orepact.pact.supply.siting import told

    day = day_of(on)
    with asked(db) as (store, register):
        names = locations or [one.id for one in register.all(Location)]
        chosen = [register.get(Location, name) for name in dict.fromkeys(names)]
        given = {one.id: told(register, one, day, viewer=organisations) for one in chosen}
        criteria = register.all(Criterion)
        found = compare(given, criteria)
        titles = {one.id: one.title_in(language) if language else one.title for one in criteria}
        manifest = manifest_of(store, day)
    rows = [
        {"criterion": row.criterion, "title": titles[row.criterion], "unit": row.unit,
         **dict(zip(found.sites, row.values, strict=True)), "best": list(row.best)}
        for row in found.rows
    ]  # fmt: skip
    data = pd.DataFrame(rows, columns=["criterion", "title", "unit", *found.sites, "best"]).astype(object)
    blank = dict(zip(found.sites, found.blank, strict=True))
    meta: dict[str, Any] = {
        "title": f"{len(found.sites)} sites by {len(found.rows)} criteria on {day}",
        "blank": blank,
        "manifest": manifest,
        "warnings": [f"{site}: {count} of {len(found.rows)} criteria are not known" for site, count in blank.items() if count],
    }
    if weights:
        meta["scores"] = [
            {"site": one.site, "low": one.low, "high": one.high, "unknown": list(one.unknown)} for one in scores(found, weights)
        ]
    return Result(data.where(data.notna(), None), meta, shown=data.drop(columns=["criterion"]).where(data.notna(), ""))
