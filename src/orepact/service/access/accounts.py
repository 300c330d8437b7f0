"""Use cases of accounts: add one, see them, lock or close one, see one's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import BadInput, Conflict, Forbidden, NotFound, Problem
from orepact.service.access import fields
from orepact.service.access.may import OF_THE_REGISTER, ROLES, deeds_of, may
from orepact.service.access.noting import note
from orepact.service.access.roles import account_seen, give, roles_named
from orepact.service.pact.desk import opened
from orepact.service.result import Result, Rows
from orepact.store import doors, feed_links, outbox, people
from orepact.store.canonical import instant
from orepact.store.people import ACTIVE, CLOSED, LOCKED, Account, Membership, changing
from orepact.wording import deed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from orepact.pact.records.readers import Reader
    from orepact.service.pact.desk import Where
    from orepact.store.store import Store

BOTH = "give both or neither"
COLUMNS = ("account", "name", "email", "state", "person", "guest", "expires_at", "password", "provider", "created_at", "roles")


@dataclass(frozen=True, slots=True)
class New:
    """An account to be. ``organisation`` with ``roles``, or a ``guest``; ``until``: the last day on which it lets anybody in.

    ``issuer`` and ``subject``: who he is at a provider of OpenID Connect.
    """

    id: str
    name: str
    email: str = ""
    person: str = ""
    organisation: str = ""
    roles: Sequence[str] = ()
    guest: bool = False
    until: str = ""
    issuer: str = ""
    subject: str = ""


def add_account(new: New, db: Where = None) -> Result:
    """Add an account; ``orepact account invite`` lets its bearer choose a password.

    Raises:
        BadInput: every problem of what was said of it.
        Forbidden: by somebody who does not let people in for that organisation; guests are added by the registrar.
        Conflict: there is an account of that id, address, person or user of a provider.
    """
    with opened(db, filled=False) as store:
        if new.guest:
            may(store.reader, "add_guest")
        else:
            may(store.reader, "add_account", organisation=new.organisation)
        one, roles = _checked(store, new)
        with changing(store.database) as connection:
            _demand_new(connection, one)
            people.add_account(connection, one)
            note(connection, store, "add_account", one.id)
            for role in roles:
                give(connection, store, Membership(one.id, new.organisation, role))
        return _shown(
            store, [one.id], f"the account {one.id} is there: invite its bearer with {deed('access.invite', account=one.id)}"
        )


def _checked(store: Store, new: New) -> tuple[Account, tuple[str, ...]]:
    now = store.clock()
    name, address, until, roles, *_ = fields.together(
        lambda: fields.identifier(new.id),
        lambda: fields.email(new.email),
        lambda: fields.until(new.until, now.astimezone(UTC).date()),
        lambda: roles_named(new.roles, store.reader),
        lambda: _fits(new),
        lambda: fields.plain(new.name, "name", "the name of a person", 200),
        lambda: fields.plain(new.issuer, "issuer", "the address of a provider", 300, least=0),
        lambda: fields.plain(new.subject, "subject", "a user of the provider", 255, least=0),
        lambda: fields.demand(store, "organisation", new.organisation) if new.organisation else None,
        lambda: _person(store, new),
    )
    title, ends = new.name.strip(), fields.end_of(until)
    one = Account(
        name, title, address, person=new.person, guest=int(new.guest), expires_at=ends, oidc_issuer=new.issuer,
        oidc_subject=new.subject, created_at=instant(now),
    )  # fmt: skip
    return one, roles


def _fits(new: New) -> None:
    """A guest of no organisation and not for good; roles in an organisation; a user with his provider."""
    roles = ", ".join(new.roles)
    mend = "leave them out: a guest sees what names his person"
    fields.refuse(
        (new.guest and bool(new.organisation or roles), "guest", "no organisation and no roles", new.organisation or roles, mend),
        (new.guest and not new.until, "until", "the last day of a guest", "none", "name it"),
        (bool(roles) != bool(new.organisation), "organisation", "one together with roles in it", new.organisation or roles, BOTH),
        (bool(new.issuer) != bool(new.subject), "subject", "a provider together with its user", new.subject or new.issuer, BOTH),
    )


def _person(store: Store, new: New) -> None:
    """A person of the register; who lets people in for an organisation names those who are of it alone."""
    if not new.person:
        return
    person: Any = store.get("person", new.person)[0]
    if store.reader is not None and not new.guest and {term.organisation for term in person.terms} != {new.organisation}:
        expected = f"a person whose roles on record are all in {new.organisation}"
        raise BadInput([Problem("person", expected, new.person, "let the holder of the database add the account")])


def _demand_new(connection: Connection, one: Account) -> None:
    """Nothing of it is taken; of what is taken, nothing is told but that it is."""
    asked = {
        "id": {"id": one.id}, "email": {"email": one.email}, "person": {"person": one.person},
        "user of the provider": {"oidc_issuer": one.oidc_issuer, "oidc_subject": one.oidc_subject},
    }  # fmt: skip
    taken = [what for what, key in asked.items() if all(key.values()) and people.account_with(connection, **key)]
    if taken:
        raise Conflict([f"an account: its {what} belongs to another" for what in taken])


def list_accounts(db: Where = None, *, organisation: str = "") -> Result:
    """Accounts with a row each: all for the holder of the database, those of his organisation for who lets people in for it."""
    with opened(db, filled=False) as store:
        mine = organisation or (store.reader.organisation if store.reader is not None else "")
        may(store.reader, "see_accounts", organisation=mine)
        with store.database.reading() as connection:
            names = [one.id for one in people.accounts_in(connection, mine)]
        return _shown(store, names, f"{len(names)} account{'' if len(names) == 1 else 's'}{f' of {mine}' if mine else ''}")


def _shown(store: Store, names: Sequence[str], title: str) -> Result:
    """A row each; who lets people in for an organisation is shown their roles there alone."""
    mine = store.reader.organisation if store.reader is not None else ""
    with store.database.reading() as connection:
        found = [one for one in (people.account_of(connection, name) for name in names) if one is not None]
        rows = [_row(one, people.memberships_of(connection, account=one.id, organisation=mine)) for one in found]
    return Result(pd.DataFrame(rows, columns=list(COLUMNS)), {"title": title})


def _row(one: Account, roles: Sequence[Membership]) -> dict[str, Any]:
    words = [f"{each.organisation}: {each.role}{f' until {each.until}' if each.until else ''}" for each in roles]
    return {
        "account": one.id, "name": one.name, "email": one.email, "state": one.state, "person": one.person,
        "guest": bool(one.guest), "expires_at": one.expires_at, "password": bool(one.password), "provider": one.oidc_issuer,
        "created_at": one.created_at, "roles": "; ".join(words),
    }  # fmt: skip


def set_state(name: str, state: str, db: Where = None) -> Result:
    """Lock an account for a while (``locked``), open it again (``active``), or close it for good (``closed``).

    Its sessions end, and with its end its tokens. Raises ``NotFound``, ``Forbidden``, ``Conflict`` for one that is closed.
    """
    if state not in (ACTIVE, LOCKED, CLOSED):
        raise BadInput([Problem("state", "active, locked or closed", repr(state)[:40], "name one of them")])
    with opened(db, filled=False) as store:
        may(store.reader, "close_account")
        with changing(store.database) as connection:
            before = account_seen(connection, store.reader, name)
            demand_whole(connection, store.reader, name)
            if before.state == CLOSED:
                raise Conflict([f"account {name}: closed for good; add another one"])
            people.change_account(connection, name, state=state)
            doors.end_sessions(connection, account=name)
            doors.end_invitations(connection, name)
            if state == CLOSED:
                doors.revoke_tokens(connection, instant(store.clock()), account=name)
                feed_links.revoke(connection, instant(store.clock()), account=name)
                outbox.stop(connection, outbox.ENDED, "its account was closed", account=name)
            note(connection, store, f"account_{state}", name)
        return _shown(store, [name], f"the account {name} is {state}")


def demand_whole(connection: Connection, reader: Reader | None, name: str) -> None:
    """An account that is of other organisations too, or of the register, is not for one of them to open or close."""
    if reader is None:
        return
    roles = people.memberships_of(connection, account=name)
    if any(one.role in OF_THE_REGISTER for one in roles):
        raise Forbidden("this account has a role of the register: it is for the holder of the database")
    if {one.organisation for one in roles} - {reader.organisation}:
        raise Forbidden("this account acts for others too: end its roles in your organisation instead")


def show_me(db: Where = None) -> Result:
    """Who asks: ``organisation, role, until`` of each role, and above it the account, for whom it acts, what it may do."""
    with opened(db, filled=False) as store:
        reader = store.reader
        may(reader, "see_me")
        if reader is None:
            raise BadInput([Problem("account", "somebody who is logged in", "the holder of the database", "log in")])
        with store.database.reading() as connection:
            one = people.account_of(connection, reader.account)
            mine = people.memberships_of(connection, account=reader.account)
    if one is None:
        raise NotFound("account", reader.account)
    rows = [(each.organisation, each.role, each.until, ROLES.get(each.role, "")) for each in mine]
    top = {
        "account": one.id, "name": one.name, "person": one.person, "guest": bool(one.guest), "organisation": reader.organisation,
        "scopes": sorted(reader.scopes) if reader.scopes is not None else None, "may": deeds_of(reader),
    }  # fmt: skip
    return Result(Rows(("organisation", "role", "until", "for"), rows), {"title": one.name}, top)
