"""A register with organisations, accounts, what alerts are made of, and a receiver of webhooks."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from orepact.pact.instruments.commitments import Commitment
from orepact.pact.organisations.organisation import Organisation
from orepact.pact.organisations.people import Person
from orepact.pact.projects.project import Project
from orepact.pact.records.codes import Code
from orepact.pact.records.record import Record
from orepact.service.access import New, add_account, make_token, reader_of
from orepact.service.pact.desk import Desk
from orepact.store.store import Store

START = datetime(2026, 11, 23, 12, tzinfo=UTC)
ORGANISATIONS = ("nrcan", "meti", "metis", "first", "korea")


class Clock:
    """A clock that stands until it is turned."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self, _: object = None) -> datetime:
        return self.now

    def turn(self, **span: float) -> None:
        """So much later."""
        self.now += timedelta(**span)


def ground() -> list[Record]:
    """Organisations, a person of each, a project."""
    found: list[Record] = [
        Code(id="organisation_kind:authority", title="Authority", list="organisation_kind"),
        Code(id="project_kind:mine", title="Mine", list="project_kind"),
        Project.model_validate({"id": "pit", "title": "Pit", "project_kind": "mine"}),
    ]
    found += [
        Organisation.model_validate({"id": name, "title": name, "organisation_kind": "authority"}) for name in ORGANISATIONS
    ]
    found += [Person.model_validate({"id": "ana", "title": "Ana"})]
    return found


def promise(name: str, label: str = "TLP:CLEAR", **values: object) -> Commitment:
    """A commitment of nrcan, due in March 2026 unless said otherwise."""
    fields = {
        "id": name, "title": f"The title of {name}", "owner": "nrcan", "made": "2026-01", "due": "2026-03-31",
        "projects": ["pit"], "label": label,
    }  # fmt: skip
    return Commitment.model_validate(fields | values)


def put(store: Store, *records: Record, version: int | None = None) -> None:
    """Keep records in one change."""
    with store.write("ana", "a change") as unit:
        for record in records:
            unit.put(record, version)


def account(store: Store, name: str, organisation: str, *roles: str) -> Desk:
    """The desk of a new account of an organisation, by a token that is for all it may do."""
    holder = Desk(store)
    add_account(New(name, name.title(), organisation=organisation, roles=roles or ("editor",)), holder)
    made = make_token(name, holder, name="test", organisation=organisation, scopes=("read", "write", "admin"))
    return Desk(store, reader_of(holder, token=made.text))


@dataclass
class Receiver:
    """A server of this machine that keeps what it is sent, and answers as it is told to."""

    url: str = ""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    answering: Callable[[Any], None] | None = None


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver on a free port; ``tls``: it speaks https."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            receiver.paths.append(self.path)
            if receiver.answering is not None:
                receiver.answering(self)
                return
            self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
            self.send_header("Location", f"{receiver.url}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST  # noqa: N815  as the library calls it

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield receiver
    server.shutdown()
    server.server_close()


def trickling(handler: Any) -> None:
    """An answer of one byte now and then, for as long as somebody listens."""
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while True:
            handler.wfile.write(b"a")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        return
