"""What follows from a record and is kept beside it to be fast: its line in lists, the text it is found by, its references, the
articles that it serves, what boards need of it, who may know of it.

All but its references is made of the record as he sees it who is admitted to none of its labelled fields.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from sqlalchemy import Connection, Integer, Table, bindparam, case, delete, insert, select, tuple_, update

from orepact.errors import BadInput, NotFound, Problem
from orepact.facts.labels import Label
from orepact.facts.typed_problems import problems_of
from orepact.pact.instruments.articles import instrument_of
from orepact.pact.records.fields import articles_of
from orepact.pact.records.folding import searched
from orepact.pact.records.kinds import kind_of
from orepact.pact.records.readers import EARLIEST, LATEST, NOBODY, grants_of, redacted
from orepact.pact.records.sharing import SHARING
from orepact.store.canonical import canonical, instant, strings
from orepact.store.tables import NO_BEGIN, NO_DUE_DATE, NO_END, brief, link, record, revision, served, visible
from orepact.wording import deed

if TYPE_CHECKING:
    from orepact.pact.records.record import Record

#: Raise it when what stands in these tables is made in another way: `orepact db upgrade` then makes it anew.
FORM = "6"
#: The tables of what is kept beside a line.
BESIDE = (link, served, brief, visible)
#: So many rows are read or written at a time.
ROWS = 1000
#: How to ask for many rows without holding all of them. It goes with a question: set on a connection, it would stay.
STREAMED = {"yield_per": ROWS}
#: So many records are held as they were read: a few tens of megabytes.
READ = 8192
_UNSEARCHED = {"sources", "label", "confidence"}
#: Fields of a content by which not all of it is for all: those of sharing, and what ``kept_alone`` names.
_APART = (*SHARING, "showing")


def content_of(item: Record) -> str:
    """A record as its revision keeps it."""
    return canonical(item.content())


def read_content(kind: str, name: str, content: str) -> Record:
    """A record from its revision, read once: neither of them ever changes. Raises ``BadInput`` when this program cannot read it,
    ``NotFound`` for a kind it does not know.
    """
    return _read(kind_of(kind), kind, name, content)


@lru_cache(READ)
def _read(model: type[Record], kind: str, name: str, content: str) -> Record:
    try:
        values = json.loads(content)
    except ValueError as fault:  # nothing that this program writes
        found, mend = f"{content[:40]!r} ({fault})", f"run {deed('pact.verify_audit')}: it names what was altered"
        raise BadInput([Problem("content", "a record as JSON", found, mend, f"{kind} {name} in the register")]) from None
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise BadInput(problems_of(error, f"{kind} {name} in the register", values, model)) from None


def line_of(item: Record) -> dict[str, str]:
    """The columns of ``record`` that follow from the record, but for its version."""
    item = redacted(item, NOBODY)
    entry, content = item.entry(), item.content()
    found = dict.fromkeys(strings({key: value for key, value in content.items() if key not in _UNSEARCHED}))
    label = Label.parse(item.label)
    return {
        "title": entry.title,
        "state": entry.state,
        "owner": entry.owner,
        "instrument": entry.instrument,
        "article": entry.articles[0] if entry.articles else "",
        "due": entry.due.isoformat() if entry.due else NO_DUE_DATE,
        "label": item.label,
        "search": "\n".join(map(searched, found)),
        "keeper": (label.owner if label else "") or entry.owner,
    }


def readers_of(item: Record) -> tuple[str, list[dict[str, str]]]:
    """The one token that always sees a record; else "" and its rows of ``visible``."""
    grants = grants_of(item)
    if len(grants) == 1 and grants[0].timeless:
        return grants[0].token, []
    rows = [
        {
            "kind": item.kind,
            "id": item.id,
            "token": grant.token,
            "opens": NO_BEGIN if grant.opens == EARLIEST else instant(grant.opens),
            "ends": NO_END if grant.ends == LATEST else instant(grant.ends),
        }
        for grant in grants
    ]
    return "", rows


def links_of(item: Record) -> list[dict[str, Any]]:
    """The rows of ``link`` of a record, each once; closed where only labelled fields name it."""
    found = dict.fromkeys((each.relation, each.target) for each in item.links())
    told = {(each.relation, each.target) for each in redacted(item, NOBODY).links()}
    own = {"kind": item.kind, "id": item.id}
    return [
        {**own, "relation": relation, "target": target, "closed": int((relation, target) not in told)}
        for relation, target in found
    ]


def served_by(item: Record, line: dict[str, str], reader: str) -> list[dict[str, str]]:
    """The rows of ``served`` of a record, by instrument and article."""
    item = redacted(item, NOBODY)
    places = {(instrument_of(name) if ":" in name else line["instrument"], name) for name in articles_of(item)}
    if line["instrument"] not in {"" if places else None, *(instrument for instrument, _ in places)}:
        places.add((line["instrument"], ""))
    own = {"kind": item.kind, "id": item.id, "state": line["state"], "due": line["due"], "reader": reader}
    return [{**own, "instrument": instrument, "article": article} for instrument, article in sorted(places)]


def instruments_of(item: Record) -> frozenset[str]:
    """The instruments with which a record has to do: those that it names, and those of the articles that it serves."""
    named = {each.target for each in item.links() if "instrument" in each.kinds}
    served = {instrument_of(name) for name in articles_of(item) if ":" in name}
    return frozenset(named | served | {item.entry().instrument}) - {""}


def briefs_of(item: Record, reader: str) -> list[dict[str, str]]:
    """The rows of ``brief`` of a record, by instrument; none for a kind that boards read whole. Without content where a closed
    field would stand in it, or alone names the instrument: then a board reads the record.
    """
    if item.in_brief is None:
        return []
    told, known = redacted(item, NOBODY), instruments_of(item)
    content = canonical(told.brief())
    open_to_all = instruments_of(told) if content == canonical(item.brief()) else frozenset()
    own = {"kind": item.kind, "id": item.id, "reader": reader}
    return [{**own, "instrument": name, "content": content if name in open_to_all else ""} for name in sorted(known)]


def followed(item: Record) -> tuple[dict[str, str], dict[Table, list[dict[str, Any]]]]:
    """The line of a record, and all that is kept beside it."""
    reader, rows = readers_of(item)
    line = {**line_of(item), "reader": reader}
    beside = {link: links_of(item), served: served_by(item, line, reader), brief: briefs_of(item, reader), visible: rows}
    return line, beside


def shares(item: Record) -> bool:
    """Whether something of a record is not for all who see it, now or yet: such a version may say nothing to some of them."""
    return any(getattr(item, name) for name in (*SHARING, *type(item).script)) or bool(item.kept_alone()[1])


#: Whether a line was told apart before, or its record was for others.
_WAS_APART = (record.c.apart == 1) | (record.c.label != bindparam("new_label"))
#: A line with a new version: once told apart, always.
_CHANGED = (
    update(record)
    .where(record.c.kind == bindparam("of_kind"), record.c.id == bindparam("of_id"))
    .values(apart=case((_WAS_APART, 1), else_=bindparam("own_apart", type_=Integer)))
)


def write_lines(connection: Connection, changes: Iterable[dict[str, Any]], items: Iterable[Record]) -> None:
    """Bring what follows from records in line with new revisions (as ``revision`` keeps them)."""
    added, changed, kept, stale = [], [], [], []
    for change, item in zip(changes, items, strict=True):
        line, beside = followed(item)
        own = {"version": change["version"], "changed_at": change["at"], "changed_by": change["actor"], **line}
        apart = int(shares(item))
        if change["version"] == 1:
            added.append({"kind": item.kind, "id": item.id, **own, "apart": apart})
        else:
            changed.append({"of_kind": item.kind, "of_id": item.id, **own, "new_label": line["label"], "own_apart": apart})
            stale.append((item.kind, item.id))
        kept.append(beside)
    if added:
        connection.execute(insert(record), added)
    _write(connection, changed, kept, stale)


def _write(
    connection: Connection,
    changed: list[dict[str, Any]],
    kept: list[dict[Table, list[dict[str, Any]]]],
    stale: list[tuple[str, str]],
) -> None:
    if changed:
        connection.execute(_CHANGED, changed)
    gone = [{"of_kind": kind, "of_id": name} for kind, name in stale]
    for table in BESIDE:
        if gone:  # one by one: given pairs, SQLite goes through the whole table
            connection.execute(delete(table).where(table.c.kind == bindparam("of_kind"), table.c.id == bindparam("of_id")), gone)
        rows = [row for each in kept for row in each[table]]
        if rows:
            connection.execute(insert(table), rows)


def current(connection: Connection) -> Iterator[tuple[Any, Record | None]]:
    """Every row of ``record`` with its record, in the order of kind and id; with None in place of one that cannot be read."""
    place = (revision.c.kind == record.c.kind) & (revision.c.id == record.c.id) & (revision.c.version == record.c.version)
    query = select(record, revision.c.content, revision.c.at, revision.c.actor).join(revision, place)
    rows = connection.execute(query.order_by(record.c.kind, record.c.id), execution_options=STREAMED)
    for row in rows:
        try:
            yield row, read_content(row.kind, row.id, row.content)
        except (BadInput, NotFound):
            yield row, None


def rebuild(connection: Connection) -> None:
    """Make all that follows from records anew; raises ``BadInput`` naming all records that cannot be read."""
    problems: list[Problem] = []
    keys = connection.execute(select(record.c.kind, record.c.id, record.c.version).order_by(record.c.kind, record.c.id)).all()
    for table in BESIDE:
        connection.execute(delete(table))
    for start in range(0, len(keys), ROWS // 2):
        part = [tuple(key) for key in keys[start : start + ROWS // 2]]
        query = select(revision).where(tuple_(revision.c.kind, revision.c.id, revision.c.version).in_(part))
        _rebuild(connection, connection.execute(query).all(), problems)
    connection.execute(update(record).values(apart=0))
    found = [{"of_kind": kind, "of_id": name} for kind, name in sorted(told_apart(connection))]
    if found:
        place = (record.c.kind == bindparam("of_kind")) & (record.c.id == bindparam("of_id"))
        connection.execute(update(record).where(place).values(apart=1), found)
    if problems:
        raise BadInput(problems)


def told_apart(connection: Connection) -> set[tuple[str, str]]:
    """The records of which not all versions are the same for all who see them: of one there was another label, or something was
    not for all. Of contents only the names of fields are read, as all versions are gone through.
    """
    found: set[tuple[str, str]] = set()
    labels: dict[tuple[str, str], str] = {}
    for kind, name, content in connection.execute(
        select(revision.c.kind, revision.c.id, revision.c.content), execution_options=STREAMED
    ):
        try:
            values = json.loads(content)
            label, closed = values.get("label", ""), any(values.get(field) for field in (*_APART, *kind_of(kind).script))
        except (ValueError, AttributeError, NotFound):  # named elsewhere
            continue
        if closed or labels.setdefault((kind, name), label) != label:
            found.add((kind, name))
    return found


def _rebuild(connection: Connection, rows: Iterable[Any], problems: list[Problem]) -> None:
    changed: list[dict[str, Any]] = []
    kept: list[dict[Table, list[dict[str, Any]]]] = []
    for row in rows:
        try:
            item = read_content(row.kind, row.id, row.content)
        except BadInput as error:
            problems.extend(error.problems)
            continue
        line, beside = followed(item)
        own = {"version": row.version, "changed_at": row.at, "changed_by": row.actor, **line}
        changed.append({"of_kind": row.kind, "of_id": row.id, **own, "new_label": line["label"], "own_apart": 0})
        kept.append(beside)
    _write(connection, changed, kept, [])
