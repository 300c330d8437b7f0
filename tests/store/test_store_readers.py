"""A register for a reader: what is refused him, the log page by page, what is kept in one with a change; on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from register_things import Thing, thing
from sqlalchemy import Connection, Select, select, text

from orepact.errors import BadInput, Forbidden
from orepact.pact.records.readers import Reader
from orepact.store import logs
from orepact.store.access import keys_of
from orepact.store.listing import LONGEST_SEARCH, MOST_VALUES, MOST_WORDS, Filter
from orepact.store.store import AUDITOR, Store
from orepact.store.writing import Unit

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ANYBODY = Reader(now=NOW)
OWNER = Reader.holding("nrcan", now=NOW)


@pytest.fixture
def filled(store: Store) -> Store:
    """Ten open things with two versions each, and between them some that are nrcan's."""
    for version in (None, 1):
        for number in range(10):
            with store.write("ana", "begin") as unit:
                unit.put(thing(f"open{number}", f"Version {version}"), version)
                unit.put(thing(f"nrcan.{number}", f"Version {version}", label="TLP:AMBER/nrcan"), version)
    return store


def explained(connection: Connection, query: Select[Any]) -> list[str]:
    """How a database goes about a question, in its words; by indexes also where there are few rows."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL enable_seqscan = off"))
    how = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    words = query.compile(connection, compile_kwargs={"literal_binds": True})
    return [str(row) for row in connection.exec_driver_sql(f"{how} {words}")]


def walk(store: Store, reader: Reader, limit: int) -> list[tuple[str, int]]:
    """Id and version of every entry of the log, page by page."""
    found, after = [], None
    while True:
        page = store.seen_by(reader).log(after, limit)
        found += [(entry.id, entry.version) for entry in page.entries]
        assert len(page.entries) == limit or page.after is None
        if page.after is None:
            return found
        after = page.after


def test_the_log_of_a_reader_has_the_entries_of_what_he_sees(filled: Store) -> None:
    """In their order, however it is cut into pages, without numbers and hashes."""
    whole = [(entry.id, entry.version) for entry in filled.audit(limit=1000)]
    expected = [(name, version) for name, version in whole if not name.startswith("nrcan.")]
    assert (len(whole), len(expected)) == (40, 20)
    for limit in (1, 3, 7, 20, 100):
        assert walk(filled, ANYBODY, limit) == expected
        assert walk(filled, OWNER, limit) == whole
    assert {(entry.seq, entry.hash, entry.previous, entry.content_hash) for entry in filled.seen_by(ANYBODY).log().entries} == {
        (0, "", "", "")
    }


@pytest.mark.parametrize("few", [0, 5000])
def test_pages_are_the_same_by_both_ways(filled: Store, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log is walked for whom much is open, and looked up by record for whom little is."""
    monkeypatch.setattr(logs, "FEW", few)
    named = Reader.holding("gac", now=NOW)
    with filled.write("ana", "for gac and its clients") as unit:
        unit.put(thing("gac.1", "Theirs", label="TLP:AMBER/gac"))
    whole = [(entry.id, entry.version) for entry in filled.audit(limit=None)]
    open_ = [(name, version) for name, version in whole if name.startswith("open")]
    for limit in (1, 3, 100):
        assert walk(filled, ANYBODY, limit) == open_
        assert walk(filled, OWNER, limit) == whole[:-1]
        assert walk(filled, named, limit) == [*open_, ("gac.1", 1)]
    assert len(filled.seen_by(named).log(limit=None).entries) == len(open_) + 1
    assert filled.seen_by(named).log("thing/gac.1=1").entries == ()


def test_a_page_of_who_sees_little_does_not_pass_over_the_rest(filled: Store) -> None:
    """However much is closed to him, the same number of entries is read."""
    with filled.write("ana", "one for all") as unit:
        unit.put(thing("open10", "The last"))
    lone = Reader(tokens=frozenset({"of:gac"}), now=NOW)
    with filled.write("ana", "one for gac") as unit:
        unit.put(thing("gac.1", "Theirs", label="TLP:AMBER+STRICT/gac"))
    with filled.database.reading() as connection:
        assert logs._few(connection, lone, 0) == [42]
        plan = " ".join(explained(connection, select(keys_of(lone).subquery())))
    assert "record_by_reader" in plan
    assert "visible_by_token" in plan
    assert [entry.id for entry in filled.seen_by(lone).log().entries] == ["gac.1"]


@pytest.mark.parametrize(
    "mark", ["thing/nrcan.3=1", "thing/nrcan.33=1", "thing/open3=7", "17", "", "thing/open3=99999999999", "\0"]
)
def test_a_mark_of_what_is_hidden_is_as_one_that_no_page_gave(filled: Store, mark: str) -> None:
    """In the same words; the owner goes on from his."""
    with pytest.raises(BadInput, match="the mark of a page of the log"):
        filled.seen_by(ANYBODY).log(mark)
    assert filled.seen_by(OWNER).log("thing/nrcan.3=1", 1).entries[0].id == "open4"


def test_a_version_that_was_closed_stays_so_in_the_log(filled: Store) -> None:
    """When the record is opened later."""
    with filled.write("ana", "opened") as unit:
        unit.put(thing("nrcan.3", "Open now"), 2)
    assert [entry for entry in walk(filled, ANYBODY, 100) if entry[0].startswith("nrcan.")] == [("nrcan.3", 1)]


def test_an_auditor_sees_the_chain_and_nothing_more_of_what_is_hidden(filled: Store) -> None:
    """Numbers, moments and hashes of every entry; actor and record of those that he may see anyway."""
    auditor = filled.seen_by(Reader.holding("host", roles=[AUDITOR], now=NOW))
    whole, found = filled.audit(limit=1000), auditor.audit(limit=1000)
    assert [(one.seq, one.at, one.hash, one.previous) for one in found] == [
        (one.seq, one.at, one.hash, one.previous) for one in whole
    ]
    assert [one for one in found if one.kind] == [one for one in whole if not one.id.startswith("nrcan.")]
    assert {(one.actor, one.action, one.id, one.version) for one in found if not one.kind} == {("", "", "", 0)}
    assert auditor.audit(after=7, limit=2) == found[7:9]


def test_what_is_for_the_holder_is_refused_to_readers(filled: Store, tmp_path: Path) -> None:
    """The whole log, a backup; the check of the log but to auditors."""
    for reader in (ANYBODY, OWNER):
        theirs = filled.seen_by(reader)
        for ask in (theirs.audit, theirs.verify, lambda theirs=theirs: theirs.backup(tmp_path / "b.zip")):
            with pytest.raises(Forbidden):
                ask()
    assert not (tmp_path / "b.zip").exists()
    auditor = Reader.holding("host", roles=[AUDITOR], now=NOW)
    assert filled.seen_by(auditor).verify() == filled.verify()


@pytest.mark.parametrize("broken", ["a\0b", "a\ud800b"])
@pytest.mark.parametrize(
    "ask",
    [
        lambda store, word: store.get("thing", word),
        lambda store, word: store.history("thing", word),
        lambda store, word: store.around(word),
        lambda store, word: store.list(Filter(owner=word)),
        lambda store, word: store.list(Filter(states=("open", word))),
        lambda store, word: store.counts(["kind"], date(2026, 1, 1), Filter(instrument=word)),
    ],
)
def test_text_that_no_record_can_hold_is_refused(filled: Store, ask: Callable[[Store, str], object], broken: str) -> None:
    """In the same words on every database, of which one would find nothing and the other fail."""
    with pytest.raises(BadInput, match="without NUL"):
        ask(filled, broken)
    with filled.reading() as register, pytest.raises(BadInput, match="without NUL"):
        register.get(Thing, broken)
    assert filled.list(Filter(search=broken)).lines == ()  # searches leave such characters out


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"search": "a" * (LONGEST_SEARCH + 1)}, "search"),
        ({"search": "a " * (MOST_WORDS + 1)}, "search"),
        ({"search": "\ufdfa" * 12}, "search"),  # one character of Arabic that reads as four words
        ({"search": "a" * 60_000}, "search"),
        ({"states": tuple(map(str, range(MOST_VALUES + 1)))}, "states"),
        ({"kinds": ("thing",) * 40_000}, "kinds"),
    ],
)
def test_more_than_a_database_takes_is_refused(filled: Store, values: dict[str, object], place: str) -> None:
    """Before it is asked, by name; the most that is allowed is answered."""
    with pytest.raises(BadInput) as caught:
        filled.list(Filter(**values))  # type: ignore[arg-type]
    assert [problem.column for problem in caught.value.problems] == [place]
    most = Filter(search=" ".join(["v" * 24] * MOST_WORDS), states=tuple(map(str, range(MOST_VALUES))))
    assert filled.list(most).lines == ()


def noted(connection: Connection) -> list[tuple[str, str]]:
    """What tests wrote beside changes."""
    return [
        tuple(row) for row in connection.execute(text("SELECT name, value FROM setting WHERE name LIKE 'note%' ORDER BY name"))
    ]


def note(connection: Connection, unit: Unit) -> None:
    """Write which versions were kept."""
    values = {"name": f"note {unit.reason}", "value": str(sorted(unit.versions.items()))}
    connection.execute(text("INSERT INTO setting (name, value) VALUES (:name, :value)"), values)


def test_what_is_written_beside_a_change_is_kept_with_it(store: Store) -> None:
    """With the versions that the change made; also where nothing changed."""
    for reason in ("first", "again"):
        with store.write("ana", reason, beside=note) as unit:
            unit.put(thing("a"), None if reason == "first" else 1)
    with store.database.reading() as connection:
        assert noted(connection) == [("note again", "[]"), ("note first", "[(('thing', 'a'), 1)]")]


def test_what_fails_beside_a_change_takes_it_back(store: Store) -> None:
    """And what is written beside a change that is refused is not kept either."""

    def fail(connection: Connection, unit: Unit) -> None:
        note(connection, unit)
        raise RuntimeError("beside")

    with pytest.raises(RuntimeError, match="beside"), store.write("ana", "no", beside=fail) as unit:
        unit.put(thing("a"))
    with pytest.raises(BadInput), store.write("ana", "refused", beside=note) as unit:
        unit.put(thing("a", within="nothing"))
    assert (store.list().lines, store.head().seq) == ((), 0)
    with store.database.reading() as connection:
        assert noted(connection) == []
