"""The tables of who asks and how he gets in, in the database of the register but no part of it: they change, and no audit entry
follows from them. ``access_log`` alone only grows, as the log of the register does.

Of what is secret (passwords, what a browser or a program shows) there are hashes only. Moments are texts as ``canonical.instant``
writes them, days as ``YYYY-MM-DD``; "" stands for none.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, text

from orepact.store.columns import TEXT, account_column, metadata, text_column, whole_column

account = Table(
    "account",
    metadata,
    text_column("id", key=True),
    text_column("name"),
    text_column("email"),
    text_column("password"),  # as argon2id writes it; "": none, he comes in another way
    text_column("state"),  # active, locked (for a while), closed (for good)
    text_column("person"),  # who he is in the register
    whole_column("guest"),  # 1: of no organisation and not of the community
    text_column("expires_at"),
    text_column("oidc_issuer"),
    text_column("oidc_subject"),
    text_column("created_at"),
)

membership = Table(
    "membership",
    metadata,
    Column("account", TEXT, ForeignKey("account.id"), primary_key=True, nullable=False),
    text_column("organisation", key=True),
    text_column("role", key=True),
    text_column("until"),  # the last day (UTC)
)

#: Organisations whose members are the community of ``TLP:GREEN``.
community = Table("community", metadata, text_column("organisation", key=True))

#: Organisations with whom an owner shares what is ``TLP:AMBER``.
client = Table("client", metadata, text_column("owner", key=True), text_column("organisation", key=True), text_column("until"))

session = Table(
    "session",
    metadata,
    text_column("hash", key=True),
    account_column(),
    text_column("organisation"),  # for which he acts
    text_column("created_at"),
    text_column("seen_at"),
    text_column("ends_at"),
)

token = Table(
    "token",
    metadata,
    text_column("id", key=True),
    text_column("hash"),
    account_column(),
    text_column("organisation"),
    text_column("name"),
    text_column("scopes"),  # with blanks between them
    text_column("created_at"),
    text_column("ends_at"),
    text_column("used_at"),
    text_column("revoked_at"),
)

invitation = Table("invitation", metadata, text_column("hash", key=True), account_column(), text_column("ends_at"))

#: Attempts to get in since a moment, by the hash of what they were made with.
attempt = Table("attempt", metadata, text_column("key", key=True), whole_column("count"), text_column("since"))

#: Logins that wait for another provider to say who it is; ``invitation``: the hash of the one that he came with.
login = Table("login", metadata, text_column("hash", key=True), text_column("invitation"), text_column("ends_at"))

access_log = Table(
    "access_log",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    text_column("at"),
    text_column("account"),
    text_column("use_case"),
    text_column("key"),
    text_column("label"),
    whole_column("exported"),  # 1: it left the register
)

Index("session_by_account", session.c.account)
Index("token_by_account", token.c.account)
Index("membership_by_organisation", membership.c.organisation)
#: No two accounts with one address, of one person or of one user of a provider.
for _name, _columns in (("email", ("email",)), ("person", ("person",)), ("subject", ("oidc_issuer", "oidc_subject"))):
    _there = text(f"{_columns[-1]} <> ''")
    Index(
        f"account_by_{_name}", *(account.c[each] for each in _columns), unique=True, sqlite_where=_there, postgresql_where=_there
    )

#: What a backup carries, in the order in which it can be filled in.
KEPT = (account, membership, community, client, token, access_log)
#: What ends by itself: a register that was restored knows nothing of it.
PASSING = (session, invitation, attempt, login)
