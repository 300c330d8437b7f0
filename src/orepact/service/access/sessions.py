"""Use cases of sessions: log in with a password, log out, act for another organisation, change the password.

The session's secret is in the cookie alone. What a form must carry against forgery follows from it (``callers.csrf_of``), so
that nothing more is kept; the secret is new at each login and at each change of what the session may do.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from orepact.errors import Forbidden, Unauthorised
from orepact.service.access import passwords, secret, throttle
from orepact.service.access.callers import Caller, caller_of, csrf_of
from orepact.service.access.may import may
from orepact.service.access.noting import note
from orepact.service.access.standing import reader_for, roles_on
from orepact.service.pact.desk import opened
from orepact.store import doors, people
from orepact.store.canonical import instant
from orepact.store.people import Account, changing

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from orepact.service.pact.desk import Where
    from orepact.store.store import Store

#: A session ends after so long, however busy it is.
LASTS = timedelta(hours=12)
_WRONG = "the name or the password is wrong"


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A session that has begun: ``secret`` is for the cookie, ``ends_at`` its end at the latest."""

    caller: Caller
    ends_at: str
    secret: str = field(repr=False)


def log_in(name: str, password: str, db: Where = None, *, address: str = "", before: str = "") -> LoggedIn:
    """Log in by the id or address of an account and its password. ``address``: from where somebody tries; ``before``: the session
    that the browser had, which ends.

    Raises:
        Unauthorised: a wrong name or password, an account that is locked, closed, over, or has no password; never which.
        TooMany: too many attempts by this name or from this address.
    """
    asked = name.strip().casefold()[:300]
    with opened(db, filled=False) as store:
        with store.database.reading() as connection:
            found = _named(connection, asked)
        counted = found.id or asked
        throttle.count(store, counted, address)
        # One path, whoever it is: as long for a name that is not there as for a wrong password.
        if not (passwords.fits(password, found.password) and found.open_at(instant(store.clock()))):
            raise Unauthorised(_WRONG)
        throttle.forget(store, counted, address)
        fresh = passwords.kept(password) if passwords.outdated(found.password) else ""
        with changing(store.database) as connection:
            _demand_same(connection, found, instant(store.clock()))
            if fresh:
                people.change_account(connection, found.id, password=fresh)
            return begin(connection, store, found, before=before, how="log_in")


def _named(connection: Connection, name: str) -> Account:
    found = people.account_of(connection, name)
    if found is None and "@" in name:
        found = people.account_with(connection, email=name)
    return found or Account("")


def _demand_same(connection: Connection, checked: Account, moment: str) -> None:
    """Raise ``Unauthorised`` where the password was changed, or the account locked, since it was checked: what ended all sessions
    meanwhile has not ended the one that would begin now.
    """
    now = people.account_of(connection, checked.id)
    if now is None or now.password != checked.password or not now.open_at(moment):
        raise Unauthorised(_WRONG)


def begin(connection: Connection, store: Store, one: Account, *, how: str, before: str = "", organisation: str = "") -> LoggedIn:
    """A new session of an account that may get in, for an organisation (the first of its own where none is named)."""
    now = store.clock()
    mine = roles_on(connection, one.id, now.astimezone(UTC).date()) if not one.guest else {}
    chosen = organisation if organisation in mine else next(iter(sorted(mine)), "")
    reader = reader_for(connection, one.id, chosen, now)
    made, moment, ends = secret.new(), instant(now), instant(now + LASTS)
    if before:
        doors.end_sessions(connection, hashed=secret.hashed(before))
    doors.tidy(connection, moment, instant(now - throttle.WINDOW))
    doors.add_session(connection, doors.Session(secret.hashed(made), one.id, chosen, moment, moment, ends))
    note(connection, replace(store, reader=reader), how, one.id)
    return LoggedIn(Caller(reader, session=secret.hashed(made), ends_at=ends, csrf=csrf_of(made)), ends, made)


def log_out(session: str, db: Where = None) -> None:
    """End a session; one that has ended stays so."""
    with opened(db, filled=False) as store, store.database.writing() as connection:
        doors.end_sessions(connection, hashed=secret.hashed(session))


def act_for(organisation: str, session: str, db: Where = None) -> LoggedIn:
    """Act for another organisation from now on: the session goes on under a new secret, and ends when it would have ended.

    Raises ``Forbidden`` where the account has no role, in the same words whether or not there is such an organisation.
    """
    caller = caller_of(db, session=session)
    with opened(db, filled=False) as store:
        now = store.clock()
        with changing(store.database) as connection:
            mine = roles_on(connection, caller.reader.account, now.astimezone(UTC).date())
            if organisation not in mine:
                raise Forbidden("to act for an organisation takes a role in it")
            reader = reader_for(connection, caller.reader.account, organisation, now)
            made = secret.new()
            before = doors.session_of(connection, caller.session)
            if before is None:
                raise Unauthorised("the session has ended: log in again")
            doors.end_sessions(connection, hashed=caller.session)
            doors.add_session(
                connection, replace(before, hash=secret.hashed(made), organisation=organisation, seen_at=instant(now))
            )
            note(connection, replace(store, reader=reader), "act_for", organisation)
    return LoggedIn(replace(caller, reader=reader, session=secret.hashed(made), csrf=csrf_of(made)), caller.ends_at, made)


def change_password(old: str, new: str, session: str, db: Where = None, *, address: str = "") -> LoggedIn:
    """Another password: all sessions of the account end, and this browser's goes on under a new secret.

    Raises ``Unauthorised`` for a wrong old one, ``BadInput`` for a new one that is easily guessed, ``TooMany``.
    """
    caller = caller_of(db, session=session)
    may(caller.reader, "change_password")
    name = caller.reader.account
    with opened(db, filled=False) as store:
        throttle.count(store, name, address)
        with store.database.reading() as connection:
            found = _named(connection, name)
        if not passwords.fits(old, found.password):
            raise Unauthorised(_WRONG)
        throttle.forget(store, name, address)
        kept = passwords.kept(passwords.check(new, found.id, *found.name.split(), found.email.partition("@")[0]))
        with changing(store.database) as connection:
            _demand_same(connection, found, instant(store.clock()))
            people.change_account(connection, name, password=kept)
            doors.end_sessions(connection, account=name)
            return begin(connection, store, found, how="change_password", organisation=caller.reader.organisation)
