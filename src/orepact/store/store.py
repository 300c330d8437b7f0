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

from orepact.errors import BadInput, Forbidden, NotFound, Problem
from orepact.pact.records.readers import Reader
from orepact.pact.records.register import Register
from orepact.store import backup, gathering, guards, listing, restore, schema
from orepact.store.access import next_bound, seen
from orepact.store.address import Address
from orepact.store.canonical import instant
from orepact.store.chain import AuditEntry, Head, read_head
from orepact.store.engine import WAIT_S, Database
from orepact.store.hours import next_hour
from orepact.store.listing import Count, Filter, Page
from orepact.store.loading import StoredRegister, load
from orepact.store.logs import LogPage, chain_page, log_page
from orepact.store.tables import record
from orepact.store.texts import MOST_BYTES, Texts
from orepact.store.told import Standing, Told, earlier, standing_for, versions_told
from orepact.store.verifying import Verified, verify
from orepact.store.writing import Beside, Unit

if TYPE_CHECKING:
    from orepact.pact.records.record import Record


#: An id that is not there is compared with so many before and after it: comparing with all of a large register takes seconds.
NEIGHBOURS = 60
#: The role of those who may check the whole log; the host gives it.
AUDITOR = "auditor"
#: No log has so many entries.
LAST_SEQ = 2**53


def _now() -> datetime:
    return datetime.now(tz=UTC)


def _salt() -> str:
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Change:
    """One version of a record: who wrote it, when (UTC) and why, and its entry in the audit log.

    A reader is told numbers among the versions that he is told (``store.told``), and none of the log (0).
    """

    version: int
    at: str
    actor: str
    reason: str
    seq: int
    item: Record


@dataclass(frozen=True)
class Store:
    """A register in a database: read as ``Register``, as lists and as counts; changed by ``write`` alone.

    ``reader``: for whom (``seen_by``); whatever is asked then, the answer is the one that a register would give that holds only
    what he may see. None: the holder of the database, who sees all. ``beside``: what is written in one with every change.

    Every method raises ``StoreUnavailable`` when the database fails.
    """

    database: Database
    clock: Callable[[], datetime] = _now
    salt: Callable[[], str] = _salt
    reader: Reader | None = None
    beside: Beside | None = None
    #: The texts of all records, where many searches come.
    texts: Texts | None = None
    #: Triggers and indexes that ``upgrade_store`` found gone and made anew.
    made_anew: tuple[str, ...] = ()

    def seen_by(self, reader: Reader) -> Store:
        """The register as a reader sees it now (or at the moment that he names)."""
        return replace(self, reader=reader.asking(self.clock()))

    def for_many(self, search_bytes: int = MOST_BYTES) -> Store:
        """The same register for a process that answers many: it holds the texts of all records once somebody searches, unless
        they could take more than so many bytes.
        """
        return replace(self, texts=Texts(search_bytes))

    @contextmanager
    def write(self, actor: str, reason: str, *, seeding: bool = False, beside: Beside | None = None) -> Iterator[Unit]:
        """Gather changes; when the block ends they are kept, all or none, with their entries in the audit log.

        ``beside`` is called last in their transaction, also when nothing changed; the unit that it is given knows its versions by
        then. What it writes is kept with the changes or not at all.

        >>> with store.write("m.gregory", "the second meeting was held") as unit:  # doctest: +SKIP
        ...     unit.put(meeting, expected_version=3)

        Raises:
            Conflict: somebody else has changed a record meanwhile.
            BadInput: what stands for good would change (``seeding``: not asked, as the records come with the package), or the
                changes leave something wrong in the register; every problem at once.
        """
        unit = Unit(actor, reason, seeding, self.reader).checked()
        yield unit
        unit.commit(self.database, self.clock, self.salt, beside or self.beside)

    @contextmanager
    def reading(self) -> Iterator[StoredRegister]:
        """One state of the whole register, read bit by bit as it is asked, until the block ends."""
        with self.database.reading() as connection:
            yield StoredRegister.on(connection, self.reader)

    def register(self, kinds: Iterable[str] | None = None, recorded_before: datetime | None = None) -> Register:
        """Records of some kinds (of all when None), now or as they stood in the register before a moment."""
        with self.database.reading() as connection:
            if recorded_before is None:
                return Register.of(load(connection, kinds, self.reader))
            return Register.of(earlier(connection, kinds, recorded_before, self.reader))

    def around(self, instrument: str) -> gathering.Around:
        """An instrument with all that a board of it rests on; empty when there is no such instrument and nothing names it."""
        with self.database.reading() as connection:
            return gathering.around(connection, instrument, self.reader)

    def get(self, kind: str, name: str) -> tuple[Record, int]:
        """A record and its version; raises ``NotFound`` with the nearest ids."""
        found = self.stand(kind, name)
        return found.item, found.number

    def stand(self, kind: str, name: str) -> Standing:
        """How a record stands: its version, and who wrote it when; raises ``NotFound`` with the nearest ids."""
        with self.database.reading() as connection:
            found = standing_for(connection, [(kind, name)], self.reader).get((kind, name))
            if found is None:
                raise _not_found(connection, kind, name, self.reader)
        return found

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
            asked = replace(asked or Filter(), reader=self.reader)
            return listing.page(connection, asked, order=order, descending=descending, after=after, limit=limit, texts=self.texts)

    def counts(self, by: Sequence[str], on: date, asked: Filter | None = None) -> tuple[Count, ...]:
        """How many records fall together by kind, instrument, article, owner, state or label, and how their due dates lie to a
        day.
        """
        with self.database.reading() as connection:
            return listing.counts(connection, replace(asked or Filter(), reader=self.reader), by, on)

    def history(self, kind: str, name: str) -> tuple[Change, ...]:
        """Every version of a record, first to last; raises ``NotFound``.

        A reader is shown the versions that their own labels open to him and that say something to him.
        """
        with self.database.reading() as connection:
            found = versions_told(connection, [(kind, name)], self.reader).get((kind, name))
            if found is None:
                raise _not_found(connection, kind, name, self.reader)
        return tuple(map(self._change, found))

    def change(self, kind: str, name: str, version: int) -> Change | None:
        """The version that has a number among all, as ``history`` shows it; None for what the reader is not told, and for what is
        not there.
        """
        with self.database.reading() as connection:
            found = versions_told(connection, [(kind, name)], self.reader).get((kind, name), ())
        return next((self._change(one) for one in found if one.version == version), None)

    def _change(self, one: Told) -> Change:
        seq = one.seq if self.reader is None else 0
        return Change(one.number, one.at, one.actor, one.reason, seq, one.item)

    def audit(self, after: int = 0, limit: int | None = 100) -> tuple[AuditEntry, ...]:
        """Entries of the audit log that follow one, in their order, all with ``limit`` None: for the holder of the database, and
        for auditors, who are told nothing more of what they may not see. Other readers ask ``log``.
        """
        if self.reader is not None and AUDITOR not in self.reader.roles:
            raise Forbidden("the numbers and hashes of the audit log are for auditors of the host")
        if not 0 <= after < LAST_SEQ or not 0 <= (limit or 0) < LAST_SEQ:
            raise BadInput([Problem("after, limit", "numbers of entries", f"{after}, {limit}", "count from 0")])
        with self.database.reading() as connection:
            return chain_page(connection, self.reader, after, limit)

    def log(self, after: str | None = None, limit: int | None = 100) -> LogPage:
        """The entries of what ``history`` shows a reader, page by page (all with ``limit`` None); ``after`` is the mark that the
        page before gave.
        """
        assert self.reader is not None, "who holds the database asks ``audit``"
        with self.database.reading() as connection:
            return log_page(connection, self.reader, after, limit)

    def head(self) -> Head:
        """Where the audit log ends."""
        with self.database.reading() as connection:
            return read_head(connection)

    def lasts(self, moment: datetime) -> tuple[Head, str]:
        """Where the audit log ends, and until when all see then what they see now, if nothing is written."""
        with self.database.reading() as connection:
            return read_head(connection), min(next_bound(connection, moment), next_hour(connection, moment))

    def verify(self, known: Head | None = None) -> Verified:
        """Check the audit log and all of the register against it, and against a head noted earlier; raises ``ChainBroken``, and
        ``Forbidden`` for readers who are not the host's auditors.
        """
        if self.reader is not None and AUDITOR not in self.reader.roles:
            raise Forbidden("the whole audit log is checked by auditors of the host")
        with self.database.reading() as connection:
            return verify(connection, known)

    def backup(self, file: Path | str) -> backup.Manifest:
        """Write all of the register to a file, whole or not at all; others may go on writing to the register meanwhile."""
        if self.reader is not None:
            raise Forbidden("a backup is for who holds the register")
        with self.database.reading() as connection:
            return backup.back_up(connection, Path(file), instant(self.clock()))

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def _not_found(connection: Connection, kind: str, name: str, reader: Reader | None) -> NotFound:
    ids = select(record.c.id).where(record.c.kind == kind, seen(record, reader)).limit(NEIGHBOURS)
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
