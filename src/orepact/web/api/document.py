"""The description of the API (OpenAPI 3.1), with every status that a route can end with."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Response
from fastapi.openapi.utils import get_openapi

from orepact.service.access.may import DEEDS
from orepact.web.api.routes import JSON, PREFIX, Does, Route
from orepact.web.api.sheets import CSV
from orepact.web.api.table import ROUTES
from orepact.web.edge.answers import as_json

MEANING = {
    200: "Done", 201: "Made", 202: "Taken up", 204: "Done", 304: "As the tag that you named", 401: "Nobody that is known",
    403: "Not yours to do", 404: "Not there", 409: "Changed meanwhile", 412: "Not the version that stands", 413: "Too large",
    414: "A path and query of more than 8 KiB",
    415: "Not in the form that is taken", 422: "Problems with what was sent, all of them", 428: "Say which version you change",
    429: "Too often: see Retry-After", 503: "Not now: try again",
}  # fmt: skip
#: What a request can end with before it is found out which route it asks, or when something is wrong with us.
OF_ANY = {
    400: "Not to be read as HTTP, a field of its head twice, or an address that is no UTF-8",
    405: "The path knows other methods: see Allow",
    408: "Too slow: a head takes 10 s at most, a body 30 s", 421: "Asked by a name that is none of this service",
    431: "A head of more than 16 KiB or 64 fields", 500: "Our fault: tell the operator the request_id",
}  # fmt: skip
_TEXT = {"type": "string"}
_PROBLEM = {
    "type": "object",
    "required": ["column", "expected", "found", "mend", "file", "row", "where"],
    "properties": {
        **dict.fromkeys(("column", "expected", "found", "mend", "file", "where"), _TEXT),
        "row": {"type": ["integer", "null"]},
    },
    "additionalProperties": False,
}
ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "problems", "request_id"],
            "properties": {
                "code": _TEXT,
                "message": _TEXT,
                "problems": {"type": "array", "items": _PROBLEM},
                "request_id": _TEXT,
            },
            "additionalProperties": False,
        }
    },
    "additionalProperties": False,
}
META = {
    "type": "object",
    "required": ["manifest", "units", "sources", "warnings"],
    "properties": {
        "manifest": {"type": "object"},
        "units": {"type": "object"},
        "sources": {"type": "array", "items": {"type": "object"}},
        "warnings": {"type": "array", "items": _TEXT},
        "title": _TEXT,
        "after": {"type": ["string", "integer"]},
    },
}
ENVELOPE = {
    "type": "object",
    "required": ["data", "meta"],
    "properties": {"data": {"type": "array", "items": {"type": "object"}}, "meta": META},
}


def document(app: FastAPI) -> None:
    """Let an application say what it is at ``/api/v1/openapi.json``."""
    found: list[bytes] = []

    def openapi() -> dict[str, Any]:
        return described(app)

    async def shown() -> Response:
        if not found:
            found.append(as_json(app.openapi()))
        return Response(found[0], media_type="application/json")

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI documents it
    app.add_api_route(f"{PREFIX}/openapi.json", shown, methods=["GET"], include_in_schema=False)


def described(app: FastAPI) -> dict[str, Any]:
    """The description as plain values."""
    found = get_openapi(title=app.title, version=app.version, routes=app.routes, summary="Who does what by when, and the facts.")
    for route in ROUTES:
        operation = found["paths"][f"{PREFIX}{route.path}"][route.method.lower()]
        operation["responses"] = responses_of(route)
        if route.whole and route.body is None:
            operation["requestBody"] = {"required": True, "content": _content(route.takes)}
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas |= {"Error": ERROR, "Envelope": ENVELOPE}
    found["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    for route in ROUTES:
        open_: list[dict[str, list[str]]] = [{}] if DEEDS[route.deed].anybody else []
        found["paths"][f"{PREFIX}{route.path}"][route.method.lower()]["security"] = [*open_, {"token": [DEEDS[route.deed].scope]}]
    return found


def responses_of(route: Route) -> dict[str, Any]:
    """The ways in which a route can end."""
    return {str(status): _response(route, status) for status in route.statuses}


def _response(route: Route, status: int) -> dict[str, Any]:
    own: dict[str, Any] = {"description": "Answered before" if route.done == 202 and status == 200 else MEANING[status]}
    if status in {204, 304}:
        return own
    name = "Envelope" if status < 400 else "Error"
    own["content"] = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
    if status < 400 and route.media != JSON:
        own["content"] = _content(route.media)
    if status < 400 and route.tabular:
        own["content"] |= _content(CSV)
    own["headers"] = {name: {"schema": _TEXT} for name in _fields(route, status)}
    return own


def _content(media: str) -> dict[str, Any]:
    """A body in a form that is not JSON; what is no text has no schema."""
    return {media: {"schema": _TEXT} if media.startswith("text/") else {}}


def _fields(route: Route, status: int) -> list[str]:
    """The fields of a head that say something of an answer."""
    found = ["ETag"] if status == 200 and route.does is Does.reads else []
    found += ["Location"] if route.done == 202 and status < 300 else []
    return found + (["X-Label"] if route.noted and status == route.done else [])
