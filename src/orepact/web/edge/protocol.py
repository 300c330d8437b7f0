"""``PatientProtocol``: HTTP/1.1 as uvicorn speaks it, with an end to patience: for a head, for a body, for who does not read.

uvicorn waits without end for a request that has begun; an application is asked only once its head is complete.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from orepact.web.edge.metrics import NO_ROUTE, known_method
from orepact.web.edge.refusals import Refused, body_of, new_id

if TYPE_CHECKING:
    from asyncio import TimerHandle

#: Seconds for the head of a request, for its body, and for a client that does not take what is sent.
HEAD_S, BODY_S, SENDING_S = 10.0, 30.0, 60.0
#: Largest head of a request, in bytes.
LARGEST_HEAD = 16 * 1024
log = logging.getLogger("orepact.web")


class PatientProtocol(HttpToolsProtocol):
    """One connection. ``head_s``, ``body_s`` and ``sending_s`` are set on the class by tests."""

    head_s, body_s, sending_s = HEAD_S, BODY_S, SENDING_S

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._deadline: TimerHandle | None = None
        self._sending: TimerHandle | None = None
        self._in_head = True
        self._head_bytes = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a first request."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._wait(self.head_s, "the head of a request")

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._wait(None)
        self._stop_sending()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take a piece of what is sent; a head that grows too large ends the connection."""
        if self._in_head:
            self._head_bytes += len(data)
            if self._deadline is None:
                self._wait(self.head_s, "the head of a request")
        super().data_received(data)
        if self._in_head and self._head_bytes > LARGEST_HEAD:
            self._end(431, "too_large", f"a head of more than {LARGEST_HEAD} bytes: send less")

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._in_head = True
        if self._deadline is None:
            self._wait(self.head_s, "the head of a request")

    def on_headers_complete(self) -> None:
        """Its head is there; its body is waited for."""
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        self._in_head, self._head_bytes = False, 0
        if size > LARGEST_HEAD:
            self._end(431, "too_large", f"a head of more than {LARGEST_HEAD} bytes: send less")
            return
        self._wait(self.body_s, "the body of a request")
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of the body, unless the connection is being ended."""
        if self.cycle is not None:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._wait(None)
        self._in_head = True
        if self.cycle is not None:
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  in words of the library
        """Refuse what is no HTTP, in the form of every refusal."""
        self._end(400, "bad_request", "this is no request of HTTP/1.1 that can be read")

    def pause_writing(self) -> None:
        """The client does not take what is sent."""
        super().pause_writing()
        self._sending = self.loop.call_later(self.sending_s, self.transport.abort)

    def resume_writing(self) -> None:
        """It does again."""
        self._stop_sending()
        super().resume_writing()

    def _stop_sending(self) -> None:
        if self._sending is not None:
            self._sending.cancel()
            self._sending = None

    def _wait(self, seconds: float | None, what: str = "") -> None:
        """Wait so long for something; None: for nothing."""
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        if seconds is not None:
            words = f"{what} was not there within {seconds:g} s"
            self._deadline = self.loop.call_later(seconds, self._end, 408, "too_slow", words)

    def _end(self, status: int, code: str, message: str) -> None:
        """Say why, if nothing was answered yet, and end the connection."""
        if self.transport.is_closing():
            return
        answering = self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete
        if not answering and (status != 408 or not self._idle()):
            request_id = new_id()
            told = {"request_id": request_id, "method": known_method(""), "route": NO_ROUTE, "status": status}
            log.info("request", extra={"told": told})
            body = body_of(Refused(status, code, message), request_id)
            head = (
                b"content-type: application/json\r\nconnection: close\r\nx-content-type-options: nosniff\r\n"
                b"x-request-id: %b\r\ncontent-length: %d\r\n\r\n" % (request_id.encode(), len(body))
            )
            self.transport.write(STATUS_LINE[status] + head + body)
        self.transport.close()

    def _idle(self) -> bool:
        """Whether nothing at all was sent yet: a connection that was opened ahead ends without a word."""
        return self._in_head and self._head_bytes == 0
