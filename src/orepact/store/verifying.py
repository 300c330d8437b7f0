"""Whether the register is what its audit log says: every entry, every revision, every line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, func, select

from orepact.errors import ChainBroken
from orepact.store import derived
from orepact.store.chain import NO_HEAD, AuditEntry, Head, content_hash, noted_head, read_head
from orepact.store.derived import BESIDE, STREAMED, current, followed, told_apart
from orepact.store.guards import absent, tables_gone
from orepact.store.schema import form_of
from orepact.store.tables import audit, brief, link, record, revision, served, visible
from orepact.wording import deed

#: So many breaks are named.
SHOWN = 20
#: What is wrong where what is kept beside a line does not follow from the record.
_ODD = {
    link: "its references are not those of the record",
    served: "it does not fall under the articles that the record serves",
    brief: "what boards read of it is not what the record says",
    visible: "it is not shown to those to whom the record is open",
}
_ENTRY = tuple(AuditEntry.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Verified:
    """A log that closes: where it ends, and how many records it accounts for. Note the head elsewhere, and a later check can tell
    whether the log still holds it.
    """

    head: Head
    records: int


def verify(connection: Connection, known: Head | None = None, *, guarded: bool = True) -> Verified:
    """Check the whole log against itself, the register against the log, and its guards, in one pass.

    Args:
        connection: a state of the register.
        known: a head noted earlier, which the log must still hold.
        guarded: also whether every trigger and index is there.

    Raises:
        ChainBroken: naming what was altered, left out, put in, moved or cut off.
    """
    breaks = []
    for number, each in enumerate(_breaks(connection, known, guarded=guarded)):
        if number == SHOWN:
            breaks.append("and more")
            break
        breaks.append(each)
    if breaks:
        raise ChainBroken(breaks)
    return Verified(read_head(connection), connection.execute(select(func.count()).select_from(record)).scalar_one())


def _breaks(connection: Connection, known: Head | None, *, guarded: bool) -> Iterator[str]:
    gone = tables_gone(connection)
    if gone:  # nothing else can be asked
        yield f"the tables: {', '.join(gone)} {'is' if len(gone) == 1 else 'are'} gone"
        return
    yield from log_breaks(connection, known)
    yield from _in_counts(connection)
    yield from _in_settings(connection)
    yield from _in_lines(connection)
    if guarded:
        yield from map(str, absent(connection))


def _in_settings(connection: Connection) -> Iterator[str]:
    lines = form_of(connection).lines
    if lines != derived.FORM:
        found = f"says {lines!r}" if lines else "is gone"
        mend = f"{deed('pact.upgrade_register')} makes them anew"
        yield f"the setting `lines` {found}, and lines of this form are {derived.FORM!r}: {mend}"


def log_breaks(connection: Connection, known: Head | None = None) -> Iterator[str]:
    """Where the log does not close, is not what was noted, or a revision is not what its entry says."""
    last = Head()
    columns = (
        revision.c.reason,
        revision.c.content,
        revision.c.salt,
        revision.c.at.label("own_at"),
        revision.c.actor.label("own_actor"),
    )
    place = (revision.c.seq == audit.c.seq) & (revision.c.kind == audit.c.kind) & (revision.c.id == audit.c.id)
    joined = select(audit, *columns).join(revision, place & (revision.c.version == audit.c.version), isouter=True)
    for row in connection.execute(joined.order_by(audit.c.seq), execution_options=STREAMED):
        entry = AuditEntry(*row[: len(_ENTRY)])
        yield from _in_entry(entry, last)
        yield from _in_revision(entry, row)
        if known is not None and entry.seq == known.seq and entry.hash != known.hash:
            yield f"entry {entry.seq}: it is not the one that was noted"
        last = Head(entry.seq, entry.hash, entry.at)
    head = noted_head(connection)
    if head is None:
        yield NO_HEAD
    elif head != last:
        yield f"the end: entry {head.seq} of {head.at} is noted as the last, and the last is {last.seq} of {last.at or 'never'}"
    if known is not None and known.seq > last.seq:
        yield f"the end: entry {known.seq} was noted, and the log ends with {last.seq}"


def _in_entry(entry: AuditEntry, last: Head) -> Iterator[str]:
    if entry.seq != last.seq + 1:
        yield f"entries {last.seq + 1} to {entry.seq - 1}: they are gone"
    elif entry.previous != last.hash:
        yield f"entry {entry.seq}: it does not follow the one before it"
    if entry.hash != _hash(entry.computed):
        yield f"entry {entry.seq}: it was altered"
    if str(entry.at) < str(last.at):
        yield f"entry {entry.seq}: it is earlier than the one before it"


def _in_revision(entry: AuditEntry, row: Any) -> Iterator[str]:
    what = f"entry {entry.seq}: {entry.kind} {entry.id}, version {entry.version},"
    if row.content is None:
        yield f"{what} is gone"
    elif (row.own_at, row.own_actor) != (entry.at, entry.actor):
        yield f"{what} is not by whom and when the log says"
    else:
        values = (row.salt, entry.kind, entry.id, entry.version, row.reason, row.content)
        if entry.content_hash != _hash(content_hash, *values):
            yield f"{what} was altered"


def _hash(hashing: Callable[..., str], *values: Any) -> str | None:
    """A hash; None of what is neither text nor number, which nobody writes but who goes past the register."""
    try:
        return hashing(*values)
    except TypeError:
        return None


def _in_counts(connection: Connection) -> Iterator[str]:
    """Revisions that no entry tells of, and records that are not at their last revision."""
    place = (audit.c.seq == revision.c.seq) & (audit.c.kind == revision.c.kind) & (audit.c.id == revision.c.id)
    unknown = (
        select(revision.c.kind, revision.c.id, revision.c.version).join(audit, place, isouter=True).where(audit.c.seq.is_(None))
    )
    for kind, name, version in connection.execute(unknown.limit(SHOWN)):
        yield f"{kind} {name}, version {version}: no entry tells of it"
    columns = (revision.c.kind, revision.c.id, func.max(revision.c.version).label("last"), func.count().label("number"))
    last = select(*columns).group_by(revision.c.kind, revision.c.id).subquery()
    there = (record.c.kind == last.c.kind) & (record.c.id == last.c.id)
    odd = (record.c.version.is_(None)) | (record.c.version != last.c.last) | (last.c.last != last.c.number)
    for kind, name in connection.execute(
        select(last.c.kind, last.c.id).join(record, there, isouter=True).where(odd).limit(SHOWN)
    ):
        yield f"{kind} {name}: its line is not that of its last version"
    for kind, name in connection.execute(
        select(record.c.kind, record.c.id).join(last, there, isouter=True).where(last.c.last.is_(None)).limit(SHOWN)
    ):
        yield f"{kind} {name}: it has a line and no version"


def _in_lines(connection: Connection) -> Iterator[str]:
    """Lines, and what is kept beside them, that do not follow from the record."""
    kept = {table: _kept(connection, table) for table in BESIDE}
    apart = told_apart(connection)
    for row, item in current(connection):
        if item is None:
            yield f"{row.kind} {row.id}: what is kept of it is no record that can be read"
            for table in BESIDE:
                kept[table].pop((row.kind, row.id), None)
            continue
        line, beside = followed(item)
        line_of_all = {**line, "apart": int((row.kind, row.id) in apart)}
        if any(getattr(row, name) != value for name, value in line_of_all.items()):
            yield f"{row.kind} {row.id}: its line does not say what the record says"
        for table, rows in beside.items():
            if kept[table].pop((row.kind, row.id), set()) != _values(table, rows):
                yield f"{row.kind} {row.id}: {_ODD[table]}"
    for kind, name in sorted({key for table in BESIDE for key in kept[table]}, key=str):
        yield f"{kind} {name}: it has references, articles, a brief or readers, and no line"


def _kept(connection: Connection, table: Table) -> dict[tuple[str, str], set[tuple[Any, ...]]]:
    """The rows of a table by kind and id, without them."""
    found: dict[tuple[str, str], set[tuple[Any, ...]]] = {}
    for kind, name, *rest in connection.execute(select(table), execution_options=STREAMED):
        found.setdefault((kind, name), set()).add(tuple(rest))
    return found


def _values(table: Table, rows: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    names = [column.name for column in table.columns][2:]
    return {tuple(row[name] for name in names) for row in rows}
