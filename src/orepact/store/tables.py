"""The tables of the register, of plain texts and whole numbers only, so that a row is the same on every database.

``revision`` and ``audit`` only ever grow: triggers refuse to change or delete their rows. All else follows from them: ``record``
is the line of each record's last revision, ``link`` its references, ``served`` the articles that it serves, ``brief`` what boards
read of it, ``visible`` who may know of it where that is more than one token.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
)

from orepact.store.columns import TEXT, metadata, text_column

#: The due date of what has none, so that it sorts last and no bound reaches it.
NO_DUE_DATE = "9999-12-31"
#: The begin and the end of what holds always.
NO_BEGIN, NO_END = "", "9999-12-31T23:59:59.999999Z"

setting = Table("setting", metadata, text_column("name", key=True), text_column("value"))

audit = Table(
    "audit",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    text_column("at"),
    text_column("actor"),
    text_column("action"),
    text_column("kind"),
    text_column("id"),
    Column("version", Integer, nullable=False),
    text_column("content_hash"),
    text_column("previous"),
    text_column("hash"),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("one", Integer, CheckConstraint("one = 1", name="audit_head_is_one_row"), primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    text_column("hash"),
    text_column("at"),
)

revision = Table(
    "revision",
    metadata,
    text_column("kind", key=True),
    text_column("id", key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, ForeignKey("audit.seq", name="revision_in_audit"), nullable=False, unique=True),
    text_column("at"),
    text_column("actor"),
    text_column("reason"),
    text_column("content"),
    text_column("salt"),
)

record = Table(
    "record",
    metadata,
    text_column("kind", key=True),
    text_column("id", key=True),
    Column("version", Integer, nullable=False),
    text_column("title"),
    text_column("state"),
    text_column("owner"),
    text_column("instrument"),
    text_column("article"),
    text_column("due"),
    text_column("label"),
    text_column("changed_at"),
    text_column("changed_by"),
    Column("search", TEXT, nullable=False, server_default=""),
    Column("reader", TEXT, nullable=False, server_default=""),  # the one token that always sees it; "": ask ``visible``
    Column("keeper", TEXT, nullable=False, server_default=""),  # the owner of its label, else of the record
    Column("apart", Integer, nullable=False, server_default="0"),  # 1: who sees it may not be told all of its versions
)

link = Table(
    "link",
    metadata,
    text_column("kind", key=True),
    text_column("id", key=True),
    text_column("relation", key=True),
    text_column("target", key=True),
    Column("closed", Integer, nullable=False, server_default="0"),  # 1: a field with a label of its own names it
)

#: A row for each instrument and article under which a record falls, ("", "") where it falls under none; state and due date stand
#: here again, so that counts need no other table.
served = Table(
    "served",
    metadata,
    text_column("kind", key=True),
    text_column("id", key=True),
    text_column("instrument", key=True),
    text_column("article", key=True),
    text_column("state"),
    text_column("due"),
    Column("reader", TEXT, nullable=False, server_default=""),
)

#: From when on and until when a token sees a record.
visible = Table(
    "visible",
    metadata,
    text_column("kind", key=True),
    text_column("id", key=True),
    text_column("token", key=True),
    text_column("opens", key=True),
    text_column("ends"),
)

#: A row for each instrument with which a record has to do, of kinds that boards read in brief: sorted by instrument,
#: so that those of one lie together. Without content where fields are closed: the record itself is read then.
brief = Table(
    "brief",
    metadata,
    text_column("kind"),
    text_column("id"),
    text_column("instrument"),
    text_column("content"),
    Column("reader", TEXT, nullable=False, server_default=""),
    PrimaryKeyConstraint("instrument", "kind", "id"),
    sqlite_with_rowid=False,
)

# The orders of lists, each with the state and the reader: lines in another state or of others are passed over without being read.
Index("record_by_state", record.c.kind, record.c.id, record.c.state, record.c.reader)
Index("record_by_title", record.c.title, record.c.kind, record.c.id, record.c.state, record.c.reader)
Index("record_by_due", record.c.due, record.c.kind, record.c.id, record.c.state, record.c.reader)
Index("record_by_change", record.c.changed_at, record.c.kind, record.c.id, record.c.state, record.c.reader)
Index("record_by_owner", record.c.owner, record.c.kind, record.c.due)
Index("link_by_target", link.c.target, link.c.kind, link.c.id)
Index(
    "served_by_article",
    served.c.instrument, served.c.article, served.c.kind, served.c.state, served.c.due, served.c.id, served.c.reader,
)  # fmt: skip
Index("brief_by_record", brief.c.kind, brief.c.id)
Index("record_by_reader", record.c.reader, record.c.kind, record.c.id)
Index("visible_by_token", visible.c.token, visible.c.kind, visible.c.id)

#: In the order in which rows can be filled in.
TABLES = (setting, audit, audit_head, revision, record, link, served, brief, visible)
