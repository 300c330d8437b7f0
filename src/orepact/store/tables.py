"""The tables of the register, of plain texts and whole numbers only, so that a row is the same on every database.

``revision`` and ``audit`` only ever grow: triggers refuse to change or delete their rows. All else follows from them: ``record``
is the line of each record's last revision, ``link`` its references, ``served`` the articles that it serves, ``brief`` what boards
read of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
)

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

#: Text that compares and sorts by code point everywhere.
TEXT: TypeEngine[str] = Text().with_variant(Text(collation="C"), "postgresql")
#: The due date of what has none, so that it sorts last and no bound reaches it.
NO_DUE_DATE = "9999-12-31"

metadata = MetaData()


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, TEXT, primary_key=key, nullable=False)


setting = Table("setting", metadata, _text("name", key=True), _text("value"))

audit = Table(
    "audit",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    _text("at"),
    _text("actor"),
    _text("action"),
    _text("kind"),
    _text("id"),
    Column("version", Integer, nullable=False),
    _text("content_hash"),
    _text("previous"),
    _text("hash"),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("one", Integer, CheckConstraint("one = 1", name="audit_head_is_one_row"), primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    _text("hash"),
    _text("at"),
)

revision = Table(
    "revision",
    metadata,
    _text("kind", key=True),
    _text("id", key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, ForeignKey("audit.seq", name="revision_in_audit"), nullable=False, unique=True),
    _text("at"),
    _text("actor"),
    _text("reason"),
    _text("content"),
    _text("salt"),
)

record = Table(
    "record",
    metadata,
    _text("kind", key=True),
    _text("id", key=True),
    Column("version", Integer, nullable=False),
    _text("title"),
    _text("state"),
    _text("owner"),
    _text("instrument"),
    _text("article"),
    _text("due"),
    _text("label"),
    _text("changed_at"),
    _text("changed_by"),
    Column("search", TEXT, nullable=False, server_default=""),
)

link = Table(
    "link",
    metadata,
    _text("kind", key=True),
    _text("id", key=True),
    _text("relation", key=True),
    _text("target", key=True),
)

#: A row for each instrument and article under which a record falls, ("", "") where it falls under none; state and due date stand
#: here again, so that counts need no other table.
served = Table(
    "served",
    metadata,
    _text("kind", key=True),
    _text("id", key=True),
    _text("instrument", key=True),
    _text("article", key=True),
    _text("state"),
    _text("due"),
)

#: A row for each instrument with which a record has to do, of kinds that boards read in brief: sorted by instrument,
#: so that those of one lie together.
brief = Table(
    "brief",
    metadata,
    _text("kind"),
    _text("id"),
    _text("instrument"),
    _text("content"),
    PrimaryKeyConstraint("instrument", "kind", "id"),
    sqlite_with_rowid=False,
)

# The orders of lists, each with the state: lines in another state are passed over without being read.
Index("record_by_state", record.c.kind, record.c.id, record.c.state)
Index("record_by_title", record.c.title, record.c.kind, record.c.id, record.c.state)
Index("record_by_due", record.c.due, record.c.kind, record.c.id, record.c.state)
Index("record_by_change", record.c.changed_at, record.c.kind, record.c.id, record.c.state)
Index("record_by_owner", record.c.owner, record.c.kind, record.c.due)
Index("link_by_target", link.c.target, link.c.kind, link.c.id)
Index(
    "served_by_article",
    served.c.instrument, served.c.article, served.c.kind, served.c.state, served.c.due, served.c.id,
)  # fmt: skip
Index("brief_by_record", brief.c.kind, brief.c.id)

#: In the order in which rows can be filled in.
TABLES = (setting, audit, audit_head, revision, record, link, served, brief)
