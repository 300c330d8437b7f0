"""What belongs to an account and its organisation: tokens, people and their roles, and the log of who changed what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from orepact.report.sentences import sentence
from orepact.service import access, pact
from orepact.service.access.may import OF_THE_REGISTER, ROLES, SCOPES
from orepact.service.asked import Day, Id, Line
from orepact.web.pages.commands import command
from orepact.web.pages.page import BEFORE, Filled, Form, Page, Sent
from orepact.web.pages.shown import Column, Link, Shown
from orepact.web.pages.tables import dated, shown_of, table_of
from orepact.web.pages.turning import Paged, most_of, turned

if TYPE_CHECKING:
    from orepact.web.pages.visit import Visit


class Token(Filled):
    """A token for a program."""

    name: Line
    scopes: Annotated[list[str], Field(min_length=1, max_length=10)]
    days: Annotated[int, Field(ge=1, le=366)] = 90


class Ending(Filled):
    """The id of a token that ends."""

    token: Id


class Person(Filled):
    """An account of one's own organisation."""

    id: Id
    name: Line
    email: str = Field(default="", max_length=254)
    roles: Annotated[list[str], Field(min_length=1, max_length=10)]


class Invited(Filled):
    """Whose invitation is made anew."""

    account: Id


class Role(Filled):
    """A role for somebody of one's organisation."""

    account: Id
    role: str
    until: Day | None = None


TOKENS = (
    Column("name", sentence("Name")),
    Column("scopes", sentence("May")),
    Column("organisation", sentence("Organisation"), how="code"),
    Column("created_at", sentence("Made"), how="day"),
    Column("ends_at", sentence("Ends"), how="day"),
    Column("used_at", sentence("Last used"), how="day"),
    Column("revoked_at", sentence("Ended"), how="day"),
)
PEOPLE = (
    Column("account", sentence("Account"), how="code"),
    Column("name", sentence("Name")),
    Column("email", sentence("E-mail"), how="code"),
    Column("state", sentence("State")),
    Column("roles", sentence("Roles")),
)
LOG = (
    Column("at", sentence("When"), how="day"),
    Column("actor", sentence("Who"), how="code"),
    Column("record", sentence("What")),
    Column("version", sentence("Version"), how="code"),
    Column("reason", sentence("Why")),
)


def tokens(visit: Visit, made: Any = None) -> Shown:
    """One's tokens, without what is secret of them; ``made``: a new one, which is told this once."""
    found = access.list_tokens(visit.desk, account=visit.reader.account)
    table = table_of(found, "tokens", sentence("Your tokens"), TOKENS, cells=dated, empty=sentence("You have made no token."))
    living = [(row["token"], row["name"]) for row in table.rows if not row["revoked_at"]]
    return shown_of(found, table, context={"made": made, "scopes": SCOPES, "living": living}, api="/api/v1/tokens")


def make(visit: Visit, content: Token) -> Sent:
    """A token; its text is shown this once."""
    made = access.make_token(
        visit.reader.account, visit.desk, name=content.name, scopes=content.scopes, days=content.days,
        organisation=visit.reader.organisation,
    )  # fmt: skip
    return Sent(shown=tokens(visit, made))


def end(visit: Visit, content: Ending) -> Sent:
    """Let a token open nothing more; raises ``NotFound``."""
    access.revoke_token(content.token, visit.desk)
    return Sent(to="/account/tokens")


def people(visit: Visit, link: str = "", invited: str = "") -> Shown:
    """The accounts of one's organisation; ``link``: an invitation that was made just now."""
    found = access.list_accounts(visit.desk)
    table = table_of(found, "people", sentence("People of your organisation"), PEOPLE)
    roles = [name for name in ROLES if name not in OF_THE_REGISTER]
    context = {"link": link, "invited": invited, "roles": roles, "accounts": [row["account"] for row in table.rows]}
    return shown_of(found, table, context=context, api="/api/v1/accounts")


def add(visit: Visit, content: Person) -> Sent:
    """An account of one's organisation, and the link by which its bearer gets in."""
    new = access.New(
        id=content.id, name=content.name, email=content.email, organisation=visit.reader.organisation, roles=content.roles
    )
    access.add_account(new, visit.desk)
    return invite(visit, Invited(account=content.id))


def invite(visit: Visit, content: Invited) -> Sent:
    """A link to choose a password, shown this once."""
    made = access.invite(content.account, visit.desk)
    home = visit.house.settings.address
    return Sent(shown=people(visit, f"{home}{visit.link(f'/account/invitation/{made.secret}')}", content.account))


def give(visit: Visit, content: Role) -> Sent:
    """Give a role in one's organisation."""
    access.give_role(content.account, visit.reader.organisation, content.role, visit.desk, until=content.until)
    return Sent(to="/account/people")


def log(visit: Visit) -> Shown:
    """Who did what to which record that the reader sees, and when."""
    found = pact.audit_log(visit.desk, after=visit.asked.after or 0, limit=most_of(visit))
    table = table_of(found, "log", sentence("Changes of the register"), LOG, cells=_entry, empty=sentence("Nothing is told."))
    turn = turned(visit, len(table.rows), found.meta.get("after"))
    return shown_of(found, table, context={"turn": turn}, api="/api/v1/audit", command=command("audit log"), warnings=[])


def _entry(row: Any) -> dict[str, Any]:
    kind, name = row.get("kind"), row.get("id")
    return {"record": Link(f"{kind}/{name}", f"/records/{kind}/{name}") if kind and name else None}


PAGES = (
    Page(
        path="/account/tokens",
        name="tokens",
        title=sentence("Tokens for programs"),
        use=tokens,
        template="account/tokens.html.j2",
        deed="see_me",
        forms=(
            Form(name="make", fields=Token, send=make, deed="make_token", done=BEFORE, secret=True),
            Form(name="end", fields=Ending, send=end, deed="revoke_token", done=sentence("The token opens nothing any more.")),
        ),
        kept=False,
        private=True,
    ),
    Page(
        path="/account/people",
        name="people",
        title=sentence("People and roles"),
        use=people,
        template="account/people.html.j2",
        deed="see_accounts",
        forms=(
            Form(name="add", fields=Person, send=add, deed="add_account", done=BEFORE, secret=True),
            Form(name="invite", fields=Invited, send=invite, deed="add_account", done=BEFORE, secret=True),
            Form(name="give", fields=Role, send=give, deed="give_role", done=sentence("The role is given.")),
        ),
        kept=False,
        private=True,
    ),
    Page(
        path="/account/audit",
        name="audit",
        title=sentence("Who changed what"),
        use=log,
        template="account/audit.html.j2",
        asked=Paged,
    ),
)
