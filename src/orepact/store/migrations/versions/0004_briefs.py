"""What boards need of commitments and projects, by instrument.

The rows follow from the revisions: after the step the store writes them anew (``orepact.store.derived``).

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0004", "0003"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table and the index by which a changed record finds its rows."""
    columns = (sa.Column(name, TEXT, nullable=False) for name in ("kind", "id", "instrument", "content"))
    op.create_table("brief", *columns, sa.PrimaryKeyConstraint("instrument", "kind", "id"), sqlite_with_rowid=False)
    op.create_index("brief_by_record", "brief", ["kind", "id"])
