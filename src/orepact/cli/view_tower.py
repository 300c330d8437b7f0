"""``orepact view states`` and ``tower``: how the states stand; what is red for a party, who agreed to act, who meets when."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from orepact.cli.options import AsOf, Database, Facts, Format, IncludeUnverified, Language, OnDay, OutputFormat


class TowerRows(StrEnum):
    """Which table of the tower is the ``data`` of the reply."""

    grid = "grid"
    alarms = "alarms"
    steps = "steps"
    commitments = "commitments"
    meetings = "meetings"
    incidents = "incidents"
    changes = "changes"
    sites = "sites"
    contracts = "contracts"
    owners = "owners"


def states(
    *,
    language: Language = "en",
    on: OnDay = None,
    as_of: AsOf = None,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Show how each state of the corridor stands, a line each: red and amber cells, the loudest alarm, what is late.

    Example: `orepact view states --on 2026-11-23 --format csv`
    """
    from orepact import service
    from orepact.cli.output import emit

    ledger = service.open_ledger(as_of=as_of, include_unverified=include_unverified, facts=facts)
    emit(service.view_states(ledger, db, on=on, language=language), form)


def tower(
    *,
    party: Annotated[
        str,
        typer.Option("--party", metavar="PARTY", help="A country (KOR), a province (CA-QC), or an organisation by id or name."),
    ],
    rows: Annotated[
        TowerRows, typer.Option(help="Which table is the data of the reply; json holds the others too.")
    ] = TowerRows.alarms,
    days: Annotated[int, typer.Option(metavar="N", help="Tell what changed in so many days.")] = 7,
    language: Language = "en",
    on: OnDay = None,
    as_of: AsOf = None,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Show what is red or amber for a party, and who agreed to act on it.

    For countries from the early warning, stage by element; for provinces and companies from their sites and projects. With it
    come commitments, meetings, incidents and changes, as the register has them.

    Example: `orepact view tower --party KOR --rows grid --on 2026-11-23`

    Example: `orepact view tower --party CA-QC --rows sites --format csv`
    """
    from orepact import service
    from orepact.cli.output import emit

    ledger = service.open_ledger(as_of=as_of, include_unverified=include_unverified, facts=facts)
    emit(service.view_tower(party, ledger, db, on=on, days=days, table=rows.value, language=language), form)
