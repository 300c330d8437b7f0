"""Header fields of pages, and the secrets of a reader in their places."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from orepact.web.edge.answers import Answer
from orepact.web.pages.render import MENU_PLACE, ONCE_PLACE, TOKEN_PLACE, menu

if TYPE_CHECKING:
    from orepact.service.sharing.handed import Handed
    from orepact.web.pages.visit import Visit

HTML = "text/html; charset=utf-8"
#: Nothing of another host, nothing written into the page itself.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEAD = {
    "Content-Security-Policy": POLICY,
    "Vary": "Authorization, Cookie, Accept-Language, Accept",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


#: Of a page that stands by itself: its own style, by its digest, and nothing else.
APART = "default-src 'none'; style-src {styles}; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)


def handed(file: Handed, *, apart: bool) -> Answer:
    """A file as an answer; ``apart``: to be read where it is, else to be kept."""
    return Answer(file.content, "", media=file.media, file=file.name, place="apart" if apart else "", label=file.label)


def heads_of(found: Answer) -> dict[str, str]:
    """The header fields of a file: how it may be shown, and by which name it is kept; none for a page."""
    if not found.file:
        return {}
    shown = {"X-Label": found.label} if found.label else {}
    if found.place != "apart":
        return shown | {"Content-Disposition": f'attachment; filename="{found.file}"'}
    digests = (b64encode(sha256(style).digest()).decode() for style in _STYLE.findall(found.body))
    return shown | {"Content-Security-Policy": APART.format(styles=" ".join(f"'sha256-{each}'" for each in digests) or "'none'")}


def fill(body: bytes, visit: Visit) -> bytes:
    """A page with the menu of its reader, the token of his forms and a new key for each of them."""
    if (place := MENU_PLACE.encode()) in body:
        body = body.replace(place, menu(visit), 1)
    body = body.replace(TOKEN_PLACE.encode(), visit.caller.csrf.encode())
    return body.replace(ONCE_PLACE.encode(), token_urlsafe(18).encode()) if ONCE_PLACE.encode() in body else body
