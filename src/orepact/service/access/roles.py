"""Use cases of what accounts and organisations are to each other: roles, the community, clients of an owner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import TYPE_CHECKING

import pandas as pd

from orepact.errors import BadInput, Conflict, NotFound, Problem
from orepact.service.access import fields
from orepact.service.access.may import OF_THE_REGISTER, ROLES, may
from orepact.service.access.noting import note
from orepact.service.pact.desk import opened
from orepact.service.result import Result
from orepact.store import accounts as tables
from orepact.store import doors, feed_links, outbox, people
from orepact.store.canonical import instant
from orepact.store.people import Account, Client, Membership, changing

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from orepact.pact.records.readers import Reader
    from orepact.service.pact.desk import Where
    from orepact.store.store import Store


def roles_named(names: Sequence[str], reader: Reader | None) -> tuple[str, ...]:
    """The roles of these names, each once; raises ``BadInput`` for others, and for those that are not his to give."""
    his = [role for role in ROLES if reader is None or role not in OF_THE_REGISTER]
    wrong = [name for name in names if name not in his]
    if wrong:
        found = ", ".join(repr(name)[:40] for name in wrong)
        raise BadInput([Problem("role", f"roles among {', '.join(his)}", found, "name one of these")])
    return tuple(dict.fromkeys(names))


def account_seen(connection: Connection, reader: Reader | None, name: str) -> Account:
    """An account that whoever asks knows of: his own, one of his organisation, any for the holder of the database.

    Raises ``NotFound`` for one of others as for none.
    """
    found = people.account_of(connection, name)
    of_his = reader is None or name == reader.account
    if found is not None and not of_his and reader is not None and reader.organisation:
        of_his = bool(people.memberships_of(connection, account=name, organisation=reader.organisation))
    if found is None or not of_his:
        raise NotFound("account", name)
    return found


def give(connection: Connection, store: Store, one: Membership) -> None:
    """A role in place of what stood of it, noted."""
    people.put(connection, tables.membership, one)
    note(connection, store, "give_role", f"{one.account} {one.organisation} {one.role}")


def give_role(account: str, organisation: str, role: str, db: Where = None, *, until: str | None = None) -> Result:
    """Give an account a role in an organisation, until a day (inclusive) where one is named.

    Who lets people in for an organisation gives more roles to those who are of it; the holder of the database gives the first to
    one of others, so that nobody learns here who is of them.

    Raises ``BadInput``, ``NotFound``, ``Forbidden``; ``Conflict`` for a guest, who has none.
    """
    with opened(db, filled=False) as store:
        may(store.reader, "give_role", organisation=organisation)
        _, day, _ = fields.together(
            lambda: roles_named([role], store.reader),
            lambda: fields.until(until, store.clock().astimezone(UTC).date()),
            lambda: fields.demand(store, "organisation", organisation),
        )
        with changing(store.database) as connection:
            found = account_seen(connection, store.reader, account)
            if found.guest:
                raise Conflict([f"account {account}: a guest has no roles; add another account"])
            give(connection, store, Membership(account, organisation, role, day))
        return list_memberships(db, account=account, organisation=organisation)


def end_role(account: str, organisation: str, db: Where = None, *, role: str = "") -> Result:
    """End a role of an account in an organisation, or all of them; with the last one its tokens for that organisation end."""
    with opened(db, filled=False) as store:
        may(store.reader, "give_role", organisation=organisation)
        names = roles_named([role] if role else [], store.reader)
        with changing(store.database) as connection:
            there = people.memberships_of(connection, account=account, organisation=organisation)
            # What the holder of the database gave, he alone takes.
            his = [one.role for one in there if store.reader is None or one.role not in OF_THE_REGISTER]
            ending = [name for name in his if not names or name in names]
            if not ending:
                raise NotFound("role", f"{role or 'any'} of {account} in {organisation}")
            for name in ending:
                people.take(connection, tables.membership, account=account, organisation=organisation, role=name)
            if len(ending) == len(there):
                moment, whose = instant(store.clock()), {"account": account, "organisation": organisation}
                doors.revoke_tokens(connection, moment, **whose)
                feed_links.revoke(connection, moment, **whose)
                outbox.stop(connection, outbox.ENDED, "its account is of the organisation no longer", **whose)
            note(connection, store, "end_role", f"{account} {organisation} {' '.join(ending)}")
        return list_memberships(db, account=account, organisation=organisation)


def list_memberships(db: Where = None, *, account: str = "", organisation: str = "") -> Result:
    """Roles: ``account, organisation, role, until, for``."""
    with opened(db, filled=False) as store:
        mine = organisation or (store.reader.organisation if store.reader is not None else "")
        may(store.reader, "see_accounts", organisation=mine)
        with store.database.reading() as connection:
            found = people.memberships_of(connection, account=account, organisation=mine)
    rows = [(one.account, one.organisation, one.role, one.until, ROLES.get(one.role, "")) for one in found]
    columns = ["account", "organisation", "role", "until", "for"]
    return Result(pd.DataFrame(rows, columns=columns), {"title": f"{len(rows)} role{'' if len(rows) == 1 else 's'}"})


def change_community(organisation: str, db: Where = None, *, leaves: bool = False) -> Result:
    """Take an organisation into the community that sees what is TLP:GREEN, or out of it."""
    with opened(db, filled=False) as store:
        may(store.reader, "change_community")
        fields.demand(store, "organisation", organisation)
        with changing(store.database) as connection:
            if leaves:
                people.take(connection, tables.community, organisation=organisation)
            else:
                people.join_community(connection, organisation)
            note(connection, store, "leave_community" if leaves else "join_community", organisation)
            found = people.the_community(connection)
    title = f"the community: {len(found)} organisation{'' if len(found) == 1 else 's'}"
    return Result(pd.DataFrame({"organisation": found}), {"title": title})


def share_with_client(owner: str, organisation: str, db: Where = None, *, until: str | None = None, ends: bool = False) -> Result:
    """Let an organisation see what is TLP:AMBER of an owner, until a day where one is named; or no longer (``ends``)."""
    with opened(db, filled=False) as store:
        may(store.reader, "share_with_client", organisation=owner)
        day, *_ = fields.together(
            lambda: fields.until(until, store.clock().astimezone(UTC).date()),
            lambda: fields.demand(store, "organisation", owner),
            lambda: fields.demand(store, "organisation", organisation),
            lambda: _two(owner, organisation),
        )
        with changing(store.database) as connection:
            if ends and not people.take(connection, tables.client, owner=owner, organisation=organisation):
                raise NotFound("client", f"{organisation} of {owner}")
            if not ends:
                people.put(connection, tables.client, Client(owner, organisation, day))
            note(connection, store, "end_client" if ends else "share_with_client", f"{owner} {organisation}")
        return list_clients(db, owner=owner)


def _two(owner: str, organisation: str) -> None:
    if owner == organisation:
        raise BadInput([Problem("organisation", "another organisation than the owner", organisation, "name the client")])


def list_clients(db: Where = None, *, owner: str = "") -> Result:
    """With whom an owner shares what is amber: ``owner, organisation, until``."""
    with opened(db, filled=False) as store:
        mine = owner or (store.reader.organisation if store.reader is not None else "")
        may(store.reader, "share_with_client", organisation=mine)
        with store.database.reading() as connection:
            found = people.clients_of(connection, owner=mine)
    rows = [(one.owner, one.organisation, one.until) for one in found]
    title = f"{len(rows)} client{'' if len(rows) == 1 else 's'}{f' of {mine}' if mine else ''}"
    return Result(pd.DataFrame(rows, columns=["owner", "organisation", "until"]), {"title": title})
