"""How SQLite finds rows: by their keys, never by going through what only grows.

It keeps no statistics, so that what it does with a few rows it does with a million.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from register_things import thing
from sqlalchemy import Engine, event

from orepact.store.store import Store, open_store, upgrade_store

#: Tables with rows for every record, reference or change.
LARGE = re.compile(r"SCAN (revision|record|link|served|brief|audit)\b")


@pytest.fixture
def store(make_url: Callable[[str], str]) -> Iterator[Store]:
    """A register on SQLite with a few things."""
    url = make_url("sqlite")
    upgrade_store(url, create=True).close()
    store = open_store(url)
    with store.write("ana", "begin") as unit:
        for at in range(5):
            unit.put(thing(f"t{at}", f"Thing {at}", instrument="moc", article="moc:1", within=f"t{at - 1}" if at else None))
    yield store
    store.close()


@contextmanager
def asked() -> Iterator[list[tuple[str, Any]]]:
    """What is asked of databases until the block ends."""
    said: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, values: Any, ___: Any, many: bool) -> None:
        if statement.startswith(("SELECT", "DELETE", "UPDATE")):
            said.append((statement, values[0] if many else values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def read_several(store: Store) -> None:
    with store.reading() as register:
        register.records.read_all([("thing", "t1"), ("thing", "t3")])
        register.records.ask_for([("thing", "t2"), ("thing", "none")])


def change_several(store: Store) -> None:
    with store.write("ben", "change") as unit:
        for name in ("t1", "t2"):
            unit.put(thing(name, "Changed", instrument="moc", article="moc:2"), 1)


QUESTIONS: dict[str, Callable[[Store], object]] = {
    "one record": lambda store: store.get("thing", "t1"),
    "several records": read_several,
    "the history of a record": lambda store: store.history("thing", "t1"),
    "what a board reads": lambda store: store.around("moc"),
    "a page of the log": lambda store: store.audit(after=2, limit=2),
    "a change of several records": change_several,
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_rows_are_found_by_their_keys(store: Store, question: str) -> None:
    with asked() as said:
        QUESTIONS[question](store)
    plans = []
    with store.database.engine.connect() as connection:
        for statement, values in said:
            steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            plans += [(step[3], statement) for step in steps]
    assert plans
    assert not [plan for plan in plans if LARGE.search(plan[0])]
