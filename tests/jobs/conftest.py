"""A register of each backend with organisations that run things."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from jobs_world import environment, grounded

from copies import Fill, seeded
from orepact.service.jobs import process
from orepact.store.store import Store, open_store


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Which kind of database."""
    return str(request.param)


@pytest.fixture
def url(backend: str, copy_of: Callable[[str, Fill], str]) -> str:
    """The address of a register with the ground."""
    return copy_of(backend, grounded)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """The register, as its holder opens it."""
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture
def small(copy_of: Callable[[str, Fill], str]) -> Iterator[Store]:
    """A register of SQLite, for what does not depend on the database."""
    opened = open_store(copy_of("sqlite", grounded))
    yield opened
    opened.close()


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs are stood in for by ``stand_in.py``."""
    monkeypatch.setattr(process, "MODULE", "stand_in")
    monkeypatch.setenv("PYTHONPATH", environment()["PYTHONPATH"])


@pytest.fixture
def whole_url(backend: str, copy_of: Callable[[str, Fill], str]) -> str:
    """The address of a register with the records of the package."""
    return copy_of(backend, seeded)
