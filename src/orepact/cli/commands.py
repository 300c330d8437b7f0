"""The table of contents of the command line: every command and where its work is done."""

from __future__ import annotations

from typing import Annotated

import typer

from orepact.cli import (
    account,
    audit,
    baselining,
    db,
    exporting,
    facts,
    feed,
    jobs,
    measuring,
    network,
    overlay,
    pact,
    planning,
    pools,
    rules,
    running,
    serve,
    shock,
    view,
    webhook,
    worker,
)

app = typer.Typer(
    name="orepact",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""Plans and stress-tests an allied battery supply chain, from ore to vehicle and back.

Start with `orepact run`. Every command has its own `--help` with an example; every reply can be had as a table,
JSON or CSV (`--format`). Exit codes: 0 done, 1 our fault, 2 wrong usage, 3 bad input, 4 no feasible answer.""",
)


def _version(asked: bool) -> None:
    if asked:
        from orepact._version import __version__

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    pass


app.command("run")(running.run)
app.add_typer(facts.app, name="facts")
app.command("baseline")(baselining.baseline)
app.add_typer(measuring.app, name="measure")
app.add_typer(rules.app, name="rules")
app.command("plan")(planning.plan)
app.add_typer(shock.app, name="shock")
app.add_typer(pact.app, name="pact")
app.add_typer(pools.app, name="pool")
app.add_typer(view.app, name="view")
app.add_typer(db.app, name="db")
app.add_typer(audit.app, name="audit")
app.add_typer(account.app, name="account")
app.add_typer(jobs.app, name="jobs")
app.add_typer(overlay.app, name="overlay")
app.add_typer(feed.app, name="feed")
app.add_typer(webhook.app, name="webhook")
app.add_typer(network.app, name="network")
app.command("worker")(worker.worker)
app.add_typer(exporting.app, name="export")
app.add_typer(exporting.taking, name="import")
app.command("serve")(serve.serve)
