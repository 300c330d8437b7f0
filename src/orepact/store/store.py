"""``Store``: a register in a database."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from orepact.errors import BadInput, NotFound, Problem
from orepact.pact.records.register import Register
from orepact.store import backup, gathering, guards, listing, restore, schema
from orepact.store.address import Address
from orepact.store.canonical import instant
from orepact.store.chain import AuditEntry, Head, read_head
from orepact.store.derived import read_content
from orepact.store.engine import WAIT_S, Database
from orepact.store.listing import Count, Filter, Page
from orepact.store.loading import StoredRegister, load, stored
from orepact.store.tables import audit, record, revision
from orepact.store.verifying import Verified, verify
from orepact.store.writing import Unit

if TYPE_CHECKING:
    from orepact.pact.records.record import Record


#: An id that is not there is compared with so many before and after it: comparing with all of a large register takes seconds.
NEIGHBOURS = 500


def _now() -> datetime:
    return datetime.now(tz=UTC)


def _salt() -> str:
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Change:
    """One version of a record: who wrote it, when (UTC) and why, and its entry in the audit log."""

    version: int
    at: str
    actor: str
    reason: str
    seq: int
    item: Record


@dataclass(frozen=True)
class Store:
    """A register in a database: read as ``Register``, as lists and as counts; changed by ``write`` alone.

    Every method raises ``StoreUnavailable`` when the database fails.
    """

    database: Database
    clock: Callable[[], datetime] = _now
    salt: Callable[[], str] = _salt
    #: Triggers and indexes that ``upgrade_store`` found gone and made anew.
    made_anew: tuple[str, ...] = ()

    @contextmanager
    def write(self, actor: str, reason: str, *, seeding: bool = False) -> Iterator[Unit]:
        """Gather changes; when the block ends they are kept, all or none, with their entries in the audit log.

        >>> with store.write("m.gregory", "the second meeting was held") as unit:  # doctest: +SKIP
        ...     unit.put(meeting, expected_version=3)

        Raises:
            Conflict: somebody else has changed a record meanwhile.
            BadInput: what stands for good would change (``seeding``: not asked, as the records come with the package), or the
                changes leave something wrong in the register; every problem at once.
        """
        unit = Unit(actor, reason, seeding).checked()
        yield unit
        unit.commit(self.database, self.clock, self.salt)

    @contextmanager
    def reading(self) -> Iterator[StoredRegister]:
        """One state of the whole register, read bit by bit as it is asked, until the block ends."""
        with self.database.reading() as connection:
            yield StoredRegister.on(connection)

    def register(self, kinds: Iterable[str] | None = None, recorded_before: datetime | None = None) -> Register:
        """Records of some kinds (of all when None), now or as they stood in the register before a moment."""
        with self.database.reading() as connection:
            return Register.of(load(connection, kinds, recorded_before))

    def around(self, instrument: str) -> gathering.Around:
        """An instrument with all that a board of it rests on; empty when there is no such instrument and nothing names it."""
        with self.database.reading() as connection:
            return gathering.around(connection, instrument)

    def get(self, kind: str, name: str) -> tuple[Record, int]:
        """A record and its version; raises ``NotFound`` with the nearest ids."""
        with self.database.reading() as connection:
            found = stored(connection, [(kind, name)]).get((kind, name))
            if found is None:
                raise _not_found(connection, kind, name)
        version, content, _, _ = found
        return read_content(kind, name, content), version

    def list(
        self,
        asked: Filter | None = None,
        *,
        order: str = "id",
        descending: bool = False,
        after: str | None = None,
        limit: int = 100,
    ) -> Page:
        """A page of the lines of records; ``after`` is the mark that the page before gave. By ``id``, ``title``, ``due`` or
        ``changed``; what has no due date comes last. Raises ``BadInput`` for another order or a mark of another list.
        """
        with self.database.reading() as connection:
            return listing.page(connection, asked or Filter(), order=order, descending=descending, after=after, limit=limit)

    def counts(self, by: Sequence[str], on: date, asked: Filter | None = None) -> tuple[Count, ...]:
        """How many records fall together by kind, instrument, article, owner, state or label, and how their due dates lie to a
        day.
        """
        with self.database.reading() as connection:
            return listing.counts(connection, asked or Filter(), by, on)

    def history(self, kind: str, name: str) -> tuple[Change, ...]:
        """Every version of a record, first to last; raises ``NotFound``."""
        key = (kind, name)
        query = select(revision).where(revision.c.kind == kind, revision.c.id == name).order_by(revision.c.version)
        with self.database.reading() as connection:
            rows = connection.execute(query).all()
            if not rows:
                raise _not_found(connection, kind, name)
        return tuple(Change(row.version, row.at, row.actor, row.reason, row.seq, read_content(*key, row.content)) for row in rows)

    def audit(self, after: int = 0, limit: int | None = 100) -> tuple[AuditEntry, ...]:
        """Entries of the audit log that follow one, in their order; all with ``limit`` None."""
        with self.database.reading() as connection:
            rows = connection.execute(select(audit).where(audit.c.seq > after).order_by(audit.c.seq).limit(limit))
            return tuple(AuditEntry(*row) for row in rows)

    def head(self) -> Head:
        """Where the audit log ends."""
        with self.database.reading() as connection:
            return read_head(connection)

    def verify(self, known: Head | None = None) -> Verified:
        """Check the audit log and all of the register against it, and against a head noted earlier; raises ``ChainBroken``."""
        with self.database.reading() as connection:
            return verify(connection, known)

    def backup(self, file: Path | str) -> backup.Manifest:
        """Write all of the register to a file, whole or not at all; others may go on writing to the register meanwhile."""
        with self.database.reading() as connection:
            return backup.back_up(connection, Path(file), instant(self.clock()))

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def _not_found(connection: Connection, kind: str, name: str) -> NotFound:
    ids = select(record.c.id).where(record.c.kind == kind).limit(NEIGHBOURS)
    after = connection.execute(ids.where(record.c.id >= name).order_by(record.c.id)).scalars()
    before = connection.execute(ids.where(record.c.id < name).order_by(record.c.id.desc())).scalars()
    return NotFound(kind, name, [*before, *after])


def open_store(
    url: str | None = None,
    *,
    wait_s: float = WAIT_S,
    clock: Callable[[], datetime] = _now,
    salt: Callable[[], str] = _salt,
    to_verify: bool = False,
) -> Store:
    """The register at an address (``$OREPACT_DATABASE_URL``, else a file in the user's data folder).

    Args:
        url: a file name, ``sqlite:///FILE`` or ``postgresql://...``.
        wait_s: seconds that a writer waits for another.
        clock: what says the moment of a change.
        salt: what makes the hash of a content impossible to guess.
        to_verify: do not ask of which form its lines are, so that ``Store.verify`` can say what was changed.

    Raises:
        StoreOutdated: there is no register, or one of another form.
        BadInput: no address of a database.
        StoreUnavailable: the database cannot be reached.
    """
    database = replace(_place(url, create=False), wait_s=wait_s)
    with database.reading() as connection:
        schema.check_form(connection, str(database.address), lines=not to_verify)
    return Store(database, clock, salt)


def upgrade_store(url: str | None = None, *, create: bool = False) -> Store:
    """Bring a register to the form of this program, each step whole or not at all; ``create`` makes one where there is none.

    Triggers and indexes that are gone are made anew, once all that they guarded was found to close (``Store.made_anew``).

    Raises:
        ChainBroken: triggers or indexes are gone, and more was changed: the register is left as it is.
        StoreOutdated: there is no register, or one of a later form.
        BadInput: no address of a database; or a register was to be made in a database that holds something else.
        StoreUnavailable: the database cannot be reached, or cannot keep a register.
    """
    database = _place(url, create=create)
    where = str(database.address)
    with database.reading() as connection:
        _check(connection, where, create=create)
    schema.prepare(database)
    with database.writing() as connection:
        _check(connection, where, create=create)  # somebody else may have been faster
        schema.upgrade(connection)
        gone = guards.absent(connection)
        if gone:
            verify(connection, guarded=False)
            guards.put_back(connection, gone)
    return Store(database, made_anew=tuple(f"{one.what} {one.name}" for one in gone))


def _place(url: str | None, *, create: bool) -> Database:
    address = Address.of(url)
    if address.file is not None and create:
        schema.make_folder(address.file)
    if address.file is not None and address.file.exists() and not address.file.is_file():
        mend = f"name the file in it, such as {address.file / 'register.db'}"
        raise BadInput([Problem("address of the database", "a file", f"{address} is a folder", mend)])
    if address.file is not None and not create and not address.file.is_file():
        schema.no_register(str(address))
    return Database(address, create=create)


def _check(connection: Connection, where: str, *, create: bool) -> None:
    if create and schema.form_of(connection).step is None:
        schema.check_empty(connection, where)
    else:
        schema.check_known(connection, where)


def restore_store(file: Path | str, url: str | None = None) -> Verified:
    """Fill an empty database from a backup, all or nothing; a backup of an earlier form is brought to the last.

    Raises:
        BadInput: no backup, a damaged one, or a database that holds something already.
        StoreOutdated: a backup of a later form.
        ChainBroken: a backup whose register is not what its log says.
        StoreUnavailable: the database cannot be reached, or cannot keep a register.
    """
    with restore.opened(Path(file)) as backup_file:
        database = _place(url, create=True)
        with database.reading() as connection:
            _check(connection, str(database.address), create=True)
        schema.prepare(database)
        with database.writing() as connection:
            return restore.restore(connection, backup_file)
