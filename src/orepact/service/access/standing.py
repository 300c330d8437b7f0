"""An account as it stands: for whom it acts, with which roles, who shares with that organisation, where its person sits.

It is found anew when something was done about accounts (every such deed is in the log of access), when the register was changed,
on another day, and after a minute at the latest; in between it is kept, as asking takes as long as many an answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from orepact.errors import Unauthorised
from orepact.pact.records.readers import Reader
from orepact.store import people
from orepact.store.canonical import instant

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from orepact.store.people import Marks
    from orepact.store.store import Store

#: Nothing is kept for longer: whoever changes a table by hand waits so long.
LONGEST = timedelta(minutes=1)
MOST = 4096


@dataclass(frozen=True, slots=True)
class Kept:
    """A reader as he was found: when, and where log and register ended then; ``ends_at``: when the account does."""

    reader: Reader
    at: datetime
    marks: Marks
    ends_at: str


_kept: WeakKeyDictionary[Engine, dict[tuple[str, str], Kept]] = WeakKeyDictionary()
_lock = Lock()


def kept_reader(store: Store, connection: Connection, account: str, organisation: str, marks: Marks) -> Kept:
    """An account acting for an organisation, as it was found a moment ago if nothing happened since: ``marks`` say where the logs
    end now. Raises ``Unauthorised``.
    """
    now, key = store.clock(), (account, organisation)
    with _lock:
        kept = _kept.setdefault(store.database.engine, {})
        found = kept.get(key)
    if found is not None and found.marks == marks and fresh(found.at, now, LONGEST, found.ends_at):
        return found
    reader = reader_for(connection, account, organisation, now)
    one = people.account_of(connection, account)
    with _lock:
        if len(kept) >= MOST:
            kept.clear()
        kept[key] = Kept(reader, now, marks, one.expires_at if one else "")
        return kept[key]


def fresh(at: datetime, now: datetime, longest: timedelta, ends_at: str) -> bool:
    """Whether what was found about somebody at a moment may be told again now, where nothing was written since: on the same day
    (UTC), as roles end with days; for so long at most; and before it ends (``ends_at``: "" for never).
    """
    same_day = at.astimezone(UTC).date() == now.astimezone(UTC).date()
    lasts = not ends_at or instant(now) < ends_at
    return same_day and lasts and timedelta(0) <= now - at < longest


def reader_for(connection: Connection, account: str, organisation: str, now: datetime) -> Reader:
    """An account as it stands, acting for an organisation; for none where it has no role there. Raises ``Unauthorised``."""
    found = people.account_of(connection, account)
    if found is None or not found.open_at(instant(now)):
        raise unknown()
    today = now.astimezone(UTC).date()
    roles = {} if found.guest else roles_on(connection, account, today)
    if organisation not in roles:
        return Reader.holding(account=account, person=found.person, bodies=bodies_of(connection, found.person, "", today))
    shares = (one.owner for one in people.clients_of(connection, organisation=organisation) if lasts(one.until, today))
    return Reader.holding(
        organisation, account=account, person=found.person, roles=roles[organisation],
        community=people.in_community(connection, organisation), client_of=shares,
        bodies=bodies_of(connection, found.person, organisation, today),
    )  # fmt: skip


def roles_on(connection: Connection, account: str, today: date) -> dict[str, frozenset[str]]:
    """The roles of an account on a day, by organisation."""
    found: dict[str, frozenset[str]] = {}
    for one in people.memberships_of(connection, account=account):
        if lasts(one.until, today):
            found[one.organisation] = found.get(one.organisation, frozenset()) | {one.role}
    return found


def lasts(until: str, today: date) -> bool:
    """Whether what holds until a day (inclusive) holds still."""
    return not until or until >= today.isoformat()


def bodies_of(connection: Connection, person: str, organisation: str, today: date) -> tuple[str, ...]:
    """The bodies in which a person sits on a day for an organisation (for any, where none is named)."""
    from orepact.store.loading import stored

    if not person:
        return ()
    found = stored(connection, [("person", person)]).get(("person", person))
    return _seats(found.content, organisation, today) if found else ()


@lru_cache(maxsize=1024)
def _seats(content: str, organisation: str, today: date) -> tuple[str, ...]:
    from orepact.pact.organisations.people import Person

    terms = Person.model_validate_json(content).terms
    mine = (term for term in terms if term.held_on(today) and organisation in ("", term.organisation))
    return tuple(sorted({term.body for term in mine if term.body}))


def unknown() -> Unauthorised:
    """What is said of all that lets nobody in."""
    return Unauthorised("what was shown lets nobody in, or no longer: log in again")
