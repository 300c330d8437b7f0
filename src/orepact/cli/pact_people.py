"""Organisations and people from the command line: owners, names over time, roles, chairs, guests."""

from __future__ import annotations

from typing import Annotated

import typer

from orepact.cli.options import Database, Format, OnDay, OutputFormat
from orepact.cli.pact_bodies import Body

Named = Annotated[str, typer.Argument(metavar="ORGANISATION", help="Its id or any name that it has or had.")]


def owners(*, name: Named, on: OnDay = None, db: Database = None, form: Format = OutputFormat.table) -> None:
    """Show who owns a company in the end and who controls it, with what nobody stated.

    Example: `orepact pact owners nextstar-energy --on 2025-06-01`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.list_owners(name, db, on=on), form)


def names(*, name: Named, on: OnDay = None, db: Database = None, form: Format = OutputFormat.table) -> None:
    """Show what an organisation is called on a day in four languages, its other names, and who it passed to.

    Example: `orepact pact names MOTIE --on 2025-09-30`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.names_of(name, db, on=on), form)


def members(*, name: Named, on: OnDay = None, db: Database = None, form: Format = OutputFormat.table) -> None:
    """Show the members of an association or a group on a day: those to whom it passes a call.

    Example: `orepact pact members BASC`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.list_members(name, db, on=on), form)


def roles(
    *,
    name: Annotated[str, typer.Argument(metavar="ORGANISATION", help="Its id or any name (default: all).")] = "",
    on: OnDay = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Show who holds which role on a day, at what rank.

    Example: `orepact pact roles ised --on 2024-07-09`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.list_roles(name, db, on=on), form)


def chairs(*, body: Body, on: OnDay = None, db: Database = None, form: Format = OutputFormat.table) -> None:
    """Show who chaired each meeting of a body, and whether the rank was the one that the rule asks for.

    Example: `orepact pact chairs ca-jp-battery-dialogue --on 2026-03-01`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.list_chairs(body, db, on=on), form)


def guests(*, body: Body, on: OnDay = None, db: Database = None, form: Format = OutputFormat.table) -> None:
    """Show the guests of a body's meetings: what they may come to, and until when.

    Example: `orepact pact guests ca-jp-battery-dialogue`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.list_guests(body, db, on=on), form)


def queues(*, body: Body, on: OnDay = None, db: Database = None, form: Format = OutputFormat.table) -> None:
    """Show the open work before a body by queue, and what other bodies do that looks like it.

    Example: `orepact pact queues ca-kr-icc`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.list_queues(body, db, on=on), form)
