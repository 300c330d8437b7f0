"""How accounts get in, as rows of the database: sessions, tokens, invitations, logins by way of a provider, and attempts.

Each is known by the hash of a secret that only its bearer has.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, case, delete, func, insert, select, true, update
from sqlalchemy.dialects import postgresql, sqlite

from orepact.store.accounts import access_log, attempt, invitation, login, session, token
from orepact.store.people import Marks
from orepact.store.tables import audit_head


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is logged in, for one organisation at a time."""

    hash: str
    account: str
    organisation: str
    created_at: str
    seen_at: str
    ends_at: str


@dataclass(frozen=True, slots=True)
class Token:
    """What a program shows: for an account, one organisation and some scopes."""

    id: str
    hash: str
    account: str
    organisation: str
    name: str
    scopes: str
    created_at: str
    ends_at: str
    used_at: str = ""
    revoked_at: str = ""

    def open_at(self, moment: str) -> bool:
        """Whether it lets somebody in."""
        return not self.revoked_at and moment < self.ends_at


@dataclass(frozen=True, slots=True)
class Attempts:
    """How often somebody tried since a moment."""

    count: int
    since: str


@dataclass(frozen=True, slots=True)
class Met:
    """What a secret stands for, if anything, and how all stood then: where the logs ended, and the hash of the register's."""

    one: Session | Token | None
    marks: Marks
    head: str


def _meeting(table: Table, key: str) -> Select[Any]:
    """One row, whether or not the secret is known: every request of somebody begins with it."""
    last = select(func.max(access_log.c.seq)).scalar_subquery()
    mine = select(table).where(table.c[key] == bindparam("shown")).subquery()
    return select(last, audit_head.c.seq, audit_head.c.hash, *mine.c).select_from(audit_head.outerjoin(mine, true()))


_BY_SESSION, _BY_TOKEN = _meeting(session, "hash"), _meeting(token, "id")


def met_by_session(connection: Connection, hashed: str) -> Met:
    """Who comes with a session."""
    return _met(connection, _BY_SESSION, hashed, Session)


def met_by_token(connection: Connection, name: str) -> Met:
    """Who comes with a token of this id."""
    return _met(connection, _BY_TOKEN, name, Token)


def _met(connection: Connection, question: Select[Any], shown: str, kind: type[Session | Token]) -> Met:
    deeds, changes, head, *own = connection.execute(question, {"shown": shown}).one()
    return Met(None if own[0] is None else kind(*own), Marks(deeds or 0, changes), head)


def session_of(connection: Connection, hashed: str) -> Session | None:
    """A session."""
    row = connection.execute(select(session).where(session.c.hash == hashed)).one_or_none()
    return Session(*row) if row else None


def add_session(connection: Connection, one: Session) -> None:
    """A new session."""
    connection.execute(insert(session), [asdict(one)])


def saw_session(connection: Connection, hashed: str, moment: str) -> None:
    """Somebody came with it."""
    connection.execute(update(session).where(session.c.hash == hashed).values(seen_at=moment))


def end_sessions(connection: Connection, *, hashed: str = "", account: str = "") -> None:
    """End one session, or all of an account."""
    mine = session.c.account == account if account else session.c.hash == hashed
    connection.execute(delete(session).where(mine))


def token_of(connection: Connection, name: str) -> Token | None:
    """A token by its id."""
    row = connection.execute(select(token).where(token.c.id == name)).one_or_none()
    return Token(*row) if row else None


def tokens_of(connection: Connection, *, account: str = "", organisation: str = "") -> list[Token]:
    """Tokens of an account, for an organisation, or all."""
    asked = {"account": account, "organisation": organisation}
    query = select(token).where(*(token.c[name] == value for name, value in asked.items() if value))
    return [Token(*row) for row in connection.execute(query.order_by(token.c.created_at, token.c.id))]


def add_token(connection: Connection, one: Token) -> None:
    """A new token."""
    connection.execute(insert(token), [asdict(one)])


def change_token(connection: Connection, name: str, **values: str) -> None:
    """A token otherwise."""
    connection.execute(update(token).where(token.c.id == name).values(**values))


def revoke_tokens(connection: Connection, moment: str, **key: str) -> None:
    """Let the tokens of an account, or of an account for an organisation, open nothing any more."""
    mine = (token.c[name] == value for name, value in key.items())
    connection.execute(update(token).where(token.c.revoked_at == "", *mine).values(revoked_at=moment))


def add_invitation(connection: Connection, hashed: str, account: str, ends_at: str) -> None:
    """An invitation in place of those that the account had."""
    connection.execute(delete(invitation).where(invitation.c.account == account))
    connection.execute(insert(invitation), [{"hash": hashed, "account": account, "ends_at": ends_at}])


def invited(connection: Connection, hashed: str, moment: str) -> str | None:
    """The account of an invitation that has not ended."""
    mine = select(invitation.c.account).where(invitation.c.hash == hashed, invitation.c.ends_at > moment)
    return connection.execute(mine).scalar()


def end_invitations(connection: Connection, account: str) -> None:
    """An account's invitations are used up."""
    connection.execute(delete(invitation).where(invitation.c.account == account))


def add_login(connection: Connection, hashed: str, invitation: str, ends_at: str) -> None:
    """A login that waits for a provider."""
    connection.execute(insert(login), [{"hash": hashed, "invitation": invitation, "ends_at": ends_at}])


def take_login(connection: Connection, hashed: str, moment: str) -> str | None:
    """The hash of the invitation ("" without one) of a login that waits, which is used up by it; None where none waits."""
    taken = delete(login).where(login.c.hash == hashed).returning(login.c.invitation, login.c.ends_at)
    row = connection.execute(taken).one_or_none()
    return row.invitation if row is not None and row.ends_at > moment else None


def tried(connection: Connection, key: str, moment: str, begin: str) -> Attempts:
    """Note an attempt, and how many there were with it since it began to be counted; what lies before ``begin`` is forgotten."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    new = dialect.insert(attempt).values(key=key, count=1, since=moment)
    old = attempt.c.since <= begin
    again = new.on_conflict_do_update(
        index_elements=[attempt.c.key],
        set_={"count": case((old, 1), else_=attempt.c.count + 1), "since": case((old, moment), else_=attempt.c.since)},
    )
    return Attempts(*connection.execute(again.returning(attempt.c.count, attempt.c.since)).one())


def forget_attempts(connection: Connection, keys: list[str]) -> None:
    """Count anew."""
    connection.execute(delete(attempt).where(attempt.c.key.in_(keys)))


def tidy(connection: Connection, moment: str, begin: str) -> None:
    """Take away what has ended; attempts from before ``begin``."""
    for table in (session, invitation, login):
        connection.execute(delete(table).where(table.c.ends_at <= moment))
    connection.execute(delete(attempt).where(attempt.c.since <= begin))
