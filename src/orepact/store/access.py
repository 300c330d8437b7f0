"""``seen``: the one condition by which every question to the database leaves out what a reader may not know of.

Whoever adds a question about records asks with it; a test looks through the store for one that does not.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ColumnElement, CompoundSelect, Connection, exists, func, select, true, union_all

from orepact.pact.records.readers import moment_of
from orepact.store.canonical import instant
from orepact.store.constructs import Unindexed
from orepact.store.tables import NO_END, link, record, visible

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Table

    from orepact.pact.records.readers import Reader


#: So many conditions are kept: making one takes longer than asking it, and a use case asks hundreds of times for one reader.
KEPT = 256


def seen(table: Table, reader: Reader | None) -> ColumnElement[bool]:
    """Which rows of ``record``, ``served`` or ``brief`` a reader may know of when he asks; all of them where he is None."""
    return true() if reader is None else _seen(table, reader.asking(moment_of(reader)))


def seen_there(kind: Column[str], name: Column[str], reader: Reader | None) -> ColumnElement[bool]:
    """The same for rows of other tables, by the kind and id of the record that they are about."""
    return true() if reader is None else _seen_there(kind, name, reader.asking(moment_of(reader)))


def told(reader: Reader | None) -> ColumnElement[bool]:
    """Which rows of ``link`` a reader may know of: of records that he sees, and of fields that are open to all who see them."""
    return true() if reader is None else _told(reader.asking(moment_of(reader)))


def keys_of(reader: Reader) -> CompoundSelect[Any]:
    """The kinds and ids of the records that a reader may know of, some twice, by the indexes of tokens: it costs what he sees."""
    tokens, now = sorted(reader.tokens), instant(moment_of(reader))
    always = select(record.c.kind, record.c.id).where(record.c.reader.in_(tokens))
    now_open = visible.c.token.in_(tokens) & (visible.c.opens <= now) & (visible.c.ends > now)
    return union_all(always, select(visible.c.kind, visible.c.id).where(now_open))


def next_bound(connection: Connection, moment: datetime) -> str:
    """The first moment after this one at which somebody may begin or cease to know of a record though nothing is written; that of
    ``NO_END`` where there is none.
    """
    now = instant(moment)
    asked = (select(func.min(bound)).where(bound > now) for bound in (visible.c.opens, visible.c.ends))
    return min(connection.execute(query).scalar() or NO_END for query in asked)


@lru_cache(KEPT)
def _seen(table: Table, reader: Reader) -> ColumnElement[bool]:
    tokens, now = sorted(reader.tokens), instant(moment_of(reader))
    held = (visible.c.kind == table.c.kind) & (visible.c.id == table.c.id) & visible.c.token.in_(tokens)
    given = exists(select(visible.c.token).where(held, visible.c.opens <= now, visible.c.ends > now).correlate(table))
    # Not by the index of tokens: nearly all rows have that for everybody, and SQLite would go through them in place of the few
    # that were asked for.
    reader_of = Unindexed(table.c.reader)
    return reader_of.in_(tokens) | ((reader_of == "") & given)


@lru_cache(KEPT)
def _seen_there(kind: Column[str], name: Column[str], reader: Reader) -> ColumnElement[bool]:
    there = select(record.c.id).where(record.c.kind == kind, record.c.id == name, _seen(record, reader))
    return exists(there.correlate(kind.table))


@lru_cache(KEPT)
def _told(reader: Reader) -> ColumnElement[bool]:
    return (link.c.closed == 0) & _seen_there(link.c.kind, link.c.id, reader)
