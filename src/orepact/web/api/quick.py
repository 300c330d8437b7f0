"""``Quick``: an answer that is kept, told before the framework reads the request, which takes longer than everything else of it.

What an address asks is worked out once, by the framework, and remembered; who asks was found out before, and whether he may ask
that is asked here again. Whatever is not plainly the same goes its usual way.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fastapi import Request

from orepact.web.api.endpoints import respond
from orepact.web.api.lasting import known_question
from orepact.web.edge.callers import Caller, at, demand

if TYPE_CHECKING:
    from orepact.web.edge.answers import Answer
    from orepact.web.edge.gate import App, Receive, Scope, Send
    from orepact.web.edge.house import House


class Quick:
    """An ASGI application around another: tells what is kept by itself, and hands on all else. The caller stands in the state."""

    def __init__(self, app: App, house: House) -> None:
        self.app, self.house = app, house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        found = self._kept(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        if found is None:
            await self.app(scope, receive, send)
        else:
            await respond(Request(scope), found)(scope, receive, send)

    def _kept(self, scope: Scope) -> Answer | None:
        caller: Caller = scope["state"]["caller"]
        known = self.house.remembered.get(scope) if caller.head else None
        if known is None:
            return None
        asked, route = known
        demand(caller, asked.route.deed)
        reader = at(caller, self.house.clock(), whole_minute=True).reader
        question = known_question(self.house, replace(asked, reader=reader), caller.head)
        found = self.house.answers.at_hand(question) if question is not None else None
        if found is not None:
            scope["route"] = route
        return found
