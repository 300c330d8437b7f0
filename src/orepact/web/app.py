"""The application: FastAPI with a route for each row of ``api.table``, and the edge around it.

``create`` is what uvicorn calls in each process; ``application`` makes one on a house that is open already.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing import parent_process
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from orepact._version import __version__
from orepact.errors import NotFound, OrepactError
from orepact.service.access.provider import Provider
from orepact.service.jobs.child import end_with
from orepact.web.api.document import document
from orepact.web.api.endpoints import endpoint_of
from orepact.web.api.health import add_health
from orepact.web.api.oidc import CALLBACK, add_oidc
from orepact.web.api.parameters import vocabulary
from orepact.web.api.quick import Quick
from orepact.web.api.routes import PREFIX
from orepact.web.api.table import ROUTES
from orepact.web.edge.bodies import Bodies
from orepact.web.edge.doorway import Doorway
from orepact.web.edge.gate import App, Gate
from orepact.web.edge.house import House
from orepact.web.edge.refusals import Refused, body_of, headers_of, plain, problems_of_request, status_of
from orepact.web.pages.failures import refusal as page_refusal
from orepact.web.pages.serve import Pages
from orepact.web.pages.warming import warm
from orepact.web.settings import Settings


def create() -> App:
    """The application of a process, by the settings of its environment; one of several ends when the one that started it does."""
    if parent_process() is not None:
        end_with(os.getppid())
    settings = Settings.from_environment()
    provider = Provider.from_environment(os.environ, f"{settings.address}{CALLBACK}")
    house = House.opened(settings)
    house.provider = provider
    warm(house)
    return application(house)


def application(house: House) -> App:
    """The application on a house; it closes the house when the server ends."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        house.warm()
        yield
        house.close()

    app = FastAPI(
        title="orepact", version=__version__, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False,
        lifespan=lifespan,
    )  # fmt: skip
    for route in ROUTES:
        app.add_api_route(
            f"{PREFIX}{route.path}", endpoint_of(house, route), methods=[route.method], response_model=None,
            response_class=Response, operation_id=route.id, tags=[route.tag], status_code=route.done, summary=route.says,
        )  # fmt: skip
    add_health(app, house)
    add_oidc(app, house)
    document(app)
    _add_refusals(app)
    uploads = {f"{PREFIX}{route.path}": route.takes for route in ROUTES if route.large}
    inside = Doorway(Quick(Bodies(Pages(app, house), house, uploads), house), house)
    return Gate(inside, house, page_refusal)


def _add_refusals(app: FastAPI) -> None:
    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        return refusal(request, _unfit(error))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        return refusal(request, _refused(app, request, error))

    async def ours(request: Request, error: Exception) -> Response:
        return refusal(request, error)

    for kind in (OrepactError, Refused, Exception):  # the last is logged by the gate
        app.add_exception_handler(kind, ours)


def _unfit(error: RequestValidationError) -> OrepactError:
    """What does not fit of a request: a name in its path that cannot be one is not there, all else is told at once."""
    named = next((each for each in error.errors() if each["loc"][0] == "path"), None)
    if named is not None:
        word = vocabulary()[str(named["loc"][1])]
        return NotFound(word.name, plain(named["input"]), word.known)
    return problems_of_request(error.errors(), error.body)


def refusal(request: Request, error: Exception) -> Response:
    """An error as an answer."""
    body = body_of(error, request.scope["state"]["request_id"])
    return Response(body, status_of(error), headers_of(error), "application/json")


def _refused(app: FastAPI, request: Request, error: HTTPException) -> Refused:
    """What the router says, in our words; for a method that a path does not know, those that it does."""
    if error.status_code == 405:
        allowed = ", ".join(sorted(_methods(app, request.scope)))
        return Refused(405, "method_not_allowed", f"this path knows {allowed}", {"Allow": allowed})
    if error.status_code == 404:
        return Refused(404, "not_found", "there is no such path")
    return Refused(error.status_code, "bad_request", "the request cannot be read")


def _methods(app: FastAPI, scope: Any) -> set[str]:
    found = {
        method for route in app.routes if route.matches(scope)[0] is not Match.NONE for method in getattr(route, "methods", ())
    }
    return found | ({"HEAD"} if "GET" in found else set())
