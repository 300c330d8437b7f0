"""Accounts: getting in and out, and what is one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from orepact.report.sentences import sentence
from orepact.service import access
from orepact.service.pact.desk import Desk
from orepact.web.pages.page import Asked, Filled, Form, Page, Sent
from orepact.web.pages.shown import Shown

if TYPE_CHECKING:
    from orepact.web.pages.visit import Visit

HOME = "/tower"


class Coming(Asked):
    """Where somebody goes once he is in."""

    back: str = Field(default="", max_length=4000)


class Login(Filled):
    """A name and a password."""

    name: str = Field(max_length=300)
    password: str = Field(max_length=1000)


class Nothing(Filled):
    """No field."""


def entrance(visit: Visit) -> Shown:
    """The page that asks for name and password."""
    return Shown(context={"back": _local(visit.asked.back)})


def log_in(visit: Visit, content: Login) -> Sent:
    """Let somebody in; raises ``Unauthorised``, ``TooMany``."""
    desk = Desk(visit.house.store, None)
    found = access.log_in(content.name, content.password, desk, address=visit.address, before=visit.session)
    return Sent(to=_local(visit.asked.back), session=found.secret)


def log_out(visit: Visit, _: Nothing) -> Sent:
    """End the session."""
    if visit.session:
        access.log_out(visit.session, visit.desk)
    return Sent(to=HOME, session="")


def _local(back: str) -> str:
    """A path of this service without language; the tower for anything else."""
    from orepact.web.edge.faces import parted

    local = back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable()
    return parted(back)[1] if local else HOME


def mine(visit: Visit) -> Shown:
    """Who one is, for whom one acts, what one may do."""
    return Shown(context={"me": access.show_me(visit.desk).envelope()["data"][0]}, command="", api="/api/v1/me")


PAGES = (
    Page(
        path="/account",
        name="account",
        title=sentence("Your account"),
        use=mine,
        template="account/me.html.j2",
        deed="see_me",
        kept=False,
    ),
    Page(
        path="/account/login",
        name="login",
        title=sentence("Log in"),
        use=entrance,
        template="account/login.html.j2",
        asked=Coming,
        forms=(Form(name="login", fields=Login, send=log_in, deed="read", done=""),),
        kept=False,
        private=True,
    ),
    Page(
        path="/account/logout",
        name="logout",
        title=sentence("Log out"),
        use=lambda _: Shown(),
        template="account/logout.html.j2",
        forms=(Form(name="logout", fields=Nothing, send=log_out, deed="read", done=""),),
        kept=False,
        private=True,
    ),
)
