"""The tower: where a party begins the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orepact.report.sentences import sentence
from orepact.web.pages.page import Page
from orepact.web.pages.shown import Link, Shown

if TYPE_CHECKING:
    from orepact.web.pages.visit import Visit

PARTIES = {
    "CAN": sentence("Canada"),
    "KOR": sentence("Korea"),
    "JPN": sentence("Japan"),
    "CA-QC": sentence("Quebec"),
    "CA-ON": sentence("Ontario"),
    "CA-BC": sentence("British Columbia"),
}


def choose(_: Visit) -> Shown:
    """The parties from which one begins."""
    links = [Link(words, f"/tower/{code}") for code, words in PARTIES.items()]
    return Shown(lead=sentence("Choose from where you look at the chain."), context={"links": links})


PAGES = (
    Page(path="/tower", name="tower", title=sentence("Control tower"), use=choose, template="tower/choose.html.j2", tab="tower"),
)
