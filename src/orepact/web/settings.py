"""``Settings``: how a server is to run, from the environment; every problem at once."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from orepact.errors import Problem, ProblemCollector

#: Names by which a server on this machine is asked.
LOCAL = ("127.0.0.1", "localhost", "[::1]")
MIB = 2**20
#: With two and a half times as many connections there are as many as are held.
MOST_THREADS = 8
#: https, or plain http of this machine.
_ADDRESS = re.compile(r"https://[^/?#@\s]+|http://(127\.0\.0\.1|localhost)(:[0-9]+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a server runs. Each field is ``OREPACT_SERVE_`` and its name in capitals, but for ``database``: that is
    ``OREPACT_DATABASE_URL``, or a file that holds it (``OREPACT_DATABASE_URL_FILE``).
    """

    #: The register; the usual one when None.
    database: str | None = None
    #: The address by which browsers know this service, such as https://register.example.org.
    address: str = "http://127.0.0.1:8000"
    #: Folder of claims that are laid over the shipped facts.
    facts: Path | None = None
    #: Names that a request may call this server by.
    hosts: tuple[str, ...] = LOCAL
    #: Whether who is not logged in may read what is open to all.
    public: bool = True
    #: Requests at the same time; more are told to come again.
    busy: int = 200
    #: Threads for answers that are soon there; half as many for others, for changes and for finding out who asks. Each has a
    #: connection, of twenty that are held at most.
    threads: int = 4
    #: Requests a second of one address without an account, and of one account.
    anonymous_rate: int = 20
    account_rate: int = 100
    #: Largest body of a request, and of one without an account, in bytes.
    body_bytes: int = MIB
    anonymous_body_bytes: int = 64 * 1024
    #: Largest body where files are sent, for who has an account.
    upload_bytes: int = 16 * MIB
    #: Memory for answers that are kept, in bytes.
    cache_bytes: int = 64 * MIB
    #: Largest memory for the texts of all records, in bytes: where they could take more, each search reads them anew.
    search_bytes: int = 512 * MIB
    #: File in which the processes of a server keep answers together; `orepact serve` makes one, of as many bytes.
    shared: Path | None = None
    #: Folder of backups: the age of the newest is told to Prometheus.
    backups: Path | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The settings of an environment; raises ``BadInput`` with every variable that cannot be read."""
        problems = ProblemCollector("environment")
        found: dict[str, object] = {}
        for name in cls.__slots__:
            key = f"OREPACT_SERVE_{name.upper()}"
            if name != "database" and key in environment:
                found[name] = _read(name, environment[key], key, problems)
        found["database"] = _database(environment, problems)
        problems.raise_if_any()
        return cls(**found)  # type: ignore[arg-type]  # each was read as its field says


def _read(name: str, text: str, key: str, problems: ProblemCollector) -> object:
    if name == "hosts":
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if name == "address":
        if not _ADDRESS.fullmatch(text):
            problems.add(key, "https://NAME, without a path", text, "write the address by which browsers know this service")
        return text
    if name in {"facts", "backups", "shared"}:
        path = Path(text)
        if name != "shared" and not path.is_dir():
            problems.add(key, f"a folder of {'claims' if name == 'facts' else name}", text, "name one that is there")
        return path
    if name == "public":
        if text not in {"0", "1"}:
            problems.add(key, "0 or 1", text, "write 1 to let everybody read what is open to all")
        return text == "1"
    most = MOST_THREADS if name == "threads" else 2**40
    if not text.isdecimal() or not 0 < int(text) <= most:
        expected = f"a whole number from 1 to {MOST_THREADS}" if name == "threads" else "a whole number above 0"
        problems.add(key, expected, text, "write digits; more processes take more" if name == "threads" else "write digits")
        return 1
    return int(text)


def _database(environment: Mapping[str, str], problems: ProblemCollector) -> str | None:
    file = environment.get("OREPACT_DATABASE_URL_FILE")
    if file is None:
        return environment.get("OREPACT_DATABASE_URL") or None
    try:
        return Path(file).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        problem = Problem("OREPACT_DATABASE_URL_FILE", "a file with the address of the database", str(error), "mend the path")
        problems.extend([problem])
        return None
