"""``orepact measure carbon``: kg CO2e per unit and per kWh, by stage and place of emission."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer

from orepact.cli.options import (
    Allocation,
    AllocationAsked,
    AsOf,
    Facts,
    FlowsFile,
    Format,
    IncludeUnverified,
    NetworkFolder,
    OutputFormat,
    Place,
    ScenarioName,
    Year,
)


class CarbonRows(StrEnum):
    """Which table of a footprint is the ``data`` of the reply."""

    stages = "stages"
    places = "places"
    nodes = "nodes"


class Basis(StrEnum):
    """Whether what is made in a place is meant, or all that is at hand there."""

    supply = "supply"
    production = "production"


class Method(StrEnum):
    """Whose intensity electricity carries."""

    location = "location"
    market = "market"


Commodity: TypeAlias = Annotated[
    str, typer.Option(metavar="NAME", help="A commodity (cell_lfp), or a stage for all of its commodities (CELL, pack).")
]
BasisAsked: TypeAlias = Annotated[
    Basis | None,
    typer.Option(
        help="supply: of what was made there or arrived. production: only of what was made there. Default: supply; without a "
        "place, production."
    ),
]
MethodAsked: TypeAlias = Annotated[
    Method | None,
    typer.Option(help="Power at the grid of the place, or by --supply-contract. Default: market with a contract."),
]
SupplyContract: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Own power contracts: CSV with place, site or process, kg_co2e_per_kwh, share and optional year."
    ),
]
Rows: TypeAlias = Annotated[
    CarbonRows, typer.Option(help="By stage and place, by place, or one row for each place that holds it.")
]


def carbon(
    *,
    commodity: Commodity,
    place: Place = None,
    year: Year = None,
    scenario: ScenarioName = None,
    network: NetworkFolder = None,
    flows: FlowsFile = None,
    basis: BasisAsked = None,
    method: MethodAsked = None,
    supply_contract: SupplyContract = None,
    allocation: AllocationAsked = Allocation.value,
    rows: Rows = CarbonRows.stages,
    as_of: AsOf = None,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """Say how much CO2e a product carries, and where it was emitted.

    Kilograms per unit, and per kWh of cells and packs, by stage and place of emission; transport is a stage of its own. Emissions
    follow the balanced flows of a past year, or of a plan.

    Example: `orepact measure carbon --commodity CELL --place KOR`
    """
    from orepact import service
    from orepact.cli.output import emit
    from orepact.cli.progress import progress

    chosen = method or (Method.location if supply_contract is None else Method.market)
    asked: dict[str, Any] = {
        "place": place, "basis": basis and basis.value, "allocation": allocation.value, "method": chosen.value,
        "contracts": supply_contract, "rows": rows.value,
    }  # fmt: skip
    with progress() as report:
        if network is not None:
            result = service.measure_carbon_of_package(network, commodity, year=year, flows=flows, report=report, **asked)
        else:
            ledger = service.open_ledger(as_of=as_of, include_unverified=include_unverified, facts=facts)
            result = service.measure_carbon(ledger, commodity, year=year, scenario=scenario, flows=flows, report=report, **asked)
    emit(result, form)
