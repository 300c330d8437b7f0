"""What boards read of records of which there may be thousands, as the rows of ``brief`` keep it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, select

from orepact.errors import BadInput, Problem
from orepact.store.access import seen
from orepact.store.tables import brief, link, record
from orepact.wording import deed

if TYPE_CHECKING:
    from orepact.pact.records.readers import Reader
    from orepact.pact.records.register import AnyBrief, Key

#: So many of a kind are held as they were read, 1.2 kB each; of more records, those that boards asked for last.
MOST = 120_000
#: Which fields of a brief were given: nobody asks, and to hold it for each takes as much memory as the brief.
UNTOLD: set[str] = set()


def read_briefs(model: type[AnyBrief], texts: Iterable[str]) -> list[AnyBrief]:
    """What stands in some rows, each read once. Raises ``BadInput``."""
    asked, kept = [*texts], _kept(model)
    known = {text: found for text in asked if (found := kept.pop(text, None)) is not None}
    new = [text for text in asked if text not in known]
    known.update(zip(new, _read(model, new), strict=True))
    kept.update(known)  # at the end: what was not asked for longest stands first, and goes first
    if len(kept) > MOST:
        with _emptying:
            for old in [*islice([*kept], len(kept) - MOST)]:
                kept.pop(old, None)
    return [known[text] for text in asked]


_emptying = Lock()


@cache
def _kept(model: type[AnyBrief]) -> dict[str, AnyBrief]:  # noqa: ARG001  one for each model
    """What was read, by its text: boards of a day ask for the same again."""
    return {}


def _read(model: type[AnyBrief], texts: list[str]) -> list[AnyBrief]:
    """All in one go: what reads JSON checks thousands as fast as it takes to ask for each."""
    try:
        found = _many(model).validate_json(f"[{','.join(texts)}]")
    except ValidationError as error:
        what, why = f"what boards read of each {model.kind}", error.errors()[0]["msg"]
        raise BadInput([Problem("register", what, why, f"run {deed('pact.verify_audit')}")]) from None
    for one in found:
        object.__setattr__(one, "__pydantic_fields_set__", UNTOLD)
    return found


@cache
def _many(model: type[AnyBrief]) -> TypeAdapter[list[AnyBrief]]:
    return TypeAdapter(list[model])  # type: ignore[valid-type]  # a type that is made here


def briefs_referring(
    connection: Connection, kind: str, model: type[AnyBrief], target: str, reader: Reader | None
) -> tuple[list[AnyBrief], list[Key]]:
    """Of the records of a kind that refer to another and that a reader sees: what stands in brief of each, and the keys of those
    that are to be read whole, as fields of theirs are closed or as they serve no instrument.
    """
    query = (
        select(link.c.id, brief.c.content)
        .select_from(link)
        .join(record, (record.c.kind == link.c.kind) & (record.c.id == link.c.id))
        .outerjoin(brief, (brief.c.kind == link.c.kind) & (brief.c.id == link.c.id))
        .where(link.c.target == target, link.c.kind == kind, link.c.closed == 0, seen(record, reader))
    )
    found = {row.id: row.content for row in connection.execute(query)}
    return read_briefs(model, filter(None, found.values())), [(kind, name) for name, content in found.items() if not content]
