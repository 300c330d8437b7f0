"""``orepact webhook``: changes sent to addresses of organisations, signed."""

from __future__ import annotations

from typing import Annotated

import typer

from orepact.cli.options import Database, Format, OutputFormat

app = typer.Typer(
    no_args_is_help=True, help="Changes sent to addresses of organisations, as their accounts may see them, signed."
)

Webhook = Annotated[str, typer.Argument(metavar="WEBHOOK", help="The id of a webhook.")]


@app.command()
def add(
    *,
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="As whom it sees the register.")],
    url: Annotated[str, typer.Argument(metavar="URL", help="Where messages are received (https).")],
    name: Annotated[str, typer.Option("--name", metavar="TEXT", help="What receives it.")],
    organisation: Annotated[str, typer.Option("--organisation", metavar="ORGANISATION", help="For which the account acts.")] = "",
    kind: Annotated[
        list[str] | None, typer.Option("--kind", metavar="KIND", help="Records of this kind alone; repeat it.")
    ] = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Send changes to an address from now on; the secret that signs them is shown this once.

    Example: `orepact webhook add mara https://hooks.example.org/orepact --name "our desk" --organisation nrcan --kind incident`
    """
    import pandas as pd

    from orepact.cli.output import emit
    from orepact.service import sharing
    from orepact.service.result import Result

    made = sharing.subscribe(account, db, url=url, name=name, kinds=kind or (), organisation=organisation)
    row = {"webhook": made.id, "url": made.url, "secret": made.secret}
    emit(Result(pd.DataFrame([row]), {"title": "shown this once: give it to who checks the messages"}), form)


@app.command("list")
def list_(
    *,
    account: Annotated[str, typer.Option("--account", metavar="ACCOUNT", help="Those of one account.")] = "",
    organisation: Annotated[str, typer.Option("--organisation", metavar="ORGANISATION", help="Those for one organisation.")] = "",
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """List the webhooks: how they stand, what waits, and why something did not arrive.

    Example: `orepact webhook list --organisation nrcan`
    """
    from orepact.cli.output import emit
    from orepact.service import sharing

    emit(sharing.list_webhooks(db, account=account, organisation=organisation), form)


@app.command("test")
def try_(*, webhook: Webhook, db: Database = None, form: Format = OutputFormat.table) -> None:
    """Put a message in line that says nothing, to try the way.

    Example: `orepact webhook test k3v9qd2m7xwa`
    """
    from orepact.cli.output import emit
    from orepact.service import sharing

    emit(sharing.try_webhook(webhook, db), form)


@app.command()
def resume(*, webhook: Webhook, db: Database = None, form: Format = OutputFormat.table) -> None:
    """Let a webhook send again that was disabled; what happened meanwhile is not sent.

    Example: `orepact webhook resume k3v9qd2m7xwa`
    """
    from orepact.cli.output import emit
    from orepact.service import sharing

    emit(sharing.resume_webhook(webhook, db), form)


@app.command()
def end(*, webhook: Webhook, db: Database = None, form: Format = OutputFormat.table) -> None:
    """Send nothing more, for good.

    Example: `orepact webhook end k3v9qd2m7xwa`
    """
    from orepact.cli.output import emit
    from orepact.service import sharing

    sharing.end_webhook(webhook, db)
    emit(sharing.list_webhooks(db), form)


@app.command()
def seal(
    *,
    new: Annotated[bool, typer.Option("--new", help="With a new key, which is put into the file before.")] = False,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Seal the secrets of all webhooks with the first key of the file of keys, and say which keys are needed no more.

    Example: `orepact webhook seal --new`
    """
    from orepact.cli.output import emit
    from orepact.service import sharing

    emit(sharing.seal_again(db, new=new), form)


@app.command()
def deliver(
    *,
    once: Annotated[bool, typer.Option("--once", help="End when nothing is left that could be sent now.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing of what it does.")] = False,
    db: Database = None,
) -> None:
    """Send what waits, until it is stopped; `orepact worker` does so too, beside its runs.

    Example: `orepact webhook deliver --once`
    """
    from orepact.cli.worker import listening, stop_by_signal
    from orepact.service import sharing
    from orepact.store import open_store

    store = open_store(db)
    try:
        found = sharing.Deliverer(store, tell=listening(quiet=quiet))
        stop_by_signal(found.stopping)
        found.run(once=once)
    finally:
        store.close()
