"""The tower as tests open it: a seeded register with two accounts, a server, and who reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from faces import serving

from copies import copied
from orepact.service.access import New, accept_invitation, add_account, invite
from orepact.service.access.sessions import begin
from orepact.service.pact.desk import Desk
from orepact.store import open_store
from orepact.store.people import account_of, changing
from orepact.web.edge.callers import Registered
from orepact.web.edge.house import House
from orepact.web.settings import Settings

#: By name of an account, its organisation and roles; nobody has none.
READERS = {"nobody": ("", ()), "ana": ("nrcan", ("reader", "editor", "admin")), "ben": ("meti", ("reader",))}
#: One with a password besides.
CLEO, GOOD = "cleo", "four words and 1 number"


@pytest.fixture(scope="module")
def house(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The seeded register with two accounts, opened for all tests of the module."""
    address = str(copied(filled, tmp_path_factory.mktemp("pages") / "register.db"))
    store = open_store(address)
    for name, (organisation, roles) in READERS.items():
        if roles:
            add_account(New(id=name, name=name, organisation=organisation, roles=roles), Desk(store, None))
    add_account(New(id=CLEO, name="Cleo", organisation="meti", roles=("reader",)), Desk(store, None))
    accept_invitation(invite(CLEO, Desk(store, None)).secret, GOOD, Desk(store, None))
    found = House(Settings(database=address, anonymous_rate=10_000, account_rate=10_000), store, Registered(store))
    yield found
    found.close()


@pytest.fixture(scope="module")
def client(house: House) -> Iterator[httpx2.Client]:
    """A browser of a server on it."""
    with serving(house) as place, httpx2.Client(base_url=place, timeout=60) as found:
        yield found


@pytest.fixture(scope="module")
def shows(house: House) -> Callable[[str], dict[str, str]]:
    """The header fields by which a reader is known."""
    secrets: dict[str, str] = {}
    for name in (*READERS, CLEO):
        if name != "nobody":
            with changing(house.store.database) as connection:
                account = account_of(connection, name)
                assert account is not None
                secrets[name] = begin(connection, house.store, account, how="log_in").secret
    return lambda name: {"Cookie": f"orepact={secrets[name]}"} if name in secrets else {}
