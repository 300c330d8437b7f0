"""Changes that were asked for with a key of their own.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0007", "0006"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table."""
    keys = (sa.Column(name, TEXT, primary_key=True, nullable=False) for name in ("account", "key"))
    texts = {name: sa.Column(name, TEXT, nullable=False) for name in ("request", "answer", "versions", "at")}
    status = sa.Column("status", sa.Integer, nullable=False)
    op.create_table("repeat", *keys, texts["request"], status, texts["answer"], texts["versions"], texts["at"])
    op.create_index("repeat_by_time", "repeat", ["at"])
