"""What boards need of commitments and projects, by instrument; lists that know the state in every order.

The rows follow from the revisions: after the step the store writes them anew (``orepact.store.derived``).

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0004", "0003"

#: Each order of a list by the column that it begins with.
ORDERS = {"record_by_title": "title", "record_by_due": "due", "record_by_change": "changed_at"}
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table and the index by which a changed record finds its rows; add the state to the orders of lists."""
    columns = (sa.Column(name, TEXT, nullable=False) for name in ("kind", "id", "instrument", "content"))
    op.create_table("brief", *columns, sa.PrimaryKeyConstraint("instrument", "kind", "id"), sqlite_with_rowid=False)
    op.create_index("brief_by_record", "brief", ["kind", "id"])
    op.create_index("record_by_state", "record", ["kind", "id", "state"])
    for name, column in ORDERS.items():
        op.drop_index(name, "record")
        op.create_index(name, "record", [column, "kind", "id", "state"])
