"""Registers that are filled once and copied from then on: a copy is there in the tenth of a second, and a test may change it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.postgresql import Cluster

#: Makes a register in an empty database, whose address it is told. A function of a module: what it fills is known by it.
Fill = Callable[[str], None]


@dataclass
class Copies:
    """Of each register that a function fills, on each database: the original, in a folder or on a server, and copies of it."""

    folder: Path
    cluster: Callable[[], Cluster]
    originals: dict[tuple[str, Fill], str] = field(default_factory=dict)
    numbers: count[int] = field(default_factory=count)

    def of(self, backend: str, fill: Fill, folder: Path) -> str:
        """The address of a copy; one of SQLite lies in the folder."""
        if (backend, fill) not in self.originals:
            self.originals[backend, fill] = self._original(backend, fill)
        original = self.originals[backend, fill]
        if backend == "postgresql":
            return self.cluster().copy(original)
        return str(copied(Path(original), self._new(folder)))

    def drop(self, address: str) -> None:
        """Remove a copy from the server; a file goes with its folder."""
        if "://" in address:
            self.cluster().drop(address)

    def _original(self, backend: str, fill: Fill) -> str:
        file = self._new(self.folder)
        file.touch()
        address = self.cluster().database() if backend == "postgresql" else str(file)
        fill(address)
        return address

    def _new(self, folder: Path) -> Path:
        return folder / f"copy{next(self.numbers)}.db"


def copied(file: Path, to: Path) -> Path:
    """A copy of a register in a file, whoever reads it meanwhile."""
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)
    return to


def seeded(url: str) -> None:
    """Make the register that comes with the package."""
    from orepact.service.pact import init_register, seed_register

    init_register(url)
    seed_register(url)
