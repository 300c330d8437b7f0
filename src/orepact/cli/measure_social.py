"""``orepact measure social``: risk of the places that a product's matter came from."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer

from orepact.cli.options import (
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


class Basis(StrEnum):
    """Which part of a pool is traced."""

    supply = "supply"
    production = "production"


Commodity: TypeAlias = Annotated[
    str, typer.Option(metavar="NAME", help="A commodity (cam_nmc811), or a stage for all of its commodities (CELL).")
]
Element: TypeAlias = Annotated[
    str | None, typer.Option(metavar="NAME", help="The element to trace (cobalt). Default: every element it holds.")
]
Stage: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="STAGE", help="Where origin is looked for: mine, refine, ... Default: where it was mined and refined."),
]
Indicators: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Own indicators: CSV with place, indicator, value, unit and optional year; they count first."
    ),
]
BasisAsked: TypeAlias = Annotated[
    Basis, typer.Option(help="supply: what was made there or arrived. production: only what was made there.")
]


def social(
    *,
    commodity: Commodity,
    place: Place = None,
    element: Element = None,
    stage: Stage = None,
    indicators: Indicators = None,
    basis: BasisAsked = Basis.supply,
    year: Year = None,
    scenario: ScenarioName = None,
    network: NetworkFolder = None,
    flows: FlowsFile = None,
    as_of: AsOf = None,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """Say what is known of the places a product came from.

    Child labour, forced labour, fatal injuries and governance by country, weighted by traced origin, with the part of the origin
    of which nothing is known. A prompt to ask, never a finding about a supplier.

    Example: `orepact measure social --commodity CELL --place KOR --element cobalt`
    """
    from orepact import service
    from orepact.cli.output import emit
    from orepact.cli.progress import progress

    asked: dict[str, Any] = {
        "place": place, "element": element, "stage": stage, "basis": basis.value, "indicators": indicators, "year": year,
        "flows": flows,
    }  # fmt: skip
    with progress() as report:
        if network is not None:
            result = service.measure_social_of_package(network, commodity, report=report, **asked)
        else:
            ledger = service.open_ledger(as_of=as_of, include_unverified=include_unverified, facts=facts)
            result = service.measure_social(ledger, commodity, scenario=scenario, report=report, **asked)
    emit(result, form)
