"""The tables of what goes out by itself: links of private feeds, subscriptions of webhooks with what waits to be sent, and the
sums of a day. They stand in the database of the register and are no part of it.

Moments are texts as ``canonical.instant`` writes them; "" stands for none.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table

from orepact.store.columns import TEXT, account_column, metadata, text_column, whole_column

#: A private feed: what its address holds is known as a hash alone.
feed_link = Table(
    "feed_link",
    metadata,
    text_column("id", key=True),
    text_column("hash"),
    account_column(),
    text_column("organisation"),
    text_column("name"),
    text_column("created_at"),
    text_column("ends_at"),
    text_column("used_at"),
    text_column("revoked_at"),
)

subscription = Table(
    "subscription",
    metadata,
    text_column("id", key=True),
    account_column(),
    text_column("organisation"),
    text_column("name"),
    text_column("url"),
    text_column("kinds"),  # with blanks between them; "": all
    text_column("secret"),  # sealed (``service.access.sealing``); "" once it has ended
    text_column("state"),  # active, disabled (with a reason), ended (for good)
    text_column("reason"),
    text_column("created_at"),
    text_column("delivered_at"),
    whole_column("failures"),  # of the message that is first in line
    text_column("retry_at"),
    text_column("lease_until"),  # from then on another worker may send
    whole_column("attempt"),  # how often a worker took it: whoever writes must know the last number
)

#: What waits to be sent: which version of which record, not what it says; that is asked as it is sent. A row without a kind is a
#: message to try the way.
outbox = Table(
    "outbox",
    metadata,
    text_column("id", key=True),
    Column("subscription", TEXT, ForeignKey("subscription.id"), nullable=False),
    Column("seq", BigInteger, nullable=False),
    text_column("at"),
    text_column("kind"),
    text_column("record"),
    whole_column("version"),
)

#: What was told of a pool on a day (JSON), so that all who ask on that day are told the same; ``marks``: by which rules.
pool_told = Table(
    "pool_told", metadata, text_column("pool", key=True), text_column("day", key=True), text_column("marks"), text_column("told")
)

Index("feed_link_by_hash", feed_link.c.hash, unique=True)
Index("feed_link_by_account", feed_link.c.account)
Index("subscription_by_organisation", subscription.c.organisation)
Index("outbox_in_order", outbox.c.subscription, outbox.c.seq, outbox.c.id)

#: What a backup carries.
KEPT = (feed_link, subscription)
#: A restored register sends nothing that the first one sent, and works out sums anew.
PASSING = (outbox, pool_told)
