"""``Versions``: what organisations keep under a name, as rows of a table: each version stays as it was, and can be ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Table, insert, select, update


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of what an organisation keeps under a name; ``ended_at``: from then on no new run uses it ("" while some may)."""

    owner: str
    name: str
    version: int = 1
    label: str
    sha256: str
    created_at: str = ""
    created_by: str = ""
    ended_at: str = ""

    @property
    def ref(self) -> str:
        """Name and version, as answers carry them."""
        return f"{self.name}@{self.version}"

    @property
    def closed(self) -> bool:
        """Whether it is for the stewards of its owner alone."""
        return self.label.startswith("TLP:RED")


Kept = TypeVar("Kept", bound=Version)


class Versions(Generic[Kept]):
    """The versions of one kind of thing. ``made`` makes one of a row; ``heavy``: columns that are left out ("") where many are
    listed.
    """

    def __init__(self, table: Table, made: Callable[..., Kept], heavy: tuple[str, ...]) -> None:
        self.table, self.made, self.heavy = table, made, heavy

    def add(self, connection: Connection, one: Kept) -> None:
        """Keep a new version."""
        connection.execute(insert(self.table), [asdict(one)])

    def last(self, connection: Connection, owner: str, name: str) -> Kept | None:
        """The last version, ended or not."""
        query = select(self.table).where(*self._named(owner, name)).order_by(self.table.c.version.desc()).limit(1)
        row = connection.execute(query).mappings().one_or_none()
        return self.made(**row) if row else None

    def version_of(self, connection: Connection, owner: str, name: str, version: int) -> Kept | None:
        """One version, ended or not."""
        mine = (*self._named(owner, name), self.table.c.version == version)
        row = connection.execute(select(self.table).where(*mine)).mappings().one_or_none()
        return self.made(**row) if row else None

    def of(self, connection: Connection, owner: str = "") -> list[Kept]:
        """Every version of an organisation's, or of all, without what is heavy."""
        columns = self.table.c
        mine = [columns.owner == owner] if owner else []
        listed = [column for column in columns if column.name not in self.heavy]
        rows = connection.execute(select(*listed).where(*mine).order_by(columns.owner, columns.name, columns.version))
        return [self.made(**row, **dict.fromkeys(self.heavy, "")) for row in rows.mappings()]

    def end(self, connection: Connection, owner: str, name: str, moment: str) -> int:
        """Let no new run use it; how many versions ended."""
        mine = (*self._named(owner, name), self.table.c.ended_at == "")
        return connection.execute(update(self.table).where(*mine).values(ended_at=moment)).rowcount

    def _named(self, owner: str, name: str) -> tuple[Any, ...]:
        return self.table.c.owner == owner, self.table.c.name == name
