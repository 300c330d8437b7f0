"""The servers and workers of the week: begun, killed, and begun again; only those, by their numbers."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

import httpx2

from orepact.store.store import Store

HERE = Path(__file__).parent
#: Seconds that a server may take to begin.
BEGIN_S = 600


class Processes:
    """The servers and workers of a week."""

    def __init__(self, url: str, folder: Path, servers: int, workers: int) -> None:
        self.url, self.folder = url, folder
        self.ports = [_free_port() for _ in range(servers)]
        self.servers = [self._server(number) for number in range(servers)]
        self.workers = [self._worker() for _ in range(workers)]

    def _start(self, script: str, *arguments: str) -> subprocess.Popen[bytes]:
        paths = os.pathsep.join([str(HERE), *(path for path in sys.path if path)])
        environment = {**os.environ, "PYTHONPATH": paths, "TMPDIR": str(self.folder)}
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen([sys.executable, str(HERE / script), *arguments], env=environment, stderr=log)

    def _server(self, number: int) -> subprocess.Popen[bytes]:
        return self._start("week_server.py", self.url, str(self.ports[number]), str(self.folder / "clock"))

    def _worker(self) -> subprocess.Popen[bytes]:
        return self._start("week_worker.py", self.url)

    def addresses(self) -> list[str]:
        """Where the servers are asked."""
        return [f"http://127.0.0.1:{port}" for port in self.ports]

    def wait(self) -> None:
        """Until every server answers; one that could not begin (the database was gone) is begun again."""
        end = monotonic() + BEGIN_S
        for number, address in enumerate(self.addresses()):
            while not _answers(address):
                assert monotonic() < end, (self.folder / "log").read_text()[-3000:]
                if self.servers[number].poll() is not None:
                    self.servers[number] = self._server(number)
                sleep(0.2)

    def mend(self) -> None:
        """Begin again what ended by itself, as an init system would."""
        for number, worker in enumerate(self.workers):
            if worker.poll() is not None:
                self.workers[number] = self._worker()

    def kill_server(self, number: int) -> None:
        """One server at once; another is begun in its place."""
        self.wait()  # not both at a time
        _kill(self.servers[number])
        self.servers[number] = self._server(number)

    def kill_worker(self, store: Store) -> bool:
        """The worker that is at a run now, if one is within a moment, else any; whether it was."""
        end, found = monotonic() + 30, None
        while found is None and monotonic() < end:
            found = next((number for number in range(len(self.workers)) if self._works(store, number)), None)
            if found is None:
                sleep(0.05)
        number = found if found is not None else 0
        _kill(self.workers[number])
        self.workers[number] = self._worker()
        return found is not None

    def _works(self, store: Store, number: int) -> bool:
        with store.database.reading() as connection:
            rows = connection.exec_driver_sql("SELECT worker FROM job WHERE state = 'running'").scalars().all()
        return any(str(row).endswith(f":{self.workers[number].pid}") for row in rows)

    def end(self) -> None:
        """End all."""
        for each in (*self.servers, *self.workers):
            _kill(each)


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGKILL)
    process.wait()


def _free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


def _answers(address: str) -> bool:
    try:
        return httpx2.get(f"{address}/healthz", timeout=5).status_code == 200
    except httpx2.HTTPError:
        return False
