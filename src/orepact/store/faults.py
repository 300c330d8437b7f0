"""What a database says when it fails, in the words of the register: ``StoreUnavailable``, with why and what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from orepact.errors import StoreUnavailable

_FULL = "the disk is full, and nothing of this change was kept: make room"
_HELD = "another writer holds the register: try again"
_GONE = "the database cannot be reached"
_READ = "the register may only be read here: to write, copy it to a folder that you may write to"
_BUSY = "the database is busy: try again"
_NONE = "there is no such database: create it first"
_SHUT = "the database does not let this user in"
#: What the state of the database (five characters, of PostgreSQL) begins with, and what we say.
_STATES = {
    "55P03": _HELD,
    "40": _HELD,
    "53100": _FULL,
    "53300": _BUSY,
    "25006": _READ,
    "28": _SHUT,
    "3D000": _NONE,
    "08": _GONE,
    "57P": _GONE,
}
#: What its message holds, where there is no state, and what we say; the first that fits.
_WORDS = {
    "is locked": _HELD,
    "is full": _FULL,
    "readonly": _READ,
    "not a database": "the file is no database",
    "decode to UTF-8": "a text of the register is damaged: restore a backup",
    "malformed": "the file of the register is damaged: restore a backup",
    'role "': _SHUT,
    "authentication failed": _SHUT,
    "does not exist": _NONE,
    "QueuePool": _BUSY,
    "unable to open": _GONE,
    "onnection": _GONE,
}


@contextmanager
def named_faults(where: str) -> Iterator[None]:
    """Turn faults of the database into ``StoreUnavailable``; mistakes of ours (in SQL, in keys) stay what they are."""
    try:
        yield
    except (IntegrityError, ProgrammingError, DataError):
        raise
    except (DBAPIError, PoolTimeoutError, sqlite3.Error) as fault:
        raise unavailable(fault, where) from fault


def unavailable(fault: Exception, where: str, *, committing: bool = False) -> StoreUnavailable:
    """A fault as the error of the register; unsure when the connection was lost in the middle of a commit."""
    original = getattr(fault, "orig", None) or fault
    state = getattr(original, "sqlstate", None) or ""
    said = next(iter(str(original).strip().splitlines()), type(original).__name__)
    by_state = (words for begin, words in _STATES.items() if state.startswith(begin))
    by_words = (words for part, words in _WORDS.items() if part in said)
    words = next(by_state, None) or next(by_words, "the database failed")
    lost = isinstance(fault, DBAPIError) and fault.connection_invalidated
    return StoreUnavailable(f"{words}: {said}", where=where, unsure=committing and lost, full=words == _FULL)
