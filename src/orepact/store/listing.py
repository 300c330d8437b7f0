"""Lists, searches and counts over the lines of records, without reading the records."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, Subquery, case, func, literal, select, tuple_

from orepact.errors import BadInput, Problem
from orepact.pact.instruments.articles import instrument_of
from orepact.pact.records.folding import says, searched
from orepact.pact.records.readers import Reader
from orepact.store.access import seen
from orepact.store.constructs import Unindexed, holds
from orepact.store.loading import KEYS, among, parts_of
from orepact.store.tables import NO_DUE_DATE, record, served
from orepact.store.texts import Sought, Texts
from orepact.store.told import last_told

#: What a list can be ordered by: the columns that decide, the last two telling all records apart.
ORDERS: dict[str, tuple[Column[Any], ...]] = {
    "id": (record.c.kind, record.c.id),
    "title": (record.c.title, record.c.kind, record.c.id),
    "due": (record.c.due, record.c.kind, record.c.id),
    "changed": (record.c.changed_at, record.c.kind, record.c.id),
}
#: Those of which the columns stand in ``served`` too.
SERVED_ORDERS = frozenset({"id", "due"})
GROUPS = ("kind", "instrument", "article", "owner", "state", "label")
#: What one may search for at once.
LONGEST_SEARCH, MOST_WORDS = 200, 8
#: So many kinds or states can be asked for.
MOST_VALUES = 100
#: Characters of a mark, with room: titles are the longest part.
LONGEST_MARK = 20_000
#: The key of no record.
NONE = ("", "")
_PLACES = frozenset({"instrument", "article"})
_RECORD = tuple_(record.c.kind, record.c.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which records: those for which all that is given holds. ``instrument`` and ``article``: any that the record serves;
    ``search`` finds texts that hold each of its words, in any language; ``due_from`` and ``due_to`` are inclusive;
    ``reader``: who asks (the store says it), None for all of the register.
    """

    kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    owner: str = ""
    instrument: str = ""
    article: str = ""
    due_from: date | None = None
    due_to: date | None = None
    search: str = ""
    reader: Reader | None = None

    def __post_init__(self) -> None:
        """Raises ``BadInput`` for more than a database takes in one question."""
        problems, words = [], searched(self.search)
        if len(words) > LONGEST_SEARCH or len(words.split()) > MOST_WORDS:
            expected = f"at most {MOST_WORDS} words and {LONGEST_SEARCH} characters"
            problems.append(Problem("search", expected, f"{len(words.split())} and {len(words)}", "search for less"))
        if self.search.strip() and not says(words):  # what only parts words would be found everywhere
            problems.append(Problem("search", "words with a letter or a digit", repr(self.search), "search for words"))
        many = [name for name in ("kinds", "states") if len(getattr(self, name)) > MOST_VALUES]
        problems += [
            Problem(name, f"at most {MOST_VALUES} of them", str(len(getattr(self, name))), "name fewer") for name in many
        ]
        if problems:
            raise BadInput(problems)

    @property
    def scans(self) -> bool:
        """Whether all lines are to be read: a list that walks along an index looking for a rare word takes five times as long as
        reading all lines in the order in which they lie.
        """
        return bool(self.search)

    def conditions(self, order: str = "id") -> list[ColumnElement[bool]]:
        """The same for the database, for a list in this order: of an index in another order than by kind, the kind is a part
        that tells which lines not to open.
        """
        found: list[ColumnElement[bool]] = [record.c.owner == self.owner] if self.owner else []
        found += [_RECORD.in_(select(served.c.kind, served.c.id).where(*self.places()))] if self.places() else []
        found += [holds(record.c.search, word) for word in searched(self.search).split()]
        by_kind = not self.scans and (order == "id" or self.walks_owner(order))
        found += [(record.c.kind if by_kind else Unindexed(record.c.kind)).in_(self.kinds)] if self.kinds else []
        found += [record.c.state.in_(self.states)] if self.states else []
        found += [record.c.due >= self.due_from.isoformat()] if self.due_from else []
        found += [record.c.due <= self.due_to.isoformat()] if self.due_to else []
        return [*found, seen(record, self.reader)]

    def walks_owner(self, order: str) -> bool:
        """Whether the list goes along the index of an owner, in which the due dates of one kind follow each other."""
        return bool(self.owner) and len(self.kinds) == 1 and order == "due" and not self.scans

    @property
    def of_places(self) -> bool:
        """Whether all that is asked stands in the rows of ``served``, of which those of an instrument lie together."""
        return bool(self.places()) and not (self.owner or self.search)

    def keys(self) -> Select[Any]:
        """Kind, id and due date of the records, from the rows of ``served`` alone; each once."""
        query = select(served.c.kind, served.c.id, served.c.due).where(*self.places(), seen(served, self.reader))
        kind = Unindexed(served.c.kind) if self.article else served.c.kind  # an article has few: none of other articles is opened
        query = query.where(kind.in_(self.kinds)) if self.kinds else query
        query = query.where(served.c.state.in_(self.states)) if self.states else query
        query = query.where(served.c.due >= self.due_from.isoformat()) if self.due_from else query
        query = query.where(served.c.due <= self.due_to.isoformat()) if self.due_to else query
        return query.distinct()

    def places(self) -> list[ColumnElement[bool]]:
        """Which rows of ``served``: those of the instrument and the article."""
        instrument = self.instrument or (instrument_of(self.article) if ":" in self.article else "")
        one = {served.c.instrument: instrument, served.c.article: self.article}
        return [column == value for column, value in one.items() if value]

    @property
    def asks_lines(self) -> bool:
        """Whether something is asked that stands in the lines alone."""
        return replace(self, instrument="", article="", reader=None) != Filter()


def _ordering(column: Column[str], off: bool) -> ColumnElement[str]:
    """A column to sort by, of which no index knows the order."""
    return column.concat("") if off else column


@dataclass(frozen=True, slots=True)
class Line:
    """A record in a list: its entry, its version, and who changed it last and when (UTC)."""

    kind: str
    id: str
    version: int
    title: str
    state: str
    owner: str
    instrument: str
    article: str
    due: date | None
    label: str
    changed_at: str
    changed_by: str


#: The columns of a line, and whether it is told apart.
LINE = (*(record.c[name] for name in Line.__dataclass_fields__), record.c.apart)


@dataclass(frozen=True, slots=True)
class Page:
    """Lines in order, and where the next page begins (None after the last)."""

    lines: tuple[Line, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many records fall together, how many of them were due before the day, and when the next is due."""

    group: tuple[str, ...]
    number: int
    past_due: int
    next_due: date | None


def page(
    connection: Connection,
    asked: Filter,
    *,
    order: str,
    descending: bool,
    after: str | None,
    limit: int,
    texts: Texts | None = None,
) -> Page:
    """A page of a list; ``texts``: where words are sought before lines are read. Raises ``BadInput`` for an unknown order or a
    mark that no page gave.
    """
    columns = ORDERS.get(order)
    if columns is None:
        raise BadInput([Problem("order", f"one of {', '.join(ORDERS)}", repr(order), "take one of them")])
    if order == "changed" and asked.reader is not None:
        return _by_change(connection, asked, descending=descending, after=after, limit=limit)
    if texts is not None and searched(asked.search) and order == "id" and not descending:
        rows = _sought(connection, asked, texts, after=after, limit=limit)
    elif asked.of_places and order in SERVED_ORDERS:  # the keys of the page first: no line that is not on it is read
        keys = _cut(
            asked.keys(), [served.c[column.name] for column in columns], order, after=after, descending=descending, limit=limit
        ).subquery()
        query = (
            select(*LINE)
            .join(keys, (record.c.kind == keys.c.kind) & (record.c.id == keys.c.id))
            .where(seen(record, asked.reader))
        )
        rows = connection.execute(query.order_by(*(column.desc() if descending else column for column in columns))).all()
    else:
        ordering = [_ordering(column, asked.scans) for column in columns]
        query = _cut(
            select(*LINE).where(*asked.conditions(order)), ordering, order, after=after, descending=descending, limit=limit
        )
        if asked.walks_owner(order):  # of one kind the same order, in which they lie
            by_kind = [record.c.kind, *columns]
            query = query.order_by(None).order_by(*(column.desc() if descending else column for column in by_kind))
        rows = connection.execute(query).all()
    mark = _mark(rows[limit - 1], order, columns) if len(rows) > limit else None
    return Page(tuple(_lines(connection, rows[:limit], asked.reader)), mark)


def _by_change(connection: Connection, asked: Filter, *, descending: bool, after: str | None, limit: int) -> Page:
    """A page by last change, as a reader is told of changes. What is told apart was changed for him when it was last changed, or
    earlier: so of these all are looked at that were changed after the first line of the next page.
    """
    columns = ORDERS["changed"]
    query = select(*LINE).where(*asked.conditions("changed"))
    ordering = [_ordering(column, asked.scans) for column in columns]
    alike = query.where(record.c.apart == 0)
    rows = connection.execute(_cut(alike, ordering, "changed", after=after, descending=descending, limit=limit)).all()
    apart = query.where(record.c.apart == 1)
    if descending and len(rows) > limit:
        apart = apart.where(record.c.changed_at >= rows[-1].changed_at)
    others = _lines(connection, connection.execute(apart).all(), asked.reader)
    if after is not None:
        mark = tuple(_opened(after, "changed", len(columns)))
        others = (line for line in others if (_place(line) < mark if descending else _place(line) > mark))
    found = sorted([*map(_line, rows), *others], key=_place, reverse=descending)
    return Page(tuple(found[:limit]), _mark(found[limit - 1], "changed", columns) if len(found) > limit else None)


def _place(line: Line) -> tuple[str, ...]:
    """Where a line stands by last change."""
    return line.changed_at, line.kind, line.id


def _lines(connection: Connection, rows: Sequence[Any], reader: Reader | None) -> Iterator[Line]:
    """Lines of rows: of what is told apart, the version of which the reader is told last."""
    apart = [(row.kind, row.id) for row in rows if reader is not None and row.apart and row.version > 1]
    last = last_told(connection, apart, reader)
    for row in rows:
        line, one = _line(row), last.get((row.kind, row.id))
        yield line if one is None else replace(line, version=one.number, changed_at=one.at, changed_by=one.actor)


def _sought(connection: Connection, asked: Filter, texts: Texts, *, after: str | None, limit: int) -> Sequence[Any]:
    """The rows of a page by id, and one more: of those whose texts hold the words, in their order, until there are enough."""
    last = _opened(after, "id", 2) if after is not None else None
    tokens = None if asked.reader is None else asked.reader.tokens
    sought = Sought(searched(asked.search).split(), frozenset(asked.kinds), (last[0], last[1]) if last else None, tokens)
    keys = texts.holding(connection, sought)
    query = select(*LINE).where(*asked.conditions()).order_by(*ORDERS["id"])
    if keys is None:  # too much to be held
        return connection.execute(_cut(query, ORDERS["id"], "id", after=after, descending=False, limit=limit)).all()
    rows: list[Any] = []
    some = [*islice(keys, max(limit + 1, KEYS))] or [NONE]  # what is nowhere takes no less time than what stands with others
    while some and len(rows) <= limit:
        for part in parts_of(some):
            rows += connection.execute(query.where(among(part)))
        some = [*islice(keys, KEYS)]
    return rows


def _cut(
    query: Select[Any], columns: Sequence[ColumnElement[Any]], order: str, *, after: str | None, descending: bool, limit: int
) -> Select[Any]:
    """The part of a list that is a page, and one row more, which tells whether another follows."""
    if after is not None:
        mark = tuple_(*(literal(value) for value in _opened(after, order, len(columns))))
        query = query.where(tuple_(*columns) < mark if descending else tuple_(*columns) > mark)
    return query.order_by(*(column.desc() if descending else column for column in columns)).limit(limit + 1)


def _line(row: Any) -> Line:
    values = {name: value for name, value in row._asdict().items() if name != "apart"}
    return Line(**{**values, "due": None if row.due == NO_DUE_DATE else date.fromisoformat(row.due)})


def _mark(row: Any, order: str, columns: Sequence[Column[Any]]) -> str:
    values = [order, *(getattr(row, column.name) for column in columns)]
    return urlsafe_b64encode(json.dumps(values, ensure_ascii=False).encode()).decode()


def _opened(mark: str, order: str, number: int) -> list[str]:
    try:
        found, *values = json.loads(urlsafe_b64decode(mark[:LONGEST_MARK].encode()))
        if found == order and len(values) == number and all(isinstance(value, str) for value in values):
            "".join(values).encode()  # halves of pairs of characters: no database takes them
            if not any("\0" in value for value in values):
                return [*values]
    except (ValueError, TypeError, RecursionError):
        pass
    raise BadInput([Problem("after", f"the mark of a page of a list by {order}", repr(mark)[:60], "begin without one")])


def counts(connection: Connection, asked: Filter, by: Sequence[str], on: date) -> tuple[Count, ...]:
    """How many records fall together by columns of ``GROUPS``, in their order; a record that serves several articles counts once
    for each. Raises ``BadInput`` for another column.
    """
    unknown = [name for name in by if name not in GROUPS]
    if unknown or not by:
        raise BadInput([Problem("by", f"some of {', '.join(GROUPS)}", ", ".join(unknown) or "nothing", "take some of them")])
    query = _counting(asked, by, on.isoformat())
    return tuple(_count(row, len(by)) for row in connection.execute(query))


def _counting(asked: Filter, by: Sequence[str], on: str) -> Select[Any]:
    rows = _counted(asked, by)
    groups, due = [rows.c[name] for name in by], rows.c.due
    past = func.sum(case((due < on, 1), else_=0))
    coming = func.min(case((due >= on, due), else_=NO_DUE_DATE))
    return select(*groups, func.count(), past, coming).group_by(*groups).order_by(*groups)


def _counted(asked: Filter, by: Sequence[str]) -> Subquery:
    """The rows to count: records, or where instruments or articles are told apart, what each serves of them."""
    names = sorted({*by, "due"})
    of_served = asked.of_places and not asked.asks_lines and all(name in served.c for name in names)
    if not _PLACES.intersection(names) and not of_served:
        return select(*(record.c[name] for name in names)).where(*asked.conditions()).subquery()
    columns = [served.c[name] if name in served.c else record.c[name] for name in names]
    query = select(*columns).select_from(served).where(*asked.places())
    if "article" not in names:  # what serves several articles of an instrument is there once
        query = query.add_columns(served.c.kind.label("of_kind"), served.c.id.label("of_id")).distinct()
    if asked.asks_lines or any(name not in served.c for name in names):
        others = replace(asked, instrument="", article="").conditions()
        query = query.join(record, (record.c.kind == served.c.kind) & (record.c.id == served.c.id)).where(*others)
    return query.where(seen(served, asked.reader)).subquery()


def _count(row: Any, groups: int) -> Count:
    number, past, coming = row[groups:]
    return Count(tuple(row[:groups]), number, past, None if coming == NO_DUE_DATE else date.fromisoformat(coming))
