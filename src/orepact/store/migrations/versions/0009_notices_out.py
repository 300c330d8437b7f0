"""Links of private feeds, webhooks with what waits to be sent, and the sums of a day.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0009", "0008"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _text(name: str, *, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, TEXT, primary_key=key, nullable=False)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _of(table: str) -> sa.Column[str]:
    return sa.Column(table, TEXT, sa.ForeignKey(f"{table}.id"), nullable=False)


def upgrade() -> None:
    """Make the tables."""
    moments = ("created_at", "ends_at", "used_at", "revoked_at")
    op.create_table(
        "feed_link", _text("id", key=True), _text("hash"), _of("account"), *map(_text, ("organisation", "name", *moments)),
    )  # fmt: skip
    said = ("organisation", "name", "url", "kinds", "secret", "state", "reason", "created_at", "delivered_at")
    op.create_table(
        "subscription", _text("id", key=True), _of("account"), *map(_text, said), _whole("failures"),
        *map(_text, ("retry_at", "lease_until")), _whole("attempt"),
    )  # fmt: skip
    op.create_table(
        "outbox", _text("id", key=True), _of("subscription"), sa.Column("seq", sa.BigInteger, nullable=False),
        *map(_text, ("at", "kind", "record")), _whole("version"),
    )  # fmt: skip
    op.create_table("pool_told", _text("pool", key=True), _text("day", key=True), _text("marks"), _text("told"))
    op.create_index("feed_link_by_hash", "feed_link", ["hash"], unique=True)
    op.create_index("feed_link_by_account", "feed_link", ["account"])
    op.create_index("subscription_by_organisation", "subscription", ["organisation"])
    op.create_index("outbox_in_order", "outbox", ["subscription", "seq", "id"])
