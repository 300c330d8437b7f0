"""A register on a share or a disc that only gives: it is read, nothing is left beside it, and who writes is told what to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from register_things import thing

import orepact
from orepact.store.store import open_store, upgrade_store

#: A user without root's powers, whom no mode of a file stops otherwise.
NOBODY = 65534
#: Reads, counts, checks and tries to write, as that user; prints what came of it.
VISIT = f"""
import json, os, sys
sys.path[:0] = json.loads(sys.argv[2])
import register_things
from orepact.pact.records import kinds
kinds.kinds = register_things.known_kinds
from orepact.errors import OrepactError
import orepact.store.store as stores, orepact.store.verifying
import pathlib, shutil, tempfile

def visited(url):
    found = {{}}
    try:
        store = stores.open_store(url)
        found["records"] = store.verify().records
        found["title"] = store.get("thing", "a")[0].title
        with store.write("ana", "more") as unit:
            unit.put(register_things.thing("new"))
        store.close()
        found["wrote"] = True
    except OrepactError as error:
        found["error"] = str(error)
    return found

with tempfile.TemporaryDirectory() as folder:  # what is imported late may not be read by the other user
    visited(shutil.copyfile(sys.argv[3], pathlib.Path(folder) / "copy.db").as_posix())
if os.geteuid() == 0:
    os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})
print(json.dumps(visited(sys.argv[1])))
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everybody may enter, with a register of two records; afterwards it may be written to again."""
    with tempfile.TemporaryDirectory() as made:
        base = Path(made)
        base.chmod(0o755)
        fill(str(base / "register.db"))
        yield base
        base.chmod(0o755)


def fill(url: str) -> None:
    upgrade_store(url, create=True).close()
    store = open_store(url)
    with store.write("ana", "begin") as unit:
        unit.put(thing("a", "Alpha"))
        unit.put(thing("b", within="a"))
    store.close()


@pytest.fixture
def visit(folder: Path, tmp_path: Path) -> Callable[[], dict[str, Any]]:
    """Let somebody who may do no more than modes allow use the register."""

    spare = tmp_path / "spare.db"
    spare.write_bytes((folder / "register.db").read_bytes())

    def visited() -> dict[str, Any]:
        paths = [str(Path(__file__).parent), str(Path(orepact.__file__).parent.parent)]
        words = [sys.executable, "-c", VISIT, str(folder / "register.db"), json.dumps(paths), str(spare)]
        found: dict[str, Any] = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
        return found

    return visited


def files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


@pytest.mark.parametrize(
    ("folder_mode", "file_mode"), [(0o555, 0o444), (0o777, 0o444), (0o555, 0o666)], ids=["both", "the file", "the folder"]
)
def test_what_may_only_be_read_is_read(
    folder: Path, visit: Callable[[], dict[str, Any]], folder_mode: int, file_mode: int
) -> None:
    """File, folder or both: nothing is left beside it, and writing says what to do."""
    (folder / "register.db").chmod(file_mode)
    folder.chmod(folder_mode)
    found = visit()
    assert (found.get("records"), found.get("title")) == (2, "Alpha")
    assert "the register may only be read here: to write, copy it to a folder that you may write to" in found["error"]
    assert files(folder) == ["register.db"]


def test_changes_that_wait_beside_it_are_not_passed_over(folder: Path, visit: Callable[[], dict[str, Any]]) -> None:
    """Without them the register would look older than it is."""
    log = folder / "register.db-wal"
    log.write_bytes(os.urandom(64))
    folder.chmod(0o555)
    assert "its last changes are in register.db-wal, and they cannot be taken in here: copy both files" in visit()["error"]


def test_what_may_be_written_is_written(folder: Path, visit: Callable[[], dict[str, Any]]) -> None:
    """The same visitor, where modes allow it."""
    (folder / "register.db").chmod(0o666)
    folder.chmod(0o777)
    assert visit()["wrote"]
