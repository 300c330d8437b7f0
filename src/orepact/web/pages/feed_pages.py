"""Feeds and webhooks of an account: secret links for calendars and readers of feeds, and addresses that are told of changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from orepact.report.sentences import sentence
from orepact.service import pact, sharing
from orepact.service.asked import Id, Line, WebAddress
from orepact.service.view import bodies
from orepact.web.pages.page import BEFORE, Filled, Form, Page, Sent
from orepact.web.pages.shown import Column, Shown
from orepact.web.pages.tables import dated, rows_of, shown_of, table_of

if TYPE_CHECKING:
    from orepact.web.pages.visit import Visit


class Link(Filled):
    """A secret link to one's feeds."""

    name: Line
    days: Annotated[int, Field(ge=1, le=366)] = 366


class EndLink(Filled):
    """A link that opens nothing more."""

    link: Id


class Hook(Filled):
    """An address that is told of changes."""

    name: Line
    url: WebAddress
    kinds: Annotated[list[Id], Field(max_length=100)] = Field(default_factory=list)


class OneHook(Filled):
    """A webhook by its id."""

    webhook: Id


LINKS = (
    Column("name", sentence("What reads it")),
    Column("organisation", sentence("Organisation"), how="code"),
    Column("created_at", sentence("Made"), how="day"),
    Column("ends_at", sentence("Ends"), how="day"),
    Column("used_at", sentence("Last used"), how="day"),
    Column("revoked_at", sentence("Ended"), how="day"),
)
HOOKS = (
    Column("name", sentence("What receives it")),
    Column("url", sentence("Address"), how="code"),
    Column("kinds", sentence("Kinds")),
    Column("state", sentence("State"), how="words"),
    Column("reason", sentence("Why")),
    Column("delivered_at", sentence("Last delivered"), how="day"),
    Column("created_at", sentence("Made"), how="day"),
)
#: States of webhooks.
STATES = (sentence("active"), sentence("disabled"), sentence("ended"))


def feeds(visit: Visit, made: Any = None) -> Shown:
    """One's feed links, without what is secret of them; ``made``: a new one, whose addresses are told this once."""
    found = sharing.list_links(visit.desk, account=visit.reader.account)
    table = table_of(
        found, "links", sentence("Your feed links"), LINKS, empty=sentence("You have made no feed link."), cells=dated
    )
    living = [(row["link"], row["name"]) for row in rows_of(found) if not row["revoked_at"]]
    context = {"made": made, "living": living, "addresses": _addresses(visit, made) if made else []}
    return shown_of(found, table, context=context, api="/api/v1/feed-links")


def _addresses(visit: Visit, made: Any) -> list[tuple[Any, str]]:
    """The addresses of a new link: alerts, and the calendar of each body."""
    home = f"{visit.house.settings.address}/api/v1/feeds/{made.secret}"
    calendars = [(one.title, f"{home}/{one.id}.ics?language={visit.language}") for one in bodies.tree(visit.desk)]
    return [(None, f"{home}/alerts.atom"), *calendars]


def make(visit: Visit, content: Link) -> Sent:
    """A link; its secret is shown this once."""
    account, organisation = visit.reader.account, visit.reader.organisation
    made = sharing.make_link(account, visit.desk, name=content.name, days=content.days, organisation=organisation)
    return Sent(shown=feeds(visit, made))


def end(visit: Visit, content: EndLink) -> Sent:
    """Let a link open nothing more; raises ``NotFound``."""
    sharing.end_link(content.link, visit.desk)
    return Sent(to="/account/feeds")


def webhooks(visit: Visit, made: Any = None) -> Shown:
    """One's webhooks; ``made``: a new one, whose secret is told this once."""
    found = sharing.list_webhooks(visit.desk, account=visit.reader.account)
    table = table_of(
        found,
        "webhooks",
        sentence("Your webhooks"),
        HOOKS,
        empty=sentence("You have made no webhook: no address of yours is told of changes."),
        cells=lambda row: {**dated(row), "kinds": row["kinds"] or sentence("all"), "reason": row["reason"] or None},
    )
    living = [(row["webhook"], row["name"]) for row in rows_of(found) if row["state"] != "ended"]
    kinds = [(row["kind"], row["kind"].replace("_", " ")) for row in rows_of(pact.list_kinds())]
    return shown_of(found, table, context={"made": made, "living": living, "kinds": kinds}, api="/api/v1/webhooks")


def subscribe(visit: Visit, content: Hook) -> Sent:
    """A webhook; the secret that signs its messages is shown this once. Raises ``BadInput``."""
    account, organisation = visit.reader.account, visit.reader.organisation
    made = sharing.subscribe(
        account, visit.desk, url=content.url, name=content.name, kinds=content.kinds, organisation=organisation
    )
    return Sent(shown=webhooks(visit, made))


def attempt(visit: Visit, content: OneHook) -> Sent:
    """A message that says nothing; raises ``NotFound``, ``Conflict``."""
    sharing.try_webhook(content.webhook, visit.desk)
    return Sent(to="/account/webhooks")


def resume(visit: Visit, content: OneHook) -> Sent:
    """Send again from now on; raises ``NotFound``, ``Conflict``."""
    sharing.resume_webhook(content.webhook, visit.desk)
    return Sent(to="/account/webhooks")


def stop(visit: Visit, content: OneHook) -> Sent:
    """Send nothing more; raises ``NotFound``."""
    sharing.end_webhook(content.webhook, visit.desk)
    return Sent(to="/account/webhooks")


PAGES = (
    Page(
        path="/account/feeds",
        name="feeds",
        title=sentence("Feeds and calendars"),
        use=feeds,
        template="account/feeds.html.j2",
        deed="see_me",
        forms=(
            Form(name="make", fields=Link, send=make, deed="make_feed_link", done=BEFORE, secret=True),
            Form(name="end", fields=EndLink, send=end, deed="end_feed_link", done=sentence("The link opens nothing any more.")),
        ),
        kept=False,
        private=True,
    ),
    Page(
        path="/account/webhooks",
        name="webhooks",
        title=sentence("Webhooks"),
        use=webhooks,
        template="account/webhooks.html.j2",
        deed="see_me",
        forms=(
            Form(name="make", fields=Hook, send=subscribe, deed="subscribe", done=BEFORE, secret=True),
            Form(
                name="try",
                fields=OneHook,
                send=attempt,
                deed="subscribe",
                done=sentence("A message without content is on its way."),
            ),
            Form(name="resume", fields=OneHook, send=resume, deed="subscribe", done=sentence("It sends from now on.")),
            Form(name="stop", fields=OneHook, send=stop, deed="subscribe", done=sentence("Nothing more is sent there.")),
        ),
        kept=False,
        private=True,
    ),
)
