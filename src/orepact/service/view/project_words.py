"""Words of projects: places, goods and states as a language has them, and states in groups that one sees at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orepact.pact.projects.project import ENDED, RESTING, WORKING
from orepact.report.sentences import sentence
from orepact.service.view.said import Place, Term

if TYPE_CHECKING:
    from orepact.facts import Codes

GROUPS = {
    "working": sentence("working"),
    "building": sentence("under construction"),
    "planned": sentence("planned or studied"),
    "resting": sentence("resting"),
    "over": sentence("given up or closed"),
}


def group_of(status: str) -> str:
    """The group of a state.

    >>> group_of("operating"), group_of("cancelled"), group_of("study")
    ('working', 'over', 'planned')
    """
    if status in WORKING:
        return "working"
    if status in RESTING:
        return "resting"
    if status in ENDED:
        return "over"
    return "building" if status == "construction" else "planned"


def place(codes: Codes, name: str) -> Place | None:
    """A country or a province; None for none."""
    entry = codes.groups.get(name) or codes.places.get(name)
    return Place(name, entry.title if entry else name) if name else None


def good(codes: Codes, name: str) -> Term | None:
    """A commodity; None for none."""
    known = codes.commodities.get(name)
    return Term(known.title if known else name.replace("_", " "), first=True) if name else None


def state(codes: Codes, name: str) -> Term | None:
    """A state of a project; None for none."""
    known = codes.statuses.get(name)
    return Term(known.title if known else name, first=True) if name else None
