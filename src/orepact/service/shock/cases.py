"""The usual week that a shock hits: of the reference network, or of a network package."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from orepact.service.flowing import Report, flows_for, flows_of_package, silent

if TYPE_CHECKING:
    from orepact.facts import Ledger
    from orepact.shock.case.case import ShockCase


def case_for(
    ledger: Ledger,
    *,
    year: int | None = None,
    scenario: str | Path | None = None,
    flows: Path | None = None,
    rules: Path | None = None,
    report: Report | None = None,
) -> ShockCase:
    """The usual week of one year on the reference network.

    The year is a balanced past one (default 2024), a model year of the ``scenario``, or what stands in the CSV file ``flows``.
    ``rules`` is a folder whose YAML files stand in for the shipped ones of the same name (``inventories.yaml``,
    ``capacities.yaml``, ``stockpiles.yaml``, ``substitutions.yaml``, ``thinning.yaml``, ``ways.yaml``).
    Raises ``BadInput``, ``NotFound`` or ``NoFeasibleAnswer``.
    """
    from orepact.shock.case.case import ShockCase
    from orepact.shock.case.rules import CaseRules

    tell = report or silent
    assumed = CaseRules.reference(rules)
    year_flows = flows_for(ledger, year=year, scenario=scenario, flows=flows, report=tell, spread=False)
    tell("finding the usual week", 0.9)
    return ShockCase.from_flows(year_flows, year, assumed)


def case_of_package(
    folder: Path, *, year: int | None = None, flows: Path | None = None, report: Report | None = None
) -> ShockCase:
    """The usual week of a network package at its word: no limit where a capacity is empty, no stock that it does not state.

    The year must be named where the network has several; see ``flows_of_package`` for where the flows come from.
    Raises ``BadInput`` with every problem of the package, a stock without an owner among them.
    """
    from orepact.chain import Network
    from orepact.shock.case.case import ShockCase
    from orepact.shock.case.rules import CaseRules
    from orepact.shock.case.stores import refuse_ownerless

    tell = report or silent
    refuse_ownerless(Network.from_package(folder))
    year_flows = flows_of_package(folder, year=year, flows=flows, report=tell, spread=False)
    tell("finding the usual week", 0.9)
    case = ShockCase.from_flows(year_flows, year, CaseRules.package())
    bare = (
        ()
        if len(case.stores)
        else ("the package states no stocks (stockpiles.csv): nothing bridges a stop but what is under way",)
    )
    return replace(case, warnings=case.warnings + bare)
