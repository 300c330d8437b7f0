"""``orepact baseline``: where we are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orepact.cli.options import (
    AsOf,
    BaselineRows,
    Commodity,
    Facts,
    Format,
    IncludeUnverified,
    NetworkFolder,
    OutputFormat,
    Overwrite,
    Place,
    Year,
)


def baseline(
    *,
    year: Year = None,
    network: NetworkFolder = None,
    rows: Annotated[
        BaselineRows | None,
        typer.Option(help="Which table to print. Default: the flows; a person is shown the largest disagreements."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="DIR", help="Write every table and baseline.json to this folder.")
    ] = None,
    overwrite: Overwrite = False,
    commodity: Commodity = None,
    place: Place = None,
    as_of: AsOf = None,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """Balance a past year.

    What was made, moved and used, so that every tonne adds up and lies as near as can be to what sources say.

    Shows where sources disagree, in words, and how sure each flow is. Fits the shipped facts (2023, 2024; other years once their
    statistics are imported), or any network package with observations.

    Example: `orepact baseline --year 2024 --format json`

    Example: `orepact baseline --year 2024 --commodity cobalt --rows observations`
    """
    from orepact import service
    from orepact.cli.output import emit
    from orepact.cli.progress import progress

    settings = {
        "rows": None if rows is None else rows.value,
        "output": output,
        "overwrite": overwrite,
        "commodity": commodity,
        "place": place,
    }
    with progress() as report:
        if network is not None:
            found = service.baseline_package(network, year, report=report, **settings)
        else:
            ledger = service.open_ledger(as_of=as_of, include_unverified=include_unverified, facts=facts)
            found = service.baseline_reference(ledger, year, report=report, **settings)
    emit(found, form)
