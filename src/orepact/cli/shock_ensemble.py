"""``orepact shock ensemble``: a thousand years of events, what they lose, and what insurance buys."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from orepact.cli.options import AsOf, Facts, Format, IncludeUnverified, NetworkFolder, OutputFormat, Overwrite, ScenarioName, Year


class EnsembleRows(StrEnum):
    """Which table is the ``data`` of the reply."""

    summary = "summary"
    distribution = "distribution"
    members = "members"
    causes = "causes"
    elements = "elements"
    parties = "parties"
    commodities = "commodities"
    insurance = "insurance"
    threats = "threats"


WORK = "Work"


def ensemble(
    *,
    members: Annotated[int, typer.Option(metavar="N", help="How many years to sample.")] = 1000,
    seed: Annotated[int, typer.Option(metavar="S", help="Another seed gives other years; the same seed the same ones.")] = 1,
    rows: Annotated[
        EnsembleRows,
        typer.Option(help="causes, elements: what the loss comes from. insurance: what each option saves per dollar."),
    ] = EnsembleRows.summary,
    hazards: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Your own hazards (YAML) in place of the shipped ones.")
    ] = None,
    insurance: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Your own insurances (YAML) in place of the shipped ones.")
    ] = None,
    block_weeks: Annotated[
        float | None,
        typer.Option(metavar="W", help="Longest span solved at once (default: as the hazards say); shorter flatters less."),
    ] = None,
    workers: Annotated[int, typer.Option(metavar="N", help="Processes of this machine to work in.", rich_help_panel=WORK)] = 1,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Scheduler of a dask.distributed cluster to work on (tcp://host:8786).", rich_help_panel=WORK
        ),
    ] = None,
    journal: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Keep what is done here and go on from it. Default with --output: DIR.journal.",
            rich_help_panel=WORK,
        ),
    ] = None,
    year: Year = None,
    scenario: ScenarioName = None,
    network: NetworkFolder = None,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="DIR", help="Write every table as CSV to this folder.")
    ] = None,
    overwrite: Overwrite = False,
    as_of: AsOf = None,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """Sample years of events and say what they lose.

    Events strike at documented rates; mean, value at risk and conditional value at risk of the loss, what it comes from, who
    loses, and which insurance (stock, second source, recycling, spare capacity) saves most per dollar. The same seed gives the
    same numbers with any number of workers, on a cluster, and after an interruption.

    Example: `orepact shock ensemble --members 1000 --seed 7 --workers 2`

    Example: `orepact shock ensemble --members 10000 --rows insurance --cluster tcp://scheduler:8786 --journal years.journal`
    """
    from orepact import service
    from orepact.cli.output import emit
    from orepact.cli.package_options import refuse_facts_options
    from orepact.cli.progress import progress

    refuse_facts_options(network, scenario=scenario, as_of=as_of, include_unverified=include_unverified, facts=facts)
    with progress() as report:
        ledger = None
        if network is None:
            ledger = service.open_ledger(as_of=as_of, include_unverified=include_unverified, facts=facts)
        found = service.shock.ensemble(
            ledger, members=members, seed=seed, workers=workers, cluster=cluster, journal=journal, rows=rows.value,
            hazards=hazards, insurance=insurance, block_weeks=block_weeks, year=year, scenario=scenario, network=network,
            output=output, overwrite=overwrite, report=report,
        )  # fmt: skip
    emit(found, form)
