"""Names of places, goods and plants as pages about runs say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orepact.report.sentences import Spoken, sentence
from orepact.service.view.said import Named, Place, Term

if TYPE_CHECKING:
    from orepact.facts import Codes

#: What each response to a shock is called, in the order in which they may do more.
RESPONSES = {
    "contracts": sentence("Contracts alone"),
    "market": sentence("Buying on the market"),
    "pact": sentence("Acting together"),
}
EVERYBODY, REST_OF_WORLD = sentence("The whole world"), sentence("All others")


def place(codes: Codes, name: str) -> Spoken | str:
    """A party or place: a country, a province, a group, everybody."""
    if name == "all":
        return Term(EVERYBODY, first=True)
    if name in ("others", "rest"):
        return Term(REST_OF_WORLD, first=True)
    entry = codes.places.get(name) or codes.groups.get(name)
    return name if entry is None else Place(name, entry.title)


def good(codes: Codes, name: str) -> Spoken | str:
    """A good by its name in the code lists; of a network of one's own, its id in words."""
    entry = codes.commodities.get(name)
    return Named(name.replace("_", " ")) if entry is None else Term(entry.title, first=True)
