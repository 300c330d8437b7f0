"""Connections to a database that keeps what it acknowledges: one way to begin, read and commit on SQLite and PostgreSQL."""

from __future__ import annotations

import os
import select
import sqlite3
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock, local
from time import monotonic
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError, SQLAlchemyError

from orepact.errors import BadInput, Problem, StoreUnavailable
from orepact.pact.records.record import BROKEN
from orepact.store.address import Address
from orepact.store.faults import named_faults, unavailable

#: Seconds that a writer waits for another.
WAIT_S = 10.0
#: Memory that a connection to SQLite may keep pages in: a register of 100 000 records fits.
CACHE_KIB = 65_536
#: A connection for each thread of a server is kept; one that was closed after each use would be opened, and read, anew each time.
#: The one that was used last goes first, so that few have much in their memory.
POOL: dict[str, Any] = {"pool_size": 16, "max_overflow": 4, "pool_use_lifo": True}
#: A connection to PostgreSQL that was not used for so many seconds, or on which its server has said something since, is tried
#: before it is used: asking each time takes as long as a short question.
IDLE_S = 2.0
#: How each tells whether somebody wrote: of SQLite (True), and of PostgreSQL.
PULSE = {True: "PRAGMA data_version", False: "select pg_current_snapshot()::text"}


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
        made = _sqlite(self.address, self.wait_s, create=self.create) if self.sqlite else _postgresql(self.address, self.wait_s)
        event.listen(made, "before_cursor_execute", _demand_text)
        return made

    @contextmanager
    def steady(self) -> Iterator[None]:
        """Within the block, all that this thread reads is of one state, over one connection: for what only reads."""
        before = getattr(self._held, "connection", None)
        with self.reading() as connection:
            self._held.connection = connection
            try:
                yield
            finally:
                self._held.connection = before

    @cached_property
    def _held(self) -> local:
        return local()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One state of the register, whatever others write meanwhile."""
        held: Connection | None = getattr(self._held, "connection", None)
        if held is not None:
            yield held
            return
        options: dict[str, Any] = {} if self.sqlite else {"isolation_level": "REPEATABLE READ"}
        self._demand_place()
        with named_faults(str(self.address)), self.engine.connect().execution_options(**options) as connection:
            yield connection

    @contextmanager
    def writing(self, *, patient: bool = True) -> Iterator[Connection]:
        """A change, kept as a whole when the block ends and not at all when it raises; not ``patient``: none where somebody else
        writes to a file of SQLite just then.
        """
        options: dict[str, Any] = (
            {"immediate": True, "patient": patient} if self.sqlite else {"isolation_level": "READ COMMITTED"}
        )
        self._demand_place()
        with named_faults(str(self.address)), self.engine.connect().execution_options(**options) as connection:
            yield connection
            try:
                connection.commit()
            except SQLAlchemyError as fault:
                raise unavailable(fault, str(self.address), committing=True) from fault

    def _demand_place(self) -> None:
        """Raise ``StoreUnavailable`` where the file that is open is not the one that lies at the address any more: its
        connections would go on with a file that nobody else finds, and keep changes there. It is noted when first asked for.
        """
        file = self.address.file
        if file is None:
            return
        found, known = _place_of(file), self.__dict__.get("_place")
        if known is None:
            self.__dict__["_place"] = found  # None where no file is yet
        elif found != known:
            why = "the database cannot be reached: its file was moved away or replaced; put it back, or start again"
            raise StoreUnavailable(why, where=str(file), moved=True)

    def pulse(self) -> Hashable | None:
        """What differs once anybody has written to the database; None where it cannot be told. SQLite tells it in microseconds,
        PostgreSQL (which transactions have ended) by a question. The sources: https://www.sqlite.org/pragma.html#pragma_data_version
        and https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT
        """
        with self._pulse_lock:
            try:
                self._demand_place()
                return str(self._pulse.execute(PULSE[self.sqlite]).fetchone()[0])
            except Exception:  # noqa: BLE001  each driver has its own; what is wrong is told by the question that follows
                self._forget_pulse()
                return None

    @cached_property
    def _pulse_lock(self) -> Lock:
        return Lock()

    @cached_property
    def _pulse(self) -> Any:
        """A connection of its own, which never writes: it tells what all others wrote."""
        if not self.sqlite:
            lent = self.engine.raw_connection()
            found: Any = lent.driver_connection
            lent.detach()  # it does not go back
            found.autocommit = True
            return found
        file = Path(self.address.url.database or "").absolute()
        return sqlite3.connect(f"file:{quote(str(file))}?mode=rw", uri=True, timeout=0, check_same_thread=False)

    def _forget_pulse(self) -> None:
        if "_pulse" in self.__dict__:
            with suppress(Exception):
                self.__dict__.pop("_pulse").close()

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()
        self.__dict__.pop("_place", None)
        self._forget_pulse()


def _place_of(file: Path) -> tuple[int, int] | None:
    """What tells a file from every other on this machine; None where none is."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _demand_text(_: Connection, __: Any, ___: str, parameters: Any, context: Any, ____: bool) -> None:
    """Refuse to ask for text that no record can hold: one database would find nothing, the other fails on it."""
    if context is None or context.isinsert or context.isupdate:
        return  # records were checked when they were made
    given = parameters.values() if isinstance(parameters, Mapping) else parameters
    for text in given:
        if isinstance(text, str) and BROKEN.search(text):
            expected = "text without NUL and without half of a pair of characters"
            raise BadInput([Problem("what is asked", expected, ascii(text)[:60], "leave such characters out")])


def _sqlite(address: Address, wait_s: float, *, create: bool) -> Engine:
    file = Path(address.url.database or "").absolute()

    def connect() -> sqlite3.Connection:
        # A file that is gone must not come back empty; a new one, and what SQLite lays beside it, is for its user alone.
        if create and not file.exists():
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        how = "mode=rwc" if create else "mode=ro&immutable=1" if _only_read(file) else "mode=rw"
        return sqlite3.connect(f"file:{quote(str(file))}?{how}", uri=True, timeout=wait_s, check_same_thread=False)

    engine = create_engine(address.url, creator=connect, hide_parameters=True, **POOL)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        # The driver would commit before changes of the schema and begin late: transactions are ours (see ``begin``).
        connection.isolation_level = None
        for pragma in ("synchronous=FULL", "foreign_keys=ON", f"cache_size=-{CACHE_KIB}", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        how = "BEGIN IMMEDIATE" if options.get("immediate", False) else "BEGIN"
        if options.get("patient", True):
            connection.exec_driver_sql(how)
            return
        connection.exec_driver_sql("PRAGMA busy_timeout=0")
        try:
            connection.exec_driver_sql(how)
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={round(wait_s * 1000)}")

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
        engine = create_engine(address.url, hide_parameters=True, connect_args=wanted, **POOL)
    except ModuleNotFoundError:
        mend = "install orepact with its extra `postgres`: pip install 'orepact[postgres]'"
        raise BadInput([Problem("address of the database", "a driver for PostgreSQL", "none installed", mend)]) from None

    @event.listens_for(engine, "checkin")
    def used(_: Any, record: Any) -> None:
        record.info["used"] = monotonic()

    @event.listens_for(engine, "checkout")
    def try_it(connection: Any, record: Any, _: Any) -> None:
        if monotonic() - record.info.get("used", monotonic()) > IDLE_S or _has_something_to_say(connection):
            try:
                engine.dialect.do_ping(connection)
            except Exception as fault:
                raise DisconnectionError from fault  # another is opened in its place

    return engine


def _has_something_to_say(connection: Any) -> bool:
    """Whether a server of PostgreSQL that was asked nothing has sent something: mostly that it ends. Told without asking it."""
    if not hasattr(select, "poll"):
        return True
    watched = select.poll()
    watched.register(connection.fileno(), select.POLLIN)
    return bool(watched.poll(0))
