"""Use cases of logging in by way of a provider of OpenID Connect: go there, and come back.

All that a login needs follows from one secret in a cookie of its own (what is sent along as state and nonce, and the verifier
of PKCE): the database keeps its hash, once, for ten minutes. So what comes back opens a session in the browser that went, and
nowhere else. Accounts are known by provider and user alone, never by address: a user is joined to an account by its invitation,
or by the holder of the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from orepact.errors import Unauthorised
from orepact.service.access import secret, throttle
from orepact.service.access.inviting import show_invitation
from orepact.service.access.sessions import LoggedIn, begin
from orepact.service.pact.desk import opened
from orepact.store import doors, people
from orepact.store.canonical import instant
from orepact.store.people import Account, changing

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from orepact.service.access.provider import Provider
    from orepact.service.pact.desk import Where

LASTS = timedelta(minutes=10)
_NOBODY = "nobody here is known by this provider as you: ask for an invitation, and log in by its link"


@dataclass(frozen=True, slots=True)
class Begun:
    """A login that has begun: the browser goes to ``address`` with ``secret`` in a cookie (Lax, for ``LASTS``)."""

    address: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Back:
    """What the provider sent the browser back with: the parameters of the redirect, "" for those that are not there."""

    state: str = ""
    code: str = field(default="", repr=False)
    iss: str = ""
    error: str = ""


def begin_login(provider: Provider, db: Where = None, *, invitation: str = "") -> Begun:
    """Begin a login; with the secret of an invitation, the user is joined to its account.

    Raises ``Unauthorised`` for an invitation that is used up, over, or none, and when the provider does not answer.
    """
    if invitation:
        show_invitation(invitation, db)
    made = secret.new()
    with opened(db, filled=False) as store:
        address = provider.address(state=_of(made, "state"), nonce=_of(made, "nonce"), verifier=_of(made, "verifier"))
        with store.database.writing() as connection:
            now = store.clock()
            doors.tidy(connection, instant(now), instant(now - throttle.WINDOW))
            ends = instant(now + LASTS)
            doors.add_login(connection, secret.hashed(made), secret.hashed(invitation) if invitation else "", ends)
    return Begun(address, made)


def finish_login(provider: Provider, cookie: str, back: Back, db: Where = None, *, before: str = "") -> LoggedIn:
    """Log in with what the provider sent back to the browser that has the cookie of ``begin_login``; once.

    Raises ``Unauthorised`` for whatever does not fit, in words that do not tell which accounts there are.
    """
    with opened(db, filled=False) as store:
        now = store.clock()
        with store.database.writing() as connection:
            invitation = doors.take_login(connection, secret.hashed(cookie), instant(now))
        if invitation is None or not secret.same(back.state, _of(cookie, "state")):
            raise Unauthorised("this login has ended, or began in another browser: begin again")
        if back.error or not back.code:
            raise Unauthorised("the provider did not let you in: begin again")
        subject = provider.subject(
            code=back.code,
            nonce=_of(cookie, "nonce"),
            verifier=_of(cookie, "verifier"),
            now=int(now.timestamp()),
            issuer=back.iss,
        )
        with changing(store.database) as connection:
            one = people.account_with(connection, oidc_issuer=provider.issuer, oidc_subject=subject)
            if invitation:
                said = {"oidc_issuer": provider.issuer, "oidc_subject": subject}
                one = _joined(connection, one, invitation, said, instant(now))
            if one is None or not one.open_at(instant(now)):
                raise Unauthorised(_NOBODY)
            return begin(connection, store, one, before=before, how="log_in_by_provider")


def _joined(
    connection: Connection, known: Account | None, invitation: str, said: Mapping[str, str], moment: str
) -> Account | None:
    """The account of an invitation, joined to a user of a provider and the invitation used up; None where that cannot be."""
    name = doors.invited(connection, invitation, moment)
    found = people.account_of(connection, name) if name else None
    if found is None or not found.open_at(moment) or (known is not None and known.id != found.id):
        return None
    people.change_account(connection, found.id, **said)
    doors.end_invitations(connection, found.id)
    doors.end_sessions(connection, account=found.id)
    return people.account_of(connection, found.id)


def _of(cookie: str, purpose: str) -> str:
    return secret.derived(cookie, f"oidc {purpose}")
