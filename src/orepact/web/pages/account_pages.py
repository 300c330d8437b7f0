"""Getting in and out: log in, an invitation, log out; and the page of one's own account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from urllib.parse import urlencode, urlsplit

from pydantic import Field

from orepact.report.sentences import sentence
from orepact.service import access
from orepact.service.asked import Id, LinkSecret, PasswordText
from orepact.service.pact.desk import Desk
from orepact.web.edge.faces import form_of, local
from orepact.web.pages.page import Asked, Filled, Form, Page, Sent
from orepact.web.pages.shown import Column, Shown
from orepact.web.pages.tables import rows_of, shown_of, table_of

if TYPE_CHECKING:
    from orepact.service.access.sessions import LoggedIn
    from orepact.web.pages.visit import Visit

HOME = "/tower"


class Coming(Asked):
    """Where somebody goes once he is in; whether a login by a provider came to nothing."""

    back: str = Field(default="", max_length=4000)
    provider: Literal["failed"] | None = None


class Invited(Asked):
    """What the link of an invitation carries."""

    secret: LinkSecret


class Login(Filled):
    """A name and a password; ``kept``: a form that was sent without a session, for the page at ``path``."""

    name: str = Field(max_length=300)
    password: PasswordText
    path: str = Field(default="", max_length=8000)
    kept: str = ""


class Choice(Filled):
    """A password that somebody chooses."""

    password: PasswordText


class Change(Filled):
    """Another password."""

    old: PasswordText
    new: PasswordText


class Acting(Filled):
    """For whom somebody acts from now on."""

    organisation: Id


class Nothing(Filled):
    """No field."""


def entrance(visit: Visit) -> Shown:
    """The page that asks for name and password, or leads to the provider of logins where there is one."""
    return Shown(context=_by_provider(visit, back=visit.link(local(visit.asked.back, HOME))))


def _by_provider(visit: Visit, **asked: str) -> dict[str, str]:
    """Which provider lets people in, and the address that leads there; nothing where there is none."""
    provider = visit.house.provider
    if provider is None:
        return {}
    return {"provider": urlsplit(provider.issuer).netloc, "begin": f"/api/v1/oidc/begin?{urlencode(asked)}"}


def log_in(visit: Visit, content: Login) -> Sent:
    """Let somebody in; raises ``Unauthorised``, ``TooMany``."""
    desk = Desk(visit.house.store, None)
    typed = form_of(content.kept.encode()) if content.kept else []  # before anybody is let in: it may be no form
    found = access.log_in(content.name, content.password, desk, address=visit.address, before=visit.session)
    if content.kept and local(content.path, HOME) != HOME:
        context = {"path": content.path, "kept": typed}
        return _in(found, shown=Shown(title=sentence("Send what you typed"), context=context))
    return _in(found, to=local(visit.asked.back, HOME))


def _in(found: LoggedIn, *, to: str = "", shown: Shown | None = None) -> Sent:
    return Sent(to=to, shown=shown, session=found.secret, caller=found.caller)


def log_out(visit: Visit, _: Nothing) -> Sent:
    """End the session."""
    if visit.session:
        access.log_out(visit.session, visit.desk)
    return Sent(to=HOME, session="")


def invitation(visit: Visit) -> Shown:
    """Whom an invitation is for; raises ``Unauthorised`` for one that is used up, over, or none."""
    found = access.show_invitation(visit.asked.secret, Desk(visit.house.store, None))
    provider = _by_provider(visit, invitation=visit.asked.secret, back=visit.link("/account"))
    return Shown(context={"invited": rows_of(found)[0], **provider})


def accept(visit: Visit, content: Choice) -> Sent:
    """Choose a password, and be in; raises ``BadInput`` for one that is easily guessed."""
    return _in(access.accept_invitation(visit.asked.secret, content.password, Desk(visit.house.store, None)), to="/account")


ROLES = (
    Column("organisation", sentence("Organisation"), how="code"),
    Column("role", sentence("Role")),
    Column("until", sentence("Until"), how="day"),
    Column("for", sentence("What it is for")),
)


def mine(visit: Visit) -> Shown:
    """Who one is, for whom one acts, what one may do."""
    found = access.show_me(visit.desk)
    roles = table_of(found, "roles", sentence("Your roles"), ROLES, cells=lambda row: {"until": row["until"] or None})
    others = sorted({row["organisation"] for row in roles.rows} - {visit.reader.organisation})
    return shown_of(found, roles, context={"me": found.top, "others": others}, api="/api/v1/me")


def act_for(visit: Visit, content: Acting) -> Sent:
    """Act for another organisation; raises ``Forbidden`` without a role in it."""
    return _in(access.act_for(content.organisation, visit.session, Desk(visit.house.store, None)), to="/account")


def change(visit: Visit, content: Change) -> Sent:
    """Another password; raises ``Unauthorised`` for a wrong old one, ``BadInput`` for a weak new one."""
    desk = Desk(visit.house.store, None)
    return _in(access.change_password(content.old, content.new, visit.session, desk, address=visit.address), to="/account")


PAGES = (
    Page(
        path="/account",
        name="account",
        title=sentence("Your account"),
        use=mine,
        template="account/me.html.j2",
        deed="see_me",
        forms=(
            Form(name="act", fields=Acting, send=act_for, deed="see_me", done=sentence("You act for another organisation now.")),
            Form(
                name="password", fields=Change, send=change, deed="change_password",
                done=sentence("Your password is changed. Your other sessions have ended."),
            ),
        ),
        kept=False,
        private=True,
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
    Page(
        path="/account/invitation/{secret}",
        name="invitation",
        title=sentence("Your invitation"),
        use=invitation,
        template="account/invitation.html.j2",
        asked=Invited,
        forms=(Form(name="choose", fields=Choice, send=accept, deed="read", done=""),),
        kept=False,
        private=True,
    ),
)  # fmt: skip
