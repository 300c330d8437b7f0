"""Rows of the API about what goes out by itself: feeds, webhooks, and sums over what each keeps to himself."""

from __future__ import annotations

from orepact.web.api import sharing_bodies
from orepact.web.api.routes import Asks, Does, Route

ATOM, CALENDAR = "application/atom+xml", "text/calendar"

FEEDS = (
    Route(
        "GET", "/feeds/alerts.atom", "sharing.alert_feed",
        "Alerts as Atom: open incidents, notices, what is overdue, as you may see them.", ("on",), media=ATOM,
        mine=(("home", "home"),),
    ),
    Route(
        "GET", "/feeds/{secret}/alerts.atom", "sharing.private_alerts", "The same by a secret link, as its account may see them.",
        kept=False, media=ATOM, mine=(("home", "home"),),
    ),
    Route(
        "GET", "/feeds/{secret}/{body}.ics", "sharing.private_calendar", "The calendar of a body by a secret link.",
        ("language",), kept=False, media=CALENDAR,
    ),
    Route(
        "GET", "/feed-links", "sharing.list_links", "Your feed links, without what is secret of them.", deed="see_me", kept=False,
    ),
    Route(
        "POST", "/feed-links", "sharing.make_link", "A secret link to your feeds: its `secret` is told this once.",
        body=sharing_bodies.FeedLink, does=Does.manages, deed="make_feed_link", done=201,
        mine=(("account", "account"), ("organisation", "organisation")),
    ),
    Route(
        "DELETE", "/feed-links/{link}", "sharing.end_link", "Let a feed link open nothing more.", does=Does.manages, done=204,
        deed="end_feed_link",
    ),
)  # fmt: skip

WEBHOOKS = (
    Route("GET", "/webhooks", "sharing.list_webhooks", "Your webhooks, without their secrets.", deed="see_me", kept=False),
    Route(
        "POST", "/webhooks", "sharing.subscribe", "Send changes to an address: the `secret` that signs them is told this once.",
        body=sharing_bodies.Webhook, does=Does.manages, deed="subscribe", done=201,
        mine=(("account", "account"), ("organisation", "organisation")),
    ),
    Route(
        "POST", "/webhooks/{webhook}/test", "sharing.try_webhook", "Send a message that says nothing.", does=Does.manages,
        deed="subscribe",
    ),
    Route(
        "POST", "/webhooks/{webhook}/resume", "sharing.resume_webhook", "Send again, from now on.", does=Does.manages,
        deed="subscribe",
    ),
    Route(
        "DELETE", "/webhooks/{webhook}", "sharing.end_webhook", "Send nothing more, for good.", does=Does.manages, done=204,
        deed="subscribe",
    ),
)  # fmt: skip

POOLS = (
    Route("GET", "/pools", "list_pools", "Every pool.", asks=Asks.nothing),
    Route(
        "GET", "/pools/{pool}", "sharing.pool_today", "What may be told of a pool today, the same for all who ask.", kept=False,
    ),
    Route(
        "GET", "/pools/{pool}/share", "sharing.pool_share",
        "What of your organisation counts in a pool from tomorrow on, and why not.", deed="see_me", kept=False,
    ),
)  # fmt: skip
