"""The language of a visit: the first part of the path, else the reader's choice, else what the browser asks for, else English."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from markupsafe import Markup, escape

from orepact.report.sentences import Said, Spoken, spoken
from orepact.report.voice import LANGUAGES, Voice
from orepact.web.edge.faces import PREFIXES, parted
from orepact.web.pages.wording import Leading, OnPages, in_page

#: The cookie of the switch.
COOKIE = "orepact-language"


@cache
def voice_of(language: str) -> Voice:
    """The voice of a language, which keeps its catalogue open."""
    return Voice.of(language)


def chosen(prefix: str, cookie: str, accepted: str) -> str:
    """The language in which somebody is answered.

    >>> chosen("ko", "fr", "ja"), chosen("", "fr", "ja"), chosen("", "", "de, ja;q=0.8, en;q=0.2"), chosen("", "xx", "")
    ('ko', 'fr', 'ja', 'en')
    """
    return prefix or (cookie if cookie in LANGUAGES else "") or asked_for(accepted)


def asked_for(accepted: str) -> str:
    """The language of ``Accept-Language`` that we speak and that it names first; English for none.

    >>> asked_for("fr-CA, en;q=0.5"), asked_for("*"), asked_for("ko;q=x, ja;q=0.1")
    ('fr', 'en', 'ja')
    """
    found: list[tuple[float, int, str]] = []
    for place, part in enumerate(accepted.split(",")[:20]):
        name, _, rest = part.strip().partition(";")
        weight = _weight(rest)
        if weight > 0 and (language := name.strip().casefold().partition("-")[0]) in LANGUAGES:
            found.append((-weight, place, language))
    return min(found)[2] if found else "en"


def _weight(text: str) -> float:
    if not text.strip():
        return 1.0
    try:
        return float(text.strip().removeprefix("q=")[:8])
    except ValueError:
        return 0.0


def prefixed(language: str, path: str) -> str:
    """A path in a language; English stands without a first part.

    >>> prefixed("fr", "/tower"), prefixed("en", "/tower")
    ('/fr/tower', '/tower')
    """
    return f"/{language}{path}" if language in PREFIXES else path


def saying(voice: Voice, link: Leading | None = None) -> Callable[..., Markup]:
    """What templates say sentences with: the values that fill one are escaped, unless they are made for pages already.

    ``link``: pages that a message names become links; not for what stands in an attribute.
    """
    face = OnPages(voice, link)

    def say(what: str | Said | Spoken, **values: object) -> Markup:
        return in_page(told(what, values), face)

    def told(what: str | Said | Spoken, values: Mapping[str, object]) -> Markup:
        if isinstance(what, Spoken) and not isinstance(what, Said):
            return escape(what.in_voice(voice))
        text, given = (what.text, {**what.values, **values}) if isinstance(what, Said) else (what, values)
        made = escape(voice.translated(text))
        if not given:
            return made  # what people wrote may hold braces
        return made.format(**{name: within(value) for name, value in given.items()})

    def within(value: object) -> object:
        return told(value, {}) if isinstance(value, Said) else spoken(value, voice)

    return say


def counting(voice: Voice) -> Callable[..., str]:
    """What templates count things with."""

    def count(one: str, many: str, number: int, **values: Any) -> str:
        return voice.count(one, many, number, **values)

    return count


__all__ = ["COOKIE", "asked_for", "chosen", "counting", "parted", "prefixed", "saying", "voice_of"]
