"""``orepact measure origin``: traced dependence."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

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


class By(StrEnum):
    """What an origin is named by."""

    place = "place"
    owner = "owner"
    company = "company"


class Basis(StrEnum):
    """Which part of a pool is traced."""

    supply = "supply"
    production = "production"


class Visit(StrEnum):
    """Which site of a stage on the way counts."""

    last = "last"
    first = "first"


class Rows(StrEnum):
    """Which table is the ``data`` of the reply."""

    origins = "origins"
    path = "path"


def origin(
    *,
    commodity: Annotated[str, typer.Option(metavar="NAME", help="A commodity (cam_nmc811) or a stage (CELL).")],
    place: Place = None,
    element: Annotated[
        str | None, typer.Option(metavar="NAME", help="The element to trace (cobalt), or value. Default: every element it holds.")
    ] = None,
    by: Annotated[By, typer.Option(help="Name origins by place, by home country of the owner, or by company.")] = By.place,
    stage: Annotated[
        str,
        typer.Option(metavar="STAGE", help="mine: where the element entered the chain. refine, ...: where it passed that stage."),
    ] = "mine",
    visit: Annotated[Visit, typer.Option(help="Of several sites of the stage on the way, the last or the first.")] = Visit.last,
    basis: Annotated[
        Basis, typer.Option(help="supply: what was made there or arrived. production: only what was made there.")
    ] = Basis.supply,
    rows: Annotated[Rows, typer.Option(help="Origins, or the path step by step.")] = Rows.origins,
    year: Year = None,
    scenario: ScenarioName = None,
    network: NetworkFolder = None,
    flows: FlowsFile = None,
    as_of: AsOf = None,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """Trace what a product holds to where it came from.

    Not who sold it: shares of each element by the mine (or another stage), by place, owner or company, through every pool it
    mixed in. What cannot be traced is shown as unknown; released stocks are `stock`, matter recovered elsewhere `recycled`.

    Example: `orepact measure origin --place KOR --commodity CELL --element cobalt --by owner --year 2024`

    Example: `orepact measure origin --place JPN --commodity pack --element nickel --stage refine --rows path`
    """
    from orepact import service
    from orepact.cli.output import emit
    from orepact.cli.progress import progress

    with progress() as report:
        ledger = service.open_ledger(as_of=as_of, include_unverified=include_unverified, facts=facts)
        settings = {"by": by.value, "stage": stage, "visit": visit.value, "basis": basis.value, "rows": rows.value}
        sources = {"year": year, "scenario": scenario, "network": network, "flows": flows}
        found = service.measure_origin(ledger, commodity, place=place, element=element, report=report, **settings, **sources)
    emit(found, form)
