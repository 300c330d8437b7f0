"""``orepact shock watch``: what rings, for whom, and why."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from orepact.cli.options import (
    AsOf,
    Commodity,
    Facts,
    FlowsFile,
    Format,
    Hindsight,
    IncludeUnverified,
    NetworkFolder,
    OutputFormat,
    Place,
    Year,
)
from orepact.cli.shock_asking import question_of


class WatchLevel(StrEnum):
    """How loud a warning is."""

    attention = "attention"
    caution = "caution"
    alert = "alert"
    severe = "severe"


class WatchRows(StrEnum):
    """Which table is the ``data`` of the reply."""

    alarms = "alarms"
    all = "all"


def watch(
    *,
    place: Place = None,
    commodity: Commodity = None,
    level: Annotated[
        WatchLevel | None, typer.Option(help="List this level and worse ones. Default: caution; every level with --rows all.")
    ] = None,
    rows: Annotated[
        WatchRows, typer.Option(help="alarms: one row by party and commodity. all: every indicator, silent ones too.")
    ] = WatchRows.alarms,
    rules: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Own thresholds and ways (YAML), laid over the shipped rules.")
    ] = None,
    year: Year = None,
    network: NetworkFolder = None,
    flows: FlowsFile = None,
    as_of: AsOf = None,
    hindsight: Hindsight = False,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """List what is amber or worse, and why.

    Imports, prices, dependence, sellers that leave, export controls that begin or end, stocks and governance, against the four
    levels of Korea's early warning system. What has no data is said, and never read as calm.

    Example: `orepact shock watch --place KOR --commodity graphite`

    Example: `orepact shock watch --as-of 2025-10-20 --rows all --format csv`
    """
    from orepact import service
    from orepact.cli.output import emit
    from orepact.cli.progress import progress

    question = question_of(
        network, year=year, as_of=as_of, hindsight=hindsight, include_unverified=include_unverified, facts=facts
    )
    with progress() as report:
        found = service.shock.watch(
            question, place=place, commodity=commodity, level=None if level is None else level.value, rows=rows.value,
            rules=rules, flows=flows, report=report,
        )  # fmt: skip
    emit(found, form)
