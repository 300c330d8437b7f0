"""Accounts, what they belong to, how they get in, and the log of what was done and taken out.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0006", "0005"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _text(name: str, *, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, TEXT, primary_key=key, nullable=False)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _of_account(*, key: bool = False) -> sa.Column[str]:
    return sa.Column("account", TEXT, sa.ForeignKey("account.id"), primary_key=key, nullable=False)


def upgrade() -> None:
    """Make the tables, and refuse that the log is changed."""
    words = ("name", "email", "password", "state", "person")
    others = ("expires_at", "oidc_issuer", "oidc_subject", "created_at")
    op.create_table("account", _text("id", key=True), *map(_text, words), _whole("guest"), *map(_text, others))
    op.create_table("membership", _of_account(key=True), _text("organisation", key=True), _text("role", key=True), _text("until"))
    op.create_table("community", _text("organisation", key=True))
    op.create_table("client", _text("owner", key=True), _text("organisation", key=True), _text("until"))
    times = ("created_at", "seen_at", "ends_at")
    op.create_table("session", _text("hash", key=True), _of_account(), _text("organisation"), *map(_text, times))
    rest = ("organisation", "name", "scopes", "created_at", "ends_at", "used_at", "revoked_at")
    op.create_table("token", _text("id", key=True), _text("hash"), _of_account(), *map(_text, rest))
    op.create_table("invitation", _text("hash", key=True), _of_account(), _text("ends_at"))
    op.create_table("attempt", _text("key", key=True), _whole("count"), _text("since"))
    op.create_table("login", _text("hash", key=True), _text("invitation"), _text("ends_at"))
    seq = sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False)
    said = ("at", "account", "use_case", "key", "label")
    op.create_table("access_log", seq, *map(_text, said), _whole("exported"))
    _index()
    _guard("access_log")


def _index() -> None:
    op.create_index("session_by_account", "session", ["account"])
    op.create_index("token_by_account", "token", ["account"])
    op.create_index("membership_by_organisation", "membership", ["organisation"])
    for name, columns in (("email", ["email"]), ("person", ["person"]), ("subject", ["oidc_issuer", "oidc_subject"])):
        there = sa.text(f"{columns[-1]} <> ''")
        op.create_index(f"account_by_{name}", "account", columns, unique=True, sqlite_where=there, postgresql_where=there)


def _guard(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for deed, rows in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{deed.lower()} BEFORE {deed} ON {table} "
                f"FOR EACH {rows} EXECUTE FUNCTION orepact_refuse()"
            )
        return
    for deed in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_refuses_{deed.lower()} BEFORE {deed} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'the register only grows: {deed} of {table} is refused'); END"
        )
