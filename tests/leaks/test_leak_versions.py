"""What is hidden and shown again leaves no sign in versions: no gap in their numbers, no moment, no name, no tag, no page.

Of records that their holders hide and show, close in part and open, step after step, each reader is told to the byte what a
register tells in which only those steps were made that he is told (``leak_turns``).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from leak_asking import Service
from leak_drawn import owners
from leak_people import AUDIENCES, NOW, TOLD_OF_ALL
from leak_turns import BEGIN, ID, TALKS, Step, steps, told, write
from leak_worlds import ORGANISATIONS, opened_world, plain, ready, said

from copies import Fill
from orepact.errors import Conflict
from orepact.pact.records.readers import Reader
from orepact.service.pact.auditing import audit_log
from orepact.service.pact.desk import Desk, last_of, present
from orepact.service.pact.listing import list_records
from orepact.service.pact.recording import put_record
from orepact.service.pact.showing import record_history, show_record
from orepact.store.store import Store
from orepact.web.pages import heads

LONG = os.environ.get("OREPACT_LONG") == "1"
USUAL: Any = {
    "deadline": None, "phases": (Phase.explicit, Phase.reuse, Phase.generate),
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}  # fmt: skip
KEYS = (("commitment", ID), ("engagement", TALKS), ("project", "pit"))
KINDS = [kind for kind, _ in KEYS]
PATHS = (
    *(f"/records/{kind}/{name}{more}" for kind, name in KEYS for more in ("", "/history", "?revision=1", "?revision=2")),
    "/records?kind=commitment&kind=engagement&kind=project&order=changed&limit=1", "/audit?limit=1",
)  # fmt: skip
SEEN = (*(f"/records/{kind}/{name}" for kind, name in KEYS), "/records?kind=commitment&kind=engagement&order=changed", "/audit")

people = st.fixed_dictionaries({
    "organisation": st.sampled_from(["", *ORGANISATIONS]), "person": st.sampled_from(["", "ana"]), "community": st.booleans(),
    "roles": st.sampled_from([(), ("steward",)]), "client_of": st.lists(owners, max_size=1),
})  # fmt: skip


def answers(store: Store, who: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Everything in which versions are told, whatever it says."""
    desk = Desk(store, Reader.holding(**who, now=NOW))
    mine = desk.facing()
    for kind, name in KEYS:
        yield f"show {name}", said(lambda kind=kind, name=name: show_record(kind, name, desk))  # type: ignore[misc]
        yield f"history {name}", said(lambda kind=kind, name=name: record_history(kind, name, desk))  # type: ignore[misc]
        for number in (1, 2):
            yield f"show {name} {number}", said(lambda k=kind, n=name, r=number: show_record(k, n, desk, revision=r))  # type: ignore[misc]
    yield "calendars", repr((last_of(mine, KEYS), present(mine, KEYS))).encode()
    for order in ("changed", "id"):
        after = None
        for _ in range(9):
            found = list_records(KINDS, desk, order=order, limit=1, after=after)
            yield f"list by {order}", plain(found)
            after = found.meta.get("after")
            if after is None:
                break
    for descending in (False, True):
        for limit in (1, 2, 9):
            yield f"lines {descending} {limit}", repr([*walked(mine, limit, descending=descending)]).encode()
    for limit in (1, 100):
        yield "audit", repr([*logged(desk, limit)]).encode()
    for minutes in range(12):
        before = mine.register(KINDS, BEGIN + timedelta(minutes=minutes, seconds=1))
        yield f"after {minutes}", repr(sorted(before.records.items())).encode()


def walked(store: Store, limit: int, *, descending: bool) -> Iterator[Any]:
    """Lines by last change, page by page."""
    after = None
    while True:
        page = store.list(order="changed", descending=descending, after=after, limit=limit)
        yield page
        after = page.after
        if after is None:
            return


def logged(desk: Desk, limit: int) -> Iterator[Any]:
    """The log, page by page."""
    after: Any = 0
    while after is not None:
        found = audit_log(desk, after=after, limit=limit)
        yield found.envelope()
        after = found.meta.get("after")


def compare(folder: Path, some: list[Step], who: dict[str, Any], new: Callable[[], str | None] = lambda: None) -> None:
    """A register with all steps, and one with those that somebody is told."""
    with opened_world(folder, [], new()) as whole, opened_world(folder, [], new()) as less:
        write(whole, some, 11)
        write(less, told(some, who), 11)
        for (what, one), (_, other) in zip(answers(whole, who), answers(less, who), strict=True):
            assert one == other, what


@settings(max_examples=300 if LONG else 25, **USUAL)
@given(some=steps(), who=people)
def test_what_was_hidden_and_shown_again_changes_no_byte(tmp_path: Path, some: list[Step], who: dict[str, Any]) -> None:
    """In files; ``OREPACT_LONG=1`` draws 300 worlds."""
    compare(tmp_path, some, who)


@settings(max_examples=30 if LONG else 2, **USUAL)
@given(some=steps(), who=people)
def test_what_was_hidden_and_shown_again_changes_no_byte_on_postgresql(
    tmp_path: Path, copy_of: Callable[[str, Fill], str], some: list[Step], who: dict[str, Any]
) -> None:
    """Each register in a database of its own."""
    compare(tmp_path, some, who, lambda: copy_of("postgresql", ready))


def turn(number: int, kind: str = "commitment", **values: Any) -> Step:
    """One step, of a commitment that all see unless something else is said."""
    usual = {"id": ID, "title": "Stock", "owner": "nrcan", "made": "2026-01", "note": "alpha", "label": "TLP:CLEAR/nrcan"}
    talk = {"id": TALKS, "title": "Talks", "nation": "first", "project": "pit", "label": "TLP:CLEAR"}
    own = usual if kind == "commitment" else talk
    return Step(kind, {**own, **values}, BEGIN + timedelta(minutes=number), f"step {number}")


RED = "TLP:RED/nrcan"
HIDDEN = {"since": "2026-11-01", "hidden": True}
SHOWN = {"since": "2026-11-05", "hidden": False}
#: What was done to a record in the end, step by step; what a stranger is told of it: versions, moments in minutes.
STORIES: dict[str, tuple[list[Step], list[int]]] = {
    "hidden and shown": ([turn(0), turn(1, label=RED), turn(2)], [0]),
    "hidden, changed and shown": ([turn(0), turn(1, label=RED, note="beta"), turn(2, note="beta")], [0, 2]),
    "a field hidden and shown": ([turn(0), turn(1, labels={"note": RED}), turn(2)], [0]),
    "a hidden field changed": ([turn(0, labels={"note": RED}), turn(1, note="beta", labels={"note": RED})], [0]),
    "a field opened": ([turn(0, labels={"note": RED}), turn(1)], [0, 1]),
    "shared with somebody": ([turn(0), turn(1, readers=[{"organisation": "meti", "until": None}])], [0]),
    "made in secret": ([turn(0, label=RED), turn(1, label=RED, note="beta"), turn(2)], [2]),
    "a Nation's, hidden and shown": (
        [turn(0, "engagement"), turn(1, "engagement", showing=[HIDDEN]), turn(2, "engagement", showing=[HIDDEN, SHOWN])], [0],
    ),
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES)
def test_a_stranger_counts_what_he_is_told(tmp_path: Path, story: str) -> None:
    """Versions from 1 on without a gap, the first added, the others changed."""
    some, minutes = STORIES[story]
    kind = some[0].kind
    with opened_world(tmp_path, []) as store:
        write(store, some, 11)
        desk = Desk(store, Reader(now=NOW))
        name = dict(KEYS)[kind]
        rows = record_history(kind, name, desk).data
        assert [*rows["version"]] == [*range(1, len(minutes) + 1)]
        assert [*rows["reason"]] == [f"step {minute}" for minute in minutes]
        (line,) = (line for line in desk.facing().list(limit=1000).lines if line.id == name)
        assert (line.version, line.changed_by) == (len(minutes), f"by step {minutes[-1]}")
        entries = audit_log(desk, limit=None).data
        mine = entries[entries["id"] == name]
        assert [*zip(mine["action"], mine["version"], strict=True)] == [
            ("change" if number else "add", number + 1) for number in range(len(minutes))
        ]
        assert [one.version for one in store.history(kind, name)] == [*range(1, len(some) + 1)], "who holds it sees all"
        store.verify()


def test_who_writes_replaces_the_version_that_he_read(tmp_path: Path) -> None:
    """What was written where he sees nothing of it does not stand in his way; what he sees does, also where there are as many
    versions for him as before.
    """
    editor = Reader.holding("nrcan", account="ed", roles=("editor",), community=True, now=NOW)
    with opened_world(tmp_path, []) as store:
        write(store, [turn(0), turn(1, note="beta")], 11)
        desk = Desk(store, editor)

        def holder(version: int, **more: Any) -> None:
            with replace(store, clock=lambda: NOW).write("x", "y", seeding=True) as unit:
                unit.put(turn(9, **more).record, version)

        def editing(read: Any, **more: Any) -> Any:
            values, meta = {**read.top["record"], **more}, read.meta
            return put_record("commitment", ID, values, desk, reason="mine", version=meta["version"], mark=meta["mark"])

        holder(2, note="beta", labels={"due": RED})
        read = show_record("commitment", ID, desk)
        assert read.meta["version"] == 3, "to whom it belongs is told that a field was labelled"
        holder(3, note="beta", due="2027-01-31", labels={"due": RED})
        mine = editing(read, title="New")
        assert mine.meta["version"] == 4
        assert store.get("commitment", ID)[0].content()["due"] == "2027-01-31", "what he was not shown stays"
        holder(5, title="New", note="gamma", labels={"due": RED})
        with pytest.raises(Conflict):
            editing(mine, title="Newer")
        assert editing(show_record("commitment", ID, desk), title="Newest").meta["version"] == 6


def test_a_number_that_comes_again_is_another_version(tmp_path: Path) -> None:
    """A field is closed, so that there is one version less, and something else is written: who read before is told so."""
    client = Reader.holding("meti", account="emi", community=True, now=NOW)
    with opened_world(tmp_path, []) as store:
        write(store, [turn(0), turn(1, note="beta")], 11)
        before = store.seen_by(client).stand("commitment", ID)
        with replace(store, clock=lambda: NOW).write("x", "closed", seeding=True) as unit:
            unit.put(turn(2, note="beta", labels={"note": RED}).record, 2)
        assert store.seen_by(client).stand("commitment", ID).number == 1
        with replace(store, clock=lambda: NOW).write("x", "renamed", seeding=True) as unit:
            unit.put(turn(3, title="New", labels={"note": RED}).record, 3)
        after = store.seen_by(client).stand("commitment", ID)
        assert before.number == after.number == 2
        assert before.mark != after.mark
        with pytest.raises(Conflict), store.seen_by(client).write("emi", "late") as unit:
            unit.put(before.item, before.number, before.mark)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, Service]]:
    """Two services, to be turned to registers."""
    with opened_world(tmp_path_factory.mktemp("turns"), []) as store:
        found = Service.on(store), Service.on(store)
        found[1].house.__dict__["facts"] = found[0].house.facts
        yield found
        for each in found:
            each.close()


@pytest.fixture
def _same_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "token_urlsafe", lambda _: "drawn-at-random")


@pytest.mark.usefixtures("_same_key")
@settings(max_examples=60 if LONG else 4, **USUAL)
@given(some=steps(), who=st.sampled_from([name for name, one in AUDIENCES.items() if not one.gone and name != TOLD_OF_ALL]))
def test_what_was_hidden_and_shown_again_changes_no_byte_over_http(
    tmp_path: Path, services: tuple[Service, Service], some: list[Step], who: str
) -> None:
    """With all fields of the head and the tag; of pages, feeds and exports too."""
    with opened_world(tmp_path, []) as whole, opened_world(tmp_path, []) as less:
        write(whole, some, 11)
        write(less, told(some, AUDIENCES[who].who), 11)
        for service, store in zip(services, (whole, less), strict=True):
            service.turn(replace(store, clock=lambda: NOW))
        one, other = services
        feed = [f"/feeds/{AUDIENCES[who].link}/alerts.atom"] if AUDIENCES[who].link else []
        for path in (*PATHS, *feed, *(["/exports/records?kind=commitment"] if who != "public" else [])):
            assert one.ask(path, who) == other.ask(path, who), (who, path)
        for path in SEEN:
            for ending in ("", ".json"):
                at = path.replace("?", f"{ending}?") if "?" in path else f"{path}{ending}"
                assert one.see(at, who) == other.see(at, who), (who, at)
