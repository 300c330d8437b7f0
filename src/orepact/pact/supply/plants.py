"""The plants of a day, from the facts and the register: what ``cascade`` needs to know of each site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from orepact.pact.projects.contracts import Contract, Version, that_bind, yearly
from orepact.pact.projects.project import NOT_KNOWN, Project
from orepact.pact.supply.cascade import Chain, Plant, Tie

if TYPE_CHECKING:
    from orepact.facts.ledger import Ledger
    from orepact.pact.records.register import Register

_TOLD = ("name", "runs_process", "located_in", "town", "latitude", "longitude", "capacity")


def chain_on(ledger: Ledger, register: Register, on: date) -> Chain:
    """Every site of the facts as it stood on a day, with recipes, and the contracts of the register that tie sites.

    The ledger says what was known; states come from the register where a project follows the site, else from the facts.
    """
    plants = {plant.site: plant for plant in _plants(ledger, register, on)}
    recipes = _recipes(ledger)
    return Chain.of(plants.values(), recipes, _ties(register, plants, on))


def _plants(ledger: Ledger, register: Register, on: date) -> Iterator[Plant]:
    followed = {project.site: project.standing(on).status for project in register.all(Project) if project.site}
    told = ledger.resolve(list(_TOLD), kind="site").drop_duplicates(["entity", "attribute"], keep="last")
    states = ledger.states("status", on=on.isoformat(), kind="site")
    status = dict(zip(states["entity"], states["value"], strict=True))
    rows: dict[str, dict[str, str]] = defaultdict(dict)
    units: dict[str, str] = {}
    for entity, attribute, value, unit in told[["entity", "attribute", "value", "unit"]].itertuples(index=False):
        rows[str(entity)][str(attribute)] = str(value)
        if attribute == "capacity":
            units[str(entity)] = str(unit).removesuffix("_per_year")
    for site, row in rows.items():
        place = row.get("located_in", "")
        state = followed.get(site, NOT_KNOWN)
        yield Plant(
            site=site,
            name=row.get("name", site),
            process=row.get("runs_process", ""),
            place=place,
            country=ledger.codes.country(place) if place else "",
            status=state if state != NOT_KNOWN else str(status.get(site, NOT_KNOWN)),
            town=row.get("town", ""),
            at=(float(row["latitude"]), float(row["longitude"])) if {"latitude", "longitude"} <= row.keys() else None,
            capacity=float(row["capacity"]) if "capacity" in row else None,
            unit=units.get(site, "t"),
        )


def _recipes(ledger: Ledger) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = defaultdict(dict)
    rows = ledger.resolve("recipe_amount")
    for process, thing, amount in rows[["process", "thing", "number"]].itertuples(index=False):
        found[str(process)][str(thing)] = float(amount)
    return dict(found)


def _ties(register: Register, plants: Mapping[str, Plant], on: date) -> Iterator[Tie]:
    """Contracts that hold goods of a site on a day, whether or not the buyer is a site."""
    for contract, version in that_bind(register.all(Contract), on):
        if contract.site and contract.commodity:
            plant = plants.get(contract.site)
            share = _share(version, plant)
            yield Tie(contract.id, contract.site, contract.buyer_site or "", contract.commodity, share)


def _share(version: Version, plant: Plant | None) -> float | None:
    """The share of a plant's output that a version takes, None where one of the two is not known."""
    quantity = version.quantity
    if quantity and quantity.basis == "share_of_output":
        return quantity.amount
    amount, unit = yearly(version)
    if amount is None or plant is None or not plant.capacity or unit != plant.unit:
        return None
    return min(1.0, amount / plant.capacity)
