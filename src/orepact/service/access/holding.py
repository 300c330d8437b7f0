"""What an account holds for itself, to act with later: tokens, links of feeds, webhooks. Who may make it, see it and end it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from orepact.errors import BadInput, Forbidden, NotFound, Problem
from orepact.service.access.may import may
from orepact.service.access.noting import note
from orepact.service.access.standing import roles_on
from orepact.service.pact.desk import opened
from orepact.store import people
from orepact.store.canonical import instant

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from orepact.pact.records.readers import Reader
    from orepact.service.pact.desk import Where
    from orepact.store.doors import Token
    from orepact.store.feed_links import FeedLink

#: Letters and digits that nobody takes for each other.
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


def new_id() -> str:
    """An id that was not there before."""
    return "".join(secrets.choice(_LETTERS) for _ in range(12))


def demand_own(reader: Reader | None, account: str, organisation: str, what: str) -> None:
    """Raise ``Forbidden`` for who makes it for somebody else, or for an organisation for which he does not act."""
    if reader is not None and (account != reader.account or organisation not in ("", reader.organisation)):
        raise Forbidden(f"{what} are made for one's own account and the organisation for which it acts")


def demand_standing(connection: Connection, account: str, organisation: str, now: datetime) -> None:
    """Raise ``NotFound`` unless an account may get in, ``BadInput`` unless it has a role in the organisation ("": none)."""
    found = people.account_of(connection, account)
    if found is None or not found.open_at(instant(now)):
        raise NotFound("account that is open", account)
    if organisation and organisation not in roles_on(connection, account, now.astimezone(UTC).date()):
        expected = f"one in which {account} has a role"
        raise BadInput([Problem("organisation", expected, organisation[:80], "give a role first")])


def demand_few(reader: Reader | None, alive: int, most: int, what: str, mend: str) -> None:
    """Raise ``BadInput`` for who has as many as he may have; the holder of the database may make more."""
    if reader is not None and alive >= most:
        raise BadInput([Problem(what, f"at most {most} alive", str(alive), mend)])


def account_seen(reader: Reader | None, account: str, organisation: str) -> str:
    """Of which account somebody lists what it holds: his own; of all of an organisation for which he lets people in; as he says
    when he holds the database. Raises ``Forbidden``.
    """
    if reader is None:
        return account
    if organisation:
        may(reader, "see_accounts", organisation=organisation)
        return account
    may(reader, "see_me")
    return reader.account


def end_one(
    name: str,
    db: Where,
    *,
    what: str,
    deed: str,
    find: Callable[[Connection, str], Token | FeedLink | None],
    end: Callable[[Connection, str, str], None],
) -> None:
    """Let a thing of an account open nothing from this moment on: one's own, or one for the organisation for which one lets
    people in. ``find`` it by its name, ``end`` it at a moment; that is written down as the ``deed``.

    Raises ``NotFound`` for others and for none, in the same words.
    """
    with opened(db, filled=False) as store:
        may(store.reader, deed)
        with people.changing(store.database) as connection:
            found = find(connection, name)
            if found is None or not his(found.account, found.organisation, store.reader):
                raise NotFound(what, name[:40])
            if not found.revoked_at:
                end(connection, name, instant(store.clock()))
                note(connection, store, deed, f"{found.account} {name}")


def his(account: str, organisation: str, reader: Reader | None) -> bool:
    """Whether a thing of an account, for an organisation, is somebody's to end: his own, or of his organisation as its admin."""
    if reader is None or account == reader.account:
        return True
    return "admin" in reader.roles and organisation == reader.organisation != ""
