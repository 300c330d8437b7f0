"""The board of an instrument from what it rests on alone: the same as from the whole register, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from orepact.pact.briefing.scoreboard import scoreboard
from orepact.pact.instruments.instrument import Instrument
from orepact.pact.records.readers import Reader
from orepact.pact.records.reading import seed
from orepact.store.store import Store, open_store, upgrade_store
from pact_real import DIALOGUE, MOC, made

DAYS = (date(2024, 1, 1), date(2025, 9, 1), date(2026, 11, 22))


@pytest.fixture(autouse=True)
def thing_kinds() -> None:
    """The store knows the register's own kinds here."""


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """The records of the package, and a few that come to an article by other ways."""
    found = open_store(url)
    with found.write("seed", "the records of the package", seeding=True) as unit:
        for record in seed().records.values():
            unit.put(record)
    own = (
        made("commitment", id="unplaced", title="No article", owner="nrcan", instrument=MOC, made="2025-01-01"),
        made("commitment", id="second", title="Two articles", owner="nrcan", instrument=MOC, made="2025-01-01", due="2026-01-31",
             articles=[f"{MOC}:area-2-c-ix", f"{MOC}:area-2-c-vii"], body=DIALOGUE),
    )  # fmt: skip
    with found.write("ana", "more commitments") as unit:
        for record in own:
            unit.put(record)
    yield found
    found.close()


def test_every_board_is_that_of_the_whole_register(store: Store) -> None:
    """Of each instrument, on days before, between and after; of what is not asked for, little is read."""
    whole = store.register()
    names = [item.id for item in whole.all(Instrument)]
    assert len(names) > 20
    for name in names:
        part = store.around(name)
        assert {key: whole.records[key] for key in part.register.records} == dict(part.register.records)
        assert {record.kind for record in part.register.records.values()}.isdisjoint({"commitment", "project"})
        for day in DAYS:
            public = store.seen_by(Reader.on_behalf((), day))
            theirs = public.around(name)
            assert scoreboard(name, theirs.register, day, (), theirs.briefs) == scoreboard(name, public.register(), day)
    mine = store.around(MOC)
    assert "unplaced" in {one.id for one in mine.briefs}
    assert len(mine.register) + len(mine.briefs) < len(whole) / 4
    nothing = store.around("ca-jp-moc-batery-2023")
    assert (len(nothing.register), nothing.briefs) == (0, ())


def test_a_change_is_on_the_board_at_once(make_url: Callable[[str], str], backend: str) -> None:
    """Moved to another article, it leaves the first."""
    url = make_url(backend)
    upgrade_store(url, create=True).close()
    store = open_store(url)
    chapter = made("code", id="chapter:x", title="X", list="chapter")
    kind = made("code", id="instrument_kind:x", title="X", list="instrument_kind")
    owner_kind = made("code", id="organisation_kind:x", title="X", list="organisation_kind")
    owner = made("organisation", id="o", title="O", organisation_kind="x")
    articles = [{"id": f"i:{name}", "ref": name, "chapter": "x", "text": "They work together."} for name in "ab"]
    with store.write("seed", "begin", seeding=True) as unit:
        for record in (
            chapter,
            kind,
            owner_kind,
            owner,
            made("instrument", id="i", title="I", instrument_kind="x", articles=articles),
        ):
            unit.put(record)

    def board() -> dict[str, list[str]]:
        there = store.around("i")
        found = scoreboard("i", there.register, DAYS[-1], (), there.briefs)
        return {line.article.id: [duty.id for duty in line.duties] for line in found.lines}

    def keep(article: str, version: int | None) -> None:
        with store.write("ana", "as agreed") as unit:
            unit.put(
                made("commitment", id="c", title="C", owner="o", instrument="i", articles=[article], made="2025-01-01"), version
            )

    keep("i:a", None)
    assert board() == {"i:a": ["c"], "i:b": []}
    keep("i:b", 1)
    assert board() == {"i:a": [], "i:b": ["c"]}
    store.close()
