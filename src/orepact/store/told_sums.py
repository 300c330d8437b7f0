"""What was told of a pool on a day, as rows of the database."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from orepact.store.notices_out import pool_told


@dataclass(frozen=True, slots=True)
class Kept:
    """Sums as JSON, and by which table and rules they were made."""

    marks: str
    told: str


def of(connection: Connection, pool: str, day: str) -> Kept | None:
    """What was told of a pool on a day."""
    mine = (pool_told.c.pool == pool, pool_told.c.day == day)
    row = connection.execute(select(pool_told.c.marks, pool_told.c.told).where(*mine)).one_or_none()
    return Kept(*row) if row else None


def keep(connection: Connection, pool: str, day: str, new: Kept) -> Kept:
    """Keep what is told of a day, unless it was told before by the same rules: what is to be told."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    row = dialect.insert(pool_told).values(pool=pool, day=day, **asdict(new))
    other = pool_told.c.marks != new.marks
    connection.execute(row.on_conflict_do_update(index_elements=["pool", "day"], set_=asdict(new), where=other))
    found = of(connection, pool, day)
    assert found is not None, "it was kept a moment ago"
    return found
