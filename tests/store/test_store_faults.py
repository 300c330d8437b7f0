"""The disk is full, the database is gone, held by another, read-only or none: named, nothing half-kept, and on it goes after."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from register_things import thing
from sqlalchemy import event, text
from tools.postgresql import Cluster, _user

from orepact.errors import BadInput, StoreOutdated, StoreUnavailable
from orepact.pact.records.codes import Code
from orepact.store.store import Store, open_store, upgrade_store


def put(store: Store, name: str, words: str = "") -> None:
    """Keep one new record (of a kind whose rules read no others), with words in texts of the longest kind."""
    sources = tuple(words[start : start + 100_000] for start in range(0, len(words), 100_000))
    with store.write("ana", "so it was decided", seeding=True) as unit:
        unit.put(Code(id=f"list:{name}", title=name, list="list", sources=sources))


def fill_up(store: Store, size: int = 30_000) -> int:
    """Put records of so many random bytes until the disk is full; how many were kept."""
    kept = 0

    def more() -> None:
        nonlocal kept
        while kept < 10_000:
            put(store, f"t{kept}", os.urandom(size).hex())
            kept += 1

    with pytest.raises(StoreUnavailable, match="the disk is full, and nothing of this change was kept: make room") as caught:
        more()
    assert not caught.value.unsure
    assert (caught.value.code, caught.value.http_status, caught.value.exit_code) == ("store_unavailable", 503, 1)
    return kept


def holds(store: Store, number: int) -> None:
    """So many records, whole."""
    assert store.verify().records == number
    assert {line.id for line in store.list(limit=20_000).lines} == {f"list:t{at}" for at in range(number)}


def test_a_file_that_may_not_grow_is_a_full_disk(make_url: Callable[[str], str]) -> None:
    """What was kept before stays, and once there is room it goes on."""
    url = make_url("sqlite")
    upgrade_store(url, create=True).close()
    store = open_store(url)
    pages = {"most": 400}
    event.listen(store.database.engine, "connect", lambda raw, _: raw.execute(f"PRAGMA max_page_count = {pages['most']}"))
    store.close()  # connections of before know no limit
    number = fill_up(store)
    assert number > 2
    holds(store, number)
    pages["most"] = 1_000_000
    store.close()
    put(store, f"t{number}")
    holds(store, number + 1)
    store.close()


@pytest.fixture
def small_disk() -> Iterator[Callable[[int], Path]]:
    """Disks of so many MiB, in memory; reported as not run where none can be made."""
    made: list[Path] = []

    def make(size: int) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="orepact-disk-", dir="/tmp"))
        mounted = shutil.which("mount") and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}m", "tmpfs", str(folder)], capture_output=True, check=False
        )
        if not mounted or mounted.returncode != 0:
            folder.rmdir()
            pytest.skip("no small disk can be made here (it takes root and the right to mount)")
        made.append(folder)
        return folder

    yield make
    for folder in made:
        subprocess.run(["umount", "--lazy", str(folder)], check=False)
        folder.rmdir()


def test_a_full_disk_under_sqlite(small_disk: Callable[[int], Path]) -> None:
    """A disk of 4 MiB; room comes from a file beside it."""
    folder = small_disk(4)
    ballast = folder / "ballast"
    ballast.write_bytes(b"\0" * 1_000_000)
    url = str(folder / "register.db")
    upgrade_store(url, create=True).close()
    store = open_store(url)
    number = fill_up(store)
    assert number > 2
    ballast.unlink()
    holds(store, number)
    put(store, f"t{number}")
    holds(store, number + 1)
    store.close()


def test_a_full_disk_under_postgresql(cluster: Cluster, small_disk: Callable[[int], Path]) -> None:
    """A table space of 24 MiB; its log lies elsewhere, as it should."""
    folder = small_disk(24)
    ballast, space = folder / "ballast", folder / "space"
    ballast.write_bytes(b"\0" * 2_000_000)
    space.mkdir()
    user = _user()
    if user:
        os.chown(space, user["user"], user["group"])
        folder.chmod(0o755)
    cluster.sql(f"CREATE TABLESPACE small LOCATION '{space}'")
    cluster.sql("CREATE DATABASE small TEMPLATE template0 TABLESPACE small")
    upgrade_store(cluster.url("small"), create=True).close()
    store = open_store(cluster.url("small"))
    number = fill_up(store, 300_000)
    assert number > 2
    holds(store, number)
    ballast.unlink()
    put(store, f"t{number}")
    holds(store, number + 1)
    store.close()
    cluster.sql("DROP DATABASE small")
    cluster.sql("DROP TABLESPACE small")


def test_a_backup_onto_a_full_disk_is_none(store: Store, small_disk: Callable[[int], Path]) -> None:
    """Neither half of it nor what it was to replace."""
    put(store, "a", os.urandom(2_000_000).hex())
    folder = small_disk(1)
    (folder / "b.zip").write_bytes(b"an earlier one")
    with pytest.raises(StoreUnavailable, match="the backup cannot be written: No space left"):
        store.backup(folder / "b.zip")
    assert [path.name for path in folder.iterdir()] == ["b.zip"]
    assert (folder / "b.zip").read_bytes() == b"an earlier one"


def test_a_server_that_is_gone_is_named_and_found_again(cluster: Cluster, make_url: Callable[[str], str]) -> None:
    """Reading and writing; the same store goes on once the server is back."""
    url = make_url("postgresql")
    upgrade_store(url, create=True).close()
    store = open_store(url)
    put(store, "a")
    cluster.halt()
    for attempt in (lambda: put(store, "b"), store.register, store.head, lambda: open_store(url)):
        with pytest.raises(StoreUnavailable, match="the database cannot be reached") as caught:
            attempt()
        assert not caught.value.unsure
    cluster.start()
    put(store, "b")
    assert store.verify().records == 2
    store.close()


def test_a_server_gone_in_the_middle_of_a_commit_leaves_us_unsure(cluster: Cluster, make_url: Callable[[str], str]) -> None:
    """We say that we do not know, and that one should look."""
    url = make_url("postgresql")
    upgrade_store(url, create=True).close()
    store = open_store(url)
    put(store, "a")
    gone = []

    def vanish(_: Any) -> None:
        if not gone:
            gone.append(True)
            cluster.kill()

    event.listen(store.database.engine, "commit", vanish)
    with pytest.raises(StoreUnavailable, match="whether the change was kept is not known: read the record") as caught:
        put(store, "b")
    assert caught.value.unsure
    cluster.start()
    assert [line.id for line in store.list().lines] == ["list:a"]
    assert store.verify().records == 1
    store.close()


def test_a_server_gone_between_reading_and_writing_keeps_nothing(cluster: Cluster, make_url: Callable[[str], str]) -> None:
    """The block of changes ends with the error."""
    url = make_url("postgresql")
    upgrade_store(url, create=True).close()
    store = open_store(url)

    def interrupted() -> None:
        with store.write("ana", "begin") as unit:
            unit.put(thing("a"))
            cluster.halt()

    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        interrupted()
    cluster.start()
    assert len(store.register()) == 0
    store.close()


def test_a_file_that_is_gone_is_named_and_found_again(make_url: Callable[[str], str]) -> None:
    """It does not come back empty."""
    url = make_url("sqlite")
    upgrade_store(url, create=True).close()
    store = open_store(url)
    put(store, "a")
    store.close()
    file = Path(url)
    file.rename(file.with_name("away.db"))
    for attempt in (lambda: put(store, "b"), store.register):
        with pytest.raises(StoreUnavailable, match="the database cannot be reached"):
            attempt()
    assert not file.exists()
    file.with_name("away.db").rename(file)
    put(store, "b")
    assert store.verify().records == 2
    store.close()


def test_a_register_held_by_another_writer_is_named_after_a_while(store: Store, opened: Callable[..., Store]) -> None:
    """Readers do not wait at all."""
    waiting = opened(wait_s=0.2)
    with store.database.writing() as connection:
        lock = "SELECT seq FROM audit_head" + ("" if store.database.sqlite else " FOR UPDATE")
        connection.execute(text(lock))
        begin = monotonic()
        with pytest.raises(StoreUnavailable, match="another writer holds the register: try again"):
            put(waiting, "a")
        assert monotonic() - begin < 5
        assert len(waiting.register()) == 0
    put(waiting, "a")
    assert len(store.register()) == 1


def test_a_register_that_may_only_be_read_is_named(cluster: Cluster, make_url: Callable[[str], str]) -> None:
    """A copy that stands by."""
    url = make_url("postgresql")
    upgrade_store(url, create=True).close()
    store = open_store(url + "%20-cdefault_transaction_read_only=on")
    with pytest.raises(StoreUnavailable, match="the register may only be read here"):
        put(store, "a")
    assert len(store.register()) == 0
    store.close()


@pytest.mark.parametrize("attempt", [open_store, upgrade_store, lambda url: upgrade_store(url, create=True)])
def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path, attempt: Callable[[str], Any]) -> None:
    """A text with the name of a register."""
    file = tmp_path / "register.db"
    content = "minutes of the second meeting\n" * 100
    file.write_text(content)
    with pytest.raises(StoreUnavailable, match="the file is no database"):
        attempt(str(file))
    assert file.read_text() == content


def test_a_damaged_file_is_named(make_url: Callable[[str], str]) -> None:
    """Bytes in the middle overwritten."""
    url = make_url("sqlite")
    upgrade_store(url, create=True).close()
    store = open_store(url)
    for number in range(20):
        put(store, f"t{number}", "x" * 2000)
    store.close()
    with closing(sqlite3.connect(url)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(Path(url).read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    Path(url).write_bytes(content)
    with pytest.raises(StoreUnavailable, match="damaged: restore a backup"):
        open_store(url).register()


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    """Opened by mistake: named, and not a byte is changed."""
    file = tmp_path / "photos.db"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE photo (name TEXT)")
    before = file.read_bytes()
    for attempt in (open_store, upgrade_store):
        with pytest.raises(StoreOutdated, match="there is no register in"):
            attempt(str(file))
    with pytest.raises(BadInput, match="expected an empty database, found one with photo"):
        upgrade_store(str(file), create=True)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("change", "words"),
    [(lambda cluster: cluster.url("nowhere"), "there is no such database: create it first"),
     (lambda cluster: cluster.url("postgres").replace("orepact@", "stranger@"), "does not let this user in")],
)  # fmt: skip
def test_a_database_that_does_not_let_us_in_is_named(cluster: Cluster, change: Callable[[Cluster], str], words: str) -> None:
    """None of that name; no such user."""
    with pytest.raises(StoreUnavailable, match=words):
        open_store(change(cluster))
