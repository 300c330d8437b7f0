"""``orepact view calendar``, ``documents`` and ``sources``: what the pages of the pact and of the data list."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from orepact.cli.options import AsOf, Database, Facts, Format, IncludeUnverified, Language, OnDay, OutputFormat


class Fresh(StrEnum):
    """How fresh a source is: at most two years old, three or four, older, without a date."""

    green = "green"
    amber = "amber"
    red = "red"
    none = "none"


def calendar(
    *,
    body: Annotated[list[str] | None, typer.Option(metavar="BODY", help="Only of this body; repeat it.")] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="From this day on (default: today).")] = None,
    last: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Until this day (default: 400 days on).")] = None,
    language: Language = "en",
    on: OnDay = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """List meetings, days by which bodies are due to meet, decisions and commitments; `orepact pact calendar` writes a file.

    Example: `orepact view calendar --from 2026-01-01 --until 2026-12-31`
    """
    from orepact import service
    from orepact.cli.output import emit

    emit(service.view_calendar(db, first=first, last=last, bodies=body or (), on=on, language=language), form)


def documents(*, on: OnDay = None, db: Database = None, form: Format = OutputFormat.table) -> None:
    """List the texts that are on record: of agreements, minutes of meetings, standards.

    Example: `orepact view documents --format csv`
    """
    from orepact import service
    from orepact.cli.output import emit

    emit(service.view_documents(db, on=on), form)


def sources(
    *,
    search: Annotated[str, typer.Option(metavar="WORDS", help="Only those with each of these words.")] = "",
    licence: Annotated[str, typer.Option(metavar="NAME", help="Only those under this licence.")] = "",
    fresh: Annotated[
        Fresh | None, typer.Option(help="green: at most two years old; amber: three or four; red: older; none: no date.")
    ] = None,
    as_of: AsOf = None,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """List sources with how fresh they are and what they cover: years, places, attributes.

    Example: `orepact view sources --fresh red`
    """
    from orepact import service
    from orepact.cli.output import emit

    ledger = service.open_ledger(as_of=as_of, include_unverified=include_unverified, facts=facts)
    emit(service.view_sources(ledger, search=search, licence=licence, fresh=fresh.value if fresh else "", on=as_of), form)
