"""``orepact audit``: the log of all changes of the pact register."""

from __future__ import annotations

from typing import Annotated

import typer

from orepact.cli.options import Database, For, Format, OutputFormat

app = typer.Typer(no_args_is_help=True, help="The log of all changes of the pact register, which cannot be altered unseen.")


@app.command()
def verify(
    *,
    known: Annotated[
        str | None, typer.Option(metavar="SEQ:HASH", help="A head noted at an earlier check: the log must still hold it.")
    ] = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Check that the log closes and that the register is what it says.

    Example: `orepact audit verify --format json`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.verify_audit(db, known), form)


@app.command()
def log(
    *,
    after: Annotated[int, typer.Option(metavar="N", min=0, help="Begin after this entry.")] = 0,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="So many entries.")] = 100,
    organisation: For = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """List who did what to which record and when.

    Example: `orepact audit log --after 600`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.audit_log(db, after=after, limit=limit, organisations=organisation or ()), form)
