"""Use cases of feeds: alerts as Atom for all who ask, and by secret links alerts and calendars for those whose links they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from orepact.errors import NotFound, StoreUnavailable, Unauthorised
from orepact.interchange.atom import Entry, Feed, atom
from orepact.interchange.made import strictest
from orepact.pact.records.readers import moment_of
from orepact.service.access import secret, standing
from orepact.service.pact.desk import Desk, opened, seeing
from orepact.service.rules import day_of
from orepact.service.sharing.alerts import alerts
from orepact.service.sharing.leaving import open_label, outside, staying
from orepact.store import feed_links
from orepact.store.canonical import instant

if TYPE_CHECKING:
    from datetime import date

    from orepact.service.pact.desk import Where
    from orepact.service.sharing.alerts import Alert
    from orepact.store.store import Store

#: Entries of a feed at most: readers of feeds ask again and keep what they were told.
MOST = 200
#: That a link was used is noted once in so long.
NOTED = timedelta(minutes=10)
#: What an address without a name of its own is called.
HOME = "http://127.0.0.1:8000"
PATH = "/api/v1"


def alert_feed(db: Where = None, *, on: str | None = None, organisations: Sequence[str] = (), home: str = HOME) -> bytes:
    """The alerts that who asks may see, on a day, as an Atom feed; ``home``: the address of the service.

    The holder of the database makes it for the public, or for ``organisations``.
    """
    with opened(db) as store:
        day = _today(store) if on is None and store.reader is not None else day_of(on)
        return _feed(seeing(store, organisations, day), day, home, "feeds/alerts.atom")


def private_alerts(shown: str, db: Where = None, *, home: str = HOME) -> bytes:
    """The same for the account of a secret link, as it stands now; raises ``NotFound`` for all that opens nothing."""
    with opened(db, filled=False) as store:
        theirs = _by_link(store, shown)
        return _feed(theirs, _today(theirs), home, "")


def private_calendar(shown: str, body: str, db: Where = None, *, language: str = "en") -> bytes:
    """The calendar of a body for the account of a secret link; raises ``NotFound``."""
    from orepact.service.pact.governing import calendar_bytes

    with opened(db, filled=False) as store:
        theirs = _by_link(store, shown)
        day = _today(theirs).isoformat()
        return calendar_bytes(body, Desk(theirs, theirs.reader), on=day, language=language, leaving=True)


def _by_link(store: Store, shown: str) -> Store:
    """The register as the account of a link sees it; whatever is wrong reads the same."""
    now = store.clock()
    with store.database.reading() as connection:
        found = feed_links.shown(connection, secret.hashed(shown))
        if found is None or not found.open_at(instant(now)):
            raise _unknown()
        try:
            reader = standing.reader_for(connection, found.account, found.organisation, now)
        except Unauthorised:
            raise _unknown() from None
        if found.organisation != reader.organisation:
            raise _unknown()  # he is no longer of the organisation that the link is for
    if found.used_at <= instant(now - NOTED):
        _noted(store, found.id, instant(now))
    return replace(store, reader=None).seen_by(outside(replace(reader, scopes=frozenset({"read"}), now=now)))


def _unknown() -> NotFound:
    return NotFound("feed", "of this address")


def _noted(store: Store, name: str, moment: str) -> None:
    """Write down that somebody came; when the database cannot write now, he is answered all the same."""
    try:
        with store.database.writing() as connection:
            feed_links.used(connection, name, moment)
    except StoreUnavailable:
        return


def _today(store: Store) -> date:
    """The day on which a reader asks, in UTC."""
    assert store.reader is not None, "the holder of the database names the day, or it is that of his machine"
    return moment_of(store.reader).astimezone(UTC).date()


def _feed(store: Store, on: date, home: str, path: str) -> bytes:
    store = store if store.reader is None else replace(store, reader=outside(store.reader))
    found = alerts(store, on)
    closed = [(one.kind, one.id) for one in found if not open_label(one.label)]
    left = staying(store, closed) if closed else frozenset()
    told = [one for one in found if (one.kind, one.id) not in left][:MOST]
    whose = store.reader.organisation if store.reader is not None else ""
    host = urlsplit(home).hostname or "orepact"
    return atom(
        Feed(
            id=f"tag:{host},2026:alerts{f'/{whose}' if whose else ''}",
            title=f"Alerts{f' for {whose}' if whose else ''}",
            author=f"The register at {host}",
            entries=[_entry(one, host, home) for one in told],
            rights=strictest(one.label for one in told),
            self_link=f"{home}{PATH}/{path}" if path else "",
        )
    )


def _entry(one: Alert, host: str, home: str) -> Entry:
    title = f"Overdue: {one.title}" if one.overdue else one.title
    return Entry(
        id=f"tag:{host},2026:{one.kind}/{one.id}",
        title=title,
        updated=one.since,
        summary=one.words,
        link=f"{home}{PATH}/records/{one.kind}/{one.id}",
        rights=one.label,
        categories=tuple(dict.fromkeys((one.sort, one.kind, *(["overdue"] if one.overdue else [])))),
    )
