"""Use case: the social-risk profile of a product by traced origin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import BadInput, Problem
from orepact.facts.claims import CONFIDENCE_RANK
from orepact.measure.social import COLUMNS, KNOWN, WORDS, SocialProfile, profile, spread_over_members
from orepact.service.flowing import Report, flows_for, flows_of_package, silent
from orepact.service.naming import commodities_named, element_named, elements_of, stage_named
from orepact.service.opening import manifest_of, sources_used
from orepact.service.reading.indicator_files import read_indicators
from orepact.service.result import Result
from orepact.service.tracing import nodes_of, nothing_made

if TYPE_CHECKING:
    from orepact.chain import Flows, Network
    from orepact.facts import Ledger

#: Stages at which origin is asked for where none is named: where matter enters the chain, and where it was refined last.
USUAL_STAGES = ("mine", "refine")
ATTRIBUTES = {
    "child_labour_rate": "child_labour",
    "modern_slavery_prevalence": "forced_labour",
    "fatal_injury_rate": "injury",
}
GOVERNANCE = "governance"
#: Rows below this share are left out of the table for people.
LEAST_SHOWN = 0.01
CAUTION = (
    "indicators are of whole countries, not of mines or plants: a prompt to ask, not a finding; child labour in artisanal "
    "mining and forced labour in single regions do not show in them"
)


def measure_social(
    ledger: Ledger,
    commodity: str,
    *,
    place: str | None = None,
    element: str | None = None,
    stage: str | None = None,
    basis: str = "supply",
    indicators: Path | None = None,
    year: int | None = None,
    scenario: str | Path | None = None,
    flows: Path | None = None,
    report: Report = silent,
) -> Result:
    """Child labour, forced labour, injury and governance of the places that a product's elements came from.

    ``data``: ``element, stage, indicator, origin, share, risk, contribution, unit, confidence``. ``indicators`` is a CSV file
    whose values stand in the place of the shipped ones. Raises ``NotFound`` and ``BadInput`` with every problem.
    """
    found = flows_for(ledger, year=year, scenario=scenario, flows=flows, report=report)
    at = year if year is not None else found.years[0]
    known, claims = shipped_indicators(ledger, at)
    asked = {"commodity": commodity, "place": place, "element": element, "stage": stage, "basis": basis}
    result = _answer(found, at, asked, known, indicators)
    used = sources_used(ledger, claims[claims["place"].isin(set(result.data["origin"]))])
    return Result(result.data, {**result.meta, "manifest": manifest_of(ledger), "sources": used}, shown=result.shown)


def measure_social_of_package(
    folder: Path,
    commodity: str,
    *,
    place: str | None = None,
    element: str | None = None,
    stage: str | None = None,
    basis: str = "supply",
    indicators: Path | None = None,
    year: int | None = None,
    flows: Path | None = None,
    report: Report = silent,
) -> Result:
    """The same on a network package, with the indicators of the file alone; without one every origin is unknown."""
    found = flows_of_package(folder, year=year, flows=flows, report=report)
    at = year if year is not None else found.years[0]
    asked = {"commodity": commodity, "place": place, "element": element, "stage": stage, "basis": basis}
    return _answer(found, at, asked, pd.DataFrame(columns=list(COLUMNS)), indicators)


def shipped_indicators(ledger: Ledger, year: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Indicators by place from the facts (``COLUMNS``, of each place the year nearest to ``year``), and their claims."""
    from orepact.service.concentrating import governance_of

    claims = ledger.resolve(list(ATTRIBUTES))
    away = (pd.to_numeric(claims["year"], errors="coerce") - year).abs()
    nearest = claims.assign(away=away).sort_values(["attribute", "place", "away"], kind="stable")
    nearest = nearest.drop_duplicates(["attribute", "place"]).drop(columns="away")
    table = nearest.rename(columns={"number": "figure"}).assign(indicator=nearest["attribute"].map(ATTRIBUTES))
    table = table.assign(value=table["figure"])[list(COLUMNS)]
    risk, estimates = governance_of(ledger, year)
    known = estimates.groupby("country").agg({"year": "max", "confidence": _weakest})
    rows = [
        (GOVERNANCE, name, value, KNOWN[GOVERNANCE], *known.loc[name, ["year", "confidence"]], "") for name, value in risk.items()
    ]
    governed = pd.DataFrame(rows, columns=list(COLUMNS))
    return pd.concat([table, governed], ignore_index=True), pd.concat([nearest, estimates], ignore_index=True)


def _weakest(confidences: pd.Series) -> str:
    return str(max(confidences, key=CONFIDENCE_RANK.__getitem__))


def _answer(flows: Flows, year: int, asked: dict[str, Any], known: pd.DataFrame, file: Path | None) -> Result:
    """The profile as a result."""
    network = flows.network
    names = commodities_named(network, asked["commodity"])
    nodes = nodes_of(network, names, asked["place"])
    table = _indicators(network, known, file, year)
    stages = (stage_named(network, asked["stage"]),) if asked["stage"] else _usual(network)
    elements = _elements(network, names, asked)
    origins, notes = _origins(flows, year, nodes, (elements, stages), asked["basis"])
    if asked["basis"] == "supply":
        notes = [*nothing_made(flows, year, names, asked["place"], asked["commodity"]), *notes]
    found = profile(origins, table)
    return Result(found.rows, _meta(found, asked | {"year": year}, notes), shown=found.headline)


def _elements(network: Network, names: tuple[str, ...], asked: dict[str, Any]) -> list[str]:
    held, element = elements_of(network, names), asked["element"]
    chosen = list(held) if element is None else [element_named(network, element)]
    if not chosen or not set(chosen) <= set(held):
        expected = f"an element that {asked['commodity']} holds ({', '.join(held) or 'none is listed'})"
        raise BadInput([Problem("element", expected, element or "none", "ask for another element or commodity")])
    return chosen


def _usual(network: Network) -> tuple[str, ...]:
    stages = {str(stage).casefold() for stage in network.commodities["stage"]}
    return tuple(stage_named(network, stage) for stage in USUAL_STAGES if stage == "mine" or stage in stages)


def _indicators(network: Network, known: pd.DataFrame, file: Path | None, year: int) -> pd.DataFrame:
    """Shipped indicators with those of the file in their place, and every known indicator with a row at least."""
    if file is not None:
        given = read_indicators(file, network, year)
        beaten = set(zip(given["indicator"], given["place"], strict=True))
        kept = [pair not in beaten for pair in zip(known["indicator"], known["place"], strict=True)]
        known = pd.concat([given, known[kept]], ignore_index=True)
    known = spread_over_members(known, network.groups)
    absent = [name for name in KNOWN if name not in set(known["indicator"])]
    bare = pd.DataFrame([(name, "", float("nan"), KNOWN[name], "", "", "") for name in absent], columns=list(COLUMNS))
    parts = [frame for frame in (known, bare) if len(frame)]
    return pd.concat(parts, ignore_index=True)


def _origins(
    flows: Flows, year: int, nodes: list[int], what: tuple[list[str], tuple[str, ...]], basis: str
) -> tuple[dict[tuple[str, str], pd.DataFrame], list[str]]:
    from orepact.measure.origin import Tracing

    origins, notes = {}, []
    for element in what[0]:
        for stage in what[1]:
            found = Tracing.of(flows, year, element, stage=stage).origin(nodes, basis=basis)
            origins[element, stage] = found.rows[found.rows["share"] > 0]
            notes += [f"{element}: {note}" for note in found.notes]
    return origins, list(dict.fromkeys(notes))


def _meta(found: SocialProfile, asked: dict[str, Any], notes: list[str]) -> dict[str, Any]:
    where = asked["place"] or "all places"
    missing = found.headline[found.headline["unknown_share"] >= LEAST_SHOWN]
    blanks = [
        f"{row['indicator']} of {row['element']} ({row['stage']}): nothing is known of {row['unknown_share']:.0%} of the origin"
        for row in missing.to_dict("records")
    ]
    return {
        "title": f"social risk of {asked['commodity']} in {where}, {asked['year']}, by traced origin",
        "year": asked["year"],
        "basis": asked["basis"],
        "headline": found.headline.to_dict("records"),
        "indicators": {name: words for name, words in WORDS.items() if name in set(found.headline["indicator"])},
        "units": {"share": "1", "known_share": "1", "unknown_share": "1", "risk": "the unit of each row"},
        "warnings": [CAUTION, *blanks, *notes],
    }
