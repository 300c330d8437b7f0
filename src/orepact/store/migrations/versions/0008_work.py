"""Jobs, their answers, and claims that organisations lay over the facts.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0008", "0007"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _text(name: str, *, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, TEXT, primary_key=key, nullable=False)


def _whole(name: str, *, key: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, primary_key=key, nullable=False, autoincrement=False)


def upgrade() -> None:
    """Make the tables."""
    asked = ("use_case", "organisation", "account", "label", "request", "request_hash", "state")
    standing = ("created_at", "started_at", "ended_at", "error")
    op.create_table(
        "job", _text("id", key=True), *map(_text, asked), *map(_whole, ("priority", "attempt", "lost")),
        *map(_text, ("worker", "lease_until")), _whole("progress"), _text("step"), *map(_whole, ("cancel", "time_limit_s")),
        *map(_text, standing),
    )  # fmt: skip
    key = ("organisation", "request_hash")
    op.create_table(
        "result", *(_text(name, key=True) for name in key), *map(_text, ("manifest", "manifest_hash")),
        *map(_whole, ("bytes", "took_ms")), _text("made_at"),
    )  # fmt: skip
    content = sa.Column("content", sa.LargeBinary, nullable=False)
    op.create_table("part", *(_text(name, key=True) for name in (*key, "name")), content)
    op.create_table(
        "overlay", _text("owner", key=True), _text("name", key=True), _whole("version", key=True),
        *map(_text, ("label", "sha256", "claims", "sources")), _whole("rows"),
        *map(_text, ("created_at", "created_by", "ended_at")),
    )  # fmt: skip
    op.create_index("job_in_line", "job", ["state", "priority", "created_at"])
    op.create_index("job_by_organisation", "job", ["organisation", "created_at", "id"])
    op.create_index("job_by_served", "job", ["organisation", "started_at"])
    op.create_index("job_by_question", "job", [*key])
    waits = sa.text("state IN ('queued', 'running')")
    op.create_index("job_once", "job", [*key], unique=True, sqlite_where=waits, postgresql_where=waits)
