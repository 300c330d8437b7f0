"""What the events of an exposure are called on its page: in words where the code lists know them, never by an id alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orepact.report.scope import thing_title, title_of

if TYPE_CHECKING:
    from orepact.facts import Codes

#: Begins the id of a site that stands for all unnamed capacity of one process at a place: ``rest_chn__alumina_refining``.
REST = "rest_"


def event_title(event: str, codes: Codes | None) -> str:
    """An event of the kind ``KIND:NAME`` in words; one that a file names, or without code lists, as it is.

    >>> from orepact.facts import Codes
    >>> event_title("site:rest_chn__alumina_refining = node:alumina/CHN", Codes.shipped())
    'Alumina: all makers in China'
    >>> event_title("place:CHN", Codes.shipped()), event_title("fire", None)
    ('All works in China', 'fire')
    """
    if codes is None or ":" not in event:
        return event
    # an event of two names is a site that alone makes a good at its place: the good says more
    kind, _, name = event.rsplit(" = ", 1)[-1].partition(":")
    if kind == "place":
        return f"All works in {title_of(codes, name)}"
    if kind == "owner":
        known = name in codes.places
        return f"All works owned from {title_of(codes, name)}" if known else f"All works of {name}"
    if kind == "node":
        thing, _, place = name.partition("/")
        return f"{thing_title(codes, thing)}: all makers in {title_of(codes, place)}"
    if kind == "route":
        return _route(name, codes)
    return _site(name, codes) if kind == "site" else event


def _route(name: str, codes: Codes) -> str:
    ends, _, thing = name.partition("/")
    origin, _, destination = ends.partition(">")
    way = f"{title_of(codes, origin)} to {title_of(codes, destination)}"
    return f"{thing_title(codes, thing)}: {way}" if thing else f"All goods: {way}"


def _site(name: str, codes: Codes) -> str:
    words = name.replace("__", ", ").replace("_", " ")
    if not name.startswith(REST):
        return words[:1].upper() + words[1:]
    place, _, process = name.removeprefix(REST).partition("__")
    named = place.upper().replace("_", "-")
    return f"{process.replace('_', ' ').capitalize()}: makers without a name in {title_of(codes, named)}"
