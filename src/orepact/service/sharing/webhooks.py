"""Use cases of webhooks: an organisation is told of changes at an address of its own, as who subscribed may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from orepact.errors import BadInput, Conflict, NotFound, Problem
from orepact.service.access import fields
from orepact.service.access.holding import account_seen, demand_few, demand_own, demand_standing, his, new_id
from orepact.service.access.may import may
from orepact.service.access.noting import note
from orepact.service.pact.desk import opened
from orepact.service.result import Result
from orepact.service.sharing.addresses import demand_reachable, to_loopback
from orepact.service.sharing.sealed import sealed
from orepact.service.sharing.signing import new_secret
from orepact.store import outbox
from orepact.store.canonical import instant
from orepact.store.outbox import ACTIVE, DISABLED, ENDED, Message, Subscription
from orepact.store.people import changing
from orepact.wording import deed

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from orepact.service.pact.desk import Where
    from orepact.store.store import Store

#: Subscriptions of an account that have not ended.
MOST = 20
COLUMNS = (
    "webhook", "account", "organisation", "name", "url", "kinds", "state", "reason", "waiting", "failures", "retry_at",
    "delivered_at", "created_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MadeWebhook:
    """A new subscription: ``secret`` is what its messages are signed with, told this once."""

    id: str
    url: str
    secret: str = field(repr=False)


def subscribe(
    account: str, db: Where = None, *, url: str, name: str, kinds: Sequence[str] = (), organisation: str | None = None
) -> MadeWebhook:
    """Send changes of records of some kinds (of all when none is named) to an address, from now on, as an account that acts for
    an organisation ("": for none) may see them.

    Who is logged in does it for himself; by a token it takes the scope ``admin``, as what is sent outlives the token.
    Raises ``BadInput`` with every problem, ``Forbidden``, ``NotFound``.
    """
    with opened(db, filled=False) as store:
        reader, organisation = store.reader, organisation or ""
        may(reader, "subscribe")
        fields.together(
            lambda: fields.plain(name, "name", "what the webhook is for", 100),
            lambda: demand_reachable(url, loopback=to_loopback()),
            lambda: _demand_kinds(kinds),
        )
        demand_own(reader, account, organisation, "webhooks")
        now = store.clock()
        asked = " ".join(sorted(set(kinds)))
        secret = new_secret()
        one = Subscription(new_id(), account, organisation, name.strip(), url, asked, "", created_at=instant(now))
        with changing(store.database) as connection:
            demand_standing(connection, account, organisation, now)
            mine = outbox.subscriptions_of(connection, account=account)
            alive = sum(each.state != ENDED for each in mine)
            demand_few(reader, alive, MOST, "webhooks", "end some")
            outbox.add(connection, replace(one, secret=sealed(store, connection, one.id, secret)))
            note(connection, store, "subscribe", f"{account} {one.id} {url}")
    return MadeWebhook(one.id, url, secret)


def _demand_kinds(kinds: Sequence[str]) -> None:
    from orepact.pact.records.kinds import kinds as every

    unknown = sorted(set(kinds) - set(every()))
    if unknown:
        found = ", ".join(unknown)[:80]
        raise BadInput([Problem("kinds", f"kinds of records ({deed('pact.list_kinds')})", found, "name these, or none for all")])


def list_webhooks(db: Where = None, *, account: str = "", organisation: str = "") -> Result:
    """Subscriptions without their secrets: one's own; those for an organisation for who lets people in for it; any of them for
    the holder of the database. ``reason``: why the last message did not arrive, or why nothing is sent any more.
    """
    with opened(db, filled=False) as store:
        reader = store.reader
        account = account_seen(reader, account, organisation)
        with store.database.reading() as connection:
            found = outbox.subscriptions_of(connection, account=account, organisation=organisation)
            left = outbox.waiting(connection) if reader is None else {}
    rows = [
        (
            one.id, one.account, one.organisation, one.name, one.url, one.kinds, one.state, one.reason, left.get(one.id, 0),
            one.failures, one.retry_at if one.failures else "", one.delivered_at, one.created_at,
        )
        for one in found
    ]  # fmt: skip
    data = pd.DataFrame(rows, columns=list(COLUMNS))
    # How much waits counts changes that its reader may not see: it is for the holder of the database.
    data = data if reader is None else data.drop(columns=["waiting"])
    return Result(data, {"title": f"{len(data)} webhook{'' if len(data) == 1 else 's'}"})


def try_webhook(webhook: str, db: Where = None) -> Result:
    """Put a message in line that says nothing, to try the way. Raises ``NotFound``, ``Conflict`` for one that sends no more."""
    with opened(db, filled=False) as store:
        may(store.reader, "subscribe")
        with changing(store.database) as connection:
            one = _mine(connection, store, webhook)
            if one.state != ACTIVE:
                raise Conflict([f"webhook {one.id} is {one.state}: resume it first"])
            moment = instant(store.clock())
            seq = outbox.last_seq(connection)
            outbox.put(connection, Message(outbox.new_id(), one.id, seq, moment))
            note(connection, store, "try_webhook", f"{one.account} {one.id}")
    return _told(one, "a message without content is in line")


def resume_webhook(webhook: str, db: Where = None) -> Result:
    """Let a subscription send again that was disabled; what happened meanwhile is not sent. Raises ``NotFound``, ``Conflict``."""
    with opened(db, filled=False) as store:
        may(store.reader, "subscribe")
        with changing(store.database) as connection:
            one = _mine(connection, store, webhook)
            if one.state == ENDED:
                raise Conflict([f"webhook {one.id} has ended: subscribe anew"])
            if one.state == DISABLED:
                outbox.resume(connection, one.id)
                note(connection, store, "resume_webhook", f"{one.account} {one.id}")
    return _told(one, "it sends what happens from now on")


def end_webhook(webhook: str, db: Where = None) -> None:
    """Send nothing more, for good. Raises ``NotFound`` for those of others and for none, in the same words."""
    with opened(db, filled=False) as store:
        may(store.reader, "subscribe")
        with changing(store.database) as connection:
            one = _mine(connection, store, webhook)
            if one.state != ENDED:
                outbox.stop(connection, ENDED, "ended", id=one.id)
                note(connection, store, "end_webhook", f"{one.account} {one.id}")


def _mine(connection: Connection, store: Store, name: str) -> Subscription:
    found = outbox.find(connection, name)
    if found is None or not his(found.account, found.organisation, store.reader):
        raise NotFound("webhook", name[:40])
    return found


def _told(one: Subscription, words: str) -> Result:
    return Result(pd.DataFrame([{"webhook": one.id, "url": one.url}]), {"title": f"{one.id}: {words}"})
