"""The rules of RFC 4287 for a feed, read from its text by another reader of XML than wrote it; each problem names its section.

No validator of feeds is among what tests install: these are our own checks of what the RFC says MUST be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit
from xml.dom.minidom import Element, parseString

SPACE = "http://www.w3.org/2005/Atom"
#: Section 3.3: a moment of RFC 3339 with a capital T, and a capital Z where no offset stands.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
#: How often an element may stand in a feed and in an entry (4.1.1, 4.1.2): least and most.
IN_FEED = {"id": (1, 1), "title": (1, 1), "updated": (1, 1), "subtitle": (0, 1), "rights": (0, 1), "generator": (0, 1),
           "author": (0, 99), "link": (0, 99), "category": (0, 99), "entry": (0, 9999)}  # fmt: skip
IN_ENTRY = {"id": (1, 1), "title": (1, 1), "updated": (1, 1), "summary": (0, 1), "rights": (0, 1), "link": (0, 99),
            "category": (0, 99), "author": (0, 99)}  # fmt: skip


def problems(content: bytes) -> list[str]:
    """What of a feed is not as the RFC commands."""
    root = parseString(content).documentElement
    if root.namespaceURI != SPACE or root.localName != "feed":
        return ["2: the root is atom:feed"]
    found = [*_counted(root, IN_FEED, "4.1.1"), *_common(root)]
    entries = [child for child in children(root) if child.localName == "entry"]
    if not _has(root, "author") and not all(_has(entry, "author") for entry in entries):
        found.append("4.1.1: a feed has an author unless all of its entries have")
    for entry in entries:
        found += [*_counted(entry, IN_ENTRY, "4.1.2"), *_common(entry)]
        if not any(link.getAttribute("rel") in {"alternate", ""} for link in _all(entry, "link")):
            found.append("4.1.2: an entry without content has an alternate link")
    names = [texts(entry)["id"] for entry in entries]
    if len(set(names)) < len(names):
        found.append("4.2.6: each entry has an id of its own")
    return found


def _counted(element: Element, bounds: dict[str, tuple[int, int]], section: str) -> Iterator[str]:
    names = [child.localName for child in children(element)]
    for name in sorted(set(names) - set(bounds)):
        yield f"{section}: {name} does not stand here"
    for name, (least, most) in bounds.items():
        if not least <= names.count(name) <= most:
            yield f"{section}: {name} stands {names.count(name)} times"
    links = [(link.getAttribute("type"), link.getAttribute("hreflang")) for link in _all(element, "link")
             if link.getAttribute("rel") in {"alternate", ""}]  # fmt: skip
    if len(set(links)) < len(links):
        yield f"{section}: two alternate links of one type and language"


def _common(element: Element) -> Iterator[str]:
    said = texts(element)
    if not urlsplit(said.get("id", "")).scheme:
        yield f"4.2.6: {said.get('id')!r} is no absolute IRI"
    moment = said.get("updated", "")
    if not MOMENT.fullmatch(moment) or datetime.fromisoformat(moment).tzinfo is None:
        yield f"3.3: {moment!r} is no moment of RFC 3339"
    for link in _all(element, "link"):
        if not link.getAttribute("href"):
            yield "4.2.7.1: a link has an href"
    for author in _all(element, "author"):
        if not texts(author).get("name"):
            yield "3.2.1: a person has a name"
    for category in _all(element, "category"):
        if not category.getAttribute("term"):
            yield "4.2.2.1: a category has a term"


def children(element: Element) -> list[Element]:
    """The elements within one, all of which are of Atom."""
    found = [child for child in element.childNodes if child.nodeType == child.ELEMENT_NODE]
    assert all(child.namespaceURI == SPACE for child in found)
    return found


def texts(element: Element) -> dict[str, str]:
    """The text of each element within one."""
    return {child.localName: "".join(node.data for node in child.childNodes if node.nodeType == node.TEXT_NODE)
            for child in children(element)}  # fmt: skip


def entries(content: bytes) -> list[dict[str, str]]:
    """The entries of a feed as texts."""
    return [texts(child) for child in children(parseString(content).documentElement) if child.localName == "entry"]


def _all(element: Element, name: str) -> list[Element]:
    return [child for child in children(element) if child.localName == name]


def _has(element: Element, name: str) -> bool:
    return bool(_all(element, name))
