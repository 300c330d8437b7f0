"""Who may know of each record.

The rows follow from the revisions: after the step the store writes them anew (``orepact.store.derived``).

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0005", "0004"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
COLUMNS = (("record", "reader"), ("record", "keeper"), ("served", "reader"), ("brief", "reader"))
#: Indexes by which lists and counts are made, and what they begin with: a reader is asked for there too.
INDEXES = {
    "record_by_state": ("record", "kind", "id", "state"),
    "record_by_title": ("record", "title", "kind", "id", "state"),
    "record_by_due": ("record", "due", "kind", "id", "state"),
    "record_by_change": ("record", "changed_at", "kind", "id", "state"),
    "served_by_article": ("served", "instrument", "article", "kind", "state", "due", "id"),
}


def upgrade() -> None:
    """Make the table of tokens with their times, and the columns that say the one token of most records."""
    for table, name in COLUMNS:
        op.add_column(table, sa.Column(name, TEXT, nullable=False, server_default=""))
    op.add_column("link", sa.Column("closed", sa.Integer, nullable=False, server_default="0"))
    keys = (sa.Column(name, TEXT, primary_key=True, nullable=False) for name in ("kind", "id", "token", "opens"))
    op.create_table("visible", *keys, sa.Column("ends", TEXT, nullable=False))
    op.create_index("visible_by_token", "visible", ["token", "kind", "id"])
    op.create_index("record_by_reader", "record", ["reader", "kind", "id"])
    for name, (table, *columns) in INDEXES.items():
        op.drop_index(name, table)
        op.create_index(name, table, [*columns, "reader"])
