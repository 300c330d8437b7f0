"""Records from the database: some kinds at once, or one by one as they are asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, cast

from sqlalchemy import ColumnElement, Connection, select

from orepact.pact.records.readers import Reader, redacted
from orepact.pact.records.record import Record
from orepact.pact.records.register import AnyBrief, AnyRecord, Key, Register
from orepact.store.access import seen, told
from orepact.store.briefs import briefs_referring
from orepact.store.derived import STREAMED, read_content
from orepact.store.tables import link, record, revision

if TYPE_CHECKING:
    from orepact.pact.records.fields import Link

#: So many keys go into one question.
KEYS = 400
#: A line and its last revision.
LAST = (revision.c.kind == record.c.kind) & (revision.c.id == record.c.id) & (revision.c.version == record.c.version)
_STORED = (revision.c.content, revision.c.at, revision.c.actor, record.c.apart)


class Stored(NamedTuple):
    """A record as its last revision keeps it: the content is whole, so who reads it for somebody redacts it. ``apart``: whether
    who sees it may not be told all of its versions.
    """

    version: int
    content: str
    at: str
    actor: str
    apart: int


def load(connection: Connection, kinds: Iterable[str] | None = None, reader: Reader | None = None) -> Iterator[Record]:
    """The records of some kinds (of all when None), by kind and id, as a reader sees them."""
    query = select(revision.c.kind, revision.c.id, revision.c.content).join(record, LAST).where(seen(record, reader))
    if kinds is not None:
        query = query.where(revision.c.kind.in_([*kinds]))
    rows = connection.execute(query.order_by(revision.c.kind, revision.c.id), execution_options=STREAMED)
    for row in rows:
        yield redacted(read_content(row.kind, row.id, row.content), reader)


def stored(connection: Connection, keys: Collection[Key], reader: Reader | None = None) -> dict[Key, Stored]:
    """The last revision of those records that a reader may know of, with its number among all versions (``store.told`` has those
    that he is told).
    """
    query = select(record.c.kind, record.c.id, record.c.version, *_STORED).join(revision, LAST)
    found = {}
    for part in parts_of(keys):
        for kind, name, *rest in connection.execute(query.where(among(part), seen(record, reader))):
            found[kind, name] = Stored(*rest)
    return found


def parts_of(keys: Collection[Key]) -> Iterator[list[Key]]:
    """Keys in parts that go into one question, each of one kind."""
    for _, found in groupby(sorted(keys), key=itemgetter(0)):
        listed = [*found]
        for start in range(0, len(listed), KEYS):
            yield listed[start : start + KEYS]


def among(keys: list[Key]) -> ColumnElement[bool]:
    """The condition for keys of one kind: given pairs, SQLite would rather go through every revision."""
    return (record.c.kind == keys[0][0]) & record.c.id.in_([name for _, name in keys])


class LazyRecords(Mapping[Key, Record]):
    """The records of the database, read when they are asked for and then kept; ``changed`` ones stand before them."""

    def __init__(self, connection: Connection, changed: Mapping[Key, Record] | None = None, reader: Reader | None = None) -> None:
        self.connection = connection
        self.reader = reader
        self.changed = changed or {}
        self._read: dict[Key, Record] = {}
        self._there: dict[Key, bool] = {}
        self._lists: dict[str, list[Record]] = {}
        self._named: dict[tuple[str, str], set[Key]] = {}

    def with_changed(self, changed: Mapping[Key, Record]) -> LazyRecords:
        """The same with other records in front, sharing what was read."""
        other = LazyRecords(self.connection, {**self.changed, **changed}, self.reader)
        other._read, other._there, other._named = self._read, self._there, self._named
        return other

    def ask_for(self, keys: Iterable[Key]) -> None:
        """Find out at once which of these there are."""
        asked = {key for key in keys if key not in self._there}
        self._there.update(dict.fromkeys(asked, False))
        for part in parts_of(asked):
            rows = self.connection.execute(select(record.c.kind, record.c.id).where(among(part), seen(record, self.reader)))
            self._there.update({(row.kind, row.id): True for row in rows})

    def read_all(self, keys: Iterable[Key]) -> None:
        """Read these at once."""
        asked = [key for key in keys if key not in self._read]
        for key, one in stored(self.connection, asked, self.reader).items():
            self._read[key] = redacted(read_content(*key, one.content), self.reader)

    def of_kind(self, kind: str) -> list[Record]:
        """Every record of a kind, by id."""
        if kind not in self._lists:
            every = load(self.connection, [kind], reader=self.reader)
            found = {item.id: self._read.setdefault((kind, item.id), item) for item in every}
            found.update({name: item for (other, name), item in self.changed.items() if other == kind})
            self._lists[kind] = [found[name] for name in sorted(found)]
        return self._lists[kind]

    def referring(self, kind: type[AnyRecord], target: str, relation: str) -> list[AnyRecord]:
        """The records of a kind that refer to a record (by one relation where it is named), each once, by id."""
        asked = (kind.kind, target)
        if asked not in self._named:
            query = select(link.c.id).where(link.c.target == target, link.c.kind == kind.kind, told(self.reader))
            self._named[asked] = {(kind.kind, name) for name in self.connection.execute(query.distinct()).scalars()}
            self.read_all(self._named[asked])
        others = {key for key in self.changed if key[0] == kind.kind}
        items = (self[key] for key in sorted(self._named[asked] | others))
        looked_up = not (others or relation)  # then the rows of ``link`` have said all
        return [item for item in items if isinstance(item, kind) and (looked_up or refers(item, target, relation))]

    def __getitem__(self, key: Key) -> Record:
        if key in self.changed:
            return self.changed[key]
        if key not in self._read:
            self.read_all([key])
        return self._read[key]  # KeyError where there is none, as of any mapping

    def __contains__(self, key: object) -> bool:
        if key in self.changed or key in self._read:
            return True
        asked = cast("Key", key)
        self.ask_for([asked])
        return self._there[asked]

    def __iter__(self) -> Iterator[Key]:
        rows = self.connection.execute(select(record.c.kind, record.c.id).where(seen(record, self.reader)))
        yield from sorted({*self.changed, *((kind, name) for kind, name in rows)})

    def __len__(self) -> int:
        return sum(1 for _ in self)


def refers(item: Record, target: str, relation: str = "") -> bool:
    """Whether a record refers to another, by one relation where it is named."""
    return any(each.target == target and relation in ("", each.relation) for each in item.links())


class Pointing(Mapping[str, "list[tuple[Record, Link]]"]):
    """Who refers to a record, looked up when it is asked for."""

    def __init__(self, records: LazyRecords) -> None:
        self._records = records

    def __getitem__(self, target: str) -> list[tuple[Record, Link]]:
        query = select(link.c.kind, link.c.id).where(link.c.target == target, told(self._records.reader))
        rows = self._records.connection.execute(query)
        keys = {(kind, name) for kind, name in rows} | self._records.changed.keys()
        self._records.read_all(keys)
        items = (self._records[key] for key in sorted(keys))
        return [(item, each) for item in items for each in item.links() if each.target == target]

    def __iter__(self) -> Iterator[str]:
        stood = self._records.connection.execute(select(link.c.target).where(told(self._records.reader)).distinct()).scalars()
        new = (each.target for item in self._records.changed.values() for each in item.links())
        yield from (target for target in sorted({*stood, *new}) if self[target])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def get(self, key: str, default: object = None) -> list[tuple[Record, Link]]:  # noqa: ARG002  none refer: an empty list
        """Who refers to a record; nobody is an empty list."""
        return self[key]


@dataclass(frozen=True, eq=False)
class StoredRegister(Register):
    """A register that reads from the database as it is asked, for as long as its connection is open."""

    records: LazyRecords

    @classmethod
    def on(cls, connection: Connection, reader: Reader | None = None) -> StoredRegister:
        """The register of a connection, as a reader sees it."""
        return cls(LazyRecords(connection, reader=reader))

    def seen_by(self, reader: Reader) -> StoredRegister:
        """The same state of the register as a reader sees it."""
        return self.on(self.records.connection, reader)

    def all(self, kind: type[AnyRecord]) -> list[AnyRecord]:
        """Every record of a kind, by id."""
        return cast("list[AnyRecord]", self.records.of_kind(kind.kind))

    @cached_property
    def pointing(self) -> Pointing:
        """Id of a record to every record that refers to it, and how."""
        return Pointing(self.records)

    def referring(self, kind: type[AnyRecord], target: str, relation: str = "") -> list[AnyRecord]:
        """The records of a kind that refer to a record, each once, by id; none of another kind is read for it."""
        return self.records.referring(kind, target, relation)

    def several(self, kind: type[AnyRecord], names: Collection[str]) -> list[AnyRecord]:
        """Several records of a kind, read at once."""
        self.records.read_all([(kind.kind, name) for name in names])
        return super().several(kind, names)

    def there(self, keys: Collection[Key]) -> dict[Key, Record]:
        """Those of some records, by kind and id, that are there, read at once."""
        self.records.read_all(keys)
        return super().there(keys)

    def in_brief(self, kind: type[AnyRecord], brief: type[AnyBrief], target: str) -> Sequence[AnyRecord | AnyBrief]:
        """The records of a kind that refer to a record, each once: in brief, but for those of which fields are closed, and whole
        where records stand in front of those of the database.
        """
        if self.records.changed:
            return self.referring(kind, target)
        short, others = briefs_referring(self.records.connection, kind.kind, brief, target, self.records.reader)
        self.records.read_all(others)
        whole = (self.records[key] for key in others)
        return [*short, *(item for item in whole if isinstance(item, kind) and refers(item, target))]

    def plus(self, records: Iterable[Record]) -> StoredRegister:
        """The register with these records in place of those of the same kind and id."""
        return StoredRegister(self.records.with_changed({(item.kind, item.id): item for item in records}))
