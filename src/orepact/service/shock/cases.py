"""The usual week that a shock hits: of the reference network, or of a network package."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from orepact.errors import NoFeasibleAnswer
from orepact.service.flowing import Report, flows_for, flows_of_network, silent

if TYPE_CHECKING:
    from orepact.chain import Flows, Network
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
    folder: Path,
    *,
    year: int | None = None,
    flows: Path | None = None,
    rules: Path | None = None,
    report: Report | None = None,
) -> ShockCase:
    """The usual week of a network package at its word: no limit where a capacity is empty, no stock that it does not state.

    The year must be named where the network has several; see ``flows_of_package`` for where the flows come from. Rates count per
    ``time_unit`` of the package, else per year; a table of events beside them that may mean another unit brings a warning.
    ``rules`` is a folder of YAML files as in ``case_for``; none is read but those that it holds.
    Raises ``BadInput`` with every problem of the package, a stock without an owner beside owned ones among them.
    """
    from orepact.chain import Network
    from orepact.chain.time_unit import yearly_flows, yearly_network
    from orepact.shock.case.case import ShockCase
    from orepact.shock.case.rules import CaseRules
    from orepact.shock.case.stores import refuse_ownerless

    tell = report or silent
    assumed = CaseRules.package(rules)
    network = Network.from_package(folder)
    refuse_ownerless(network)
    rates = network if flows is not None else yearly_network(network)
    year_flows = yearly_flows(_usual_flows(rates, year, flows, tell))
    tell("finding the usual week", 0.9)
    case = ShockCase.from_flows(year_flows, year, assumed)
    return replace(case, warnings=case.warnings + _said_of_stocks(case, network) + _said_of_time(folder, network))


def _usual_flows(network: Network, year: int | None, flows: Path | None, tell: Report) -> Flows:
    """The flows of a year in which no stated stock is drawn on, where there is such a year: stocks are for when something breaks.

    A plan of least cost would use stocks up in an ordinary year, since what lies there is free.
    """
    given = flows is not None or len(network.observations) or not len(network.stockpiles)
    if not given:
        bare = network.with_tables(stockpiles=network.stockpiles.iloc[:0])
        try:
            return replace(flows_of_network(bare, year=year, report=tell, spread=False), network=network)
        except NoFeasibleAnswer:
            tell("demand needs the stocks in an ordinary year too", 0.3)
    return flows_of_network(network, year=year, flows=flows, report=tell, spread=False)


def _said_of_stocks(case: ShockCase, network: Network) -> tuple[str, ...]:
    """A warning where no stock bridges a stop: none is stated, or the usual year draws all of them."""
    if len(case.stores):
        return ()
    nothing = "nothing bridges a stop but what is under way"
    if (network.stockpiles["quantity"] > 0).any():
        return (f"the usual year draws every stock of the package, so that {nothing}",)
    return (f"the package states no stocks (stockpiles.csv): {nothing}",)


def _said_of_time(folder: Path, network: Network) -> tuple[str, ...]:
    """A warning where rates are taken as yearly though times to recover beside them may count in another unit."""
    from orepact.chain.package import HEAD
    from orepact.shock.exposure.recovery_file import FILE

    if network.time_unit or not (folder / FILE).exists():
        return ()
    here = f"capacities and demands are taken per year, while {FILE} counts in whatever unit they have"
    return (f"{here}: write time_unit: week (day, year) in {HEAD} so that both mean the same",)
