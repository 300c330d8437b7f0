"""The form of the database: made whole, recognised, brought up to date whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from register_things import thing
from sqlalchemy import inspect, text
from test_store_backup import register_at
from tools.postgresql import Cluster

from orepact.errors import StoreOutdated, StoreUnavailable
from orepact.store import derived, schema
from orepact.store.address import Address
from orepact.store.columns import metadata
from orepact.store.engine import Database
from orepact.store.store import Store, open_store, upgrade_store
from orepact.wording import deed


def test_the_steps_lead_to_the_tables_that_the_program_knows(store: Store) -> None:
    """Alembic finds no difference between the database and ``tables``; nor do the indexes differ."""
    with store.database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        found = {
            index["name"]: index["column_names"] for name in metadata.tables for index in inspect(connection).get_indexes(name)
        }
    known = {
        index.name: [column.name for column in index.columns] for table in metadata.tables.values() for index in table.indexes
    }
    assert {name: found[name] for name in known} == known


def test_a_register_of_these_tests_is_what_the_program_makes(
    url: str, opened: Callable[..., Store], make_url: Callable[[str], str], backend: str
) -> None:
    """Tables, triggers and rows: tests make theirs by what was said the first time."""
    other = make_url(backend)
    upgrade_store(other, create=True).close()
    assert form(url) == form(other)
    assert opened().verify().records == 0


def form(url: str) -> tuple[list[Any], ...]:
    """What a database says of its own form, and its rows."""
    database = Database(Address.of(url))
    with database.reading() as connection:
        if database.sqlite:
            found = connection.execute(text("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name")).all()
        else:
            columns = "table_name, column_name, data_type, is_nullable, collation_name, column_default"
            triggers = "trigger_name, event_object_table, event_manipulation, action_timing"
            query = (
                f"SELECT {columns} FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY 1, 2",
                f"SELECT {triggers} FROM information_schema.triggers WHERE trigger_schema = current_schema() ORDER BY 1, 2, 3",
                "SELECT tablename, indexname FROM pg_indexes WHERE schemaname = current_schema() ORDER BY 1, 2",
            )
            found = [tuple(row) for each in query for row in connection.execute(text(each))]
        rows = [connection.execute(text(f"SELECT * FROM {name}")).all() for name in ("setting", "audit_head", "alembic_version")]
    database.close()
    return list(found), *rows


def test_the_steps_follow_each_other() -> None:
    """By number, as alembic takes them."""
    script = ScriptDirectory.from_config(schema._config())
    assert tuple(each.revision for each in script.walk_revisions())[::-1] == schema.steps()
    assert schema.steps() == ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011")


def test_a_database_without_a_register_is_named(make_url: Callable[[str], str], backend: str) -> None:
    """With the command that makes one; nothing is made by looking."""
    url = make_url(backend)
    for attempt in (open_store, upgrade_store):
        with pytest.raises(StoreOutdated, match=rf"there is no register in .* yet: make one with {deed('pact.init_register')}"):
            attempt(url)
    with Database(Address.of(url)).reading() as connection:
        assert inspect(connection).get_table_names() == []


def test_a_file_that_is_not_there_is_not_made_by_looking(tmp_path: Path) -> None:
    """Nor its folder."""
    with pytest.raises(StoreOutdated, match=r"pact\.init_register"):
        open_store(str(tmp_path / "new" / "register.db"))
    assert not (tmp_path / "new").exists()
    upgrade_store(str(tmp_path / "new" / "register.db"), create=True).close()
    open_store(str(tmp_path / "new" / "register.db")).close()


def test_making_a_register_twice_changes_nothing(store: Store, url: str) -> None:
    """Init and upgrade can be run again."""
    with store.write("ana", "begin") as unit:
        unit.put(thing("a"))
    before = store.head()
    upgrade_store(url, create=True).close()
    upgrade_store(url).close()
    assert store.verify().head == before


@pytest.mark.parametrize("attempt", [open_store, upgrade_store, lambda url: upgrade_store(url, create=True)])
def test_a_register_of_a_later_form_is_left_alone(store: Store, url: str, attempt: Callable[[str], Any]) -> None:
    """A newer program made it."""
    with store.database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreOutdated, match=r"of a later form \(9999\) than this program knows: update orepact"):
        attempt(url)


def test_lines_made_in_another_way_are_made_anew(store: Store, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No step is needed when only what follows from the records is made otherwise."""
    with store.write("ana", "begin") as unit:
        unit.put(thing("a", "Alpha"))
        unit.put(thing("b", within="a"))
    before = store.head()
    line_of = derived.line_of
    monkeypatch.setattr(derived, "FORM", "9")
    monkeypatch.setattr(derived, "line_of", lambda item: {**line_of(item), "search": "anew"})
    with pytest.raises(StoreOutdated, match=r"run .*pact\.upgrade_register"):
        open_store(url)
    upgrade_store(url).close()
    with store.database.reading() as connection:
        assert connection.execute(text("SELECT DISTINCT search FROM record")).scalars().all() == ["anew"]
        assert connection.execute(text("SELECT count(*) FROM link")).scalar() == 1
    assert store.head() == before


def test_a_step_that_fails_leaves_the_form_before_it(
    make_url: Callable[[str], str], backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables, columns and rows are as they were, and the step can be taken later."""
    url = make_url(backend)

    def fail(_: object) -> None:
        raise ZeroDivisionError

    with register_at("0001", url) as database:
        with monkeypatch.context() as patch:
            patch.setattr(derived, "rebuild", fail)
            with pytest.raises(ZeroDivisionError):
                upgrade_store(url)
        with database.reading() as connection:
            assert schema.form_of(connection).step == "0001"
            assert not inspect(connection).has_table("link")
            assert "search" not in {column["name"] for column in inspect(connection).get_columns("record")}
        upgrade_store(url).close()
        store = open_store(url)
        assert store.verify().records == 8
        store.close()


def test_every_record_that_cannot_be_read_is_named_by_the_upgrade(
    store: Store, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All at once, and the register is left as it was."""
    from register_things import known_kinds

    from orepact.errors import BadInput
    from orepact.pact.records import kinds
    from orepact.pact.records.record import Record

    class Bare(Record):
        kind = "thing"

    with store.write("ana", "begin") as unit:
        for name in "ab":
            unit.put(thing(name, state="done"))
    before = derived.FORM
    monkeypatch.setattr(kinds, "kinds", lambda: {**known_kinds(), "thing": Bare})
    monkeypatch.setattr(derived, "FORM", "9")
    with pytest.raises(BadInput) as caught:
        upgrade_store(url)
    assert [problem.file for problem in caught.value.problems] == ["thing a in the register", "thing b in the register"]
    with store.database.reading() as connection:
        assert schema.form_of(connection).lines == before


def test_a_database_of_another_encoding_is_refused(cluster: Cluster) -> None:
    """Korean does not fit into Latin."""
    with pytest.raises(StoreUnavailable, match="the database is in LATIN1: create one in UTF8"):
        upgrade_store(cluster.database("LATIN1"), create=True)


def test_two_registers_in_one_server_do_not_meet(cluster: Cluster) -> None:
    """Each schema has its own."""
    urls = [cluster.schema(), cluster.schema()]
    for url in urls:
        upgrade_store(url, create=True).close()
    first, second = map(open_store, urls)
    with first.write("ana", "begin") as unit:
        unit.put(thing("a"))
    assert len(second.register()) == 0
    first.close()
    second.close()
