"""What cannot be shown, as a page: what happened, in the reader's language, what he can do, and never a trace of the machine."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from orepact.errors import BadInput, OrepactError, Problem
from orepact.report.sentences import Said, said, sentence
from orepact.web.edge.callers import NOBODY
from orepact.web.edge.faces import parted
from orepact.web.edge.refusals import body_of, headers_of, plain, status_of
from orepact.web.pages.heads import HEAD, HTML, fill
from orepact.web.pages.page import Asked, Page
from orepact.web.pages.render import render
from orepact.web.pages.shown import Shown
from orepact.web.pages.visit import Visit
from orepact.web.pages.words import chosen, voice_of

if TYPE_CHECKING:
    from orepact.web.edge.callers import Caller
    from orepact.web.edge.gate import Scope
    from orepact.web.edge.house import House

log = logging.getLogger("orepact.web")
#: So much is said of what was expected and of what to do.
LONGEST = 1000
#: By status, what happened and what to do.
TOLD = {
    400: (sentence("This request cannot be read"), sentence("Go back and try again.")),
    401: (sentence("Please log in"), sentence("This page is for people with an account. Log in, and you come back here.")),
    403: (sentence("This is not yours to do"), sentence("Your account has no role for this. Ask who lets people in there.")),
    404: (sentence("There is nothing here"), sentence("The address may be mistyped, or what was here is not for you to see.")),
    405: (sentence("This page takes no such request"), sentence("Open the page and send its form.")),
    409: (
        sentence("Somebody else was faster"),
        sentence("What you saw has changed meanwhile. Look at it again, then change it."),
    ),
    413: (sentence("This is too large"), sentence("Send less at a time.")),
    414: (sentence("This address is too long"), sentence("Ask for less at a time.")),
    422: (sentence("Something in this address does not fit"), sentence("Mend what is named below.")),
    429: (sentence("Too many requests"), sentence("Wait a moment and try again.")),
    500: (sentence("Something went wrong on our side"), sentence("Tell the operator the number below.")),
    503: (
        sentence("The service cannot answer now"),
        sentence("Try again in a moment. Go back in your browser: what you typed is still there."),
    ),
}

#: Said of what was expected, in the words of ``service.asked`` and ``edge.refusals``, so that catalogues have them.
EXPECTED = (
    sentence("an id of small letters and digits, such as nmg-matawinie"),
    sentence("a code of letters and digits, such as KOR or lithium_hydroxide"),
    sentence("what a claim is about, such as KOR/graphite or site:becancour"),
    sentence("a day as year-month-day, such as 2026-06-30"),
    sentence("a moment with its zone, such as 2026-06-30T09:00Z"),
    sentence("text without control characters"),
    sentence("a label of the Traffic Light Protocol, such as TLP:GREEN or TLP:AMBER/nrcan"),
    sentence("the mark of a page as its link gives it"),
    sentence("a state in small letters, such as in_force"),
    sentence("a whole number, such as 7"),
    sentence("a number, such as 0.5"),
    sentence("1 for yes or 0 for no"),
    sentence("give it in that form"),
)


def failure(visit: Visit, error: Exception, request_id: str) -> tuple[bytes, int, dict[str, str]]:
    """An error as a page, with its status and header fields."""
    status = status_of(error)
    if status == 500:
        log.error("request %s failed", request_id, exc_info=error)
    title, mend = TOLD.get(status) or TOLD[400 if status < 500 else 503]
    problems = [plain_problem(each, visit) for each in error.problems] if isinstance(error, BadInput) else []
    detail = plain(error, LONGEST) if isinstance(error, OrepactError) and status not in {401, 403, 422, 500, 503} else ""
    context = {"status": status, "mend": mend, "problems": problems, "detail": detail, "request_id": request_id}
    shown = Shown(title=title, context=context)
    return fill(render(visit, shown, "failure.html.j2"), visit), status, headers_of(error)


def plain_problem(problem: Problem, visit: Visit) -> Said:
    """A problem in words, those of ``EXPECTED`` in the reader's language."""
    expected, mend = (visit.voice.translated(each) if each in EXPECTED else each for each in (problem.expected, problem.mend))
    told = {"expected": plain(expected, LONGEST), "found": plain(problem.found), "mend": plain(mend, LONGEST)}
    where = plain(problem.where.removeprefix("query.").removeprefix("body."))
    return said("{where}: expected {expected}, found {found}; {mend}", where=where, **told)


def nowhere(house: House, caller: Caller, scope: Scope, language: str = "", theme: str = "") -> Visit:
    """A visit to no page, for saying what is wrong."""
    prefix, path = parted(scope["path"])
    page = Page(path=path, name="failure", title="", use=lambda _: Shown(), template="failure.html.j2")
    voice = voice_of(language or chosen(prefix, "", ""))
    return Visit(house=house, caller=caller, voice=voice, page=page, path=path, asked=Asked(), theme=theme)


def refusal(house: House, scope: Scope, error: Exception, request_id: str) -> tuple[bytes, dict[str, str]]:
    """What the gate says of a request for a page that it does not let pass: a page, or where none can be made, an envelope."""
    try:
        body = failure(nowhere(house, NOBODY, scope), error, request_id)[0]
    except Exception:
        log.exception("request %s failed while it was refused", request_id)
        return body_of(error, request_id), {"Content-Type": "application/json"}
    return body, {**HEAD, "Content-Type": HTML, "Cache-Control": "no-store"}
