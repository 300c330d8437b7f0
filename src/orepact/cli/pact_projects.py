"""Projects from the command line: permits and their clocks, slips, contracts, engagement with rights-holders."""

from __future__ import annotations

from typing import Annotated

import typer

from orepact.cli.options import Database, For, Format, OnDay, OutputFormat

Projects = Annotated[list[str] | None, typer.Argument(metavar="PROJECT...", help="Projects (default: all).")]


def permit_paths(
    *,
    path: Annotated[str | None, typer.Argument(metavar="PATH", help="Show the steps of this one.")] = None,
    place: Annotated[str, typer.Option(metavar="PLACE", help="Only paths of this place, such as CA-QC.")] = "",
    kind: Annotated[str, typer.Option(metavar="KIND", help="Only paths of this kind of project, such as mine.")] = "",
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """List the paths of permits by kind of project and place, or the steps of one of them with authority, days and law.

    Example: `orepact pact permit-paths qc-plant`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.show_permit_path(path, db) if path else pact.list_permit_paths(db, place=place, project_kind=kind), form)


def permit_clocks(*, projects: Projects = None, on: OnDay = None, db: Database = None, form: Format = OutputFormat.table) -> None:
    """Show the clock of each permit of a project, the critical path, and questions that nobody has answered.

    Example: `orepact pact permit-clocks crawford --on 2026-06-01`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.permit_clocks(projects or (), db, on=on), form)


def slips(
    *,
    projects: Annotated[list[str] | None, typer.Argument(metavar="PROJECT...", help="Default: all that slipped.")] = None,
    milestone: Annotated[
        str | None, typer.Option(metavar="NAME", help="construction, start, product or full (default: each).")
    ] = None,
    on: OnDay = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Show how far dates of projects slipped each time they were said anew, in months after the first plan.

    Example: `orepact pact slips honda-alliston-cells asahi-port-colborne`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.list_slips(projects or (), db, on=on, milestone=milestone), form)


def late(
    *,
    at_least: Annotated[float, typer.Option(metavar="MONTHS", min=0, help="Leave out what is less late.")] = 0.0,
    on: OnDay = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """List milestones of projects whose last planned date has passed without a report that they were reached.

    Example: `orepact pact late --at-least 6 --on 2026-06-01`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.list_late(db, on=on, at_least=at_least), form)


def realised(
    *,
    months: Annotated[int, typer.Option(metavar="N", help="So many months after the first report.")] = 36,
    on: OnDay = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Count what became of earlier projects: how many worked, rested or had ended so many months after the first report.

    Example: `orepact pact realised --months 36`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.count_realised(db, on=on, months=months), form)


def contract(
    *,
    name: Annotated[str, typer.Argument(metavar="CONTRACT", help="As `orepact pact contracts` names it.")],
    makes: Annotated[
        float | None, typer.Option(metavar="T", min=0, help="What the seller's site makes in a year (t), for shares of output.")
    ] = None,
    on: OnDay = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Show the versions of a contract with term, price, conditions and rival claims, and what was promised and delivered.

    Example: `orepact pact contract ot-electra-lges --makes 6500`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.show_contract(name, db, on=on, makes=makes), form)


def engaged(
    *,
    projects: Projects = None,
    organisation: For = None,
    on: OnDay = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Show what Nations let you see of engagement about projects: contacts, agreements, consent in their own words.

    Example: `orepact pact engaged crawford --on 2026-06-01`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.show_engagement(projects or (), db, on=on, organisations=organisation or ()), form)
