"""Of which records the versions are not the same for all who see them.

The rows follow from the revisions: after the step the store writes them anew (``orepact.store.derived``).

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0011", "0010"


def upgrade() -> None:
    """Add the column."""
    op.add_column("record", sa.Column("apart", sa.Integer, nullable=False, server_default="0"))
