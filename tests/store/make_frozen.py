"""Writes the backups of ``frozen/``: one for each step that the database has had, never written again once it was released.

``python tests/store/make_frozen.py`` adds those that are missing. ``0001.zip`` holds what a program of that step would have
written: the same records, without what came later.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

from register_things import known_kinds, numbered, thing, ticking
from sqlalchemy import Connection, insert, select

from orepact.pact.records import kinds
from orepact.pact.records.codes import Code
from orepact.store import schema
from orepact.store.address import Address
from orepact.store.backup import back_up, present
from orepact.store.engine import Database
from orepact.store.store import Store, open_store, upgrade_store

FOLDER = Path(__file__).with_name("frozen")
MADE_AT = "2026-11-23T00:00:00.000000Z"


def grow(store: Store) -> None:
    """Twelve changes to eight records, with references and four scripts."""
    with store.write("ana", "first records", seeding=True) as unit:
        unit.put(Code(id="area:mining", title="Mining", titles={"ko": "채굴", "ja": "採掘"}, list="area"))
        unit.put(thing("box", "Box", owner="metis", instrument="moc", article="moc:1", due="2026-12-31"))
        for at in range(5):
            unit.put(thing(f"t{at}", f"황산니켈 {at}", within="box", note="Énergie \U00020bb7 100%"))
    for version in (1, 2, 3, 4):
        with store.write("ben", f"change {version}") as unit:
            unit.put(
                thing("t0", f"硫酸ニッケル {version}", within="box", shares=[{"of": "t1", "percent": version / 10}]), version
            )
    with store.write("ana", "closing") as unit:
        unit.put(thing("late", "Late", shares=[{"of": "t0", "percent": 1e-7}], state="done"))


def copy_rows(source: Connection, target: Connection) -> None:
    """The rows of one database into another of an earlier step, without the tables and columns that it has not."""
    rows = {table.name: [row._asdict() for row in source.execute(select(table))] for table in present(source)}
    for table in present(target):
        names = {column.name for column in table.columns}
        own = [{key: value for key, value in row.items() if key in names} for row in rows[table.name]]
        if table.name == "audit_head":
            target.execute(table.update().values(**own[0]))
        elif table.name != "setting" and own:
            target.execute(insert(table), own)


def empty_at(file: Path, step: str) -> Database:
    """A database of SQLite at a step."""
    database = Database(Address.of(str(file)), create=True)
    with database.engine.connect():  # makes the file
        pass
    schema.prepare(database)
    with database.writing() as connection:
        schema.take_steps(connection, step)
    return database


def freeze(step: str, folder: Path) -> Path:
    """Write the backup of a step."""
    url = str(folder / f"now-{step}.db")
    upgrade_store(url, create=True).close()
    store = open_store(url, clock=ticking(), salt=numbered())
    grow(store)
    old = empty_at(folder / f"{step}.db", step)
    with store.database.reading() as source, old.writing() as target:
        copy_rows(source, target)
    if step == schema.steps()[-1]:  # what follows from records, as that step kept it
        with old.writing() as target:
            schema.upgrade(target)
    with old.reading() as connection:
        back_up(connection, folder / f"{step}.zip", MADE_AT)
    return folder / f"{step}.zip"


def main() -> None:
    """Add what is missing."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, patch.object(kinds, "kinds", known_kinds):
        for step in schema.steps():
            if not (FOLDER / f"{step}.zip").exists():
                freeze(step, Path(folder)).replace(FOLDER / f"{step}.zip")
                sys.stdout.write(f"{step}.zip\n")


if __name__ == "__main__":
    main()
