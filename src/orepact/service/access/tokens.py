"""Use cases of tokens: what a program shows to act for an account, one organisation and some scopes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd

from orepact.errors import Forbidden
from orepact.service.access import fields, secret
from orepact.service.access.callers import PREFIX
from orepact.service.access.holding import account_seen, demand_few, demand_own, demand_standing, end_one, new_id
from orepact.service.access.may import SCOPES, may
from orepact.service.access.noting import note
from orepact.service.pact.desk import opened
from orepact.service.result import Result
from orepact.store import doors
from orepact.store.canonical import instant
from orepact.store.people import changing

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from orepact.service.pact.desk import Where
    from orepact.store.doors import Token

DAYS, LONGEST_DAYS = 90, 366
#: Tokens of an account that are alive at a time, so that a program which makes one at each start is noticed.
MOST = 50
COLUMNS = ("token", "account", "organisation", "name", "scopes", "created_at", "ends_at", "used_at", "revoked_at")


@dataclass(frozen=True, slots=True)
class Made:
    """A new token: ``text`` is what a program shows, told this once."""

    id: str
    ends_at: str
    text: str = field(repr=False)


def make_token(
    account: str, db: Where = None, *, name: str, scopes: Sequence[str] = ("read",), organisation: str = "", days: int = DAYS
) -> Made:
    """A token for an account that acts for an organisation ("": for none), with these scopes, for so many days.

    Who is logged in makes them for himself, for the organisation for which he acts, with no scope that he has not; by a token it
    takes the scope ``admin``, so that one that was found makes no others.

    Raises:
        BadInput: scopes or days that there are not.
        Forbidden: for another account or organisation, or with more scopes than one's own.
        NotFound: no such account.
    """
    with opened(db, filled=False) as store:
        reader = store.reader
        may(reader, "make_token")
        _check(name, scopes, days)
        demand_own(reader, account, organisation, "tokens")
        if reader is not None and reader.scopes is not None and set(scopes) - reader.scopes:
            raise Forbidden("a token makes none with more scopes than its own")
        now = store.clock()
        text, ends = secret.new(), instant(now + timedelta(days=days))
        with changing(store.database) as connection:
            demand_standing(connection, account, organisation, now)
            alive = sum(one.open_at(instant(now)) for one in doors.tokens_of(connection, account=account))
            demand_few(reader, alive, MOST, "tokens", "revoke those that no program uses")
            made = Made(new_id(), ends, text)
            words = " ".join(scope for scope in SCOPES if scope in scopes)
            doors.add_token(
                connection,
                doors.Token(made.id, secret.hashed(text), account, organisation, name.strip(), words, instant(now), ends),
            )
            note(connection, store, "make_token", f"{account} {made.id}")
    return Made(made.id, ends, f"{PREFIX}_{made.id}_{text}")


def _check(name: str, scopes: Sequence[str], days: int) -> None:
    fields.plain(name, "name", "what the token is for", 100)
    other = sorted(set(scopes) - set(SCOPES))
    found = ", ".join(other)[:80] or "none"
    fields.refuse(
        (not scopes or bool(other), "scopes", f"some of {', '.join(SCOPES)}", found, "name these"),
        (not 0 < days <= LONGEST_DAYS, "days", f"1 to {LONGEST_DAYS}", str(days), "make a new one when it ends"),
    )


def list_tokens(db: Where = None, *, account: str = "", organisation: str = "") -> Result:
    """Tokens without what is secret of them: one's own; those for an organisation for who lets people in for it; any of them for
    the holder of the database.
    """
    with opened(db, filled=False) as store:
        reader = store.reader
        account = account_seen(reader, account, organisation)
        with store.database.reading() as connection:
            found = doors.tokens_of(connection, account=account, organisation=organisation)
    data = pd.DataFrame([_row(one) for one in found], columns=list(COLUMNS))
    return Result(data, {"title": f"{len(data)} token{'' if len(data) == 1 else 's'}"})


def _row(one: Token) -> tuple[str, ...]:
    return (
        one.id, one.account, one.organisation, one.name, one.scopes, one.created_at, one.ends_at, one.used_at, one.revoked_at,
    )  # fmt: skip


def revoke_token(token: str, db: Where = None) -> None:
    """Let a token open nothing from this moment on: one's own, or one for the organisation for which one lets people in.

    Raises ``NotFound`` for others and for none, in the same words.
    """
    end_one(token, db, what="token", deed="revoke_token", find=doors.token_of, end=_end)


def _end(connection: Connection, token: str, moment: str) -> None:
    doors.change_token(connection, token, revoked_at=moment)
