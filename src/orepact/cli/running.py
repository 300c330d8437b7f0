"""``orepact run``: the main job, from facts to the brief."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orepact.cli.options import AsOf, Facts, Format, IncludeUnverified, OutputFormat


def run(
    *,
    scenario: Annotated[str, typer.Option(metavar="NAME", help="Shipped scenario or scenario file to plan.")] = "reference",
    output: Annotated[Path, typer.Option("--output", metavar="DIR", help="Folder of the brief.")] = Path("brief"),
    as_of: AsOf = None,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """Do the main job: from facts to a brief.

    Builds the network, measures it, plans it, and writes the brief in the terminal and as one HTML file.

    Example: `orepact run --output brief`
    """
    from orepact import service
    from orepact.cli.brief_tables import print_brief
    from orepact.cli.output import emit
    from orepact.cli.progress import progress

    with progress() as report:
        ledger = service.open_ledger(as_of=as_of, include_unverified=include_unverified, facts=facts)
        found = service.run(ledger, scenario, output=output, report=report)
    if form is OutputFormat.table and found.brief is not None:
        print_brief(found.brief, Path(found.meta["written"]))
    else:
        emit(found, form)
