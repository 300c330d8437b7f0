"""``orepact view projects`` and ``orepact view cascade``: the pipeline, the provinces, and what falls if one pauses."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from orepact.cli.options import Commodity, Database, Facts, Format, IncludeUnverified, OnDay, OutputFormat, Place


class ProjectRows(StrEnum):
    """What stands in a row."""

    projects = "projects"
    places = "places"


def projects(
    *,
    rows: Annotated[
        ProjectRows, typer.Option(help="Projects, or provinces and territories with how many they have.")
    ] = ProjectRows.projects,
    place: Place = None,
    commodity: Commodity = None,
    status: Annotated[str, typer.Option(metavar="STATE", help="Only those in this state, such as construction.")] = "",
    owner: Annotated[str, typer.Option(metavar="ORGANISATION", help="Only those in which it takes part.")] = "",
    on: OnDay = None,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """List projects with what they make, how they stand, and how far their dates have moved.

    Example: `orepact view projects --place CA-QC --status construction`
    """  # fmt: skip
    from orepact import service
    from orepact.cli.output import emit

    ledger = service.open_ledger(as_of=on, include_unverified=include_unverified, facts=facts)
    found = service.view_projects(
        ledger, db, rows=rows.value, place=place or "", commodity=commodity or "", status=status, owner=owner, on=on
    )
    emit(found, form)


def cascade(
    *,
    place: Place = None,
    project: Annotated[str, typer.Option(metavar="ID", help="Only this project.")] = "",
    least: Annotated[float, typer.Option(min=0, max=1, help="Leave out what is weaker.")] = 0.1,
    on: OnDay = None,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Find what may fall with each project of a province, one at a time; `orepact pact cascade` asks of several at once.

    Example: `orepact view cascade --place CA-QC`
    """
    from orepact import service
    from orepact.cli.output import emit

    ledger = service.open_ledger(as_of=on, include_unverified=include_unverified, facts=facts)
    emit(service.view_cascade(ledger, db, place=place or "", project=project, least=least, on=on), form)
