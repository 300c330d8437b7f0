"""The flows that a measure reads: the balanced baseline of a past year, a plan, or a table that a person gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from orepact.errors import BadInput, Problem
from orepact.service.reading.flow_files import flows_from, read_flow_rows

if TYPE_CHECKING:
    from orepact.baseline import BaselineResult
    from orepact.chain import Flows, Network, Scenario
    from orepact.chain.csv_table import CsvTable
    from orepact.facts import Ledger

Report = Callable[[str, float], None]
REFERENCE = "reference"
#: The year that stands for today where none is asked for.
USUAL_YEAR = 2024


def silent(_step: str, _fraction: float) -> None:
    """Report progress to nobody."""


def flows_for(
    ledger: Ledger,
    *,
    year: int | None = None,
    scenario: str | Path | None = None,
    flows: Path | None = None,
    report: Report | None = None,
    spread: bool = True,
) -> Flows:
    """The flows of one year on the reference network.

    A past year (default 2024, or the base year of the ``scenario``) is the balanced baseline; a model year of the scenario
    (default: the reference) is its plan, cut to that year. ``flows`` is a CSV file in the columns of ``Flows`` that stands in
    their place; of its years ``year`` is kept (default: all). Without ``spread`` the baseline does not say how sure each flow is,
    which takes half of the time. Raises ``BadInput``, ``NotFound`` or ``NoFeasibleAnswer``.
    """
    from orepact.chain import Scenario

    tell = report or silent
    chosen = Scenario.load(scenario or REFERENCE)
    if flows is not None:
        read = read_flow_rows(flows)
        return _cut(flows_from(read, _network_of(ledger, chosen, read, flows), flows), year, flows.name)
    wanted = year if year is not None else chosen.years[0] if scenario is not None and chosen.years else USUAL_YEAR
    if wanted in chosen.years:
        return _cut(planned_flows(ledger, chosen, tell), wanted, "the plan")
    if wanted > max(USUAL_YEAR, chosen.reference.base_year):
        known = ", ".join(map(str, chosen.years))
        raise BadInput(
            [Problem("year", f"a past year, or a model year of {chosen.id}: {known}", str(wanted), "ask for one of them")]
        )
    return baseline_flows(ledger, wanted, chosen, tell, spread=spread)


def flows_of_package(
    folder: Path, *, year: int | None = None, flows: Path | None = None, report: Report | None = None, spread: bool = True
) -> Flows:
    """The flows of a network package: given ones (CSV), else fitted to its observations, else its plan of least cost.

    Raises ``BadInput`` with every problem of the package or of the file, and for a year that is none of the network's.
    """
    from orepact.chain import Network

    return flows_of_network(Network.from_package(folder), year=year, flows=flows, report=report, spread=spread)


def flows_of_network(
    network: Network, *, year: int | None = None, flows: Path | None = None, report: Report | None = None, spread: bool = True
) -> Flows:
    """The flows of a network that is no reference network; see ``flows_of_package``."""
    tell = report or silent
    if year is not None and year not in network.years:
        known = ", ".join(map(str, network.years))
        raise BadInput([Problem("year", f"a year of the network: {known}", str(year), "ask for one of them")])
    if flows is not None:
        return _cut(flows_from(read_flow_rows(flows), network, flows), year, flows.name)
    if len(network.observations):
        return _fitted(network, year, tell, spread=spread)
    from orepact.service.planning import solve

    tell("solving the plan", 0.2)
    return _cut(solve(network, None).flows, year, "the plan")


def baseline_flows(ledger: Ledger, year: int, scenario: Scenario, report: Report = silent, *, spread: bool = True) -> Flows:
    """The balanced flows of a past year; without ``spread`` not how sure each is, which takes half of the time."""
    return balanced_year(ledger, year, scenario, report, spread=spread).flows


def balanced_year(
    ledger: Ledger, year: int, scenario: Scenario, report: Report = silent, *, spread: bool = True
) -> BaselineResult:
    """A past year as balanced: its flows with every observation; see ``baseline_flows``."""
    from orepact.chain import Network
    from orepact.service.baselining import fit

    report(f"gathering what sources say about {year}", 0.02)
    return fit(Network.baseline_case(ledger, year, scenario), year, report, spread=spread)


def planned_flows(ledger: Ledger, scenario: Scenario, report: Report = silent) -> Flows:
    """The flows of the plan of a scenario, all of its model years."""
    from orepact.chain import Network
    from orepact.service.planning import solve

    report("building the network", 0.05)
    network = Network.from_facts(ledger, scenario)
    report("solving the plan", 0.2)
    return solve(network, scenario).flows


def _network_of(ledger: Ledger, scenario: Scenario, read: CsvTable, path: Path) -> Network:
    """The network that the years of a file stand on: that of a past year, or that of the scenario's plan."""
    from orepact.chain import Network

    assert read.frame is not None
    years = sorted({int(year) for year in read.frame["year"]})
    if set(years) <= set(scenario.years):
        return Network.from_facts(ledger, scenario)
    if len(years) == 1 and years[0] <= USUAL_YEAR:
        return Network.baseline_case(ledger, years[0], scenario)
    known = ", ".join(map(str, scenario.years))
    expected = f"one past year, or model years of {scenario.id}: {known}"
    text = ", ".join(map(str, years)) or "no rows"
    raise BadInput(
        [Problem("year", expected, text, "name the scenario of these flows, or give those of one past year", path.name)]
    )


def _fitted(network: Network, year: int | None, report: Report, *, spread: bool = True) -> Flows:
    from orepact.service.baselining import fit

    return fit(network, year, report, spread=spread).flows


def _cut(flows: Flows, year: int | None, what: str) -> Flows:
    """The flows of one year (all of them when None)."""
    if year is None or flows.years == (year,):
        return flows
    if year not in flows.years:
        known = ", ".join(map(str, flows.years))
        raise BadInput([Problem("year", f"a year of {what}: {known}", str(year), "ask for one of them")])
    kept = (flows.frame["year"] == year).to_numpy()
    quality = None if flows.quality is None else flows.quality[kept].reset_index(drop=True)
    return replace(flows, frame=flows.frame[kept].reset_index(drop=True), quality=quality)
