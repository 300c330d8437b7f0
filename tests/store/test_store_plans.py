"""How SQLite finds rows: by their keys, never by going through what only grows.

It keeps no statistics, so that what it does with a few rows it does with a million.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from register_things import Share, Thing, thing
from sqlalchemy import Engine, event

from orepact.pact.records.codes import Code
from orepact.pact.records.readers import Reader
from orepact.pact.records.register import Register
from orepact.store.listing import Filter
from orepact.store.store import Store, open_store, upgrade_store

#: Tables with rows for every record, reference or change.
LARGE = re.compile(r"SCAN (revision|record|link|served|brief|audit)\b")


@pytest.fixture
def store(make_url: Callable[[str], str]) -> Iterator[Store]:
    """A register on SQLite with a few things."""
    url = make_url("sqlite")
    upgrade_store(url, create=True).close()
    store = open_store(url)
    with store.write("ana", "begin") as unit:
        for at in range(5):
            unit.put(thing(f"t{at}", f"Thing {at}", instrument="moc", article="moc:1", within=f"t{at - 1}" if at else None))
    yield store
    store.close()


@contextmanager
def asked() -> Iterator[list[tuple[str, Any]]]:
    """What is asked of databases until the block ends."""
    said: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, values: Any, ___: Any, many: bool) -> None:
        if statement.startswith(("SELECT", "DELETE", "UPDATE")):
            said.append((statement, values[0] if many else values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def read_several(store: Store) -> None:
    with store.reading() as register:
        register.records.read_all([("thing", "t1"), ("thing", "t3")])
        register.records.ask_for([("thing", "t2"), ("thing", "none")])


def change_several(store: Store) -> None:
    with store.write("ben", "change") as unit:
        for name in ("t1", "t2"):
            unit.put(thing(name, "Changed", instrument="moc", article="moc:2"), 1)


QUESTIONS: dict[str, Callable[[Store], object]] = {
    "one record": lambda store: store.get("thing", "t1"),
    "several records": read_several,
    "the history of a record": lambda store: store.history("thing", "t1"),
    "what a board reads": lambda store: store.around("moc"),
    "a page of the log": lambda store: store.audit(after=2, limit=2),
    "a change of several records": change_several,
}


def planned(store: Store, question: Callable[[Store], object]) -> list[tuple[str, str]]:
    """Each step by which a question is answered, and the statement that it is of."""
    with asked() as said:
        question(store)
    plans = []
    with store.database.engine.connect() as connection:
        for statement, values in said:
            steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            plans += [(step[3], statement) for step in steps]
    assert plans
    return plans


@pytest.mark.parametrize("question", QUESTIONS)
def test_rows_are_found_by_their_keys(store: Store, question: str) -> None:
    plans = planned(store, QUESTIONS[question])
    assert not [plan for plan in plans if LARGE.search(plan[0])]


@pytest.mark.parametrize("order", ["id", "due", "title", "changed"])
@pytest.mark.parametrize("asked_for", [{}, {"instrument": "moc"}, {"owner": "nrcan"}, {"states": ("open",)}])
def test_what_is_asked_decides_which_rows_are_read_not_who_asks(store: Store, asked_for: dict[str, Any], order: str) -> None:
    """Nearly every row is open to all: an index of tokens would lead through all of them."""
    theirs = store.seen_by(Reader.holding("nrcan", community=True, client_of=("meti",)))
    asked_for = {"kinds": ("thing",), **asked_for}
    plans = planned(theirs, lambda store: store.list(Filter(**asked_for), order=order))
    assert not [plan for plan in plans if "by_reader" in plan[0]]
    plans = planned(theirs, lambda store: store.counts(["kind"], date(2026, 11, 22), Filter(**asked_for)))
    assert not [plan for plan in plans if "by_reader" in plan[0]]


def test_who_refers_to_a_record_is_read_of_the_kind_that_is_asked_for(store: Store) -> None:
    with store.write("ana", "more") as unit:
        unit.put(thing("t9", "In the first, and half of it", within="t0", shares=(Share(of="t0"), Share(of="t1"))))
    with store.reading() as register, asked() as said:
        assert [one.id for one in register.referring(Thing, "t0")] == ["t1", "t9"]
        assert [one.id for one in register.referring(Thing, "t0", "within")] == ["t1", "t9"]
        assert [one.id for one in register.referring(Thing, "t1", "within")] == ["t2"]
        questions = len(said)
        assert register.referring(Code, "t0") == []
        assert len(said) == questions + 1, "who refers is looked up, and nothing is read"
        changed = register.plus([thing("t2", "Elsewhere"), thing("t3", "Here now", within="t1")])
        assert [one.id for one in changed.referring(Thing, "t1")] == ["t3", "t9"]
        whole = Register(dict(register.records))
        for target in ("t0", "t1", "t4", "none"):
            assert whole.referring(Thing, target) == register.referring(Thing, target)


@pytest.mark.parametrize("order", ["id", "due"])
@pytest.mark.parametrize("descending", [False, True])
def test_a_page_of_an_instrument_is_the_same_by_both_ways(
    store: Store, order: str, descending: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the rows of what each serves alone, and by the lines."""
    with store.write("ana", "more") as unit:
        for at in range(12):
            label = ("TLP:CLEAR", "TLP:AMBER/nrcan", "TLP:AMBER+STRICT/meti")[at % 3]
            places = {"instrument": "moc", "articles": ("moc:1", "moc:2")[: at % 2 + 1]}
            name = f"{label.partition('/')[2] or 'open'}.{at}"
            unit.put(thing(name, f"Thing {at}", label=label, due=date(2026, 1 + at % 5, 1), **places))

    def pages(reader: Reader | None, asked_for: dict[str, Any]) -> list[str]:
        theirs = store if reader is None else store.seen_by(reader)
        found, after = [], None
        while True:
            page = theirs.list(Filter(**asked_for), order=order, descending=descending, after=after, limit=3)
            found += [line.id for line in page.lines]
            after = page.after
            if after is None:
                return found

    narrow = {"kinds": ("thing",), "states": ("open",), "due_from": date(2026, 2, 1), "due_to": date(2026, 4, 1)}
    asked_for = [{"instrument": "moc"}, {"article": "moc:2"}, {"instrument": "moc", **narrow}, {"instrument": "other"}]
    readers = [None, Reader(), Reader.holding("nrcan", client_of=("meti",)), Reader.holding("meti", client_of=("nrcan",))]
    by_places = [pages(reader, asked) for reader in readers for asked in asked_for]
    counted = [store.seen_by(reader).counts(["kind"], date(2026, 3, 1), Filter(instrument="moc")) for reader in readers if reader]
    monkeypatch.setattr("orepact.store.listing.Filter.of_places", False)
    assert by_places == [pages(reader, asked) for reader in readers for asked in asked_for]
    again = [store.seen_by(reader).counts(["kind"], date(2026, 3, 1), Filter(instrument="moc")) for reader in readers if reader]
    assert counted == again
    assert len({len(page) for page in by_places}) > 3
