"""``orepact export``: networks for others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orepact.cli.options import AsOf, Facts, Format, IncludeUnverified, NetworkFolder, OutputFormat, Overwrite

app = typer.Typer(no_args_is_help=True, help="Give a network to others.")


@app.callback()
def _group() -> None:
    pass


@app.command()
def datapackage(
    *,
    output: Annotated[Path, typer.Option("--output", metavar="DIR", help="Folder to write; it must be new or empty.")],
    scenario: Annotated[
        str, typer.Option(metavar="NAME", help="Shipped scenario or scenario file of the network.")
    ] = "reference",
    network: NetworkFolder = None,
    overwrite: Overwrite = False,
    as_of: AsOf = None,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """Write a network as a Frictionless data package.

    CSV tables, network.yaml and datapackage.json. `orepact plan --network DIR` reads it back.

    Example: `orepact export datapackage --output reference_network`
    """
    from orepact import service
    from orepact.cli.output import emit

    ledger = service.open_ledger(as_of=as_of, include_unverified=include_unverified, facts=facts)
    emit(service.export_datapackage(ledger, output, scenario=scenario, network=network, overwrite=overwrite), form)
