"""``orepact plan``: the least-cost build-out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orepact.cli.options import (
    AsOf,
    Commodity,
    Facts,
    Format,
    IncludeUnverified,
    NetworkFolder,
    OutputFormat,
    Overwrite,
    Place,
    PlanRows,
    Year,
)


def plan(
    *,
    scenario: Annotated[
        str | None, typer.Argument(metavar="SCENARIO", help="Id of a shipped scenario: reference, diversified, japan_600.")
    ] = None,
    scenario_file: Annotated[
        Path | None, typer.Option("--scenario", metavar="FILE", help="A scenario file (YAML) in place of a shipped one.")
    ] = None,
    network: NetworkFolder = None,
    rows: Annotated[PlanRows, typer.Option(help="Which table of the plan to print.")] = PlanRows.summary,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="DIR", help="Write every table and plan.json to this folder.")
    ] = None,
    overwrite: Overwrite = False,
    commodity: Commodity = None,
    place: Place = None,
    year: Year = None,
    as_of: AsOf = None,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """Find the build-out of least cost.

    What to build, where and when, what moves, what stays short, at least discounted cost.

    Plans the reference network of the facts, or any chain given as a network package with --network. No plan within the
    limits: exit code 4, and the limits that conflict by name.

    Example: `orepact plan reference --commodity nickel --year 2035`

    Example: `orepact plan --network my_chain --scenario my_scenario.yaml --output plan`
    """
    from orepact import service
    from orepact.cli.output import emit
    from orepact.cli.progress import progress

    if scenario is not None and scenario_file is not None:
        raise typer.BadParameter("give a scenario id or --scenario FILE, not both")
    chosen = scenario_file or scenario
    only = {"commodity": commodity, "place": place, "year": year}
    settings = {"rows": rows.value, "output": output, "overwrite": overwrite, **only}
    with progress() as report:
        if network is not None:
            found = service.plan_package(network, chosen, report=report, **settings)
        else:
            ledger = service.open_ledger(as_of=as_of, include_unverified=include_unverified, facts=facts)
            found = service.plan_reference(ledger, chosen or "reference", report=report, **settings)
    emit(found, form)
