"""Two ways to the same use cases: in this process, and over HTTP through a real socket. A test that speaks to a ``Face`` runs on
both.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

import httpx2
import uvicorn

from orepact.errors import OrepactError, Unauthorised
from orepact.pact.records.readers import PUBLIC, Reader
from orepact.service.pact.desk import Desk
from orepact.service.result import plain
from orepact.web.api.bodies import Sent
from orepact.web.api.parameters import vocabulary
from orepact.web.api.routes import IN_PATH_AS, PREFIX, Asks, Route, use_case
from orepact.web.api.serving import told
from orepact.web.api.table import ROUTES
from orepact.web.app import application
from orepact.web.edge.callers import Caller
from orepact.web.edge.house import House
from orepact.web.edge.protocol import PatientProtocol
from orepact.web.edge.refusals import body_of
from plain_words import Overheard


@dataclass
class Known:
    """Accounts of a test: a token for each reader."""

    callers: dict[str, Caller] = field(default_factory=dict)

    def token(self, reader: Reader) -> str:
        """A token that stands for a reader."""
        token = f"ore_{len(self.callers)}_secret"
        self.callers[token] = Caller(reader, token=token)
        return token

    def caller_of(self, *, session: str | None = None, token: str | None = None) -> Caller:
        """Who a token stands for; the same text is a session too."""
        found = self.callers.get(token or session or "")
        if found is None:
            raise Unauthorised("this token is not valid")
        return found if token else Caller(found.reader, session=session or "", csrf=f"form of {session}")


class Face(Protocol):
    """A way to ask use cases as somebody."""

    def ask(self, name: str, reader: Reader = PUBLIC, /, **arguments: Any) -> dict[str, Any]:
        """The envelope that comes back, or that of the error."""


@dataclass
class InProcess:
    """The use cases themselves, on a desk."""

    house: House

    def ask(self, name: str, reader: Reader = PUBLIC, /, **arguments: Any) -> dict[str, Any]:
        """The envelope that comes back, or that of the error."""
        reader = reader.asking(self.house.clock())
        try:
            result = use_case(name)(**self._on(name, reader), **_as_sent(name, arguments), **_mine(name, reader))
            return cast("dict[str, Any]", plain(told(result)))
        except OrepactError as error:
            import json

            return _without_id(json.loads(body_of(error, "")))

    def _on(self, name: str, reader: Reader) -> dict[str, Any]:
        """What the use case is asked on."""
        asks = next(route.asks for route in ROUTES if route.use_case == name)
        desk = {"db": Desk(self.house.store, reader)} if asks in {Asks.register, Asks.both} else {}
        return desk | ({"ledger": self.house.ledger(reader)} if asks in {Asks.facts, Asks.both} else {})


@dataclass
class OverHttp:
    """The same through a socket."""

    client: httpx2.Client
    accounts: Known
    tokens: dict[Reader, str] = field(default_factory=dict)
    address: str = ""

    def ask(self, name: str, reader: Reader = PUBLIC, /, **arguments: Any) -> dict[str, Any]:
        """The envelope that comes back, or that of the error."""
        route = next(route for route in ROUTES if route.use_case == name)
        return _without_id(self.send(route, reader, arguments).json())

    def send(self, route: Route, reader: Reader, arguments: Mapping[str, Any]) -> httpx2.Response:
        """The response to a route with arguments of its use case."""
        left = dict(arguments)
        path = route.path.format(**{name: left.pop(IN_PATH_AS.get(name, name)) for name in route.in_path})
        words = {name: vocabulary()[key].name for name, (key, _) in route.given().items() if key not in route.in_path}
        query = {words[name]: left.pop(name) for name in [*left] if name in words}
        version = left.pop("version", 0)
        tags = {"If-Match": f'"{version}-{"0" * 16}"'} if version else {"If-None-Match": "*"}
        body = {"json": {_alias(route, name): value for name, value in left.items()}} if route.body is not None else {}
        headers = {**self.headers(reader), **(tags if route.versioned else {})}
        return self.client.request(route.method, f"{PREFIX}{path}", params=query, headers=headers, **body)

    def headers(self, reader: Reader) -> dict[str, str]:
        """What shows who asks."""
        if not reader.account:
            return {}
        if reader not in self.tokens:
            self.tokens[reader] = self.accounts.token(reader)
        return {"Authorization": f"Bearer {self.tokens[reader]}"}


def _mine(name: str, reader: Reader) -> dict[str, Any]:
    """What the service fills in from who asks."""
    route = next((route for route in ROUTES if route.use_case == name), None)
    return {argument: getattr(reader, value) or None for argument, value in (route.mine if route else ())}


def _as_sent(name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments of a use case; of one whose parts are sent one by one, what is made of them."""
    route = next(route for route in ROUTES if route.use_case == name)
    if route.body is None or not issubclass(route.body, Sent) or route.body.arguments is Sent.arguments:
        return {**arguments}
    fields = {key: value for key, value in arguments.items() if key in route.body.model_fields}
    sent = route.body.model_validate({_alias(route, key): value for key, value in fields.items()})
    return {key: value for key, value in arguments.items() if key not in fields} | sent.arguments()


def _alias(route: Route, name: str) -> str:
    """What an argument is called in a body."""
    assert route.body is not None
    return route.body.model_fields[name].alias or name


def _without_id(envelope: dict[str, Any]) -> dict[str, Any]:
    if "error" in envelope:
        envelope["error"].pop("request_id", None)
    return envelope


@contextmanager
def serving(house: House, *, protocol: type = PatientProtocol) -> Iterator[str]:
    """A server on a house, in a thread, on a free port of this machine; its address.

    Whatever it answers, it never speaks of options and commands.
    """
    heard = Overheard(application(house))
    config = uvicorn.Config(
        heard, host="127.0.0.1", port=0, http=protocol, ws="none", log_level="warning", access_log=False,
        server_header=False,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 180  # on a machine that does much else
    while not server.started:
        assert thread.is_alive(), "the server ended before it began"
        assert time.monotonic() < deadline, "the server does not begin"
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(30)
    assert not thread.is_alive(), "the server does not end"
    assert heard.found[:10] == [], "over HTTP nobody is told what to type in a terminal"
