"""Bodies of requests: read whole before anything else is done, within a size, and strict JSON of a bounded depth."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput, Forbidden, Problem
from orepact.web.edge.callers import SAFE, Caller, check_form
from orepact.web.edge.faces import form_of, media_of, sends_form, token_in
from orepact.web.edge.gate import App, Receive, Scope, Send, fields_of
from orepact.web.edge.multipart import MULTIPART
from orepact.web.edge.refusals import BROKEN, Refused, too_large, unsupported

if TYPE_CHECKING:
    from orepact.web.edge.house import House

#: So many lists and objects may stand in each other.
DEEPEST = 32
#: Beyond it not every program reads the same number.
LARGEST = 2**53
#: Texts whole, also one that does not end: each byte is looked at once, whatever was sent.
_BRACKETS = re.compile(rb'(?s:"(?:[^"\\]|\\.)*+"?|[\[\]{}])')
JSON = "application/json"
#: Uploads that are worked on at a time; a body of more bytes is checked in a thread.
MOST_UPLOADS, LONG = 8, 256 * 1024
#: A form that brings a file, in bytes.
MOST_FILES = 5 * 2**20


class Bodies:
    """An ASGI application around another, which finds the body read and checked.

    ``uploads``: paths that take a larger body, and in which form.
    """

    def __init__(self, app: App, house: House, uploads: Mapping[str, str] | None = None) -> None:
        self.app, self.house, self.uploads = app, house, uploads or {}
        self._working = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] in SAFE:
            await self.app(scope, receive, send)
            return
        caller: Caller = scope["state"]["caller"]
        if sends_form(scope["path"], fields_of(scope)):
            await self._serve_form(scope, receive, send)
            return
        takes = self.uploads.get(scope["path"]) if caller.reader.account else None
        if takes is None or not self._is_large(scope):
            await self._serve(scope, receive, send, takes or JSON)
            return
        if self._working >= MOST_UPLOADS:
            raise Refused(503, "too_busy", "others are uploading: try again", {"Retry-After": "5"})
        self._working += 1
        try:
            await self._serve(scope, receive, send, takes, self.house.settings.upload_bytes)
        finally:
            self._working -= 1

    async def _serve_form(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A form of a page: as large as another body for whoever shows a session, also one that has ended."""
        caller: Caller = scope["state"]["caller"]
        settings, state = self.house.settings, scope["state"]
        in_once = caller.reader.account or state.get("ended")
        media = fields_of(scope).get("content-type", "")
        most = settings.body_bytes if in_once else settings.anonymous_body_bytes
        if caller.reader.account and media_of(fields_of(scope)) == MULTIPART:
            most = MOST_FILES  # a file beside fields; what is larger goes by the command line
        body = await _read(scope, receive, most)
        if body is None:
            return
        state["form"] = form_of(body, media) if len(body) <= LONG else await self.house.in_thread(form_of, body, media)
        try:
            check_form(caller, fields_of(scope), token_in(state["form"]))
        except Forbidden as error:  # the page tells so beside what was typed, and does nothing
            state["forged"] = error
        state["body"] = body
        await self.app(scope, _again(body, receive), send)

    def _is_large(self, scope: Scope) -> bool:
        """Whether a body says that it is one, or does not say how large it is."""
        stated = fields_of(scope).get("content-length", "")
        return not stated.isdecimal() or int(stated) > self.house.settings.body_bytes

    async def _serve(self, scope: Scope, receive: Receive, send: Send, takes: str, most: int = 0) -> None:
        caller: Caller = scope["state"]["caller"]
        settings = self.house.settings
        usual = settings.body_bytes if caller.reader.account else settings.anonymous_body_bytes
        body = await _read(scope, receive, most or usual)
        if body is None:
            return  # who asked has gone
        media = fields_of(scope).get("content-type", "")
        if len(body) > LONG:
            await self.house.in_thread(check, body, media, takes)
        elif body:
            check(body, media, takes)
        scope["state"]["body"] = body
        await self.app(scope, _again(body, receive), send)


async def _read(scope: Scope, receive: Receive, most: int) -> bytes | None:
    stated = fields_of(scope).get("content-length", "")
    words = f"{most // 1024} KiB"
    if stated.isdecimal() and int(stated) > most:
        raise too_large("the body", words)
    found = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        found += message.get("body", b"")
        if len(found) > most:
            raise too_large("the body", words)
        if not message.get("more_body"):
            return bytes(found)


def _again(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def replay() -> Any:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def check(body: bytes, media: str, takes: str = JSON) -> None:
    """Raise ``Refused`` for another form than is taken; of JSON, ``BadInput`` for what two programs could read differently or not
    at all.
    """
    if media.partition(";")[0].strip().casefold() != takes:
        raise unsupported(media, takes)
    if takes != JSON:
        return
    if _depth(body) > DEEPEST:
        raise _bad(f"at most {DEEPEST} lists and objects in each other", "more", "write it flatter")
    try:
        json.loads(body, parse_constant=_no_number, parse_int=_whole, parse_float=_decimal, object_pairs_hook=_each_once)
        text = body.decode("utf-8")
    except (ValueError, RecursionError) as error:
        if isinstance(error, _NotTaken):
            raise _bad(error.expected, error.found, error.mend) from None
        found = str(error) if isinstance(error, json.JSONDecodeError) else "something else"
        raise _bad("JSON in UTF-8", found, "correct it there, and send it again") from None
    if BROKEN.search(text) or _escaped_half(body):
        raise _bad("text without NUL and without halves of pairs of characters", "such text", "leave it out")


class _NotTaken(ValueError):
    def __init__(self, expected: str, found: str, mend: str) -> None:
        self.expected, self.found, self.mend = expected, found, mend
        super().__init__(expected)


def _bad(expected: str, found: str, mend: str) -> BadInput:
    return BadInput([Problem("body", expected, found, mend)])


def _depth(body: bytes) -> int:
    """How deep lists and objects stand in each other, without reading them."""
    depth = deepest = 0
    for match in _BRACKETS.finditer(body):
        sign = match[0][:1]
        if sign in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in b"]}":
            depth -= 1
    return deepest


def _no_number(text: str) -> Any:
    raise _NotTaken("numbers", text, "write null, or a number")


def _whole(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > LARGEST:
        raise _NotTaken("whole numbers up to 2^53", text[:40], "write a smaller one, or a text")
    return int(text)


def _decimal(text: str) -> float:
    found = float(text)
    if abs(found) > 1e300:
        raise _NotTaken("numbers up to 1e300", text[:40], "write a smaller one")
    return found


def _each_once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _NotTaken("each name of an object once", f"{name!r} twice", "leave one of them out")
        found[name] = value
    return found


def _escaped_half(body: bytes) -> bool:
    """Whether an escape stands for NUL or for half of a pair of characters."""
    if b"\\u" not in body:
        return False
    return any(BROKEN.search(text) for text in _texts(json.loads(body)))


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from _texts(one)
