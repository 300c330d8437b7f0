"""The audit log as readers see it: entries of the versions that they may see, page by page.

They have no numbers, which would tell of entries between them: a page ends with a mark that names its last entry. To whom much is
open, the log is walked from there on; to whom little is, his records are looked up and their entries with them, so that a page
costs what he sees, however long the log is.

An auditor sees the chain, numbers and hashes of all entries; what those are about that he may not see, he is not told either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, func, select

from orepact.errors import BadInput, Problem
from orepact.pact.records.readers import admitted
from orepact.store.access import keys_of, seen_there
from orepact.store.chain import AuditEntry
from orepact.store.derived import read_content
from orepact.store.tables import audit, revision

if TYPE_CHECKING:
    from orepact.pact.records.readers import Reader

#: The mark of an entry: which version of which record it is about.
#: To whom so many records at most are open, his entries are looked up by them: more take longer to gather than the log to walk.
FEW = 5000
#: So many entries are read at a time where no limit is given, and named in one question.
BATCH = 500
MARK = re.compile(r"(?P<kind>[a-z_]+)/(?P<id>\S{1,120})=(?P<version>[0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class LogPage:
    """Entries in order, without number and hash, and where the next page begins (None after the last)."""

    entries: tuple[AuditEntry, ...]
    after: str | None


def log_page(connection: Connection, reader: Reader, after: str | None, limit: int | None) -> LogPage:
    """The entries that follow the one of a mark, all with ``limit`` None; raises ``BadInput`` for one that no page gave him."""
    start = 0 if after is None else _place(connection, reader, after)
    found: list[AuditEntry] = []
    for entry in _entries(connection, reader, start, BATCH if limit is None else min(limit + 1, BATCH)):
        if len(found) == limit:
            return LogPage(tuple(found), mark_of(found[-1]))
        found.append(replace(entry, seq=0, content_hash="", previous="", hash=""))
    return LogPage(tuple(found), None)


def chain_page(connection: Connection, reader: Reader | None, after: int, limit: int | None) -> tuple[AuditEntry, ...]:
    """The entries that follow a number; those of what a reader may not see without actor, action and record (version 0)."""
    there = seen_there(audit.c.kind, audit.c.id, reader)
    if reader is None:
        rows = connection.execute(select(audit).where(audit.c.seq > after, there).order_by(audit.c.seq).limit(limit))
        return tuple(AuditEntry(*row) for row in rows)
    query = select(audit, revision.c.content, there.label("there")).join(revision, revision.c.seq == audit.c.seq)
    found = []
    for *values, content, seen in connection.execute(query.where(audit.c.seq > after).order_by(audit.c.seq).limit(limit)):
        entry = AuditEntry(*values)
        told = seen and admitted(read_content(entry.kind, entry.id, content), reader)
        found.append(entry if told else replace(entry, actor="", action="", kind="", id="", version=0))
    return tuple(found)


def mark_of(entry: AuditEntry) -> str:
    """The mark of an entry."""
    return f"{entry.kind}/{entry.id}={entry.version}"


def _place(connection: Connection, reader: Reader, mark: str) -> int:
    """The number of a marked entry. One that he may not see is as one that is not there."""
    found = MARK.fullmatch(mark)
    if found is not None:
        mine = (revision.c.kind == found["kind"], revision.c.id == found["id"], revision.c.version == int(found["version"]))
        query = select(revision.c.seq, revision.c.content).where(*mine, seen_there(revision.c.kind, revision.c.id, reader))
        for seq, content in connection.execute(query):
            if admitted(read_content(found["kind"], found["id"], content), reader):
                return int(seq)
    raise BadInput([Problem("after", "the mark of a page of the log", repr(mark)[:60], "begin without one")])


def _entries(connection: Connection, reader: Reader, start: int, batch: int) -> Iterator[AuditEntry]:
    """Entries after a number, a batch of the database at a time."""
    few = _few(connection, reader, start)
    for rows in _walked(connection, reader, start, batch) if few is None else _named(connection, reader, few, batch):
        for *values, content in rows:
            entry = AuditEntry(*values)
            if admitted(read_content(entry.kind, entry.id, content), reader):
                yield entry


def _few(connection: Connection, reader: Reader, start: int) -> list[int] | None:
    """The numbers of the entries after one that are about what a reader sees, in order; None where he sees more than ``FEW``."""
    mine = keys_of(reader).limit(FEW + 1).subquery()
    if connection.execute(select(func.count()).select_from(mine)).scalar_one() > FEW:
        return None
    place = (revision.c.kind == mine.c.kind) & (revision.c.id == mine.c.id)
    return sorted({seq for seq in connection.execute(select(revision.c.seq).join(mine, place)).scalars() if seq > start})


def _named(connection: Connection, reader: Reader, seqs: list[int], batch: int) -> Iterator[Sequence[Any]]:
    query = _told(reader)
    for begin in range(0, len(seqs), batch):
        yield connection.execute(query.where(audit.c.seq.in_(seqs[begin : begin + batch]))).all()


def _walked(connection: Connection, reader: Reader, start: int, batch: int) -> Iterator[Sequence[Any]]:
    query = _told(reader).limit(batch)
    while rows := connection.execute(query.where(audit.c.seq > start)).all():
        yield rows
        start = rows[-1].seq


def _told(reader: Reader) -> Select[Any]:
    """Entries of what a reader sees, in order, each with the content of its version."""
    entries = select(audit, revision.c.content).join(revision, revision.c.seq == audit.c.seq)
    return entries.where(seen_there(audit.c.kind, audit.c.id, reader)).order_by(audit.c.seq)
