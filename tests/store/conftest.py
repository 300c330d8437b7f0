"""A fresh database for each test, of SQLite and of PostgreSQL: the same tests run on both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from register_things import numbered, thing_kinds, ticking
from tools.postgresql import Cluster, programs

from orepact.store.store import Store, open_store, upgrade_store

__all__ = ["thing_kinds"]

BACKENDS = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server of the tests' own; they are reported as not run where there is none."""
    found = programs()
    if found is None:
        pytest.skip("no PostgreSQL on this machine (as root, `make test` installs it)")
    cluster = Cluster.new(found)
    yield cluster
    cluster.stop()


@pytest.fixture
def make_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """Addresses of new, empty databases of a backend."""

    def make(backend: str) -> str:
        if backend == "postgresql":
            cluster: Cluster = request.getfixturevalue("cluster")
            return cluster.schema()
        used = len([*tmp_path.glob("*.db")])
        file = tmp_path / f"register{used}.db"
        file.touch()
        return str(file)

    return make


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Which kind of database."""
    return str(request.param)


@pytest.fixture
def url(backend: str, make_url: Callable[[str], str]) -> str:
    """The address of a database that holds an empty register."""
    found = make_url(backend)
    upgrade_store(found, create=True).close()
    return found


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
