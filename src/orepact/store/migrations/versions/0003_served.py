"""Every article that a record serves, not its first alone.

The rows follow from the revisions: after the step the store writes them anew (``orepact.store.derived``).

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0003", "0002"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table and its index, which takes the place of that on the first article."""
    keys = (sa.Column(name, TEXT, primary_key=True, nullable=False) for name in ("kind", "id", "instrument", "article"))
    op.create_table("served", *keys, *(sa.Column(name, TEXT, nullable=False) for name in ("state", "due")))
    op.create_index("served_by_article", "served", ["instrument", "article", "kind", "state", "due", "id"])
    op.drop_index("record_by_article", "record")
