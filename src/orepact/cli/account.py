"""``orepact account``: who gets into the service, and what is theirs to do; for the holder of the database."""

from __future__ import annotations

from typing import Annotated

import typer

from orepact.cli.options import Database, Format, OutputFormat

app = typer.Typer(
    no_args_is_help=True,
    help="Who gets into the service, and what is theirs to do. Whoever holds the database needs no account, and lets others in.",
)

Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help="The id of an account.")]
Organisation = Annotated[str, typer.Argument(metavar="ORGANISATION", help="An organisation of the register.")]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="The last day (YYYY-MM-DD, UTC).")]
HAND_OVER = "hand it over in private; its page is /account/invitation/SECRET of your service"


@app.command()
def add(
    *,
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="The id to be: lower-case letters, digits, - and _.")],
    name: Annotated[str, typer.Option(metavar="NAME", help="The name of its bearer.")],
    organisation: Annotated[str, typer.Option(metavar="ORGANISATION", help="For which it acts.")] = "",
    role: Annotated[
        list[str] | None,
        typer.Option(metavar="ROLE", help="reader, editor, steward, key_holder, admin, registrar or auditor; repeat it."),
    ] = None,
    email: Annotated[str, typer.Option(metavar="ADDRESS", help="Its bearer may log in by it too.")] = "",
    person: Annotated[str, typer.Option(metavar="PERSON", help="Who its bearer is in the register.")] = "",
    guest: Annotated[
        bool, typer.Option("--guest", help="Of no organisation: sees what names the person. Needs --until.")
    ] = False,
    until: Until = None,
    issuer: Annotated[str, typer.Option(metavar="URL", help="A provider of OpenID Connect who knows its bearer.")] = "",
    subject: Annotated[str, typer.Option(metavar="SUBJECT", help="As whom that provider knows its bearer.")] = "",
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Add an account; then invite its bearer, who chooses a password.

    Example: `orepact account add mara --name "Mara Gregory" --organisation nrcan --role editor --role key_holder`
    """
    from orepact.cli.output import emit
    from orepact.service import access

    new = access.New(
        account, name, email, person, organisation, tuple(role or ()), guest=guest, until=until or "", issuer=issuer,
        subject=subject,
    )  # fmt: skip
    emit(access.add_account(new, db), form)


@app.command()
def invite(
    *,
    account: Account,
    days: Annotated[int, typer.Option(metavar="DAYS", help="It ends after so many days (at most 30).")] = 7,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Make an invitation: with its secret, shown this once, the bearer of an account chooses a password (anew).

    Example: `orepact account invite mara`
    """
    from orepact.service import access

    made = access.invite(account, db, days=days)
    _told({"account": account, "secret": made.secret, "ends_at": made.ends_at}, HAND_OVER, form)


@app.command()
def role(
    *,
    account: Account,
    organisation: Organisation,
    role: Annotated[
        str, typer.Argument(metavar="ROLE", help="A role, as `orepact account add` takes; with --end: none for all.")
    ] = "",
    until: Until = None,
    end: Annotated[
        bool, typer.Option("--end", help="Take the role (all of them, where none is named) instead of giving it.")
    ] = False,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Give an account a role in an organisation, or take it.

    Example: `orepact account role mara nrcan steward --until 2026-12-31`
    """
    from orepact.cli.output import emit
    from orepact.service import access

    if end:
        emit(access.end_role(account, organisation, db, role=role), form)
    else:
        emit(access.give_role(account, organisation, role, db, until=until), form)


@app.command()
def token(
    *,
    account: Account,
    name: Annotated[str, typer.Option(metavar="TEXT", help="What it is for.")] = "",
    organisation: Annotated[str, typer.Option(metavar="ORGANISATION", help="For which it acts.")] = "",
    scope: Annotated[
        list[str] | None, typer.Option(metavar="SCOPE", help="read, write, keys, runs, export or admin; repeat it.")
    ] = None,
    days: Annotated[int, typer.Option(metavar="DAYS", help="It ends after so many days (at most 366).")] = 90,
    revoke: Annotated[str, typer.Option(metavar="TOKEN", help="Revoke the token of this id instead of making one.")] = "",
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Make a token, shown this once, by which a program acts for an account; or revoke one, or list them (without --name).

    Example: `orepact account token mara --name "nightly export" --organisation nrcan --scope read --scope export`
    """
    from orepact.cli.output import emit
    from orepact.service import access

    if revoke:
        access.revoke_token(revoke, db)
    if revoke or not name:
        emit(access.list_tokens(db, account=account), form)
        return
    made = access.make_token(account, db, name=name, scopes=scope or ["read"], organisation=organisation, days=days)
    _told({"account": account, "token": made.text, "ends_at": made.ends_at}, "keep it where only that program reads", form)


@app.command()
def community(
    *,
    organisation: Organisation,
    leave: Annotated[bool, typer.Option("--leave", help="Out of it.")] = False,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Take an organisation into the community, which sees what is TLP:GREEN and may write.

    Example: `orepact account community nrcan`
    """
    from orepact.cli.output import emit
    from orepact.service import access

    emit(access.change_community(organisation, db, leaves=leave), form)


@app.command()
def client(
    *,
    owner: Annotated[str, typer.Argument(metavar="OWNER", help="The organisation whose records they are.")],
    organisation: Annotated[str, typer.Argument(metavar="ORGANISATION", help="Who sees them too; without: list.")] = "",
    until: Until = None,
    end: Annotated[bool, typer.Option("--end", help="No longer.")] = False,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Let an organisation see what is TLP:AMBER of another, as its client; or list its clients.

    Example: `orepact account client nrcan meti --until 2027-06-30`
    """
    from orepact.cli.output import emit
    from orepact.service import access

    if not organisation:
        emit(access.list_clients(db, owner=owner), form)
    else:
        emit(access.share_with_client(owner, organisation, db, until=until, ends=end), form)


@app.command()
def close(
    *,
    account: Account,
    lock: Annotated[bool, typer.Option("--lock", help="For a while only.")] = False,
    unlock: Annotated[bool, typer.Option("--unlock", help="Open one that is locked.")] = False,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Close an account for good: its sessions and tokens end at once, what it wrote stays.

    Example: `orepact account close mara`
    """
    from orepact.cli.output import emit
    from orepact.service import access

    emit(access.set_state(account, "locked" if lock else "active" if unlock else "closed", db), form)


@app.command("list")
def list_(
    *,
    organisation: Annotated[str, typer.Option(metavar="ORGANISATION", help="Those with a role in it.")] = "",
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """List the accounts with their roles.

    Example: `orepact account list --organisation nrcan`
    """
    from orepact.cli.output import emit
    from orepact.service import access

    emit(access.list_accounts(db, organisation=organisation), form)


@app.command()
def log(
    *,
    account: Annotated[str, typer.Option(metavar="ACCOUNT", help="What one account did.")] = "",
    exported: Annotated[bool, typer.Option("--exported", help="What left the register alone.")] = False,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="Since a day (UTC).")] = None,
    newest: Annotated[bool, typer.Option("--newest", help="The newest first.")] = False,
    after: Annotated[int, typer.Option(metavar="N", min=0, help="Begin after this entry.")] = 0,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="So many entries.")] = 100,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """List who got in, whom somebody let in, and what left the register.

    Example: `orepact account log --format csv`
    """
    from orepact.cli.output import emit
    from orepact.service import access

    found = access.access_log(db, account=account, exported=exported, since=since, newest=newest, after=after, limit=limit)
    emit(found, form)


def _told(row: dict[str, str], note: str, form: OutputFormat) -> None:
    """Show a secret, this once."""
    import pandas as pd

    from orepact.cli.output import emit
    from orepact.service.result import Result

    emit(Result(pd.DataFrame([row]), {"title": f"for {row['account']}, shown this once: {note}"}), form)
