"""The reference network for tests: built once, as it ran in the base year, and cut down to what can be checked elsewhere."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from orepact.chain.network import Network
from orepact.chain.scenario import Scenario
from orepact.facts.claims import CLAIM_COLUMNS
from orepact.facts.ledger import Ledger
from orepact.plan import PlanResult, solve
from orepact.service.brief import Answers, solve_answers
from orepact.service.opening import open_ledger
from orepact.service.shock.cases import case_for
from orepact.shock.case.case import ShockCase

PLACES = ("CHN", "KOR", "JPN", "USA", "CA-QC", "AUS", "CHL")
COMMODITIES = (
    "lithium_brine", "spodumene_concentrate", "lithium_carbonate", "lithium_hydroxide", "pcam_nmc811", "cam_nmc811",
    "iron_phosphate", "cam_lfp", "synthetic_graphite", "cell_nmc811", "cell_lfp",
    "pack_ev_nickel", "pack_ev_lfp", "ev_car_nickel", "ev_car_lfp",
)  # fmt: skip
YEARS = (2025, 2030, 2035)
SOURCES = {"office": "A", "journal": "B", "press": "C", "own": "D"}


@cache
def shipped() -> Ledger:
    """The shipped facts, read once."""
    return Ledger.shipped()


@cache
def reference() -> Network:
    """The reference network of the reference scenario."""
    return Network.from_facts(shipped(), Scenario.load("reference"))


def base_scenario() -> Scenario:
    """The reference scenario without model years of its own."""
    return Scenario.load("reference").model_copy(update={"years": ()})


@cache
def base_network() -> Network:
    """The reference network as it ran in the base year."""
    return Network.from_facts(shipped(), Scenario.load("reference"), years=(2024,))


@cache
def base_plan() -> PlanResult:
    """The flows of the base year: least freight among what was made and used."""
    return solve(base_network(), base_scenario())


@cache
def reference_answers() -> Answers:
    """What the brief of the shipped facts stands on: the plan of the reference scenario and two balanced years."""
    return solve_answers(shipped())


@cache
def usual_week() -> tuple[ShockCase, float]:
    """The usual week of 2024, and the processor time that finding it took beyond the balanced year, in seconds."""
    began: dict[str, float] = {}
    case = case_for(open_ledger(), year=2024, report=lambda step, _: began.update({step: time.process_time()}))
    return case, time.process_time() - began["finding the usual week"]


@cache
def reduced_reference() -> Network:
    """Seven places, 15 commodities from mine to car and three years of the reference network.

    Deposits without a mine are left out. An input outside the cut is free of charge; what the places cannot make stays
    short, at the cost of a shortage.
    """
    network = reference().restrict(places=PLACES, commodities=COMMODITIES, years=YEARS)
    mines = network.sites["process"].isin(["spodumene_mining", "lithium_brine_extraction"])
    return network.with_tables(sites=network.sites[~mines | (network.sites["capacity_per_year"] > 0)])


def claim(subject: str, attribute: str, value: object, unit: str = "t", year: int | str = 2024, **more: Any) -> dict[str, Any]:
    """One claim row with usual words for what a test does not care about."""
    usual = {"source": "office", "as_of": "2025-01-31", "confidence": "reported", "label": "TLP:CLEAR", "note": ""}
    given = {"subject": subject, "attribute": attribute, "value": value, "unit": unit, "year": year}
    return {**dict.fromkeys(CLAIM_COLUMNS, ""), **usual, **given, **more}


def recipe(process: str, **amounts: float) -> list[dict[str, Any]]:
    """Recipe claims of a process, or of ``process@PLACE`` with two underscores for the sign."""
    name = process.replace("__", "@")
    return [claim(f"{name}/{thing}", "recipe_amount", amount, "unit_per_unit", "") for thing, amount in amounts.items()]


def paper_ledger(folder: Path, rows: Iterable[Mapping[str, Any]]) -> Ledger:
    """A ledger of a few hand-made claims with the shipped code lists."""
    folder.mkdir(parents=True, exist_ok=True)
    sources = [
        {"source": name, "producer": name, "title": name, "licence": "own words", "grade": grade, "ships": "no"}
        for name, grade in SOURCES.items()
    ]
    columns = ["source", "producer", "title", "edition", "published", "licence", "attribution", "address", "grade", "ships"]
    _write(folder / "sources.csv", columns, sources)
    _write(folder / "claims.csv", CLAIM_COLUMNS, rows)
    return Ledger.load(folder)


def _write(path: Path, columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(columns), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
