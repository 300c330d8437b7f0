"""Records with their revisions, and the audit log.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _text(name: str, *, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, TEXT, primary_key=key, nullable=False)


def upgrade() -> None:
    """Make the tables, and refuse that what was written is changed."""
    op.create_table("setting", _text("name", key=True), _text("value"))
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
        *(_text(name) for name in ("at", "actor", "action", "kind", "id")),
        sa.Column("version", sa.Integer, nullable=False),
        *(_text(name) for name in ("content_hash", "previous", "hash")),
    )
    op.create_table(
        "audit_head",
        sa.Column(
            "one", sa.Integer, sa.CheckConstraint("one = 1", name="audit_head_is_one_row"), primary_key=True, autoincrement=False
        ),
        sa.Column("seq", sa.BigInteger, nullable=False),
        _text("hash"),
        _text("at"),
    )
    op.create_table(
        "revision",
        _text("kind", key=True),
        _text("id", key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, sa.ForeignKey("audit.seq", name="revision_in_audit"), nullable=False, unique=True),
        *(_text(name) for name in ("at", "actor", "reason", "content", "salt")),
    )
    op.create_table(
        "record",
        _text("kind", key=True),
        _text("id", key=True),
        sa.Column("version", sa.Integer, nullable=False),
        *(
            _text(name)
            for name in ("title", "state", "owner", "instrument", "article", "due", "label", "changed_at", "changed_by")
        ),
    )
    _guard({"audit": "UPDATE DELETE", "revision": "UPDATE DELETE", "record": "DELETE", "audit_head": "DELETE"})
    head = sa.table("audit_head", *(sa.column(name) for name in ("one", "seq", "hash", "at")))
    op.bulk_insert(head, [{"one": 1, "seq": 0, "hash": "0" * 64, "at": ""}])


def _guard(refused: dict[str, str]) -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    if postgresql:
        op.execute(
            "CREATE FUNCTION orepact_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the register only grows: % of % is refused', TG_OP, TG_TABLE_NAME; END $$"
        )
    for table, deeds in refused.items():
        for deed in deeds.split():
            name = f"{table}_refuses_{deed.lower()}"
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {deed} ON {table} FOR EACH ROW EXECUTE FUNCTION orepact_refuse()"
                if postgresql
                else f"CREATE TRIGGER {name} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'the register only grows: {deed} of {table} is refused'); END"
            )
        if postgresql:
            op.execute(
                f"CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION orepact_refuse()"
            )
