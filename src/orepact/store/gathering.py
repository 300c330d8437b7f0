"""The part of a register that a board of one instrument rests on, found by set: the rest, however much there is, is not read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import CompoundSelect, Connection, Select, literal, select, union

from orepact.pact.records.kinds import kinds
from orepact.pact.records.readers import Reader, redacted
from orepact.pact.records.register import Register
from orepact.store.access import seen, told
from orepact.store.briefs import read_briefs
from orepact.store.canonical import canonical
from orepact.store.constructs import Unindexed
from orepact.store.derived import instruments_of, read_content
from orepact.store.tables import brief, link, record, revision, served

if TYPE_CHECKING:
    from orepact.pact.records.record import Brief, Record
    from orepact.pact.records.register import Key

    Keys = Select[tuple[str, str]] | CompoundSelect[tuple[str, str]]

#: So many ids go into one question.
IDS = 400


@dataclass(frozen=True, slots=True)
class Around:
    """What a board rests on: records, and in brief those of the kinds of which there are many."""

    register: Register
    briefs: tuple[Brief, ...]


def around(connection: Connection, instrument: str, reader: Reader | None = None) -> Around:
    """An instrument, all that refers to it or serves an article of it, the bodies that any of these name, their meetings, and the
    instruments that set these bodies up. Empty when there is none of that.
    """
    short = {name: kind.in_brief for name, kind in kinds().items() if kind.in_brief is not None}
    briefs = tuple(_briefs(connection, instrument, short, reader))
    found = _by_key(_read(connection, _of_instrument(instrument, short, reader), reader))
    bodies = {name for kind, name in found if kind == "body"} | _targets(found.values(), "body")
    bodies |= {name for one in briefs if (name := getattr(one, "body", None))}
    missing = {("body", name) for name in bodies} - found.keys()
    found.update(_by_key(_of_kind(connection, "body", (name for _, name in missing), reader)))
    found.update(_by_key(_meetings(connection, bodies, reader)))
    theirs = _targets((item for (kind, _), item in found.items() if kind == "body"), "instrument")
    missing = {("instrument", name) for name in theirs} - found.keys()
    found.update(_by_key(_of_kind(connection, "instrument", (name for _, name in missing), reader)))
    return Around(Register({key: found[key] for key in sorted(found)}), briefs)


def _of_instrument(name: str, short: Collection[str], reader: Reader | None) -> Keys:
    """The keys of what has to do with an instrument and is read whole."""
    return union(
        select(literal("instrument").label("kind"), literal(name).label("id")),
        select(served.c.kind, served.c.id).where(served.c.instrument == name, served.c.kind.not_in(short), seen(served, reader)),
        select(link.c.kind, link.c.id).where(link.c.target == name, link.c.kind.not_in(short), told(reader)),
    )


def _briefs(connection: Connection, instrument: str, short: Mapping[str, type[Brief]], reader: Reader | None) -> Iterator[Brief]:
    """By kind and id."""
    mine = select(brief.c.id, brief.c.content).where(brief.c.instrument == instrument, seen(brief, reader)).order_by(brief.c.id)
    for name, model in sorted(short.items()):
        texts = {row.id: row.content for row in connection.execute(mine.where(brief.c.kind == name))}
        closed = [one for one, text in texts.items() if not text]
        for item in _of_kind(connection, name, closed, reader):  # each with what of it is for this reader
            texts[item.id] = canonical(item.brief()) if instrument in instruments_of(item) else ""
        yield from read_briefs(model, filter(None, texts.values()))


def _targets(items: Iterable[Record], kind: str) -> set[str]:
    """The ids of a kind that records refer to."""
    return {each.target for item in items for each in item.links() if kind in each.kinds}


def _of_kind(connection: Connection, kind: str, names: Iterable[str], reader: Reader | None) -> list[Record]:
    keys = select(record.c.kind, record.c.id).where(record.c.kind == kind, seen(record, reader))
    return [item for part in _parts([*names]) for item in _read(connection, keys.where(record.c.id.in_(part)), reader)]


def _meetings(connection: Connection, bodies: Collection[str], reader: Reader | None) -> list[Record]:
    """By target, few each: SQLite, which has no statistics, would rather read the references of all meetings."""
    meeting = Unindexed(link.c.kind) == "meeting"
    keys = select(link.c.kind, link.c.id).where(meeting, told(reader)).distinct()
    return [item for part in _parts(sorted(bodies)) for item in _read(connection, keys.where(link.c.target.in_(part)), reader)]


def _parts(names: list[str]) -> list[list[str]]:
    return [names[start : start + IDS] for start in range(0, len(names), IDS)]


def _read(connection: Connection, keys: Keys, reader: Reader | None) -> list[Record]:
    """The records with these keys that a reader sees, by one question."""
    asked = keys.subquery()
    place = (revision.c.kind == record.c.kind) & (revision.c.id == record.c.id) & (revision.c.version == record.c.version)
    query = (
        select(revision.c.kind, revision.c.id, revision.c.content)
        .select_from(asked)
        .join(record, (record.c.kind == asked.c.kind) & (record.c.id == asked.c.id))
        .join(revision, place)
        .where(seen(record, reader))
    )
    return [redacted(read_content(*row), reader) for row in connection.execute(query)]


def _by_key(records: Iterable[Record]) -> dict[Key, Record]:
    return {(item.kind, item.id): item for item in records}
