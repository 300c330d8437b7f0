"""Lists, searches and counts over the lines of records, without reading the records."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, Subquery, case, func, literal, select, tuple_

from orepact.errors import BadInput, Problem
from orepact.pact.instruments.articles import instrument_of
from orepact.pact.records.folding import folded
from orepact.store.constructs import Unindexed, holds
from orepact.store.tables import NO_DUE_DATE, record, served

#: What a list can be ordered by: the columns that decide, the last two telling all records apart.
ORDERS: dict[str, tuple[Column[Any], ...]] = {
    "id": (record.c.kind, record.c.id),
    "title": (record.c.title, record.c.kind, record.c.id),
    "due": (record.c.due, record.c.kind, record.c.id),
    "changed": (record.c.changed_at, record.c.kind, record.c.id),
}
GROUPS = ("kind", "instrument", "article", "owner", "state", "label")
_PLACES = frozenset({"instrument", "article"})
_RECORD = tuple_(record.c.kind, record.c.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which records: those for which all that is given holds. ``instrument`` and ``article``: any that the record serves;
    ``search`` finds texts that hold each of its words, in any language; ``due_from`` and ``due_to`` are inclusive.
    """

    kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    owner: str = ""
    instrument: str = ""
    article: str = ""
    due_from: date | None = None
    due_to: date | None = None
    search: str = ""

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
        found += [holds(record.c.search, word) for word in folded(self.search).split()]
        found += (
            [(Unindexed(record.c.kind) if self.scans or order != "id" else record.c.kind).in_(self.kinds)] if self.kinds else []
        )
        found += [record.c.state.in_(self.states)] if self.states else []
        found += [record.c.due >= self.due_from.isoformat()] if self.due_from else []
        return found + ([record.c.due <= self.due_to.isoformat()] if self.due_to else [])

    def places(self) -> list[ColumnElement[bool]]:
        """Which rows of ``served``: those of the instrument and the article."""
        instrument = self.instrument or (instrument_of(self.article) if ":" in self.article else "")
        one = {served.c.instrument: instrument, served.c.article: self.article}
        return [column == value for column, value in one.items() if value]


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


def page(connection: Connection, asked: Filter, *, order: str, descending: bool, after: str | None, limit: int) -> Page:
    """A page of a list; raises ``BadInput`` for an unknown order or a mark that no page gave."""
    columns = ORDERS.get(order)
    if columns is None:
        raise BadInput([Problem("order", f"one of {', '.join(ORDERS)}", repr(order), "take one of them")])
    query = select(*(record.c[name] for name in Line.__dataclass_fields__)).where(*asked.conditions(order))
    if after is not None:
        place = tuple_(*(_ordering(column, asked.scans) for column in columns))
        mark = tuple_(*(literal(value) for value in _opened(after, order, len(columns))))
        query = query.where(place < mark if descending else place > mark)
    ordering = (_ordering(column, asked.scans) for column in columns)
    query = query.order_by(*(column.desc() if descending else column for column in ordering)).limit(limit + 1)
    rows = connection.execute(query).all()
    return Page(tuple(_line(row) for row in rows[:limit]), _mark(rows[limit - 1], order, columns) if len(rows) > limit else None)


def _line(row: Any) -> Line:
    values = row._asdict()
    return Line(**{**values, "due": None if row.due == NO_DUE_DATE else date.fromisoformat(row.due)})


def _mark(row: Any, order: str, columns: Sequence[Column[Any]]) -> str:
    values = [order, *(getattr(row, column.name) for column in columns)]
    return urlsafe_b64encode(json.dumps(values, ensure_ascii=False).encode()).decode()


def _opened(mark: str, order: str, number: int) -> list[str]:
    try:
        found, *values = json.loads(urlsafe_b64decode(mark.encode()))
        if found == order and len(values) == number and all(isinstance(value, str) for value in values):
            return [*values]
    except (ValueError, TypeError):
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
    if not _PLACES.intersection(names):
        return select(*(record.c[name] for name in names)).where(*asked.conditions()).subquery()
    columns = [served.c[name] if name in served.c else record.c[name] for name in names]
    query = select(*columns).select_from(served).where(*asked.places())
    if "article" not in names:  # what serves several articles of an instrument is there once
        query = query.add_columns(served.c.kind.label("of_kind"), served.c.id.label("of_id")).distinct()
    others = replace(asked, instrument="", article="").conditions()
    if others or any(name not in served.c for name in names):
        query = query.join(record, (record.c.kind == served.c.kind) & (record.c.id == served.c.id)).where(*others)
    return query.subquery()


def _count(row: Any, groups: int) -> Count:
    number, past, coming = row[groups:]
    return Count(tuple(row[:groups]), number, past, None if coming == NO_DUE_DATE else date.fromisoformat(coming))
