"""``orepact audit``: the log of all changes of the pact register."""

from __future__ import annotations

from typing import Annotated

import typer

from orepact.cli.options import Database, For, Format, OutputFormat

app = typer.Typer(no_args_is_help=True, help="The log of all changes of the pact register: a chain that shows what was altered.")


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

    Whoever may write to the database can also make another log that closes: note `known` elsewhere, and give it to a later check.

    Example: `orepact audit verify --format json`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.verify_audit(db, known), form)


@app.command()
def log(
    *,
    after: Annotated[int, typer.Option(metavar="N", min=0, help="Begin after this entry.")] = 0,
    limit: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="So many entries (default: 100 in a table, all in csv and json).")
    ] = None,
    organisation: For = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """List who did what to which record and when.

    Example: `orepact audit log --after 600`
    """
    from orepact.cli.output import emit, page_of
    from orepact.service import pact

    emit(pact.audit_log(db, after=after, limit=page_of(limit, form), organisations=organisation or ()), form)
