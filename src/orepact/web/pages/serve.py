"""``Pages``: an ASGI application around the API's, which answers every path that is for people."""

from __future__ import annotations

import logging
from dataclasses import replace
from time import thread_time
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from fastapi import Request, Response
from starlette.responses import RedirectResponse

from orepact._version import __version__
from orepact.errors import BadInput, Problem
from orepact.report.voice import LANGUAGES
from orepact.web.api.routes import PREFIX
from orepact.web.edge.answers import Answer, as_json
from orepact.web.edge.callers import NOBODY, SAFE, at, check_private, cookies_of, demand
from orepact.web.edge.faces import FORM, for_program, is_page, local, parted
from orepact.web.edge.refusals import Refused, body_of, headers_of, status_of, unsupported
from orepact.web.edge.tags import same, tag_of
from orepact.web.pages import assets, twins, words
from orepact.web.pages.failures import failure, nowhere
from orepact.web.pages.heads import HEAD, HTML, fill, handed, heads_of
from orepact.web.pages.page import Elsewhere
from orepact.web.pages.reading import Place, asked_of, place_of
from orepact.web.pages.render import render
from orepact.web.pages.sending import send
from orepact.web.pages.visit import Visit

if TYPE_CHECKING:
    from collections.abc import Hashable

    from orepact.web.edge.callers import Caller
    from orepact.web.edge.gate import App, Receive, Scope, Send
    from orepact.web.edge.house import House

#: Where ``/`` leads, where a reader sets language and colours, and what may be chosen.
HOME, SET = "/tower", "/set"
#: English stands without a first part; who writes one means it all the same.
ENGLISH = "/en"
THEME, THEMES = "orepact-theme", ("light", "dark")
A_YEAR = 365 * 86_400
#: What a program is told that asks for the front page: where there is something for it.
WELCOME = {
    "data": [
        {"path": f"{PREFIX}/openapi.json", "says": "what the API takes and gives (OpenAPI 3.1)"},
        {"path": f"{HOME}.json", "says": "the front page of the control tower; every page has a twin .json and tables .csv"},
        {"path": f"{PREFIX}/feeds/alerts.atom", "says": "alerts as a feed (Atom)"},
        {"path": "/healthz", "says": "whether the service answers"},
    ],
    "meta": {"manifest": {}, "units": {}, "sources": [], "warnings": [], "title": f"orepact {__version__}"},
}
log = logging.getLogger("orepact.web")


class Pages:
    """Finds caller, form and id of a request where the edge left them."""

    def __init__(self, app: App, house: House) -> None:
        self.app, self.house = app, house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not is_page(scope["path"]):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        program = for_program(scope["path"], request.headers.get("accept", ""))
        try:
            response = await self._respond(request, program=program)
        except Exception as error:  # noqa: BLE001  whatever goes wrong is told as a page, to programs as the API does
            response = _envelope(request, error) if program else self._failed(request, error)
        await response(scope, receive, send)

    async def _respond(self, request: Request, *, program: bool) -> Response:
        path = request.scope["path"]
        if path.startswith(assets.PREFIX):
            return await self._asset(request, path)
        if (led := _led(request, path, program=program)) is not None:
            return led
        path = parted(path)[1]
        place = place_of(path)
        if place is None:
            _demand_own(request)
            raise Refused(404, "not_found", "there is no such page")
        if program and place.ending == "html" and request.method in SAFE:
            place = replace(place, ending="json")
        request.scope["route"] = place.page
        if request.method == "POST" and place.page.forms and place.ending == "html":
            if "form" not in request.scope["state"]:
                raise unsupported(request.headers.get("content-type", ""), FORM)
            return await self._sent(request, place)
        _demand_own(request)
        if request.method not in SAFE:
            allowed = "GET, POST" if place.page.forms else "GET"
            raise Refused(405, "method_not_allowed", f"this page knows {allowed}", {"Allow": allowed})
        return await self._told(request, place)

    async def _asset(self, request: Request, path: str) -> Response:
        found = assets.found(path)
        if found is None:
            raise Refused(404, "not_found", "there is no such file")
        headers = {"Cache-Control": assets.FOR_GOOD, "Vary": "Accept-Encoding"}
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(found.content, 200, headers, found.media)
        content = await self.house.in_thread(assets.packed, found.name)
        return Response(content, 200, {**headers, "Content-Encoding": "gzip"}, found.media)

    async def _told(self, request: Request, place: Place) -> Response:
        """A page that is read."""
        visit = self.visit(request, place)
        demand(visit.caller, place.page.deed)
        if place.page.private:
            check_private(request.url.scheme, request.client)
        if place.page.alike and (at_hand := self.house.answers.at_hand(_question(self.house, visit, place))) is not None:
            return respond(request, visit, at_hand)
        name = f"page {place.page.name}"
        try:
            found = await self.house.in_thread(answer, self.house, visit, place, lane=self.house.lanes.of(name))
        except Elsewhere as moved:
            return RedirectResponse(visit.link(moved.to), 303, HEAD)
        return respond(request, visit, found)

    async def _sent(self, request: Request, place: Place) -> Response:
        """A form that was sent."""
        visit = self.visit(request, place)
        return await self.house.in_thread(send, request, visit, lane="waits")

    def visit(self, request: Request, place: Place) -> Visit:
        """The request as its page sees it; raises ``BadInput`` for what does not fit."""
        state, given = request.scope["state"], cookies_of(request.headers.get("cookie", ""))
        caller: Caller = at(state["caller"], self.house.clock(), whole_minute=request.method in SAFE)
        query = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True, max_num_fields=1000)
        asked, known, unknown = asked_of(place, [(name, _plain(value)) for name, value in query])
        prefix, path = parted(request.scope["path"])
        language = words.chosen(prefix, given.get(words.COOKIE, ""), request.headers.get("accept-language", ""))
        theme = given.get(THEME, "")
        return Visit(
            house=self.house, caller=caller, voice=words.voice_of(language), page=place.page, asked=asked, query=known,
            path=path if place.ending == "html" else path.removesuffix(f".{place.ending}"), unknown=unknown,
            whole=place.ending != "html",
            theme=theme if theme in THEMES else "", session=state.get("session", ""), address=(request.client or ("",))[0],
        )  # fmt: skip

    def _failed(self, request: Request, error: Exception) -> Response:
        """An error as a page in the reader's language."""
        state = request.scope["state"]
        given = cookies_of(request.headers.get("cookie", ""))
        prefix, _ = parted(request.scope["path"])
        language = words.chosen(prefix, given.get(words.COOKIE, ""), request.headers.get("accept-language", ""))
        theme = given.get(THEME, "")
        caller = state.get("caller", NOBODY)
        visit = nowhere(self.house, caller, request.scope, language, theme if theme in THEMES else "")
        body, status, headers = failure(visit, error, state["request_id"])
        return Response(body, status, {**HEAD, **headers, "Cache-Control": "no-store"}, HTML)


def answer(house: House, visit: Visit, place: Place) -> Answer:
    """The answer to a visit, a kept one where the same was asked of the same state in this minute; secrets have only places."""
    page = place.page
    if not page.kept:
        return _worked_out(house, visit, place)
    kept_as = _question(house, visit, place)
    found = house.answers.get(kept_as)
    if found is None:
        found = _worked_out(house, visit, place)
        house.answers.keep(kept_as, found)
    return found


def _question(house: House, visit: Visit, place: Place) -> Hashable:
    """All that an answer depends on."""
    asked = ("page", visit.path, place.ending, visit.language, visit.theme, visit.query, visit.unknown)
    rests_on = place.page.rests_on(visit) if place.page.rests_on else None
    if place.page.alike or (place.page.rests_on and rests_on is None):
        return asked, house.labels_shown(visit.reader), visit.day
    head, reader = visit.caller.head or house.store.head().hash, visit.reader
    return (
        asked,
        (visit.known, reader.tokens, reader.organisation, reader.person, reader.roles, reader.scopes),
        head,
        reader.now,
        rests_on,
    )


def _worked_out(house: House, visit: Visit, place: Place) -> Answer:
    began = thread_time()
    try:
        with house.store.database.steady():
            shown = place.page.use(visit)
        if shown.file is not None:
            return handed(shown.file, apart=shown.apart)
        if place.ending == "html":
            return Answer(render(visit, shown), "", media=HTML)
        body = twins.as_twin(shown, place.ending, visit.asked.table)
        return Answer(body, "", media=twins.MEDIA[place.ending])
    finally:
        house.lanes.took(f"page {place.page.name}", thread_time() - began)


def respond(request: Request, visit: Visit, found: Answer) -> Response:
    """An answer as HTTP, with the secrets of this reader in their places."""
    body = found.body if found.file else fill(found.body, visit)
    tag = tag_of(body)
    headers = {**HEAD, "ETag": tag, **({"Cache-Control": "no-store"} if visit.page.private else {})}
    if same(request.headers.get("if-none-match"), tag) and not visit.page.private:
        return Response(status_code=304, headers=headers)
    if found.media == twins.MEDIA["csv"]:
        headers["Content-Disposition"] = f'attachment; filename="{visit.page.name}.csv"'
    return Response(body, 200, headers | heads_of(found), found.media)


def _demand_own(request: Request) -> None:
    """Raise what is wrong with the token of a form that no page tells beside what was typed."""
    forged = request.scope["state"].get("forged")
    if forged is not None:
        raise forged


def _plain(text: str) -> str:
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _envelope(request: Request, error: Exception) -> Response:
    """An error as programs are told it."""
    status, request_id = status_of(error), request.scope["state"]["request_id"]
    if status == 500:
        log.error("request %s failed", request_id, exc_info=error)
    headers = {**HEAD, **headers_of(error), "Cache-Control": "no-store"}
    return Response(body_of(error, request_id), status, headers, "application/json")


def _moved(request: Request, path: str) -> Response:
    query = request.url.query
    return RedirectResponse(f"{path}?{query}" if query else path, 307 if request.method in SAFE else 308, HEAD)


def _led(request: Request, path: str, *, program: bool) -> Response | None:
    """Where an address that is no page leads; None for what may be one."""
    if (path == ENGLISH or path.startswith(f"{ENGLISH}/")) and request.method in SAFE:
        return _in_english(request, path)
    prefix, path = parted(path)
    if path == SET:
        return _set(request)
    if path == "/" and program and request.method in SAFE:
        return Response(as_json(WELCOME), 200, HEAD, "application/json")
    if path == "/" or (path.endswith("/") and place_of(path.rstrip("/")) is not None):
        return _moved(request, words.prefixed(prefix, path.rstrip("/") or HOME))
    return None


def _in_english(request: Request, path: str) -> Response:
    """Lead to the page without that part, and note that the reader wants English."""
    query = request.url.query
    back = (path.removeprefix(ENGLISH) or "/") + (f"?{query}" if query else "")
    return RedirectResponse(f"{SET}?{urlencode({'language': 'en', 'back': back})}", 303, HEAD)


def _set(request: Request) -> Response:
    """Note what language or colours a reader wants, and lead him back to where he was.

    Two cookies that nothing else hangs on; still, a page of another site that sends somebody here sets none.
    """
    asked = dict(request.query_params)
    language, theme, back = asked.get("language", ""), asked.get("theme", ""), asked.get("back", HOME)
    if language and language not in LANGUAGES:
        raise BadInput([Problem("language", f"one of {', '.join(LANGUAGES)}", language, "choose one of these")])
    if theme and theme not in {*THEMES, "system"}:
        raise BadInput([Problem("theme", "light, dark or system", theme, "choose one of these")])
    prefix, path = parted(back)[0], local(back, HOME)
    answer = RedirectResponse(words.prefixed(language or prefix or "en", path), 303, {**HEAD, "Cache-Control": "no-store"})
    secure, own = request.url.scheme == "https", request.headers.get("sec-fetch-site", "none") in {"same-origin", "none"}
    for name, value in ((words.COOKIE, language), (THEME, theme)):
        if value and own:
            answer.set_cookie(name, value, A_YEAR, httponly=True, samesite="lax", secure=secure)
    return answer
