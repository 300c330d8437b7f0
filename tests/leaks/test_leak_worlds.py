"""Random records, labels, names, embargoes and readers: each answer is byte for byte that of a register without what is hidden.

What a reader may see is worked out once more, in ``leak_drawn``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from leak_drawn import BOARD, commitments, engagements, made, owners, shown, shows
from leak_people import NOW
from leak_worlds import ORGANISATIONS, opened_world, plain, ready, said

from copies import Fill
from orepact.pact.records.readers import Reader
from orepact.service.pact.auditing import audit_log
from orepact.service.pact.desk import Desk
from orepact.service.pact.engaging import show_engagement
from orepact.service.pact.listing import list_records
from orepact.service.pact.scoreboard import show_scoreboard
from orepact.service.pact.showing import record_history, show_record
from orepact.service.sharing import alert_feed
from orepact.service.sharing.leaving import outside
from orepact.service.sharing.telling import body_of
from orepact.store.outbox import Message
from orepact.store.store import Store

#: Whether somebody has time.
LONG = os.environ.get("OREPACT_LONG") == "1"
#: Records, records of Nations, who asks.
World = tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, Any]]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Records, and who asks."""
    first = [draw(commitments(number)) for number in range(draw(st.integers(1, 5)))]
    second = [draw(engagements(number)) for number in range(draw(st.integers(0, 2)))]
    who = {
        "organisation": draw(st.sampled_from(["", *ORGANISATIONS])), "person": draw(st.sampled_from(["", "ana"])),
        "community": draw(st.booleans()), "roles": draw(st.sampled_from([(), ("steward",)])),
        "client_of": draw(st.lists(owners, max_size=1)),
    }  # fmt: skip
    return first, second, who


def answers(store: Store, who: dict[str, Any], names: list[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
    """Everything that the use cases of lists, records, histories and the log say, errors among it."""
    desk = Desk(store, Reader.holding(**who, now=NOW))
    kinds = ["commitment", "engagement", "project"]
    for order in ("id", "title", "due", "changed"):
        for found in pages(desk, kinds, order):
            yield f"list by {order}", found
    for asked in ({"search": "alpha"}, {"search": "gamma"}, {"owner": "nrcan"}, {"overdue": True}, {"on": "2026-10-01"}):
        yield f"list {asked}", said(lambda asked=asked: list_records(kinds, desk, **asked))  # type: ignore[misc]
    for kind, name in [*names, ("project", "pit"), ("commitment", "c")]:
        yield f"show {kind} {name}", said(lambda kind=kind, name=name: show_record(kind, name, desk))  # type: ignore[misc]
        yield f"history {kind} {name}", said(lambda kind=kind, name=name: record_history(kind, name, desk))  # type: ignore[misc]
    yield "list of a past day", said(lambda: list_records(["commitment"], desk, on="2026-10-15", overdue=True))
    yield "board", said(lambda: show_scoreboard("pact", desk, on="2026-11-23"))
    yield "audit", said(lambda: audit_log(desk, limit=4))
    yield "audit, later", said(lambda: audit_log(desk, after=9, limit=3))
    for on in ("2026-11-23", "2027-06-01"):
        yield f"alerts {on}", alert_feed(desk, on=on)
    for kind, name in names:
        message = Message("msg_1", "hook", 1, "", kind, name, 1)
        yield f"message of {kind} {name}", body_of(store, message, outside(desk.reader)) or b""
    for on in (None, "2026-10-01"):
        yield f"engagement {on}", said(lambda on=on: show_engagement((), desk, on=on))  # type: ignore[misc]
    seen = store.seen_by(desk.reader)
    for by in (["kind"], ["label"], ["owner", "state"], ["kind", "article"], ["instrument"]):
        yield f"counts by {by}", repr(seen.counts(by, date(2026, 11, 23))).encode()
    yield "register", repr(sorted(seen.register().records.items())).encode()
    with seen.reading() as register:
        yield "references", repr({name: register.pointing[name] for name in register.pointing}).encode()
        yield "problems", repr([*register.problems()]).encode()


def pages(desk: Desk, kinds: list[str], order: str) -> Iterator[bytes]:
    """A list page by page, with its marks."""
    after = None
    for _ in range(20):
        found = list_records(kinds, desk, order=order, limit=2, after=after)
        yield plain(found)
        after = found.meta.get("after")
        if after is None:
            break


def compare(folder: Path, world: World, new: Callable[[], str | None] = lambda: None) -> None:
    """A register with what is hidden and one without it give the same answers; and the first lists what the oracle lets be seen,
    no less.
    """
    first, second, who = world
    theirs = [[shown(one, who) for one in part if shows(one, who)] for part in (first, second)]
    names = [("commitment", one["id"]) for one in first] + [("engagement", one["id"]) for one in second]
    records = [[*BOARD, *made(first, second)], [*BOARD, *made(*theirs)]]
    with opened_world(folder, records[0], new()) as all_, opened_world(folder, records[1], new()) as less:
        for (what, one), (_, other) in zip(answers(all_, who, names), answers(less, who, names), strict=True):
            assert one == other, what
        reader = Reader.holding(**who, now=NOW)
        listed = {(line.kind, line.id) for line in all_.seen_by(reader).list(limit=1000).lines}
        told = {("commitment", one["id"]) for one in theirs[0]} | {("engagement", one["id"]) for one in theirs[1]}
        assert {key for key in listed if key[0] in ("commitment", "engagement")} == told


@settings(max_examples=200 if LONG else 15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds())
def test_what_is_hidden_changes_no_byte(tmp_path: Path, world: World) -> None:
    """In files; ``OREPACT_LONG=1`` draws more worlds."""
    compare(tmp_path, world)


@settings(max_examples=30 if LONG else 2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds())
def test_what_is_hidden_changes_no_byte_on_postgresql(tmp_path: Path, copy_of: Callable[[str, Fill], str], world: World) -> None:
    """Each register in a database of its own."""
    compare(tmp_path, world, lambda: copy_of("postgresql", ready))
