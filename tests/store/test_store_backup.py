"""Backup and restore: every row and the audit log, into either database, whole or not at all; and from every earlier form."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from make_frozen import FOLDER, grow
from register_things import thing
from sqlalchemy import select

from orepact.errors import BadInput, ChainBroken, OrepactError, StoreOutdated, StoreUnavailable
from orepact.store import backup as backing
from orepact.store import schema
from orepact.store.address import Address
from orepact.store.backup import present
from orepact.store.engine import Database
from orepact.store.restore import fill, opened
from orepact.store.store import Store, open_store, restore_store, upgrade_store


@pytest.fixture
def backup(store: Store, tmp_path: Path) -> Path:
    """A backup of twelve changes to eight records."""
    grow(store)
    file = tmp_path / "register.zip"
    store.backup(file)
    return file


def rows(url: str) -> dict[str, list[Any]]:
    """Every row of every table, sorted."""
    with Database(Address.of(url)).reading() as connection:
        return {table.name: sorted(map(tuple, connection.execute(select(table)))) for table in present(connection)}


@pytest.mark.parametrize("other", ["sqlite", "postgresql"])
def test_every_row_comes_back_in_either_database(
    store: Store, url: str, backup: Path, make_url: Callable[[str], str], other: str
) -> None:
    """And a backup of what was restored is the same to the byte of every table."""
    target = make_url(other)
    found = restore_store(backup, target)
    assert found.head == store.head()
    assert (found.head.seq, found.records) == (12, 8)
    assert rows(target) == rows(url)
    again = backup.with_name("again.zip")
    restored = open_store(target)
    restored.backup(again)
    assert tables(again) == tables(backup)
    with restored.write("ana", "life goes on") as unit:
        unit.put(thing("t0", "New"), 5)
    assert restored.verify(store.head()).head.seq == 13
    restored.close()


def tables(file: Path) -> dict[str, bytes]:
    """The lines of every table in a backup."""
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != backing.MANIFEST}


def test_a_backup_says_what_it_holds(store: Store, backup: Path) -> None:
    """Counts, form and head, readable without this program."""
    with zipfile.ZipFile(backup) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        first = json.loads(archive.read("revision.jsonl").splitlines()[0])
    assert manifest["step"] == schema.steps()[-1]
    assert manifest["head"] == {"seq": 12, "hash": store.head().hash, "at": store.head().at}
    assert {name: note["rows"] for name, note in manifest["tables"].items()} == {
        "setting": 1, "audit": 12, "audit_head": 1, "revision": 12, "record": 8, "link": 7, "served": 8, "brief": 1, "visible": 0,
        "account": 0, "membership": 0, "community": 0, "client": 0, "token": 0, "access_log": 0,
            "job": 0, "overlay": 0, "network": 0, "feed_link": 0, "subscription": 0,
    }  # fmt: skip
    assert json.loads(first["content"])["title"] == "Mining"


def test_a_backup_is_of_one_state_while_others_write(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change in the middle of it is in none of its tables."""
    grow(store)
    write = backing._write

    def slowly(connection: Any, table: Any, out: Any) -> Any:
        if table.name == "revision":
            with store.write("ana", "meanwhile") as unit:
                unit.put(thing("meanwhile"))
        return write(connection, table, out)

    monkeypatch.setattr(backing, "_write", slowly)
    manifest = store.backup(tmp_path / "b.zip")
    assert {name: note.rows for name, note in manifest.tables.items()}["record"] == 8
    assert manifest.head.seq == 12
    assert store.head().seq == 13


def test_a_backup_that_cannot_be_written_leaves_nothing(store: Store, tmp_path: Path) -> None:
    """No folder, or a folder in its place; an earlier backup stays."""
    grow(store)
    with pytest.raises(StoreUnavailable, match="the backup cannot be written"):
        store.backup(tmp_path / "nowhere" / "b.zip")
    (tmp_path / "taken").mkdir()
    with pytest.raises(StoreUnavailable, match="the backup cannot be written"):
        store.backup(tmp_path / "taken")
    assert [path.name for path in tmp_path.iterdir() if "partial" in path.name] == []


# Into what, and from what -------------------------------------------------------------------------------------------------


def test_a_register_that_holds_something_is_not_restored_over(store: Store, url: str, backup: Path) -> None:
    """Nothing is ever deleted."""
    before = rows(url)
    with pytest.raises(BadInput, match="expected no register, or an empty one, found one with 12 changes"):
        restore_store(backup, url)
    assert rows(url) == before
    store.verify()


def test_an_empty_register_is_restored_into(backup: Path, make_url: Callable[[str], str], backend: str) -> None:
    """As `orepact db init` leaves it."""
    target = make_url(backend)
    upgrade_store(target, create=True).close()
    assert restore_store(backup, target).records == 8


def rewritten(backup: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The backup with other members."""
    with zipfile.ZipFile(backup) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    file = backup.with_name("changed.zip")
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file


def manifest_with(**values: Any) -> Callable[[dict[str, bytes]], None]:
    """A change of the manifest."""

    def change(members: dict[str, bytes]) -> None:
        members["manifest.json"] = json.dumps(json.loads(members["manifest.json"]) | values).encode()

    return change


def without(name: str) -> Callable[[dict[str, bytes]], None]:
    """A member left out."""
    return lambda members: members.pop(name) and None


def member(name: str, change: Callable[[bytes], bytes]) -> Callable[[dict[str, bytes]], None]:
    """A member otherwise."""
    return lambda members: members.update({name: change(members[name])})


def edited(name: str, old: bytes, new: bytes, *, hidden: bool = False) -> Callable[[dict[str, bytes]], None]:
    """Other bytes in a member; ``hidden`` mends its hash in the manifest."""

    def change(members: dict[str, bytes]) -> None:
        from hashlib import sha256

        assert old in members[name]
        members[name] = members[name].replace(old, new)
        if hidden:
            manifest = json.loads(members["manifest.json"])
            manifest["tables"][name.partition(".")[0]]["sha256"] = sha256(members[name]).hexdigest()
            members["manifest.json"] = json.dumps(manifest).encode()

    return change


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        (without("manifest.json"), (BadInput, "a backup of a register, whole")),
        (without("audit.jsonl"), (BadInput, "a backup of a register, whole")),
        (member("manifest.json", lambda _: b"{}"), (BadInput, "manifest.json as a backup holds it")),
        (member("manifest.json", lambda _: b"\xff"), (BadInput, "manifest.json as a backup holds it")),
        (member("audit.jsonl", lambda content: content[:-9]), (BadInput, "a backup of a register, whole")),
        (member("audit.jsonl", lambda content: b"[1]\n" + content), (BadInput, "a backup of a register, whole")),
        (
            member("audit.jsonl", lambda content: content[: content.rindex(b"{")]),
            (BadInput, "audit: 12 rows as they were written"),
        ),
        (edited("revision.jsonl", b"change 2", b"change 9"), (BadInput, "revision: 12 rows as they were written")),
        (edited("revision.jsonl", b"change 2", b"change 9", hidden=True), (ChainBroken, "thing t0, version 3, was altered")),
        (
            edited("record.jsonl", b'"title":"Late"', b'"title":"Lite"', hidden=True),
            (ChainBroken, "thing late: its line does not say"),
        ),
        (edited("link.jsonl", b'"target":"t1"', b'"target":"t2"', hidden=True), (ChainBroken, "thing t0: its references")),
        (edited("record.jsonl", b'"id":"t1"', b'"id":"t2"', hidden=True), (BadInput, "record: rows that fit the table")),
        (
            edited("record.jsonl", b'"version":5', b'"version":"x"', hidden=True),
            (OrepactError, "rows that fit|its line is not"),
        ),
        (edited("record.jsonl", b'"state":"done",', b"", hidden=True), (BadInput, "record: rows that fit the table")),
        (manifest_with(step="9999"), (StoreOutdated, "update orepact")),
        (manifest_with(format=2), (StoreOutdated, "update orepact")),
        (manifest_with(step="0000"), (BadInput, "a form among 0001")),
        (manifest_with(head={"seq": 12, "hash": "f" * 64, "at": ""}), (BadInput, "a log that ends with entry 12")),
    ],
)
def test_a_backup_that_is_not_whole_is_not_restored(
    backup: Path, make_url: Callable[[str], str], backend: str, change: Any, mistake: tuple[type[OrepactError], str]
) -> None:
    """Named, and the database is as empty as before."""
    target = make_url(backend)
    with pytest.raises(mistake[0], match=mistake[1]):
        restore_store(rewritten(backup, change), target)
    with pytest.raises(StoreOutdated, match=r"pact\.init_register"):
        open_store(target)
    assert rows(target) == {}


@pytest.mark.parametrize("content", [b"", b"not a zip", None])
def test_a_file_that_is_no_backup_is_named(make_url: Callable[[str], str], tmp_path: Path, content: bytes | None) -> None:
    """Empty, of another kind, or not there."""
    file = tmp_path / "b.zip"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BadInput, match="a backup of a register, whole"):
        restore_store(file, make_url("sqlite"))


# From every earlier form --------------------------------------------------------------------------------------------------


FROZEN = sorted(FOLDER.glob("*.zip"))


def head_of(file: Path) -> str:
    """The hash with which the log of a backup ends."""
    with zipfile.ZipFile(file) as archive:
        return str(json.loads(archive.read("manifest.json"))["head"]["hash"])


def test_there_is_a_backup_of_every_form() -> None:
    """`python tests/store/make_frozen.py` adds those that are missing."""
    assert tuple(file.stem for file in FROZEN) == schema.steps()


@pytest.mark.parametrize("file", FROZEN, ids=lambda file: file.stem)
def test_a_backup_of_an_earlier_form_is_brought_to_the_last(file: Path, make_url: Callable[[str], str], backend: str) -> None:
    """Every row, the log as it was, and lines and references as this program makes them."""
    target = make_url(backend)
    found = restore_store(file, target)
    assert (found.head.seq, found.head.hash, found.records) == (12, head_of(file), 8)
    check_grown(target)


@contextmanager
def register_at(step: str, url: str) -> Iterator[Database]:
    """A database as a program of that step left it."""
    database = Database(Address.of(url))
    schema.prepare(database)
    file = FOLDER / f"{step}.zip"
    with opened(file) as backup, database.writing() as connection:
        schema.take_steps(connection, step)
        for table in present(connection):
            fill(connection, table, backup)
    yield database
    database.close()


@pytest.mark.parametrize("step", [file.stem for file in FROZEN])
def test_a_database_of_an_earlier_form_is_brought_to_the_last(make_url: Callable[[str], str], backend: str, step: str) -> None:
    """Where it stands."""
    url = make_url(backend)
    with register_at(step, url):
        if step != schema.steps()[-1]:
            with pytest.raises(StoreOutdated, match=r"pact\.upgrade_register"):
                open_store(url)
        upgrade_store(url).close()
        check_grown(url)


def check_grown(url: str) -> None:
    """What ``grow`` wrote, searched, referred to and checked."""
    store = open_store(url)
    assert store.verify().head.hash == head_of(FROZEN[0])
    from orepact.store.listing import Filter

    assert [line.id for line in store.list(Filter(search="황산니켈")).lines] == ["t1", "t2", "t3", "t4"]
    assert [line.id for line in store.list(Filter(article="moc:1")).lines] == ["box"]
    with store.reading() as register:
        assert sorted(item.id for item, _ in register.pointing["box"]) == ["t0", "t1", "t2", "t3", "t4"]
    assert [change.version for change in store.history("thing", "t0")] == [1, 2, 3, 4, 5]
    store.close()


def test_the_earlier_form_really_differs() -> None:
    """The first had neither references nor a text to search."""
    with zipfile.ZipFile(FOLDER / "0001.zip") as archive:
        assert "link.jsonl" not in archive.namelist()
        assert "search" not in json.loads(archive.read("record.jsonl").splitlines()[0])
