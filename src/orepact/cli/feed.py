"""``orepact feed``: alerts as Atom, and secret links by which programs read the feeds of an account."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orepact.cli.options import Database, Format, OutputFormat

app = typer.Typer(no_args_is_help=True, help="Alerts as Atom, and secret links to the feeds of an account.")


@app.command()
def alerts(
    *,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Write it there instead of printing it.")
    ] = None,
    organisation: Annotated[
        list[str] | None, typer.Option("--for", metavar="ORGANISATION", help="For whom; the public otherwise. Repeat it.")
    ] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="As of this day (YYYY-MM-DD).")] = None,
    home: Annotated[str, typer.Option("--home", metavar="URL", help="The address of the service, for links and ids.")] = "",
    db: Database = None,
) -> None:
    """Print the alerts on a day as an Atom feed.

    Example: `orepact feed alerts --on 2026-11-22 --output alerts.atom`
    """
    from orepact.service import sharing

    named = {"home": home.rstrip("/")} if home else {}
    found = sharing.alert_feed(db, on=on, organisations=organisation or (), **named)
    if output is None:
        typer.echo(found.decode(), nl=False)
    else:
        output.write_bytes(found)


@app.command()
def link(
    *,
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account whose feeds it reads.")],
    name: Annotated[str, typer.Option("--name", metavar="TEXT", help="What reads it.")],
    organisation: Annotated[str, typer.Option("--organisation", metavar="ORGANISATION", help="For which the account acts.")] = "",
    days: Annotated[int, typer.Option("--days", metavar="DAYS", help="It ends after so many days (at most 366).")] = 366,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Make a link, shown this once: /api/v1/feeds/SECRET/alerts.atom and /api/v1/feeds/SECRET/BODY.ics.

    Example: `orepact feed link mara --name "calendar at work" --organisation nrcan`
    """
    import pandas as pd

    from orepact.cli.output import emit
    from orepact.service import sharing
    from orepact.service.result import Result

    made = sharing.make_link(account, db, name=name, organisation=organisation, days=days)
    row = {"link": made.id, "alerts": f"/api/v1/feeds/{made.secret}/alerts.atom", "ends_at": made.ends_at}
    emit(Result(pd.DataFrame([row]), {"title": f"for {account}, shown this once: whoever has it reads what {account} may"}), form)


@app.command("list")
def list_(
    *,
    account: Annotated[str, typer.Option("--account", metavar="ACCOUNT", help="Those of one account.")] = "",
    organisation: Annotated[str, typer.Option("--organisation", metavar="ORGANISATION", help="Those for one organisation.")] = "",
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """List the links, without what is secret of them.

    Example: `orepact feed list --account mara`
    """
    from orepact.cli.output import emit
    from orepact.service import sharing

    emit(sharing.list_links(db, account=account, organisation=organisation), form)


@app.command()
def end(
    *,
    link: Annotated[str, typer.Argument(metavar="LINK", help="The id of a link.")],
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Let a link open nothing more.

    Example: `orepact feed end k3v9qd2m7xwa`
    """
    from orepact.cli.output import emit
    from orepact.service import sharing

    sharing.end_link(link, db)
    emit(sharing.list_links(db), form)
