"""The part of a register that a board of one instrument rests on, found by set: the rest, however much there is, is not read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from sqlalchemy import CompoundSelect, Connection, Select, literal, select, union

from orepact.pact.records.register import Register
from orepact.store.derived import read_content
from orepact.store.tables import link, record, revision, served

if TYPE_CHECKING:
    from orepact.pact.records.record import Record
    from orepact.pact.records.register import Key

    Keys = Select[tuple[str, str]] | CompoundSelect[tuple[str, str]]

#: So many ids go into one question.
IDS = 400


def around(connection: Connection, instrument: str) -> Register:
    """An instrument, all that refers to it or serves an article of it, the bodies that any of these name, their meetings, and the
    instruments that set these bodies up. Empty when there is none of that.
    """
    keys = _of_instrument(instrument)
    found = _by_key(_read(connection, keys))
    bodies = {name for kind, name in found if kind == "body"} | _bodies(connection, keys)
    missing = {("body", name) for name in bodies} - found.keys()
    found.update(_by_key(_of_kind(connection, "body", (name for _, name in missing))))
    found.update(_by_key(_meetings(connection, bodies)))
    theirs = {
        each.target for (kind, _), item in found.items() if kind == "body" for each in item.links() if "instrument" in each.kinds
    }
    missing = {("instrument", name) for name in theirs} - found.keys()
    found.update(_by_key(_of_kind(connection, "instrument", (name for _, name in missing))))
    return Register({key: found[key] for key in sorted(found)})


def _of_instrument(name: str) -> Keys:
    return union(
        select(literal("instrument").label("kind"), literal(name).label("id")),
        select(served.c.kind, served.c.id).where(served.c.instrument == name),
        select(link.c.kind, link.c.id).where(link.c.target == name),
    )


def _bodies(connection: Connection, keys: Keys) -> set[str]:
    """The bodies that records refer to: by set, as looking through thousands of records takes longer than reading them."""
    asked = keys.subquery()
    place = (link.c.kind == asked.c.kind) & (link.c.id == asked.c.id)
    targets = select(link.c.target).select_from(asked).join(link, place)
    return {*connection.execute(select(record.c.id).where(record.c.kind == "body", record.c.id.in_(targets))).scalars()}


def _of_kind(connection: Connection, kind: str, names: Iterable[str]) -> list[Record]:
    return [
        item
        for part in _parts([*names])
        for item in _read(connection, select(record.c.kind, record.c.id).where(record.c.kind == kind, record.c.id.in_(part)))
    ]


def _meetings(connection: Connection, bodies: Collection[str]) -> list[Record]:
    """By target, few each: SQLite, which has no statistics, would rather read the references of all meetings."""
    meeting = link.c.kind.concat("") == "meeting"
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
