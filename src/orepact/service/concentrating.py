"""Use case: how concentrated is a stage of the chain, by place or by owner."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import BadInput, NotFound, Problem
from orepact.measure.concentration import AGGREGATES, By, Concentration, concentration_of, governance_risk
from orepact.measure.supply.amounts import chosen_year, national, statistic, years_of
from orepact.measure.supply.capacities import capacity_amounts, chosen_commodities, reference_network, standing_capacity
from orepact.service.opening import manifest_of, sources_used, weak_claims
from orepact.service.ownership import split_by_owner, without_rest
from orepact.service.result import Result, plain

if TYPE_CHECKING:
    from orepact.facts import Ledger

#: Stages with statistics of output by element: the statistic and the owner shares that go with it.
STATISTICS = {"mine": ("mine_production", "mine_owner_share"), "refine": ("refinery_production", "refinery_owner_share")}
GOVERNANCE = (
    "governance_voice_accountability", "governance_political_stability", "governance_effectiveness",
    "governance_regulatory_quality", "governance_rule_of_law", "governance_control_of_corruption",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked: a commodity or element (None for all), a stage, a year (None for the latest), by place or owner."""

    thing: str | None
    stage: str
    year: int | None
    by: By


@dataclass(frozen=True, eq=False)
class Supply:
    """Quantities by supplier, what they measure, and what they rest on."""

    amounts: pd.Series
    unit: str
    year: int
    basis: str
    claims: tuple[pd.DataFrame, ...]
    coverage: float = float("nan")
    warnings: tuple[str, ...] = ()


def measure_concentration(
    ledger: Ledger,
    thing: str | None,
    *,
    stage: str | None = None,
    year: int | None = None,
    by: By = "place",
    place: str | None = None,
) -> Result:
    """Suppliers of a commodity or element at a stage, largest first, and how concentrated they are.

    ``data``: ``place`` (``owner``), ``quantity``, ``unit``, ``share``; with ``place`` (or a group) only those rows, their shares
    still of the whole. ``meta``: ``hhi`` (0 to 10000, lower bound) and ``hhi_upper``, ``top1``, ``top3``, ``n_minus_1``,
    ``governance_hhi``, ``unknown_share``, ``rest_share``, ``coverage``, ``basis`` (output or capacity).

    Mine and refine come from statistics of output; every other stage from standing capacity in the reference network.
    Raises ``NotFound`` for an unknown name, ``BadInput`` when nothing is known for the year and stage.
    """
    ask = Ask(thing, _stage_of(ledger, thing, stage), year, by)
    found = _supply(ledger, ask)
    governance, estimates = governance_of(ledger, found.year)
    measured = concentration_of(found.amounts, by=by, unit=found.unit, governance=governance)
    rows = _only(ledger, measured.rows, by, place)
    used = (*found.claims, estimates[estimates["country"].isin(measured.rows[by])])
    meta: dict[str, Any] = {
        "title": f"{thing or 'everything'} at stage {ask.stage}, {found.year}, by {by}: {found.basis}",
        "commodity": thing,
        "stage": ask.stage,
        "year": found.year,
        "by": by,
        "basis": found.basis,
        **measured.figures,
        "coverage": found.coverage,
        "scale": "hhi 0 to 10000; shares and coverage are fractions; governance_hhi 0 (best) to 10 (worst)",
        "manifest": manifest_of(ledger),
        "units": {"quantity": found.unit, "share": "1"},
        "sources": sources_used(ledger, *used),
        "provenance": _provenance(found.claims),
        "warnings": [*found.warnings, *_words(measured), *weak_claims(found.claims)],
    }
    return Result(rows, meta)


def _stage_of(ledger: Ledger, thing: str | None, stage: str | None) -> str:
    """The asked stage, else the commodity's own, else ``mine`` for an element; unknown names raise ``NotFound``."""
    codes = ledger.codes
    if thing is not None:
        codes.thing(thing)
    if stage is not None:
        return codes.stage(stage).id
    if thing is None:
        raise BadInput([Problem("stage", "a stage or a commodity", "neither", "name a commodity, an element or a stage")])
    return codes.commodities[thing].stage if thing in codes.commodities else "mine"


def _supply(ledger: Ledger, ask: Ask) -> Supply:
    """Output where statistics tell it, else standing capacity; a mine counts only by output."""
    codes = ledger.codes
    if ask.thing in codes.elements and ask.stage in STATISTICS:
        attribute, owners = STATISTICS[ask.stage]
        years = years_of(ledger, attribute, str(ask.thing))
        if years:
            return _of_statistic(ledger, ask, chosen_year(years, ask.year, attribute), (attribute, owners))
    names = _with_statistics(ledger, ask)
    years = sorted({year for name in names for year in years_of(ledger, "production", name)})
    if years and ask.year in {None, *years}:
        return _of_products(ledger, ask, chosen_year(years, ask.year, "production"), names)
    if ask.stage == "mine":
        chosen_year(years, ask.year, STATISTICS["mine"][0])
    return _of_capacity(ledger, ask)


def _with_statistics(ledger: Ledger, ask: Ask) -> list[str]:
    """Commodities of the stage whose production is known: the one asked for, or those that hold the element."""
    codes = ledger.codes
    if ask.thing in codes.commodities:
        wanted = [str(ask.thing)] if codes.commodities[str(ask.thing)].stage == ask.stage else []
    elif ask.thing is not None:
        wanted = [name for name in codes.commodities_of(ask.thing) if codes.commodities[name].stage == ask.stage]
    else:
        wanted = []
    return [name for name in wanted if years_of(ledger, "production", name)]


def _of_products(ledger: Ledger, ask: Ask, year: int, names: list[str]) -> Supply:
    """Production of commodities; of an element, the tonnes of it that they hold together."""
    if ask.thing in names:
        return _of_statistic(ledger, ask, year, ("production", "capacity_owner_share"))
    parts = [_of_statistic(ledger, replace(ask, thing=name), year, ("production", "capacity_owner_share")) for name in names]
    held = [ledger.codes.commodities[name].contents[str(ask.thing)] for name in names]
    amounts = pd.concat([part.amounts * t_per_unit for part, t_per_unit in zip(parts, held, strict=True)])
    return replace(
        parts[0],
        amounts=amounts.groupby(level=0).sum(),
        unit="t",
        basis=f"output (contained in {', '.join(names)})",
        claims=tuple(frame for part in parts for frame in part.claims),
        coverage=min(part.coverage for part in parts),
        warnings=tuple(warning for part in parts for warning in part.warnings),
    )


def _of_statistic(ledger: Ledger, ask: Ask, year: int, attributes: tuple[str, str]) -> Supply:
    found = statistic(ledger, attributes[0], str(ask.thing), year)
    output = Supply(
        amounts=found.by_place,
        unit=found.unit,
        year=year,
        basis=f"output ({ledger.codes.attribute(attributes[0]).title.lower()})",
        claims=(found.claims,),
        coverage=found.coverage,
        warnings=found.warnings,
    )
    if ask.by == "place":
        return output
    split = split_by_owner(ledger, found.by_place, attributes[1], str(ask.thing), year)
    return replace(
        output,
        amounts=without_rest(split.by_owner),
        claims=(found.claims, split.claims),
        warnings=(*found.warnings, *split.warnings),
    )


def _of_capacity(ledger: Ledger, ask: Ask) -> Supply:
    network = reference_network(ledger)
    names = chosen_commodities(network, ask.thing, ask.stage, ledger.codes)
    year = ask.year if ask.year is not None else network.years[0]
    sites = standing_capacity(network, year)
    sites = sites[sites["commodity"].isin(names)]
    amounts, unit = capacity_amounts(network, sites, names, thing=ask.thing, by=ask.by, codes=ledger.codes)
    if not float(amounts.sum()) > 0:
        raise BadInput([Problem("year", f"a year with capacity of {', '.join(names)}", str(year), "ask for a later year")])
    warnings = [_capacity_words(sites)]
    if ask.by == "owner" and (sites["owner"] == "").any():
        rest = sites.loc[sites["owner"] == "", "capacity"].sum() / sites["capacity"].sum()
        warnings.append(f"{rest:.1%} of the capacity stands in country residuals, whose owners follow from claims or a rule")
    return Supply(
        amounts=without_rest(amounts) if ask.by == "owner" else amounts,
        unit=unit,
        year=year,
        basis="capacity, not output (sites at work in the reference network)",
        claims=(_site_claims(ledger, sites),),
        warnings=tuple(warnings),
    )


def _capacity_words(sites: pd.DataFrame) -> str:
    counted = sites["confidence"].replace("", "unmarked").value_counts().to_dict()
    words = ", ".join(f"{count} {name}" for name, count in counted.items())
    return f"capacity of {len(sites)} sites and country residuals at work, not output ({words})"


def _site_claims(ledger: Ledger, sites: pd.DataFrame) -> pd.DataFrame:
    subjects = [f"site:{name.removeprefix('site:')}" for name in sites["site"]]
    return ledger.resolve("capacity", subject=subjects)


def governance_of(ledger: Ledger, year: int) -> tuple[dict[str, float], pd.DataFrame]:
    """Risk by country from the latest year up to ``year`` (else the first) that has all six indicators, and the claims used."""
    claims = ledger.resolve(list(GOVERNANCE))
    known = claims.groupby("year")["attribute"].nunique()
    complete = sorted(int(name) for name in known.index[known == known.max()] if name)
    if not complete:
        return {}, claims.assign(country="")
    chosen = max((known for known in complete if known <= year), default=complete[0])
    used = national(ledger.codes, claims[claims["year"] == str(chosen)])
    return governance_risk(used.pivot_table(index="country", columns="attribute", values="number")), used


def _only(ledger: Ledger, rows: pd.DataFrame, by: By, place: str | None) -> pd.DataFrame:
    if place is None:
        return rows
    codes = ledger.codes
    codes.place(place)
    wanted = {place, *codes.members(place), *(codes.country(leaf) for leaf in codes.members(place))}
    chosen = rows[rows[by].isin(wanted)].reset_index(drop=True)
    if not len(chosen):
        raise NotFound(f"{by} among the suppliers", place, rows[by])
    return chosen


def _words(measured: Concentration) -> list[str]:
    """What the figures leave open, in words."""
    between = f"the HHI lies between {measured.hhi:.0f} and {measured.hhi_upper:.0f}"
    out = []
    if measured.rest_share:
        out.append(f"{measured.rest_share:.1%} is rest of the world: {between}")
    if measured.unknown_share:
        out.append(f"the owner of {measured.unknown_share:.1%} is unknown: {between}")
    missing = [name for name in measured.governance_missing if name not in AGGREGATES]
    if missing:
        out.append(f"no governance estimate for {', '.join(missing)}: left out of governance_hhi")
    return out


def _provenance(claims: tuple[pd.DataFrame, ...]) -> list[dict[str, Any]]:
    columns = ["subject", "attribute", "value", "unit", "year", "source", "as_of", "confidence", "note"]
    return [plain(row) for frame in claims for row in frame[columns].to_dict("records")]
