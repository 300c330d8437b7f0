"""``Gate``: what every request passes first and every answer last: an id, limits of the head, header fields, a refusal for all
that goes wrong.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from time import perf_counter
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from orepact.web.edge.faces import WELL, for_program, is_page
from orepact.web.edge.metrics import NO_ROUTE, known_method
from orepact.web.edge.refusals import Refused, body_of, headers_of, new_id, status_of

if TYPE_CHECKING:
    from orepact.web.edge.house import House

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
#: A refusal as a page: house, request, error and id to bytes and header fields.
AsPage = Callable[["House", Scope, Exception, str], tuple[bytes, dict[str, str]]]

#: Largest path and query of a request, in bytes, and so many header fields.
LONGEST_QUERY = 8 * 1024
MOST_FIELDS = 64
SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
OF_PAGES = {"Referrer-Policy": "same-origin"}
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}
KEPT = {"Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie, Accept"}
_GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
log = logging.getLogger("orepact.web")


class Gate:
    """An ASGI application around another. HEAD is asked as GET, and the body left out."""

    def __init__(self, app: App, house: House, as_page: AsPage | None = None) -> None:
        self.app, self.house, self.as_page = app, house, as_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; whatever happens, it is answered once."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        fields = fields_of(scope)
        scope = dict(scope)  # what is changed in it, the method, is not for the server, which must know that it was HEAD
        exchange = Exchange(scope, send, fields.get("x-request-id", ""))
        scope.setdefault("state", {})["request_id"] = exchange.id
        self.house.busy += 1
        self.house.metrics.begin()
        try:
            self._check(scope, fields)
            await self.app(scope, receive, exchange.send)
        except Exception as error:  # noqa: BLE001  the last wall before the network
            await exchange.refuse(error, self._told(scope, error, exchange.id, fields.get("accept", "")))
        finally:
            self.house.busy -= 1
            self.house.metrics.end(*exchange.note())

    def _told(self, scope: Scope, error: Exception, request_id: str, accept: str) -> tuple[bytes, dict[str, str]]:
        """What is said of a refusal, with its header fields: to people as a page."""
        if self.as_page is not None and is_page(scope["path"]) and not for_program(scope["path"], accept):
            return self.as_page(self.house, scope, error, request_id)
        return body_of(error, request_id), {"Content-Type": "application/json"}

    def _check(self, scope: Scope, fields: Mapping[str, str]) -> None:
        settings = self.house.settings
        if self.house.busy > settings.busy:
            raise Refused(503, "too_busy", "the service is busy: try again", {"Retry-After": "2"})
        if len(scope["headers"]) > MOST_FIELDS:
            raise Refused(431, "too_large", f"more than {MOST_FIELDS} header fields: send fewer")
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LONGEST_QUERY:
            raise Refused(414, "too_large", f"a path and query of more than {LONGEST_QUERY} bytes: ask for less")
        if not all(map(_is_text, (scope.get("raw_path") or b"", scope["query_string"]))):
            mend = "write each sign beyond ASCII as %XX for every byte of its UTF-8"
            raise Refused(400, "bad_request", f"the address is no text in UTF-8: {mend}")
        host = fields.get("host", "").casefold()
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        if "*" not in settings.hosts and name not in settings.hosts:
            raise Refused(421, "misdirected", "this is not a name of this service")
        if _repeated(scope):
            raise Refused(400, "bad_request", "a header field that may stand once stands twice: send one")


def _is_text(part: bytes) -> bool:
    """Whether a part of an address is UTF-8 once what is written as %XX is read.

    >>> _is_text(b"search=Qu%C3%A9bec"), _is_text(b"search=Qu%E9bec")
    (True, False)
    """
    if b"%" not in part and part.isascii():
        return True
    try:
        unquote_to_bytes(part).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _repeated(scope: Scope) -> bool:
    """Whether a field stands twice that two readers could read differently."""
    names = [name for name, _ in scope["headers"]]
    once = (b"host", b"authorization", b"content-type", b"content-length", b"if-match", b"idempotency-key", b"origin")
    return any(names.count(name) > 1 for name in once)


def fields_of(scope: Scope) -> dict[str, str]:
    """The header fields of a request by name in small letters; the last of several of one name."""
    return {name.decode("latin-1").casefold(): value.decode("latin-1") for name, value in scope["headers"]}


class Exchange:
    """One request and its answer on their way out."""

    def __init__(self, scope: Scope, send: Send, given_id: str) -> None:
        self.scope, self._send = scope, send
        self.id = given_id if _GIVEN_ID.fullmatch(given_id) else new_id()
        self.head_only = scope["method"] == "HEAD"
        if self.head_only:
            scope["method"] = "GET"
        self.status, self.finished, self.began = 0, False, perf_counter()

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """Pass a part of the answer on, its head with the fields that all answers have."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message = {**message, "headers": self._fields(message.get("headers", ()))}
        elif message["type"] == "http.response.body":
            self.finished = not message.get("more_body")
            message = {**message, "body": b""} if self.head_only else message
        await self._send(message)

    def _fields(self, own: Any) -> list[tuple[bytes, bytes]]:
        # pages tell this service where one came from: without that a browser says of a form that it comes from nowhere
        face = OF_PAGES if is_page(self.scope["path"]) else {}
        private = HTTPS_ONLY if self.scope["scheme"] == "https" else {}
        usual = {**SECURITY, **face, **KEPT, **private, "X-Request-Id": self.id}
        there = {name.lower() for name, _ in own}
        more = ((name.encode(), value.encode()) for name, value in usual.items() if name.lower().encode() not in there)
        return [*own, *more]

    async def refuse(self, error: Exception, told: tuple[bytes, dict[str, str]]) -> None:
        """Answer with an error, unless an answer has begun: then it is broken off."""
        status = status_of(error)
        if status == 500:
            log.error("request %s failed", self.id, exc_info=error)
        if self.status:
            if self.finished:
                return
            raise error
        body, said = told
        own = {**said, "Content-Length": str(len(body)), **headers_of(error)}
        fields = [(name.encode(), value.encode("latin-1", "replace")) for name, value in own.items()]
        await self.send({"type": "http.response.start", "status": status, "headers": fields})
        await self.send({"type": "http.response.body", "body": body})

    def note(self) -> tuple[str, str, int, float]:
        """Say in the log what was asked, by whom, and how it ended: route (a template), method, status and seconds.

        Never the address itself: a path may hold the secret of a link, a query what somebody looks for.
        """
        took = perf_counter() - self.began
        state = self.scope.get("state", {})
        route = getattr(self.scope.get("route"), "path", NO_ROUTE)
        method = known_method("HEAD" if self.head_only else self.scope["method"])
        caller = state.get("caller")
        account = caller.reader.account if caller is not None else ""
        told = {"request_id": self.id, "method": method, "route": route, "status": self.status, "ms": round(took * 1000, 1)}
        level = logging.DEBUG if route in WELL and self.status == 200 else logging.INFO  # machines ask for it all day
        log.log(level, "request", extra={"told": told | ({"account": account} if account else {})})
        return route, method, self.status, took
