"""``orepact pact decide``, ``drill`` and ``notice``: two keys, exercises, messages through contact points."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orepact.cli.options import Actor, Database, Format, OnDay, OutputFormat, Why
from orepact.cli.pact_incident import At

decide = typer.Typer(no_args_is_help=True, help="Decisions of the sides: each turns its own key, with a reason; one key is none.")
drill = typer.Typer(no_args_is_help=True, help="Exercises on incidents: injects at set hours, and what the players did.")
notice = typer.Typer(no_args_is_help=True, help="Notices through contact points, and who has acknowledged them.")

Expires = Annotated[str | None, typer.Option("--expires-on", metavar="DATE", help="The last day for the keys.")]
Supersedes = Annotated[str | None, typer.Option(metavar="ID", help="The settled decision that this one is in place of.")]
Decision = Annotated[str, typer.Argument(metavar="DECISION", help="Its id.")]
Drill = Annotated[str, typer.Argument(metavar="DRILL", help="Its id.")]
Notice = Annotated[str, typer.Argument(metavar="NOTICE", help="Its id.")]


@decide.command()
def aid(
    *,
    incident: Annotated[str, typer.Argument(metavar="INCIDENT", help="The incident.")],
    option: Annotated[str, typer.Argument(metavar="OPTION", help="An option of its last assessment, or none.")],
    name: Annotated[str, typer.Option("--id", metavar="ID", help="An id for the decision.")],
    by: Annotated[str, typer.Option(metavar="ORGANISATION", help="Who asks.")],
    reason: Why,
    at: At = None,
    expires_on: Expires = None,
    supersedes: Supersedes = None,
    actor: Actor = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Ask the sides to take an option of aid, or none.

    Example: `orepact pact decide aid moa stockpiles --id moa-stocks --by nrcan --at 2026-03-06T09:00-05:00
    --reason "feed ends in April"`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    found = pact.ask_for_aid(
        incident, option, db, name=name, by=by, reason=reason, at=at, expires_on=expires_on, supersedes=supersedes, actor=actor
    )
    emit(found, form)


@decide.command()
def ask(
    *,
    source: Annotated[Path, typer.Argument(metavar="FILE", help="YAML: id, title, instrument, asked_by, subject.")],
    reason: Why,
    at: At = None,
    expires_on: Expires = None,
    supersedes: Supersedes = None,
    actor: Actor = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Ask the sides for a new area, form or kind of instrument, for an amendment, or for anything else.

    For a new area the file holds `id: new-area`, `title: Sodium cells`, `instrument: ca-jp-moc-battery-2023`, `asked_by: nrcan`
    and `subject: {what: code, code: {id: "area:sodium", list: area, title: Sodium cells}}`; `orepact pact form decision` tells
    every field.

    Example: `orepact pact decide ask new-area.yaml --at 2026-03-06T09:00-05:00 --reason "the dialogue wants sodium cells in"`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.ask_for(source, db, reason=reason, at=at, expires_on=expires_on, supersedes=supersedes, actor=actor), form)


@decide.command()
def key(
    *,
    name: Decision,
    side: Annotated[str, typer.Option(metavar="SIDE", help="Whose key, such as CAN.")],
    organisation: Annotated[str, typer.Option(metavar="ID", help="A holder of that key.")],
    person: Annotated[str, typer.Option(metavar="ID", help="Whose hand.")],
    verdict: Annotated[str, typer.Option(help="approve or decline.")],
    reason: Why,
    at: At = None,
    actor: Actor = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Turn the key of a side. A key is never turned back: a change of mind is a new decision.

    Example: `orepact pact decide key moa-stocks --side CAN --organisation nrcan --person isabella-chan --verdict approve
    --at 2026-03-07T09:00-05:00 --reason "it helps"`

    The other side: `orepact pact decide key moa-stocks --side JPN --organisation meti --person nohara --verdict approve
    --at 2026-03-09T09:00+09:00 --reason "stocks suffice"`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    found = pact.turn_key(
        name, db, side=side, organisation=organisation, person=person, verdict=verdict, reason=reason, at=at, actor=actor
    )
    emit(found, form)


@decide.command()
def apply(
    *, name: Decision, reason: Why, on: OnDay = None, actor: Actor = None, db: Database = None, form: Format = OutputFormat.table
) -> None:
    """Carry out an approved decision: add the entry to its list, or put the approvals on the amendment.

    Example: `orepact pact decide apply new-area --reason "both keys are turned"`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.carry_out(name, db, reason=reason, on=on, actor=actor), form)


@decide.command("show")
def show_decision(*, name: Decision, on: OnDay = None, db: Database = None, form: Format = OutputFormat.table) -> None:
    """Show how a decision stands on a day, and whose keys are missing.

    Example: `orepact pact decide show moa-stocks --on 2026-03-08`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.show_decision(name, db, on=on), form)


@drill.command("show")
def show_drill(*, name: Drill, at: At = None, db: Database = None, form: Format = OutputFormat.table) -> None:
    """Show the script of an exercise and what was done: the after-action report, once it is over.

    Example: `orepact pact drill show moa-2026`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.show_drill(name, db, at=at), form)


@drill.command()
def start(
    *, name: Drill, reason: Why, at: At = None, actor: Actor = None, db: Database = None, form: Format = OutputFormat.table
) -> None:
    """Start an exercise.

    Example: `orepact pact drill start moa-2026 --at 2026-09-01T09:00-04:00 --reason "yearly exercise"`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.start_drill(name, db, reason=reason, at=at, actor=actor), form)


@drill.command()
def act(
    *,
    name: Drill,
    inject: Annotated[str, typer.Argument(metavar="INJECT", help="What it answers.")],
    by: Annotated[str, typer.Option(metavar="ORGANISATION", help="Who acted.")],
    text: Annotated[str, typer.Option(help="What was done.")],
    at: At = None,
    actor: Actor = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Note what a player did.

    Example: `orepact pact drill act moa-2026 notice --by nrcan --text "Told METI and MOFA what is not known"
    --at 2026-09-01T11:00-04:00`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.act_in_drill(name, db, inject=inject, by=by, text=text, at=at, actor=actor), form)


@drill.command()
def finding(
    *,
    name: Drill,
    text: Annotated[str, typer.Option(help="What was learned.")],
    reason: Why,
    actor: Actor = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Note a lesson of an exercise.

    Example: `orepact pact drill finding moa-2026 --text "Nobody had the number of the delegate" --reason "hot wash-up"`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.find_in_drill(name, db, text=text, reason=reason, actor=actor), form)


@drill.command()
def end(
    *, name: Drill, reason: Why, at: At = None, actor: Actor = None, db: Database = None, form: Format = OutputFormat.table
) -> None:
    """End an exercise; `orepact pact drill show` is then its after-action report.

    Example: `orepact pact drill end moa-2026 --at 2026-09-08T09:00-04:00 --reason "all injects are told"`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.end_drill(name, db, reason=reason, at=at, actor=actor), form)


@notice.command()
def send(
    *,
    name: Notice,
    instrument: Annotated[str, typer.Option(metavar="ID", help="Under which agreement.")],
    sender: Annotated[str, typer.Option("--by", metavar="ORGANISATION", help="Who sends it.")],
    to: Annotated[list[str], typer.Option(metavar="ORGANISATION", help="A contact point; repeat it.")],
    title: Annotated[str, typer.Option(help="One line for people.")],
    reason: Why,
    text: Annotated[str, typer.Option(help="What it says.")] = "",
    days: Annotated[int | None, typer.Option(metavar="N", help="Days to acknowledge it, where any are set.")] = None,
    zone: Annotated[str, typer.Option(help="Whose calendar counts, such as Asia/Tokyo.")] = "UTC",
    at: At = None,
    actor: Actor = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Put a notice on record.

    Example: `orepact pact notice send pause --instrument ca-jp-moc-battery-2023 --by nrcan --to meti --to mofa-jp
    --title "Moa pauses" --days 3 --at 2026-02-17T10:00-05:00
    --reason "the owner said so"`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    found = pact.send_notice(
        name, db, instrument=instrument, sender=sender, to=to, title=title, reason=reason, text=text, days=days, zone=zone, at=at,
        actor=actor,
    )  # fmt: skip
    emit(found, form)


@notice.command()
def acknowledge(
    *,
    name: Notice,
    organisation: Annotated[str, typer.Option("--by", metavar="ORGANISATION", help="Who has it.")],
    reason: Why,
    of: Annotated[str | None, typer.Option(metavar="ORGANISATION", help="For whom, where it stands in.")] = None,
    person: Annotated[str | None, typer.Option(metavar="ID", help="Who signed for it.")] = None,
    at: At = None,
    actor: Actor = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Note that a contact point has a notice.

    Example: `orepact pact notice acknowledge pause --by meti --at 2026-02-18T10:00+09:00 --reason "received"`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    found = pact.acknowledge_notice(name, db, organisation=organisation, reason=reason, of=of, person=person, at=at, actor=actor)
    emit(found, form)


@notice.command("show")
def show_notice(*, name: Notice, on: OnDay = None, db: Database = None, form: Format = OutputFormat.table) -> None:
    """Show who has acknowledged a notice, and who is late.

    Example: `orepact pact notice show pause --on 2026-03-05`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.show_notice(name, db, on=on), form)
