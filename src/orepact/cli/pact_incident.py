"""``orepact pact incident``: from an alert to the review of what was done."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orepact.cli.options import (
    Actor,
    AsOf,
    Database,
    Facts,
    Format,
    Hindsight,
    IncludeUnverified,
    Language,
    NetworkFolder,
    OnDay,
    OutputFormat,
    Why,
    Year,
)

app = typer.Typer(
    no_args_is_help=True,
    help="""Help in a disruption: event, alert, request, assessment, options, decision, deliveries, review.

Nobody sets a state by hand: each step is read from what is on record, on the day that is asked about.

The examples run in this order: open, request, assess, options, `orepact pact decide aid` and two `key`, met, deliver, arrived,
review, close.""",
)
Incident = Annotated[str, typer.Argument(metavar="INCIDENT", help="Its id.")]
At = Annotated[str | None, typer.Option("--at", metavar="MOMENT", help="When, such as 2026-03-02T16:00-05:00 (default: now).")]


@app.command("form")
def form_of(
    *,
    instrument: Annotated[str, typer.Argument(metavar="INSTRUMENT", help="The agreement under which help is asked.")],
    language: Language = "en",
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Print the form of a request, to be filled in.

    Example: `orepact pact incident form ca-jp-moc-battery-2023 --language ja`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.form_of(instrument, db, language=language), form)


@app.command("open")
def open_(
    *,
    name: Incident,
    instrument: Annotated[str, typer.Option(metavar="ID", help="The agreement under which help may be asked.")],
    title: Annotated[str, typer.Option(help="One line for people.")],
    reason: Why,
    event: Annotated[str | None, typer.Option(metavar="EVENT", help="An event of the library, or a file.")] = None,
    alert: Annotated[
        str | None, typer.Option(metavar="PLACE:COMMODITY", help="Keep what early warning says, such as CAN:nickel_sulphate.")
    ] = None,
    request: Annotated[Path | None, typer.Option(metavar="FILE", help="The filled form of a request (YAML).")] = None,
    article: Annotated[str | None, typer.Option(metavar="ID", help="The article that it is under.")] = None,
    drill: Annotated[bool, typer.Option("--drill", help="It is an exercise.")] = False,
    label: Annotated[
        str, typer.Option(metavar="LABEL", help="Who may know of it, such as TLP:AMBER/nrcan (default: all, TLP:CLEAR).")
    ] = "",
    on: OnDay = None,
    hindsight: Hindsight = False,
    facts: Facts = None,
    actor: Actor = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Open an incident: what happened, what early warning says of it, and the request, as far as they are there.

    Example: `orepact pact incident open moa --instrument ca-jp-moc-battery-2023 --title "Moa stops" --event moa_stop_2026
    --alert CAN:mixed_hydroxide_precipitate --on 2026-02-28 --reason "the mine paused"`
    """
    from orepact import service
    from orepact.cli.output import emit
    from orepact.service.rules import day_of

    warned = None
    if alert is not None:
        place, _, commodity = alert.partition(":")
        ledger = service.open_ledger(as_of=on, hindsight=hindsight, facts=facts)
        warned = service.pact.alert_now(ledger, place=place, commodity=commodity, on=day_of(on))
    found = service.pact.open_incident(
        name, db, instrument=instrument, title=title, reason=reason, event=event, alert=warned, request=request, article=article,
        drill=drill, label=label, actor=actor,
    )  # fmt: skip
    emit(found, form)


@app.command()
def request(
    *,
    name: Incident,
    source: Annotated[Path, typer.Argument(metavar="FILE", help="The filled form (YAML).")],
    reason: Why,
    actor: Actor = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Put a request for help on an incident: the clock of the meeting starts on the day after receipt.

    `orepact pact incident form INSTRUMENT` prints the questions. The file holds `by: nrcan`, `asked: [meti, mofa-jp]`,
    `sent_at: 2026-03-02T16:00-05:00`, `received_at: 2026-03-03T00:30Z` and, under `answers:`, a line for each question.

    Example: `orepact pact incident request moa request.yaml --reason "Canada asks Japan"`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.request_help(name, source, db, reason=reason, actor=actor), form)


@app.command()
def met(
    *,
    name: Incident,
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="The day of the meeting.")],
    reason: Why,
    mode: Annotated[str, typer.Option(help="in_person, virtual or mixed.")] = "virtual",
    meeting: Annotated[str | None, typer.Option(metavar="ID", help="The meeting of a body, if it was one.")] = None,
    actor: Actor = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Note that the sides met on the request.

    Example: `orepact pact incident met moa --on 2026-03-10 --reason "the sides met"`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.note_meeting(name, db, on=on, mode=mode, meeting=meeting, reason=reason, actor=actor), form)


@app.command()
def assess(
    *,
    name: Incident,
    by: Annotated[str, typer.Option(metavar="ORGANISATION", help="Who makes it.")],
    reason: Why,
    event: Annotated[list[str] | None, typer.Option(metavar="EVENT", help="In place of the incident's event; repeat it.")] = None,
    weeks: Annotated[int, typer.Option(metavar="N", help="Weeks to follow.")] = 52,
    rules: Annotated[Path | None, typer.Option(metavar="FILE", help="What each response may do (YAML).")] = None,
    year: Year = None,
    network: NetworkFolder = None,
    as_of: AsOf = None,
    hindsight: Hindsight = False,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    at: At = None,
    actor: Actor = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Follow the event through the supply chain and keep what it costs and what help would save, sealed.

    Example: `orepact pact incident assess moa --by nrcan --as-of 2026-02-28 --hindsight
    --at 2026-03-05T12:00-05:00 --reason "for the meeting of 10 March"`
    """
    from orepact import service
    from orepact.cli.output import emit
    from orepact.cli.progress import progress
    from orepact.cli.shock_asking import question_of

    question = question_of(
        network, year=year, as_of=as_of, hindsight=hindsight, include_unverified=include_unverified, facts=facts
    )
    with progress() as report:
        found = service.pact.assess_incident(
            question, name, db, by=by, reason=reason, events=event or (), weeks=weeks, rules=rules, at=at, actor=actor,
            report=report,
        )  # fmt: skip
    emit(found, form)


@app.command()
def options(*, name: Incident, db: Database = None, form: Format = OutputFormat.table) -> None:
    """List the options of aid of the last assessment, the best first.

    Example: `orepact pact incident options moa`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.list_options(name, db), form)


@app.command()
def deliver(
    *,
    name: Annotated[str, typer.Argument(metavar="ID", help="An id for the delivery.")],
    decision: Annotated[str, typer.Option(metavar="ID", help="The approved decision.")],
    by: Annotated[str, typer.Option(metavar="ORGANISATION", help="Who delivers.")],
    to: Annotated[str, typer.Option(metavar="ORGANISATION", help="Who receives.")],
    what: Annotated[str, typer.Option(help="What.")],
    due: Annotated[str, typer.Option(metavar="DATE", help="By when: a day, a month or a year.")],
    reason: Why,
    quantity: Annotated[float | None, typer.Option(metavar="N", help="How much.")] = None,
    unit: Annotated[str, typer.Option(help="Unit of the quantity.")] = "",
    commodity: Annotated[str | None, typer.Option(metavar="NAME", help="The commodity, where it is one.")] = None,
    actor: Actor = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Promise help under an approved decision.

    Example: `orepact pact incident deliver feed --decision moa-stocks --by meti --to nrcan --what "Cobalt from stocks"
    --quantity 100 --unit t --due 2026-04 --reason "as decided"`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    found = pact.promise_delivery(
        name, db, decision=decision, by=by, to=to, what=what, due=due, reason=reason, quantity=quantity, unit=unit,
        commodity=commodity, actor=actor,
    )  # fmt: skip
    emit(found, form)


@app.command()
def arrived(
    *,
    name: Annotated[str, typer.Argument(metavar="ID", help="The delivery.")],
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="When it arrived.")],
    reason: Why,
    quantity: Annotated[float | None, typer.Option(metavar="N", help="How much, in the unit of the promise.")] = None,
    evidence: Annotated[list[str] | None, typer.Option(metavar="TEXT", help="What shows it; repeat it.")] = None,
    actor: Actor = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Note what of a delivery arrived.

    Example: `orepact pact incident arrived feed --on 2026-04-20 --quantity 60 --reason "first ship"`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.note_arrival(name, db, on=on, reason=reason, quantity=quantity, evidence=evidence or (), actor=actor), form)


@app.command()
def review(
    *,
    name: Annotated[str, typer.Argument(metavar="ID", help="An id for the review.")],
    incident: Annotated[str, typer.Option(metavar="ID", help="The incident.")],
    title: Annotated[str, typer.Option(help="One line for people.")],
    held_on: Annotated[str, typer.Option(metavar="DATE", help="When it was held.")],
    by: Annotated[list[str], typer.Option(metavar="ORGANISATION", help="Who held it; repeat it.")],
    reason: Why,
    text: Annotated[str, typer.Option(help="What was found.")] = "",
    lesson: Annotated[list[str] | None, typer.Option(metavar="TEXT", help="What was learned; repeat it.")] = None,
    interim: Annotated[bool, typer.Option("--interim", help="More will follow.")] = False,
    actor: Actor = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Keep what the sides found when they looked back.

    Example: `orepact pact incident review moa-review --incident moa --title "What Moa taught" --held-on 2026-06-15 --by nrcan
    --by meti --lesson "Ask for ties between single plants" --reason "the review"`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    found = pact.review_incident(
        name, db, incident=incident, title=title, held_on=held_on, by=by, reason=reason, text=text, lessons=lesson or (),
        interim=interim, actor=actor,
    )  # fmt: skip
    emit(found, form)


@app.command()
def close(
    *,
    name: Incident,
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="The day of the end.")],
    reason: Why,
    actor: Actor = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Close an incident, with the reason.

    Example: `orepact pact incident close moa --on 2026-06-30 --reason "feed was found"`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.close_incident(name, db, on=on, reason=reason, actor=actor), form)


@app.command()
def show(*, name: Incident, on: OnDay = None, db: Database = None, form: Format = OutputFormat.table) -> None:
    """Show how far an incident has come on a day, step by step.

    Example: `orepact pact incident show moa --on 2026-03-08`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.show_incident(name, db, on=on), form)
