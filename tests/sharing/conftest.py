"""A register of each backend with its holder's store on a clock that can be turned."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sharing_world import Clock, Receiver, ground, receiving

from copies import Fill
from orepact.store.store import Store, open_store, upgrade_store


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Which kind of database."""
    return str(request.param)


def grounded(url: str) -> None:
    """Make a register with its ground."""
    upgrade_store(url, create=True).close()
    clock = Clock()
    clock.turn(days=-30)
    store = open_store(url, clock=clock)
    with store.write("ana", "begin", seeding=True) as unit:
        for record in ground():
            unit.put(record)
    store.close()


@pytest.fixture
def clock() -> Clock:
    """The clock of the register."""
    return Clock()


@pytest.fixture
def url(backend: str, copy_of: Callable[[str, Fill], str]) -> str:
    """The address of a register with its ground."""
    return copy_of(backend, grounded)


@pytest.fixture
def store(url: str, clock: Clock) -> Iterator[Store]:
    """The register, as its holder opens it."""
    opened = open_store(url, clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def make_small(copy_of: Callable[[str, Fill], str], clock: Clock) -> Iterator[Callable[[], Store]]:
    """Registers of SQLite with the ground, for what does not depend on the database."""
    made: list[Store] = []

    def make() -> Store:
        made.append(open_store(copy_of("sqlite", grounded), clock=clock))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def small(make_small: Callable[[], Store]) -> Store:
    """One of them."""
    return make_small()


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A receiver on this machine, to which the operator lets webhooks go."""
    monkeypatch.setenv("OREPACT_WEBHOOK_LOOPBACK", "1")
    with receiving() as found:
        yield found
