"""What is kept, what is refused, and that a change is kept as a whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from register_things import Thing, thing

from orepact.errors import BadInput, Conflict, NotFound
from orepact.pact.records.record import Record
from orepact.store.store import Store


def put(store: Store, item: Record, version: int | None = None, actor: str = "ana", reason: str = "so it was decided") -> None:
    """Keep one record."""
    with store.write(actor, reason) as unit:
        unit.put(item, version)


def put_all(store: Store, *puts: tuple[Record, int | None]) -> None:
    """Keep records with the versions that they replace."""
    with store.write("ana", "together") as unit:
        for item, version in puts:
            unit.put(item, version)


def nothing_changed(store: Store, entries: int) -> bool:
    """Whether the log has so many entries still, and closes."""
    return store.verify().head.seq == entries


def test_what_was_kept_reads_back_the_same(store: Store) -> None:
    """Every field, in every script, with a fraction and a date."""
    item = thing(
        "a",
        "Nickel",
        titles={"ko": "황산니켈", "ja": "硫酸ニッケル", "fr": "Énoncé"},
        due="2026-02-28",
        note="x\ny\t\"'%_\\",
        sources=("s",),
    )
    put(store, item)
    put(store, thing("b", shares=[{"of": "a", "percent": 0.1}, {"of": "a", "percent": 1e-9}]))
    assert store.get("thing", "a") == (item, 1)
    assert store.get("thing", "b")[0].shares[0].percent == 0.1
    assert store.get("thing", "b")[0].shares[1].percent == 1e-9


def test_a_change_replaces_the_version_that_was_read_and_keeps_the_old_one(store: Store) -> None:
    """Nothing is overwritten: each version with its author, reason and moment."""
    put(store, thing("a", "First"))
    put(store, thing("a", "Second"), 1, actor="ben", reason="renamed")
    assert store.get("thing", "a")[0].title == "Second"
    first, second = store.history("thing", "a")
    assert [first.version, second.version] == [1, 2]
    assert [first.item.title, second.item.title] == ["First", "Second"]
    assert [second.actor, second.reason] == ["ben", "renamed"]
    assert first.at < second.at


def test_the_unit_says_versions_and_the_head_of_the_log(store: Store) -> None:
    """So that a client can go on from there."""
    with store.write("ana", "begin") as unit:
        unit.put(thing("a"))
        unit.put(thing("b"))
    assert unit.versions == {("thing", "a"): 1, ("thing", "b"): 1}
    assert unit.head == store.head()
    assert unit.head is not None
    assert unit.head.seq == 2


@pytest.mark.parametrize(
    ("version", "words"),
    [
        (None, "there is one already, version 2"),
        (1, "you changed version 1, and version 2 of 2026-01-01T00:00:01.000000Z by ben stands"),
        (3, "you changed version 3, and version 2"),
    ],
)
def test_a_change_of_another_version_is_a_conflict(store: Store, version: int | None, words: str) -> None:
    """It says whose version stands, and nothing of the unit is kept."""
    put(store, thing("a", "First"))
    put(store, thing("a", "Second"), 1, actor="ben")
    with pytest.raises(Conflict, match=words):
        put_all(store, (thing("b"), None), (thing("a", "Third"), version))
    assert store.get("thing", "a") == (thing("a", "Second"), 2)
    with pytest.raises(NotFound):
        store.get("thing", "b")
    assert nothing_changed(store, 2)


def test_a_change_of_what_is_not_there_is_a_conflict(store: Store) -> None:
    """A version of nothing."""
    with pytest.raises(Conflict, match="there is no such record"):
        put(store, thing("a"), 4)


def test_every_conflict_of_a_unit_is_named(store: Store) -> None:
    """A person mends them in one round."""
    put(store, thing("a"))
    put(store, thing("b"))
    with pytest.raises(Conflict) as caught:
        put_all(store, (thing("a", "x"), None), (thing("b", "x"), 7))
    assert len(caught.value.conflicts) == 2
    assert (caught.value.code, caught.value.http_status, caught.value.exit_code) == ("conflict", 409, 3)


def test_what_does_not_differ_makes_no_version(store: Store) -> None:
    """Putting the same again, as seeding does, changes nothing."""
    put(store, thing("a"))
    put(store, thing("a"), 1)
    assert store.get("thing", "a")[1] == 1
    assert nothing_changed(store, 1)


def test_an_error_in_the_block_keeps_nothing(store: Store) -> None:
    """Changes are gathered and kept at its end."""

    def half() -> None:
        with store.write("ana", "half") as unit:
            unit.put(thing("a"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert len(store.register()) == 0


def test_references_lead_somewhere_and_all_that_do_not_are_named(store: Store) -> None:
    """Within one unit records may refer to each other in any order."""
    put(store, thing("alpha"))
    with pytest.raises(BadInput) as caught:
        put_all(store, (thing("b", within="c"), None), (thing("c", shares=[{"of": "alphaa"}, {"of": "nowhere"}]), None))
    assert [problem.column for problem in caught.value.problems] == ["thing c, shares.of", "thing c, shares.of"]
    assert "alpha" in caught.value.problems[0].mend
    assert nothing_changed(store, 1)
    with store.write("ana", "links") as unit:
        unit.put(thing("b", within="c"))
        unit.put(thing("c", shares=[{"of": "alpha"}]))
    assert len(store.register()) == 3


def test_what_a_kind_forbids_is_asked_of_the_whole_register(store: Store) -> None:
    """The rule sees records that were kept before and those of the unit."""
    with store.write("ana", "begin") as unit:
        unit.put(thing("box", most=1))
        unit.put(thing("a", within="box"))
    with pytest.raises(BadInput, match="at most 1 within it, found 2"):
        put(store, thing("b", within="box"))


def test_a_change_that_makes_another_record_wrong_is_refused(store: Store) -> None:
    """The record that refers to the changed one is looked at again."""
    with store.write("ana", "begin") as unit:
        unit.put(thing("box"))
        unit.put(thing("a", within="box"))
    with pytest.raises(BadInput, match="thing a, within: expected an open thing"):
        put(store, thing("box", state="closed"), 1)
    assert nothing_changed(store, 2)


def test_what_was_wrong_before_is_not_held_against_a_change(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that became stricter does not stop unrelated changes."""
    with monkeypatch.context() as patch:
        patch.setattr(Thing, "problems", Record.problems)
        with store.write("ana", "begin") as unit:
            unit.put(thing("box", state="closed"))
            unit.put(thing("a", within="box"))
    put(store, thing("box", "Another title", state="closed"), 1)
    assert store.get("thing", "box")[1] == 2


def test_a_record_is_put_once_in_a_unit(store: Store) -> None:
    """Which of two would be meant?"""
    with pytest.raises(BadInput, match="each record once"):
        put_all(store, (thing("a"), None), (thing("a", "Other"), None))
    assert len(store.register()) == 0


def test_a_record_made_past_its_checks_is_refused(store: Store) -> None:
    """A copy with other values is not checked by its class."""
    with pytest.raises(BadInput, match="thing a in the register, title"):
        put(store, thing("a").model_copy(update={"title": ""}))


@pytest.mark.parametrize(
    ("actor", "reason"), [("", "why"), ("ana", " "), ("ana\0", "why"), ("ana", "\u202egnp.exe"), ("\ud800", "why")]
)
def test_who_and_why_are_said_in_plain_text(store: Store, actor: str, reason: str) -> None:
    """Neither nothing nor marks that turn the direction of reading."""
    with pytest.raises(BadInput, match=r"actor|reason"):
        put(store, thing("a"), actor=actor, reason=reason)
    assert nothing_changed(store, 0)


def test_of_two_writers_on_one_record_one_wins(opened: Callable[..., Store]) -> None:
    """Ten at once put the second version: nine conflicts, each named."""
    put(opened(), thing("a"))
    stores, begin, ended = [opened() for _ in range(10)], Barrier(10), []

    def write(number: int) -> None:
        begin.wait()
        try:
            put(stores[number], thing("a", f"by {number}"), 1, actor=f"writer {number}")
            ended.append("kept")
        except Conflict as conflict:
            ended.append(str(conflict.conflicts[0]))

    run_all(write, 10)
    kept = stores[0].get("thing", "a")
    assert sorted(text.split(",")[0] for text in ended) == ["kept", *["thing a: you changed version 1"] * 9]
    assert kept[1] == 2
    assert nothing_changed(stores[0], 2)


def test_writers_of_different_records_all_get_through(opened: Callable[..., Store]) -> None:
    """One after the other, in one chain."""
    stores = [opened() for _ in range(8)]

    def write(number: int) -> None:
        for at in range(5):
            put(stores[number], thing(f"t{number}-{at}"))

    run_all(write, 8)
    assert nothing_changed(stores[0], 40)
    assert len(stores[0].register()) == 40


def run_all(work: Callable[[int], None], number: int) -> None:
    """Do a work at once in so many threads."""
    threads = [Thread(target=work, args=(at,)) for at in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)


def test_two_changes_that_are_wrong_only_together_are_not_both_kept(opened: Callable[..., Store]) -> None:
    """Checks are made while nobody else writes."""
    put(opened(), thing("box", most=1))
    stores, begin, ended = [opened() for _ in range(4)], Barrier(4), []

    def write(number: int) -> None:
        begin.wait()
        try:
            put(stores[number], thing(f"t{number}", within="box"))
            ended.append("kept")
        except BadInput:
            ended.append("refused")

    run_all(write, 4)
    assert sorted(ended) == ["kept", "refused", "refused", "refused"]
