"""The versions of a record as somebody is told of them: numbered from 1, without any that says nothing to him.

What a reader may not see of a record leaves no gap in its numbers, changes no moment and no name: whether a holder hid it and
showed it again, closed a field of it or wrote in a closed one, he is told what he would be told had that not happened. The holder
of the database is told every version with its own number.

Of most records all versions are the same for all who see them (``record.apart`` is 0): then numbers are those of the revisions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from heapq import merge
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Select, func, select, true

from orepact.pact.records.readers import admitted, closed_paths, redacted, without
from orepact.store.access import seen, seen_there
from orepact.store.canonical import instant
from orepact.store.derived import STREAMED, content_of, read_content
from orepact.store.loading import parts_of, stored
from orepact.store.tables import record, revision

if TYPE_CHECKING:
    from datetime import datetime

    from orepact.pact.records.readers import Reader
    from orepact.pact.records.record import Record
    from orepact.pact.records.register import Key
    from orepact.store.loading import Stored


@dataclass(frozen=True, slots=True)
class Told:
    """A version as a reader is told of it: ``number`` among those that he is told, ``version`` among all; ``item``: what of it is
    for him.
    """

    number: int
    version: int
    at: str
    actor: str
    reason: str
    seq: int
    item: Record


@dataclass(frozen=True, slots=True)
class Standing:
    """A record as it stands for a reader: number, moment and author of the last version that he is told, and what of the record
    is for him.
    """

    number: int
    at: str
    actor: str
    item: Record

    @property
    def mark(self) -> str:
        """Sixteen digits that stand for it in tags of answers, made of what he is told alone: who changes a record says by them
        which version he has read. Its number would not do, as there may be fewer versions for him than there were, and later
        another one with a number that he knew.
        """
        return sha256("\0".join((self.at, self.actor, content_of(self.item))).encode()).hexdigest()[:16]


def standing_for(connection: Connection, keys: Collection[Key], reader: Reader | None) -> dict[Key, Standing]:
    """How those of these records stand that there are for a reader."""
    found = stored(connection, keys, reader)
    apart = [key for key, one in found.items() if reader is not None and one.apart and one.version > 1]
    last = last_told(connection, apart, reader)
    return {key: last.get(key) or _as_it_is(key, one, reader) for key, one in found.items()}


def _as_it_is(key: Key, one: Stored, reader: Reader | None) -> Standing:
    return Standing(one.version, one.at, one.actor, redacted(read_content(*key, one.content), reader))


def last_told(connection: Connection, keys: Collection[Key], reader: Reader | None) -> dict[Key, Standing]:
    """How records that are told apart stand for a reader."""
    found = versions_told(connection, keys, reader)
    return {key: Standing(one.number, one.at, one.actor, one.item) for key, (*_, one) in found.items()}


def versions_told(connection: Connection, keys: Collection[Key], reader: Reader | None) -> dict[Key, tuple[Told, ...]]:
    """Every version that a reader is told, first to last, of those of these records that there are for him."""
    query = select(revision).where(seen_there(revision.c.kind, revision.c.id, reader)).order_by(revision.c.id, revision.c.version)
    found = {}
    for part in parts_of(keys):
        mine = (revision.c.kind == part[0][0]) & revision.c.id.in_([name for _, name in part])
        for name, rows in groupby(connection.execute(query.where(mine)), key=attrgetter("id")):
            told = tuple(_told([*rows], reader))
            found.update({(part[0][0], name): told} if told else {})
    return found


def _told(rows: Sequence[Any], reader: Reader | None) -> Iterator[Told]:
    """Those of all versions that their own labels open to him, and that say something which the one before did not."""
    whole = [(row, read_content(row.kind, row.id, row.content)) for row in rows]
    latest, number, last = whole[-1][1], 0, None
    for row, item in whole:
        if not admitted(item, reader):
            continue
        shown = redacted(item, reader, latest)
        if last is not None and reader is not None and shown == _as_closed(last, item, reader, latest.labels):
            continue
        number, last = number + 1 if reader is not None else row.version, shown
        yield Told(number, row.version, row.at, row.actor, row.reason, row.seq, shown)


def _as_closed(before: Record, item: Record, reader: Reader, labels: Mapping[str, str]) -> Record:
    """What he was told before, without what is closed to him of the version that follows."""
    return without(before, closed_paths(item, reader, labels))


def earlier(connection: Connection, kinds: Iterable[str] | None, before: datetime, reader: Reader | None) -> Iterator[Record]:
    """The records of some kinds (of all when None) as they stood before a moment, by kind and id: of each the last version by
    then that a reader is told, without what is closed to him of it today.
    """
    moment = instant(before)
    mine = [] if kinds is None else [record.c.kind.in_([*kinds])]
    alike = true() if reader is None else record.c.apart == 0
    of_all = connection.execute(_before(moment, reader, *mine, alike), execution_options=STREAMED)
    plain = (((row.kind, row.id), read_content(row.kind, row.id, row.content)) for row in of_all)
    apart: list[tuple[Key, Record]] = []
    if reader is not None:
        keys = connection.execute(select(record.c.kind, record.c.id).where(*mine, record.c.apart == 1, seen(record, reader)))
        for key, told in versions_told(connection, [(kind, name) for kind, name in keys], reader).items():
            apart += [(key, one.item) for one in told if one.at < moment][-1:]
    for _, item in merge(plain, sorted(apart, key=itemgetter(0)), key=itemgetter(0)):
        yield item


def _before(moment: str, reader: Reader | None, *which: ColumnElement[bool]) -> Select[tuple[str, str, str]]:
    """Kind, id and content of the last revision before a moment of each of some records that there are for a reader."""
    there = (revision.c.kind == record.c.kind) & (revision.c.id == record.c.id)
    columns = (revision.c.kind, revision.c.id, func.max(revision.c.version).label("version"))
    mine = (revision.c.at < moment, seen(record, reader), *which)
    last = select(*columns).join(record, there).where(*mine).group_by(*columns[:2]).subquery()
    place = (revision.c.kind == last.c.kind) & (revision.c.id == last.c.id) & (revision.c.version == last.c.version)
    query = select(revision.c.kind, revision.c.id, revision.c.content).join(last, place)
    return query.order_by(revision.c.kind, revision.c.id)
