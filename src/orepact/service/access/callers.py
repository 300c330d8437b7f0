"""Who asks, by what he shows: the cookie of a session, a token of a program, or nothing. From here on he is a ``Reader``.

What is wrong with what he shows is never said: not known, ended, revoked, of an account that is locked, all read the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from orepact.errors import StoreUnavailable
from orepact.pact.records.readers import PUBLIC, Reader
from orepact.service.access import secret, standing
from orepact.service.access.standing import unknown
from orepact.store import doors
from orepact.store.canonical import instant
from orepact.store.doors import Session, Token

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from orepact.service.pact.desk import Where
    from orepact.store.store import Store

#: A session ends when nobody came with it for so long, and is noted as seen once in so long.
IDLE, NOTED = timedelta(minutes=30), timedelta(minutes=1)
TOKEN_NOTED = timedelta(minutes=10)
PREFIX = "ore"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, by which session (its hash) or token (its id) he came, until when; ``csrf``: what forms of the session carry.

    ``head``: the hash with which the log of the register ended when he was met, "" where nobody looked; ``until``: when session,
    token or account end, whichever is first.
    """

    reader: Reader = PUBLIC
    session: str = ""
    token: str = ""
    ends_at: str = ""
    csrf: str = field(default="", repr=False)
    head: str = ""
    until: str = ""


#: Who shows nothing.
NOBODY = Caller(replace(PUBLIC, scopes=frozenset({"read"})))


def reader_of(db: Where = None, *, session: str | None = None, token: str | None = None) -> Reader:
    """The reader who shows a session's secret or a token, the public for neither; raises ``Unauthorised``."""
    return caller_of(db, session=session, token=token).reader


def caller_of(db: Where = None, *, session: str | None = None, token: str | None = None) -> Caller:
    """The same with how he came. A token goes before a session. Raises ``Unauthorised``."""
    from orepact.service.pact.desk import opened

    if not (session or token):
        return NOBODY
    with opened(db, filled=False) as store:
        return _by_token(store, token) if token else _by_session(store, session or "")


def reader_as(account: str, organisation: str, db: Where = None) -> Reader:
    """An account as it stands now, for work that it asked for earlier; raises ``Unauthorised`` when it lets nobody in now."""
    from orepact.service.pact.desk import opened

    with opened(db, filled=False) as store, store.database.reading() as connection:
        return standing.reader_for(connection, account, organisation, store.clock())


def _by_token(store: Store, shown: str) -> Caller:
    prefix, _, rest = shown.partition("_")
    name, _, given = rest.partition("_")
    now = store.clock()
    if prefix != PREFIX or not (name.isalnum() and name.isascii() and given) or len(shown) > 200:
        raise unknown()
    with store.database.reading() as connection:
        met = doors.met_by_token(connection, name)
        found = met.one
        if not isinstance(found, Token) or not secret.same(secret.hashed(given), found.hash) or not found.open_at(instant(now)):
            raise unknown()
        stands = standing.kept_reader(store, connection, found.account, found.organisation, met.marks)
    reader, until = stands.reader, min(filter(None, (found.ends_at, stands.ends_at)), default="")
    if found.organisation and not reader.organisation:
        raise unknown()  # he is no longer of the organisation that the token is for
    if found.used_at <= instant(now - TOKEN_NOTED):
        _noted(store, lambda to: doors.change_token(to, name, used_at=instant(now)))
    return Caller(
        replace(reader, scopes=frozenset(found.scopes.split())), token=name, ends_at=found.ends_at, head=met.head, until=until
    )


def _by_session(store: Store, shown: str) -> Caller:
    now, hashed = store.clock(), secret.hashed(shown)
    with store.database.reading() as connection:
        met = doors.met_by_session(connection, hashed)
        found = met.one
        if not isinstance(found, Session) or found.ends_at <= instant(now) or found.seen_at <= instant(now - IDLE):
            raise unknown()
        stands = standing.kept_reader(store, connection, found.account, found.organisation, met.marks)
    reader, until = stands.reader, min(filter(None, (found.ends_at, stands.ends_at)), default="")
    if found.seen_at <= instant(now - NOTED):
        _noted(store, lambda to: doors.saw_session(to, hashed, instant(now)))
    return Caller(reader, session=hashed, ends_at=found.ends_at, csrf=csrf_of(shown), head=met.head, until=until)


def _noted(store: Store, write: Callable[[Connection], None]) -> None:
    """Write down that somebody came; when the database cannot write at once, he is let in and noted the next time."""
    try:
        with store.database.writing(patient=False) as connection:
            write(connection)
    except StoreUnavailable:
        return


def csrf_of(session: str) -> str:
    """What a form carries, so that no other site can send it: nobody makes it who has not the cookie."""
    return secret.derived(session, "csrf")


def csrf_fits(session: str, given: str) -> bool:
    """Whether a form came from a page of this session."""
    return secret.same(csrf_of(session), given)
