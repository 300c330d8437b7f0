"""``Texts``: the words of every record, held in memory by a process that answers many: a word is found in a fifth of the time
that reading all lines takes.

They only say where to look: whether a record holds the words, and who may know of it, is asked of the database.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import merge
from sys import intern
from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select

from orepact.store.chain import read_head
from orepact.store.derived import STREAMED
from orepact.store.tables import audit, record

if TYPE_CHECKING:
    from orepact.pact.records.register import Key

#: After so many changed records all are read anew.
CHANGED = 2_000
#: More is not held: the lines are read each time, as without this.
MOST_BYTES = 512 * 2**20
#: Stands between two texts, and in none.
END = b"\0"


@dataclass(frozen=True, slots=True)
class Sought:
    """Words, all of which a text holds, of some kinds (of all for none), after a key, for tokens (None: all)."""

    words: Sequence[str]
    kinds: Collection[str] = ()
    after: Key | None = None
    tokens: Collection[str] | None = None

    def may_be(self, reader: str) -> bool:
        """Whether a text with this reader may be for him: what surely is not must not take the time that asking takes."""
        return self.tokens is None or not reader or reader in self.tokens


@dataclass(frozen=True, slots=True)
class _Held:
    """The texts as of one entry of the audit log: ``joined`` in the order of ``keys``, each beginning where ``starts`` says,
    for whom each is in ``readers`` ("": that depends on more); ``newer``: those of records written after that, up to the entry
    ``seq`` with its ``hash``.
    """

    seq: int
    hash: str
    keys: Sequence[Key]
    starts: Sequence[int]
    readers: Sequence[str]
    joined: bytes
    newer: Mapping[Key, tuple[bytes, str]]

    def holding(self, sought: Sought) -> Iterator[Key]:
        """The keys of the texts that are sought, in order."""
        words, kinds, after = [word.encode() for word in sought.words], sought.kinds, sought.after
        old = (key for at, key in self._among(words, kinds, after) if key not in self.newer and sought.may_be(self.readers[at]))
        new = sorted(
            key for key, (text, reader) in self.newer.items() if sought.may_be(reader) and all(word in text for word in words)
        )
        return merge(old, (key for key in new if (not kinds or key[0] in kinds) and (after is None or key > after)))

    def _among(self, words: Sequence[bytes], kinds: Collection[str], after: Key | None) -> Iterator[tuple[int, Key]]:
        """Place and key of those that are not newer: the longest word is sought in all at once, the others where it stands."""
        first = max(words, key=len)
        at = 0 if after is None else bisect_right(self.keys, after)
        while at < len(self.keys):
            if kinds and self.keys[at][0] not in kinds:  # on to the next kind
                at = bisect_left(self.keys, (self.keys[at][0] + END.decode(), ""), lo=at)
                continue
            place = self.joined.find(first, self.starts[at])
            if place < 0:
                return
            at = bisect_right(self.starts, place, lo=at) - 1
            end = self.starts[at + 1]
            if (not kinds or self.keys[at][0] in kinds) and all(
                self.joined.find(word, self.starts[at], end) >= 0 for word in words
            ):
                yield at, self.keys[at]
            at += 1


@dataclass
class Texts:
    """The texts of the register of one database, brought up to date whenever they are asked for; of more than ``most`` bytes
    none are held.
    """

    most: int = MOST_BYTES
    _held: _Held | None = None
    _lock: Lock = field(default_factory=Lock)

    def holding(self, connection: Connection, sought: Sought) -> Iterator[Key] | None:
        """The keys of the records that are sought, by kind and id; None where the register is too large to be held."""
        with self._lock:
            held = self._held = self._up_to_date(connection)
        return None if held is None else held.holding(sought)

    def _up_to_date(self, connection: Connection) -> _Held | None:
        held, head = self._held, read_head(connection)
        if held is not None and held.hash == head.hash:
            return held
        if held is None or not self._follows(connection, held):
            return _all(connection, self.most)
        written = select(audit.c.kind, audit.c.id).where(audit.c.seq > held.seq).distinct()
        newer = dict(held.newer)
        for kind, name in connection.execute(written).all():
            told = select(record.c.search, record.c.reader).where(record.c.kind == kind, record.c.id == name)
            row = connection.execute(told).one_or_none()
            if row is not None:
                newer[kind, name] = row.search.encode(), row.reader
        if len(newer) > CHANGED:
            return _all(connection, self.most)
        return _Held(head.seq, head.hash, held.keys, held.starts, held.readers, held.joined, newer)

    @staticmethod
    def _follows(connection: Connection, held: _Held) -> bool:
        """Whether the register went on from what is held, by less than would be read anew."""
        there = connection.execute(select(audit.c.hash).where(audit.c.seq == held.seq)).scalar()
        return there == held.hash and read_head(connection).seq - held.seq <= CHANGED


def _all(connection: Connection, most: int) -> _Held | None:
    head = read_head(connection)
    size = connection.execute(select(func.sum(func.length(record.c.search)))).scalar() or 0
    if size * 3 > most:  # characters; most take one byte, those of Korean and Japanese three
        return None
    keys, starts, readers, parts, at = [], [0], [], [], 0
    lines = connection.execute(select(record.c.kind, record.c.id, record.c.reader, record.c.search), execution_options=STREAMED)
    for kind, name, reader, text in sorted(lines):  # in the order of Python, which is not that of every database
        keys.append((kind, name))
        readers.append(intern(reader))
        parts.append(text.encode())
        at += len(parts[-1]) + 1
        starts.append(at)
    return _Held(head.seq, head.hash, keys, starts, readers, END.join([*parts, b""]), {})
