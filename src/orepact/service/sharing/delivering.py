"""``Deliverer``: sends what waits, in order and at least once, and gives up on who takes nothing for days."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import TYPE_CHECKING

from orepact.errors import BadInput, StoreUnavailable, Unauthorised
from orepact.service.access import standing
from orepact.service.logs import fault
from orepact.service.sharing import signing
from orepact.service.sharing.addresses import Unreachable, to_loopback
from orepact.service.sharing.leaving import outside
from orepact.service.sharing.posting import Way, post
from orepact.service.sharing.sealed import secret_of
from orepact.service.sharing.telling import body_of
from orepact.store import outbox
from orepact.store.queue import clock_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from orepact.pact.records.readers import Reader
    from orepact.store.outbox import Message, Subscription
    from orepact.store.store import Store

#: Seconds until a message is tried again: the first, the factor from one to the next, the longest.
FIRST_S, FACTOR, LONGEST_S = 5.0, 4.0, 86_400.0
#: A receiver may be away for so many tries (three days) before nothing more is sent to it.
TRIES = 11
#: Messages of one subscription that are sent before another has its turn.
TURN = 50
#: How long a subscription is held for one message: longer than that can take.
LEASE_S = 60.0
LOOK_S = 1.0
GONE = 410
FAULT = "our fault: the log of the sender says more"
NO_KEY = "its secret cannot be opened here: the log of the sender says which key is missing"
NOBODY = "its account lets nobody in now, or is of that organisation no longer"


def pause_s(failures: int) -> float:
    """Seconds after so many failures in a row (at least 1), without what chance adds.

    >>> [pause_s(number) for number in (1, 2, 3, 8, 9)]
    [5.0, 20.0, 80.0, 81920.0, 86400.0]
    """
    return min(FIRST_S * FACTOR ** (failures - 1), LONGEST_S)


def _nobody(_: str) -> None:
    """Tell nobody."""


@dataclass
class Deliverer:
    """One sender on a register that its holder opened; ``clock``: what time it is, by the database unless a test says so."""

    store: Store
    way: Way = field(default_factory=lambda: Way(loopback=to_loopback()))
    tell: Callable[[str], None] = _nobody
    clock: Callable[[Connection], datetime] = clock_of
    stopping: Event = field(default_factory=Event)

    def run(self, *, once: bool = False) -> int:
        """Send until ``stopping`` is set, or with ``once`` until nothing is left that could be sent now; how many arrived."""
        arrived = 0
        while not self.stopping.is_set():
            one = self._next()
            if one is not None:
                arrived += self._attend(one)
            elif once:
                break
            else:
                self.stopping.wait(LOOK_S)
        return arrived

    def _next(self) -> Subscription | None:
        try:
            with self.store.database.reading() as connection:
                if not outbox.any_left(connection, self.clock(connection)):
                    return None
            with self.store.database.writing() as connection:
                return outbox.take(connection, self.clock(connection), LEASE_S)
        except StoreUnavailable as away:
            self.tell(f"waiting for the database: {away.why}")
            self.stopping.wait(LOOK_S)
            return None

    def _attend(self, one: Subscription) -> int:
        """Send the messages of a subscription, the first first, until one fails or others have waited long enough."""
        arrived = 0
        try:
            for _ in range(TURN):
                if self.stopping.is_set():
                    break
                delivered = self._one(one)
                if delivered is None:
                    return arrived
                arrived += delivered
                one = replace(one, failures=0)
            self._write(lambda connection: outbox.let_go(connection, one, self.clock(connection)))
        except StoreUnavailable as away:  # what was sent and could not be noted is sent again, under the same id
            self.tell(f"waiting for the database: {away.why}")
            self.stopping.wait(LOOK_S)
        except Exception as error:  # noqa: BLE001  one message that cannot be told holds up no others
            fault(error, f"{one.id}: a message could not be told")
            with suppress(StoreUnavailable):
                self._failed(one, FAULT)
        return arrived

    def _one(self, one: Subscription) -> bool | None:
        """Deal with the first message in line: whether it went out; None when this worker is through with the subscription."""
        with self.store.database.reading() as connection:
            message = outbox.next_of(connection, one.id)
            reader = self._reader(connection, one)
        if message is None:
            self._write(lambda connection: outbox.let_go(connection, one, self.clock(connection)))
            return None
        if reader is None:
            self._disable(one, NOBODY)
            return None
        body = body_of(self.store, message, reader)
        if body is not None and not self._sent(one, message, body):
            return None
        with self.store.database.writing() as connection:
            now = self.clock(connection)
            kept = outbox.done(connection, one, message.id, now, LEASE_S, delivered=body is not None)
        if body is not None:
            self.tell(f"{one.id}: {message.id} arrived")
        return body is not None if kept else None

    def _reader(self, connection: Connection, one: Subscription) -> Reader | None:
        """Who reads what is sent, as he stands now."""
        try:
            found = standing.reader_for(connection, one.account, one.organisation, self.store.clock())
        except Unauthorised:
            return None
        return outside(replace(found, scopes=frozenset({"read"}))) if found.organisation == one.organisation else None

    def _sent(self, one: Subscription, message: Message, body: bytes) -> bool:
        try:
            secret = secret_of(self.store, one)
        except StoreUnavailable as gone:  # of the file of keys, not of the database
            self.tell(f"{one.id}: {gone}")
            return self._failed(one, NO_KEY)
        try:
            headers = signing.headers(secret, message.id, int(time.time()), body)
            status = post(one.url, body, headers, self.way)
        except Unreachable as error:
            return self._failed(one, str(error))
        except BadInput as error:
            return self._disable(one, f"the address is not taken any more: {error.problems[0].found}")
        if status == GONE:
            return self._disable(one, "the receiver said that it is gone (410)")
        return 200 <= status < 300 or self._failed(one, f"the receiver answered {status}")

    def _failed(self, one: Subscription, reason: str) -> bool:
        failures = one.failures + 1
        if failures >= TRIES:
            return self._disable(one, f"{reason}, {failures} times in a row")
        pause = pause_s(failures) * random.uniform(1.0, 1.1)  # noqa: S311  so that not all come back at once
        self.tell(f"{one.id}: {reason}; again in {pause:.0f} s")
        self._write(
            lambda connection: outbox.failed(connection, one, failures, self.clock(connection) + timedelta(seconds=pause), reason)
        )
        return False

    def _disable(self, one: Subscription, reason: str) -> bool:
        self.tell(f"{one.id}: {reason}; nothing more is sent")
        self._write(lambda connection: outbox.disable(connection, one, reason))
        return False

    def _write(self, change: Callable[[Connection], object]) -> None:
        with self.store.database.writing() as connection:
            change(connection)


@contextmanager
def deliver_beside(store: Store, tell: Callable[[str], None] = _nobody) -> Iterator[None]:
    """Send in a thread of its own for as long as the block lasts: a run of hours holds up no message."""
    found = Deliverer(store, tell=tell)
    thread = Thread(target=found.run, name="webhooks", daemon=True)
    thread.start()
    try:
        yield
    finally:
        found.stopping.set()
        thread.join(found.way.whole_s + LEASE_S)
