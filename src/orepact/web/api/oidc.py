"""Getting in by way of a provider of OpenID Connect: ``POST /oidc/start`` says where the browser goes, ``GET /oidc/callback`` is
where it comes back to.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, FastAPI, Query, Request, Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from orepact.errors import Unauthorised
from orepact.service.access.oidc import LASTS, Back, begin_login, finish_login
from orepact.service.access.provider import Provider
from orepact.service.pact.desk import Desk
from orepact.web.api.routes import PREFIX
from orepact.web.edge.answers import as_json
from orepact.web.edge.callers import check_private, cookie, cookies_of
from orepact.web.edge.house import House
from orepact.web.edge.refusals import Refused

#: Where the provider sends people back to.
CALLBACK = f"{PREFIX}/oidc/callback"
#: Where somebody who is in begins.
HOME = "/"
Secret = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{20,100}$")]
Told = Annotated[str, StringConstraints(max_length=4000)]


class Start(BaseModel):
    """A login that begins; with an invitation, the user is joined to its account."""

    model_config = ConfigDict(extra="forbid")

    invitation: Secret | None = None


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

    @app.get(f"{PREFIX}/oidc/callback", include_in_schema=False)
    async def callback(request: Request, came: Annotated[Came, Query()]) -> Response:
        provider = _provider(house, request)
        cookies = cookies_of(request.headers.get("cookie", ""))
        secret = cookies.get(cookie("", https=_https(request), of="login").partition("=")[0], "")
        if not secret:
            raise Unauthorised("this login has ended, or began in another browser: begin again")
        desk, before = Desk(house.store, None), request.scope["state"]["session"]
        back = Back(came.state, came.code, came.iss, came.error)
        found = await house.in_thread(finish_login, provider, secret, back, desk, lane="waits", before=before)
        answer = Response(status_code=303, headers={"Location": HOME, "Cache-Control": "no-store"})
        answer.headers.append("Set-Cookie", cookie(found.secret, https=_https(request)))
        answer.headers.append("Set-Cookie", cookie("", https=_https(request), of="login"))
        return answer


_META: dict[str, object] = {"manifest": {}, "units": {}, "sources": [], "warnings": []}


def _provider(house: House, request: Request) -> Provider:
    if house.provider is None:
        raise Refused(404, "not_found", "there is no such path")
    check_private(request.url.scheme, request.client)
    return house.provider


def _https(request: Request) -> bool:
    return request.url.scheme == "https"
