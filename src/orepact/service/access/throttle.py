"""How often somebody may try to get in: by name and address together, by name, and by address; counted in the database, so that
several servers count together.

An attempt is counted before the password is looked at: many at once gain nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from orepact.errors import TooMany
from orepact.service.access.secret import hashed
from orepact.store.canonical import instant

if TYPE_CHECKING:
    from orepact.store.store import Store


@dataclass(frozen=True, slots=True)
class Limit:
    """So many attempts in so many seconds."""

    most: int
    seconds: int


#: One who mistypes; one address that tries many names; many addresses that try one name.
LIMITS = {"pair": Limit(5, 60), "address": Limit(60, 60), "name": Limit(100, 3600)}
#: The longest of them.
WINDOW = timedelta(seconds=max(limit.seconds for limit in LIMITS.values()))


def keys_of(name: str, address: str) -> dict[str, str]:
    """What is counted: hashes, so that a copy of the table shows neither names nor addresses at a glance."""
    whole = {"pair": f"{name}\n{address}", "address": address, "name": name}
    return {kind: hashed(f"{kind}\n{text}") for kind, text in whole.items()}


def count(store: Store, name: str, address: str) -> None:
    """Note an attempt; raises ``TooMany`` when there were too many, with the seconds until one is free again."""
    from orepact.store.doors import tried

    now = store.clock()
    waits = []
    with store.database.writing() as connection:
        for kind, key in sorted(keys_of(name, address).items()):
            limit = LIMITS[kind]
            found = tried(connection, key, instant(now), instant(now - timedelta(seconds=limit.seconds)))
            if found.count > limit.most:
                since = datetime.fromisoformat(found.since)
                waits.append(limit.seconds - (now - since).total_seconds())
    if waits:
        raise TooMany("too many attempts to log in", retry_after=max(waits))


def forget(store: Store, name: str, address: str) -> None:
    """He is in: what he mistyped before counts no more. What the address tried with other names does."""
    from orepact.store.doors import forget_attempts

    keys = keys_of(name, address)
    with store.database.writing() as connection:
        forget_attempts(connection, [keys["pair"], keys["name"]])
