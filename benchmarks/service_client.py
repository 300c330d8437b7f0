"""A client that asks at set moments, whatever becomes of earlier questions: what waits, waits in the figures too.

It speaks just as much HTTP/1.1 as the service answers with, on plain sockets of this machine, so that it takes little of the two
cores that it shares with the server.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import ip_address
from time import perf_counter

from benchmarks.service_mix import Asked

#: Bounds that no argument widens: connections, seconds of one series, questions a second.
CONNECTIONS, LONGEST_S, FASTEST = 60, 60.0, 400.0
#: Seconds between connections that are opened, as those of people are.
GAP_S = 0.02
#: Seconds that are waited for the last answers.
PATIENCE_S = 20.0


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is logged in, or a program with a token: the header field that shows it."""

    name: str
    organisation: str
    field: bytes


@dataclass(slots=True)
class Answered:
    """A question and what became of it: ``took_s`` from the moment at which it was to be asked, ``late_s`` until it was sent."""

    asked: Asked
    session: str
    organisation: str
    due: float
    tagged: bool = False
    status: int = 0
    bytes: int = 0
    took_s: float = 0.0
    late_s: float = 0.0


class Line(asyncio.Protocol):
    """One connection: one question at a time."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.transport: asyncio.Transport | None = None
        self.buffer = bytearray()
        self.current: Answered | None = None
        self.wanted = -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It may be used."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.load.free(self)

    def ask(self, one: Answered, head: bytes) -> None:
        """Send a question."""
        assert self.transport is not None, "it was opened"
        self.current, self.wanted = one, -1
        one.late_s = perf_counter() - one.due
        self.transport.write(head)

    def data_received(self, data: bytes) -> None:
        """A piece of an answer."""
        self.buffer += data
        if self.wanted < 0:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            self._head(bytes(self.buffer[:end]).lower(), end + 4)
        if len(self.buffer) >= self.wanted:
            self._done()

    def _head(self, head: bytes, length: int) -> None:
        assert self.current is not None
        self.current.status = int(head[9:12])
        size = _field(head, b"content-length")
        self.current.bytes = int(size) if size and self.current.status != 304 else 0
        self.wanted = length + self.current.bytes
        tag = _field(head, b"etag")
        if tag:
            self.load.tags[self.current.session, self.current.asked.path] = tag

    def _done(self) -> None:
        one = self.current
        assert one is not None
        one.took_s = perf_counter() - one.due
        self.buffer.clear()
        self.current = None
        self.load.done.append(one)
        self.load.free(self)

    def connection_lost(self, _: Exception | None) -> None:
        """What was asked on it has no answer (status 0); another takes its place."""
        if self.current is not None:
            self.current.took_s = perf_counter() - self.current.due
            self.load.done.append(self.current)
        self.load.lost(self)


def _field(head: bytes, name: bytes) -> bytes:
    start = head.find(b"\r\n" + name + b":")
    if start < 0:
        return b""
    end = head.find(b"\r\n", start + 2)
    return head[start + len(name) + 3 : end if end >= 0 else None].strip()


@dataclass
class Load:
    """Questions at the moments of a Poisson process, ``rate`` a second for ``seconds``, each by one of the sessions.

    ``revisit``: the share of questions that one who was answered before asks with the tag that he was given.
    """

    host: str
    port: int
    sessions: Sequence[Session]
    rate: float = 200.0
    seconds: float = 30.0
    connections: int = 50
    revisit: float = 0.0
    seed: int = 1
    tags: dict[tuple[str, str], bytes] = field(default_factory=dict)
    done: list[Answered] = field(default_factory=list)
    _free: deque[Line] = field(default_factory=deque)
    _waiting: deque[Answered] = field(default_factory=deque)
    _ending: bool = False

    def __post_init__(self) -> None:
        """Raises ``ValueError`` for more than is bearable, and for another machine than this."""
        if not ip_address(self.host).is_loopback:
            raise ValueError(f"only this machine is asked, not {self.host}")
        if not (0 < self.connections <= CONNECTIONS and 0 < self.seconds <= LONGEST_S and 0 < self.rate <= FASTEST):
            raise ValueError(f"at most {CONNECTIONS} connections, {LONGEST_S:g} s and {FASTEST:g} questions a second")

    async def run(self, questions: Sequence[Asked]) -> list[Answered]:
        """Ask them, as many as come at that rate; those that have no answer in the end have status 0."""
        draw = random.Random(self.seed)
        for _ in range(self.connections):  # all at once, one process would take them all
            await self._open()
            await asyncio.sleep(GAP_S)
        begin, at, asked = perf_counter() + 0.05, 0.0, 0
        for question in questions:
            at += draw.expovariate(self.rate)
            if at > self.seconds:
                break
            wait = begin + at - perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            asked += 1
            session = draw.choice(self.sessions)
            tagged = draw.random() < self.revisit
            self._send(Answered(question, session.name, session.organisation, begin + at, tagged))
        until = perf_counter() + PATIENCE_S
        while len(self.done) < asked and perf_counter() < until:  # noqa: ASYNC110  an event would be asked at every answer
            await asyncio.sleep(0.02)
        return self._end(asked)

    def _end(self, asked: int) -> list[Answered]:
        self._ending = True
        for one in self._waiting:
            one.took_s = perf_counter() - one.due
            self.done.append(one)
        for line in [*self._free]:
            if line.transport is not None:
                line.transport.close()
        missing = asked - len(self.done)
        self.done += [Answered(Asked("unanswered", ""), "", "", 0.0, took_s=PATIENCE_S) for _ in range(missing)]
        return self.done

    async def _open(self) -> None:
        await asyncio.get_running_loop().create_connection(lambda: Line(self), self.host, self.port)

    def _send(self, one: Answered) -> None:
        if self._free:
            line = self._free.popleft()  # the one that was not used for longest: all are, whichever process they led to
            line.ask(one, self._words(one))
        else:
            self._waiting.append(one)

    def _words(self, one: Answered) -> bytes:
        shown = self._shown[one.session]
        tag = self.tags.get((one.session, one.asked.path)) if one.tagged else None
        one.tagged = tag is not None
        own = b"If-None-Match: " + tag + b"\r\n" if tag else b""
        return b"GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n%s\r\n" % (one.asked.path.encode(), shown, own)

    @cached_property
    def _shown(self) -> dict[str, bytes]:
        return {one.name: one.field for one in self.sessions}

    def free(self, line: Line) -> None:
        """A connection may ask the next question."""
        if self._waiting and not self._ending:
            one = self._waiting.popleft()
            line.ask(one, self._words(one))
        else:
            self._free.append(line)

    def lost(self, line: Line) -> None:
        """A connection is gone; another is opened."""
        if line in self._free:
            self._free.remove(line)
        if not self._ending:
            asyncio.get_running_loop().create_task(self._open())
