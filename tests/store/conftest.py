"""A fresh database for each test, of SQLite and of PostgreSQL: the same tests run on both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from register_things import numbered, thing_kinds, ticking
from sqlalchemy import Engine, event

from orepact.store import schema
from orepact.store.address import Address
from orepact.store.engine import Database
from orepact.store.store import Store, open_store, upgrade_store

__all__ = ["thing_kinds"]

BACKENDS = ("sqlite", "postgresql")


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Which kind of database."""
    return str(request.param)


@pytest.fixture(scope="session")
def steps_taken() -> dict[str, list[tuple[str, Any]]]:
    """By backend, what was said to a database to make a register in it: said again, it makes another in a tenth of the time."""
    return {}


@pytest.fixture
def url(backend: str, make_url: Callable[[str], str], steps_taken: dict[str, list[tuple[str, Any]]]) -> str:
    """The address of a database that holds an empty register."""
    found = make_url(backend)
    if backend not in steps_taken:
        with listening() as said:
            upgrade_store(found, create=True).close()
        steps_taken[backend] = said
        return found
    database = Database(Address.of(found))
    schema.prepare(database)
    with database.writing() as connection:
        for statement, values in steps_taken[backend]:
            connection.exec_driver_sql(statement, values)
    database.close()
    return found


@contextmanager
def listening() -> Iterator[list[tuple[str, Any]]]:
    """What is said to databases meanwhile, but for questions and settings of a connection."""
    said: list[tuple[str, Any]] = []

    def hear(_: Any, __: Any, statement: str, values: Any, *___: Any) -> None:
        if statement.split(maxsplit=1)[0] in {"CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE"}:
            said.append((statement, values or None))

    event.listen(Engine, "before_cursor_execute", hear)
    yield said
    event.remove(Engine, "before_cursor_execute", hear)


@pytest.fixture
def opened(url: str) -> Iterator[Callable[..., Store]]:
    """Open the register, with a clock that ticks and salts that are known."""
    stores = []

    def open_(**options: object) -> Store:
        stores.append(partial(open_store, url, clock=ticking(), salt=numbered())(**options))
        return stores[-1]

    yield open_
    for each in stores:
        each.close()


@pytest.fixture
def store(opened: Callable[..., Store]) -> Store:
    """An empty register."""
    return opened()
