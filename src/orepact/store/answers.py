"""What jobs found, as rows of the database: by whose it is and what was asked, so that the same question is a read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from orepact.store.queue import OPEN, now_of
from orepact.store.work import job, part, result

ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Found:
    """An answer: its parts by name, each JSON, compressed; what it depends on; how long it took."""

    parts: Mapping[str, bytes]
    manifest: str
    manifest_hash: str
    took_ms: int


@dataclass(frozen=True, slots=True)
class Noted:
    """What is kept of an answer beside its parts."""

    manifest: str
    manifest_hash: str
    bytes: int
    took_ms: int
    made_at: str


def keep(connection: Connection, organisation: str, request_hash: str, found: Found) -> None:
    """Keep an answer in place of the one that was there."""
    key = {"organisation": organisation, "request_hash": request_hash}
    for table in (result, part):
        connection.execute(delete(table).where(*(table.c[name] == value for name, value in key.items())))
    said = {"manifest": found.manifest, "manifest_hash": found.manifest_hash, "took_ms": found.took_ms}
    size = sum(map(len, found.parts.values()))
    connection.execute(insert(result), [key | said | {"bytes": size, "made_at": now_of(connection)}])
    connection.execute(insert(part), [key | {"name": name, "content": content} for name, content in found.parts.items()])


def noted(connection: Connection, organisation: str, request_hash: str) -> Noted | None:
    """What an answer depends on, and when it was made; None when there is none."""
    mine = (result.c.organisation == organisation, result.c.request_hash == request_hash)
    columns = (result.c.manifest, result.c.manifest_hash, result.c.bytes, result.c.took_ms, result.c.made_at)
    row = connection.execute(select(*columns).where(*mine)).one_or_none()
    return Noted(*row) if row else None


def read(connection: Connection, organisation: str, request_hash: str, name: str = ANSWER) -> bytes | None:
    """A part of an answer; None when there is none."""
    mine = (part.c.organisation == organisation, part.c.request_hash == request_hash, part.c.name == name)
    return connection.execute(select(part.c.content).where(*mine)).scalar()


def names(connection: Connection, organisation: str, request_hash: str) -> list[str]:
    """The tables of an answer."""
    mine = (part.c.organisation == organisation, part.c.request_hash == request_hash, part.c.name != ANSWER)
    return [*connection.execute(select(part.c.name).where(*mine).order_by(part.c.name)).scalars()]


def forget(connection: Connection, before: str) -> int:
    """Let go of answers that were made, and of jobs that ended, before a moment; how many answers."""
    old = select(result.c.organisation, result.c.request_hash).where(result.c.made_at < before)
    keys = [(row.organisation, row.request_hash) for row in connection.execute(old)]
    for organisation, request_hash in keys:
        for table in (result, part):
            connection.execute(delete(table).where(table.c.organisation == organisation, table.c.request_hash == request_hash))
    connection.execute(delete(job).where(job.c.state.not_in(OPEN), job.c.ended_at < before))
    return len(keys)
