"""Getting in by way of a provider of OpenID Connect: ``POST /oidc/start`` says where the browser goes, ``GET /oidc/begin`` leads
it there from a page, ``GET /oidc/callback`` is where it comes back to.

A page leads there by a link: a form that ends at another host is what the policy of pages forbids.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import Body, FastAPI, Query, Request, Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from orepact.errors import OrepactError, TooMany, Unauthorised
from orepact.service.access.oidc import LASTS, Back, begin_login, finish_login
from orepact.service.access.provider import Provider
from orepact.service.asked import LinkSecret
from orepact.service.pact.desk import Desk
from orepact.web.api.routes import PREFIX
from orepact.web.edge.answers import as_json
from orepact.web.edge.callers import NOBODY, check_private, cookie, cookies_of
from orepact.web.edge.faces import local
from orepact.web.edge.house import House
from orepact.web.edge.refusals import Refused

#: Where the provider sends people back to.
CALLBACK = f"{PREFIX}/oidc/callback"
#: Where somebody who is in begins.
HOME = "/"
#: The page that tells people of a login that came to nothing.
FAILED = "/account/login?provider=failed"
Told = Annotated[str, StringConstraints(max_length=4000)]


class Start(BaseModel):
    """A login that begins; with an invitation, the user is joined to its account."""

    model_config = ConfigDict(extra="forbid")

    invitation: LinkSecret | None = None


class Begin(BaseModel):
    """A login that begins at a page: where somebody goes once he is in, and the invitation that he has."""

    model_config = ConfigDict(extra="forbid")

    back: Told = ""
    invitation: LinkSecret | None = None


class Came(BaseModel):
    """What a provider sends a browser back with; what it adds besides is passed over, as the protocol says."""

    state: Told = ""
    code: Told = ""
    iss: Told = ""
    error: Told = ""


def add_oidc(app: FastAPI, house: House) -> None:
    """Add both to an application; without a provider they are not there."""

    @app.post(f"{PREFIX}/oidc/start", include_in_schema=False)
    async def start(request: Request, content: Annotated[Start, Body()]) -> Response:
        provider = _provider(house, request)
        desk = Desk(house.store, request.scope["state"]["caller"].reader)
        begun = await house.in_thread(begin_login, provider, desk, lane="waits", invitation=content.invitation or "")
        body = as_json({"data": [{"address": begun.address}], "meta": _META})
        kept = cookie(begun.secret, https=_https(request), of="login", seconds=int(LASTS.total_seconds()))
        return Response(body, 200, {"Set-Cookie": kept, "Cache-Control": "no-store"}, "application/json")

    @app.get(f"{PREFIX}/oidc/begin", include_in_schema=False)
    async def begin(request: Request, asked: Annotated[Begin, Query()]) -> Response:
        try:
            provider = _provider(house, request)
            desk = Desk(house.store, NOBODY.reader)
            begun = await house.in_thread(begin_login, provider, desk, lane="waits", invitation=asked.invitation or "")
        except (Unauthorised, TooMany) as error:
            return _sorry(request, error)
        https, seconds = _https(request), int(LASTS.total_seconds())
        answer = Response(status_code=303, headers={"Location": begun.address, "Cache-Control": "no-store"})
        answer.headers.append("Set-Cookie", cookie(begun.secret, https=https, of="login", seconds=seconds))
        back = quote(_ours(asked.back), safe="/")
        answer.headers.append("Set-Cookie", cookie(back, https=https, of="back", seconds=seconds))
        return answer

    @app.get(f"{PREFIX}/oidc/callback", include_in_schema=False)
    async def callback(request: Request, came: Annotated[Came, Query()]) -> Response:
        provider = _provider(house, request)
        secret, to = _kept(request, "login"), _ours(unquote(_kept(request, "back")))
        desk, before = Desk(house.store, None), request.scope["state"]["session"]
        back = Back(came.state, came.code, came.iss, came.error)
        try:
            found = await house.in_thread(finish_login, provider, secret, back, desk, lane="waits", before=before)
        except Unauthorised as error:
            return _sorry(request, error)
        answer = Response(status_code=303, headers={"Location": to, "Cache-Control": "no-store"})
        answer.headers.append("Set-Cookie", cookie(found.secret, https=_https(request)))
        for name in ("login", "back"):
            answer.headers.append("Set-Cookie", cookie("", https=_https(request), of=name))
        return answer


def _kept(request: Request, name: str) -> str:
    """What a cookie of a login holds; "" without one."""
    field = cookie("", https=_https(request), of=name).partition("=")[0]
    return cookies_of(request.headers.get("cookie", "")).get(field, "")


def _ours(path: str) -> str:
    """A path of this service, with its language; else where somebody who is in begins."""
    return path if local(path, "") else HOME


def _sorry(request: Request, error: OrepactError) -> Response:
    """A login that came to nothing: people are told on the page where they began, programs as always."""
    if "text/html" not in request.headers.get("accept", ""):
        raise error
    return Response(status_code=303, headers={"Location": FAILED, "Cache-Control": "no-store"})


_META: dict[str, object] = {"manifest": {}, "units": {}, "sources": [], "warnings": []}


def _provider(house: House, request: Request) -> Provider:
    if house.provider is None:
        raise Refused(404, "not_found", "there is no such path")
    check_private(request.url.scheme, request.client)
    return house.provider


def _https(request: Request) -> bool:
    return request.url.scheme == "https"
