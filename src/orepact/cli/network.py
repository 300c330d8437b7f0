"""``orepact network``: network packages that an organisation keeps by name, for its own runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orepact.cli.options import Database, Format, OutputFormat, OwnLabel, Whose

app = typer.Typer(
    no_args_is_help=True,
    help="Network packages that an organisation keeps by name for its own runs (`orepact jobs submit plan network=NAME`).",
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of a network.")]


@app.command()
def put(
    *,
    name: Name,
    package: Annotated[Path, typer.Argument(metavar="PACKAGE", help="A folder with network.yaml and its tables, or a zip.")],
    organisation: Whose,
    label: OwnLabel = "",
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Keep a package as the next version of a network, checked whole, or nothing.

    Example: `orepact network put own-chain chain/ --for nrcan`
    """
    from orepact.cli.output import emit
    from orepact.service import sharing

    emit(sharing.put_network(name, _content(package), db, label=label, organisation=organisation), form)


@app.command("list")
def list_(
    *,
    organisation: Annotated[str, typer.Option("--for", metavar="ORGANISATION", help="Those of one organisation.")] = "",
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """List every version of every network.

    Example: `orepact network list --for nrcan`
    """
    from orepact.cli.output import emit
    from orepact.service import sharing

    emit(sharing.list_networks(db, organisation=organisation), form)


@app.command()
def show(*, name: Name, organisation: Whose, db: Database = None, form: Format = OutputFormat.table) -> None:
    """List the files of a network, of the last version or of NAME@VERSION.

    Example: `orepact network show own-chain@2 --for nrcan`
    """
    from orepact.cli.output import emit
    from orepact.service import sharing

    emit(sharing.show_network(name, db, organisation=organisation), form)


@app.command()
def export(
    *,
    name: Name,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The zip to write; one that is there stays.")],
    organisation: Whose,
    db: Database = None,
) -> None:
    """Write a network to a zip, as it was put.

    Example: `orepact network export own-chain chain.zip --for nrcan`
    """
    from orepact.errors import BadInput, Problem
    from orepact.service import sharing

    found = sharing.network_package(name, db, organisation=organisation)
    try:
        with file.open("xb") as out:
            out.write(found.content)
    except OSError as error:
        raise BadInput([Problem("FILE", "a file that can be made", str(error), "name another one")]) from error
    typer.echo(f"{file}: {name}, {found.label}", err=True)


@app.command()
def end(*, name: Name, organisation: Whose, db: Database = None, form: Format = OutputFormat.table) -> None:
    """Let no new run use a network; its versions stay, for what rests on them.

    Example: `orepact network end own-chain --for nrcan`
    """
    from orepact.cli.output import emit
    from orepact.service import sharing

    emit(sharing.end_network(name, db, organisation=organisation), form)


def _content(package: Path) -> bytes | dict[str, str]:
    """What is in a folder, or a zip as it is; raises ``BadInput`` where there is neither."""
    from orepact.cli.jobs import files_of_package
    from orepact.errors import BadInput, Problem

    if package.is_dir():
        return files_of_package(package)
    try:
        return package.read_bytes()
    except OSError as error:
        mend = "name a folder with network.yaml, or a zip of its files"
        raise BadInput([Problem("PACKAGE", "a network package", str(error), mend)]) from error
