"""Header fields of pages, and the secrets of a reader in their places."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import TYPE_CHECKING

from orepact.web.pages.render import ONCE_PLACE, TOKEN_PLACE

if TYPE_CHECKING:
    from orepact.web.edge.callers import Caller

HTML = "text/html; charset=utf-8"
#: Nothing of another host, nothing written into the page itself.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEAD = {
    "Content-Security-Policy": POLICY,
    "Vary": "Authorization, Cookie, Accept-Language",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def fill(body: bytes, caller: Caller) -> bytes:
    """A page with the token of the reader's forms and a new key for each of them."""
    body = body.replace(TOKEN_PLACE.encode(), caller.csrf.encode())
    return body.replace(ONCE_PLACE.encode(), token_urlsafe(18).encode()) if ONCE_PLACE.encode() in body else body
