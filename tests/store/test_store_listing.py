"""Lists, searches and counts: the same on every database, and the same as counting by hand."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from register_things import Thing, numbered, thing, ticking

from orepact.errors import BadInput
from orepact.store.derived import rebuild
from orepact.store.listing import ORDERS, Filter
from orepact.store.store import Store, open_store, upgrade_store

TITLES = ("Éclair", "eclair", "Zinc", "zinc", "니켈", "ニッケル", "a-b", "a b", "ab", "A", "_", "100 %", "가", "각", "𠮷")


def things(number: int = 200) -> list[Thing]:
    """Things with titles in several scripts, states, owners and dates, always the same."""
    draw = random.Random(5)
    days = [None, "2026-02-28", "2026-11-22", "2028-02-29", "2026-11-21"]
    return [
        thing(
            f"t{at:03d}",
            draw.choice(TITLES),
            state=draw.choice(["open", "done", "late"]),
            owner=draw.choice(["metis", "isara"]),
            instrument=draw.choice(["moc", "mou", ""]),
            article=draw.choice(["1", "2", ""]),
            due=draw.choice(days),
        )
        for at in range(number)
    ]


def filled(store: Store) -> Store:
    """A register with these things, put in two goes in another order."""
    items = things()
    random.Random(6).shuffle(items)
    for part in (items[:120], items[120:]):
        with store.write("ana", "begin") as unit:
            for item in part:
                unit.put(item)
    return store


def walk(store: Store, asked: Filter, order: str, *, descending: bool = False, limit: int = 7) -> list[str]:
    """The ids of all pages of a list."""
    found, after = [], None
    while True:
        page = store.list(asked, order=order, descending=descending, after=after, limit=limit)
        found += [line.id for line in page.lines]
        assert len(page.lines) == limit or page.after is None
        if page.after is None:
            return found
        after = page.after


def far(day: date | None) -> date:
    """What has no due date comes last."""
    return day or date.max


KEYS: dict[str, Callable[[Thing], tuple[object, ...]]] = {
    "id": lambda item: (item.id,),
    "title": lambda item: (item.title.encode(), item.id),
    "due": lambda item: (far(item.due), item.id),
}


@pytest.mark.parametrize("order", sorted(KEYS))
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("asked", [Filter(), Filter(states=("open", "late"))])
def test_pages_of_a_list_are_all_of_it_once_in_order(store: Store, order: str, descending: bool, asked: Filter) -> None:
    """By code point whatever the language of the database, and nothing twice or left out between pages."""
    items = [item for item in things() if not asked.states or item.state in asked.states]
    expected = [item.id for item in sorted(items, key=KEYS[order], reverse=descending)]
    assert walk(filled(store), asked, order, descending=descending) == expected


def test_the_last_changed_come_first_when_asked_so(store: Store) -> None:
    """By the moment of the change."""
    filled(store)
    with store.write("ben", "late") as unit:
        unit.put(things()[9].model_copy(update={"note": "changed"}), 1)
    first = store.list(order="changed", descending=True, limit=1).lines[0]
    assert (first.id, first.version, first.changed_by) == ("t009", 2, "ben")


@pytest.mark.parametrize(
    ("asked", "holds"),
    [
        (Filter(kinds=("thing",)), lambda item: True),
        (Filter(kinds=("code",)), lambda item: False),
        (Filter(states=("done",)), lambda item: item.state == "done"),
        (Filter(owner="metis", instrument="moc"), lambda item: item.owner == "metis" and item.instrument == "moc"),
        (Filter(instrument="moc", article="2"), lambda item: item.instrument == "moc" and item.article == "2"),
        (Filter(due_to=date(2026, 11, 21)), lambda item: far(item.due) <= date(2026, 11, 21)),
        (Filter(due_from=date(2026, 11, 22)), lambda item: far(item.due) >= date(2026, 11, 22)),
        (Filter(due_from=date(2026, 11, 21), due_to=date(2026, 11, 22)), lambda item: item.due and item.due.month == 11),
        (Filter(search="zinc", states=("open",)), lambda item: item.title.lower() == "zinc" and item.state == "open"),
    ],
)
def test_a_filter_holds_all_that_is_asked(store: Store, asked: Filter, holds: Callable[[Thing], bool]) -> None:
    """As picking by hand."""
    expected = [item.id for item in things() if holds(item)]
    assert [line.id for line in filled(store).list(asked, limit=500).lines] == expected


def test_a_line_says_what_the_record_says_of_itself(store: Store) -> None:
    """And no due date is none."""
    with store.write("ana", "begin") as unit:
        unit.put(thing("a", "A", state="open", owner="x", instrument="y", article="z", due="2028-02-29", label="TLP:AMBER/CAN"))
        unit.put(thing("b", "B"))
    dated, undated = store.list().lines
    assert (dated.title, dated.state, dated.owner, dated.instrument, dated.article) == ("A", "open", "x", "y", "z")
    assert (dated.due, dated.label, dated.changed_by) == (date(2028, 2, 29), "TLP:AMBER/CAN", "ana")
    assert undated.due is None


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("nickel", ["a", "b"]),
        ("NICKEL", ["a", "b"]),
        ("ｎｉｃｋｅｌ", ["a", "b"]),
        ("니켈", ["a"]),
        ("황산니", ["a"]),
        ("켈", ["a"]),
        ("\u1102\u1175\u110f\u1166\u11af", ["a"]),
        ("ﾆｯｹﾙ", ["a"]),
        ("酸ニッ", ["a"]),
        ("sulfate de", ["a"]),
        ("energie", ["b"]),
        ("ÉNERGIE", ["b"]),
        ("strasse", ["b"]),
        ("nickel 니켈", ["a"]),
        ("nickel strasse", ["b"]),
        ("nickel nowhere", []),
        ("100%", ["c"]),
        ("a_b", []),
        ("d_e", ["d"]),
        ("5%", ["d"]),
        ("5", ["d"]),
        ("0%", ["c"]),
        ("'; drop table record; --", []),
        ("secret address", []),
        ("clear", []),
    ],
)
def test_a_search_finds_parts_of_words_in_any_script(store: Store, search: str, found: list[str]) -> None:
    """Whatever the case, width and accents; all words of it; marks of the language of the database mean nothing."""
    with store.write("ana", "begin") as unit:
        unit.put(thing("a", "Nickel sulphate", titles={"ko": "황산니켈", "ja": "硫酸ニッケル", "fr": "Sulfate de nickel"}))
        unit.put(thing("b", "Nickel, Große Straße", note="Énergie", sources=("secret address",)))
        unit.put(thing("c", "100% a-b"))
        unit.put(thing("d", "d_e, 5 %, 5\N{FULLWIDTH PERCENT SIGN}"))
    assert [line.id for line in store.list(Filter(search=search)).lines] == found
    assert [line.id for line in store.for_many().list(Filter(search=search)).lines] == found, "by the texts in memory"


def test_a_search_finds_what_stands_now(store: Store) -> None:
    """Words of an earlier version are gone from it."""
    with store.write("ana", "begin") as unit:
        unit.put(thing("a", "Withdrawn words"))
    with store.write("ana", "withdrawn") as unit:
        unit.put(thing("a", "Other"), 1)
    assert not store.list(Filter(search="withdrawn")).lines


def test_counts_are_those_by_hand(store: Store) -> None:
    """By article and state: how many, how many past due on the day, and the next date."""
    day = date(2026, 11, 22)
    items = things()
    keys = Counter((item.instrument, item.article, item.state) for item in items)
    found = filled(store).counts(["instrument", "article", "state"], day)
    assert {count.group: count.number for count in found} == keys
    assert [count.group for count in found] == sorted(keys)
    for count in found:
        own = [item.due for item in items if (item.instrument, item.article, item.state) == count.group and item.due]
        assert count.past_due == sum(due < day for due in own)
        assert count.next_due == min((due for due in own if due >= day), default=None)


def test_counts_of_a_part(store: Store) -> None:
    """Filters go before counting."""
    found = filled(store).counts(["owner"], date(2026, 1, 1), Filter(states=("done",), search="니켈"))
    hand = Counter(item.owner for item in things() if item.state == "done" and item.title == "니켈")
    assert {count.group[0]: count.number for count in found} == hand


def served(store: Store) -> Store:
    """Four things: one that serves two articles of one instrument and one of another, one without, two with one each."""
    with store.write("ana", "begin") as unit:
        both = ("moc:1", "moc:2", "mou:1")
        unit.put(thing("a", instrument="moc", article="moc:1", articles=both, due="2026-01-31", owner="metis"))
        unit.put(thing("b", instrument="moc", state="done", owner="isara"))
        unit.put(thing("c", instrument="moc", article="moc:2", due="2026-12-31", owner="metis"))
        unit.put(thing("d", articles=("mou:1",)))
        unit.put(thing("e"))
    return store


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Filter(article="moc:1"), "a"),
        (Filter(article="moc:2"), "ac"),
        (Filter(article="mou:1"), "ad"),
        (Filter(instrument="moc"), "abc"),
        (Filter(instrument="mou"), "ad"),
        (Filter(instrument="mou", article="moc:1"), ""),
        (Filter(instrument="moc", states=("open",), due_to=date(2026, 6, 30)), "a"),
    ],
)
def test_a_record_is_listed_under_every_article_that_it_serves(store: Store, asked: Filter, found: str) -> None:
    """Not under its first alone, and once however many it serves."""
    assert [line.id for line in served(store).list(asked).lines] == [*found]


@pytest.mark.parametrize(
    ("by", "asked", "found"),
    [
        (
            ["instrument", "article"],
            Filter(),
            [(("", ""), 1), (("moc", ""), 1), (("moc", "moc:1"), 1), (("moc", "moc:2"), 2), (("mou", "mou:1"), 2)],
        ),
        (["instrument"], Filter(), [(("",), 1), (("moc",), 3), (("mou",), 2)]),
        (["instrument", "owner"], Filter(), [
            (("", ""), 1), (("moc", "isara"), 1), (("moc", "metis"), 2), (("mou", ""), 1), (("mou", "metis"), 1)]),
        (["article"], Filter(instrument="moc"), [(("",), 1), (("moc:1",), 1), (("moc:2",), 2)]),
        (["article", "state"], Filter(owner="metis"), [(("moc:1", "open"), 1), (("moc:2", "open"), 2), (("mou:1", "open"), 1)]),
        (["state"], Filter(instrument="moc"), [(("done",), 1), (("open",), 2)]),
        (["kind"], Filter(article="moc:2"), [(("thing",), 2)]),
    ],
)  # fmt: skip
def test_a_record_counts_for_every_article_that_it_serves(
    store: Store, by: list[str], asked: Filter, found: list[tuple[tuple[str, ...], int]]
) -> None:
    """And once for an instrument, however many of its articles it serves."""
    assert [(count.group, count.number) for count in served(store).counts(by, date(2026, 6, 30), asked)] == found


def test_counts_by_article_know_the_due_dates(store: Store) -> None:
    """How many are late, and which is next."""
    found = {count.group: (count.past_due, count.next_due) for count in served(store).counts(["article"], date(2026, 6, 30))}
    assert found[("moc:2",)] == (1, date(2026, 12, 31))
    assert found[("mou:1",)] == (1, None)


def test_a_change_moves_a_record_to_other_articles(store: Store) -> None:
    """The store that was made anew says the same."""
    with served(store).write("ana", "moved") as unit:
        unit.put(thing("a", instrument="mou", articles=("mou:2",), state="done"), 1)
    changed = store.counts(["instrument", "article", "state"], date(2026, 6, 30))
    assert [count.group for count in changed if count.group[1] in ("moc:1", "mou:2")] == [("mou", "mou:2", "done")]
    with store.database.writing() as connection:
        rebuild(connection)
    assert store.counts(["instrument", "article", "state"], date(2026, 6, 30)) == changed
    assert store.verify().records == 5


@pytest.mark.parametrize("by", [["colour"], [], ["content", "kind"]])
def test_counting_by_what_no_line_has_is_named(store: Store, by: list[str]) -> None:
    """With what there is."""
    with pytest.raises(BadInput, match="some of kind, instrument"):
        store.counts(by, date(2026, 1, 1))


def test_another_order_is_named(store: Store) -> None:
    """With those that there are."""
    with pytest.raises(BadInput, match=", ".join(ORDERS)):
        store.list(order="colour")


@pytest.mark.parametrize("after", ["", "x", "W10=", "WyJ0aXRsZSIsImEiLCJiIiwiYyJd", "é", "WyJpZCIsMSwyXQ=="])
def test_a_mark_of_no_page_of_this_list_is_named(store: Store, after: str) -> None:
    """Nothing, another order's, or no text."""
    with pytest.raises(BadInput, match="the mark of a page of a list by id"):
        store.list(after=after)


def test_both_databases_give_the_same_lists(make_url: Callable[[str], str]) -> None:
    """To the letter, with the marks between pages."""
    pages = []
    for backend in ("sqlite", "postgresql"):
        url = make_url(backend)
        upgrade_store(url, create=True).close()
        store = filled(open_store(url, clock=ticking(), salt=numbered()))
        pages.append([store.list(order=order, limit=20) for order in ORDERS] + [store.list(Filter(search="a"), order="title")])
        pages[-1] += [store.counts(["kind", "owner"], date(2026, 11, 22)), store.head(), store.audit(limit=500)]
        store.close()
    assert pages[0] == pages[1]


@pytest.mark.parametrize("search", ["%", "_", "%%", "_ _", "?", "…"])
def test_what_only_parts_words_is_no_word(search: str) -> None:
    """It stands for nothing else either: neither for any letter nor for all records."""
    with pytest.raises(BadInput, match="letter or a digit"):
        Filter(search=search)
    assert Filter(search=f" {search} nickel").search
