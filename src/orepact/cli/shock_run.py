"""``orepact shock EVENT``: one or several events, the responses to them, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from orepact.cli.options import (
    AsOf,
    Facts,
    Format,
    Hindsight,
    IncludeUnverified,
    NetworkFolder,
    OutputFormat,
    Overwrite,
    ScenarioName,
    Year,
)
from orepact.cli.shock_asking import Output, question_of

#: The commands beside this one, for who mistypes them.
COMMANDS = ("exposure", "ensemble", "watch", "events")

#: Where the rest is: a screen shows the shortest answer.
MORE = "every party and figure: --format csv or json; other tables: --rows; all of it as files and a page: --output DIR"


class Response(StrEnum):
    """What may be done about an event."""

    contracts = "contracts"
    market = "market"
    pact = "pact"
    all = "all"


class Step(StrEnum):
    """How rows are added up over time."""

    week = "week"
    month = "month"


class ShockRows(StrEnum):
    """Which table is the ``data`` of the reply."""

    summary = "summary"
    lost = "lost"
    sites = "sites"
    cover = "cover"
    stops = "stops"
    stocks = "stocks"
    aid = "aid"


class Foresight(StrEnum):
    """What actors know of the end of the event."""

    rolling = "rolling"
    perfect = "perfect"


Events: TypeAlias = Annotated[
    list[str], typer.Argument(metavar="EVENT...", help="Ids of the library (`orepact shock events`) or event files (YAML).")
]
Responses: TypeAlias = Annotated[Response, typer.Option(help="Each buyer keeps its contracts, the market, the pact, or all.")]
Weeks: TypeAlias = Annotated[int, typer.Option(metavar="N", help="Weeks to follow from the start of the first event.")]
Steps: TypeAlias = Annotated[Step, typer.Option(help="Rows by week or by month of four weeks.")]
Rows: TypeAlias = Annotated[ShockRows, typer.Option(help="Which table to print.")]
Known: TypeAlias = Annotated[
    Foresight, typer.Option(help="rolling: nobody knows the end. perfect: everybody does from the start.")
]
Rules: TypeAlias = Annotated[
    Path | None, typer.Option(metavar="FILE", help="What each response may do (YAML), laid over the shipped rules.")
]
Assumptions: TypeAlias = Annotated[
    bool, typer.Option("--assumptions", help="With --format json: say what is assumed of the usual week too.")
]


def run(
    *,
    events: Events,
    response: Responses = Response.all,
    weeks: Weeks = 52,
    step: Steps = Step.week,
    rows: Rows = ShockRows.summary,
    foresight: Known = Foresight.rolling,
    rules: Rules = None,
    year: Year = None,
    scenario: ScenarioName = None,
    network: NetworkFolder = None,
    assumptions: Assumptions = False,
    output: Output = None,
    overwrite: Overwrite = False,
    as_of: AsOf = None,
    hindsight: Hindsight = False,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """Follow an event week by week.

    What is lost under contracts, in the market and with the pact, by party, plant and commodity: GWh, vehicles and money, days
    of cover, when each plant stops, and the value of acting together.

    Example: `orepact shock drc_cobalt_ban_2025 --response all --weeks 52`

    Example: `orepact shock my_event.yaml --network my_chain --response market --rows lost --format csv`
    """
    from orepact import service
    from orepact.cli.output import emit
    from orepact.cli.progress import progress

    if assumptions and form is not OutputFormat.json:
        raise typer.BadParameter("--assumptions goes with --format json; with --output they are in shock.json and on its page")
    question = question_of(
        network,
        year=year,
        scenario=scenario,
        as_of=as_of,
        hindsight=hindsight,
        include_unverified=include_unverified,
        facts=facts,
    )
    with progress() as report, commands_hinted(events):
        found = service.shock.respond_to(
            question, events, response=response.value, weeks=weeks, step=step.value, rows=rows.value, foresight=foresight.value,
            rules=rules, assumptions=assumptions, output=output, overwrite=overwrite, report=report,
        )  # fmt: skip
    emit(found, form)
    if form is OutputFormat.table and rows is ShockRows.summary:
        typer.echo(MORE)


@contextmanager
def commands_hinted(words: Sequence[str]) -> Iterator[None]:
    """Where a word that is no event looks like a command of the group, its problem says so too."""
    from difflib import get_close_matches

    from orepact.errors import BadInput

    near = {word: get_close_matches(word.lower(), COMMANDS, n=1) for word in words}
    try:
        yield
    except BadInput as error:
        hints = {word: f"; or did you mean the command `orepact shock {found[0]}`?" for word, found in near.items() if found}
        mended = [
            replace(problem, mend=problem.mend + next((hint for word, hint in hints.items() if word in problem.found), ""))
            for problem in error.problems
        ]
        raise BadInput(mended) from error
