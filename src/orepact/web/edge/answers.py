"""Answers as bytes, and those that are kept: the same question of the same readers, of the same state, is answered once."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any, Protocol
from zlib import compress, decompress

import orjson

from orepact.service.result import plain
from orepact.web.edge.tags import tag_of

#: What orjson would write in ways of its own goes through ``plain`` too.
AS_PLAIN = (
    orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
)

#: What an answer takes besides its body, about.
BESIDES = 1_000
#: A body that is longer is kept packed: a tenth of it, which takes a few milliseconds once and one to unpack.
LONG = 8 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """A body with its tag (none: ""); ``after``: the mark of the page that follows; ``session``: a secret for a cookie; ``place``
    where what was made or taken up is to be asked for; ``file``: the name of a file, ``label``: for whom it is, ``left_out``:
    what it could not carry.
    """

    body: bytes
    tag: str
    status: int = 200
    media: str = "application/json"
    after: str | None = None
    session: str | None = None
    place: str = ""
    file: str = ""
    label: str = ""
    left_out: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        envelope: Mapping[str, Any],
        *,
        status: int = 200,
        version: int | None = None,
        mark: str = "",
        after: str | None = None,
    ) -> Answer:
        """An envelope as an answer."""
        body = as_json(envelope)
        return cls(body, tag_of(body, version, mark), status, after=after)


def as_json(value: Any) -> bytes:
    """Values as JSON in UTF-8, each as ``plain`` makes it, which takes ten times as long as writing it.

    >>> from datetime import date
    >>> as_json({"a": float("nan"), "b": (1, {"d"}), 2026: date(2026, 2, 1), "c": 2**70})
    b'{"a":null,"b":[1,["d"]],"2026":"2026-02-01","c":1180591620717411303424}'
    """
    try:
        return orjson.dumps(value, default=plain, option=AS_PLAIN)
    except orjson.JSONEncodeError:  # a number of more than 64 bits
        return json.dumps(plain(value), ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class Packed:
    """An answer as it is kept: its body packed where it is long, and all else of it."""

    body: bytes
    rest: Answer
    packed: bool

    @classmethod
    def of(cls, answer: Answer) -> Packed:
        """An answer, packed."""
        packed = len(answer.body) > LONG
        return cls(compress(answer.body, level=1) if packed else answer.body, replace(answer, body=b""), packed)

    def answer(self) -> Answer:
        """The answer as it was."""
        return replace(self.rest, body=decompress(self.body) if self.packed else self.body)

    @property
    def size(self) -> int:
        """What it takes of the memory, in bytes."""
        return len(self.body) + BESIDES


class Beyond(Protocol):
    """Where answers are kept that others may have made."""

    def get(self, question: Hashable) -> Packed | None:
        """The answer to a question, if it is there."""

    def keep(self, question: Hashable, answer: Packed) -> None:
        """Keep an answer for others."""


@dataclass
class Kept:
    """Answers that were given, by question, within a memory of ``most`` bytes; what was not asked for longest goes first.
    ``beyond``: where else they are, which takes longer to ask.
    """

    most: int
    beyond: Beyond | None = None
    hits: int = 0
    misses: int = 0
    _answers: OrderedDict[Hashable, Packed] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _lock: Lock = field(default_factory=Lock)

    def at_hand(self, question: Hashable) -> Answer | None:
        """The answer that was given to a question, where it need not be waited for."""
        with self._lock:
            found = self._answers.get(question)
            if found is None:
                return None
            self._answers.move_to_end(question)
            self.hits += 1
        return found.answer()

    def get(self, question: Hashable) -> Answer | None:
        """The answer that was given to a question; it is made now where there is none."""
        found = self.at_hand(question)
        if found is None and self.beyond is not None and (other := self.beyond.get(question)) is not None:
            self._put(question, other)
            self.hits += 1
            return other.answer()
        self.misses += found is None
        return found

    def keep(self, question: Hashable, answer: Answer) -> None:
        """Keep an answer; one that would take an eighth of the memory is not kept."""
        made = Packed.of(answer)
        if made.size * 8 > self.most:
            return
        self._put(question, made)
        if self.beyond is not None:
            self.beyond.keep(question, made)

    def _put(self, question: Hashable, made: Packed) -> None:
        with self._lock:
            before = self._answers.pop(question, None)
            self._bytes += made.size - (before.size if before else 0)
            self._answers[question] = made
            while self._bytes > self.most:
                _, gone = self._answers.popitem(last=False)
                self._bytes -= gone.size
