"""What every answer of this machine depends on beside its question: the program with its data, and the facts that its operator
laid over those of the package. Both are marked by content, so that machines which hold the same come to the same mark.
"""

from __future__ import annotations

import os
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orepact.facts import Ledger
    from orepact.facts.labels import Audience

    #: Tables by name, size, and when they were written.
    Files = tuple[tuple[str, int, int], ...]

#: The folder of facts that a service shares with all; server and workers read the same variable.
VARIABLE = "OREPACT_SERVE_FACTS"
#: Parts of the program that compute nothing.
APART = ("cli", "web", "store")


def facts_folder() -> Path | None:
    """The folder of the operator's facts, if there is one."""
    named = os.environ.get(VARIABLE, "")
    return Path(named) if named else None


@cache
def program_mark() -> str:
    """SHA-256 over every file of the program that an answer can depend on; takes a tenth of a second, once in a process."""
    from importlib.resources import files

    root = Path(str(files("orepact")))
    digest = sha256()
    for file in sorted(root.rglob("*")):
        inside = file.relative_to(root)
        if file.is_file() and inside.parts[0] not in APART and "__pycache__" not in inside.parts:
            digest.update(str(inside).encode() + b"\0" + sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def facts_mark(audience: Audience | None) -> str:
    """What an answer depends on of the operator's facts: SHA-256 over what an audience is shown of them and over the facts of the
    package, over all of the tables for who holds them (None); "" without any.

    So what changed among claims that are closed to somebody has no run of his computed anew: that would tell him of it.
    """
    folder = facts_folder()
    if folder is None:
        return ""
    found = sorted(file for file in folder.iterdir() if file.suffix in {".csv", ".parquet"})
    files = tuple((str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in found)
    return _mark(files) if audience is None else _facts(folder, files).at(audience=audience).edition


@cache
def _mark(files: Files) -> str:
    digest = sha256()
    for name, *_ in files:
        digest.update(Path(name).name.encode() + b"\0" + sha256(Path(name).read_bytes()).digest())
    return digest.hexdigest()


@lru_cache(1)
def _facts(folder: Path, _: Files) -> Ledger:
    """The facts with the operator's laid over them, as their tables are now."""
    from orepact.facts import Ledger

    return Ledger.shipped([folder])
