"""Accounts, what they belong to, and with whom organisations share, as rows of the database, read and written in a connection.

Nothing here asks whether somebody may do it: ``orepact.service.access`` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Connection, Table, delete, func, insert, select, text, update

from orepact.store.accounts import access_log, account, client, community, membership

if TYPE_CHECKING:
    from orepact.store.engine import Database

ACTIVE, LOCKED, CLOSED = "active", "locked", "closed"


@dataclass(frozen=True, slots=True)
class Account:
    """Who can get in. ``person``: who that is in the register; ``expires_at``: the moment from which on he cannot ("": none)."""

    id: str
    name: str = ""
    email: str = ""
    password: str = field(default="", repr=False)
    state: str = ACTIVE
    person: str = ""
    guest: int = 0
    expires_at: str = ""
    oidc_issuer: str = ""
    oidc_subject: str = ""
    created_at: str = ""

    def open_at(self, moment: str) -> bool:
        """Whether he may get in."""
        return self.state == ACTIVE and (not self.expires_at or moment < self.expires_at)


@dataclass(frozen=True, slots=True)
class Membership:
    """A role of an account in an organisation, until a day (inclusive, UTC; "": for good)."""

    account: str
    organisation: str
    role: str
    until: str = ""


@dataclass(frozen=True, slots=True)
class Client:
    """An organisation with which an owner shares what is amber, until a day."""

    owner: str
    organisation: str
    until: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done: by which account ("": the holder of the database), to what; ``exported``: it left the register."""

    at: str
    account: str
    use_case: str
    key: str = ""
    label: str = ""
    exported: int = 0
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Marks:
    """Where the log of access and that of the register end: nothing that accounts may do has changed while they are the same."""

    deeds: int
    changes: int


@contextmanager
def changing(database: Database) -> Iterator[Connection]:
    """A change of accounts or of what they belong to: one after the other, so that what was looked at before it still holds."""
    with database.writing() as connection:
        lock(connection)
        yield connection


def lock(connection: Connection) -> None:
    """Let nobody else change accounts or write to the log until the transaction ends; SQLite lets only one write as it is."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE access_log IN EXCLUSIVE MODE"))


def note(connection: Connection, deed: Deed) -> None:
    """Write to the log, which only grows; the connection holds the ``lock``."""
    last = connection.execute(select(func.max(access_log.c.seq))).scalar() or 0
    connection.execute(insert(access_log), [asdict(deed) | {"seq": last + 1}])


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Which entries of the log: about one thing (``key``), by one account, of some use cases, ``exported`` ones alone, since a
    moment; those that follow ``after``: earlier ones where the ``newest`` come first.
    """

    key: str = ""
    account: str = ""
    use_cases: tuple[str, ...] = ()
    exported: bool = False
    since: str = ""
    after: int = 0
    newest: bool = False

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """The same for the database."""
        log = access_log.c
        if self.after or not self.newest:
            yield log.seq < self.after if self.newest else log.seq > self.after
        for column, value in ((log.key, self.key), (log.account, self.account)):
            if value:
                yield column == value
        if self.use_cases:
            yield log.use_case.in_(self.use_cases)
        if self.exported:
            yield log.exported == 1
        if self.since:
            yield log.at >= self.since


def deeds(connection: Connection, which: Which | None = None, *, limit: int = 100) -> list[Deed]:
    """Entries of the log, in their order, or the newest first."""
    which = which or Which()
    order = access_log.c.seq.desc() if which.newest else access_log.c.seq
    rows = connection.execute(select(access_log).where(*which.conditions()).order_by(order).limit(limit))
    return [Deed(**row._mapping) for row in rows]  # noqa: SLF001  the public name of a row's columns


def account_of(connection: Connection, name: str) -> Account | None:
    """An account by its id."""
    row = connection.execute(select(account).where(account.c.id == name)).one_or_none()
    return Account(*row) if row else None


def account_with(connection: Connection, **values: str) -> Account | None:
    """The one account of an address, a person, or a user of a provider."""
    row = connection.execute(select(account).where(*(account.c[name] == value for name, value in values.items()))).one_or_none()
    return Account(*row) if row else None


def accounts_in(connection: Connection, organisation: str = "") -> list[Account]:
    """Every account, or those with a role in an organisation."""
    query = select(account).order_by(account.c.id)
    if organisation:
        query = query.where(account.c.id.in_(select(membership.c.account).where(membership.c.organisation == organisation)))
    return [Account(*row) for row in connection.execute(query)]


def add_account(connection: Connection, one: Account) -> None:
    """A new account."""
    connection.execute(insert(account), [asdict(one)])


def change_account(connection: Connection, name: str, **values: str) -> None:
    """An account otherwise."""
    connection.execute(update(account).where(account.c.id == name).values(**values))


def memberships_of(connection: Connection, *, account: str = "", organisation: str = "") -> list[Membership]:
    """Roles of an account, in an organisation, or all."""
    asked = {"account": account, "organisation": organisation}
    query = select(membership).where(*(membership.c[name] == value for name, value in asked.items() if value))
    order = (membership.c.account, membership.c.organisation, membership.c.role)
    return [Membership(*row) for row in connection.execute(query.order_by(*order))]


def put(connection: Connection, table: Table, one: Membership | Client) -> None:
    """A role or a client, in place of what stood of it."""
    values = asdict(one)
    take(connection, table, **{name: value for name, value in values.items() if name != "until"})
    connection.execute(insert(table), [values])


def take(connection: Connection, table: Table, **key: str) -> int:
    """End a role, a client or the place of an organisation in the community; how many there were."""
    return connection.execute(delete(table).where(*(table.c[name] == value for name, value in key.items()))).rowcount


def clients_of(connection: Connection, *, owner: str = "", organisation: str = "") -> list[Client]:
    """With whom an owner shares, who shares with an organisation, or all."""
    asked = {"owner": owner, "organisation": organisation}
    query = select(client).where(*(client.c[name] == value for name, value in asked.items() if value))
    return [Client(*row) for row in connection.execute(query.order_by(client.c.owner, client.c.organisation))]


def the_community(connection: Connection) -> list[str]:
    """The organisations of the community."""
    return [*connection.execute(select(community.c.organisation).order_by(community.c.organisation)).scalars()]


def join_community(connection: Connection, organisation: str) -> None:
    """An organisation more."""
    take(connection, community, organisation=organisation)
    connection.execute(insert(community), [{"organisation": organisation}])


def in_community(connection: Connection, organisation: str) -> bool:
    """Whether an organisation is of the community."""
    return (
        connection.execute(select(community.c.organisation).where(community.c.organisation == organisation)).first() is not None
    )
