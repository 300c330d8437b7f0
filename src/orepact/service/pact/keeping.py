"""Use cases about the database of the register: make one, bring it up to date, back it up, restore it, say how it stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.service.pact.desk import hidden_from, manifest_of, opened
from orepact.service.result import Result
from orepact.wording import deed

if TYPE_CHECKING:
    from orepact.service.pact.desk import Where
    from orepact.store.store import Store


def init_register(db: str | None = None) -> Result:
    """Make a register where there is none; one that is there stays as it is, brought to the form of this program."""
    from orepact.store import upgrade_store

    return _told(upgrade_store(db, create=True), f"the register is ready: {deed('pact.seed_register')} fills it")


def upgrade_register(db: str | None = None) -> Result:
    """Bring a register to the form of this program; raises ``StoreOutdated`` where there is none."""
    from orepact.service.sharing.sealed import seal_open
    from orepact.store import upgrade_store

    store = upgrade_store(db)
    seal_open(store)
    return _told(store, "the register is of the form of this program")


def _told(store: Store, title: str) -> Result:
    try:
        return _status(store, title)
    finally:
        store.close()


def register_status(db: Where = None) -> Result:
    """Where the register is, how many records of each kind it holds and where its audit log ends: ``kind, records``. A reader is
    told how many he sees, and no more.
    """
    with opened(db, filled=False) as store:
        return _status(store, "the register")


def _status(store: Store, title: str) -> Result:
    from orepact.service.rules import day_of
    from orepact.service.sharing.sealed import unopened

    found = {str(one.group[0]): one.number for one in store.counts(["kind"], day_of(None))}
    for kind, _ in hidden_from(store):
        found[kind] -= 1
    data = pd.DataFrame([(kind, number) for kind, number in found.items() if number], columns=["kind", "records"])
    if store.reader is not None:
        seen = {"records": int(data["records"].sum()), "manifest": manifest_of(store), "units": {"records": "record"}}
        return Result(data, {"title": title, **seen})
    head = store.head()
    meta = {
        "title": f"{title} ({store.database.address})",
        "address": str(store.database.address),
        "records": int(data["records"].sum()),
        "entries": head.seq,
        "last_change": head.at,
        "manifest": manifest_of(store),
        "units": {"records": "record"},
        "warnings": [
            *(f"{what} was gone, all that it guards was found to close, and it was made anew" for what in store.made_anew),
            *unopened(store),
        ],
    }
    return Result(data, meta)


def back_up_register(output: Path, db: str | None = None) -> Result:
    """Write all of the register to a file, whole or not at all: ``table, rows, sha256``."""
    with opened(db, filled=False) as store:
        manifest = store.backup(output)
        data = pd.DataFrame([{"table": name, "rows": note.rows, "sha256": note.sha256} for name, note in manifest.tables.items()])
        meta: dict[str, Any] = {
            "title": f"backup written to {output}",
            "written": str(output),
            "manifest": manifest_of(store),
            "units": {"rows": "row"},
        }
    return Result(data, meta)


def restore_register(source: Path, db: str | None = None) -> Result:
    """Fill an empty database from a backup, all or nothing, and check it: ``records, entries, head``."""
    from orepact.service.sharing.sealed import unopened
    from orepact.store import restore_store

    found = restore_store(source, db)
    with opened(db, filled=False) as store:
        warnings = unopened(store)
    row = {"records": found.records, "entries": found.head.seq, "head": found.head.hash}
    meta = {"title": f"restored from {source}: the audit log closes", "units": {"records": "record"}, "warnings": warnings}
    return Result(pd.DataFrame([row]), meta)
