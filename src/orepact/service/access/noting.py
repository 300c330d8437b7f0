"""The log of what was done about accounts, who got in, and what left the register: rows that only grow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.service.access import fields
from orepact.service.access.may import may
from orepact.service.result import Result
from orepact.store.canonical import instant
from orepact.store.people import Deed, Which, changing, deeds
from orepact.store.people import note as write
from orepact.wording import field

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from orepact.service.pact.desk import Where
    from orepact.store.store import Store

MOST = 1000
COLUMNS = ("seq", "at", "account", "use_case", "key", "label", "exported")


def note(connection: Connection, store: Store, use_case: str, key: str, *, label: str = "", exported: bool = False) -> None:
    """Write down that whoever asks did something to something, in the transaction of doing it (``people.changing``)."""
    who = store.reader.account if store.reader is not None else ""
    write(connection, Deed(instant(store.clock()), who, use_case, key[:200], label, int(exported)))


def note_export(use_case: str, key: str, label: str, db: Where = None) -> None:
    """Write down what leaves the register, before it does, with the strictest label in it."""
    from orepact.service.pact.desk import opened

    with opened(db, filled=False) as store:
        may(store.reader, "export")
        with changing(store.database) as connection:
            note(connection, store, use_case, key, label=label, exported=True)


def access_log(
    db: Where = None,
    *,
    key: str = "",
    account: str = "",
    deeds_of: Sequence[str] = (),
    exported: bool = False,
    since: str | None = None,
    newest: bool = False,
    after: int = 0,
    limit: int = 100,
) -> Result:
    """Entries of the log, with a column for each of ``COLUMNS``: all for the auditor and the holder of the database, for an
    account those of what it did itself.

    About one thing (``key``), by one account, of some use cases (``deeds_of``), of what left the register alone (``exported``),
    since a day; in their order, or the ``newest`` first. ``after``: the number of the entry that the page before ended with,
    which ``meta["after"]`` told. Raises ``BadInput``, ``Forbidden``.
    """
    from orepact.service.pact.desk import opened
    from orepact.service.rules import day_of

    with opened(db, filled=False) as store:
        may(store.reader, "see_me" if _own(store, account) else "audit")
        fields.refuse(
            (not 0 <= after < 2**53, "after", "the number of an entry", str(after)[:40], "begin after 0"),
            (not 1 <= limit <= MOST, "limit", f"1 to {MOST}", str(limit)[:40], f"ask for the next with {field('after')}"),
        )
        day = day_of(since).isoformat() if since is not None else ""
        which = Which(
            key=key, account=account, use_cases=tuple(deeds_of), exported=exported, since=day, after=after, newest=newest
        )
        with store.database.reading() as connection:
            there = deeds(connection, which, limit=limit + 1)
    found: list[dict[str, Any]] = [{name: getattr(one, name) for name in COLUMNS} for one in there[:limit]]
    data = pd.DataFrame(found, columns=list(COLUMNS))
    data["exported"] = data["exported"].astype(bool)
    more = {"after": there[limit - 1].seq} if len(there) > limit else {}
    return Result(data, {"title": f"{len(data)} entries of the log of access", **more})


def _own(store: Store, account: str) -> bool:
    """Whether somebody asks for what he did himself, and for nothing else."""
    return store.reader is not None and bool(account) and account == store.reader.account
