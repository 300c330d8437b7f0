"""Those who ask over HTTP, each of another kind, with accounts and tokens as the service keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from orepact.service.access import secret
from orepact.store import doors, feed_links, people
from orepact.store.accounts import client, membership
from orepact.store.canonical import instant

if TYPE_CHECKING:
    from orepact.store.store import Store

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
YESTERDAY = (NOW - timedelta(days=1)).date().isoformat()
AHEAD = instant(NOW + timedelta(days=60))
SECRET = "of-a-test"


@dataclass(frozen=True)
class Audience:
    """Somebody: of an organisation with roles until a day, in the community or not, a client of others, a person, a guest until a
    moment.
    """

    name: str
    organisation: str = ""
    roles: tuple[str, ...] = ("editor",)
    community: bool = False
    client_of: tuple[str, ...] = ()
    client_until: str = ""
    person: str = ""
    guest_until: str = ""
    until: str = ""

    @property
    def gone(self) -> bool:
        """Whether his account lets him in no more."""
        return self.until == YESTERDAY or ("" < self.guest_until <= instant(NOW))

    @property
    def who(self) -> dict[str, Any]:
        """What of him decides what he sees."""
        clients = self.client_of if not self.client_until else ()
        own = {"organisation": self.organisation, "person": self.person, "community": self.community}
        return {**own, "roles": self.roles, "client_of": list(clients)}

    @property
    def link(self) -> str:
        """The secret of his feeds."""
        return f"{self.name:-<43}"

    @property
    def headers(self) -> dict[str, str]:
        """What he shows."""
        return {"authorization": f"Bearer ore_{self.name}_{SECRET}"} if self.name != "public" else {}


AUDIENCES = {
    one.name: one
    for one in (
        Audience("public"),
        Audience("member", "meti", ("editor", "key_holder"), community=True, person="emi"),
        Audience("steward", "nrcan", ("editor", "steward"), community=True),
        Audience("reader", "nrcan", ("reader",), community=True),
        Audience("client", "buyer", client_of=("nrcan", "first")),
        Audience("formerclient", "seller", client_of=("nrcan",), client_until=YESTERDAY),
        Audience("guest", person="ana", guest_until=AHEAD),
        Audience("formerguest", person="ben", guest_until=instant(NOW - timedelta(days=1))),
        Audience("known", "buyer", community=False, client_of=("nrcan", "first"), person="cho"),
        Audience("nation", "first", ("editor", "steward")),
        Audience("former", "nrcan", ("editor", "steward"), until=YESTERDAY),
        Audience("auditor", "host", ("auditor", "registrar"), community=True),
    )
}
#: Who is told of every entry of the log that there is one, and of its hash.
TOLD_OF_ALL = "auditor"


def let_in(store: Store) -> None:
    """Write down accounts, roles, clients and tokens of all of them."""
    with people.changing(store.database) as connection:
        for one in AUDIENCES.values():
            if one.name == "public":
                continue
            named = people.Account(
                one.name, one.name.title(), person=one.person, guest=int(bool(one.guest_until)), expires_at=one.guest_until
            )
            people.add_account(connection, named)
            for role in one.roles if one.organisation else ():
                people.put(connection, membership, people.Membership(one.name, one.organisation, role, one.until))
            for owner in one.client_of:
                people.put(connection, client, people.Client(owner, one.organisation, one.client_until))
            if one.community:
                people.join_community(connection, one.organisation)
            hashed = secret.hashed(SECRET)
            scopes = "read write keys runs export admin"
            token = doors.Token(one.name, hashed, one.name, one.organisation, "test", scopes, instant(NOW), AHEAD, used_at=AHEAD)
            doors.add_token(connection, token)
            times = {"created_at": instant(NOW), "ends_at": AHEAD, "used_at": AHEAD}
            hashed = secret.hashed(one.link)
            feed_links.add(connection, feed_links.FeedLink(one.name, hashed, one.name, one.organisation, "test", **times))
