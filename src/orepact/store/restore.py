"""A backup back into a database, of the same kind or another: all of it, checked against its manifest and log, or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, Table, insert, select, update
from sqlalchemy.exc import OperationalError, StatementError

from orepact.errors import BadInput, Problem, StoreOutdated
from orepact.store import schema
from orepact.store.backup import FORMAT, MANIFEST, Manifest, TableNote, present
from orepact.store.chain import read_head
from orepact.store.derived import ROWS
from orepact.store.tables import audit_head
from orepact.store.verifying import Verified, verify

_MANIFEST = TypeAdapter(Manifest)


def restore(connection: Connection, file: Path) -> Verified:
    """Fill an empty database from a backup and bring it to the last form, within the transaction of the connection.

    Raises:
        BadInput: no backup, a damaged one, or a database that holds a register already.
        StoreOutdated: a backup of a later form than this program knows.
        ChainBroken: a backup whose register is not what its log says.
    """
    try:
        with ZipFile(file) as archive:
            manifest = _manifest(archive, file)
            _empty(connection)
            schema.take_steps(connection, manifest.step)
            for table in present(connection):
                _fill(connection, table, archive, manifest.tables[table.name], file)
    except (BadZipFile, KeyError, OSError, UnicodeDecodeError, json.JSONDecodeError) as fault:
        raise _bad(file, "a backup of a register, whole", str(fault) or type(fault).__name__) from fault
    schema.upgrade(connection)
    found = verify(connection)
    if found.head != manifest.head:
        raise _bad(file, f"a log that ends with entry {manifest.head.seq}", f"one that ends with {found.head.seq}")
    return found


def _manifest(archive: ZipFile, file: Path) -> Manifest:
    try:
        manifest = _MANIFEST.validate_json(archive.read(MANIFEST))
    except ValidationError as error:
        raise _bad(file, f"{MANIFEST} as `orepact db backup` writes it", f"{error.error_count()} that are not") from None
    if manifest.format > FORMAT or manifest.step > schema.steps()[-1]:
        raise StoreOutdated(
            f"{file} was made by {manifest.made_by}, in a later form ({manifest.step}) than this program knows: update orepact"
        )
    if manifest.step not in schema.steps():
        raise _bad(file, f"a form among {', '.join(schema.steps())}", repr(manifest.step))
    return manifest


def _empty(connection: Connection) -> None:
    if schema.form_of(connection).step is None:
        return
    if connection.execute(select(audit_head.c.seq)).scalar():
        found = f"one with {read_head(connection).seq} changes"
        mend = "restore into another database: nothing in a register is ever deleted"
        raise BadInput([Problem("database", "no register, or an empty one", found, mend)])
    schema.drop_empty(connection)


def _fill(connection: Connection, table: Table, archive: ZipFile, note: TableNote, file: Path) -> None:
    number, hashed = 0, sha256()
    change = update(table) if table.name == audit_head.name else insert(table)  # the first step has put the head's one row
    for rows, lines in _parts(archive, table):
        for line in lines:
            hashed.update(line)
        number += len(rows)
        try:
            connection.execute(change, rows)
        except OperationalError:
            raise
        except StatementError as fault:
            raise _bad(file, f"{table.name}: rows that fit the table", str(fault.orig or fault).splitlines()[0]) from fault
    if TableNote(number, hashed.hexdigest()) != note:
        raise _bad(file, f"{table.name}: {note.rows} rows as they were written", f"{number}, or others")


def _parts(archive: ZipFile, table: Table) -> Iterator[tuple[list[dict[str, Any]], list[bytes]]]:
    with archive.open(f"{table.name}.jsonl") as stream:
        rows: list[dict[str, Any]] = []
        lines: list[bytes] = []
        for line in stream:
            rows.append(json.loads(line))
            lines.append(line)
            if len(rows) == ROWS:
                yield rows, lines
                rows, lines = [], []
        if rows:
            yield rows, lines


def _bad(file: Path, expected: str, found: str) -> BadInput:
    return BadInput([Problem("backup", expected, found, "take another backup; this one was not restored", str(file))])
