"""Words sought in memory: the same pages as by reading every line, whatever was written meanwhile and whoever asks."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

import pytest
from register_things import Thing, thing
from sqlalchemy import event

from orepact.pact.records.readers import Reader
from orepact.store import texts
from orepact.store.listing import Filter
from orepact.store.store import Store

WORDS = ("nickel", "cobalt", "니켈", "硫酸", "plant", "a", "12", "tsunami")
ASKED = ("nickel", "NICKEL plant", "니켈", "酸", "12", "a", "t01", "plant cobalt 12", "nowhere", "100%", "tsunami")
READERS = (None, Reader(now=datetime(2030, 1, 1, tzinfo=UTC)), Reader.holding("metis", now=datetime(2030, 1, 1, tzinfo=UTC)))


def _drawn(draw: random.Random, number: int) -> Thing:
    words = " ".join(draw.choices(WORDS, k=draw.randrange(1, 5)))
    label = draw.choice(["TLP:CLEAR", "TLP:CLEAR", "TLP:AMBER+STRICT/metis"])
    return thing(f"t{number:03d}", words, label=label, state=draw.choice(["open", "done"]), owner=draw.choice(["metis", "isara"]))


def _pages(store: Store, asked: Filter, limit: int) -> list[list[str]]:
    found, after = [], None
    while True:
        page = store.list(asked, after=after, limit=limit)
        found.append([f"{line.id} {line.version}" for line in page.lines])
        if page.after is None:
            return found
        after = page.after


def _same(plain: Store, quick: Store) -> None:
    for reader in READERS:
        one, other = (store if reader is None else store.seen_by(reader) for store in (plain, quick))
        for words in ASKED:
            for asked in (Filter(search=words), Filter(search=words, kinds=("thing",), states=("open",), owner="metis")):
                for limit in (3, 100):
                    assert _pages(other, asked, limit) == _pages(one, asked, limit), (reader, asked, limit)
            assert not other.list(Filter(search=words, kinds=("code",))).lines


@pytest.mark.parametrize("changed", [2000, 5])
def test_pages_are_those_of_reading_every_line(store: Store, monkeypatch: pytest.MonkeyPatch, changed: int) -> None:
    monkeypatch.setattr(texts, "CHANGED", changed)  # with few, all are read anew now and then
    draw, quick, versions = random.Random(changed), store.for_many(), dict[int, int]()
    for _ in range(4):
        with store.write("ana", "some") as unit:
            for number in draw.sample(range(60), 20):
                unit.put(_drawn(draw, number), versions.get(number, 0))
                versions[number] = versions.get(number, 0) + 1
        _same(store, quick)


def test_what_is_searched_once_is_read_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever searches; a change reads what was changed."""
    reads = []
    every = texts._all
    monkeypatch.setattr(texts, "_all", lambda *given: (reads.append(1), every(*given))[1])
    with store.write("ana", "begin") as unit:
        unit.put(thing("a", "Nickel"))
    quick = store.for_many()
    assert [len(quick.seen_by(Reader()).list(Filter(search="nickel")).lines) for _ in range(3)] == [1, 1, 1]
    with store.write("ana", "more") as unit:
        unit.put(thing("b", "Nickel"))
        unit.put(thing("a", "Cobalt"), 1)
    assert [line.id for line in quick.list(Filter(search="nickel")).lines] == ["b"]
    assert len(reads) == 1


def test_a_register_too_large_to_be_held_is_read(store: Store) -> None:
    with store.write("ana", "begin") as unit:
        unit.put(thing("a", "Nickel"))
        unit.put(thing("b", "Nickel"))
    first = store.for_many(10).list(Filter(search="nickel"), limit=1)
    assert [line.id for line in first.lines] == ["a"]
    assert [line.id for line in store.for_many(10).list(Filter(search="nickel"), after=first.after).lines] == ["b"]


def test_what_stands_with_others_takes_no_more_questions_than_what_is_nowhere(store: Store) -> None:
    """How often the database is asked tells nobody that a word is in a record that is not for him."""
    with store.write("ana", "begin") as unit:
        unit.put(thing("a", "Nickel"))
        unit.put(thing("metis.red.b", "Zyxoba", label="TLP:RED/metis"))
        unit.put(thing("metis.c", "Zyxobc", label="TLP:AMBER+STRICT/metis"))
    theirs = store.for_many().seen_by(Reader.holding("isara", now=datetime(2030, 1, 1, tzinfo=UTC)))
    theirs.list(Filter(search="nickel"))
    said: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        said.append(statement)

    event.listen(theirs.database.engine, "before_cursor_execute", note)
    asked = []
    for word in ("nowhere", "zyxoba", "zyxobc"):
        said.clear()
        assert not theirs.list(Filter(search=word)).lines
        asked.append([*said])
    assert asked[0] == asked[1] == asked[2]
    assert any("record.search" in one or "FROM record" in one for one in asked[0])
