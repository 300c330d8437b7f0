"""The register as records: all at once, bit by bit, and as it stood before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from register_things import Thing, thing

from orepact.errors import BadInput, NotFound
from orepact.pact.records.codes import Code
from orepact.pact.records.record import Record
from orepact.pact.records.register import Register
from orepact.store.store import Store


@pytest.fixture
def grown(store: Store) -> Store:
    """Four things and a code; the clock ticks a second with each unit: 0 s, 1 s, 2 s."""
    with store.write("ana", "begin", seeding=True) as unit:
        unit.put(thing("box", "Box"))
        unit.put(thing("a", within="box"))
        unit.put(Code(id="area:mining", title="Mining", list="area"))
    with store.write("ana", "more") as unit:
        unit.put(thing("b", within="box", shares=[{"of": "a"}, {"of": "a"}]))
        unit.put(thing("c"))
    with store.write("ben", "renamed") as unit:
        unit.put(thing("box", "Chest"), 1)
    return store


def pointing(register: Register, target: str) -> list[tuple[str, str]]:
    """Who refers to a record, and how."""
    return sorted((item.id, link.relation) for item, link in register.pointing.get(target, []))


def test_a_register_read_bit_by_bit_says_what_one_read_at_once_says(grown: Store) -> None:
    """Every question of a register."""
    whole = grown.register()
    with grown.reading() as lazy:
        assert len(lazy) == len(whole) == 5
        assert lazy.all(Thing) == whole.all(Thing)
        assert lazy.all(Code) == whole.all(Code)
        assert lazy.get(Thing, "box") == whole.get(Thing, "box") == thing("box", "Chest")
        assert ("thing", "a") in lazy
        assert ("thing", "z") not in lazy
        assert ("code", "a") not in lazy
        for target in ("box", "a", "nobody"):
            assert pointing(lazy, target) == pointing(whole, target)
        assert sorted(lazy.pointing) == sorted(whole.pointing)
        assert dict(lazy.records) == dict(whole.records)
        assert [*lazy.problems()] == [*whole.problems()] == []


def test_records_put_in_front_stand_before_those_of_the_database(grown: Store) -> None:
    """As in a register that was read at once."""
    new: list[Record] = [thing("a", "Other", within="c"), thing("d", within="box")]
    whole = grown.register().plus(new)
    with grown.reading() as stood:
        lazy = stood.plus(new)
        assert lazy.all(Thing) == sorted(whole.all(Thing), key=lambda item: item.id)
        assert dict(lazy.records) == dict(whole.records)
        for target in ("box", "a", "c"):
            assert pointing(lazy, target) == pointing(whole, target)
        assert sorted(lazy.pointing) == sorted(target for target in whole.pointing if whole.pointing[target])
        assert stood.get(Thing, "a").within == "box"


def test_a_name_that_is_not_there_is_named_with_the_nearest(grown: Store) -> None:
    """Bit by bit and directly."""
    with grown.reading() as lazy, pytest.raises(NotFound, match="did you mean box"):
        lazy.get(Thing, "bx")
    with pytest.raises(NotFound, match="did you mean box"):
        grown.get("thing", "boxx")
    with pytest.raises(NotFound, match="did you mean box"):
        grown.history("thing", "boxx")


def test_some_kinds_only(grown: Store) -> None:
    """And none."""
    assert [item.id for item in grown.register(["code"]).records.values()] == ["area:mining"]
    assert len(grown.register([])) == 0


@pytest.mark.parametrize(
    ("seconds", "ids", "title"),
    [(0, [], None), (0.5, ["a", "area:mining", "box"], "Box"), (1, ["a", "area:mining", "box"], "Box"),
     (2, ["a", "area:mining", "b", "box", "c"], "Box"), (2.5, ["a", "area:mining", "b", "box", "c"], "Chest")],
)  # fmt: skip
def test_the_register_as_it_stood_before_a_moment(grown: Store, seconds: float, ids: list[str], title: str | None) -> None:
    """What was recorded at the moment itself came after."""
    before = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    found = grown.register(recorded_before=before)
    assert sorted(item.id for item in found.records.values()) == ids
    assert found.get(Thing, "box").title == title if title else ("thing", "box") not in found


def test_a_moment_is_the_same_in_every_time_zone(grown: Store) -> None:
    """09:00:01 in Seoul is 00:00:01 in UTC; a moment without a zone is none."""
    seoul = timezone(timedelta(hours=9))
    assert len(grown.register(recorded_before=datetime(2026, 1, 1, 9, 0, 1, tzinfo=seoul))) == 3
    with pytest.raises(ValueError, match="time zone"):
        grown.register(recorded_before=datetime(2026, 1, 1))  # noqa: DTZ001


def test_what_is_read_is_one_state_whatever_others_write(grown: Store) -> None:
    """A reader that began before a change does not see it."""
    with grown.reading() as lazy:
        assert lazy.get(Thing, "c").title == "c"
        with grown.write("ben", "meanwhile") as unit:
            unit.put(thing("d", within="c"))
            unit.put(thing("a", "Later", within="box"), 1)
        assert ("thing", "d") not in lazy
        assert lazy.get(Thing, "a").title == "a"
        assert len(lazy.all(Thing)) == 4
    assert len(grown.register(["thing"])) == 5


def test_a_record_that_this_program_cannot_read_is_named(grown: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A class that lost a field, as an older program has."""
    from register_things import known_kinds

    from orepact.pact.records import kinds

    class Bare(Record):
        kind = "thing"

    monkeypatch.setattr(kinds, "kinds", lambda: {**known_kinds(), "thing": Bare})
    with pytest.raises(BadInput, match="thing a in the register, within"):
        grown.get("thing", "a")
