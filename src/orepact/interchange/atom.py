"""Atom feeds (RFC 4287): entries to bytes. The same entries give the same bytes; nothing is read here.

The standard library writes them: a feed is a dozen elements, and libraries for it bring readers of XML of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from orepact.errors import BadInput, Problem

MEDIA = "application/atom+xml"
SPACE = "http://www.w3.org/2005/Atom"
#: The last change of a feed that never had an entry.
NEVER = "1970-01-01T00:00:00Z"
#: Characters that XML 1.0 cannot hold stand as this one.
_LOST = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: ``id`` stays for good, ``updated`` is the moment (RFC 3339, UTC) of its last change that matters; ``rights``
    says who may know of it.
    """

    id: str
    title: str
    updated: str
    summary: str
    link: str
    rights: str
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: ``self_link`` is where it is read, "" for one whose address is a secret."""

    id: str
    title: str
    author: str
    entries: Sequence[Entry]
    subtitle: str = ""
    rights: str = ""
    self_link: str = ""

    @property
    def updated(self) -> str:
        """When the last of its entries was."""
        return max((entry.updated for entry in self.entries), default=NEVER)


def atom(feed: Feed) -> bytes:
    """A feed as UTF-8, the newest entry first, of one moment by id. Raises ``BadInput`` for two entries of one id."""
    if len({entry.id for entry in feed.entries}) < len(feed.entries):
        raise BadInput([Problem("entries", "an id of its own for each", "one of two", "give each another")])
    root = Element("feed", {"xmlns": SPACE})
    _texts(root, {"id": feed.id, "title": feed.title, "subtitle": feed.subtitle, "updated": feed.updated, "rights": feed.rights})
    _texts(SubElement(root, "author"), {"name": feed.author})
    _texts(root, {"generator": "orepact"})
    if feed.self_link:
        SubElement(root, "link", {"rel": "self", "type": MEDIA, "href": _plain(feed.self_link)})
    newest = sorted(sorted(feed.entries, key=lambda one: one.id), key=lambda one: one.updated, reverse=True)
    for entry in newest:
        _entry(SubElement(root, "entry"), entry)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode").encode() + b"\n"


def _entry(element: Element, entry: Entry) -> None:
    _texts(element, {"id": entry.id, "title": entry.title, "updated": entry.updated, "summary": entry.summary})
    SubElement(element, "link", {"rel": "alternate", "type": "application/json", "href": _plain(entry.link)})
    for term in entry.categories:
        SubElement(element, "category", {"term": _plain(term)})
    _texts(element, {"rights": entry.rights})


def _texts(element: Element, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        if text or name == "title":
            SubElement(element, name).text = _plain(text)


def _plain(text: str) -> str:
    """A text without what XML cannot hold: a reader refuses all of a feed for one such character."""
    return "".join(one if _holds(ord(one)) else _LOST for one in text)


def _holds(code: int) -> bool:
    return code in (0x9, 0xA, 0xD) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000
