"""Connections to a database that keeps what it acknowledges: one way to begin, read and commit on SQLite and PostgreSQL."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from orepact.errors import BadInput, Problem, StoreUnavailable
from orepact.store.address import Address
from orepact.store.faults import named_faults, unavailable

#: Seconds that a writer waits for another.
WAIT_S = 10.0
#: Memory that a connection to SQLite may keep pages in: a register of 100 000 records fits.
CACHE_KIB = 65_536


@dataclass(frozen=True)
class Database:
    """A database and how to talk to it; ``create`` makes the file that is not there.

    Raises ``StoreUnavailable`` whenever it cannot serve.
    """

    address: Address
    wait_s: float = WAIT_S
    create: bool = False

    @property
    def sqlite(self) -> bool:
        """Whether it is a file of SQLite."""
        return self.address.file is not None

    @cached_property
    def engine(self) -> Engine:
        """The pool of connections."""
        return _sqlite(self.address, self.wait_s, create=self.create) if self.sqlite else _postgresql(self.address, self.wait_s)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One state of the register, whatever others write meanwhile."""
        options: dict[str, Any] = {} if self.sqlite else {"isolation_level": "REPEATABLE READ"}
        with named_faults(str(self.address)), self.engine.connect().execution_options(**options) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A change, kept as a whole when the block ends and not at all when it raises."""
        options: dict[str, Any] = {"immediate": True} if self.sqlite else {"isolation_level": "READ COMMITTED"}
        with named_faults(str(self.address)), self.engine.connect().execution_options(**options) as connection:
            yield connection
            try:
                connection.commit()
            except SQLAlchemyError as fault:
                raise unavailable(fault, str(self.address), committing=True) from fault

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def _sqlite(address: Address, wait_s: float, *, create: bool) -> Engine:
    file = Path(address.url.database or "").absolute()

    def connect() -> sqlite3.Connection:
        # A file that is gone must not come back empty.
        how = "mode=rwc" if create else "mode=ro&immutable=1" if _only_read(file) else "mode=rw"
        return sqlite3.connect(f"file:{quote(str(file))}?{how}", uri=True, timeout=wait_s, check_same_thread=False)

    engine = create_engine(address.url, creator=connect)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        # The driver would commit before changes of the schema and begin late: transactions are ours (see ``begin``).
        connection.isolation_level = None
        for pragma in ("synchronous=FULL", "foreign_keys=ON", f"cache_size=-{CACHE_KIB}", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def _only_read(file: Path) -> bool:
    """Whether a register can be read and nothing be written beside it, as on a share or a disc that only gives.

    SQLite would make two files beside it even to read; told that nobody changes the file it makes none. Whoever writes to it from
    elsewhere keeps a log beside it, and takes that away when he is done.

    Raises ``StoreUnavailable`` where such a log was left and cannot be read in its place.
    """
    if not file.is_file() or (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)):
        return False
    log, index = (file.with_name(f"{file.name}-{end}") for end in ("wal", "shm"))
    if not log.exists() or not log.stat().st_size:
        return True
    if os.access(file.parent, os.W_OK) or index.exists():
        return False
    why = (
        f"its last changes are in {log.name}, and they cannot be taken in here: copy both files to a folder that you may write to"
    )
    raise StoreUnavailable(why, where=str(file))


def _postgresql(address: Address, wait_s: float) -> Engine:
    options = f"-c lock_timeout={round(wait_s * 1000)} {address.url.query.get('options', '')}".strip()
    wanted = {"options": options, "client_encoding": "utf8", "connect_timeout": 10, "application_name": "orepact"}
    try:
        return create_engine(address.url, pool_pre_ping=True, connect_args=wanted)
    except ModuleNotFoundError:
        mend = "install orepact with its extra `postgres`: pip install 'orepact[postgres]'"
        raise BadInput([Problem("address of the database", "a driver for PostgreSQL", "none installed", mend)]) from None
