"""``orepact jobs``: long work that a worker does, in the database of the register."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from orepact.cli.options import Database, Format, OutputFormat

app = typer.Typer(
    no_args_is_help=True,
    help="Plans, shocks and measures as jobs: ask now, let `orepact worker` compute, read the answer later. The same question is "
    "computed once.",
)

Run = Annotated[str, typer.Argument(metavar="RUN", help="The id of a run, as `orepact jobs submit` gives it.")]
Wait = Annotated[bool, typer.Option("--wait", help="Wait for the end, and print the answer.")]


@app.command()
def submit(
    *,
    use_case: Annotated[str, typer.Argument(metavar="USE_CASE", help="What to compute; `orepact jobs kinds` lists them.")],
    arguments: Annotated[
        list[str] | None, typer.Argument(metavar="NAME=VALUE", help="What to ask: scenario=diversified, events=a,b.")
    ] = None,
    network: Annotated[
        Path | None, typer.Option("--network", metavar="DIR", help="A network package to send in place of the shipped facts.")
    ] = None,
    overlay: Annotated[
        str | None,
        typer.Option("--overlay", metavar="NAME", help="Claims to lay over the facts: NAME or NAME@VERSION, of --for."),
    ] = None,
    organisation: Annotated[str, typer.Option("--for", metavar="ORGANISATION", help="For whom; its overlays, its facts.")] = "",
    priority: Annotated[str | None, typer.Option(metavar="NAME", help="first, usual or later.")] = None,
    time_limit: Annotated[int | None, typer.Option(metavar="SECONDS", help="End it after so long.")] = None,
    wait: Wait = False,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Put a run in line; where the same was asked and answered before, its answer is there at once.

    Example: `orepact jobs submit plan scenario=diversified --wait`

    Example: `orepact jobs submit shock events=moa_stop_2026 weeks=26 --for nrcan --overlay own-stocks`
    """
    from orepact.cli.output import emit
    from orepact.service import jobs

    asked: dict[str, Any] = {**_read(arguments or []), **({"overlay": overlay} if overlay else {})}
    if network is not None:
        asked["network"] = files_of_package(network)
    found = jobs.submit_run(use_case, asked, db, priority=priority, time_limit_s=time_limit, organisation=organisation)
    if wait:
        _follow(str(found.top["run"]), db, form)
    else:
        emit(found, form)


@app.command()
def kinds(*, form: Format = OutputFormat.table) -> None:
    """List what can be computed, and what can be asked of each.

    Example: `orepact jobs kinds --format json`
    """
    from orepact.cli.output import emit
    from orepact.service import jobs

    emit(jobs.list_run_kinds(), form)


@app.command("list")
def list_(
    *,
    state: Annotated[
        str, typer.Option(metavar="STATE", help="queued, running, done, failed, cancelled, timed_out; open: the first two.")
    ] = "",
    use_case: Annotated[str, typer.Option(metavar="USE_CASE", help="Those of one kind.")] = "",
    limit: Annotated[int, typer.Option(metavar="N", help="So many.")] = 100,
    after: Annotated[str | None, typer.Option(metavar="MARK", help="Begin after this mark of the page before.")] = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """List the runs, the last first.

    Example: `orepact jobs list --state open`
    """
    from orepact.cli.output import emit
    from orepact.service import jobs

    emit(jobs.list_runs(db, state=state, use_case=use_case, after=after, limit=limit), form)


@app.command()
def show(
    *,
    run: Run,
    table: Annotated[str, typer.Option("--table", metavar="NAME", help="A table beside the answer: flows, prices, ...")] = "",
    wait: Wait = False,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Say how a run stands; when it is done, print its answer or a table of it.

    Example: `orepact jobs show run-0123456789abcdef --table flows --format csv`
    """
    from orepact.cli.output import emit
    from orepact.service import jobs

    if wait:
        _follow(run, db, None if table else form)
    if table:
        emit(jobs.run_table(run, table, db), form)
    elif not wait:
        emit(jobs.show_run(run, db), form)


@app.command()
def cancel(*, run: Run, db: Database = None, form: Format = OutputFormat.table) -> None:
    """End a run, also in the middle of a solve; what it found so far is not kept.

    Example: `orepact jobs cancel run-0123456789abcdef`
    """
    from orepact.cli.output import emit
    from orepact.service import jobs

    emit(jobs.cancel_run(run, db), form)


def _follow(run: str, db: str | None, form: OutputFormat | None) -> None:
    """Show how far it is until it ends, then its answer (not with None); a run that failed ends the command with its error."""
    from orepact.cli.output import emit
    from orepact.cli.progress import progress
    from orepact.service import jobs

    with progress() as report:
        found = jobs.follow_run(run, db, report=report)
    if form is not None:
        emit(found, form)
    if found.top["run"]["state"] != "done":
        raise typer.Exit(1)


def _read(words: list[str]) -> dict[str, Any]:
    """``NAME=VALUE`` as arguments: numbers and true or false as such, several values with commas between them."""
    from orepact.errors import BadInput, Problem

    odd = [word for word in words if "=" not in word]
    if odd:
        raise BadInput([Problem("arguments", "NAME=VALUE", repr(word), "write scenario=diversified") for word in odd])
    pairs = (word.split("=", 1) for word in words)
    return {name: _value(name, text) for name, text in pairs}


def _value(name: str, text: str) -> Any:
    if name in {"reason", "actor"}:
        return text
    if name in {"events", "kinds", "places", "commodities", "sources"} or "," in text:
        return [part for part in text.split(",") if part]
    return {"true": True, "false": False}.get(text, text)


def files_of_package(folder: Path) -> dict[str, str]:
    """The files of a network package; raises ``BadInput`` where there is none."""
    from orepact.errors import BadInput, Problem

    head = folder / "network.yaml"
    if not head.is_file():
        mend = "name a folder with network.yaml"
        raise BadInput([Problem("network", "the folder of a network package", str(folder), mend)])
    return {file.name: file.read_text(encoding="utf-8") for file in [head, *sorted(folder.glob("*.csv"))]}
