"""The audit log closes over every change, and whatever is done past it is found."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from register_things import thing
from test_store_schema import form

from orepact.errors import ChainBroken, StoreOutdated
from orepact.store.address import Address
from orepact.store.chain import NOTHING, Head
from orepact.store.store import Store, open_store, upgrade_store


@pytest.fixture
def grown(store: Store) -> Store:
    """Three records, one of them with three versions: entries 1 to 5."""
    with store.write("ana", "begin") as unit:
        unit.put(thing("a", "Agreed by both sides", instrument="moc"))
        unit.put(thing("b", within="a"))
        unit.put(thing("c", shares=[{"of": "a"}]))
    for version in (1, 2):
        with store.write("ben", f"change {version}") as unit:
            unit.put(thing("a", f"Title {version}", instrument="moc"), version)
    return store


@contextmanager
def past_the_register(store: Store) -> Iterator[Callable[..., Any]]:
    """Statements to the database by somebody who may do all, triggers and foreign keys out of the way, and put back after."""
    address: Address = store.database.address
    if address.file is not None:
        with closing(sqlite3.connect(address.file)) as connection, connection:
            triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            yield connection.execute
            for _, made in triggers:
                connection.execute(made)
    else:
        import psycopg

        url = address.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url) as connection:
            connection.execute("SET session_replication_role = replica")
            yield connection.execute


def breaks(store: Store, known: Head | None = None) -> str:
    """What the check finds."""
    with pytest.raises(ChainBroken) as caught:
        store.verify(known)
    return "\n".join(caught.value.breaks)


def test_a_register_that_was_only_written_to_closes(grown: Store) -> None:
    """And it says where the log ends."""
    found = grown.verify()
    assert (found.head.seq, found.records) == (5, 3)
    assert found.head == grown.head()


def test_an_empty_register_closes(store: Store) -> None:
    """From nothing."""
    assert store.verify().head == Head(0, NOTHING, "")


def test_an_entry_says_who_did_what_when_and_follows_the_one_before(grown: Store) -> None:
    """The chain by hand: SHA-256 of canonical JSON."""
    entries = grown.audit()
    assert [(entry.seq, entry.actor, entry.action, entry.id, entry.version) for entry in entries] == [
        (1, "ana", "add", "a", 1),
        (2, "ana", "add", "b", 1),
        (3, "ana", "add", "c", 1),
        (4, "ben", "change", "a", 2),
        (5, "ben", "change", "a", 3),
    ]
    previous = "0" * 64
    for entry in entries:
        salt = f"{entry.seq:032x}"
        item = next(each for each in grown.history("thing", entry.id) if each.version == entry.version)
        content = json.dumps(item.item.content(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        written = [salt, "thing", entry.id, entry.version, item.reason, content]
        assert entry.content_hash == sha(written)
        told = [previous, entry.seq, entry.at, entry.actor, entry.action, "thing", entry.id, entry.version, entry.content_hash]
        assert (entry.previous, entry.hash) == (previous, sha(told))
        previous = entry.hash


def sha(values: list[Any]) -> str:
    """SHA-256 of values as the log writes them."""
    return hashlib.sha256(json.dumps(values, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def test_entries_come_in_pages(grown: Store) -> None:
    """After one, so many."""
    assert [entry.seq for entry in grown.audit(after=2, limit=2)] == [3, 4]


def test_the_log_shows_nothing_of_the_content(grown: Store) -> None:
    """Neither the words nor a hash that they could be guessed from."""
    for entry in grown.audit():
        assert "Agreed" not in repr(entry)
        content = grown.history("thing", entry.id)[entry.version - 1].item.content()
        plain = [json.dumps(content, sort_keys=True, separators=(",", ":")), json.dumps(content)]
        assert entry.content_hash not in {hashlib.sha256(text.encode()).hexdigest() for text in plain}


def test_salts_differ_unless_told_otherwise(url: str) -> None:
    """The same content twice has two hashes."""
    store = open_store(url)
    for name in ("a", "b"):
        with store.write("ana", "begin") as unit:
            unit.put(thing(name, "Same"))
    first, second = store.audit()
    assert first.content_hash != second.content_hash
    store.close()


def test_the_log_does_not_run_backwards_when_the_clock_does(opened: Callable[..., Store]) -> None:
    """A change after the clock was set back bears the moment of the last."""
    late = opened(clock=lambda: datetime(2026, 11, 1, 5, 30, tzinfo=UTC))
    early = opened(clock=lambda: datetime(2026, 11, 1, 4, 30, tzinfo=UTC))
    for name, store in (("a", late), ("b", early)):
        with store.write("ana", "begin") as unit:
            unit.put(thing(name))
    assert [entry.at for entry in late.audit()] == ["2026-11-01T05:30:00.000000Z"] * 2
    late.verify()


@pytest.mark.parametrize("table", ["audit", "revision"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET actor = 'eve'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_was_written(grown: Store, table: str, deed: str) -> None:
    """Even to a program that goes past the store."""
    with pytest.raises(Exception, match="the register only grows"), grown.database.engine.begin() as connection:
        connection.exec_driver_sql(deed.format(table))
    grown.verify()


@pytest.mark.parametrize("table", ["record", "audit_head"])
def test_the_database_refuses_to_delete_lines(grown: Store, table: str) -> None:
    """Lines change with each version, and go never."""
    with pytest.raises(Exception, match="the register only grows"), grown.database.engine.begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM {table}")


OTHER = "f" * 64
LAST = "2026-01-01T00:00:02.000000Z"


@pytest.mark.parametrize(
    ("deed", "words"),
    [
        ("UPDATE audit SET actor = 'eve' WHERE seq = 4", "entry 4: it was altered"),
        ("UPDATE audit SET at = '2020-01-01T00:00:00.000000Z' WHERE seq = 4", "entry 4: it is earlier than the one before it"),
        ("UPDATE audit SET id = 'b' WHERE seq = 4", "entry 4: it was altered"),
        (f"UPDATE audit SET hash = '{OTHER}' WHERE seq = 3", "entry 4: it does not follow the one before it"),
        (f"UPDATE audit SET hash = '{OTHER}' WHERE seq = 5", "the end: entry 5"),
        ("DELETE FROM audit WHERE seq = 3", "entries 3 to 3: they are gone"),
        ("DELETE FROM audit WHERE seq = 3", "thing c, version 1: no entry tells of it"),
        ("DELETE FROM audit WHERE seq <= 2", "entries 1 to 2: they are gone"),
        (
            "DELETE FROM audit WHERE seq = 5",
            "the end: entry 5 of 2026-01-01T00:00:02.000000Z is noted as the last, and the last is 4",
        ),
        ("DELETE FROM audit", f"the end: entry 5 of {LAST} is noted as the last, and the last is 0 of never"),
        ("UPDATE revision SET content = replace(content, 'Title 1', 'Title 9') WHERE seq = 4", "thing a, version 2, was altered"),
        ("UPDATE revision SET reason = 'no reason' WHERE seq = 2", "thing b, version 1, was altered"),
        ("UPDATE revision SET actor = 'eve' WHERE seq = 2", "thing b, version 1, is not by whom and when the log says"),
        ("DELETE FROM revision WHERE seq = 4", "thing a, version 2, is gone"),
        ("DELETE FROM revision WHERE seq = 4", "thing a: its line is not that of its last version"),
        ("UPDATE record SET version = 2 WHERE id = 'a'", "thing a: its line is not that of its last version"),
        ("DELETE FROM record WHERE id = 'b'", "thing b: its line is not that of its last version"),
        ("UPDATE record SET kind = 'code' WHERE id = 'b'", "code b: it has a line and no version"),
        ("UPDATE record SET title = 'Nice' WHERE id = 'a'", "thing a: its line does not say what the record says"),
        ("UPDATE record SET label = 'TLP:GREEN' WHERE id = 'a'", "thing a: its line does not say what the record says"),
        ("UPDATE record SET search = '' WHERE id = 'a'", "thing a: its line does not say what the record says"),
        ("UPDATE link SET target = 'c' WHERE id = 'b'", "thing b: its references are not those of the record"),
        ("DELETE FROM link", "thing c: its references are not those of the record"),
        (
            "INSERT INTO link VALUES ('thing', 'zz', 'within', 'a', 0)",
            "thing zz: it has references, articles, a brief or readers, and no line",
        ),
        ("UPDATE served SET article = '9' WHERE id = 'a'", "thing a: it does not fall under the articles that the record serves"),
        (
            "UPDATE served SET due = '' WHERE id = 'a'",
            "thing a: it does not fall under the articles that the record serves",
        ),
        ("DELETE FROM served WHERE id = 'b'", "thing b: it does not fall under the articles that the record serves"),
        (
            "INSERT INTO served VALUES ('thing', 'zz', '', '', '', '', '')",
            "thing zz: it has references, articles, a brief or readers, and no line",
        ),
        ("UPDATE record SET reader = 'of:eve' WHERE id = 'a'", "thing a: its line does not say what the record says"),
        (
            "UPDATE served SET reader = 'of:eve' WHERE id = 'a'",
            "thing a: it does not fall under the articles that the record serves",
        ),
        ("UPDATE link SET closed = 1 WHERE id = 'b'", "thing b: its references are not those of the record"),
        (
            "INSERT INTO visible VALUES ('thing', 'a', 'of:eve', '', '')",
            "thing a: it is not shown to those to whom the record is open",
        ),
        ("UPDATE brief SET content = '{}' WHERE id = 'a'", "thing a: what boards read of it is not what the record says"),
        ("UPDATE brief SET reader = 'of:eve' WHERE id = 'a'", "thing a: what boards read of it is not what the record says"),
        ("DELETE FROM brief WHERE id = 'a'", "thing a: what boards read of it is not what the record says"),
        (
            "INSERT INTO brief VALUES ('thing', 'zz', 'moc', '{}', '')",
            "thing zz: it has references, articles, a brief or readers, and no line",
        ),
        ("UPDATE audit_head SET seq = 4", "the end: entry 4"),
        ("DELETE FROM audit_head", "the end: where the log ends is not noted any more"),
        ("UPDATE revision SET content = '' WHERE seq = 5", "thing a, version 3, was altered"),
        ("UPDATE revision SET content = '' WHERE seq = 5", "thing a: what is kept of it is no record that can be read"),
        ('UPDATE revision SET content = \'{"id":"a"}\' WHERE seq = 5', "thing a, version 3, was altered"),
        ("UPDATE record SET apart = 1 WHERE id = 'a'", "thing a: its line does not say what the record says"),
        ("UPDATE setting SET value = 'x' WHERE name = 'lines'", "the setting `lines` says 'x', and lines of this form are '6'"),
        ("DELETE FROM setting", "the setting `lines` is gone, and lines of this form are '6'"),
        ("DROP INDEX link_by_target", "the index link_by_target is not there as it was made"),
        ("DROP TABLE served", "the tables: served is gone"),
    ],
)
def test_what_is_done_past_the_register_is_found(grown: Store, deed: str, words: str) -> None:
    """Altered, left out, cut off, put in: each by its place."""
    with past_the_register(grown) as execute:
        execute(deed)
    assert words in breaks(grown)


REPLACED = (
    "INSERT OR REPLACE INTO revision SELECT kind, id, version, seq, at, actor, 'no reason', content, salt FROM revision "
    "WHERE seq = 2"
)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("deed", "words"),
    [
        ("UPDATE revision SET content = x'7b7d' WHERE seq = 5", "thing a, version 3, was altered"),
        ("UPDATE revision SET content = x'ff' WHERE seq = 5", "thing a: what is kept of it is no record that can be read"),
        ("UPDATE revision SET salt = x'00' WHERE seq = 2", "thing b, version 1, was altered"),
        ("UPDATE audit SET actor = x'00' WHERE seq = 4", "entry 4: it was altered"),
        ("UPDATE audit SET at = x'00' WHERE seq = 4", "entry 4: it was altered"),
        ("INSERT INTO link VALUES (x'00', 'zz', 'within', 'a', 0), ('y', 'zz', 'within', 'a', 0)", "y zz: it has references"),
        (REPLACED, "thing b, version 1, was altered"),
    ],
)  # fmt: skip
def test_bytes_in_place_of_texts_are_named_like_any_other_change(grown: Store, deed: str, words: str) -> None:
    """SQLite keeps them in any column, and lets rows be replaced."""
    with past_the_register(grown) as execute:
        execute(deed)
    assert words in breaks(grown)


def without_guards(store: Store) -> list[str]:
    """Drop every trigger, and an index; what the check must say of each."""
    sqlite = store.database.sqlite
    names = (
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if sqlite
        else "SELECT DISTINCT trigger_name, event_object_table FROM information_schema.triggers "
        "WHERE trigger_schema = current_schema()"
    )
    with store.database.writing() as connection:
        triggers = connection.exec_driver_sql(names).all()
        for name, table in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}")
        connection.exec_driver_sql("DROP INDEX record_by_due")
    return [f"trigger {name}" for name, _ in triggers] + ["index record_by_due"]


def test_guards_that_are_gone_are_named_and_put_back(grown: Store, url: str) -> None:
    """Every trigger and index, by `db upgrade`, as they were."""
    before = form(url)
    names = without_guards(grown)
    assert len(names) >= 7
    found = breaks(grown)
    assert all(f"the {name} is not there as it was made" in found for name in names)
    upgraded = upgrade_store(url)
    assert set(names) <= set(upgraded.made_anew)
    upgraded.close()
    assert grown.verify().records == 3
    assert form(url) == before
    again = upgrade_store(url)
    assert again.made_anew == ()
    again.close()


def test_guards_are_not_put_back_around_something_that_was_altered(grown: Store, url: str) -> None:
    """It is named first, and nothing is made to look right."""
    names = without_guards(grown)
    with grown.database.writing() as connection:
        connection.exec_driver_sql("UPDATE revision SET reason = 'no reason' WHERE seq = 2")
    with pytest.raises(ChainBroken, match="thing b, version 1, was altered"):
        upgrade_store(url)
    assert str(names[0]) in breaks(grown)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_trigger_that_does_nothing_is_named(grown: Store) -> None:
    """It has the right name and other words."""
    with grown.database.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_refuses_delete")
        connection.exec_driver_sql("CREATE TRIGGER audit_refuses_delete BEFORE DELETE ON audit BEGIN SELECT 1; END")
    assert breaks(grown).startswith("the trigger audit_refuses_delete is not there as it was made")


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("deed", "name"),
    [
        ("ALTER TABLE audit DISABLE TRIGGER audit_refuses_delete", "audit_refuses_delete"),
        ("CREATE OR REPLACE FUNCTION orepact_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$",
         "revision_refuses_update"),
    ],
)  # fmt: skip
def test_triggers_that_are_switched_off_or_do_nothing_are_named(grown: Store, url: str, deed: str, name: str) -> None:
    """And put back."""
    with grown.database.writing() as connection:
        connection.exec_driver_sql(deed)
    assert f"the trigger {name} is not there as it was made" in breaks(grown)
    upgrade_store(url).close()
    assert grown.verify().records == 3


def test_a_change_and_a_question_without_a_head_say_what_is_gone(grown: Store) -> None:
    """Neither falls over."""
    with past_the_register(grown) as execute:
        execute("DELETE FROM audit_head")
    with pytest.raises(ChainBroken, match="the row of audit_head is gone"), grown.write("ana", "more") as unit:
        unit.put(thing("d"))
    with pytest.raises(ChainBroken, match="the row of audit_head is gone"):
        grown.head()


def test_a_setting_that_was_changed_is_a_break_to_who_checks(grown: Store, url: str) -> None:
    """Everybody else is told to check, not that the register is of an earlier form."""
    with grown.database.writing() as connection:
        connection.exec_driver_sql("UPDATE setting SET value = 'x' WHERE name = 'lines'")
    with pytest.raises(StoreOutdated, match=r"its lines are of form 'x', and this program reads '6': .*audit"):
        open_store(url)
    store = open_store(url, to_verify=True)
    assert "the setting `lines` says 'x'" in breaks(store)
    store.close()


def test_entries_that_change_places_are_found(grown: Store) -> None:
    """Two swapped."""
    with past_the_register(grown) as execute:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            execute(f"UPDATE audit SET seq = {new} WHERE seq = {old}")
    found = breaks(grown)
    assert "entry 2: it does not follow the one before it" in found
    assert "entry 3: it does not follow the one before it" in found


def test_a_revision_put_in_past_the_log_is_found(grown: Store) -> None:
    """A fourth version that no entry tells of."""
    with past_the_register(grown) as execute:
        execute("INSERT INTO revision SELECT kind, id, 4, 6, at, actor, reason, content, salt FROM revision WHERE seq = 5")
    assert "thing a, version 4: no entry tells of it" in breaks(grown)


def test_a_log_rewritten_whole_is_found_by_a_head_noted_before(grown: Store, opened: Callable[..., Store]) -> None:
    """Who may write all can make another log that closes; the noted head tells."""
    noted = grown.head()
    with past_the_register(grown) as execute:
        for table in ("link", "served", "brief", "record", "revision", "audit"):
            execute(f"DELETE FROM {table}")
        execute(f"UPDATE audit_head SET seq = 0, hash = '{NOTHING}', at = ''")
    with grown.write("eve", "another story") as unit:
        for name in "abcdef":
            unit.put(thing(name))
    assert grown.verify().head.seq == 6
    assert "entry 5: it is not the one that was noted" in breaks(grown, noted)
    assert opened().verify().records == 6


def test_a_log_cut_off_behind_the_head_is_found_by_a_head_noted_before(grown: Store) -> None:
    """The last entry gone, and the head moved back to hide it."""
    noted = grown.head()
    before = grown.audit()[3]
    with past_the_register(grown) as execute:
        execute("DELETE FROM link")
        execute("DELETE FROM audit WHERE seq = 5")
        execute("DELETE FROM revision WHERE seq = 5")
        execute(f"UPDATE audit_head SET seq = 4, hash = '{before.hash}', at = '{before.at}'")
    assert "the end: entry 5 was noted, and the log ends with 4" in breaks(grown, noted)


def test_a_head_noted_earlier_is_still_held_after_more_changes(grown: Store) -> None:
    """Growing is no break."""
    noted = grown.head()
    with grown.write("ana", "more") as unit:
        unit.put(thing("d"))
    assert grown.verify(noted).head.seq == 6


def test_only_the_first_twenty_breaks_are_named(grown: Store) -> None:
    """A page, not a book."""
    with grown.write("ana", "more") as unit:
        for number in range(30):
            unit.put(thing(f"t{number}"))
    with past_the_register(grown) as execute:
        execute("UPDATE revision SET salt = 'x'")
    found = breaks(grown).splitlines()
    assert len(found) == 21
    assert found[-1] == "and more"
