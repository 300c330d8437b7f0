"""Which of the two faces a request is for: programs ask below ``/api/``, people read pages everywhere else.

Pages send forms, whose token stands among their fields; who reads one whose session has ended is nobody there, not refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from orepact.errors import BadInput, Problem
from orepact.web.edge.multipart import MULTIPART, parts_of

#: What machines ask to know how the service is.
WELL = frozenset({"/healthz", "/readyz"})
#: What is not for people.
PROGRAMS = ("/api/", "/metrics")
FORM = "application/x-www-form-urlencoded"
#: The field of a form that says that it came from a page of its session.
TOKEN = "csrf"  # noqa: S105  the name of a field
MOST_FIELDS = 2000
#: Languages that are the first part of a path; English has none.
PREFIXES = ("fr", "ja", "ko")
#: Pages by which one gets in, and what they are drawn with: open to all, also where the service is not.
ENTRANCE = ("/account/login", "/account/invitation/", "/static/", "/set")


def is_page(path: str) -> bool:
    """Whether a path is for people.

    >>> is_page("/"), is_page("/tower"), is_page("/api/v1/records"), is_page("/healthz")
    (True, True, False, False)
    """
    return path not in WELL and not path.startswith(PROGRAMS)


def parted(path: str) -> tuple[str, str]:
    """A path without its language, and that: "" where none is named.

    >>> parted("/fr/tower"), parted("/ko"), parted("/tower")
    (('fr', '/tower'), ('ko', '/'), ('', '/tower'))
    """
    first, _, rest = path[1:].partition("/")
    return (first, f"/{rest}") if first in PREFIXES else ("", path)


def local(back: str, usual: str) -> str:
    """A path of this service without its language, to lead somebody back to; the usual one for anything else.

    >>> local("/fr/why?year=2024", "/"), local("//elsewhere.example", "/"), local("/fr//elsewhere.example", "/"), local("", "/")
    ('/why?year=2024', '/', '/', '/')
    """
    path = parted(back)[1]
    ours = all(one.startswith("/") and not one.startswith(("//", "/\\")) for one in (back, path)) and back.isprintable()
    return path if ours else usual


def enters(path: str) -> bool:
    """Whether a page is open to who is not logged in, also where the service is not.

    >>> enters("/fr/account/login"), enters("/static/0/tower.css"), enters("/account/tokens")
    (True, True, False)
    """
    return is_page(path) and parted(path)[1].startswith(ENTRANCE)


def sends_form(path: str, fields: Mapping[str, str]) -> bool:
    """Whether a request is the form of a page."""
    return is_page(path) and media_of(fields) in {FORM, MULTIPART}


def for_program(path: str, accept: str) -> bool:
    """Whether who asks for a page is a program: by the ending of its path, or as it takes JSON rather than pages.

    >>> for_program("/tower.json", ""), for_program("/tower", "application/json"), for_program("/tower", "text/html, */*;q=0.8")
    (True, True, False)
    """
    if path.endswith((".json", ".csv")):
        return True
    shares = dict(map(share_of, accept.split(",")))
    return shares.get("application/json", 0) > max(shares.get("text/html", 0), shares.get("application/xhtml+xml", 0))


def share_of(part: str) -> tuple[str, float]:
    """One form of those that a program takes (a part of ``Accept``), and how gladly.

    >>> share_of(" text/csv;q=0.5")
    ('text/csv', 0.5)
    """
    name, *options = (word.strip().casefold() for word in part.split(";"))
    stated = next((word[2:] for word in options if word.startswith("q=")), "1")
    return name, float(stated) if stated.replace(".", "", 1).isdecimal() else 0.0


def media_of(fields: Mapping[str, str]) -> str:
    """The form in which a body was sent, without what is said of it."""
    return fields.get("content-type", "").partition(";")[0].strip().casefold()


def form_of(body: bytes, media: str = FORM) -> list[tuple[str, str]]:
    """The fields of a form in their order; raises ``BadInput`` for what is none.

    >>> form_of(b"csrf=a&title=x+y&title=")
    [('csrf', 'a'), ('title', 'x y'), ('title', '')]
    """
    if media.casefold().startswith(MULTIPART):
        return parts_of(body, media)
    try:
        return parse_qsl(
            body.decode("ascii"), keep_blank_values=True, strict_parsing=bool(body), errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError:
        expected = f"a form of at most {MOST_FIELDS} fields in UTF-8"
        raise BadInput([Problem("body", expected, "something else", "send it from its page")]) from None


def token_in(form: list[tuple[str, str]]) -> str:
    """What a form says that it came from; "" for a form that does not, or twice."""
    found = [value for name, value in form if name == TOKEN]
    return found[0] if len(found) == 1 else ""
