"""A backup back into a database, of the same kind or another: all of it, checked against its manifest and log, or nothing."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, Table, func, insert, inspect, select, update
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError, SQLAlchemyError

from orepact.errors import BadInput, Problem, StoreOutdated
from orepact.store import schema
from orepact.store.accounts import account
from orepact.store.backup import FORMAT, MANIFEST, Manifest, TableNote, present
from orepact.store.derived import ROWS
from orepact.store.outbox import disable_all
from orepact.store.tables import audit_head
from orepact.store.verifying import Verified, verify

_MANIFEST = TypeAdapter(Manifest)
#: Why no webhook of a restored register sends: the first register may be there still.
COPY = "the register was restored from a backup: resume it if this copy shall send"
_UNREADABLE = (BadZipFile, KeyError, OSError, EOFError, ValueError, zlib.error)


@dataclass(frozen=True)
class Backup:
    """A backup that is open for reading."""

    file: Path
    archive: ZipFile
    manifest: Manifest

    def rows(self, table: str) -> Iterator[tuple[list[dict[str, Any]], list[bytes]]]:
        """The rows of a table with their lines, many at a time; raises ``BadInput`` where they cannot be read."""
        rows: list[dict[str, Any]] = []
        lines: list[bytes] = []
        try:
            with self.archive.open(f"{table}.jsonl") as stream:
                for line in stream:
                    rows.append(dict(json.loads(line)))
                    lines.append(line)
                    if len(rows) == ROWS:
                        yield rows, lines
                        rows, lines = [], []
        except (*_UNREADABLE, TypeError) as fault:
            raise _unreadable(self.file, fault) from fault
        if rows:
            yield rows, lines

    def bad(self, expected: str, found: str) -> BadInput:
        """The backup is not what it should be."""
        return _bad(self.file, expected, found)


@contextmanager
def opened(file: Path) -> Iterator[Backup]:
    """Open a backup; raises ``BadInput`` when it is none, and ``StoreOutdated`` when a later program made it."""
    try:
        archive = ZipFile(file)
    except _UNREADABLE as fault:
        raise _unreadable(file, fault) from fault
    with archive:
        yield Backup(file, archive, _manifest(archive, file))


def _manifest(archive: ZipFile, file: Path) -> Manifest:
    try:
        manifest = _MANIFEST.validate_json(archive.read(MANIFEST))
    except ValidationError as error:
        found = f"{error.error_count()} entries that are not"
        raise _bad(file, f"{MANIFEST} as a backup holds it", found) from None
    except _UNREADABLE as fault:
        raise _unreadable(file, fault) from fault
    if manifest.format > FORMAT or manifest.step > schema.steps()[-1]:
        raise StoreOutdated(
            f"{file} is of a later form ({manifest.step}, by {manifest.made_by}) than this program knows: update orepact"
        )
    if manifest.step not in schema.steps():
        raise _bad(file, f"a form among {', '.join(schema.steps())}", repr(manifest.step))
    return manifest


def restore(connection: Connection, backup: Backup) -> Verified:
    """Fill an empty database from a backup and bring it to the last form, within the transaction of the connection.

    Raises:
        BadInput: a damaged backup, or a database that holds a register already.
        ChainBroken: a backup whose register is not what its log says.
    """
    _empty(connection)
    schema.take_steps(connection, backup.manifest.step)
    for table in present(connection):
        fill(connection, table, backup)
    schema.upgrade(connection)
    disable_all(connection, COPY)
    found = verify(connection)
    if found.head != backup.manifest.head:
        raise backup.bad(f"a log that ends with entry {backup.manifest.head.seq}", f"one that ends with {found.head.seq}")
    return found


def _empty(connection: Connection) -> None:
    if schema.form_of(connection).step is None:
        return
    changes = connection.execute(select(audit_head.c.seq)).scalar()
    if changes:
        mend = "restore into another database: nothing in a register is ever deleted"
        raise BadInput([Problem("database", "no register, or an empty one", f"one with {changes} changes", mend)])
    there = inspect(connection).has_table(account.name)
    accounts = connection.execute(select(func.count()).select_from(account)).scalar() if there else 0
    if accounts:
        mend = "restore into another database: the accounts of this one would be lost"
        raise BadInput(
            [
                Problem(
                    "database", "no register, or an empty one", f"one with {accounts} account{'' if accounts == 1 else 's'}", mend
                )
            ]
        )
    schema.drop_empty(connection)


def fill(connection: Connection, table: Table, backup: Backup) -> None:
    """Put the rows of a backup into an empty table; raises ``BadInput`` when they are not those that were written."""
    note = backup.manifest.tables.get(table.name)
    if note is None:
        raise backup.bad(f"a table {table.name}", "none")
    number, hashed = 0, sha256()
    change = update(table) if table.name == audit_head.name else insert(table)  # the first step has put the head's one row
    for rows, lines in backup.rows(table.name):
        hashed.update(b"".join(lines))
        number += len(rows)
        try:
            connection.execute(change, rows)
        except (OperationalError, InterfaceError, InternalError):
            raise
        except SQLAlchemyError as fault:
            raise backup.bad(f"{table.name}: rows that fit the table", str(fault).splitlines()[0]) from fault
    if TableNote(number, hashed.hexdigest()) != note:
        raise backup.bad(f"{table.name}: {note.rows} rows as they were written", f"{number}, or others")


def _unreadable(file: Path, fault: Exception) -> BadInput:
    return _bad(file, "a backup of a register, whole", str(fault) or type(fault).__name__)


def _bad(file: Path, expected: str, found: str) -> BadInput:
    return BadInput([Problem("backup", expected, found, "take another backup; this one was not restored", str(file))])
