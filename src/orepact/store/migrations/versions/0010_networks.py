"""Network packages that organisations keep under a name.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0010", "0009"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _text(name: str, *, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, TEXT, primary_key=key, nullable=False)


def _whole(name: str, *, key: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, primary_key=key, nullable=False, autoincrement=False)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "network", _text("owner", key=True), _text("name", key=True), _whole("version", key=True),
        *map(_text, ("label", "sha256", "content", "title")), *map(_whole, ("files", "bytes")),
        *map(_text, ("created_at", "created_by", "ended_at")),
    )  # fmt: skip
