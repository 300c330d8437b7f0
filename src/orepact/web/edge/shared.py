"""``Shared``: answers that the processes of one server keep together, so that what one has worked out the others tell too."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Hashable, Mapping
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

import orjson

from orepact.web.edge.answers import BESIDES, Answer, Packed

#: Where memory is a folder; what stands there is gone with the machine.
MEMORY = Path("/dev/shm")  # noqa: S108  in it a folder is made that nobody else opens
#: Milliseconds that one process waits for another: an answer is sooner worked out than waited for.
WAIT_MS = 20
#: The form of the file; a line for each answer, the oldest first.
FORM = """
create table if not exists kept (at integer primary key, question blob unique not null, told blob not null, body blob not null);
create table if not exists room (one integer primary key check (one = 1), taken integer not null);
insert or ignore into room values (1, 0);
"""


def memory() -> Path | None:
    """Where the folder of a server is to lie: in memory where that is a folder, else (None) among temporary files."""
    return MEMORY if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) else None


def digest(question: Hashable) -> bytes:
    """What tells a question from others in every process: the order of a set does not.

    >>> digest((frozenset({"a", "b"}), 1)) == digest((frozenset({"b", "a"}), 1)), digest((1,)) == digest(("1",))
    (True, False)
    """
    return sha256(orjson.dumps(question, default=_ordered, option=orjson.OPT_PASSTHROUGH_DATACLASS)).digest()


def _ordered(value: Any) -> Any:
    if isinstance(value, frozenset):
        return {"set": sorted(value)}
    if is_dataclass(value) and not isinstance(value, type):
        return {type(value).__name__: [getattr(value, each.name) for each in fields(value)]}
    raise TypeError(f"a question holds {type(value).__name__}: say how to tell two of them apart")


@dataclass
class Shared:
    """A file of answers, by the digest of their question, of ``most`` bytes; the oldest go first. What the file cannot give or
    take in time is worked out.
    """

    file: Path
    most: int
    _lock: Lock = field(default_factory=Lock)

    @cached_property
    def _room(self) -> int:
        """Bytes that may be taken: half of what is free where the file lies, if that is less."""
        return min(self.most, shutil.disk_usage(self.file.parent).free // 2)

    @cached_property
    def _connection(self) -> sqlite3.Connection:
        os.close(os.open(self.file, os.O_CREAT | os.O_RDWR, 0o600))
        found = sqlite3.connect(self.file, timeout=WAIT_MS / 1000, check_same_thread=False, isolation_level=None)
        found.execute("pragma journal_mode=wal")
        found.execute("pragma synchronous=off")  # nothing of it is to outlive the server
        found.executescript(FORM)
        return found

    def get(self, question: Hashable) -> Packed | None:
        """The answer to a question as it was kept."""
        with self._lock, suppress(sqlite3.Error):
            row = self._connection.execute("select told, body from kept where question = ?", (digest(question),)).fetchone()
            if row is not None:
                told: Mapping[str, Any] = orjson.loads(row[0])
                rest = Answer(b"", **{**told["rest"], "left_out": tuple(told["rest"]["left_out"])})
                return Packed(row[1], rest, told["packed"])
        return None

    def keep(self, question: Hashable, answer: Packed) -> None:
        """Keep an answer; a secret is never in one."""
        assert answer.rest.session is None, "what brings a session is no answer to a question"
        rest = asdict(replace(answer.rest, body=b""))
        del rest["body"]
        told = orjson.dumps({"rest": rest, "packed": answer.packed})
        with self._lock, suppress(sqlite3.Error), closing(self._connection.cursor()) as cursor:
            cursor.execute("begin immediate")
            try:
                added = cursor.execute(
                    "insert or ignore into kept (question, told, body) values (?, ?, ?)", (digest(question), told, answer.body)
                ).rowcount
                if added:
                    self._make_room(cursor, answer.size)
                cursor.execute("commit")
            except BaseException:
                cursor.execute("rollback")
                raise

    def _make_room(self, cursor: sqlite3.Cursor, size: int) -> None:
        (taken,) = cursor.execute("update room set taken = taken + ? returning taken", (size,)).fetchone()
        if taken > self._room:  # half at once: seldom
            cursor.execute("delete from kept where at <= (select (min(at) + max(at)) / 2 from kept)")
            cursor.execute("update room set taken = (select coalesce(sum(length(body) + ?), 0) from kept)", (BESIDES,))

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if "_connection" in self.__dict__:
                self._connection.close()
                del self.__dict__["_connection"]
