"""The service on a seeded register, asked as somebody who may do everything."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from copies import Copies, seeded

sys.path.append(str(Path(__file__).parents[1] / "service"))

from faces import Known

from orepact.pact.records.readers import Reader
from orepact.store import open_store
from orepact.web.app import application
from orepact.web.edge.house import House
from orepact.web.settings import Settings

ALL = ("reader", "editor", "steward", "key_holder", "admin", "registrar", "auditor")
WHO = Reader.holding("nrcan", account="ada", person="ada", roles=ALL, community=True)


@pytest.fixture(scope="session")
def house(copies: Copies, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A seeded register of SQLite."""
    address = copies.of("sqlite", seeded, tmp_path_factory.mktemp("fuzz"))
    settings = Settings(database=address, hosts=("*",), anonymous_rate=10**6, account_rate=10**6)
    house = House(settings, open_store(address), Known())
    yield house
    house.close()


@pytest.fixture(scope="session")
def app(house: House) -> Any:
    """The application on it, asked from this machine. Every client begins and ends it anew: the house stands for all of them."""
    inner = application(house)

    async def near(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            for _ in range(2):
                await send({"type": f"{(await receive())['type']}.complete"})
            return
        await inner({**scope, "client": ("127.0.0.1", 1)}, receive, send)

    return near


@pytest.fixture(scope="session")
def token(house: House) -> str:
    """A token of somebody who may do everything."""
    assert isinstance(house.accounts, Known)
    return house.accounts.token(WHO)
