"""Bodies and instruments: chairs, due dates, articles, agendas, calendars."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orepact.cli.options import Database, Format, Language, OnDay, OutputFormat, Overwrite

Body = Annotated[str, typer.Argument(metavar="BODY", help="A body, as `orepact pact bodies` names it.")]


def bodies(*, on: OnDay = None, db: Database = None, form: Format = OutputFormat.table) -> None:
    """List every body with its chair, who chairs next, when it must meet next and which dates it missed.

    Nothing of that is typed in: it follows from the rule of the body and the meetings that were held.

    Example: `orepact pact bodies --on 2026-03-01 --format json`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.list_bodies(db, on=on), form)


def instruments(
    *,
    party: Annotated[str, typer.Option(metavar="PARTY", help="Only those of this country or organisation.")] = "",
    state: Annotated[str, typer.Option(metavar="STATE", help="Only those in this state, such as in_operation.")] = "",
    since: Annotated[str | None, typer.Option(metavar="DATE", help="Only those that still ran on this day or after.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Only those that had begun by this day.")] = None,
    on: OnDay = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """List every agreement with its state on a day, its parties, and the clocks of notices to end it.

    Example: `orepact pact instruments --party CAN --on 2023-09-21`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.list_instruments(db, on=on, party=party, state=state, since=since, until=until), form)


def articles(
    *,
    instrument: Annotated[
        str, typer.Argument(metavar="INSTRUMENT", help="An instrument, as `orepact pact instruments` names it.")
    ],
    on: OnDay = None,
    language: Language = "en",
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """List the articles of an instrument and how much serves each of them.

    Example: `orepact pact articles ca-jp-moc-battery-2023`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.list_articles(instrument, db, on=on, language=language), form)


def agenda(
    *,
    body: Body,
    on: OnDay = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="So many lines of each section.")] = 50,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Draft the agenda of the next meeting: what sister bodies work on first, then what is late.

    Example: `orepact pact agenda ca-jp-battery-dialogue`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.draft_agenda(body, db, on=on, limit=limit), form)


def calendar(
    *,
    body: Body,
    output: Annotated[Path, typer.Option("--output", metavar="FILE", help="File to write (.ics).")],
    overwrite: Overwrite = False,
    on: OnDay = None,
    language: Language = "en",
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Write the meetings, due dates and commitments of a body as a calendar that other programs read.

    Example: `orepact pact calendar ca-jp-battery-dialogue --output dialogue.ics`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.calendar_of(body, output, db, on=on, language=language, overwrite=overwrite), form)
