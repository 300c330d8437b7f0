"""A seeded register on each database, and the service on it in process and over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pages_world
import pytest
from faces import Face, InProcess, Known, OverHttp, serving

from copies import Fill, seeded
from orepact.store import open_store
from orepact.web.edge.house import House
from orepact.web.settings import Settings

#: Of the tests of pages; modules with their own of these names use those.
client, house, shows = pages_world.client, pages_world.house, pages_world.shows


@pytest.fixture
def make_house(copy_of: Callable[[str, Fill], str]) -> Iterator[Callable[..., House]]:
    """Make a house on a seeded register of a backend."""
    made: list[House] = []

    def make(backend: str = "sqlite", **settings: Any) -> House:
        address = copy_of(backend, seeded)
        settings = {"anonymous_rate": 10_000, "account_rate": 10_000, **settings}
        made.append(House(Settings(database=address, **settings), open_store(address), Known()))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def client_of() -> Iterator[Callable[..., httpx2.Client]]:
    """A client of a server on a house."""
    contexts: list[Any] = []

    def client(house: House, **options: Any) -> httpx2.Client:
        server = serving(house, **options)
        contexts.append(server)
        found = httpx2.Client(base_url=server.__enter__(), timeout=120)
        contexts.append(found)
        return found

    yield client
    for each in reversed(contexts):
        each.__exit__(None, None, None)


@pytest.fixture
def http(make_house: Callable[..., House], client_of: Callable[..., httpx2.Client]) -> OverHttp:
    """The service over HTTP, on SQLite."""
    house = make_house()
    assert isinstance(house.accounts, Known)
    return OverHttp(client_of(house), house.accounts, address=house.settings.database or "")


@pytest.fixture(params=["process, sqlite", "http, sqlite", "process, postgresql", "http, postgresql"])
def face(request: pytest.FixtureRequest, make_house: Callable[..., House], client_of: Callable[..., httpx2.Client]) -> Face:
    """The service, each way, on each database."""
    way, _, backend = str(request.param).partition(", ")
    house = make_house(backend)
    assert isinstance(house.accounts, Known)
    return InProcess(house) if way == "process" else OverHttp(client_of(house), house.accounts)
