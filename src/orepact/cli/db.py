"""``orepact db``: the database of the pact register."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orepact.cli.options import Database, Format, OutputFormat

app = typer.Typer(no_args_is_help=True, help="The database of the pact register: make, fill, upgrade, back up, restore.")


@app.command()
def init(*, db: Database = None, form: Format = OutputFormat.table) -> None:
    """Make a register where there is none; one that is there stays as it is.

    Example: `orepact db init --db register.db`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.init_register(db), form)


@app.command()
def seed(*, db: Database = None, form: Format = OutputFormat.table) -> None:
    """Fill the register with the shipped instruments, bodies, projects and events; what somebody changed stays.

    Example: `orepact db seed`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.seed_register(db), form)


@app.command()
def upgrade(*, db: Database = None, form: Format = OutputFormat.table) -> None:
    """Bring a register of an earlier orepact to the form of this one.

    Example: `orepact db upgrade`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.upgrade_register(db), form)


@app.command()
def status(*, db: Database = None, form: Format = OutputFormat.table) -> None:
    """Say where the register is, what it holds, and where its audit log ends.

    Example: `orepact db status --format json`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.register_status(db), form)


@app.command()
def backup(
    *,
    output: Annotated[Path, typer.Option("--output", metavar="FILE", help="File to write (zip).")],
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Write all of the register to one file, which can be restored to SQLite and PostgreSQL alike.

    Example: `orepact db backup --output register-2026-03-01.zip`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.back_up_register(output, db), form)


@app.command()
def restore(
    *,
    source: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Fill an empty database from a backup, all or nothing.

    Example: `orepact db restore register-2026-03-01.zip --db register-2.db`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.restore_register(source, db), form)
