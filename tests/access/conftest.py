"""A register of each backend with its holder's store on a clock that can be turned, and accounts in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from access_world import Clock, House, ground
from sqlalchemy import Engine, event

from orepact.store import schema
from orepact.store.address import Address
from orepact.store.engine import Database
from orepact.store.store import Store, open_store, upgrade_store


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Which kind of database."""
    return str(request.param)


@pytest.fixture(scope="session")
def said() -> dict[str, list[tuple[str, Any]]]:
    """By backend, what was said to a database to make a register with its ground: said again, it makes another."""
    return {}


@pytest.fixture
def url(backend: str, make_url: Callable[[str], str], said: dict[str, list[tuple[str, Any]]]) -> str:
    """The address of a register with its ground."""
    found = make_url(backend)
    if backend not in said:
        with listening() as heard:
            upgrade_store(found, create=True).close()
            store = open_store(found, clock=Clock())
            with store.write("ana", "begin", seeding=True) as unit:
                for record in ground():
                    unit.put(record)
            store.close()
        said[backend] = heard
        return found
    database = Database(Address.of(found))
    schema.prepare(database)
    with database.writing() as connection:
        for statement, values, many in said[backend]:
            if many:
                connection.connection.cursor().executemany(statement, values)
            else:
                connection.exec_driver_sql(statement, values)
    database.close()
    return found


@contextmanager
def listening() -> Iterator[list[tuple[str, Any, bool]]]:
    """What is said to databases meanwhile, but for questions and settings of a connection."""
    heard: list[tuple[str, Any, bool]] = []

    def hear(_: Any, __: Any, statement: str, values: Any, ___: Any, many: bool) -> None:
        if statement.split(maxsplit=1)[0] in {"CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE"}:
            heard.append((statement, values or None, many))

    event.listen(Engine, "before_cursor_execute", hear)
    yield heard
    event.remove(Engine, "before_cursor_execute", hear)


@pytest.fixture
def clock() -> Clock:
    """The clock of the register."""
    return Clock()


@pytest.fixture
def store(url: str, clock: Clock) -> Iterator[Store]:
    """The register, as its holder opens it."""
    opened = open_store(url, clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def house(store: Store) -> House:
    """The register and its accounts."""
    return House(store)
