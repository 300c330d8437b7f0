"""A backup: the rows of every table as lines of JSON in one ZIP file, the same from every database, readable without orepact.

What ends by itself stays out: sessions, invitations, attempts to get in; so do answers of runs, which are computed again. It
holds closed records and hashes of passwords, so that nobody but its owner may read the file.

``manifest.json`` says the form of the database, how many rows and which hash each table has, and where the audit log ends: note
that head elsewhere, and any later copy can be held to it.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Connection, MetaData, Table, select

from orepact._version import __version__
from orepact.errors import StoreUnavailable
from orepact.store.chain import Head, read_head
from orepact.store.derived import STREAMED
from orepact.store.inventory import CARRIED
from orepact.store.schema import form_of

FORMAT = 1
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class TableNote:
    """A table in a backup: its rows, and the SHA-256 of its lines."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds."""

    format: int
    step: str
    made_at: str
    made_by: str
    head: Head
    tables: dict[str, TableNote]


def back_up(connection: Connection, file: Path, made_at: str) -> Manifest:
    """Write a backup of one state of the register; the file is there whole or not at all.

    Raises:
        StoreUnavailable: the file cannot be written (the disk is full, the folder is not there).
    """
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    try:
        try:
            partial.touch(mode=0o600)  # what is in it is for nobody else on this machine
            with ZipFile(partial, "w", ZIP_DEFLATED, compresslevel=6) as archive:
                manifest = _fill(archive, connection, made_at)
            _sync(partial)
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as fault:
        raise StoreUnavailable(f"the backup cannot be written: {fault.strerror}", where=str(file)) from fault
    return manifest


def _fill(archive: ZipFile, connection: Connection, made_at: str) -> Manifest:
    tables = {}
    for table in present(connection):
        with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as out:
            tables[table.name] = _write(connection, table, out)
    step = form_of(connection).step
    manifest = Manifest(FORMAT, step or "", made_at, f"orepact {__version__}", read_head(connection), tables)
    archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
    return manifest


def present(connection: Connection) -> list[Table]:
    """The tables of a database of any form that a backup carries, in the order in which they can be filled."""
    metadata = MetaData()
    metadata.reflect(connection, only=lambda name, _: name in {table.name for table in CARRIED})
    return [metadata.tables[table.name] for table in CARRIED if table.name in metadata.tables]


def _write(connection: Connection, table: Table, out: IO[bytes]) -> TableNote:
    number, hashed = 0, sha256()
    rows = connection.execute(select(table).order_by(*table.primary_key.columns), execution_options=STREAMED)
    for row in rows:
        line = json.dumps(row._asdict(), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        out.write(line)
        hashed.update(line)
        number += 1
    return TableNote(number, hashed.hexdigest())


def _sync(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())
