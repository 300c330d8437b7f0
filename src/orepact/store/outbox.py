"""Subscriptions of webhooks and what waits to be sent to them, as rows of the database. Each call is one step of a transaction
of the caller.

A row is put out in the transaction of the change that it tells of, so that neither is there without the other. A worker holds a
subscription by a *lease*; when that is over the next may take it, and what the first still writes reaches nothing, as it names
the number of its attempt. So messages of one subscription go one after the other.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, exists, func, insert, select, update

from orepact.store.canonical import instant
from orepact.store.notices_out import outbox, subscription
from orepact.store.tables import audit_head

ACTIVE, DISABLED, ENDED = "active", "disabled", "ended"


@dataclass(frozen=True, slots=True)
class Subscription:
    """To which address changes go, for an account and an organisation; ``kinds``: of records, all when empty."""

    id: str
    account: str
    organisation: str
    name: str
    url: str
    kinds: str
    secret: str = field(repr=False)
    state: str = ACTIVE
    reason: str = ""
    created_at: str = ""
    delivered_at: str = ""
    failures: int = 0
    retry_at: str = ""
    lease_until: str = ""
    attempt: int = 0

    def wants(self, kind: str) -> bool:
        """Whether it is for records of a kind."""
        return not self.kinds or kind in self.kinds.split()


@dataclass(frozen=True, slots=True)
class Message:
    """What waits: a version of a record; of no kind when it only tries the way."""

    id: str
    subscription: str
    seq: int
    at: str
    kind: str = ""
    record: str = ""
    version: int = 0


def new_id() -> str:
    """An id of a message, by which who gets it twice drops one. It counts nothing: numbers would tell of what others write."""
    return f"msg_{secrets.token_hex(16)}"


def add(connection: Connection, one: Subscription) -> None:
    """A new subscription."""
    connection.execute(insert(subscription), [asdict(one)])


def find(connection: Connection, name: str) -> Subscription | None:
    """A subscription by its id."""
    row = connection.execute(select(subscription).where(subscription.c.id == name)).one_or_none()
    return Subscription(*row) if row else None


def subscriptions_of(connection: Connection, *, account: str = "", organisation: str = "") -> list[Subscription]:
    """Subscriptions of an account, for an organisation, or all."""
    asked = {"account": account, "organisation": organisation}
    query = select(subscription).where(*(subscription.c[name] == value for name, value in asked.items() if value))
    return [Subscription(*row) for row in connection.execute(query.order_by(subscription.c.created_at, subscription.c.id))]


def secrets_of(connection: Connection) -> dict[str, str]:
    """The secrets of subscriptions that have not ended, by their ids, as they are kept."""
    rows = connection.execute(select(subscription.c.id, subscription.c.secret).where(subscription.c.state != ENDED))
    return {row.id: row.secret for row in rows}


def keep_secrets(connection: Connection, secrets_: Mapping[str, str]) -> None:
    """Keep secrets in place of those that there were."""
    for name, text in secrets_.items():
        _change(connection, name, secret=text)


def waiting(connection: Connection) -> dict[str, int]:
    """How many messages wait, by subscription."""
    rows = connection.execute(select(outbox.c.subscription, func.count()).group_by(outbox.c.subscription))
    return {name: number for name, number in rows}  # noqa: C416  a row is no pair to ``dict``


def put_out(connection: Connection, changes: Iterable[Mapping[str, Any]]) -> None:
    """Put a message in line for each change (keys of ``revision``) and each subscription to records of its kind.

    Whether its reader may see the record is asked as it is sent, with what he may see then.
    """
    rows = connection.execute(select(subscription).where(subscription.c.state == ACTIVE)).all()
    listening = [Subscription(*row) for row in rows]
    found = [
        Message(new_id(), one.id, each["seq"], each["at"], each["kind"], each["id"], each["version"])
        for each in changes
        for one in listening
        if one.wants(each["kind"])
    ]
    if found:
        connection.execute(insert(outbox), [asdict(message) for message in found])


def last_seq(connection: Connection) -> int:
    """The number of the last change: what is put in line with it comes after all changes that are there."""
    return connection.execute(select(audit_head.c.seq)).scalar() or 0


def put(connection: Connection, one: Message) -> None:
    """Put one message in line."""
    connection.execute(insert(outbox), [asdict(one)])


def take(connection: Connection, now: datetime, lease_s: float) -> Subscription | None:
    """A subscription for which something waits, held by this worker for so long; the one that waits longest first."""
    moment = instant(now)
    some = exists(select(outbox.c.id).where(outbox.c.subscription == subscription.c.id))
    ready = (subscription.c.state == ACTIVE, subscription.c.retry_at <= moment, subscription.c.lease_until <= moment, some)
    query = select(subscription).where(*ready).order_by(subscription.c.retry_at, subscription.c.id).limit(1)
    row = connection.execute(query.with_for_update(skip_locked=True, key_share=True, of=subscription)).first()
    if row is None:
        return None
    found = Subscription(*row)
    until = instant(now + timedelta(seconds=lease_s))
    _change(connection, found.id, lease_until=until, attempt=found.attempt + 1)
    return find(connection, found.id)


def any_left(connection: Connection, now: datetime) -> bool:
    """Whether a worker could send something now: asked before ``take``, which keeps others from writing."""
    moment = instant(now)
    ready = (subscription.c.state == ACTIVE, subscription.c.retry_at <= moment, subscription.c.lease_until <= moment)
    query = select(outbox.c.id).join(subscription, subscription.c.id == outbox.c.subscription).where(*ready).limit(1)
    return connection.execute(query).first() is not None


def next_of(connection: Connection, name: str) -> Message | None:
    """The message of a subscription that is first in line."""
    mine = select(outbox).where(outbox.c.subscription == name).order_by(outbox.c.seq, outbox.c.id).limit(1)
    row = connection.execute(mine).one_or_none()
    return Message(*row) if row else None


def done(connection: Connection, one: Subscription, message: str, now: datetime, lease_s: float, *, delivered: bool) -> bool:
    """A message is out of the line, and the subscription held for longer; False when another worker has it by now."""
    values: dict[str, Any] = {"failures": 0, "lease_until": instant(now + timedelta(seconds=lease_s))}
    values |= {"delivered_at": instant(now), "reason": ""} if delivered else {}
    if not _held(connection, one, **values):
        return False
    connection.execute(delete(outbox).where(outbox.c.id == message))
    return True


def let_go(connection: Connection, one: Subscription, now: datetime) -> bool:
    """Others may have it: its turn comes after those who wait."""
    return _held(connection, one, lease_until="", retry_at=instant(now))


def failed(connection: Connection, one: Subscription, failures: int, retry_at: datetime, reason: str) -> bool:
    """The first message in line did not arrive: when to try again, and why it failed."""
    return _held(connection, one, failures=failures, retry_at=instant(retry_at), reason=reason, lease_until="")


def disable(connection: Connection, one: Subscription, reason: str) -> bool:
    """Send no more, and let go of what waits; False when another worker has it by now."""
    if not _held(connection, one, state=DISABLED, reason=reason, lease_until=""):
        return False
    connection.execute(delete(outbox).where(outbox.c.subscription == one.id))
    return True


def stop(connection: Connection, state: str, reason: str, **key: str) -> None:
    """End or disable subscriptions, one by its id or all of an account (for an organisation), whoever holds them."""
    mine = [subscription.c[name] == value for name, value in key.items()]
    gone = select(subscription.c.id).where(subscription.c.state != ENDED, *mine)
    connection.execute(delete(outbox).where(outbox.c.subscription.in_(gone)))
    values = {"state": state, "reason": reason, "lease_until": "", "attempt": subscription.c.attempt + 1}
    values |= {"secret": ""} if state == ENDED else {}  # nothing is signed with it any more
    connection.execute(update(subscription).where(subscription.c.state != ENDED, *mine).values(values))


def resume(connection: Connection, name: str) -> None:
    """Send again from now on."""
    _change(connection, name, state=ACTIVE, reason="", failures=0, retry_at="", lease_until="")


def disable_all(connection: Connection, reason: str) -> None:
    """Send nothing from this database until somebody says so: it is a copy."""
    connection.execute(update(subscription).where(subscription.c.state == ACTIVE).values(state=DISABLED, reason=reason))


def _change(connection: Connection, name: str, **values: Any) -> None:
    connection.execute(update(subscription).where(subscription.c.id == name).values(**values))


def _held(connection: Connection, one: Subscription, **values: Any) -> bool:
    mine = (subscription.c.id == one.id, subscription.c.attempt == one.attempt, subscription.c.state == ACTIVE)
    return bool(connection.execute(update(subscription).where(*mine).values(**values)).rowcount)
