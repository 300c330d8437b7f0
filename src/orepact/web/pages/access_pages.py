"""The log of access: who got in, whom somebody let in, what was made to act with, and what left the register; all of it for
auditors, for others what they did themselves.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from orepact.report.sentences import said, sentence
from orepact.service import access
from orepact.service.asked import Day, Id
from orepact.web.pages.page import Asked, Page
from orepact.web.pages.shown import Badge, Column, Shown
from orepact.web.pages.tables import rows_of, shown_of, table_of

if TYPE_CHECKING:
    from orepact.service.result import Result
    from orepact.web.pages.visit import Visit

A_PAGE = 100
Sort = Literal["in", "people", "tools", "shelves", "left"]
#: What was done, by sort and use case, in words.
DONE: dict[Sort, dict[str, str]] = {
    "in": {
        "log_in": sentence("Logged in"),
        "log_in_by_provider": sentence("Logged in by a provider"),
        "accept_invitation": sentence("Took an invitation"),
        "act_for": sentence("Acts for an organisation"),
        "change_password": sentence("Changed the password"),
    },
    "people": {
        "add_account": sentence("Added an account"),
        "invite": sentence("Invited somebody"),
        "account_active": sentence("Unlocked an account"),
        "account_locked": sentence("Locked an account"),
        "account_closed": sentence("Closed an account"),
        "give_role": sentence("Gave a role"),
        "end_role": sentence("Ended a role"),
        "share_with_client": sentence("Made an organisation a client"),
        "end_client": sentence("Ended that an organisation is a client"),
        "join_community": sentence("Let an organisation into the community"),
        "leave_community": sentence("Took an organisation out of the community"),
    },
    "tools": {
        "make_token": sentence("Made a token"),
        "revoke_token": sentence("Ended a token"),
        "make_feed_link": sentence("Made a feed link"),
        "end_feed_link": sentence("Ended a feed link"),
        "subscribe": sentence("Made a webhook"),
        "try_webhook": sentence("Tried a webhook"),
        "resume_webhook": sentence("Resumed a webhook"),
        "end_webhook": sentence("Ended a webhook"),
        "seal_again": sentence("Sealed the secrets of webhooks anew"),
    },
    "shelves": {
        "put_overlay": sentence("Put an overlay"),
        "end_overlay": sentence("Ended an overlay"),
        "put_network": sentence("Put a network"),
        "end_network": sentence("Ended a network"),
    },
    "left": {},
}
SORTS = {
    "in": sentence("Who got in"),
    "people": sentence("Whom somebody let in"),
    "tools": sentence("Tokens, links and webhooks"),
    "shelves": sentence("Overlays and networks"),
    "left": sentence("What left the register"),
}
#: Of what left the register.
TOOK = sentence("Took something out of the register")
COLUMNS = (
    Column("at", sentence("When"), how="code"),
    Column("who", sentence("Who")),
    Column("what", sentence("What was done"), how="words"),
    Column("key", sentence("To what"), how="code"),
    Column("label", sentence("Strictest label")),
)
HOLDER = said("who holds the database")


class LogAsked(Asked):
    """Which entries: of one account, of one sort, since a day; where the page begins."""

    account: Id | None = None
    sort: Sort | None = None
    since: Day | None = None
    after: int = Field(default=0, ge=0, lt=2**53)


def log(visit: Visit) -> Shown:
    """Entries of the log of access, the newest first; raises ``Forbidden`` where one who is no auditor asks for another's,
    ``BadInput``.
    """
    asked: LogAsked = visit.asked
    of_all = "audit" in visit.deeds
    account = asked.account or ("" if of_all else visit.reader.account)
    found = access.access_log(
        visit.desk, account=account, deeds_of=[*DONE[asked.sort]] if asked.sort else (),
        exported=asked.sort == "left", since=asked.since, newest=True, after=asked.after, limit=A_PAGE,
    )  # fmt: skip
    empty = sentence("Nothing of this is written down.")
    table = table_of(found, "access", sentence("Log of access"), COLUMNS, cells=_entry, empty=empty)
    title = "" if of_all else sentence("What your account did")
    context = {"after": found.meta.get("after"), "sorts": SORTS, "of_all": of_all, "span": _span(found)}
    told = {"api": "/api/v1/access-log", "command": _command(asked)} if of_all else {}
    return shown_of(found, table, title=title, context=context, warnings=[], **told)


def _span(found: Result) -> tuple[str, str] | None:
    """The days of the first and the last entry of the page; None where there is none."""
    days = [str(row["at"])[:10] for row in rows_of(found)]
    return (min(days), max(days)) if days else None


def _entry(row: Any) -> dict[str, Any]:
    done = {name: words for some in DONE.values() for name, words in some.items()}
    return {
        "at": row["at"][:19].replace("T", " "),
        "who": row["account"] or HOLDER,
        "what": done.get(row["use_case"], TOOK if row["exported"] else row["use_case"]),
        "key": row["key"] or None,
        "label": Badge(row["label"]) if row["label"] else None,
    }


def _command(asked: LogAsked) -> str:
    words = ["orepact", "account", "log", "--newest"]
    words += ["--account", asked.account] if asked.account else []
    words += ["--exported"] if asked.sort == "left" else []
    words += ["--since", asked.since] if asked.since else []
    return shlex.join(words)


PAGES = (
    Page(
        path="/account/access",
        name="access_log",
        title=sentence("Who got in, and what left"),
        use=log,
        template="account/access.html.j2",
        asked=LogAsked,
        deed="see_me",
        kept=False,
    ),
)
