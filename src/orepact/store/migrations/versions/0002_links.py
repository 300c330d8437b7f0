"""References between records, and a text to search by.

Both follow from the revisions: after the step the store writes them anew (``orepact.store.derived``).

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INDEXES = {
    "record_by_title": ("record", "title", "kind", "id"),
    "record_by_due": ("record", "due", "kind", "id"),
    "record_by_change": ("record", "changed_at", "kind", "id"),
    "record_by_owner": ("record", "owner", "kind", "due"),
    "record_by_article": ("record", "instrument", "article", "kind", "state", "due"),
    "link_by_target": ("link", "target", "kind", "id"),
}


def upgrade() -> None:
    """Make the table of references, the column to search, and the indexes that lists and counts go by."""
    op.create_table(
        "link", *(sa.Column(name, TEXT, primary_key=True, nullable=False) for name in ("kind", "id", "relation", "target"))
    )
    op.add_column("record", sa.Column("search", TEXT, nullable=False, server_default=""))
    for name, (table, *columns) in INDEXES.items():
        op.create_index(name, table, columns)
