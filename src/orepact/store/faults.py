"""What a database says when it fails, in the words of the register: ``StoreUnavailable``, with why and what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError, SQLAlchemyError

from orepact.errors import StoreUnavailable

#: What the message or the five-character state of the database begins with or holds, and what we say of it.
_WORDS = (
    (
        ("database is locked", "database table is locked", "55P03", "40P01", "40001"),
        "another writer holds the register: try again",
    ),
    (("is full", "53100"), "the disk is full, and nothing of this change was kept: make room"),
    (("readonly", "read-only", "25006"), "the register may only be read here"),
    (("not a database",), "the file is no database"),
    (("malformed",), "the file of the register is damaged: restore a backup"),
    (("3D000",), "there is no such database: create it first"),
    (("28P01", "28000"), "the database does not let this user in"),
    (("53300", "QueuePool"), "the database has no connection left: try again"),
    (("unable to open", "08", "57P", "onnection"), "the database cannot be reached"),
)


@contextmanager
def named_faults(where: str) -> Iterator[None]:
    """Turn faults of the database into ``StoreUnavailable``; mistakes of ours (in SQL, in keys) stay what they are."""
    try:
        yield
    except (IntegrityError, ProgrammingError):
        raise
    except (SQLAlchemyError, sqlite3.Error) as fault:
        raise unavailable(fault, where) from fault


def unavailable(fault: Exception, where: str, *, committing: bool = False) -> StoreUnavailable:
    """A fault as the error of the register; unsure when the connection was lost in the middle of a commit."""
    original = getattr(fault, "orig", None) or fault
    state = getattr(original, "sqlstate", None) or ""
    said = next(iter(str(original).strip().splitlines()), type(original).__name__)
    words = next(
        (words for marks, words in _WORDS if any(state.startswith(m) or m in said for m in marks)), "the database failed"
    )
    lost = isinstance(fault, DBAPIError) and fault.connection_invalidated
    return StoreUnavailable(f"{words}: {said}", where=where, unsure=committing and lost)
