"""Links of private feeds as rows of the database, each known by the hash of a secret that only its bearer has."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, insert, select, update

from orepact.store.notices_out import feed_link


@dataclass(frozen=True, slots=True)
class FeedLink:
    """What a calendar or a reader of feeds shows: for an account and an organisation, and nothing but its feeds."""

    id: str
    hash: str
    account: str
    organisation: str
    name: str
    created_at: str
    ends_at: str
    used_at: str = ""
    revoked_at: str = ""

    def open_at(self, moment: str) -> bool:
        """Whether it is answered."""
        return not self.revoked_at and moment < self.ends_at


def add(connection: Connection, one: FeedLink) -> None:
    """A new link."""
    connection.execute(insert(feed_link), [asdict(one)])


def shown(connection: Connection, hashed: str) -> FeedLink | None:
    """The link of a secret, by its hash."""
    row = connection.execute(select(feed_link).where(feed_link.c.hash == hashed)).one_or_none()
    return FeedLink(*row) if row else None


def find(connection: Connection, name: str) -> FeedLink | None:
    """A link by its id."""
    row = connection.execute(select(feed_link).where(feed_link.c.id == name)).one_or_none()
    return FeedLink(*row) if row else None


def links_of(connection: Connection, *, account: str = "", organisation: str = "") -> list[FeedLink]:
    """Links of an account, for an organisation, or all."""
    asked = {"account": account, "organisation": organisation}
    query = select(feed_link).where(*(feed_link.c[name] == value for name, value in asked.items() if value))
    return [FeedLink(*row) for row in connection.execute(query.order_by(feed_link.c.created_at, feed_link.c.id))]


def used(connection: Connection, name: str, moment: str) -> None:
    """Somebody came with it."""
    connection.execute(update(feed_link).where(feed_link.c.id == name).values(used_at=moment))


def revoke(connection: Connection, moment: str, **key: str) -> None:
    """Let links open nothing any more: one by its id, or all of an account (for an organisation)."""
    mine = (feed_link.c[name] == value for name, value in key.items())
    connection.execute(update(feed_link).where(feed_link.c.revoked_at == "", *mine).values(revoked_at=moment))
