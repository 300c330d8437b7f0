"""The pack of the next meeting of a body: to read, to print, and to keep as a file, in each language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orepact.report.sentences import said, sentence
from orepact.service import sharing
from orepact.service.access.noting import note_export
from orepact.service.asked import Id, Language
from orepact.service.view import bodies
from orepact.web.pages.commands import command
from orepact.web.pages.page import Asked, Page
from orepact.web.pages.shown import Shown
from orepact.web.pages.visit import address

if TYPE_CHECKING:
    from orepact.web.pages.visit import Visit


class PackAsked(Asked):
    """The pack of the next meeting of a body, to read or to download in a language; without one, what there is."""

    body: Id
    read: Language | None = None
    download: Language | None = None


def pack(visit: Visit) -> Shown:
    """The pack in a language, or the page that offers it in each; raises ``NotFound``."""
    asked: PackAsked = visit.asked
    language = asked.read or asked.download
    if language:
        return _made(visit, language)
    seat = bodies.seat(asked.body, visit.desk, on=asked.as_of)
    return Shown(
        title=said("Pack of the {body}", body=seat.title),
        context={"seat": seat},
        lead=sentence("What a delegation takes to the table: the agenda, articles and evidence, what is late, what moved."),
        command=command("pact pack", asked.body, output="pack", language="all", on=asked.as_of),
        api=address(f"/api/v1/bodies/{asked.body}/pack.html", {"on": asked.as_of}) if "export" in visit.deeds else "",
    )


def _made(visit: Visit, language: Language) -> Shown:
    """The pack itself; that somebody takes it along is noted."""
    asked: PackAsked = visit.asked
    made = sharing.pack_page(asked.body, visit.desk, on=asked.as_of, language=language)
    if asked.download:
        note_export("sharing.pack_page", f"/pact/pack/{asked.body} language={language}", made.label, visit.desk)
    return Shown(file=made, apart=bool(asked.read))


PAGES = (
    Page(
        path="/pact/pack/{body}", name="pack", title=sentence("Pack"), use=pack, template="pact/pack.html.j2", asked=PackAsked,
        tab="pact", kept=False,
    ),
)  # fmt: skip
