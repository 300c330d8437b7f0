"""``orepact shock ensemble``: a thousand years of events, what they lose, and what insurance buys."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from orepact.cli.options import (
    AsOf,
    Facts,
    Format,
    Hindsight,
    IncludeUnverified,
    NetworkFolder,
    OutputFormat,
    Overwrite,
    ScenarioName,
    Year,
)
from orepact.cli.shock_asking import Output, question_of


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


Members: TypeAlias = Annotated[int, typer.Option(metavar="N", help="How many years to sample.")]
Seed: TypeAlias = Annotated[int, typer.Option(metavar="S", help="Another seed gives other years; the same seed the same ones.")]
Rows: TypeAlias = Annotated[
    EnsembleRows,
    typer.Option(help="causes, elements: what the loss comes from. insurance: what each option saves per dollar."),
]
Hazards: TypeAlias = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Your own hazards (YAML) in place of the shipped ones.")
]
Insurance: TypeAlias = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Your own insurances (YAML) in place of the shipped ones.")
]
BlockWeeks: TypeAlias = Annotated[
    float | None,
    typer.Option(metavar="W", help="Longest span solved at once (default: as the hazards say); shorter flatters less."),
]
Workers: TypeAlias = Annotated[int, typer.Option(metavar="N", help="Processes of this machine to work in.", rich_help_panel=WORK)]
Cluster: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS", help="Scheduler of a dask.distributed cluster to work on (tcp://host:8786).", rich_help_panel=WORK
    ),
]
JournalFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Keep what is done here and go on from it. Default with --output: DIR.journal.", rich_help_panel=WORK
    ),
]


def ensemble(
    *,
    members: Members = 1000,
    seed: Seed = 1,
    rows: Rows = EnsembleRows.summary,
    hazards: Hazards = None,
    insurance: Insurance = None,
    block_weeks: BlockWeeks = None,
    workers: Workers = 1,
    cluster: Cluster = None,
    journal: JournalFile = None,
    year: Year = None,
    scenario: ScenarioName = None,
    network: NetworkFolder = None,
    output: Output = None,
    overwrite: Overwrite = False,
    as_of: AsOf = None,
    hindsight: Hindsight = False,
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
    from orepact.cli.progress import progress

    question = question_of(
        network,
        year=year,
        scenario=scenario,
        as_of=as_of,
        hindsight=hindsight,
        include_unverified=include_unverified,
        facts=facts,
    )
    with progress() as report:
        found = service.shock.ensemble(
            question, members=members, seed=seed, rows=rows.value, hazards=hazards, insurance=insurance, block_weeks=block_weeks,
            workers=workers, cluster=cluster, journal=journal, output=output, overwrite=overwrite, report=report,
        )  # fmt: skip
    emit(found, form)
