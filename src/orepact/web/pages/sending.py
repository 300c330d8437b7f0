"""A form on its way: checked, done once, and what comes of it; what was typed is never lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import Response
from starlette.responses import RedirectResponse

from orepact.errors import BadInput, Conflict, Forbidden, OrepactError, Problem, StoreUnavailable, Unauthorised
from orepact.report.sentences import sentence
from orepact.store import repeats
from orepact.web.edge.callers import check_private, cookie, demand
from orepact.web.edge.faces import TOKEN, for_program
from orepact.web.edge.refusals import Refused
from orepact.web.pages.heads import HEAD, HTML, fill
from orepact.web.pages.page import Sent
from orepact.web.pages.reading import filled
from orepact.web.pages.render import render
from orepact.web.pages.shown import Shown

if TYPE_CHECKING:
    from fastapi import Request

    from orepact.web.pages.page import Filled, Form
    from orepact.web.pages.visit import Visit

#: Fields that all forms have: which of a page's forms it is, a key that makes it count once, the token against forgery.
FORM, ONCE = "form", "once"
BESIDES = (FORM, ONCE, TOKEN)
#: So much of what was typed is shown again.
LONGEST_TYPED = 1_000_000
STALE = sentence("This page was of an earlier session. Look at what you typed, and send it again.")
ENDED = sentence("Log in, and nothing you typed is lost")


def send(request: Request, visit: Visit) -> Response:
    """What comes of a form: the page that shows it, or the same page with what was typed and what is wrong with it."""
    sent: list[tuple[str, str]] = request.scope["state"].get("form", [])
    form = visit.page.form(_one(sent, FORM))
    forged = request.scope["state"].get("forged")
    if form is None:
        if forged is not None:
            raise forged
        raise Refused(400, "bad_request", "there is no such form on this page")
    if visit.known:  # who is not is asked to log in, and keeps what he typed
        demand(visit.caller, visit.page.deed)
    visit = replace(visit, form=form.name, typed=typed_in(sent))
    if visit.page.private:
        check_private(request.url.scheme, request.client)
    program = for_program(visit.path, request.headers.get("accept", ""))
    if forged is not None:
        if program:
            raise forged
        return again(visit, Forbidden(STALE))
    if not visit.known and form.deed != "read":
        if program:
            raise Unauthorised("log in, or send a token: Authorization: Bearer ...")
        return ended(visit, sent)
    try:
        demand(visit.caller, form.deed)
        content, problems = filled(form.fields, sent, BESIDES)
        if content is None:
            raise BadInput(problems)  # noqa: TRY301  told with what is wrong with the words themselves
        found = _done(visit, form, content, _one(sent, ONCE))
    except (BadInput, Conflict, Unauthorised, Forbidden) as error:
        if program:
            raise
        return again(visit, error)
    return _answered(request, visit, form, found)


def typed_in(sent: Sequence[tuple[str, str]]) -> Mapping[str, Sequence[str]]:
    """What was typed, by field."""
    found: dict[str, list[str]] = {}
    for name, value in sent:
        if name not in BESIDES:
            found.setdefault(name, []).append(value[:LONGEST_TYPED].replace("\0", "\N{REPLACEMENT CHARACTER}"))
    return found


def _one(sent: Sequence[tuple[str, str]], name: str) -> str:
    found = [value for each, value in sent if each == name]
    return found[0][:200] if len(found) == 1 else ""


def _done(visit: Visit, form: Form, content: Filled, key: str) -> Sent:
    """What the form asks for, done; one that counts once, and was sent before, is told the same."""
    if not ((form.once or form.secret) and key and visit.known):
        return form.send(visit, content)
    house, account = visit.house, visit.reader.account
    asked = sha256(f"{visit.path} {form.name} {content!r}".encode()).hexdigest()
    if form.secret:
        first = repeats.claimed(house.store, account, key, asked)
        return form.send(visit, content) if first else Sent(to=visit.path)
    before = repeats.told(house.store, account, key)
    if before is None:
        noting = repeats.noting(account, key, asked, house.clock())
        try:
            found = form.send(replace(visit, beside=noting), content)
        except (Conflict, BadInput):  # the first of two that were sent at once may have been kept meanwhile
            before = repeats.told(house.store, account, key)
            if before is None:
                raise
        else:
            _note(visit, key, found.to)
            return found
    if before.request != asked:
        raise Conflict(["this form: it was sent before with other words; look at the page again"])
    return Sent(to=before.answer or visit.path)


def _note(visit: Visit, key: str, to: str) -> None:
    with suppress(StoreUnavailable):  # what was asked is done: where it is shown can be found again
        repeats.answered(visit.house.store, visit.reader.account, key, 303, to)


def _answered(request: Request, visit: Visit, form: Form, found: Sent) -> Response:
    headers = {**HEAD, "Cache-Control": "no-store"}
    if found.session is not None:
        headers["Set-Cookie"] = cookie(found.session, https=request.url.scheme == "https")
    if found.shown is not None:
        visit = replace(visit, typed={}, caller=found.caller or visit.caller)
        body = fill(render(visit, found.shown), visit)
        return Response(body, 200, headers, HTML)
    done = {"done": form.name} if form.done else {}
    return RedirectResponse(visit.link(found.to or visit.path, **done), 303, headers)


def again(visit: Visit, error: OrepactError) -> Response:
    """The page again, with what was typed and what is wrong with it."""
    problems = error.problems if isinstance(error, BadInput) else (Problem("form", "", "", str(error)),)
    visit = replace(visit, problems=tuple(at_fields(visit, problems)))
    shown = visit.page.use(visit)
    body = fill(render(visit, shown), visit)
    return Response(body, error.http_status, {**HEAD, "Cache-Control": "no-store"}, HTML)


def ended(visit: Visit, sent: Sequence[tuple[str, str]]) -> Response:
    """The page that asks who has no session, or no more, to log in, and takes what he typed along, to be sent once he is in."""
    kept = urlencode([(name, value) for name, value in sent if name != TOKEN])
    shown = Shown(title=ENDED, context={"path": visit.here(), "kept": kept, "typed": visit.typed})
    body = fill(render(visit, shown, "account/again.html.j2"), visit)
    return Response(body, 401, {**HEAD, "Cache-Control": "no-store"}, HTML)


def at_fields(visit: Visit, problems: Sequence[Problem]) -> list[Problem]:
    """Problems, each with the field of the form at which it belongs; "form" for what belongs at none."""
    form = visit.page.form(visit.form)
    names = {*form.fields.model_fields, *visit.typed} if form is not None else set()
    return [replace(problem, column=_field(problem.column, names)) for problem in problems]


def _field(place: str, names: set[str]) -> str:
    """The field that a place names: its last part that is one."""
    parts = place.replace(" ", ".").replace("[", ".").split(".")
    return next((part for part in reversed(parts) if part in names), "form")
