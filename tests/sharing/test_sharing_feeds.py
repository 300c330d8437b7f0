"""Feeds: what an alert is, what Atom commands, whom a secret link is for, and that what is hidden changes no byte."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from atom_rules import entries, problems
from sharing_world import START, Clock, account, promise, put
from sqlalchemy import text

from orepact.errors import BadInput, Forbidden, NotFound
from orepact.interchange.atom import Entry, Feed, atom
from orepact.pact.records.kinds import kinds
from orepact.pact.records.readers import PUBLIC, Reader
from orepact.service.access import end_role, set_state
from orepact.service.pact.desk import Desk
from orepact.service.sharing import alert_feed, end_link, list_links, make_link, private_alerts, private_calendar
from orepact.store.store import Store, open_store
from pact_incidents import PEOPLE, incident
from pact_real import MOC

ON = START.date().isoformat()


def titles(content: bytes) -> list[str]:
    """The titles of a feed, sorted."""
    return sorted(entry["title"] for entry in entries(content))


def test_the_alerts_of_the_package_are_a_feed_of_atom(filled: Path) -> None:
    """And are the same bytes each time they are asked for."""
    found = alert_feed(str(filled), on=ON)
    assert problems(found) == []
    assert found == alert_feed(str(filled), on=ON)
    store = open_store(str(filled))
    assert found == alert_feed(Desk(store, Reader(now=datetime.fromisoformat(f"{ON}T00:00Z"))), on=ON), "made for the public"
    assert found != alert_feed(str(filled), on=ON, home="https://register.example.org")
    store.close()


def test_the_checks_find_what_is_wrong() -> None:
    """So that the tests can fail."""
    good = atom(Feed("tag:a,2026:b", "T", "A", [Entry("tag:a,2026:c", "E", "2026-01-01T00:00:00Z", "S", "/x", "TLP:CLEAR")]))
    assert problems(good) == []
    for part, other in (
        (b"<id>tag:a,2026:b</id>", b""),
        (b"<id>tag:a,2026:c</id>", b"<id>c</id>"),
        (b"2026-01-01T00:00:00Z", b"2026-01-01 00:00"),
        (b"<author><name>A</name></author>", b""),
        (b'rel="alternate"', b'rel="related"'),
        (b"<summary>S</summary>", b"<summary>S</summary><summary>S</summary>"),
    ):
        assert part in good
        assert problems(good.replace(part, other)), part


def test_texts_stand_as_texts_whatever_is_in_them() -> None:
    entry = Entry("tag:a,2026:c", "<b>&\x01\ufffe", "2026-01-01T00:00:00Z", "", "/x?a=1&b", "TLP:CLEAR")
    found = atom(Feed("tag:a,2026:b", "]]>", "A", [entry]))
    assert problems(found) == []
    assert titles(found) == ["<b>&\ufffd\ufffd"]
    with pytest.raises(BadInput):
        atom(Feed("tag:a,2026:b", "T", "A", [entry, entry]))


def test_what_is_overdue_is_an_alert_from_the_day_after(small: Store, clock: Clock) -> None:
    """An entry keeps its id; nothing moves while nothing changes."""
    put(small, promise("late"), promise("coming", due="2026-12-31"), promise("kept", done="2026-03-01"))
    desk = Desk(small, PUBLIC)
    (entry,) = entries(alert_feed(desk, on=ON))
    assert entry["title"] == "Overdue: The title of late"
    assert entry["updated"] == "2026-11-23T12:00:00.000000Z", "it was written after it had become overdue"
    assert "was due 2026-03-31" in entry["summary"]
    found = alert_feed(desk, on="2027-01-01")
    assert [(one["id"], one["updated"]) for one in entries(found)] == [
        ("tag:127.0.0.1,2026:commitment/coming", "2027-01-01T00:00:00.000000Z"),
        (entry["id"], entry["updated"]),
    ]
    assert found == alert_feed(desk, on="2027-01-02")
    clock.turn(days=1)
    assert found == alert_feed(desk, on="2027-01-02")


def test_open_incidents_and_notices_are_alerts(own: Path) -> None:
    note = {"id": "seat", "title": "A change", "instrument": MOC, "sender": "meti", "to": ["nrcan"],
            "sent_at": "2026-03-02T09:00+09:00", "days": 15}  # fmt: skip
    store = open_store(str(own))
    before = titles(alert_feed(Desk(store, PUBLIC), on=ON))
    put(store, *PEOPLE, incident(), kinds()["notice"].model_validate(note))
    found = alert_feed(Desk(store, PUBLIC), on=ON)
    assert problems(found) == []
    more = set(titles(found)) - set(before)
    assert len(more) == 2
    assert "Overdue: A change" in more, "fifteen days are over"
    store.close()


def test_what_is_hidden_changes_no_byte(make_small: Callable[[], Store]) -> None:
    """Of the public feed, nor of that of a link, for readers who may not see it."""
    shown = [promise("late"), promise("green", "TLP:GREEN")]
    hidden = [
        promise("nrcan.amber", "TLP:AMBER/nrcan"),
        promise("nrcan.strict", "TLP:AMBER+STRICT/nrcan", due="2026-11-01"),
        promise("nrcan.red.one", "TLP:RED/nrcan"),
        promise("later", "TLP:CLEAR/nrcan", opens="2026-12-01T00:00Z"),
    ]
    without, with_ = make_small(), make_small()
    found = []
    for store, records in ((without, shown), (with_, [*shown, *hidden])):
        put(store, *records)
        account(store, "emi", "meti", "steward", "editor")
        link = make_link("emi", Desk(store), name="test", organisation="meti").secret
        found.append((alert_feed(Desk(store, PUBLIC), on=ON), private_alerts(link, Desk(store, PUBLIC))))
    assert found[0] == found[1]
    account(with_, "mara", "nrcan", "steward", "editor")
    link = make_link("mara", Desk(with_), name="test", organisation="nrcan").secret
    assert len(entries(private_alerts(link, Desk(with_, PUBLIC)))) == len(entries(found[0][0])) + 3, "all but what is red"


def test_what_its_owner_keeps_here_does_not_leave_by_a_link(small: Store) -> None:
    """Who may read it here is told of it here; a feed is read elsewhere."""
    named = {"readers": [{"organisation": "meti"}]}
    leaving = {"readers": [{"organisation": "meti", "export": True}]}
    put(
        small,
        promise("nrcan.stays", "TLP:AMBER/nrcan", **named),
        promise("nrcan.leaves", "TLP:AMBER/nrcan", **leaving),
        promise("nrcan.ended", "TLP:AMBER/nrcan", readers=[{"organisation": "meti", "export": True, "until": "2026-11-22"},
                                                         {"organisation": "meti"}]),
        promise("meti.own", "TLP:AMBER+STRICT/meti", owner="meti"),
        promise("meti.red.own", "TLP:RED/meti", owner="meti"),
    )  # fmt: skip
    desk = account(small, "emi", "meti", "steward")
    assert len(entries(alert_feed(desk, on=ON))) == 2, "asked with a token it is a program elsewhere as well"
    link = make_link("emi", Desk(small), name="test", organisation="meti").secret
    found = private_alerts(link, Desk(small, PUBLIC))
    assert titles(found) == ["Overdue: The title of meti.own", "Overdue: The title of nrcan.leaves"]
    assert b"<rights>TLP:AMBER+STRICT/meti+nrcan</rights>" in found


def test_a_link_is_kept_as_a_hash_and_told_once(store: Store) -> None:
    desk = account(store, "mara", "nrcan")
    made = make_link("mara", desk, name="calendar", organisation="nrcan")
    assert made.secret not in repr(made)
    with store.database.reading() as connection:
        rows = [*connection.execute(text("SELECT * FROM feed_link"))]
        log = [*connection.execute(text("SELECT * FROM access_log"))]
    assert len(rows) == 1
    assert made.secret not in f"{rows}{log}{list_links(desk).data.to_dict()}"
    assert re.search(r"[0-9a-f]{64}", str(rows))


def test_all_that_opens_nothing_reads_the_same(store: Store, clock: Clock) -> None:
    """Unknown, revoked, over, of an account that is locked or closed or of the organisation no longer."""
    put(store, promise("nrcan.stock", "TLP:AMBER/nrcan"))
    door = Desk(store, PUBLIC)

    def refusal(shown: str) -> str:
        with pytest.raises(NotFound) as caught:
            private_alerts(shown, door)
        with pytest.raises(NotFound) as other:
            private_calendar(shown, "any", door)
        assert str(caught.value) == str(other.value)
        return str(caught.value)

    unknown = refusal("x" * 43)
    for name in ("revoked", "locked", "closed", "ended", "over"):
        account(store, name, "nrcan")
    links = {
        name: make_link(name, Desk(store), name="test", organisation="nrcan", days=30 if name == "over" else 366)
        for name in ("revoked", "locked", "closed", "ended", "over")
    }
    assert all(titles(private_alerts(one.secret, door)) == ["Overdue: The title of nrcan.stock"] for one in links.values())
    end_link(links["revoked"].id, Desk(store))
    set_state("locked", "locked", Desk(store))
    set_state("closed", "closed", Desk(store))
    end_role("ended", "nrcan", Desk(store))
    clock.turn(days=31)
    assert {refusal(one.secret) for one in links.values()} == {unknown}
    set_state("locked", "active", Desk(store))
    assert private_alerts(links["locked"].secret, door), "it opens again, as nobody revoked it"


def test_links_are_ones_own(store: Store) -> None:
    """Nobody makes them for others, a token for reading makes none, and those of others are as those that are not there."""
    mara, emi = account(store, "mara", "nrcan"), account(store, "emi", "meti")
    made = make_link("mara", mara, name="test", organisation="nrcan")
    with pytest.raises(Forbidden):
        make_link("mara", emi, name="test", organisation="nrcan")
    with pytest.raises(Forbidden):
        make_link("mara", Desk(store, Reader.holding("nrcan", account="mara", scopes=["read", "write"])), name="test")
    words = []
    for name in (made.id, "0" * 12):
        with pytest.raises(NotFound) as caught:
            end_link(name, emi)
        words.append(str(caught.value).replace(name, ""))
    assert words[0] == words[1]
    assert [*list_links(emi).data["link"]] == []
    assert [*list_links(mara).data["link"]] == [made.id]


def test_a_calendar_by_a_link_is_that_of_its_account(own: Path) -> None:
    """The same bytes on another day, when nothing changed that falls into it."""
    clock = Clock()
    store = open_store(str(own), clock=clock)
    account(store, "mara", "nrcan")
    link = make_link("mara", Desk(store), name="test", organisation="nrcan").secret
    found = private_calendar(link, "ca-jp-battery-dialogue", Desk(store, PUBLIC))
    assert found.startswith(b"BEGIN:VCALENDAR")
    assert b"X-WR-CALDESC:TLP:CLEAR" in found
    assert found.count(b"BEGIN:VEVENT") >= 3
    clock.turn(days=1)
    assert found == private_calendar(link, "ca-jp-battery-dialogue", Desk(store, PUBLIC))
    with pytest.raises(NotFound):
        private_calendar(link, "no-such-body", Desk(store, PUBLIC))
    store.close()
