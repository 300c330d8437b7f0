"""The service as it is asked over HTTP, without a socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlencode

from leak_people import AUDIENCES, NOW

from orepact.web.api.routes import PREFIX
from orepact.web.app import application
from orepact.web.edge.callers import Registered
from orepact.web.edge.gate import App
from orepact.web.edge.house import House
from orepact.web.settings import Settings

if TYPE_CHECKING:
    from orepact.store.store import Store

#: The same in each request, so that answers can be compared whole.
REQUEST_ID = "asked-by-a-test"
#: Who asks without any bound that another one who asked before could have used up.
UNBOUND = {"anonymous_rate": 2**30, "account_rate": 2**30}


@dataclass(frozen=True, order=True)
class Said:
    """An answer: its status, all of its header fields, its body."""

    status: int
    fields: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def json(self) -> Any:
        """What the body says."""
        return json.loads(self.body)

    @property
    def tag(self) -> str:
        """Its ETag."""
        return dict(self.fields).get("etag", "")


@dataclass(repr=False)
class Service:
    """The application of a house; ``turn`` puts another register into the house."""

    house: House
    app: App
    runner: asyncio.Runner = field(default_factory=asyncio.Runner)

    @classmethod
    def on(cls, store: Store, now: datetime = NOW, *, shared: Path | None = None, facts: Path | None = None) -> Service:
        """A service on a register at a moment, opened as a server opens it; ``shared``: the file in which its processes keep
        answers together, ``facts``: the folder of the operator's.
        """
        opened = store.for_many()
        settings = Settings(**UNBOUND, shared=shared, facts=facts)  # type: ignore[arg-type]
        house = House(settings, opened, Registered(opened), clock=lambda: now)
        return cls(house, application(house))

    def beside(self) -> Service:
        """Another process of the same server."""
        found = Service.on(self.house.store, self.house.clock(), shared=self.house.settings.shared)
        found.house.__dict__["facts"] = self.house.facts
        return found

    def turn(self, store: Store, now: datetime = NOW) -> None:
        """The same service on another register."""
        opened = store.for_many()
        self.house.store, self.house.accounts, self.house.clock = opened, Registered(opened), lambda: now
        self.house.__dict__.pop("familiar", None)  # nobody was met there

    def ask(
        self, path: str, who: str = "public", *, method: str = "GET", body: Any = None, fields: Mapping[str, str] | None = None
    ) -> Said:
        """The answer that somebody gets."""
        content = b"" if body is None else json.dumps(body).encode()
        sent = {"host": "127.0.0.1", "x-request-id": REQUEST_ID, **AUDIENCES[who].headers, **(fields or {})}
        sent |= {"content-type": "application/json", "content-length": str(len(content))} if body is not None else {}
        return self.runner.run(self._ask(method, f"{PREFIX}{path}", sent, content))

    def see(self, path: str, who: str = "public", *, form: Sequence[tuple[str, str]] | None = None) -> Said:
        """The page that somebody gets, or what comes of a form of it."""
        content = b"" if form is None else urlencode(form).encode()
        sent = {"host": "127.0.0.1", "x-request-id": REQUEST_ID, **AUDIENCES[who].headers}
        if form is not None:
            sent |= {"content-type": "application/x-www-form-urlencoded", "content-length": str(len(content))}
        return self.runner.run(self._ask("GET" if form is None else "POST", path, sent, content))

    async def _ask(self, method: str, target: str, sent: Mapping[str, str], content: bytes) -> Said:
        path, _, query = target.partition("?")
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": unquote_to_bytes(path).decode("utf-8", "replace"), "raw_path": path.encode(), "query_string": query.encode(),
            "root_path": "", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
            "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        }  # fmt: skip
        told: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: Any) -> None:
            told.append(message)

        await self.app(scope, receive, send)
        start, *parts = told
        found = sorted((name.decode().lower(), value.decode("latin-1")) for name, value in start["headers"])
        return Said(start["status"], tuple(found), b"".join(part.get("body", b"") for part in parts))

    def close(self) -> None:
        """End its loop."""
        self.runner.close()
