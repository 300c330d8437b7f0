"""``orepact overlay``: an organisation's own claims, laid over the facts in its runs alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orepact.cli.options import Database, Format, OutputFormat, OwnLabel, Whose

app = typer.Typer(
    no_args_is_help=True,
    help="Claims of an organisation, laid over the facts in its own runs (`orepact jobs submit --overlay`) and in nobody else's.",
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of an overlay.")]


@app.command()
def put(
    *,
    name: Name,
    claims: Annotated[Path, typer.Argument(metavar="FILE", help="The claims (CSV, as `orepact facts import` takes them).")],
    organisation: Whose,
    sources: Annotated[
        Path | None, typer.Option("--sources", metavar="FILE", help="Sources that the claims name and the package has not.")
    ] = None,
    label: OwnLabel = "",
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Keep claims as the next version of an overlay, checked whole, or nothing.

    Example: `orepact overlay put own-stocks stocks.csv --sources sources.csv --for nrcan`
    """
    from orepact.cli.output import emit
    from orepact.service import sharing

    texts = [_text(file) for file in (claims, sources)]
    emit(sharing.put_overlay(name, texts[0], db, sources=texts[1], label=label, organisation=organisation), form)


@app.command("list")
def list_(
    *,
    organisation: Annotated[str, typer.Option("--for", metavar="ORGANISATION", help="Those of one organisation.")] = "",
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """List every version of every overlay.

    Example: `orepact overlay list --for nrcan`
    """
    from orepact.cli.output import emit
    from orepact.service import sharing

    emit(sharing.list_overlays(db, organisation=organisation), form)


@app.command()
def show(*, name: Name, organisation: Whose, db: Database = None, form: Format = OutputFormat.table) -> None:
    """Print the claims of an overlay, of the last version or of NAME@VERSION.

    Example: `orepact overlay show own-stocks@2 --for nrcan --format csv`
    """
    from orepact.cli.output import emit
    from orepact.service import sharing

    emit(sharing.show_overlay(name, db, organisation=organisation), form)


@app.command()
def end(*, name: Name, organisation: Whose, db: Database = None, form: Format = OutputFormat.table) -> None:
    """Let no new run use an overlay; its versions stay, for what rests on them.

    Example: `orepact overlay end own-stocks --for nrcan`
    """
    from orepact.cli.output import emit
    from orepact.service import sharing

    emit(sharing.end_overlay(name, db, organisation=organisation), form)


def _text(file: Path | None) -> str:
    """A file as text; what is no UTF-8 is refused as the claims of it are read."""
    return "" if file is None else file.read_bytes().decode("utf-8", "surrogateescape")
