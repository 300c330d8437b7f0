"""Names of places, goods and plants as pages about runs say them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from orepact.report.sentences import Spoken, said, sentence
from orepact.service.view.kept import kept
from orepact.service.view.said import Named, Place, Term

if TYPE_CHECKING:
    from orepact.facts import Codes, Ledger
    from orepact.report.voice import Voice

#: Kinds of what breaks, as the engines name them.
KINDS = {
    "commodity": sentence("Good:"),
    "site": sentence("Plant:"),
    "owner": sentence("Owner:"),
    "place": sentence("Place:"),
    "port": sentence("Port:"),
    "chokepoint": sentence("Strait or canal:"),
    "rule": sentence("Rule:"),
}
#: What may be an id of a good or a plant, a code of a place that stands by itself, or a kind.
_ID = re.compile(rf"\b(?:[a-z0-9]+(?:_[a-z0-9]+)+|(?<!-)[A-Z]{{3}}(?!-)|CA-[A-Z]{{2}}(?!-)|{'|'.join(KINDS)}(?= ))\b")
#: What each response to a shock is called, in the order in which they may do more.
RESPONSES = {
    "contracts": sentence("Contracts alone"),
    "market": sentence("Buying on the market"),
    "pact": sentence("Acting together"),
}
EVERYBODY, REST_OF_WORLD, NOBODY_KNOWS = sentence("The whole world"), sentence("All others"), sentence("Unknown")


def place(codes: Codes, name: str) -> Spoken | str:
    """A party or place: a country, a province, a group, everybody."""
    if name == "all":
        return Term(EVERYBODY, first=True)
    if name.casefold() == "unknown":
        return Term(NOBODY_KNOWS, first=True)
    if name in ("others", "rest"):
        return Term(REST_OF_WORLD, first=True)
    entry = codes.places.get(name) or codes.groups.get(name)
    return name if entry is None else Place(name, entry.title)


def good(codes: Codes, name: str) -> Spoken | str:
    """A good by its name in the code lists; of a network of one's own, its id in words."""
    entry = codes.commodities.get(name)
    return Named(name.replace("_", " ")) if entry is None else Term(entry.title, first=True)


def plant(ledger: Ledger, site: str) -> Spoken | str:
    """A plant by the name that the facts give it, else by its id in words; ``rest`` stands for all others of a place together."""
    if site.startswith("rest_"):
        where, _, process = site.removeprefix("rest_").partition("__")
        known = ledger.codes.processes
        named = next((name for name in sorted(known, key=len, reverse=True) if process.startswith(name)), "")
        what = Term(known[named].title) if named else process.replace("_", " ")
        owner = process.removeprefix(named).strip("_").upper().replace("_", "-") if named else ""
        if owner:
            text = sentence("Others in {place}, controlled from {owner}: {process}")
            return said(
                text, place=place(ledger.codes, where.upper().replace("_", "-")), owner=place(ledger.codes, owner), process=what
            )
        return said("Others in {place}: {process}", place=place(ledger.codes, where.upper().replace("_", "-")), process=what)
    known_names = kept(ledger, "site_names", lambda: _names(ledger))
    words = site.replace("__", ", ").replace("_", " ")
    return known_names.get(site, words[:1].upper() + words[1:])


def spoken(voice: Voice, name: Spoken | str) -> str:
    """A name in a language; what is a text already stays as it is."""
    return name if isinstance(name, str) else name.in_voice(voice)


def spelled(ledger: Ledger, voice: Voice, text: str) -> str:
    """A text of the engines in which ids of goods and plants, codes of places and kinds of things stand, with words for them."""
    codes, sites = ledger.codes, kept(ledger, "site_names", lambda: _names(ledger))

    def named(found: re.Match[str]) -> str:
        name = found[0]
        if name in KINDS:
            return voice.translated(KINDS[name])
        words = good(codes, name) if name in codes.commodities else place(codes, name) if name in codes.places else name
        return sites.get(name, words) if isinstance(words, str) else words.in_voice(voice)

    return _ID.sub(named, text)


def _names(ledger: Ledger) -> dict[str, str]:
    """Names of sites by id."""
    claims = ledger.resolve("name")
    claims = claims[claims["subject"].str.startswith("site:")]
    return dict(zip(claims["subject"].str.removeprefix("site:"), claims["value"].astype(str), strict=True))
