"""``orepact serve`` as a process of its own: a database that goes and comes, a proxy, the end by a signal, and registers on which
it does not begin.

One server lives through all that takes one: it begins once.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import httpx2
import pytest
from tools.postgresql import Cluster

from orepact.cli.entry import run
from orepact.service.pact import init_register
from orepact.store.address import Address
from orepact.store.engine import Database
from orepact.store.schema import take_steps

#: Another address of this machine, from which the proxy of these tests asks.
PROXY = "127.0.0.2"
#: Seconds that something may take on a machine with much else to do.
PATIENCE_S = 300
#: Exit code of what whoever starts it has to mend.
BAD_INPUT = 3
LISTED = "/api/v1/records?kind=body"
LOGIN = {"account": "nobody", "password": "a password of nobody"}
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="every address of 127.0.0.0/8 is this machine's on Linux alone")


def begin(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """The program, with its words in a file."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with (folder / "said").open("wb") as said:
        return subprocess.Popen([sys.executable, "-m", "orepact", "serve", *arguments], env=environment, stdout=said, stderr=said)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


@dataclass
class Served:
    """A server, its port, and the database behind it."""

    process: subprocess.Popen[bytes]
    port: int
    cluster: Cluster

    def client(self, source: str = "127.0.0.1") -> httpx2.Client:
        """A client that asks from an address of this machine."""
        transport = httpx2.HTTPTransport(local_address=source)
        return httpx2.Client(base_url=f"http://127.0.0.1:{self.port}", transport=transport, timeout=60)

    def until(self, path: str, status: int) -> httpx2.Response:
        """The first answer of a status."""
        end = monotonic() + PATIENCE_S
        while True:
            try:
                with self.client() as client:
                    found = client.get(path)
                if found.status_code == status:
                    return found
            except httpx2.TransportError:
                assert self.process.poll() is None, "the server ended"
            assert monotonic() < end, f"{path} did not say {status}"
            sleep(0.1)


@pytest.fixture(scope="module")
def served(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server on an empty register on PostgreSQL, behind a proxy."""
    url, folder, port = cluster.schema(), tmp_path_factory.mktemp("served"), free_port()
    init_register(url)
    process = begin(folder, "--db", url, "--port", str(port), "--proxy", PROXY, "--log", "json")
    found = Served(process, port, cluster)
    try:
        found.until("/healthz", 200)
        yield found
    finally:
        process.kill()
        process.wait()


def test_it_says_whether_its_database_is_there(served: Served) -> None:
    """It lives on without it, says in words what is missing, and serves again once it is back."""
    assert served.until("/readyz", 200).json() == {"status": "ready"}
    served.cluster.halt()
    try:
        found = served.until("/readyz", 503)
        assert found.json() == {"status": "not ready", "why": "the database does not answer"}
        assert found.headers["retry-after"] == "2"
        with served.client() as client:
            assert client.get("/healthz").status_code == 200
            refused = client.get(LISTED)
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "store_unavailable")
    finally:
        served.cluster.start()
    served.until("/readyz", 200)
    assert served.until(LISTED, 200).json()["data"] == []


@LINUX
def test_who_a_proxy_says_that_asks_is_believed_of_the_proxy_alone(served: Served) -> None:
    """Its words decide who is on https, and whose address counts: the one that it saw, not one that a client made up."""

    def asked(source: str, **said: str) -> tuple[int, bool]:
        fields = {f"X-Forwarded-{name}": value for name, value in said.items()}
        with served.client(source) as client:
            found = client.post("/api/v1/login", json=LOGIN, headers=fields)
        return found.status_code, "strict-transport-security" in found.headers

    wrong_password, not_private = 401, 403
    assert asked(PROXY, For="203.0.113.9", Proto="https") == (wrong_password, True)
    assert asked(PROXY, For="203.0.113.9", Proto="http") == (not_private, False)
    assert asked(PROXY, For="127.0.0.1, 203.0.113.9") == (not_private, False)
    assert asked("127.0.0.1", For="203.0.113.9", Proto="https") == (wrong_password, False)


def test_told_to_stop_it_answers_what_was_begun(served: Served) -> None:
    """A request whose body is still on its way; who comes later finds nobody, and the process says that all went well."""
    body = b'{"account": "nobody", "password": "a password of nobody"}'
    head = (
        f"POST /api/v1/login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with closing(socket.create_connection(("127.0.0.1", served.port), timeout=60)) as slow:
        slow.sendall(head.encode() + body[:20])
        served.until("/healthz", 200)  # by now the first is being read
        served.process.send_signal(signal.SIGTERM)
        end = monotonic() + PATIENCE_S
        while _listens(served.port):
            assert monotonic() < end, "it goes on listening"
            sleep(0.05)
        slow.sendall(body[20:])
        answer = b"".join(iter(lambda: slow.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 401 ")
    assert b'"code":"unauthorised"' in answer
    assert served.process.wait(PATIENCE_S) == 0


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except ConnectionRefusedError:
        return False
    return True


def test_on_a_register_of_an_earlier_form_it_does_not_begin(tmp_path: Path) -> None:
    """It says what to do, and leaves the file as it is."""
    file = tmp_path / "register.db"
    database = Database(Address.of(str(file)), create=True)
    with database.writing() as connection:
        take_steps(connection, "0005")
    database.close()
    before = file.read_bytes()
    process = begin(tmp_path, "--db", str(file), "--port", str(free_port()))
    assert process.wait(PATIENCE_S) == BAD_INPUT
    assert "is of an earlier form (0005): run `orepact db upgrade`" in " ".join((tmp_path / "said").read_text().split())
    assert file.read_bytes() == before


@pytest.mark.parametrize("words", [(), ("--worker",), ("--processes", "2")])
def test_on_no_register_it_does_not_begin(
    words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does it make one, nor begin a worker; what it says goes through the same door as the words of the process above."""
    monkeypatch.setenv("OREPACT_DATABASE_URL", "elsewhere")  # which naming one changes
    monkeypatch.setattr("orepact.service.jobs.beside.Beside._one", lambda _: pytest.fail("a worker has begun"))
    empty, gone = tmp_path / "register.db", tmp_path / "gone.db"
    empty.touch()
    for file in (empty, gone):
        assert run(["serve", "--db", str(file), "--port", str(free_port()), *words]) == BAD_INPUT
        told = " ".join(capsys.readouterr().err.split())
        assert f"make one with `orepact db init --db {file}` and fill it with `orepact db seed --db {file}`" in told
        assert "http://" not in told
    assert empty.read_bytes() == b""
    assert not gone.exists()


def test_a_port_that_is_taken_is_told_before_anything_begins(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not the address of whoever listens there."""
    file = tmp_path / "register.db"
    init_register(str(file))
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        assert run(["serve", "--db", str(file), "--port", str(port), "--worker"]) == BAD_INPUT
    told = " ".join(capsys.readouterr().err.split())
    assert "a port that is free" in told
    assert f"127.0.0.1:{port}" in told
    assert f"--port {port + 1}" in told
    assert "http://" not in told


def test_the_address_is_said_once_somebody_answers_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not while it gets ready."""
    uvicorn = pytest.importorskip("uvicorn")
    file, port = tmp_path / "register.db", free_port()
    init_register(str(file))
    capsys.readouterr()
    early: list[str] = []

    def serves(*_: object, **__: object) -> None:
        sleep(0.3)
        early.append(capsys.readouterr().err)
        with closing(socket.create_server(("127.0.0.1", port))) as here:
            here.settimeout(PATIENCE_S)
            here.accept()[0].close()
            end = monotonic() + PATIENCE_S
            while "http://" not in (told := capsys.readouterr().err):
                assert monotonic() < end, "nothing is said"
                sleep(0.05)
            early.append(told)

    monkeypatch.setattr(uvicorn, "run", serves)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setenv("OREPACT_DATABASE_URL", "elsewhere")
    assert run(["serve", "--db", str(file), "--port", str(port)]) == 0
    assert "http://" not in early[0]
    assert f"the control tower: http://127.0.0.1:{port}/" in early[1]
