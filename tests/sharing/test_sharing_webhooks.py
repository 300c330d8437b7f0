"""Webhooks: put out with the change, sent in order and at least once, signed, as their reader may see it."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import logging
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from sharing_world import Clock, Receiver, account, promise, put, trickling
from sqlalchemy import text

from orepact.errors import BadInput, Conflict, Forbidden, NotFound
from orepact.pact.records.readers import Reader
from orepact.service.access import end_role, reader_as, set_state, share_with_client
from orepact.service.logs import JsonLines
from orepact.service.pact.desk import Desk
from orepact.service.pact.showing import show_record
from orepact.service.sharing import (
    Deliverer,
    delivering,
    end_webhook,
    list_webhooks,
    resume_webhook,
    subscribe,
    try_webhook,
)
from orepact.service.sharing.delivering import LEASE_S, TRIES, pause_s
from orepact.service.sharing.posting import Way
from orepact.service.sharing.telling import body_of
from orepact.store import outbox
from orepact.store.store import Store, open_store, restore_store


def deliverer(store: Store, clock: Clock, **way: Any) -> Deliverer:
    """A sender on the clock of the test, to this machine."""
    return Deliverer(store, Way(loopback=True, **way), clock=clock)


def told(receiver: Receiver) -> list[dict[str, Any]]:
    """What was received, as values."""
    return [json.loads(body) for _, body in receiver.got]


def waiting(store: Store) -> list[outbox.Message]:
    """What waits."""
    with store.database.reading() as connection:
        rows = connection.execute(text("SELECT * FROM outbox ORDER BY subscription, seq, id"))
        return [outbox.Message(*row) for row in rows]


def standing(store: Store) -> tuple[str, str]:
    """How the one webhook stands, and why."""
    row = list_webhooks(Desk(store)).data.iloc[0]
    return row["state"], row["reason"]


@pytest.fixture
def mara(store: Store, receiver: Receiver) -> str:
    """An account of nrcan with a webhook; its secret."""
    account(store, "mara", "nrcan", "steward")
    return subscribe("mara", Desk(store), url=f"{receiver.url}/hook?of=1", name="test", organisation="nrcan").secret


def mac(key: bytes, message: bytes) -> bytes:
    """HMAC-SHA256 as RFC 2104 writes it, without the library that made it."""
    key = hashlib.sha256(key).digest() if len(key) > 64 else key
    inner, outer = (bytes(byte ^ pad for byte in key.ljust(64, b"\0")) for pad in (0x36, 0x5C))
    return hashlib.sha256(outer + hashlib.sha256(inner + message).digest()).digest()


def test_a_message_is_signed_as_standard_webhooks_says(store: Store, clock: Clock, receiver: Receiver, mara: str) -> None:
    put(store, promise("one"))
    assert deliverer(store, clock).run(once=True) == 1
    ((headers, body),) = receiver.got
    assert receiver.paths == ["/hook?of=1"]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(mac(base64.b64decode(mara.removeprefix("whsec_")), signed)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    assert headers["content-type"] == "application/json"
    message = json.loads(body)
    assert (message["type"], message["timestamp"]) == ("commitment.added", "2026-11-23T12:00:00.000000Z")
    assert message["data"]["record"]["title"] == "The title of one"
    assert waiting(store) == []
    assert standing(store) == ("active", "")


def test_only_what_is_kept_is_put_out(store: Store, mara: str) -> None:
    """In one with the change, or not at all."""
    with pytest.raises(Conflict):
        put(store, promise("one"), version=3)

    def fail(*_: object) -> None:
        raise RuntimeError("in the same transaction")

    with pytest.raises(RuntimeError), store.write("ana", "a change", beside=fail) as unit:
        unit.put(promise("one"))
    assert waiting(store) == []
    put(store, promise("one"))
    put(store, promise("one"), version=1)  # changes nothing
    assert [(one.record, one.version) for one in waiting(store)] == [("one", 1)]


def test_messages_go_in_order_and_again_under_the_same_id(store: Store, clock: Clock, receiver: Receiver, mara: str) -> None:
    """The second waits for the first."""
    put(store, promise("one"))
    put(store, promise("one", title="Changed"), version=1)
    put(store, promise("two"))
    receiver.answers = [500, 302, 204]
    sender = deliverer(store, clock)
    assert sender.run(once=True) == 0
    assert standing(store) == ("active", "the receiver answered 500")
    assert sender.run(once=True) == 0, "it is tried again later"
    assert len(receiver.got) == 1
    clock.turn(seconds=6)
    assert sender.run(once=True) == 0
    assert receiver.paths == ["/hook?of=1"] * 2, "no redirect is followed"
    clock.turn(seconds=23)
    assert sender.run(once=True) == 3
    ids = [headers["webhook-id"] for headers, _ in receiver.got]
    assert ids[0] == ids[1] == ids[2]
    assert len(set(ids)) == 3
    assert [(one["data"]["id"], one["data"]["version"]) for one in told(receiver)[2:]] == [("one", 1), ("one", 2), ("two", 1)]
    assert [one["type"] for one in told(receiver)[2:]] == ["commitment.added", "commitment.changed", "commitment.added"]


def test_who_takes_nothing_for_days_is_sent_no_more(store: Store, clock: Clock, receiver: Receiver, mara: str) -> None:
    """The pause grows to a day; the reason is told; it can be resumed, from then on."""
    put(store, promise("one"))
    receiver.answers = [503] * TRIES
    sender, began = deliverer(store, clock), clock.now
    for failures in range(1, TRIES):
        sender.run(once=True)
        assert len(receiver.got) == failures
        clock.turn(seconds=pause_s(failures) - 1)
        sender.run(once=True)
        assert len(receiver.got) == failures, "not before its time"
        clock.turn(seconds=pause_s(failures) * 0.1 + 1)
    assert timedelta(days=3) < clock.now - began < timedelta(days=4)
    sender.run(once=True)
    assert standing(store) == ("disabled", f"the receiver answered 503, {TRIES} times in a row")
    assert waiting(store) == []
    put(store, promise("meanwhile"))
    (name,) = list_webhooks(Desk(store)).data["webhook"]
    with pytest.raises(Conflict):
        try_webhook(name, Desk(store))
    resume_webhook(name, Desk(store))
    put(store, promise("after"))
    assert sender.run(once=True) == 1
    assert told(receiver)[-1]["data"]["id"] == "after"


def test_a_receiver_that_is_gone_says_so(store: Store, clock: Clock, receiver: Receiver, mara: str) -> None:
    put(store, promise("one"))
    receiver.answers = [410]
    deliverer(store, clock).run(once=True)
    assert standing(store) == ("disabled", "the receiver said that it is gone (410)")


def test_what_may_be_seen_is_asked_as_it_is_sent(small: Store, clock: Clock, receiver: Receiver) -> None:
    """What was closed since is not sent, what is closed of it neither, nor what its owner keeps here; its versions are his."""
    account(small, "emi", "meti")
    subscribe("emi", Desk(small), url=receiver.url, name="test", organisation="meti")
    put(
        small,
        promise("nrcan.closed-since"),
        promise("open", note="a word", labels={"note": "TLP:RED/nrcan"}, label="TLP:CLEAR/nrcan"),
    )
    put(small, promise("nrcan.closed-since", "TLP:AMBER/nrcan"), version=1)
    shared = {"label": "TLP:AMBER/nrcan", "readers": [{"organisation": "meti"}]}
    put(small, promise("nrcan.stays", **shared), promise("nrcan.red.one", "TLP:RED/nrcan"), promise("green", "TLP:GREEN"))
    put(small, promise("nrcan.leaves", "TLP:AMBER/nrcan", readers=[{"organisation": "meti", "export": True}]))
    put(small, promise("nrcan.opened-since", "TLP:AMBER/nrcan"))
    put(small, promise("nrcan.opened-since"), version=1)
    assert deliverer(small, clock).run(once=True) == 3
    found = {(one["data"]["id"], one["data"]["version"]) for one in told(receiver)}
    assert found == {("open", 1), ("nrcan.leaves", 1), ("nrcan.opened-since", 1)}
    assert waiting(small) == []
    assert b"a word" not in b"".join(body for _, body in receiver.got)
    assert b"readers" not in b"".join(body for _, body in receiver.got), "with whom it is shared is its owner's to know"


def test_fields_that_others_closed_stay_here(small: Store, clock: Clock, receiver: Receiver) -> None:
    """A client reads them here; his own go out, but for what is for his stewards alone."""
    account(small, "emi", "meti", "steward")
    account(small, "mara", "nrcan", "steward")
    share_with_client("nrcan", "meti", Desk(small))
    labels = {"note": "TLP:AMBER/nrcan", "text": "TLP:RED/nrcan"}
    put(small, promise("nrcan.half", "TLP:CLEAR/nrcan", note="an amber word", text="a red word", labels=labels))
    emi, mara = (Desk(small, reader_as(name, whose, Desk(small))) for name, whose in (("emi", "meti"), ("mara", "nrcan")))
    assert "an amber word" in str(show_record("commitment", "nrcan.half", emi).envelope())
    assert "a red word" in str(show_record("commitment", "nrcan.half", mara).envelope())
    for name, whose in (("emi", "meti"), ("mara", "nrcan")):
        subscribe(name, Desk(small), url=f"{receiver.url}/{name}", name="test", organisation=whose)
    put(
        small,
        promise("nrcan.half", "TLP:CLEAR/nrcan", title="Again", note="an amber word", text="a red word", labels=labels),
        version=1,
    )
    assert deliverer(small, clock).run(once=True) == 2
    sent = {path: body for path, (_, body) in zip(receiver.paths, receiver.got, strict=True)}
    assert b"amber word" not in sent["/emi"]
    assert b"amber word" in sent["/mara"]
    assert all(b"red word" not in body for body in sent.values())


def test_what_is_hidden_changes_no_byte(make_small: Callable[[], Store], clock: Clock, receiver: Receiver) -> None:
    """Of what is sent, and there is no number in it that would count what is not."""
    shown, hidden = [promise("a"), promise("z")], promise("nrcan.secret", "TLP:AMBER+STRICT/nrcan")
    found = []
    for records in (shown, [shown[0], hidden, shown[1]]):
        store = make_small()
        account(store, "emi", "meti")
        subscribe("emi", Desk(store), url=receiver.url, name="test", organisation="meti")
        for record in records:
            put(store, record)
        reader = Reader.holding("meti", account="emi", scopes=["read"])
        listed = list_webhooks(Desk(store, reader)).data.drop(columns=["webhook"]).to_dict("records")
        receiver.got.clear()
        assert deliverer(store, clock).run(once=True) == 2
        found.append(([body for _, body in receiver.got], listed))
    assert found[0] == found[1]


def test_whose_account_lets_nobody_in_is_sent_nothing(store: Store, clock: Clock, receiver: Receiver, mara: str) -> None:
    put(store, promise("one"))
    set_state("mara", "locked", Desk(store))
    deliverer(store, clock).run(once=True)
    assert receiver.got == []
    assert standing(store)[0] == "disabled"
    set_state("mara", "active", Desk(store))
    end_role("mara", "nrcan", Desk(store))
    assert standing(store) == ("ended", "its account is of the organisation no longer")


def test_two_senders_send_once_and_the_late_one_changes_nothing(store: Store, clock: Clock, mara: str) -> None:
    """A subscription is held by one; when its lease is over another takes it, and the first one's writes reach nothing."""
    put(store, promise("one"))
    with store.database.writing() as connection:
        first = outbox.take(connection, clock(), LEASE_S)
        assert first is not None
        assert outbox.take(connection, clock(), LEASE_S) is None
    clock.turn(seconds=LEASE_S)
    (message,) = waiting(store)
    with store.database.writing() as connection:
        second = outbox.take(connection, clock(), LEASE_S)
        assert second is not None
        assert not outbox.done(connection, first, message.id, clock(), LEASE_S, delivered=True)
        assert not outbox.failed(connection, first, 1, clock(), "late")
        assert not outbox.disable(connection, first, "late")
    assert waiting(store) == [message]
    with store.database.writing() as connection:
        assert outbox.done(connection, second, message.id, clock(), LEASE_S, delivered=True)
    assert waiting(store) == []


def test_several_senders_at_once_send_each_message_once(url: str, receiver: Receiver) -> None:
    """On the clock of the database, as workers do."""
    store = open_store(url)
    for name in ("mara", "emi"):
        account(store, name, "nrcan")
        subscribe(name, Desk(store), url=f"{receiver.url}/{name}", name="test", organisation="nrcan", kinds=["commitment"])
    for number in range(6):
        put(store, promise(f"n{number}"))
    stopping = Event()
    senders = [Deliverer(open_store(url), Way(loopback=True), stopping=stopping) for _ in range(2)]
    threads = [Thread(target=each.run) for each in senders]
    for each in threads:
        each.start()
    deadline = time.monotonic() + 60
    while waiting(store) and time.monotonic() < deadline:
        time.sleep(0.05)
    stopping.set()
    for each in threads:
        each.join(60)
    for name in ("mara", "emi"):
        mine = [
            json.loads(body)["data"]["id"]
            for path, (_, body) in zip(receiver.paths, receiver.got, strict=True)
            if path[1:] == name
        ]
        assert mine == [f"n{number}" for number in range(6)]
    for each in (store, *(one.store for one in senders)):
        each.close()


def test_a_slow_answer_is_cut_and_a_long_one_not_read(small: Store, clock: Clock, receiver: Receiver) -> None:
    account(small, "mara", "nrcan")
    subscribe("mara", Desk(small), url=receiver.url, name="test", organisation="nrcan")
    put(small, promise("one"))
    receiver.answering = trickling
    began = time.monotonic()
    deliverer(small, clock, step_s=5.0, whole_s=1.0).run(once=True)
    assert time.monotonic() - began < 30
    assert standing(small)[0] == "active"
    assert "in time" in standing(small)[1]
    sent: list[int] = []

    def long(handler: Any) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while len(sent) < 500:
                handler.wfile.write(b"a" * 65536)
                sent.append(65536)
        except OSError:
            return

    receiver.answering = long
    clock.turn(seconds=6)
    assert deliverer(small, clock).run(once=True) == 1
    assert len(sent) < 500, "the connection ends once so much was read"


def test_a_subscription_is_ones_own_and_checked_whole(small: Store, receiver: Receiver) -> None:
    mara, emi = account(small, "mara", "nrcan"), account(small, "emi", "meti")
    made = subscribe("mara", mara, url=receiver.url, name="test", organisation="nrcan", kinds=["incident"])
    assert made.secret not in repr(made)
    assert made.secret not in str(list_webhooks(mara).data.to_dict())
    assert [*list_webhooks(emi).data["webhook"]] == []
    with pytest.raises(Forbidden):
        subscribe("mara", emi, url=receiver.url, name="test", organisation="nrcan")
    reads = Reader.holding("nrcan", account="mara", roles=["editor"], scopes=["read", "write"])
    with pytest.raises(Forbidden):
        subscribe("mara", Desk(small, reads), url=receiver.url, name="test")
    for deed in (end_webhook, try_webhook, resume_webhook):
        words = []
        for name in (made.id, "0" * 12):
            with pytest.raises(NotFound) as caught:
                deed(name, emi)
            words.append(str(caught.value).replace(name, ""))
        assert words[0] == words[1]
    with pytest.raises(BadInput) as wrong:
        subscribe("mara", mara, url="ftp://x", name="", kinds=["nothing"])
    assert {one.column for one in wrong.value.problems} == {"url", "name", "kinds"}
    put(small, promise("one"))
    assert waiting(small) == [], "it is for incidents"
    try_webhook(made.id, mara)
    assert len(waiting(small)) == 1
    end_webhook(made.id, mara)
    assert waiting(small) == []
    assert standing(small) == ("ended", "ended")
    with pytest.raises(Conflict):
        resume_webhook(made.id, mara)


@pytest.fixture
def own_log() -> Iterator[io.StringIO]:
    """What is said of our faults, as JSON."""
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(JsonLines())
    logging.getLogger("orepact.worker").addHandler(handler)
    yield handler.stream
    logging.getLogger("orepact.worker").removeHandler(handler)


def test_a_fault_of_ours_ends_no_sender(
    small: Store, clock: Clock, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, own_log: io.StringIO
) -> None:
    """It is told by kind and place, without its words, and tried again; others are sent theirs meanwhile."""
    for name in ("mara", "emi"):
        account(small, name, "nrcan")
        subscribe(name, Desk(small), url=f"{receiver.url}/{name}", name="test", organisation="nrcan")
    put(small, promise("one"))

    def broken(store: Store, message: outbox.Message, reader: Reader) -> bytes | None:
        if reader.account == "mara":
            raise RuntimeError("a word of a record")
        return body_of(store, message, reader)

    monkeypatch.setattr(delivering, "body_of", broken)
    sender, heard = deliverer(small, clock), []
    sender.tell = heard.append
    assert sender.run(once=True) == 1
    assert receiver.paths == ["/emi"]
    assert sorted(list_webhooks(Desk(small)).data["reason"]) == ["", delivering.FAULT]
    (line,) = map(json.loads, own_log.getvalue().splitlines())
    assert [each["kind"] for each in line["errors"]] == ["builtins.RuntimeError"]
    assert line["errors"][0]["places"][-1].endswith("broken")
    assert "a word of a record" not in own_log.getvalue() + " ".join(heard)


def test_a_test_message_says_nothing(small: Store, clock: Clock, receiver: Receiver) -> None:
    desk = account(small, "mara", "nrcan")
    made = subscribe("mara", desk, url=receiver.url, name="test", organisation="nrcan")
    try_webhook(made.id, desk)
    assert deliverer(small, clock).run(once=True) == 1
    assert told(receiver) == [{"type": "webhook.test", "timestamp": "2026-11-23T12:00:00.000000Z", "data": {}}]


def test_a_restored_register_sends_nothing_by_itself(small: Store, receiver: Receiver, tmp_path: Path) -> None:
    """The first one may be there still; links open the copy's feeds as tokens do."""
    desk = account(small, "mara", "nrcan")
    subscribe("mara", desk, url=receiver.url, name="test", organisation="nrcan")
    put(small, promise("one"))
    small.backup(tmp_path / "backup.zip")
    restore_store(tmp_path / "backup.zip", str(tmp_path / "copy.db"))
    copy = open_store(str(tmp_path / "copy.db"))
    assert standing(copy)[0] == "disabled"
    assert "restored" in standing(copy)[1]
    put(copy, promise("two"))
    assert waiting(copy) == []
    assert Deliverer(copy, Way(loopback=True)).run(once=True) == 0
    assert receiver.got == []
    copy.close()
