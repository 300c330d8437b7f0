"""Instruments and what came of them, from the command line: terms, end, gates, follow-through, outcomes, stances, measures."""

from __future__ import annotations

from typing import Annotated

import typer

from orepact.cli.options import Database, Format, OnDay, OutputFormat

Instrument = Annotated[str, typer.Argument(metavar="INSTRUMENT", help="As `orepact pact instruments` names it.")]


def instrument(*, name: Instrument, on: OnDay = None, db: Database = None, form: Format = OutputFormat.table) -> None:
    """Show what an agreement says of itself: parties, signatures, start and rival dates, amendments, ties to others.

    Example: `orepact pact instrument ca-jp-moc-battery-2023`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.show_instrument(name, db, on=on), form)


def ending(
    *,
    name: Instrument,
    given_by: Annotated[
        str | None, typer.Option("--if-given-by", metavar="ORGANISATION", help="Suppose that it gives notice.")
    ] = None,
    given_on: Annotated[
        str | None, typer.Option("--given-on", metavar="DATE", help="The day of the supposed notice (default: the day asked).")
    ] = None,
    asked_for: Annotated[
        str | None, typer.Option("--asking-for", metavar="DATE", help="The end that the supposed notice asks for.")
    ] = None,
    on: OnDay = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Show the clocks of notices to end an agreement, and what was shared under it and stays protected.

    Example: `orepact pact ending ca-jp-moc-battery-2023 --if-given-by meti --given-on 2026-11-30`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.show_ending(name, db, on=on, given_by=given_by, given_on=given_on, asked_for=asked_for), form)


def gate(
    *,
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="A data set that an agreement covers.")],
    organisation: Annotated[str, typer.Argument(metavar="ORGANISATION", help="Who wants to see it.")],
    on: OnDay = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Say whether an organisation may see a data set, by which agreement, or why not.

    Example: `orepact pact gate cathode-recipe meti`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.ask_gate(dataset, organisation, db, on=on), form)


def follow_through(*, name: Instrument, on: OnDay = None, db: Database = None, form: Format = OutputFormat.table) -> None:
    """Show what came of each article: commitments done, projects that work, goods that contracts delivered.

    Example: `orepact pact follow-through ca-kr-mou-minerals-2023`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.follow_through(name, db, on=on), form)


def outcomes(
    *,
    activities: Annotated[list[str] | None, typer.Argument(metavar="ACTIVITY...", help="Default: all.")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only what nobody has answered in time.")] = False,
    on: OnDay = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Show what came of missions, workshops, pilots and research 6, 12 and 24 months after, and what nobody has asked yet.

    Example: `orepact pact outcomes mission-jp-2023-03 --on 2026-03-01`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.list_outcomes(activities or (), db, on=on, overdue=overdue), form)


def itinerary(
    *,
    name: Annotated[str, typer.Argument(metavar="ACTIVITY", help="A mission, as `orepact pact activities` names it.")],
    on: OnDay = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Show where a mission goes, whom it asks to meet, and how the projects there stand.

    Example: `orepact pact itinerary mission-jp-2023-03`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.show_itinerary(name, db, on=on), form)


def positions(
    *,
    standards: Annotated[list[str] | None, typer.Argument(metavar="STANDARD...", help="Default: all.")] = None,
    side: Annotated[list[str] | None, typer.Option(metavar="COUNTRY", help="A side (default: CAN, JPN, KOR); repeat it.")] = None,
    on: OnDay = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Show the stance of each side on each standard, where they differ, and which steps come next.

    Example: `orepact pact positions --side CAN --side JPN`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.list_positions(standards or (), db, sides=side or (), on=on), form)


def third_states(
    *,
    country: Annotated[str, typer.Option(metavar="COUNTRY", help="Only measures of this state, such as CHN.")] = "",
    commodity: Annotated[str, typer.Option(metavar="NAME", help="Only measures on this commodity.")] = "",
    within: Annotated[int, typer.Option(metavar="DAYS", help="Tell which run out within so many days.")] = 90,
    on: OnDay = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Show measures of third states as they stand on a day, and the events of `orepact shock` that play them.

    Example: `orepact pact third-states --country CHN --on 2026-09-01`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.list_third_states(db, on=on, country=country, commodity=commodity, within=within), form)
