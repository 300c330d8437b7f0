"""A register is for the user who makes it alone: it holds closed records, and what accounts are known by."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from register_things import thing

from orepact.store.store import open_store, upgrade_store

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="modes of files")


def test_nobody_else_reads_it_or_what_lies_beside_it(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        file = tmp_path / "register.db"
        upgrade_store(str(file), create=True).close()
        store = open_store(str(file))
        with store.write("ana", "begin") as unit:
            unit.put(thing("a", "Nickel"))
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
        store.close()
    finally:
        os.umask(before)
    assert {"register.db", "register.db-wal"} <= modes.keys()
    assert set(modes.values()) == {0o600}
