"""Labels as forms offer them: who may know of what is put on record, in plain words beside its mark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from orepact.report.sentences import sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orepact.web.pages.visit import Visit

Open = Literal["TLP:CLEAR", "TLP:GREEN", "TLP:AMBER"]
#: By level of the Traffic Light Protocol, who may know; the usual one first.
CHOICES = {
    "TLP:GREEN": sentence("The community of the pact (TLP:GREEN)"),
    "TLP:AMBER": sentence("Your organisation and its clients (TLP:AMBER)"),
    "TLP:CLEAR": sentence("Everybody (TLP:CLEAR)"),
}
#: The same of a request for help, which those read whom it asks.
OF_REQUESTS = {**CHOICES, "TLP:AMBER": sentence("Your organisation, its clients, and those you ask (TLP:AMBER)")}


def choices(visit: Visit, words: Mapping[str, str] = CHOICES) -> list[tuple[str, str]]:
    """Levels with their words, for a field of a form."""
    return [(level, visit.voice.say(each)) for level, each in words.items()]


def whole(visit: Visit, level: str) -> str:
    """A label of one's organisation; what is open to everybody has no owner."""
    return level if level == "TLP:CLEAR" else f"{level}/{visit.reader.organisation}"
