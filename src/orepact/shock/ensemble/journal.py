"""``Journal``: members that are done, kept line by line so that a killed run goes on where it was."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from orepact.errors import BadInput, Problem
from orepact.shock.ensemble.member import MemberLoss

KIND = "orepact ensemble journal"


class Journal:
    """An append-only file of JSON lines, each with a checksum.

    The first line of a section names the study (``Study.key``); members of another study stay untouched and unread, so that one
    file serves the base and its insurances. A line that a kill tore is dropped when the file is opened again; any
    other damage is refused. Each write reaches the disk before the members count as done. One process writes at a time.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)

    def read(self, key: str) -> dict[int, MemberLoss]:
        """Members of the study ``key`` by number; raises ``BadInput`` for a file that is no journal or is damaged."""
        return {
            member.member: member
            for content in self._lines()
            if content["study"] == key
            for member in map(MemberLoss.from_plain, content["members"])
        }

    def append(self, key: str, members: Iterable[MemberLoss]) -> None:
        """Write members of the study ``key``; they are on the disk when this returns."""
        content = {"kind": KIND, "study": key, "members": [member.as_plain() for member in members]}
        text = json.dumps(content, separators=(",", ":"), allow_nan=False)
        with self._open() as file:
            file.write(f"{_checksum(text)} {text}\n".encode())
            file.flush()
            os.fsync(file.fileno())

    def _open(self) -> IO[bytes]:
        """The file, ready to be written at its end; a torn last line is cut off."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch()
            file = self.path.open("r+b")
        except OSError as error:
            mend = "name a file that can be written"
            raise BadInput([Problem("journal", "a file", str(error.strerror), mend, str(self.path))]) from error
        _lock(file)
        content = file.read()
        file.seek(content.rfind(b"\n") + 1)
        file.truncate()
        return file

    def _lines(self) -> Iterator[dict[str, Any]]:
        if not self.path.exists():
            return
        try:
            content = self.path.read_bytes()
        except OSError as error:
            mend = "name a file, not a folder"
            raise BadInput([Problem("journal", "a file", str(error.strerror), mend, str(self.path))]) from error
        *whole, _torn = content.split(b"\n")
        for row, line in enumerate(whole, start=1):
            yield self._read_line(line, row)

    def _read_line(self, line: bytes, row: int) -> dict[str, Any]:
        checksum, _, text = line.partition(b" ")
        if checksum.decode("ascii", "replace") != _checksum(text.decode("utf-8", "replace")):
            mend = "move the file away; its members are then computed again, to the same numbers"
            raise BadInput(
                [Problem("line", "a line of an ensemble journal", "a damaged line or another file", mend, str(self.path), row)]
            )
        content: dict[str, Any] = json.loads(text)
        return content


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _lock(file: IO[bytes]) -> None:
    """Keep other processes out until the file is closed; where the system has no such locks, people must."""
    try:
        import fcntl
    except ImportError:  # pragma: no cover  not on this system
        return
    fcntl.flock(file, fcntl.LOCK_EX)
