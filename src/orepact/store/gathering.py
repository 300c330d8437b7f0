"""The part of a register that a board of one instrument rests on, found by set: the rest, however much there is, is not read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import CompoundSelect, Connection, Select, literal, select, union

from orepact.errors import BadInput, Problem
from orepact.pact.records.kinds import kinds
from orepact.pact.records.register import Register
from orepact.store.constructs import Unindexed
from orepact.store.derived import read_content
from orepact.store.tables import brief, link, record, revision, served

if TYPE_CHECKING:
    from orepact.pact.records.record import Brief, Record
    from orepact.pact.records.register import Key

    Keys = Select[tuple[str, str]] | CompoundSelect[tuple[str, str]]

#: So many ids go into one question.
IDS = 400
#: Where it stands that a record has to do with an instrument.
_NAMING = ((served, served.c.instrument), (link, link.c.target))


@dataclass(frozen=True, slots=True)
class Around:
    """What a board rests on: records, and in brief those of the kinds of which there are many."""

    register: Register
    briefs: tuple[Brief, ...]


def around(connection: Connection, instrument: str) -> Around:
    """An instrument, all that refers to it or serves an article of it, the bodies that any of these name, their meetings, and the
    instruments that set these bodies up. Empty when there is none of that.
    """
    short = {name: kind.in_brief for name, kind in kinds().items() if kind.in_brief is not None}
    briefs = tuple(_briefs(connection, instrument, short))
    found = _by_key(_read(connection, _of_instrument(instrument, short)))
    bodies = {name for kind, name in found if kind == "body"} | _targets(found.values(), "body")
    bodies |= {name for one in briefs if (name := getattr(one, "body", None))}
    missing = {("body", name) for name in bodies} - found.keys()
    found.update(_by_key(_of_kind(connection, "body", (name for _, name in missing))))
    found.update(_by_key(_meetings(connection, bodies)))
    theirs = _targets((item for (kind, _), item in found.items() if kind == "body"), "instrument")
    missing = {("instrument", name) for name in theirs} - found.keys()
    found.update(_by_key(_of_kind(connection, "instrument", (name for _, name in missing))))
    return Around(Register({key: found[key] for key in sorted(found)}), briefs)


def _of_instrument(name: str, short: Collection[str]) -> Keys:
    """The keys of what has to do with an instrument and is read whole."""
    return union(
        select(literal("instrument").label("kind"), literal(name).label("id")),
        *(select(table.c.kind, table.c.id).where(column == name, table.c.kind.not_in(short)) for table, column in _NAMING),
    )


def _briefs(connection: Connection, instrument: str, short: Mapping[str, type[Brief]]) -> Iterator[Brief]:
    """By kind and id, each kind in one go: what reads JSON checks thousands as fast as it takes to ask for each."""
    for name, model in sorted(short.items()):
        mine = select(brief.c.content).where(brief.c.instrument == instrument, brief.c.kind == name).order_by(brief.c.id)
        rows = connection.execute(mine).scalars().all()
        try:
            yield from _many(model).validate_json(f"[{','.join(rows)}]")
        except ValidationError as error:
            what, found = f"what boards read of each {name} of {instrument}", error.errors()[0]["msg"]
            raise BadInput([Problem("register", what, found, "run `orepact audit verify`")]) from None


@cache
def _many(model: type[Brief]) -> TypeAdapter[list[Brief]]:
    return TypeAdapter(list[model])  # type: ignore[valid-type]  # a type that is made here


def _targets(items: Iterable[Record], kind: str) -> set[str]:
    """The ids of a kind that records refer to."""
    return {each.target for item in items for each in item.links() if kind in each.kinds}


def _of_kind(connection: Connection, kind: str, names: Iterable[str]) -> list[Record]:
    return [
        item
        for part in _parts([*names])
        for item in _read(connection, select(record.c.kind, record.c.id).where(record.c.kind == kind, record.c.id.in_(part)))
    ]


def _meetings(connection: Connection, bodies: Collection[str]) -> list[Record]:
    """By target, few each: SQLite, which has no statistics, would rather read the references of all meetings."""
    meeting = Unindexed(link.c.kind) == "meeting"
    return [
        item
        for part in _parts(sorted(bodies))
        for item in _read(connection, select(link.c.kind, link.c.id).where(meeting, link.c.target.in_(part)).distinct())
    ]


def _parts(names: list[str]) -> list[list[str]]:
    return [names[start : start + IDS] for start in range(0, len(names), IDS)]


def _read(connection: Connection, keys: Keys) -> list[Record]:
    """The records with these keys, by one question."""
    asked = keys.subquery()
    place = (revision.c.kind == record.c.kind) & (revision.c.id == record.c.id) & (revision.c.version == record.c.version)
    query = (
        select(revision.c.kind, revision.c.id, revision.c.content)
        .select_from(asked)
        .join(record, (record.c.kind == asked.c.kind) & (record.c.id == asked.c.id))
        .join(revision, place)
    )
    return [read_content(*row) for row in connection.execute(query)]


def _by_key(records: Iterable[Record]) -> dict[Key, Record]:
    return {(item.kind, item.id): item for item in records}
