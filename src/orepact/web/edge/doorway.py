"""``Doorway``: finds out who asks before anything of the request is read further, and counts how often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orepact.errors import Unauthorised
from orepact.web.edge.callers import NOBODY, SAFE, Caller, check_form, check_origin, shown_by
from orepact.web.edge.faces import WELL, enters, is_page, sends_form
from orepact.web.edge.gate import App, Receive, Scope, Send, fields_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orepact.web.edge.house import House

#: Where one gets in, open to all whatever else is.
ENTRANCE = ("/api/v1/login", "/api/v1/invitations/", "/api/v1/oidc/", "/api/v1/openapi.json")
#: Feeds whose address is a secret: who has it is answered, whoever he is. That of all is closed where the service is.
FEEDS, OPEN_FEED = "/api/v1/feeds/", "/api/v1/feeds/alerts.atom"


class Doorway:
    """An ASGI application around another, to which it hands the caller in the state of the request."""

    def __init__(self, app: App, house: House) -> None:
        self.app, self.house = app, house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            well = scope["path"] in WELL  # neither counted nor closed
            scope["state"]["caller"] = NOBODY if well else await self._caller(scope, fields_of(scope))
        await self.app(scope, receive, send)

    async def _caller(self, scope: Scope, fields: Mapping[str, str]) -> Caller:
        settings, rates = self.house.settings, self.house.rates
        entering = entered_by(scope["path"])
        client = (scope.get("client") or ("",))[0]
        address = f"address {client}"
        shown: dict[str, str] = {}
        try:
            shown = shown_by(fields, https=scope["scheme"] == "https")
            scope["state"]["session"] = shown.get("session", "")
            caller = await self._met(shown, f"failures {client}") if shown else NOBODY
        except Unauthorised:
            rates.take(f"failures {client}", settings.anonymous_rate)
            rates.take(address, settings.anonymous_rate)
            ended = is_page(scope["path"]) and "session" in shown
            if not (entering or ended):
                raise
            scope["state"]["ended"] = ended
            shown, caller = {}, NOBODY  # a session that has ended keeps nobody from getting in again, or from reading a page
        if caller.reader.account:
            rates.take(f"account {caller.reader.account}", settings.account_rate)
        else:
            rates.take(address, settings.anonymous_rate)
        if not (caller.reader.account or settings.public or entering):
            raise Unauthorised("log in, or send a token: Authorization: Bearer ...")
        if scope["method"] not in SAFE:
            if "token" not in shown:
                check_origin(fields, fields.get("host", ""))
            if not (entering or sends_form(scope["path"], fields)):  # that of a form stands in its body
                check_form(caller, fields)
        return caller

    async def _met(self, shown: Mapping[str, str], failures: str) -> Caller:
        """Who shows this; raises ``Unauthorised``, and ``TooMany`` without looking him up where ``failures`` of his address are
        used up, unless what he shows let somebody in before.
        """
        familiar = self.house.familiar
        pulse = await self.house.pulse.told()
        found = familiar.again(shown, pulse)
        if found is None:
            if not familiar.proved(shown):
                self.house.rates.look(failures, self.house.settings.anonymous_rate)
            try:
                found = await self.house.in_thread(self.house.accounts.caller_of, lane="door", **shown)
            except Unauthorised:
                familiar.forget(shown)
                raise
            familiar.note(shown, found, pulse)
        return found


def entered_by(path: str) -> bool:
    """Whether a path is open to who is not logged in, also where the service is not.

    >>> entered_by("/api/v1/login"), entered_by("/api/v1/feeds/SECRET/alerts.atom"), entered_by("/api/v1/feeds/alerts.atom")
    (True, True, False)
    """
    return path.startswith(ENTRANCE) or (path.startswith(FEEDS) and path != OPEN_FEED) or enters(path)
