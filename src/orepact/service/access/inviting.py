"""Use cases of invitations: a link by which the bearer of an account chooses a password, once, within some days.

The same way leads back in for who forgot his password; until he has chosen, the old one holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd

from orepact.errors import BadInput, Problem, Unauthorised
from orepact.service.access import passwords, secret
from orepact.service.access.accounts import demand_whole
from orepact.service.access.may import may
from orepact.service.access.noting import note
from orepact.service.access.roles import account_seen
from orepact.service.access.sessions import LoggedIn, begin
from orepact.service.pact.desk import opened
from orepact.service.result import Result
from orepact.store import doors, people
from orepact.store.canonical import instant
from orepact.store.people import Account, changing

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from orepact.service.pact.desk import Where

DAYS, LONGEST_DAYS = 7, 30


@dataclass(frozen=True, slots=True)
class Invitation:
    """A new invitation: ``secret`` is what the link carries, told this once."""

    account: str
    ends_at: str
    secret: str = field(repr=False)


def invite(account: str, db: Where = None, *, days: int = DAYS) -> Invitation:
    """An invitation for an account, in place of those that it had. Raises ``NotFound``, ``Forbidden``, ``BadInput``."""
    if not 0 < days <= LONGEST_DAYS:
        raise BadInput([Problem("days", f"1 to {LONGEST_DAYS}", str(days), "invite again when it has ended")])
    with opened(db, filled=False) as store:
        may(store.reader, "add_account")
        now = store.clock()
        with changing(store.database) as connection:
            found = account_seen(connection, store.reader, account)
            if not found.open_at(instant(now)):
                raise BadInput([Problem("account", "one that is open", f"{account}, {found.state}", "open it first")])
            demand_whole(connection, store.reader, account)
            if store.reader is not None and (found.password or found.oidc_subject):
                mend = "its bearer gets in already; the holder of the database invites him again"
                raise BadInput([Problem("account", "one that nobody uses yet", account, mend)])
            made = Invitation(account, instant(now + timedelta(days=days)), secret.new())
            doors.add_invitation(connection, secret.hashed(made.secret), account, made.ends_at)
            note(connection, store, "invite", account)
    return made


def show_invitation(shown: str, db: Where = None) -> Result:
    """Whom an invitation is for: ``account, name``; raises ``Unauthorised`` for one that is used up, over, or none."""
    with opened(db, filled=False) as store, store.database.reading() as connection:
        one = invited(connection, shown, instant(store.clock()))
    return Result(pd.DataFrame([{"account": one.id, "name": one.name}]), {"title": f"an invitation for {one.name}"})


def accept_invitation(shown: str, password: str, db: Where = None) -> LoggedIn:
    """Choose a password and be logged in; the invitation is used up, and sessions that the account had end.

    Raises ``Unauthorised`` as ``show_invitation``, ``BadInput`` for a password that is easily guessed.
    """
    with opened(db, filled=False) as store:
        with store.database.reading() as connection:
            one = invited(connection, shown, instant(store.clock()))
        kept = passwords.kept(passwords.check(password, one.id, *one.name.split(), one.email.partition("@")[0]))
        with changing(store.database) as connection:
            one = invited(connection, shown, instant(store.clock()))  # somebody may have been faster
            people.change_account(connection, one.id, password=kept)
            doors.end_invitations(connection, one.id)
            doors.end_sessions(connection, account=one.id)
            return begin(connection, store, one, how="accept_invitation")


def invited(connection: Connection, shown: str, moment: str) -> Account:
    """The account that an invitation is for; raises ``Unauthorised``."""
    name = doors.invited(connection, secret.hashed(shown), moment)
    found = people.account_of(connection, name) if name else None
    if found is None or not found.open_at(moment):
        raise Unauthorised("this invitation is used up, over, or none: ask for another")
    return found
