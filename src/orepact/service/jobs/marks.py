"""What every answer of this machine depends on beside its question: the program with its data, and the facts that its operator
laid over those of the package. Both are marked by content, so that machines which hold the same come to the same mark.
"""

from __future__ import annotations

import os
from functools import cache
from hashlib import sha256
from pathlib import Path

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


def facts_mark() -> str:
    """SHA-256 over the tables of the operator's facts; "" without any."""
    folder = facts_folder()
    if folder is None:
        return ""
    found = sorted(file for file in folder.iterdir() if file.suffix in {".csv", ".parquet"})
    return _mark(tuple((str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in found))


@cache
def _mark(files: tuple[tuple[str, int, int], ...]) -> str:
    digest = sha256()
    for name, *_ in files:
        digest.update(Path(name).name.encode() + b"\0" + sha256(Path(name).read_bytes()).digest())
    return digest.hexdigest()
