"""Endpoints: for each route a function that FastAPI can read: its parameters, its body, its ways to end."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from inspect import Parameter as Argument
from inspect import Signature
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import Body, Header, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, create_model

from orepact.errors import BadInput, Forbidden, Problem
from orepact.service.asked import Expects, text_of
from orepact.web.api.lasting import remember
from orepact.web.api.parameters import vocabulary
from orepact.web.api.routes import IN_PATH_AS, Does, Route
from orepact.web.api.serving import Asked as Question
from orepact.web.api.serving import answer
from orepact.web.api.sheets import FORMS, wanted
from orepact.web.edge.answers import Answer
from orepact.web.edge.callers import Caller, at, check_private, cookie, demand
from orepact.web.edge.house import House
from orepact.web.edge.refusals import needs_version, stale
from orepact.web.edge.tags import same, version_named

#: Use cases that give somebody a session.
SESSIONS = frozenset({"access.log_in", "access.accept_invitation", "access.act_for", "access.change_password"})
#: A key of somebody's own for a change.
Key = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$"),
    Expects("8 to 64 letters, digits, _ and -, of your own for each change", "walk-0001"),
]  # fmt: skip
HeadText = Annotated[str, StringConstraints(max_length=200), text_of(200)]
#: So much is said of what a file leaves out.
LONGEST_NOTE = 4000
#: So many values of one name may stand in an address.
MOST_NAMED = 50


class Asked(BaseModel):
    """What stands in an address after the question mark: only what the route knows."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


def endpoint_of(house: House, route: Route) -> Callable[..., Any]:
    """The function that serves a route, with a signature that says what may be sent."""

    async def endpoint(request: Request, **sent: Any) -> Response:
        request.scope["state"]["home"] = house.settings.address
        caller: Caller = request.scope["state"]["caller"]
        demand(caller, route.deed)
        if route.use_case in SESSIONS:
            check_private(request.url.scheme, request.client)
        caller = at(caller, house.clock(), whole_minute=route.does is Does.reads)
        if route.versioned and "idempotency-key" in request.headers:
            mend = "leave it out: with If-Match it is done once, however often it is sent"
            raise BadInput([Problem("Idempotency-Key", "none where a version is put", "one", mend)])
        arguments = _arguments(route, caller, {**sent, "request": request})
        form = wanted(getattr(sent.get("asked"), "format", None), request.headers.get("accept", "")) if route.tabular else "json"
        body = request.scope["state"].get("body", b"")
        question = Question(route, caller.reader, arguments, sent.get("key"), body, form, caller.head)
        if caller.head:  # others are never told what is remembered
            remember(house, request.scope, question)
        lane = house.lanes.of(route.id) if route.does is Does.reads else "waits"
        return respond(request, await house.in_thread(answer, house, question, lane=lane))

    endpoint.__name__ = route.id
    endpoint.__doc__ = route.says
    endpoint.__signature__ = Signature(_parameters(route))  # type: ignore[attr-defined]  # what FastAPI reads
    return endpoint


def _parameters(route: Route) -> list[Argument]:
    words = vocabulary()
    found = [Argument("request", Argument.KEYWORD_ONLY, annotation=Request)]
    for name in route.in_path:
        word = words[name]
        found.append(_argument(name, Annotated[word.type, Path(description=word.says)]))
    found.append(_argument("asked", Annotated[query_of(route), Query()]))
    if route.body is not None:
        found.append(_argument("content", Annotated[route.body, Body()]))
    if route.versioned:
        found.append(_header("if_match", "If-Match", "The tag of the version that you change."))
        found.append(_header("if_none_match", "If-None-Match", "`*` for a new record."))
    elif route.does is Does.changes:
        says = "A key of your own for this change: sent again within a day, it changes nothing and is told the same."
        found.append(_header("key", "Idempotency-Key", says, Key))
    return found


def _header(argument: str, name: str, says: str, type_: Any = HeadText) -> Argument:
    annotation = Annotated[type_ | None, Header(alias=name, description=says)]
    return Argument(argument, Argument.KEYWORD_ONLY, default=None, annotation=annotation)


def _argument(name: str, annotation: Any) -> Argument:
    return Argument(name, Argument.KEYWORD_ONLY, annotation=annotation)


def query_of(route: Route) -> type[BaseModel]:
    """What may stand in the address of a route, as a model; its fields are named as the arguments of the use case.

    Routes that take the same share a model: FastAPI remembers the fields of 128, and makes those of others anew each time.
    """
    given = ((name, key, required) for name, (key, required) in route.given().items() if key not in route.in_path)
    return _model(tuple(given), tabular=route.tabular)


@cache
def _model(given: tuple[tuple[str, str, bool], ...], *, tabular: bool) -> type[BaseModel]:
    words = vocabulary()
    fields: dict[str, Any] = {}
    for name, key, required in given:
        word = words[key]
        type_: Any = list[word.type] if word.many else word.type  # type: ignore[name-defined]  # the type of the parameter
        usual = Field(
            ... if required else None, alias=word.name, description=word.says, max_length=MOST_NAMED if word.many else None
        )
        fields[name] = (type_, usual)
    if tabular:
        says = "`csv`: the rows alone, as a table (or `Accept: text/csv`)."
        fields["format"] = (Literal[FORMS] | None, Field(None, description=says))
    return create_model("Asked", __base__=Asked, **fields)


def _arguments(route: Route, caller: Caller, sent: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, as arguments of the use case, with who sends it."""
    asked, content = sent.get("asked"), sent.get("content")
    found = {IN_PATH_AS.get(name, name): sent[name] for name in route.in_path}
    found |= {name: getattr(asked, name) for name in asked.model_fields_set - {"format"}} if asked is not None else {}
    found |= _content(route, content, sent["request"].scope["state"].get("body", b""))
    found |= dict(route.fixed)
    if found.get("at") is not None and "registrar" not in caller.reader.roles:
        raise Forbidden("to say when a change was made takes the role registrar: leave `at` out")
    if route.versioned:
        found |= _version(route, sent.get("if_match"), sent.get("if_none_match"))
    state = sent["request"].scope["state"]
    shown = {"session": state["session"], "home": state["home"], "address": (sent["request"].client or ("",))[0]}
    mine = {argument: name for argument, name in route.mine if name not in shown}
    found |= {argument: shown[name] for argument, name in route.mine if name in shown}
    return found | {argument: getattr(caller.reader, name) or None for argument, name in mine.items()}


def _content(route: Route, content: Any, body: bytes) -> dict[str, Any]:
    """What was sent in the body, as arguments."""
    if content is None:
        return {route.whole: body} if route.whole else {}
    return {route.whole: content.model_dump(exclude_unset=True)} if route.whole else dict(content.arguments())


def _version(route: Route, match: str | None, none_match: str | None) -> dict[str, Any]:
    """The version that a change replaces, and its mark; none for a new record."""
    new = none_match is not None and none_match.strip() == "*" and match is None
    if new and route.deed != "share":
        return {}
    if match is None:
        raise needs_version("If-Match with its tag" + ("" if route.deed == "share" else ", or If-None-Match: * for a new record"))
    named = version_named(match)
    if named is None:
        raise stale("this is no tag of a version of a record: read it again, and change that")
    return {"version": named[0], "mark": named[1]}


def respond(request: Request, found: Answer) -> Response:
    """An answer as HTTP: with its tag, the address of the next page, and without a body where who asks has it already."""
    headers = {"ETag": found.tag} if found.tag else {}
    headers |= {"Location": found.place} if found.place else {}
    headers |= _of_file(found) if found.file else {}
    if found.session is not None:
        headers |= {"Set-Cookie": cookie(found.session, https=request.url.scheme == "https"), "Cache-Control": "no-store"}
    if found.after is not None:
        kept = [(name, value) for name, value in request.query_params.multi_items() if name != "after"]
        headers["Link"] = f'<{request.url.path}?{urlencode([*kept, ("after", found.after)])}>; rel="next"'
    if request.method == "GET" and found.status == 200 and same(request.headers.get("if-none-match"), found.tag):
        return Response(status_code=304, headers=headers)
    if found.status == 204:
        return Response(status_code=204, headers=headers)
    return Response(found.body, status_code=found.status, headers=headers, media_type=found.media)


def _of_file(found: Answer) -> dict[str, str]:
    """What is said of a file beside it; texts as JSON, which a field of a head takes."""
    said = {"Content-Disposition": f'attachment; filename="{found.file}"'} | ({"X-Label": found.label} if found.label else {})
    return said | ({"X-Left-Out": json.dumps(found.left_out)[:LONGEST_NOTE]} if found.left_out else {})
