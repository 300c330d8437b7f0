"""Use case: where the matter in a product came from, traced through the chain."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import BadInput, NotFound, Problem
from orepact.service.flowing import Report, flows_for, flows_of_package
from orepact.service.naming import commodities_named, element_named, elements_of, stage_named
from orepact.service.opening import manifest_of, sources_used
from orepact.service.result import Result
from orepact.wording import field

if TYPE_CHECKING:
    from orepact.chain import Flows, Network
    from orepact.facts import Ledger
    from orepact.measure.origin import Origin, Tracing

ROWS = ("origins", "path")
#: In place of an element: dollars.
VALUE = "value"
#: Output below this part of all of it is none.
DUST = 1e-9
#: Steps of a path below this share are left out of the table for people.
LEAST_SHOWN = 0.01


def measure_origin(
    ledger: Ledger,
    commodity: str,
    *,
    place: str | None = None,
    element: str | None = None,
    by: str = "place",
    stage: str = "mine",
    visit: str = "last",
    basis: str = "supply",
    rows: str = "origins",
    year: int | None = None,
    scenario: str | Path | None = None,
    network: Path | None = None,
    flows: Path | None = None,
    report: Report | None = None,
) -> Result:
    """Origin of what a commodity (id, stage or element) of a place holds of an element; all of its elements when None.

    Without ``place``, all places together; with the element ``value``, dollars in place of tonnes. ``stage`` mine traces to
    where the element entered the chain, another one to the ``last`` (or ``first``: ``visit``) site of that stage on its way.
    ``basis`` supply counts what was made in the place or arrived there, production only what was made. ``rows``: origins, or
    the path step by step. Raises ``NotFound`` for unknown names and ``BadInput`` with every problem.
    """
    if rows not in ROWS:
        raise NotFound("table of an origin", rows, ROWS)
    if network is not None:
        found = flows_of_package(network, year=year, flows=flows, report=report)
    else:
        found = flows_for(ledger, year=year, scenario=scenario, flows=flows, report=report)
    asked = year if year is not None else found.years[0]
    names = commodities_named(found.network, commodity)
    nodes = nodes_of(found.network, names, place)
    stage = stage_named(found.network, stage)
    settings = {"by": by, "basis": basis, "stage": stage, "visit": visit}
    chosen = _elements(found.network, names, commodity, element)
    traced = _traced(found, asked, chosen, nodes, {**settings, "rows": rows})
    meta = _meta(found, asked, {**settings, "commodities": list(names), "place": place or "all places"}, traced)
    title = f"{'path to' if rows == 'path' else 'origin of'} {element or 'every element'} in {commodity}"
    meta |= {
        "title": f"{title} of {place or 'all places'}, {asked}, by {by} ({stage if stage == 'mine' else f'{visit} {stage}'})"
    }
    if basis == "supply":
        meta["warnings"] = [*nothing_made(found, asked, names, place, commodity), *meta["warnings"]]
    meta |= _provenance(ledger if network is None else None, found, names, list(traced))
    data = pd.concat([frame for _, frame in traced.values()], ignore_index=True)
    return Result(data, meta, shown=data[data["share"] >= LEAST_SHOWN] if rows == "path" else data[data["quantity"] > 0])


def nodes_of(network: Network, commodities: tuple[str, ...], place: str | None) -> list[int]:
    """Pools of some commodities in a place or group (all places when None).

    Raises ``NotFound`` for an unknown place and ``BadInput`` for one that has none of them.
    """
    members = None if place is None else set(network.members(place))
    pools = [(number, at) for number, (name, at) in enumerate(network.nodes) if name in commodities]
    found = [number for number, at in pools if members is None or at in members]
    if not found:
        known = ", ".join(dict.fromkeys(at for _, at in pools)) or "no place of the network has it"
        raise BadInput([Problem("place", f"a place with {commodities[0]}: {known}", str(place), "ask for one of them")])
    return found


def nothing_made(flows: Flows, year: int, commodities: tuple[str, ...], place: str | None, name: str) -> list[str]:
    """A warning where a place makes none of some commodities in a year, so that supply there is what arrives."""
    if place is None:
        return []
    made = flows.production
    made = made[made["commodity"].isin(commodities) & (made["year"] == year)]
    here = made.loc[made["place"].isin(flows.network.members(place)), "quantity"]
    return [] if here.sum() > DUST * made["quantity"].sum() else [arrives_only(name, place, year)]


def arrives_only(name: str, place: str, year: int) -> str:
    """What to say where supply is imports alone."""
    what_is_made = field("basis", "production")
    return f"nothing of {name} is made in {place} in {year}: this is what arrives there; {what_is_made} asks for what is made"


def _elements(network: Network, names: tuple[str, ...], commodity: str, element: str | None) -> list[str]:
    if element == VALUE:
        return [VALUE]
    held = elements_of(network, names)
    if not held:
        expected = f"a commodity with contents ({', '.join(elements_of(network)) or 'the network lists none'})"
        raise BadInput([Problem("commodity", expected, commodity, "name another commodity, or add rows to contents.csv")])
    if element is None:
        return list(held)
    chosen = element_named(network, element)
    if chosen not in held:
        expected = f"one that {commodity} holds ({', '.join(held)}), or {VALUE}"
        raise BadInput([Problem("element", expected, element, "ask for one of them")])
    return [chosen]


Traced = tuple["Origin", pd.DataFrame]


def _traced(flows: Flows, year: int, elements: list[str], nodes: list[int], settings: dict[str, Any]) -> dict[str, Traced]:
    """Origin and rows of each element."""
    from orepact.measure.origin import Tracing
    from orepact.measure.tracing.certainty import Certainty
    from orepact.measure.tracing.transfers import Transfers

    transfers = Transfers.of(flows, year)
    certainty = Certainty.of(flows, transfers)
    out = {}
    for element in elements:
        tracing = Tracing.of_transfers(transfers, certainty, element, stage=settings["stage"], visit=settings["visit"])
        found = tracing.origin(nodes, by=settings["by"], basis=settings["basis"])
        table = found.rows if settings["rows"] == "origins" else _path(tracing, nodes, settings["basis"])
        out[element] = found, table.assign(element=element)[["element", *table.columns]]
    return out


def _path(tracing: Tracing, nodes: list[int], basis: str) -> pd.DataFrame:
    from orepact.measure.tracing.paths import path

    return path(tracing, nodes, basis=basis)


def _meta(flows: Flows, year: int, settings: dict[str, Any], traced: dict[str, Traced]) -> dict[str, Any]:
    """What was asked, how much was traced, and how much of it rests on estimated flows."""
    warnings = []
    for name, (found, _) in traced.items():
        warnings += [f"{name}: {note}" for note in found.notes]
        unknown = float(found.rows.loc[found.rows["origin"] == "unknown", "share"].sum())
        if unknown >= LEAST_SHOWN:
            warnings.append(f"{name}: the origin of {unknown:.1%} is unknown")
    totals = [
        {"element": name, "quantity": found.total, "unit": found.unit, "estimated_share": found.estimated_share}
        for name, (found, _) in traced.items()
    ]
    weak = max(found.estimated_share for found, _ in traced.values())
    if weak >= LEAST_SHOWN:
        warnings.append(f"up to {weak:.0%} of the traced quantity passes at least one estimated flow (see estimated_share)")
    quantity = "t of the element contained, a year; money where value is traced"
    units = {"share": "1", "estimated_share": "1", "quantity": quantity}
    return {**settings, "year": year, "traced": totals, "units": units, "warnings": warnings, "network": flows.network.title}


def _provenance(ledger: Ledger | None, flows: Flows, names: tuple[str, ...], elements: list[str]) -> dict[str, Any]:
    """The manifest, and the sources behind what was traced.

    Of a fitted year, those of its observations that count and speak of a commodity that holds the elements; of a plan, or of
    flows that a person gives, no source stands behind single flows, and those of the claims on these commodities are named.
    """
    made = {key: value for key, value in flows.manifest.as_dict().items() if key != "created"}
    if ledger is None:
        return {"manifest": made, "sources": []}
    contents = flows.network.contents
    holders = contents.loc[contents["element"].isin(elements), "commodity"]
    named = {*elements, *holders, *names}
    claims = ledger.claims[ledger.claims["thing"].isin(named)]
    if len(flows.network.observations):
        behind = observed_sources(flows.network, None if VALUE in elements else named)
        claims = ledger.claims[ledger.claims["source"].isin(behind) & ledger.claims["thing"].isin(named)]
    return {"manifest": {**made, **manifest_of(ledger)}, "sources": sources_used(ledger, claims)}


def observed_sources(network: Network, named: set[str] | None) -> set[str]:
    """Sources of the observations that count and speak of one of these commodities (of any when None)."""
    rows = network.observations
    made = rows["site"].map(network.sites["process"]).fillna("").astype("str")
    made = made.where(made != "", rows["process"]).map(network.main_output).fillna("").astype("str")
    about = rows["commodity"].where(rows["commodity"] != "", made)
    speaks = pd.Series(True, index=rows.index) if named is None else about.isin(named)
    ids = set(rows.loc[speaks, "observation"])
    counted = rows[rows["observation"].isin(ids) & (rows["counts"] != "no") & (rows["source"] != "")]
    return set(counted["source"].astype(str))
