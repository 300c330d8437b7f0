"""How a server is started: looked at before (settings, database), then given to uvicorn; beside it the port for Prometheus."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from threading import Event, Thread

from orepact.errors import BadInput, Problem
from orepact.service.jobs import scratch
from orepact.web.edge.logs import configuration
from orepact.web.edge.shared import memory
from orepact.web.settings import LOCAL, Settings
from orepact.wording import field

log = logging.getLogger("orepact.web")
#: By name: each process imports it for itself.
APPLICATION = "orepact.web.app:create"
SHARED = "OREPACT_SERVE_SHARED"
PROTOCOL = "orepact.web.edge.protocol:PatientProtocol"
#: Seconds that requests have to end in when the server is told to stop, and that a connection waits for another request.
LAST_S, IDLE_S = 30, 15
#: Every address of this machine, as somebody on it asks for one; and seconds between two looks whether it listens.
AT_HOME, LOOK_S = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}, 0.1  # noqa: S104  what others named


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """Where to listen, with how many processes, behind which proxies; ``log``: lines or json; ``metrics_port``: None for none."""

    host: str = "127.0.0.1"
    port: int = 8000
    processes: int = 1
    proxy: str | None = None
    log: str = "lines"
    metrics_host: str = "127.0.0.1"
    metrics_port: int | None = None

    @property
    def address(self) -> str:
        """What to open in a browser on this machine."""
        host = AT_HOME.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"


def run(
    how: Running,
    *,
    beside: Callable[[], AbstractContextManager[object]] = nullcontext,
    tell: Callable[[str], None] | None = None,
) -> None:
    """Serve until told to stop (SIGTERM, SIGINT): then take nothing new, answer what was begun, and end.

    ``beside`` lasts as long as the server, and begins once it is known that it can serve; ``tell`` is given the address once
    somebody answers there.

    Raises ``BadInput`` for settings that cannot be read or a port that is taken, ``StoreUnavailable`` and ``StoreOutdated`` for a
    database that cannot serve: before anything listens, so that a service that starts is one that works.
    """
    import uvicorn

    if how.host in LOCAL:  # links lead to where it listens, unless somebody says where it is known
        os.environ.setdefault("OREPACT_SERVE_ADDRESS", f"http://127.0.0.1:{how.port}")
    settings = Settings.from_environment()
    _look(settings)
    _demand_port(how)
    with beside(), _sharing(how), _told(how, settings), _announced(how, tell):
        uvicorn.run(
            APPLICATION, factory=True, host=how.host, port=how.port, workers=how.processes, http=PROTOCOL, ws="none",
            access_log=False, server_header=False, proxy_headers=how.proxy is not None, forwarded_allow_ips=how.proxy,
            timeout_keep_alive=IDLE_S, timeout_graceful_shutdown=LAST_S, log_config=configuration(how.log),
        )  # fmt: skip


def _look(settings: Settings) -> None:
    """Open the register once: in several processes each would fail by itself, and be started again."""
    from orepact.store import open_store

    open_store(settings.database).close()


def _demand_port(how: Running) -> None:
    """Take the port once and let it go: whoever has it answers, and would be taken for this server."""
    try:
        family, kind, _, _, where = socket.getaddrinfo(
            how.host or None, how.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror as fault:
        mend = "name one of this machine, such as 127.0.0.1"
        raise BadInput([Problem("host", "an address of this machine", f"{how.host}: {fault.strerror}", mend)]) from None
    with socket.socket(family, kind) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(where)
        except OSError as fault:
            found = f"{how.host}:{how.port}: {fault.strerror}"
            mend = f"name another, such as {field('port', how.port + 1)}, or end what listens there"
            raise BadInput([Problem("port", "a port that is free", found, mend)]) from None


@contextmanager
def _announced(how: Running, tell: Callable[[str], None] | None) -> Iterator[None]:
    """Say meanwhile where the server is, as soon as it takes connections; of a port that the system chooses nothing is known."""
    if tell is None or not how.port:
        yield
        return
    over = Event()
    watch = Thread(target=_say_once_it_listens, args=(how, tell, over), name="address", daemon=True)
    watch.start()
    try:
        yield
    finally:
        over.set()
        watch.join()


def _say_once_it_listens(how: Running, tell: Callable[[str], None], over: Event) -> None:
    while not over.wait(LOOK_S):
        with suppress(OSError), socket.create_connection((AT_HOME.get(how.host, how.host), how.port), timeout=1):
            tell(how.address)
            return


@contextmanager
def _sharing(how: Running) -> Iterator[None]:
    """Let several processes keep answers together meanwhile, in a folder that only they read; where none can be made, each by
    itself.
    """
    if how.processes == 1:
        yield
        return
    with ExitStack() as stack:
        try:
            scratch.sweep("answers", memory())
            place = stack.enter_context(scratch.folder("answers", memory()))
        except OSError:
            log.warning("no folder for answers that processes share can be made: each keeps its own")
        else:
            os.environ[SHARED] = str(place / "answers.db")
            stack.callback(os.environ.pop, SHARED)
        yield


@contextmanager
def _told(how: Running, settings: Settings) -> Iterator[None]:
    """Answer Prometheus meanwhile, if a port is named for it."""
    if how.metrics_port is None:
        yield
    elif how.processes == 1:
        with _answering(how, settings):
            yield
    else:
        # Begun empty: what processes of an earlier server counted is not of this one.
        with TemporaryDirectory(prefix="orepact-metrics-") as folder:
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
            try:
                with _answering(how, settings):
                    yield
            finally:
                del os.environ["PROMETHEUS_MULTIPROC_DIR"]


@contextmanager
def _answering(how: Running, settings: Settings) -> Iterator[None]:
    from prometheus_client import start_http_server

    from orepact.web.edge.gauges import registry_of

    assert how.metrics_port is not None
    registry = registry_of(settings.database, settings.backups)
    try:
        server, thread = start_http_server(how.metrics_port, how.metrics_host, registry)
    except OSError as fault:
        where = f"{how.metrics_host}:{how.metrics_port}"
        raise BadInput([Problem("metrics_port", "a port that is free", f"{where}: {fault.strerror}", "name another")]) from None
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
