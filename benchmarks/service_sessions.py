"""Fifty accounts of ten organisations, let in by tokens and cookies, and the server that they ask."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.service_client import Session

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from orepact.store.store import Store

#: Organisations that sessions are of, and accounts of each.
ORGANISATIONS, EACH = 10, 5
#: Seconds in which a server is there, or gone.
PATIENCE_S = 180.0


def let_in(db: str, names: Sequence[str] = ()) -> list[Session]:
    """Fifty sessions on a register: every second with a token, the others with the cookie of a browser. Every organisation has a
    client, every second is of the community. ``names``: ten organisations, if not those of ``register_rows``.
    """
    from orepact.store import open_store

    store = open_store(db)
    try:
        return [*_sessions(store, names or [f"organisation-{at}" for at in range(ORGANISATIONS)])]
    finally:
        store.close()


def _sessions(store: Store, names: Sequence[str]) -> Iterator[Session]:
    from orepact.service import access
    from orepact.service.pact.desk import Desk

    desk = Desk(store)
    for at, mine in enumerate(names):
        for number in range(EACH):
            yield _session(desk, f"load-{at}-{number}", mine, cookie=(at + number) % 2 == 0)
        if at % 2:
            access.change_community(mine, desk)
        access.share_with_client(mine, names[(at + 1) % len(names)], desk)


def _session(desk: object, name: str, organisation: str, *, cookie: bool) -> Session:
    from orepact.errors import Conflict
    from orepact.service import access
    from orepact.service.pact.desk import Desk

    assert isinstance(desk, Desk)
    with contextlib.suppress(Conflict):  # there since the last time
        access.add_account(access.New(name, f"Load {name}", organisation=organisation, roles=("reader",)), desk)
    if cookie:
        return Session(name, organisation, f"Cookie: orepact={_begun(desk.store, name)}".encode())
    made = access.make_token(name, desk, name="load", organisation=organisation, days=1)
    return Session(name, organisation, f"Authorization: Bearer {made.text}".encode())


def _begun(store: Store, name: str) -> str:
    """The secret of a session that begins as after a password, without the time that hashing one takes."""
    from orepact.service.access.sessions import begin
    from orepact.store import people

    def begun(connection: Connection) -> str:
        one = people.account_of(connection, name)
        assert one is not None, "it was added"
        return begin(connection, store, one, how="log_in").secret

    with people.changing(store.database) as connection:
        return begun(connection)


@contextmanager
def served(db: str, *, processes: int, settings: Mapping[str, str] | None = None) -> Iterator[tuple[int, int]]:
    """``orepact serve`` on a register: its process and its port, until the block ends."""
    port = free_port()
    command = [sys.executable, "-m", "orepact", "serve", "--db", db, "--port", str(port), "--processes", str(processes)]
    server = subprocess.Popen(command, env={**os.environ, **(settings or {})}, stdout=subprocess.DEVNULL)
    try:
        wait_until_ready(port, server)
        yield server.pid, port
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


def wait_until_ready(port: int, server: subprocess.Popen[bytes]) -> None:
    """Return once a server answers; raises ``RuntimeError`` for one that has ended, or does not begin in time."""
    until = time.monotonic() + PATIENCE_S
    while True:
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            if urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10).status == 200:
                return
        if server.poll() is not None or time.monotonic() > until:
            raise RuntimeError("the server does not begin")
        time.sleep(0.2)


def processor_s(pid: int) -> float:
    """Seconds of the processor, user and system, of a process and all below it, ended ones included; 0 for none."""
    if not pid:
        return 0.0
    try:
        ticks = sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]))
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return 0.0  # it ended between
    return ticks / os.sysconf("SC_CLK_TCK") + sum(processor_s(int(child)) for child in children)
