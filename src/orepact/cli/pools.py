"""``orepact pool``: sums over what several owners hold, told only where no owner can be read from them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from orepact.cli.options import Database, Format, OutputFormat

app = typer.Typer(no_args_is_help=True, help="Sums over several owners, told only where no owner can be read from them.")

Name: TypeAlias = Annotated[str, typer.Argument(metavar="POOL", help="A pool that ships (lithium_stocks) or a YAML file of one.")]


class Rows(StrEnum):
    """Which table of a run is the ``data`` of the reply."""

    told = "told"
    audit = "audit"


@app.command("list")
def list_pools(*, form: Format = OutputFormat.table) -> None:
    """List the pools that ship.

    Example: `orepact pool list`
    """
    from orepact import service
    from orepact.cli.output import emit

    emit(service.list_pools(), form)


@app.command()
def show(pool: Name, *, form: Format = OutputFormat.table) -> None:
    """Show the rows and columns of a pool, and which of them take amounts.

    Example: `orepact pool show lithium_stocks`
    """
    from orepact import service
    from orepact.cli.output import emit

    emit(service.show_pool(pool), form)


@app.command()
def run(
    pool: Name,
    amounts: Annotated[Path, typer.Argument(metavar="FILE", help="What each owner has: owner,row,column,amount and unit (CSV).")],
    *,
    rows: Annotated[
        Rows, typer.Option(help="told: the table, safe to hand on. audit: each hidden sum, for the keeper of the amounts alone.")
    ] = Rows.told,
    within: Annotated[
        float | None,
        typer.Option(metavar="PART", help="Audit: so near nobody may come to a hidden sum (0.1 is 10 %). Default: by the rules."),
    ] = None,
    rules: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Rules of your own (YAML), laid over the shipped ones.")
    ] = None,
    form: Format = OutputFormat.table,
) -> None:
    """Say what of a pool may be told of the amounts of a file.

    Hidden are sums of too few or too unequal owners, and others beside them, until nothing comes back as a difference.

    Example: `orepact pool run lithium_stocks stocks.csv --format csv`
    """
    from orepact import service
    from orepact.cli.output import emit

    emit(service.run_pool(pool, amounts, rows=rows.value, within=within, rules=rules), form)


@app.command()
def today(
    *,
    pool: Annotated[str, typer.Argument(metavar="POOL", help="A pool that counts records of the register.")],
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Say what may be told today of what owners put into a pool, the same for all who ask.

    Counted is the register as it stood at the begin of the day (UTC).

    Example: `orepact pool today lithium_stocks`
    """
    from orepact.cli.output import emit
    from orepact.service import sharing

    emit(sharing.pool_today(pool, db), form)


@app.command()
def share(
    *,
    pool: Annotated[str, typer.Argument(metavar="POOL", help="A pool that counts records of the register.")],
    organisation: Annotated[str, typer.Option("--for", metavar="ORGANISATION", help="Whose records.")],
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Say what of an organisation counts in a pool from tomorrow on, and why not; for that organisation alone.

    Example: `orepact pool share lithium_stocks --for nrcan`
    """
    from orepact.cli.output import emit
    from orepact.service import sharing

    emit(sharing.pool_share(pool, db, organisation=organisation), form)
