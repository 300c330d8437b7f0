"""The audit log as readers see it: entries of the versions that they may see, page by page.

They have no numbers, which would tell of entries between them: a page ends with a mark that names its last entry. To whom much is
open, the log is walked from there on; to whom little is, his records are looked up and their entries with them, so that a page
costs what he sees, however long the log is.

An auditor sees the chain, numbers and hashes of all entries; what those are about that he may not see, he is not told either.
Versions have their own numbers there, as the hashes are made of them: so he alone sees that a record was changed where he is not
told what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, func, select

from orepact.errors import BadInput, Problem
from orepact.pact.records.readers import admitted
from orepact.store.access import keys_of, seen_there
from orepact.store.chain import AuditEntry
from orepact.store.derived import read_content
from orepact.store.tables import audit, record, revision
from orepact.store.told import versions_told

if TYPE_CHECKING:
    from orepact.pact.records.readers import Reader
    from orepact.pact.records.register import Key
    from orepact.store.told import Told

#: The mark of an entry: which version of which record it is about.
#: To whom so many records at most are open, his entries are looked up by them: more take longer to gather than the log to walk.
FEW = 5000
#: So many entries are read at a time where no limit is given, and named in one question.
BATCH = 500
_FIELDS = len(AuditEntry.__dataclass_fields__)
#: What an entry says was done.
ADD, CHANGE = "add", "change"
MARK = re.compile(r"(?P<kind>[a-z_]+)/(?P<id>\S{1,120})=(?P<version>[0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class LogPage:
    """Entries in order, without number and hash, and where the next page begins (None after the last)."""

    entries: tuple[AuditEntry, ...]
    after: str | None


def log_page(connection: Connection, reader: Reader, after: str | None, limit: int | None) -> LogPage:
    """The entries that follow the one of a mark, all with ``limit`` None; raises ``BadInput`` for one that no page gave him."""
    telling = Telling(connection, reader)
    start = 0 if after is None else _place(telling, after)
    found: list[AuditEntry] = []
    for entry in _entries(telling, start, BATCH if limit is None else min(limit + 1, BATCH)):
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


@dataclass(frozen=True, slots=True)
class Telling:
    """What somebody is told of entries: the versions that he is told, with their numbers (``store.told``); those of a record that
    is told apart are looked up once.
    """

    connection: Connection
    reader: Reader
    apart: dict[Key, dict[int, Told]] = field(default_factory=dict)

    def entry(self, row: Any) -> AuditEntry | None:
        """An entry without its place in the log, as he is told it; None for one that he is not told."""
        entry = AuditEntry(*row[:_FIELDS])
        if not row.apart:
            return entry if admitted(read_content(row.kind, row.id, row.content), self.reader) else None
        one = self.versions(row.kind, row.id).get(row.version)
        if one is None:
            return None
        return replace(entry, version=one.number, action=ADD if one.number == 1 else CHANGE)

    def versions(self, kind: str, name: str) -> dict[int, Told]:
        """The versions of a record that he is told, by their number among all."""
        if (kind, name) not in self.apart:
            told = versions_told(self.connection, [(kind, name)], self.reader)
            self.apart[kind, name] = {one.version: one for one in told.get((kind, name), ())}
        return self.apart[kind, name]


def _place(telling: Telling, mark: str) -> int:
    """The number of a marked entry. One that he is not told is as one that is not there."""
    found = MARK.fullmatch(mark)
    if found is not None:
        for one in telling.versions(found["kind"], found["id"]).values():
            if one.number == int(found["version"]):
                return one.seq
    raise BadInput([Problem("after", "the mark of a page of the log", repr(mark)[:60], "begin without one")])


def _entries(telling: Telling, start: int, batch: int) -> Iterator[AuditEntry]:
    """Entries after a number, a batch of the database at a time."""
    connection, reader = telling.connection, telling.reader
    few = _few(connection, reader, start)
    for rows in _walked(connection, reader, start, batch) if few is None else _named(connection, reader, few, batch):
        yield from filter(None, map(telling.entry, rows))


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
    line = (record.c.kind == audit.c.kind) & (record.c.id == audit.c.id)
    entries = select(audit, revision.c.content, record.c.apart).join(revision, revision.c.seq == audit.c.seq).join(record, line)
    return entries.where(seen_there(audit.c.kind, audit.c.id, reader)).order_by(audit.c.seq)
