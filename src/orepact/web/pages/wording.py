"""The words of pages for what messages tell somebody to give or to ask: labels of fields, and pages by their titles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from markupsafe import Markup

from orepact.report.sentences import sentence
from orepact.web.edge.wording import FACE as OVER_HTTP
from orepact.wording import OPENS, parted, worded

if TYPE_CHECKING:
    from orepact.report.voice import Voice

#: What the field of a form is called there, by the name that use cases give it.
LABELS: Mapping[str, str] = {
    "as_of": sentence("As known on"),
    "event": sentence("Event"),
    "include_unverified": sentence("Include unverified claims"),
    "place": sentence("Place"),
    "source": sentence("Source"),
    "year": sentence("Year"),
}
#: By use case, the page that shows it and where that is; what has none is said as programs ask for it.
PLACES: Mapping[str, tuple[str, str]] = {
    "access.invite": ("people", "/account/people"),
    "import_facts": ("import", "/data/import"),
    "list_facts": ("claims", "/data/claims"),
    "measure_origin": ("dependence", "/dependence"),
    "pact.assess_incident": ("incident", "/incidents/{incident}"),
    "pact.list_kinds": ("kinds", "/records"),
    "pact.promise_delivery": ("incidents", "/incidents"),
    "pact.put_record": ("record", "/records/{kind}/{name}"),
    "pact.record_history": ("record", "/records/{kind}/{name}"),
    "pact.show_form": ("kinds", "/records"),
    "pact.show_record": ("record", "/records/{kind}/{name}"),
    "pact.verify_audit": ("audit", "/account/audit"),
    "shock.list_events": ("shocks", "/shocks"),
    "shock.respond_to": ("shocks", "/shocks"),
    "shock.show_event": ("shocks", "/shocks"),
}
QUOTED = sentence("“{words}”")
Leading = Callable[[str], str]


@cache
def titles() -> Mapping[str, str]:
    """What pages are called, by their names."""
    from orepact.web.pages.table import PAGES

    return {page.name: str(page.title) for page in PAGES}


@dataclass(frozen=True, slots=True)
class OnPages:
    """Labels and titles in a language; ``link``: what makes a path an address, where words may lead there."""

    voice: Voice
    link: Leading | None = None

    def field(self, name: str, value: str) -> str:
        """The label of a field, in quotes."""
        label = self.voice.translated(LABELS[name]) if name in LABELS else name.replace("_", " ")
        return self._quoted(f"{label}: {value}" if value else label)

    def deed(self, name: str, given: Mapping[str, str]) -> str:
        """The title of a page, in quotes, and where it is."""
        if name not in PLACES:
            return OVER_HTTP.deed(name, given)
        page, path = PLACES[name]
        words, place = self._quoted(self.voice.translated(titles()[page])), _filled(path, given)
        if self.link is None:
            return f"{words} ({place})"
        return Markup('<a href="{}">{}</a>').format(self.link(place), words)

    def _quoted(self, words: str) -> str:
        return self.voice.say(QUOTED, words=words)


def _filled(path: str, given: Mapping[str, str]) -> str:
    """A path with what is given in its places; without its end, where that is not known.

    >>> _filled("/records/{kind}/{name}", {"kind": "body"}), _filled("/data/claims", {"year": "2024"})
    ('/records/body', '/data/claims?year=2024')
    """
    parts = []
    for part in path.split("/"):
        if part.startswith("{") and part[1:-1] not in given:
            break
        parts.append(quote(given[part[1:-1]], safe=":@") if part.startswith("{") else part)
    besides = {key: value for key, value in given.items() if f"{{{key}}}" not in path}
    return "/".join(parts) + (f"?{urlencode(besides)}" if besides else "")


def plainly(text: str, voice: Voice) -> str:
    """A message for people, as text."""
    return worded(text, OnPages(voice))


def in_page(made: Markup, face: OnPages) -> Markup:
    """Words that are made for pages, with what their marks mean."""
    if OPENS not in made:
        return made
    parts = (Markup(part) if isinstance(part, str) else _meant(part, face) for part in parted(made))  # noqa: S704  made for pages
    return Markup("").join(parts)


def _meant(mark: tuple[str, str, dict[str, str]], face: OnPages) -> str:
    what, name, given = mark
    return face.field(name, given.get("", "")) if what == "field" else face.deed(name, given)
