"""An exercise: before its hour an inject is known to nobody but who conducts it, to the byte as if the script had none.

Asked in every way in which records are told: read, listed, searched, counted, with their history, as pages, over HTTP and as what
goes out; and of writers, who can neither find what is to come nor erase it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from leak_asking import Said, Service
from leak_people import NOW
from leak_register import ANYBODY, MEMBER, register
from leak_worlds import empty, said

from orepact.errors import BadInput, Forbidden
from orepact.pact.incidents.drills import Drill
from orepact.pact.records.readers import Reader
from orepact.service import pact
from orepact.service.pact.desk import Desk
from orepact.store.store import Store, open_store
from orepact.web.pages import heads

NAME, WORD = "an-exercise", "sesame"
HELD = {
    "id": "rumour", "at_hours": 20, "text": f"A paper writes {WORD}", "expected": f"Deny {WORD}", "of": ["meti"],
    "within_hours": 6,
}  # fmt: skip
COME = {"id": "stop", "at_hours": 0, "text": "Mining stops", "expected": "Tell", "of": ["nrcan"], "within_hours": 48}
STARTED = NOW - timedelta(hours=10)
LATER = NOW + timedelta(hours=11)
REGISTRAR = Reader.holding("host", account="auditor", roles=["registrar"], community=True, now=NOW)
PAGES = (
    "/shocks/exercise", f"/shocks/exercise?drill={NAME}", f"/shocks/exercise.json?drill={NAME}",
    f"/shocks/exercise.csv?drill={NAME}&table=injects", f"/records/drill/{NAME}", f"/records/drill/{NAME}.json", "/records/drill",
    f"/records?search={WORD}", "/records/drill.csv", "/records/organisation/meti", "/incidents/practice", "/tower/JPN",
)  # fmt: skip
ROUTES = (
    f"/records/drill/{NAME}", f"/records/drill/{NAME}?revision=1", f"/records/drill/{NAME}/history", f"/drills/{NAME}",
    f"/drills/{NAME}?at=2026-12-24T00:00Z", f"/search?words={WORD}", "/records?kinds=drill", "/counts?by=kind",
    "/audit?limit=10000", "/incidents/practice", "/records/organisation/meti",
)  # fmt: skip


def exercise(*injects: dict[str, Any], **changes: Any) -> Drill:
    fields = {"id": NAME, "title": "An exercise", "incident": "practice", "injects": injects, **changes}
    return Drill.model_validate(fields)


def kept(file: Path, *injects: dict[str, Any], **changes: Any) -> Store:
    """A register in which the exercise was written, changed once, and started."""
    file.write_bytes(empty())
    store = open_store(str(file), clock=lambda: STARTED)
    ground = {"organisation", "person", "code", "body", "instrument", "incident", "pattern"}
    others = [item for item in register().values() if item.kind in ground]
    for number, drill in enumerate((
        exercise(*injects, **changes), exercise(*injects, note="Changed", **changes),
        exercise(*injects, note="Changed", started_at=STARTED, **changes),
    )):  # fmt: skip
        with store.write("ana", "an exercise", seeding=True) as unit:
            for item in others if not number else ():
                unit.put(item)
            unit.put(drill, number)
    return store


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Store]]:
    """A register with an inject that is to come, and one without it."""
    folder = tmp_path_factory.mktemp("exercises")
    found = {"all": kept(folder / "all.db", COME, HELD), "none": kept(folder / "none.db", COME)}
    yield found
    for store in found.values():
        store.close()


@pytest.fixture(scope="module")
def services(stores: dict[str, Store]) -> Iterator[dict[str, Service]]:
    """The service on each."""
    found = {name: Service.on(store) for name, store in stores.items()}
    found["none"].house.__dict__["facts"] = found["all"].house.facts
    yield found
    for each in found.values():
        each.close()


ASKS = {
    "show_drill": lambda desk: pact.show_drill(NAME, desk, at="2026-12-24T00:00Z"),
    "show_record": lambda desk: pact.show_record("drill", NAME, desk),
    "earlier": lambda desk: [pact.show_record("drill", NAME, desk, revision=version) for version in (1, 2, 3)],
    "record_history": lambda desk: pact.record_history("drill", NAME, desk),
    "list_records": lambda desk: pact.list_records(["drill"], desk),
    "search_records": lambda desk: pact.search_records(WORD, desk),
    "count_records": lambda desk: pact.count_records(["kind", "state"], desk),
    "audit_log": lambda desk: pact.audit_log(desk, limit=10_000),
    "show_incident": lambda desk: pact.show_incident("practice", desk),
    "act_in_drill": lambda desk: pact.act_in_drill(NAME, desk, inject="rumour", by="meti", text="Denied it"),
}


@pytest.mark.parametrize("name", ASKS)
@pytest.mark.parametrize("reader", [ANYBODY, MEMBER], ids=["anybody", "a player"])
def test_an_inject_that_is_to_come_changes_no_byte_of_any_use_case(name: str, reader: Reader, stores: dict[str, Store]) -> None:
    """Whoever asks, and of whatever moment."""
    told, expected = (said(lambda which=which: ASKS[name](Desk(stores[which], reader))) for which in ("all", "none"))
    assert told == expected
    assert WORD.encode() not in told.replace(f'"{WORD}"'.encode(), b"") or name == "search_records"


@pytest.mark.parametrize("who", ["public", "member", "reader", "steward"])
def test_it_changes_no_byte_of_pages_and_routes(who: str, services: dict[str, Service], monkeypatch: pytest.MonkeyPatch) -> None:
    """With all header fields and tags; also after who conducts it has asked the same."""
    monkeypatch.setattr(heads, "token_urlsafe", lambda _: "drawn-at-random")

    def unlike(path: str, found: Said, expected: Said) -> bool:
        return found != expected or WORD.encode() in found.body.replace(path.encode(), b"").replace(f'"{WORD}"'.encode(), b"")

    for path in PAGES:
        services["all"].see(path, "auditor")
        found, expected = (services[name].see(path, who) for name in ("all", "none"))
        assert found == expected, path
    for path in ROUTES:
        services["all"].ask(path, "auditor")
        found, expected = (services[name].ask(path, who) for name in ("all", "none"))
        assert found == expected, path
        assert "words=" in path or not unlike(path, found, expected), path


def test_who_conducts_it_knows_the_script(services: dict[str, Service]) -> None:
    """So that the tests above can fail: of a label without owner that is the registrar."""
    for path in (f"/shocks/exercise?drill={NAME}", f"/records/drill/{NAME}"):
        assert WORD.encode() in services["all"].see(path, "auditor").body
    assert WORD in str(services["all"].ask(f"/drills/{NAME}", "auditor").json)


def test_it_is_told_when_its_hour_comes_though_nothing_is_written(stores: dict[str, Store]) -> None:
    """Kept answers end at that moment; a search finds what was told once the exercise has ended."""
    service = Service.on(stores["all"])
    path = f"/records/drill/{NAME}"
    for who in ("public", "member"):
        assert WORD.encode() not in service.ask(path, who).body
    service.house.clock = lambda: STARTED + timedelta(hours=20, seconds=1)
    for who in ("public", "member"):
        assert WORD.encode() in service.ask(path, who).body
        assert WORD.encode() in service.see(f"/shocks/exercise?drill={NAME}", who).body
    service.close()
    for moment, there in ((NOW, False), (LATER, True)):
        shown = stores["all"].seen_by(replace(ANYBODY, now=moment)).get("drill", NAME)[0]
        assert [each.id for each in shown.injects] == (["stop", "rumour"] if there else ["stop"])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("changes", "reader", "knows"),
    [
        ({}, REGISTRAR, True),
        ({}, MEMBER, False),
        ({"label": "TLP:CLEAR/meti"}, MEMBER, True),
        ({"label": "TLP:CLEAR/meti"}, REGISTRAR, False),
        ({"label": "TLP:CLEAR/meti", "conductors": ["ana"]}, MEMBER, False),
        ({"conductors": ["emi"]}, Reader.holding("meti", person="emi", community=True, now=NOW), True),
        ({"conductors": ["emi"]}, REGISTRAR, False),
        ({}, None, True),
    ],
)
def test_who_conducts_an_exercise(changes: dict[str, Any], reader: Reader | None, knows: bool, tmp_path: Path) -> None:
    """Persons who are named; else the owner of the label; else the registrar; and who holds the database."""
    store = kept(tmp_path / "one.db", COME, HELD, **changes)
    theirs = store if reader is None else store.seen_by(reader)
    assert len(theirs.get("drill", NAME)[0].injects) == (2 if knows else 1)  # type: ignore[attr-defined]
    store.close()


def test_a_version_that_told_more_tells_no_more_than_the_last(tmp_path: Path) -> None:
    """An inject that was put off was told by no version of before; of a version that says nothing new, nobody is told."""
    store = kept(tmp_path / "one.db", COME, {**HELD, "at_hours": 5})
    item, version = store.get("drill", NAME)
    with store.write("ana", "put off") as unit:
        unit.put(item.model_copy(update={"injects": exercise(COME, HELD).injects}), version)
    theirs = store.seen_by(ANYBODY)
    assert [len(each.item.injects) for each in theirs.history("drill", NAME)] == [0, 0, 1]  # type: ignore[attr-defined]
    assert [len(each.item.injects) for each in store.history("drill", NAME)] == [2, 2, 2, 2]  # type: ignore[attr-defined]
    store.close()


def test_what_a_player_writes_erases_nothing_that_he_was_not_shown(tmp_path: Path) -> None:
    """He answers what has come; when and what comes is not his to say, nor the start of the clock."""
    now = datetime.now(tz=UTC).replace(microsecond=0)
    store = kept(tmp_path / "one.db", COME, HELD, label="TLP:CLEAR/nrcan", conductors=["ana"])
    player = Reader.holding("nrcan", account="reader", roles=["editor"], community=True)
    item, version = store.get("drill", NAME)
    begun = item.model_copy(update={"started_at": now - timedelta(hours=1)})
    store = replace(store, clock=lambda: datetime.now(tz=UTC))
    with store.write("ana", "start it") as unit:
        unit.put(begun, version)
    pact.act_in_drill(NAME, Desk(store, player), inject="stop", by="nrcan", text="Told them")
    whole: Any = store.get("drill", NAME)[0]
    assert [each.id for each in whole.injects] == ["stop", "rumour"]
    assert [each.text for each in whole.actions] == ["Told them"]
    with pytest.raises(BadInput, match="an inject of the drill: stop, found 'rumour'"):
        pact.act_in_drill(NAME, Desk(store, player), inject="rumour", by="nrcan", text="Denied it")
    seen, version = store.seen_by(player).get("drill", NAME)
    earlier, other = (now - timedelta(hours=30)).isoformat(), {**COME, "text": "Nothing stops"}
    for changes in ({"injects": [other]}, {"started_at": earlier}, {"conductors": []}, {"announced": [1]}):
        with pytest.raises(Forbidden, match="who conduct it"):
            pact.put_record("drill", NAME, {**seen.content(), **changes}, Desk(store, player), version=version, reason="mine")
    store.close()
