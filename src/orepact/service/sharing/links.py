"""Use cases of feed links: what a calendar or a reader of feeds shows, which can do nothing but read the feeds of its account."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd

from orepact.service.access import fields, secret
from orepact.service.access.holding import account_seen, demand_few, demand_own, demand_standing, end_one, new_id
from orepact.service.access.may import may
from orepact.service.access.noting import note
from orepact.service.pact.desk import opened
from orepact.service.result import Result
from orepact.store import feed_links
from orepact.store.canonical import instant
from orepact.store.feed_links import FeedLink
from orepact.store.people import changing

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from orepact.service.pact.desk import Where

DAYS, LONGEST_DAYS = 366, 366
#: Links of an account that are alive at a time.
MOST = 20
COLUMNS = ("link", "account", "organisation", "name", "created_at", "ends_at", "used_at", "revoked_at")


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A new link: ``secret`` stands in the addresses ``/api/v1/feeds/SECRET/alerts.atom`` and ``.../BODY.ics``, told once."""

    id: str
    ends_at: str
    secret: str = field(repr=False)


def make_link(account: str, db: Where = None, *, name: str, organisation: str | None = None, days: int = DAYS) -> MadeLink:
    """A link to the feeds of an account that acts for an organisation ("": for none), for so many days.

    Who is logged in makes them for himself, for the organisation for which he acts; by a token it takes the scope ``admin``.
    Raises ``BadInput``, ``Forbidden``, ``NotFound``.
    """
    with opened(db, filled=False) as store:
        reader = store.reader
        may(reader, "make_feed_link")
        organisation = organisation or ""
        fields.plain(name, "name", "what the link is for", 100)
        fields.refuse((not 0 < days <= LONGEST_DAYS, "days", f"1 to {LONGEST_DAYS}", str(days), "make a new one when it ends"))
        demand_own(reader, account, organisation, "links")
        now = store.clock()
        text, made_at = secret.new(), instant(now)
        made = MadeLink(new_id(), instant(now + timedelta(days=days)), text)
        with changing(store.database) as connection:
            demand_standing(connection, account, organisation, now)
            alive = sum(one.open_at(made_at) for one in feed_links.links_of(connection, account=account))
            demand_few(reader, alive, MOST, "links", "end those that nobody reads")
            one = FeedLink(made.id, secret.hashed(text), account, organisation, name.strip(), made_at, made.ends_at)
            feed_links.add(connection, one)
            note(connection, store, "make_feed_link", f"{account} {made.id}")
    return made


def list_links(db: Where = None, *, account: str = "", organisation: str = "") -> Result:
    """Links without what is secret of them: one's own; those for an organisation for who lets people in for it; any of them for
    the holder of the database.
    """
    with opened(db, filled=False) as store:
        reader = store.reader
        account = account_seen(reader, account, organisation)
        with store.database.reading() as connection:
            found = feed_links.links_of(connection, account=account, organisation=organisation)
    rows = [
        (one.id, one.account, one.organisation, one.name, one.created_at, one.ends_at, one.used_at, one.revoked_at)
        for one in found
    ]
    data = pd.DataFrame(rows, columns=list(COLUMNS))
    return Result(data, {"title": f"{len(data)} feed link{'' if len(data) == 1 else 's'}"})


def end_link(link: str, db: Where = None) -> None:
    """Let a link open nothing from this moment on: one's own, or one for the organisation for which one lets people in.

    Raises ``NotFound`` for others and for none, in the same words.
    """
    end_one(link, db, what="feed link", deed="end_feed_link", find=feed_links.find, end=_end)


def _end(connection: Connection, link: str, moment: str) -> None:
    feed_links.revoke(connection, moment, id=link)
